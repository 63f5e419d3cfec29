import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { Notify } from '../../../gateway/notify.ts';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-notify-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let told: string;
let said: string[];
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  const folder = mkdtempSync(path.join(root, 'bin-'));
  told = path.join(folder, 'told');
  said = [];
  writeFileSync(told, '');
  // In the place of systemd's own, one that writes down what it is called with.
  const program = path.join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${told}\n`);
  chmodSync(program, 0o755);
  env = { PATH: `${folder}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/systemd/notify' };
});

const lines = (): string[] => readFileSync(told, 'utf8').split('\n').slice(0, -1);
const notify = (more: NodeJS.ProcessEnv = {}): Notify =>
  new Notify({ env: { ...env, ...more }, say: (text) => said.push(text) });

it('tells systemd that it is ready, alive and ending', async () => {
  const systemd = notify({ WATCHDOG_USEC: '40000', WATCHDOG_PID: String(process.pid) });
  systemd.ready('Hears of new files');
  await vi.waitFor(
    () => {
      expect(lines().length).toBeGreaterThan(2);
    },
    { timeout: 15_000 },
  );
  systemd.stopping();
  await systemd.close();
  const all = lines();
  expect(all[0]).toBe(`READY=1 MAINPID=${process.pid} STATUS=Hears of new files`);
  expect(all[1]).toBe('WATCHDOG=1');
  expect(all).toContain('STOPPING=1');
  expect(said).toEqual([]);
});

it('gives no sign of life that another process is to give', async () => {
  const other = notify({ WATCHDOG_USEC: '1', WATCHDOG_PID: '1' });
  other.ready('b');
  await other.close();
  expect(lines()).toHaveLength(1);
});

it('says once where systemd cannot be told, and nothing where nobody asks', async () => {
  const without = notify({ PATH: root });
  without.ready('a');
  without.stopping();
  await without.close();
  expect(said).toEqual(['systemd cannot be told how this service is: systemd-notify cannot be run.']);
  const elsewhere = notify({ NOTIFY_SOCKET: '' });
  elsewhere.ready('a');
  await elsewhere.close();
  expect(lines()).toEqual([]);
});

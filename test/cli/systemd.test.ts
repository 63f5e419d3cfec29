import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort, OnlineTrial } from './onlineTrial.ts';

const isThere = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imsc-systemd-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const canVerify = isThere('systemd-analyze', '--version');
if (!canVerify) console.warn('Skipped: the units of the docs need systemd-analyze.');

describe.skipIf(!canVerify)('the unit of', () => {
  it.each(['online', 'service'])('docs/%s.md is one that systemd reads', (page) => {
    const text = readFileSync(path.resolve(import.meta.dirname, `../../docs/${page}.md`), 'utf8');
    const [, name = '', unit = ''] = /```ini\n# \S+\/(\S+)\n(.*?)```/s.exec(text) ?? [];
    expect(unit).toContain('Type=notify');
    const file = path.join(folder, name);
    // imsc is not installed where it is tried.
    const verify = (content: string): string => {
      writeFileSync(file, content.replace('/usr/bin/imsc', process.execPath));
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' }); // prettier-ignore
      return `${status}${stdout}${stderr}`;
    };
    expect(verify(unit)).toBe('0');
    expect(verify(unit.replace('WatchdogSec', 'WatchdogSecs'))).toContain('WatchdogSecs');
  });
});

const canListen = process.platform === 'linux' && isThere('systemd-notify', '--version') && isThere('python3', '-V');
if (!canListen)
  console.warn('Skipped: what systemd is told needs systemd-notify, and Python for a socket in its place.');

describe.skipIf(!canListen)('imsc online under systemd', () => {
  let trial: OnlineTrial;
  let heard: { readonly message: string; readonly at: number }[];
  let end: () => void;
  let socket: string;
  beforeEach(async () => {
    trial = await OnlineTrial.begin();
    socket = path.join(folder, 'notify');
    heard = [];
    const listening = spawn('python3', [path.resolve(import.meta.dirname, '../support/notifySocket.py'), socket], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    end = () => listening.kill('SIGKILL');
    await new Promise<void>((resolve) => {
      createInterface(listening.stdout).on('line', (line) => {
        const message = JSON.parse(line) as string;
        if (message === 'listens') resolve();
        else heard.push({ message, at: Date.now() });
      });
    });
  });
  afterEach(async () => {
    end();
    await trial.end();
  });

  const signs = (): number => heard.filter(({ message }) => message === 'WATCHDOG=1').length;
  const start = (watched: string) =>
    trial.online(trial.configFile(`watch: {folders: ["${watched}"]}`), {
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '600000' },
    });

  it('says when it hears, gives signs of life, none while it is stuck, and says when it ends', async () => {
    const watched = path.join(trial.root, 'watched');
    mkdirSync(watched);
    const { child, finished } = start(watched);
    const until = (condition: () => boolean): Promise<void> =>
      vi.waitFor(() => { if (!condition()) throw new Error(JSON.stringify(heard)); }, { timeout: 40_000, interval: 50 }); // prettier-ignore
    await until(() => signs() >= 2);
    expect(heard[0]?.message).toBe(`READY=1\nMAINPID=${child.pid}\nSTATUS=Hears of new files from ${watched}`);
    child.kill('SIGSTOP');
    // Eight times as long as systemd would wait for one.
    await until(() => Date.now() - (heard.at(-1)?.at ?? 0) > 5_000);
    const before = signs();
    child.kill('SIGCONT');
    await until(() => signs() > before);
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
    expect(heard.map(({ message }) => message)).toContain('STOPPING=1');
    expect(heard.filter(({ message }) => message.startsWith('READY=1'))).toHaveLength(1);
  }, 90_000);

  it('is not ready where it cannot hear', async () => {
    const { code, stderr } = await start(path.join(trial.root, 'nowhere')).finished;
    expect([code, stderr]).toMatchObject([1, expect.stringContaining('The folder cannot be watched')]);
    expect(heard).toEqual([]);
  });

  it('ends for systemd to start it anew where nobody could be told of its health', async () => {
    const port = await freePort();
    const watched = path.join(trial.root, 'watched');
    mkdirSync(watched);
    const config = trial.configFile(`watch: {folders: ["${watched}"]}`, { healthPort: port });
    const first = trial.online(config, { env: { NOTIFY_SOCKET: socket } });
    await vi.waitFor(() => { expect(heard).toHaveLength(1); }, { timeout: 40_000 }); // prettier-ignore
    const second = await trial.online(config, { env: { NOTIFY_SOCKET: socket } }).finished;
    expect([second.code, second.stderr]).toMatchObject([1, expect.stringContaining('Choose another with --health-check.port')]); // prettier-ignore
    expect(heard).toHaveLength(1);
    first.child.kill('SIGTERM');
    expect((await first.finished).code).toBe(0);
  }, 60_000);
});

import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const hasCurl = spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0;

test.skipIf(!hasCurl)('npm run serve: each line that it prints makes a dataset', { timeout: 120_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'imsc-serve-'));
  const script = spawn(process.execPath, ['scripts/serve.mjs', '--data', data, '--port', '0'], { cwd: root });
  try {
    let said = '';
    script.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
    await expect.poll(() => said, { timeout: 60_000 }).toContain('until you press Ctrl-C');
    const lines = [...said.matchAll(/^ {2}(native|upload|Arkivum|SWORD) +(curl .*)$/gm)];
    expect(lines.map(([, protocol]) => protocol)).toEqual(['native', 'upload', 'Arkivum', 'SWORD']);
    for (const [, , line = ''] of lines) await promisify(execFile)('bash', ['-c', line], { cwd: root });
    const url = /runs at (\S+)/.exec(said)?.[1] ?? '';
    const outcomes = async (): Promise<unknown> => {
      const { jobs } = (await (await fetch(`${url}/api/v1/jobs`)).json()) as { jobs: { outcome: unknown }[] };
      return jobs.map(({ outcome }) => outcome);
    };
    await expect.poll(outcomes, { timeout: 60_000 }).toEqual(['ingested', 'ingested', 'ingested', 'ingested']);
  } finally {
    const ended = once(script, 'exit');
    script.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
});

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, textAt } from '../../core/scicat/json.ts';
import { imsc, startImsc } from './imsc.ts';
import type { Starter } from './imsc.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-sandbox-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Asks a running sandbox for a proposal. */
async function proposal(args: readonly string[], id: string, starter?: Starter): Promise<unknown> {
  const { child, finished } = startImsc(['sandbox', '--port', '0', '--json', ...args], {}, undefined, starter);
  try {
    if (!child.stdout) throw new Error('There is no output.');
    const said: unknown[] = await once(child.stdout, 'data');
    const started: unknown = JSON.parse(String(said[0]));
    const headers = { authorization: `Bearer ${textAt(started, 'token') ?? ''}` };
    const answer = await fetch(`${textAt(started, 'host') ?? ''}/proposals/${encodeURIComponent(id)}`, { headers });
    const document: unknown = await answer.json();
    return isJsonObject(document) ? { status: answer.status, ...document } : document;
  } finally {
    child.kill('SIGINT');
    await finished;
  }
}

describe('imsc sandbox --proposal', () => {
  it('knows the proposals that it is told of, beside its own', async () => {
    const args = ['--proposal', '2025-117', '--proposal', 'B 12/3'];
    const made = { status: 200, pi_lastname: 'Noether', pi_email: 'emmy@sandbox.example' };
    expect(await proposal(args, 'B 12/3')).toMatchObject({ ...made, proposalId: 'B 12/3', ownerGroup: 'B 12/3' });
    expect(await proposal(args, '443503')).toMatchObject({ status: 200, title: 'Vanadium calibration' });
  });

  it('keeps them with its data, and changes none that is there', async () => {
    const data = ['--data', path.join(folder, 'kept')];
    await proposal([...data, '--proposal', '2025-117'], '2025-117');
    expect(await proposal(data, '2025-117')).toMatchObject({ status: 200, proposalId: '2025-117' });
    expect(await proposal([...data, '--proposal', '443503'], '443503')).toMatchObject({
      title: 'Vanadium calibration',
    });
  });
});

describe.skipIf(process.platform === 'win32')('imsc sandbox --data', () => {
  it('opens more documents than files may be open', async () => {
    const data = path.join(folder, 'many');
    mkdirSync(path.join(data, 'proposals'), { recursive: true });
    for (let number = 1; number <= 1000; number++) {
      const document = { _id: `p${number}`, proposalId: `p${number}`, title: `Proposal ${number}`, ownerGroup: 'all' };
      writeFileSync(path.join(data, 'proposals', `p${number}.json`), JSON.stringify(document));
    }
    // Node may not raise it.
    const few: Starter = (program, args) => ['/bin/sh', ['-c', 'ulimit -n 500; exec "$0" "$@"', program, ...args]];
    expect(await proposal(['--data', data], 'p1000', few)).toMatchObject({ proposalId: 'p1000' });
  });
});

describe('a port that is taken', () => {
  const other = createServer();
  let port = '';
  beforeAll(async () => {
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    port = typeof address === 'object' ? String(address?.port) : '';
  });
  afterAll(() => other.close());

  it('is no wrong usage, and what to do is said', async () => {
    const { code, stdout, stderr } = await imsc(['sandbox', '--port', port]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: Another program listens on port \d+, .*--port 0 takes any.* \[cannot-start\]\n$/);
  });

  it('is one document as JSON', async () => {
    const { code, stdout } = await imsc(['sandbox', '--port', port, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', problems: [{ code: 'cannot-start' }] });
  });
});

it('a folder for its data that cannot be one is told as such', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const { code, stderr } = await imsc(['sandbox', '--port', '0', '--data', file]);
  expect(code).toBe(1);
  expect(stderr).toContain(`The sandbox cannot keep its data in ${file}`);
  expect(stderr).toContain('--data. [cannot-start]');
});

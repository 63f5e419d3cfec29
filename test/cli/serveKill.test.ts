import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { startServing } from './imsc.ts';
import type { Running, Served } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import type { KillingProxy, KillPoint } from './killingProxy.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
let root: string;
let sandbox: Sandbox;
let proxy: KillingProxy;
const running: Running[] = [];
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'imsc-serve-kill-'));
  for (const name of ['storage', 'data']) mkdirSync(path.join(root, name));
  cpSync(path.join(samples, 'data/coda/2025/443604/raw'), path.join(root, 'data/run'), { recursive: true });
  rmSync(path.join(root, 'data/run/443604_00001018.nxs'));
  writeFileSync(path.join(root, 'data/run/notes.txt'), 'quiet');
  writeFileSync(path.join(root, 'serve.yml'), 'storage: storage\nlocations: [{name: data, path: data}]\n');
  sandbox = await startSandbox();
  proxy = await startKillingProxy(sandbox.baseUrl);
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill('SIGKILL');
    await finished;
  }
  await proxy.close();
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

function serve(): Promise<Served> {
  return startServing(
    [
      ...['-c', path.join(samples, 'config.yml'), '--serve-config', path.join(root, 'serve.yml')],
      ...['--store', path.join(root, 'store'), '--scicat.host', proxy.host],
      '--ingestion.file-handling.save-file-hash=false',
    ],
    (started) => running.push(started),
    { SCICAT_TOKEN: sandbox.token },
  );
}

/** Asks for the ingestion of the folder, or of its data file where that is sent. */
const flows: Readonly<Record<string, (url: string) => Promise<Response>>> = {
  arkivum: (url) => fetch(`${url}/api/arksys/ingest?ingestPath=run`, { method: 'POST' }),
  sword: (url) =>
    fetch(`${url}/1/deposits/`, {
      method: 'POST',
      headers: {
        Authorization: 'Basic YTpi',
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': 'attachment; filename=443604_00001017.nxs',
      },
      body: readFileSync(path.join(root, 'data/run/443604_00001017.nxs')),
    }),
  openem: (url) =>
    fetch(`${url}/dataset`, {
      method: 'POST',
      body: JSON.stringify({ metaData: JSON.stringify({ sourceFolder: '/data/run' }), userToken: sandbox.token }),
    }),
  native: (url) => fetch(`${url}/api/v1/jobs`, { method: 'POST', body: JSON.stringify({ path: 'run' }) }),
};

const points: readonly KillPoint[] = [0, 1].flatMap((write) => [
  { write, when: 'before' } as const,
  { write, when: 'after' } as const,
]);

describe('a service that is killed goes on when it is started again', () => {
  const cases = Object.keys(flows).flatMap((flow) => points.map((point) => [flow, point.when, point] as const));

  it.each(cases)('%s, killed %s write %j', { timeout: 60_000 }, async (flow, _, point) => {
    const first = await serve();
    proxy.arm(point, () => first.child.kill('SIGKILL'));
    const answer = await flows[flow]?.(first.url);
    expect(answer?.ok).toBe(true);
    expect((await first.finished).signal).toBe('SIGKILL');
    proxy.arm(undefined, () => undefined);
    const second = await serve();
    await vi.waitFor(
      async () => {
        // The page comes back with the token of its owner, which was never written down.
        await fetch(`${second.url}/transfer`, { headers: { 'Scicat-API-Token': sandbox.token } });
        const job = (await (await fetch(`${second.url}/api/v1/jobs/1`)).json()) as Record<string, unknown>;
        if (job['status'] !== 'done' || job['running'] === true) throw new Error(JSON.stringify(job));
      },
      { timeout: 40_000, interval: 100 },
    );
    expect(sandbox.documents('datasets')).toHaveLength(1);
    const listed = sandbox
      .documents('origdatablocks')
      .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => path.basename(file.path)));
    const expected = flow === 'sword' ? ['443604_00001017.nxs'] : ['443604_00001017.nxs', 'notes.txt'];
    expect(listed.sort()).toEqual(expected);
  });
});

describe('a change of a dataset', () => {
  it.each([
    ['before SciCat hears of it', { write: 0, when: 'before' }],
    ['after SciCat has made it', { write: 0, when: 'after' }],
  ] as const)('whose service is killed %s is made once, and recorded', { timeout: 60_000 }, async (_, point) => {
    const first = await serve();
    expect((await flows['sword']?.(first.url))?.ok).toBe(true);
    const told = async (url: string): Promise<Record<string, unknown>> =>
      (await (await fetch(`${url}/api/v1/jobs/1`)).json()) as Record<string, unknown>;
    const wait = { timeout: 40_000, interval: 100 };
    await vi.waitFor(async () => {
      expect(await told(first.url)).toMatchObject({ status: 'done', running: false });
    }, wait);
    proxy.arm(point, () => first.child.kill('SIGKILL'));
    const entry =
      '<entry xmlns="http://www.w3.org/2005/Atom" xmlns:imsc="urn:imsc:dataset"><imsc:description>amended</imsc:description></entry>';
    const swhid = String((await told(first.url))['swhid']);
    const headers = { Authorization: 'Basic YTpi', 'Content-Type': 'application/atom+xml', 'X-Check-SWHID': swhid };
    const asked = fetch(`${first.url}/1/deposits/1/atom/`, { method: 'PUT', headers, body: entry });
    await expect(asked).rejects.toThrow();
    expect((await first.finished).signal).toBe('SIGKILL');
    proxy.arm(undefined, () => undefined);
    const second = await serve();
    await vi.waitFor(async () => {
      expect(await told(second.url)).toMatchObject({
        status: 'done',
        amendments: [{ changes: [{ field: 'description', after: 'amended' }] }],
        problems: [],
      });
    }, wait);
    expect(sandbox.documents('datasets')).toMatchObject([{ description: 'amended' }]);
    expect(proxy.writes()).toBe(point.when === 'before' ? 1 : 0);
  });
});

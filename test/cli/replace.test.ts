import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-replace-'));
const file = path.join(root, 'data/coda/2025/443604/raw/443604_00001017.nxs');
const schema = path.join(root, 'schemas/coda.imsc.yml');
const original = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');
const changed = original.replace('value: <title>', 'value: Run of <title>');

interface Report {
  readonly outcome: string;
  readonly dataset: { readonly datasetName: string } | null;
  readonly differences?: readonly { readonly field: string; readonly stored: unknown; readonly wanted: unknown }[];
  readonly problems: readonly { readonly code: string }[];
}

let sandbox: Sandbox;
let scicat: { readonly url: string; readonly close: () => void };

/** The same catalogue without what only a sandbox has, as a SciCat is. */
async function startScicat(): Promise<typeof scicat> {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    if (method === 'DELETE') {
      outgoing.writeHead(404, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ message: `Cannot DELETE ${url}`, error: 'Not Found', statusCode: 404 }));
      return;
    }
    incoming.pipe(
      request(
        `${sandbox.url}${url}`,
        { method, headers: { ...headers, host: new URL(sandbox.url).host } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

const run = async (command: 'ingest' | 'dry-run', ...more: readonly string[]) => {
  const args = [command, '-c', 'config.yml', '--scicat.host', sandbox.baseUrl, '--nexus-file', file, '--json', ...more];
  const env = { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') };
  const ended = await imsc(args, env, root);
  const report = JSON.parse(ended.stdout) as Report;
  return { code: ended.code, ...report, codes: report.problems.map(({ code }) => code) };
};
const names = () => sandbox.documents('datasets').map(({ datasetName }) => datasetName);

beforeAll(async () => {
  sandbox = await startSandbox();
  scicat = await startScicat();
  cpSync(samples, root, { recursive: true });
});
afterAll(async () => {
  scicat.close();
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

describe('a schema that changes after its file was ingested', () => {
  beforeEach(() => {
    writeFileSync(schema, original);
  });

  it('is made anew in the sandbox, dataset and lists of files together', async () => {
    expect(await run('ingest')).toMatchObject({ code: 0, outcome: 'ingested' });
    const before = sandbox.documents('origdatablocks').length;
    expect(await run('dry-run')).toMatchObject({ code: 0, outcome: 'already-present', differences: [] });
    writeFileSync(schema, changed);
    expect(await run('dry-run')).toMatchObject({
      code: 0,
      outcome: 'already-present',
      dataset: { datasetName: 'Run of MnF2 powder, 4 K, zero field' },
      differences: [
        {
          field: 'datasetName',
          stored: 'MnF2 powder, 4 K, zero field',
          wanted: 'Run of MnF2 powder, 4 K, zero field',
        },
      ],
    });
    expect(await run('ingest')).toMatchObject({ outcome: 'already-present' });
    expect(await run('ingest', '--replace')).toMatchObject({
      code: 0,
      outcome: 'ingested',
      codes: expect.arrayContaining(['replaced']) as string[],
    });
    expect(names()).toEqual(['Run of MnF2 powder, 4 K, zero field']);
    expect(sandbox.documents('origdatablocks')).toHaveLength(before);
    expect(await run('dry-run')).toMatchObject({ outcome: 'already-present', differences: [] });
  });

  it('leaves the dataset where the file could not be ingested again', async () => {
    await run('ingest');
    const there = names();
    writeFileSync(schema, original.replace(/^ {2}owner:\n(?: {4}.*\n)+/m, ''));
    const refused = await run('ingest', '--replace');
    expect(refused).toMatchObject({ code: 1, outcome: 'failed' });
    expect(names()).toEqual(there);
  });

  it('removes nothing from what is no sandbox', async () => {
    await run('ingest');
    const there = names();
    const refused = await run('ingest', '--replace', '--scicat.host', `${scicat.url}/api/v3`);
    expect(refused).toMatchObject({ code: 1, outcome: 'failed', codes: ['not-replaced'] });
    expect(names()).toEqual(there);
  });
});

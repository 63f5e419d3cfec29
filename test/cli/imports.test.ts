import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-imports-'));
/** All that CODA says but what selects its files, for others to import. */
const module = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8')
  .replace(/^(?:selector|order):.*\n(?: .*\n)*/gm, '')
  .replace(/^id: .*/m, 'id: common');
const importer = `id: mine
name: Mine
order: 1
selector: filename:contains:443604
import: [common]
variables:
  team: {source: VALUE, value: nobody else, value_type: string}
schema: {}
`;

let sandbox: Sandbox;
let data: string;
beforeAll(async () => {
  sandbox = await startSandbox({});
  cpSync(path.join(samples, 'data/coda'), path.join(root, 'coda'), { recursive: true });
  data = path.join(root, 'coda/2025/443604/raw');
});
afterAll(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

describe.each(notations)('a schema in %s that imports another', (notation) => {
  const folder = path.join(root, notation);
  const run = (...args: readonly string[]) =>
    imsc(args, { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') }, samples);
  const file = (): string => path.join(data, notation === 'json' ? '443604_00001017.nxs' : '443604_00001018.nxs');
  const of = (): string[] => ['-c', 'config.yml', '--nexus-file', file(), '--scicat.host', sandbox.baseUrl];
  mkdirSync(path.join(folder, 'modules'), { recursive: true });
  writeFileSync(path.join(folder, fileName('mine', notation)), inNotation(importer, notation));
  writeFileSync(path.join(folder, 'modules', fileName('common', notation)), inNotation(module, notation));

  it('is chosen, and ingests what both say', async () => {
    const ended = await run('ingest', ...of(), '--ingestion.schemas-directory', folder, '--json');
    expect(ended).toMatchObject({ code: 0 });
    const { pid } = JSON.parse(ended.stdout) as { readonly pid: string };
    const stored = sandbox.documents('datasets').find((dataset) => dataset['pid'] === pid);
    expect(stored).toMatchObject({ description: expect.stringMatching(/measured by nobody else$/) as string });
    expect(stored).toMatchObject({ creationLocation: 'ESS:CODA' });
  });

  it('is checked without a false alarm, the module too', async () => {
    const { code, stdout } = await run('check', folder, '--dialect', 'ill', '--json');
    const { problems } = JSON.parse(stdout) as { readonly problems: readonly { severity: string }[] };
    expect(code).toBe(0);
    expect(problems.filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
  });

  it('is written as one', async () => {
    const merged = path.join(folder, fileName('merged', notation));
    const { code, stdout } = await run(
      'convert',
      path.join(folder, fileName('mine', notation)),
      '--to',
      notation,
      '--merged',
    );
    expect(code).toBe(0);
    writeFileSync(merged, stdout);
    const dryRun = await run('dry-run', ...of(), '--schema', merged, '--offline', '--json');
    expect(JSON.parse(dryRun.stdout)).toMatchObject({ dataset: { creationLocation: 'ESS:CODA' } });
  });

  it('is refused at its place where what it imports is not there', async () => {
    const lost = path.join(folder, fileName('lost', notation));
    writeFileSync(lost, inNotation(importer.replace('[common]', '[comon]'), notation));
    const { code, stderr } = await run('dry-run', ...of(), '--schema', lost, '--offline');
    expect(code).toBe(1);
    expect(stderr).toMatch(/lost\.imsc\.\w+:\d+:\d+.*“comon”/);
  });
});

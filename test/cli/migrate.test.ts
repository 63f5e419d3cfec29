import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-migrate-'));
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
  cpSync(path.join(samples, 'data/coda'), path.join(root, 'coda'), { recursive: true });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

describe.each(notations)('a folder of schemas and its configuration in %s', (notation) => {
  const folder = path.join(root, notation);
  const config = path.join(folder, notation === 'json' ? 'config.json' : 'config.yml');
  const schemaFile = path.join(folder, 'schemas', fileName('coda', notation));
  beforeAll(() => {
    mkdirSync(path.dirname(schemaFile), { recursive: true });
    writeFileSync(schemaFile, inNotation(coda, notation));
    const text = readFileSync(path.join(samples, 'config.yml'), 'utf8').replace(
      /host: http.*/,
      `host: ${sandbox.url}/api/v3`,
    );
    writeFileSync(config, inNotation(text, notation));
  });
  const run = (...args: readonly string[]) =>
    imsc(args, { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, `journal-${notation}`) }, folder);
  const texts = (): string[] => [schemaFile, config].map((file) => readFileSync(file, 'utf8'));

  /** What stands in SciCat of a file, without what is new each time. */
  async function ingested(): Promise<{ readonly stored: unknown; readonly requests: unknown }> {
    const file = path.join(root, 'coda/2025/443604/raw/443604_00001017.nxs');
    const fresh = ['--dataset.generate-dataset-pid', '--ingestion.check-if-dataset-exists-by-metadata=false'];
    const ended = await run('ingest', '-c', config, '--nexus-file', file, '--json', ...fresh);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const { pid } = JSON.parse(ended.stdout) as { readonly pid: string };
    const found = sandbox.documents('datasets').find((dataset) => dataset['pid'] === pid);
    const own = ['_id', 'pid', 'createdAt', 'updatedAt', 'datasetlifecycle', 'version'];
    // Of what was not sent v3 makes one that is null.
    const samplesOf = { sampleIds: [found?.['sampleIds']].flat().filter((each) => each !== null) };
    return {
      stored: {
        ...Object.fromEntries(Object.entries(found ?? {}).filter(([name]) => !own.includes(name))),
        ...samplesOf,
      },
      requests: (await run('dry-run', '-c', config, '--nexus-file', file, '--json', ...fresh)).stdout.match(
        /api\/v\d\/datasets/g,
      ),
    };
  }

  it('is shown before it is written, makes the same datasets in v4, and goes back as it was', async () => {
    const before = texts();
    const old = await ingested();
    const shown = await run('migrate', '--to', 'v4', '-c', config);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toMatch(/- .*principalInvestigator\b[^s][^]*\+ .*principalInvestigators/);
    expect(shown.stderr).toContain('--yes');
    expect(texts()).toEqual(before);

    expect(await run('migrate', '--to', 'v4', '-c', config, '--yes')).toMatchObject({ code: 0 });
    const [schema = '', configuration = ''] = texts();
    expect(schema).toMatch(/principalInvestigators/);
    expect(configuration).toMatch(/host"?: "?http:\/\/127\.0\.0\.1:\d+\/api"?,?\n/);
    for (const comment of notation === 'yaml' ? (/#.*/g.exec(coda) ?? []) : []) expect(schema).toContain(comment);
    const { stdout } = await run('check', 'schemas', '--dialect', 'next', '--json');
    const { problems } = JSON.parse(stdout) as { readonly problems: readonly { code: string; severity: string }[] };
    expect(problems.filter(({ code, severity }) => code === 'other-dialect' || severity === 'error')).toEqual([]);

    const now = await ingested();
    expect(now.stored).toEqual(old.stored);
    expect([old.requests, now.requests].map(String).join(' ')).toMatch(/v3.*v4/);
    expect((await run('migrate', '--to', 'v4', '-c', config)).stderr).toContain('Nothing is to be changed');

    expect(await run('migrate', '--to', 'v3', '-c', config, '--yes')).toMatchObject({ code: 0 });
    expect(texts()).toEqual(before);
  });

  it('keeps a byte order mark', async () => {
    const marked = path.join(folder, 'marked');
    mkdirSync(marked);
    const file = path.join(marked, fileName('marked', notation));
    const text = `\uFEFF${inNotation(coda, notation)}`;
    writeFileSync(file, text);
    expect(await run('migrate', '--to', 'v4', marked, '--yes')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toMatch(/^\uFEFF[^\uFEFF]*principalInvestigators/);
    expect(await run('migrate', '--to', 'v3', marked, '--yes')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('stays as it is where a line cannot be rewritten', async () => {
    const lost = path.join(folder, 'lost');
    mkdirSync(lost);
    const field = "{field_type: high_level, machine_name: principalInvestigators, value: <team>, type: 'string[]'}";
    const text = `id: l\nname: L\norder: 1\nselector: '*'\nvariables:\n  team: {source: NXS, path: /entry/user_*/name, value_type: 'string[]'}\nschema:\n  a: ${field}\n  b: {field_type: high_level, machine_name: proposalIds, value: [p], type: 'string[]'}\n`;
    const file = path.join(lost, fileName('lost', notation));
    writeFileSync(file, inNotation(text, notation));
    const ended = await run('migrate', '--to', 'v3', lost, '--yes', '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      written: false,
      problems: [{ code: 'not-translated', file, message: expect.stringContaining('semicolons') as string }],
    });
    expect(readFileSync(file, 'utf8')).toBe(inNotation(text, notation));
    expect(readdirSync(lost)).toHaveLength(1);
  });
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { importingCoda } from './codaModule.ts';

const importer = `id: mine
name: Mine
order: 1
selector: filename:contains:443604
import: [common]
variables:
  team: {source: VALUE, value: nobody else, value_type: string}
schema: {}
`;

const { sandbox, files, written, run } = importingCoda(importer);

describe.each(notations)('a schema in %s that imports another', (notation) => {
  const { folder, mine } = written(notation);
  const [first = '', second = ''] = files;
  const file = notation === 'json' ? first : second;
  const of = (): string[] => ['-c', 'config.yml', '--nexus-file', file, '--scicat.host', sandbox().baseUrl];

  it('is chosen, and ingests what both say', async () => {
    const ended = await run('ingest', ...of(), '--ingestion.schemas-directory', folder, '--json');
    expect(ended).toMatchObject({ code: 0 });
    const { pid } = JSON.parse(ended.stdout) as { readonly pid: string };
    const stored = sandbox()
      .documents('datasets')
      .find((dataset) => dataset['pid'] === pid);
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
    const { code, stdout } = await run('convert', mine, '--to', notation, '--merged');
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

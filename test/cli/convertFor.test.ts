import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileName, notations } from '../support/markers.ts';
import { importingCoda, samples } from './codaModule.ts';
import { imsc } from './imsc.ts';

const importer = `# imsc-dialect: imsc
id: mine
name: Mine
order: 1
selector: fullpath:contains:443604
import: [common]
variables:
  # one of these is there
  nowhere: {source: NXS, path: [/entry0/title, /entry/title], value_type: string}
  pressure: {source: NXS, path: /entry/sample/pressure, value_type: float, unit: bar, default: '1'}
  signal: {source: NXS, path: /entry/monitor_1@signal, value_type: string}
  distance: {source: NXS, path: '/entry/:NXinstrument/:NXdetector/distance', value_type: float}
schema:
  a: {field_type: scientific_metadata, machine_name: a, value: <nowhere>, type: string}
  b: {field_type: scientific_metadata, machine_name: b, value: <pressure>, type: float}
  c: {field_type: scientific_metadata, machine_name: c, value: {of: {signal: <signal>, at: [<distance>, 3]}}, type: dict}
`;

const { sandbox, files, written, run } = importingCoda(importer, '# imsc-dialect: imsc\n');

describe.each(notations)('a schema in %s, converted for another ingestor', (notation) => {
  const { folder, mine } = written(notation);

  /** The dataset that a schema makes in SciCat, without what is new each time. */
  async function ingested(schemaFile: string): Promise<unknown> {
    const [file = ''] = files;
    const args = ['-c', 'config.yml', '--nexus-file', file, '--scicat.host', sandbox().baseUrl, '--json'];
    const fresh = ['--dataset.generate-dataset-pid', '--ingestion.check-if-dataset-exists-by-metadata=false'];
    const ended = await run('ingest', ...args, ...fresh, '--schema', schemaFile);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const { pid } = JSON.parse(ended.stdout) as { readonly pid: string };
    const found = sandbox()
      .documents('datasets')
      .find((dataset) => dataset['pid'] === pid);
    const times = ['_id', 'pid', 'createdAt', 'updatedAt', 'datasetlifecycle', 'datasetName'];
    return Object.fromEntries(Object.entries(found ?? {}).filter(([name]) => !times.includes(name)));
  }

  it.each(['python-26', 'next'])('makes the same dataset: %s', async (target) => {
    const args = ['convert', mine, '--for', target, '--to', notation];
    const { code, stdout, stderr } = await run(...args, '--samples', ...files);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain('/entry/instrument/detector_panel_0/distance');
    if (notation === 'yaml') expect(stdout).toContain('# one of these is there');
    else expect(stdout).not.toContain('//');
    const made = path.join(folder, 'made');
    mkdirSync(made, { recursive: true });
    const file = path.join(made, fileName(target, notation));
    writeFileSync(file, stdout);
    const checked = await run('check', file, '--dialect', target, '--json');
    const { problems } = JSON.parse(checked.stdout) as {
      readonly problems: readonly { code: string; severity: string }[];
    };
    expect(problems.filter(({ code: each, severity }) => each === 'other-dialect' || severity === 'error')).toEqual([]);
    expect(await ingested(file)).toEqual(await ingested(mine));
  });

  it('is not written where a line cannot be, unless that is asked for', async () => {
    const args = ['convert', mine, '--for', 'python-26', '--json'];
    const ended = await run(...args);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      text: null,
      problems: [
        { code: 'not-translated', file: mine, message: expect.stringContaining('reads no attributes') as string },
        { code: 'not-translated', file: mine, message: expect.stringContaining('names only') as string },
      ],
    });
    const partly = await run(...args, '--partly');
    expect(partly.code).toBe(1);
    const { text } = JSON.parse(partly.stdout) as { readonly text: string };
    expect(text).toContain('/entry/monitor_1@signal');
    expect(text).not.toContain(' default:');
  });

  it('stays as it is where all of it is understood', async () => {
    const file = path.join(samples, 'schemas/coda.imsc.yml');
    const { code, stdout, stderr } = await run('convert', file, '--for', 'python-26');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(file, 'utf8'));
  });
});

it('says what is missing on the command line', async () => {
  const { code, stderr } = await imsc(['convert', path.join(samples, 'schemas/coda.imsc.yml')]);
  expect(code).toBe(2);
  expect(stderr).toContain('--for');
});

import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkSchemas } from '../../../../cli/check/checkSchemas.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const nexus = path.resolve(import.meta.dirname, '../../../../samples/data/coda/2025/443604/raw/443604_00001017.nxs');

const schema = (id: string, order: number, selector: string): string =>
  `id: ${id}\nname: ${id}\ninstrument: any\norder: ${order}\nselector: ${selector}\nvariables:\n  x: { source: NXS, path: /entry/not_there, value_type: string }\nschema:\n  x: { field_type: scientific_metadata, machine_name: x, value: <x>, type: string }\n`;

it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, readonly string[]>>]>([
  [
    'the schema that it would be given to',
    { a: schema('a', 1, 'filename:contains:/beam/'), b: schema('b', 2, 'filename:contains:/other/') },
    { a: ['sample-path-missing'], b: [] },
  ],
  [
    'the first by order of those that take it',
    { a: schema('a', 2, 'filename:contains:/beam/'), b: schema('b', 1, "'*'") },
    { a: [], b: ['sample-path-missing'] },
  ],
  [
    'none that does not take it, and says so',
    { a: schema('a', 1, 'filename:contains:/other/') },
    { a: ['sample-not-taken'] },
  ],
])('a sample is tried on %s', async (_, texts, expected) => {
  const folder = await newFolder();
  const sample = path.join(folder, 'beam', 'run.nxs');
  await mkdir(path.dirname(sample));
  await copyFile(nexus, sample);
  const files = new Map(Object.entries(texts).map(([name, text]) => [path.join(folder, `${name}.imsc.yml`), text]));
  const checked = await checkSchemas(files, { samples: [sample], severities: {} });
  const told = checked.map(({ file, problems }) => [
    path.basename(file, '.imsc.yml'),
    problems.map(({ code }) => code).filter((code) => code.startsWith('sample-')),
  ]);
  expect(Object.fromEntries(told)).toEqual(expected);
});

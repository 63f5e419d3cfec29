import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusedFields } from '../../../../core/ingest/dataset/refusedFields.ts';

const text = `id: x
schema:
  first: {field_type: scientific_metadata, machine_name: run, value: one, type: string}
  second: {field_type: scientific_metadata, machine_name: run, value: two, type: string}
  longer: {field_type: scientific_metadata, machine_name: run.number, value: three, type: string}
  title: {field_type: high_level, machine_name: datasetName, value: four, type: string}
  again: {field_type: high_level, machine_name: datasetName, value: five, type: string}
`;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imsc-refused-'));
  await writeFile(path.join(folder, 'x.imsc.yml'), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['scientificMetadata.run.value', 'two'],
  ['scientificMetadata.run.number.value', 'three'],
  ['datasetName', 'five'],
  ['scientificMetadata.other.value', undefined],
])('%s is led back to the line that counts', async (at, expected) => {
  const file = path.join(folder, 'x.imsc.yml');
  const [found] = await refusedFields([{ path: at, message: 'no' }], { schema: { id: 'x', name: 'x', file } });
  expect(found?.range && text.slice(found.range.start, found.range.end)).toBe(expected);
});

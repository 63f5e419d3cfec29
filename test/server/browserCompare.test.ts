import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { root, startServer, writeSample } from '../support/browserServer.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';

const folder = temporaryFolder();
const [sample, other] = [join(folder, 'first.nxs'), join(folder, 'second.nxs')];
await writeSample(sample);
await writeNexus(other, [
  { path: '/entry', kind: 'group' },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Ice' },
]);

const schemaWith = (datasetName: string, selector = '*'): string => `id: titled
name: titled
order: 1
selector: '${selector}'
variables:
  title: { source: NXS, path: /entry/title, value_type: string }
schema:
  name: { field_type: high_level, machine_name: datasetName, value: '${datasetName}', type: string }
`;
const inRepository = (name: string): string =>
  protocol.browserPath('vscode-vfs', 'github', `/facility/schemas/${name}`);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it.each(notations)('what a change does to chosen files is told, also to one of a page (%s)', async (notation) => {
  const files = new Map([[`${root}/data/first.nxs`, new Uint8Array(readFileSync(sample))]]);
  const connection = await startServer(files, other);
  const uri = `${root}/${fileName('a', notation)}`;
  const compare = (after: string, before: string, samples: readonly string[]): Promise<object> =>
    connection.sendRequest(protocol.compareSchemas.method, {
      uri,
      text: inNotation(after, notation),
      before: { uri, text: inNotation(before, notation) },
      samples,
    });
  const both = [inRepository('data/first.nxs'), '/dropped:/big.nxs'];
  const change = (before: string, after: string): object => ({ part: 'dataset', name: 'datasetName', before, after });
  expect(await compare(schemaWith('Run of <title>'), schemaWith('<title>'), both)).toMatchObject({
    samples: 2,
    changed: 2,
    failed: 0,
    files: [
      { file: both[0], changes: [change('"Water"', '"Run of Water"')], problem: null },
      { file: both[1], changes: [change('"Ice"', '"Run of Ice"')], problem: null },
    ],
    problems: [],
  });
  expect(await compare(schemaWith('<title>'), schemaWith('<title>'), both)).toMatchObject({ changed: 0, files: [] });
  const untaken = schemaWith('<title>', 'filename:contains:hdf');
  expect(await compare(untaken, untaken, both)).toMatchObject({ changed: 0, untaken: 2, files: [] });
  const lost = [inRepository('data/lost.nxs'), '/dropped:/gone.nxs'];
  expect(await compare(schemaWith('<title>'), schemaWith('<title>'), lost)).toMatchObject({
    failed: 2,
    files: [
      { problem: expect.stringContaining('There is no file') as string },
      { problem: expect.stringContaining('gone.nxs is not open any more') as string },
    ],
  });
});

it.each(notations)('each of two schemas imports what lies beside it (%s)', async (notation) => {
  const base = (title: string): string =>
    `id: base\nname: base\nvariables:\n  named: { source: VALUE, value: ${title}, value_type: string }\nschema: {}\n`;
  const files = new Map([
    [`${root}/data/first.nxs`, new Uint8Array(readFileSync(sample))],
    [`${root}/modules/base.imsc.yml`, bytes(base('here'))],
    [`${root}/old/modules/base.imsc.yml`, bytes(base('there'))],
  ]);
  const connection = await startServer(files);
  const text = inNotation(`${schemaWith('<named>')}import: base\n`, notation);
  const compared = await connection.sendRequest(protocol.compareSchemas.method, {
    uri: `${root}/${fileName('a', notation)}`,
    text,
    before: { uri: `${root}/old/${fileName('a', notation)}`, text },
    samples: [inRepository('data/first.nxs')],
  });
  expect(compared).toMatchObject({ changed: 1, files: [{ changes: [{ before: '"there"', after: '"here"' }] }] });
});

it('a schema that cannot be used is told of', async () => {
  const files = new Map([[`${root}/data/first.nxs`, new Uint8Array(readFileSync(sample))]]);
  const connection = await startServer(files);
  const uri = `${root}/a.imsc.yml`;
  const compared = await connection.sendRequest(protocol.compareSchemas.method, {
    uri,
    text: 'id: titled\nvariables: [\n',
    before: { uri, text: schemaWith('<title>') },
    samples: [inRepository('data/first.nxs')],
  });
  expect(compared).toMatchObject({ problems: [{ message: expect.stringContaining('after it') as string }] });
});

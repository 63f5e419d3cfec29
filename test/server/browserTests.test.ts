import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as protocol from '../../server/protocol.ts';
import { root, schema as text, startServer, writeSample } from '../support/browserServer.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';

const folder = temporaryFolder();
const sample = join(folder, 'first.nxs');
await writeSample(sample);

const bytes = (written: string): Uint8Array => new TextEncoder().encode(written);

it.each(notations)(
  'a test of a schema is run with what lies in its files, and is brought up to date (%s)',
  async (notation) => {
    const testUri = `${root}/tested.imsc.test.yml`;
    const expects = (title: string): string =>
      `sample: data/coda/first.nxs\nvariables:\n  title: ${title}\nfails: [titel]\n`;
    const files = new Map([
      [`${root}/data/coda/first.nxs`, new Uint8Array(readFileSync(sample))],
      [`${root}/${fileName('tested', notation)}`, bytes(inNotation(text, notation))],
      [testUri, bytes(expects('Ice'))],
    ]);
    const connection = await startServer(files);
    const run = async (update: boolean): Promise<protocol.RanSchemaTest> =>
      connection.sendRequest(protocol.runSchemaTest.method, { uri: testUri, update });
    const { record, newText } = await run(true);
    expect(record).toMatchObject({
      outcome: 'failed',
      file: '/vscode-vfs:github/facility/schemas/tested.imsc.test.yml',
      differences: [{ name: 'title', expected: '"Ice"', actual: '"Water"', range: { start: { line: 3, column: 3 } } }],
    });
    expect(newText).toBe(expects('Water'));
    files.set(testUri, bytes(newText ?? ''));
    const again = await run(true);
    expect(again.record).toMatchObject({ outcome: 'passed', differences: [], problems: [] });
    expect(again.newText).toBeUndefined();
  },
);

it('a test of a schema imports what lies beside it, and says what is missing', async () => {
  const module = `id: base\nvariables:\n  title:\n    source: NXS\n    path: /entry/title\n    value_type: string\n`;
  const importing = `${text.replace(/ {2}title:\n(?: {4}.*\n)+/, '')}import: base\n`;
  const files = new Map([
    [`${root}/data/coda/first.nxs`, new Uint8Array(readFileSync(sample))],
    [`${root}/modules/base.imsc.yml`, bytes(module)],
    [`${root}/a.imsc.yml`, bytes(importing)],
    [`${root}/a.imsc.test.yml`, bytes('sample: data/coda/first.nxs\nvariables: { title: Water }\nfails: [titel]\n')],
    [`${root}/lost.imsc.test.yml`, bytes('sample: data/coda/first.nxs\n')],
  ]);
  const connection = await startServer(files);
  const run = async (name: string): Promise<protocol.RanSchemaTest> =>
    connection.sendRequest(protocol.runSchemaTest.method, { uri: `${root}/${name}.imsc.test.yml`, update: false });
  expect((await run('a')).record).toMatchObject({ outcome: 'passed', differences: [], problems: [] });
  expect((await run('lost')).record).toMatchObject({
    outcome: 'broken',
    problems: [{ code: 'test-file', message: expect.stringContaining('The schema is not there') as unknown }],
  });
});

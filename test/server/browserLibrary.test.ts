import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as protocol from '../../server/protocol.ts';
import { hintsOf, open, problemsOf, root, schemaOf, startServer } from '../support/browserServer.ts';
import type { Browser } from '../support/browserServer.ts';

/** What only the HDF5 library reads: makeStored.py beside it. */
const stored = join(import.meta.dirname, 'library', 'stored.h5');
const bytes = readFileSync(stored);
const uri = `${root}/a.imsc.yml`;

const places = {
  'that is in the workspace': protocol.browserPath('vscode-vfs', 'github', '/facility/schemas/stored.h5'),
  'that was opened in a page': '/dropped:/big.nxs',
};
const placed = (): Promise<Browser> => startServer(new Map([[`${root}/stored.h5`, bytes]]), stored);
const takeSample = (connection: Browser, file: string): Promise<void> =>
  connection.sendNotification(protocol.chooseSample.method, { uri, file });

it.each(Object.entries(places))('what only the HDF5 library reads has its values, in a file %s', async (_, file) => {
  const connection = await placed();
  const text = schemaOf(['title: string', 'scaled: "integer[]"', 'szip: "integer[]"', 'virtual: "integer[]"']);
  const document = await open(connection, uri, text);
  await takeSample(connection, file);
  const hints = await hintsOf(connection, document, '[8, 9, 16, 17]');
  expect(hints).toContain('Ice');
  expect(hints).toContain('[0, 1, 2, 3, 4');
});

it.each(Object.entries(places))(
  'what lies in another file is not read, and why is said, in a file %s',
  async (_, file) => {
    const connection = await placed();
    await open(connection, uri, schemaOf(['beside: "integer[]"']));
    await takeSample(connection, file);
    const problems = await problemsOf(connection, uri, 'sample-unreadable-data');
    const found = problems.find(({ code }) => code === 'sample-unreadable-data');
    expect(found?.message).toContain('a browser is given only one');
  },
);

it('the library is not fetched for a file that needs none of it', async () => {
  const connection = await placed();
  const document = await open(connection, uri, `# imsc-sample: stored.h5\n${schemaOf(['title: string'])}`);
  expect(await hintsOf(connection, document, 'Ice')).toContain('Ice');
  expect(connection.given).not.toContain('the HDF5 library');
});

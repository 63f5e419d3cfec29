import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { Documents } from '../../../../server/documents/documents.ts';
import { Snapshot } from '../../../../server/documents/snapshot.ts';
import { innermostFolder, Workspace } from '../../../../server/documents/workspace.ts';
import { fileName, inNotation, notations } from '../../../support/markers.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const makeFolder = temporaryFolders();

const at = (...names: string[]): string => path.resolve('/', ...names);

it.each([
  ['inside of one folder', [at('x', 'app')], at('x', 'app', 'a.imsc.yml'), at('x', 'app')],
  ['not where only the beginning of a name is the same', [at('x', 'app')], at('x', 'app2', 'a.imsc.yml'), undefined],
  ['in the innermost of nested ones', [at('x'), at('x', 'y'), at('x', 'z')], at('x', 'y', 'a.imsc.yml'), at('x', 'y')],
  ['below a name that begins with dots', [at('x')], at('x', '..a', 'a.imsc.yml'), at('x')],
  ['outside of all', [at('x'), at('y')], at('z', 'a.imsc.yml'), undefined],
])('finds the folder of a file: %s', (_what, folders, file, expected) => {
  expect(innermostFolder(folders, file)).toBe(expected);
});

it.each(notations)('what a version of a schema imports is read once for all who ask at once (%s)', async (notation) => {
  const folder = await makeFolder();
  const other = path.join(folder, fileName('other', notation));
  const text = (name: string): string => inNotation(`id: other\nname: ${name}\nvariables: {}\nschema: {}\n`, notation);
  await writeFile(other, text('Other'));
  const uri = (file: string): string => pathToFileURL(file).href;
  const workspaceFolders = [{ uri: uri(folder), name: 'folder' }];
  const params = { processId: null, rootUri: null, capabilities: {}, workspaceFolders };
  const workspace = new Workspace(params, new Documents(), () => undefined);
  const importing = inNotation('id: a\nimport: [other]\nvariables: {}\nschema: {}\n', notation);
  const snapshot = new Snapshot(uri(path.join(folder, fileName('a', notation))), 1, notation, importing);
  const askAll = () => Promise.all(Array.from({ length: 5 }, () => workspace.whole(snapshot)));
  const first = await askAll();
  expect(first[0]?.whole.imported?.map(({ schema }) => schema.name)).toEqual(['Other']);
  expect(new Set([...first, await workspace.whole(snapshot)]).size).toBe(1);
  // The same text is not read once more either.
  expect(first[0]?.schema).toBe(snapshot.schema);
  await writeFile(other, text('Changed'));
  const second = await askAll();
  expect(second[0]?.whole.imported?.map(({ schema }) => schema.name)).toEqual(['Changed']);
  expect(new Set(second).size).toBe(1);
});

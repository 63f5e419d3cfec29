import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentLinkRequest,
  HoverRequest,
} from 'vscode-languageserver-protocol';
import type { CompletionList, Location, MarkupContent } from 'vscode-languageserver-protocol';
import { describe, expect, inject, it } from 'vitest';
import { testParts } from '../../core/ingest/trial/schemaTestParts.ts';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'data'));
const sample = join(folder, 'data', 'run.nxs');
await writeNexus(sample, [{ path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Water' }]);
const schema = schemaText({
  variables: 'heading:\n  source: NXS\n  path: /entry/title\n  value_type: string',
  fields:
    'title:\n  field_type: high_level\n  machine_name: comment\n  value: <heading>\n  type: string\nnote:\n  field_type: scientific_metadata\n  machine_name: note_of_run\n  value: <heading>\n  type: string',
});
for (const notation of notations) {
  writeFileSync(join(folder, fileName(`of_${notation}`, notation)), inNotation(schema, notation));
  // The test of a name beside each.
  writeFileSync(join(folder, `of_${notation}.imsc.test.yml`), '');
}
const client = await startClient(inject('serverProgram'), {
  folders: [folder],
  settings: { samples: ['data/*.nxs'] },
  initializationOptions: { hasCommands: true },
});

/** Opens the test of the schema in a notation with a text; `|` is the cursor. */
async function opened(notation: string, text: string, name = `of_${notation}`) {
  const at = text.indexOf('|');
  const uri = pathToFileURL(join(folder, `${name}.imsc.test.yml`)).href;
  const document = await client.open(uri, text.replace('|', ''), 'imsc-test');
  return { document, position: document.positionAt(Math.max(at, 0)), uri };
}

async function offered(notation: string, text: string): Promise<readonly string[]> {
  const { document, position } = await opened(notation, text);
  const list = (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: document.uri },
    position,
  })) as CompletionList;
  await client.close(document);
  return list.items.map(({ label }) => label);
}

describe.each(notations)('a test of a schema in %s', (notation) => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ['its parts', '|', ['sample', 'schema', 'variables', 'dataset', 'fails', 'problems'], ['heading']],
    ['the parts that it has not', 'sample: x\ndataset: {}\n|', ['variables'], ['sample', 'dataset']],
    ['the samples of the schema', 'sample: |', ['data/run.nxs'], []],
    ['the schemas beside it', 'schema: |', ['of_json.imsc.json', 'of_yaml.imsc.yml'], []],
    ['variables', 'sample: x\nvariables:\n  |', ['heading'], ['comment', 'note_of_run']],
    ['variables in braces', 'variables: { | }', ['heading'], ['comment']],
    ['fields of the dataset', 'dataset:\n  com|', ['comment', 'owner'], ['heading']],
    ['items of the metadata', 'scientific_metadata:\n  no|', ['note_of_run'], ['comment']],
    ['what a quantity has', 'variables:\n  heading: { | }', ['value', 'unit'], []],
    ['what may fail', 'fails: [|]', ['heading', 'comment', 'note_of_run'], []],
    ['what may fail, on lines', 'fails:\n  - |', ['heading', 'comment'], []],
    ['codes of problems', 'problems: [un|]', ['unknown-variable', 'syntax'], ['heading']],
    ['built-in variables', 'built_in:\n  |', ['now', 'data_file_path'], ['heading']],
  ])('is offered %s', async (_, text, there, notThere) => {
    const labels = await offered(notation, text);
    expect(labels).toEqual(expect.arrayContaining([...there]));
    expect(labels.filter((label) => notThere.includes(label))).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['vari|ables: {}', /values of variables/],
    ['variables:\n  head|ing: x', /NXS.*\/entry\/title/],
    ['dataset:\n  com|ment: x', /\*\*`comment`\*\*/],
    ['problems: [unused-vari|able]', /unused-variable.*hint/],
    ['fails: [head|ing]', /NXS/],
    ['built_in: { no|w: x }', /now/],
  ])('explains %j', async (text, expected) => {
    const { document, position } = await opened(notation, text);
    const found = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: document.uri },
      position,
    });
    expect((found?.contents as MarkupContent).value).toMatch(expected);
    await client.close(document);
  });

  it('is told all that is wrong at once', async () => {
    const { document } = await opened(
      notation,
      `sampel: x
sample: data/none.nxs
variables:
  heding: Water
  no_such: null
dataset:
  coment: Water
scientific_metadata:
  note: Water
fails: [nothing]
problems: [unused-varable]
`,
    );
    const found = await client.currentDiagnostics(document);
    expect(found.map(({ range, message }) => [range.start.line, message])).toEqual([
      [0, '“sampel” is not part of a test. Did you mean sample?'],
      [1, 'The sample file is not there.'],
      [3, '“heding” is no variable of the schema. Did you mean heading?'],
      [6, '“coment” is no field of a dataset. Did you mean comment?'],
      [8, '“note” is no item of the scientific metadata of the schema. Did you mean note_of_run?'],
      [9, '“nothing” is no variable or field of the schema.'],
      [10, '“unused-varable” is no code of a problem. Did you mean unused-variable?'],
    ]);
    await client.close(document);
  });

  it('is told nothing where nothing is wrong, also of what the configuration gives', async () => {
    const text = `schema: ${fileName(`of_${notation}`, notation)}
sample: data/run.nxs
variables: { heading: Water, now: x }
dataset: { comment: Water, ownerGroup: x }
problems: []
`;
    const { document } = await opened(notation, text, `silent_${notation}`);
    expect(await client.currentDiagnostics(document)).toEqual([]);
    await client.close(document);
  });

  it.each<[string, RegExp, string]>([
    ['variables:\n  head|ing: x', /of_(?:json\.imsc\.json|yaml\.imsc\.yml)$/, 'heading'],
    ['fails: [head|ing]', /of_(?:json\.imsc\.json|yaml\.imsc\.yml)$/, 'heading'],
    ['dataset:\n  com|ment: x', /of_(?:json\.imsc\.json|yaml\.imsc\.yml)$/, 'title'],
    ['schema: of_|yaml.imsc.yml', /of_yaml\.imsc\.yml$/, ''],
    ['sample: data/|run.nxs', /data\/run\.nxs$/, ''],
  ])('leads from %j to what it is about', async (text, file, word) => {
    const { document, position } = await opened(notation, text);
    const [place] = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: document.uri },
      position,
    })) as Location[];
    expect(place?.uri).toMatch(file);
    if (word !== '') {
      const line = readFileSync(new URL(place?.uri ?? ''), 'utf8').split('\n')[place?.range.start.line ?? -1] ?? '';
      expect(line.slice(place?.range.start.character, place?.range.end.character)).toContain(word);
    }
    await client.close(document);
  });

  it('links to its files, can be run, and says what it expects line by line', async () => {
    const text =
      'sample: data/run.nxs\nvariables:\n  heading: Water\ndataset: { comment: x }\nfails: [a]\nproblems: [b]\n';
    const { document, uri } = await opened(notation, text);
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, {
      textDocument: { uri: document.uri },
    });
    expect(links?.map(({ target }) => target)).toEqual([pathToFileURL(sample).href]);
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: document.uri } });
    expect(lenses?.map(({ command }) => [command?.title, command?.command])).toEqual([
      ['Run', 'imsc.runSchemaTest'],
      ['Update Expectations', 'imsc.updateSchemaTest'],
      [`Schema: ${fileName(`of_${notation}`, notation)}`, 'imsc.openTestedSchema'],
    ]);
    const expected = await client.ask(protocol.expectations, { uri });
    expect(expected.map(({ part, name, range }) => [part, name, range.start.line])).toEqual([
      ['variables', 'heading', 2],
      ['dataset', 'comment', 3],
      ['fails', 'a', 4],
      ['problems', 'b', 5],
    ]);
    await client.close(document);
  });
});

it('knows every part that the page on tests has, and no other', () => {
  const page = readFileSync(new URL('../../docs/schema-tests.md', import.meta.url), 'utf8');
  const [, table = ''] = /\| part .*\n\|.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  expect([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).toEqual(testParts.map(({ name }) => name));
});

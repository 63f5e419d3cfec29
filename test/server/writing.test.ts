import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeLensRequest,
  CompletionRequest,
  CompletionResolveRequest,
  HoverRequest,
  InlayHintRequest,
  InsertTextFormat,
} from 'vscode-languageserver-protocol/node';
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  MarkupContent,
  TextEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { chooseSample, evaluation } from '../../server/protocol.ts';
import { pushCapabilities, startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations, readMarkers } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';
import { sampleFile } from '../support/snapshots.ts';

const folder = temporaryFolder();
const capabilities = {
  ...pushCapabilities,
  workspace: {
    ...pushCapabilities.workspace,
    workspaceEdit: { documentChanges: true, resourceOperations: ['create' as const] },
  },
  textDocument: { ...pushCapabilities.textDocument, completion: { completionItem: { snippetSupport: true } } },
};
const client = await startClient(inject('serverProgram'), { folders: [folder], capabilities });
let count = 0;

/** Opens a marked schema that is looked at with the sample, once its values are known. */
async function open(marked: string, notation: Notation) {
  const { text, cursors } = readMarkers(inNotation(marked, notation));
  count += 1;
  const document = await client.open(join(folder, fileName(`writing-${count}`, notation)), text);
  const textDocument = { uri: document.uri };
  await client.tell(chooseSample, { uri: document.uri, file: sampleFile });
  await client.ask(evaluation, { uri: document.uri });
  return { document, textDocument, at: { textDocument, position: document.positionAt(cursors[0] ?? 0) } };
}

function proposal({ items }: CompletionList, label: string): CompletionItem {
  const found = items.find((item) => item.label === label);
  if (!found) throw new Error(`“${label}” is not among ${items.map((item) => item.label).join(', ')}`);
  return found;
}

const reading = schemaText({
  variables: `
temperature:
  source: NXS
  path: /entry/sample/temp¦
  value_type: float
shown:
  source: VALUE
  value: at <temperature>
  value_type: string`,
});

describe.each(notations)('in %s', (notation) => {
  it('completes a path of the sample and explains it when asked', async () => {
    const { document, at } = await open(reading, notation);
    const list = (await client.request(CompletionRequest.type, at)) as CompletionList;
    const item = proposal(list, 'temperature');
    const changed = TextDocument.applyEdits(document, [item.textEdit as TextEdit]);
    expect(changed).toBe(inNotation(reading.replace('temp¦', 'temperature'), notation));
    const { documentation } = await client.request(CompletionResolveRequest.type, item);
    expect((documentation as MarkupContent).value).toContain('float64');
  });

  it('explains what a filter of SciCat is as soon as it is offered', async () => {
    const asking = schemaText({ variables: 'team:\n  source: SC\n  url: proposals?¦\n  value_type: string' });
    const { at } = await open(asking, notation);
    const list = (await client.request(CompletionRequest.type, at)) as CompletionList;
    expect(list.isIncomplete).toBe(false);
    expect(proposal(list, 'filters=').documentation).toMatchObject({
      kind: 'markdown',
      value: expect.stringContaining('`where`') as string,
    });
  });

  it.each([
    ['a key', 'source: NXS\n  un¦: m', 'unit', 'if the file has no'],
    ['a source', 'source: ¦', 'SC', 'SciCat'],
    ['an operator', 'source: VALUE\n  operator: ¦', 'to-upper', 'CODA'],
    ['a type', 'source: VALUE\n  value_type: ¦', 'string[]', 'list'],
    ['another variable', 'source: VALUE\n  value: <¦', 'temperature', 'Value: `'],
  ])('explains %s when it is looked at', async (_what, keys, label, says) => {
    const variables = `
temperature:
  source: NXS
  path: /entry/sample/temperature
  value_type: float
shown:
  ${keys}`;
    const { at } = await open(schemaText({ variables }), notation);
    const list = (await client.request(CompletionRequest.type, at)) as CompletionList;
    const { documentation } = await client.request(CompletionResolveRequest.type, proposal(list, label));
    expect((documentation as MarkupContent | undefined)?.value).toContain(says);
  });

  it.each([
    ['a kind of field', 'field_type: ¦', 'high_level', 'SciCat'],
    ['a field of SciCat', 'field_type: high_level\n  machine_name: ¦', 'keywords', 'dataset'],
    ['a key of a field', 'field_type: high_level\n  ¦', 'machine_name', 'SciCat'],
  ])('explains %s when it is looked at', async (_what, keys, label, says) => {
    const { at } = await open(schemaText({ fields: `\nit:\n  ${keys}` }), notation);
    const list = (await client.request(CompletionRequest.type, at)) as CompletionList;
    const { documentation } = await client.request(CompletionResolveRequest.type, proposal(list, label));
    expect((documentation as MarkupContent | undefined)?.value).toContain(says);
  });

  it('explains the parts of a selector when they are looked at', async () => {
    const { at } = await open(schemaText().replace('filename:contains:/coda/', 'file¦'), notation);
    const list = (await client.request(CompletionRequest.type, at)) as CompletionList;
    const { documentation } = await client.request(CompletionResolveRequest.type, proposal(list, 'filename'));
    expect((documentation as MarkupContent | undefined)?.value).toContain('path');
  });

  it('explains operators and keys when they are looked at', async () => {
    const { at } = await open(reading.replace('¦', '').replace('at <temperature>', 'x\n    operator: ¦'), notation);
    const list = (await client.request(CompletionRequest.type, at)) as CompletionList;
    const { documentation } = await client.request(CompletionResolveRequest.type, proposal(list, 'join_with_space'));
    expect((documentation as MarkupContent).value).toContain('Ada Lovelace');
  });

  it('shows the value of a variable at the cursor and beside it', async () => {
    const whole = reading.replace('temp¦', 'temperature').replace('<temperature>', '<tempe¦rature>');
    const { document, textDocument, at } = await open(whole, notation);
    const hover = await client.request(HoverRequest.type, at);
    expect((hover?.contents as MarkupContent).value).toMatch(/Value: `[\d.]+` in `K`/);
    expect(document.getText(hover?.range)).toBe('<temperature>');
    const range = { start: document.positionAt(0), end: document.positionAt(document.getText().length) };
    const hints = await client.request(InlayHintRequest.type, { textDocument, range });
    expect(hints?.map(({ label }) => label)).toContainEqual(expect.stringMatching(/^= [\d.]+ K$/));
    await client.changeSettings({ inlayHints: { enabled: false } });
    expect(await client.request(InlayHintRequest.type, { textDocument, range })).toBeNull();
    await client.changeSettings({});
  });

  it('offers what can be done with the schema, and how often a variable is used', async () => {
    const { document, textDocument } = await open(reading.replace('temp¦', 'temperature'), notation);
    const lenses = (await client.request(CodeLensRequest.type, { textDocument })) ?? [];
    expect(lenses.map(({ command }) => command?.command)).toEqual(
      expect.arrayContaining(['imsc.chooseSample', 'imsc.showPreview', 'imsc.dryRun', 'imsc.ingest']),
    );
    const used = lenses.find(({ range }) => document.getText(range).includes('temperature'));
    expect(used?.command).toMatchObject({ title: '1 use', arguments: [document.uri, {}, [{ uri: document.uri }]] });
  });

  it('mends a path that is missing in the sample', async () => {
    const { document, textDocument, at } = await open(reading.replace('temp¦', 'temper¦atur'), notation);
    const range = { start: at.position, end: at.position };
    const actions = (await client.request(CodeActionRequest.type, {
      textDocument,
      range,
      context: { diagnostics: [], only: ['quickfix'] },
    })) as CodeAction[];
    const fix = actions.find(({ title }) => title === 'Change to /entry/sample/temperature');
    const change = fix?.edit?.documentChanges?.[0];
    if (!change || !('edits' in change))
      throw new Error(`no fix among ${actions.map(({ title }) => title).join('; ')}`);
    expect(TextDocument.applyEdits(document, change.edits as TextEdit[])).toBe(
      inNotation(reading.replace('temp¦', 'temperature'), notation),
    );
    expect(actions.every(({ kind }) => kind === 'quickfix')).toBe(true);
    expect(actions.filter(({ isPreferred }) => isPreferred !== undefined)).toEqual([fix]);
    expect(fix.isPreferred).toBe(true);
  });

  it('converts to the other notation in a file beside it', async () => {
    const { textDocument, at } = await open(reading, notation);
    const range = { start: at.position, end: at.position };
    const context = { diagnostics: [], only: ['refactor.rewrite'] };
    const actions = (await client.request(CodeActionRequest.type, { textDocument, range, context })) as CodeAction[];
    const action = actions.find(({ title }) => title === `Convert to ${notation === 'json' ? 'YAML' : 'JSON'}`);
    if (!action) throw new Error('it cannot be converted');
    const { edit } = await client.request(CodeActionResolveRequest.type, action);
    const [created, written] = edit?.documentChanges ?? [];
    expect(created).toMatchObject({
      kind: 'create',
      uri: expect.stringMatching(notation === 'json' ? /\.yml$/ : /\.json$/) as string,
    });
    const { uri = '' } = created && 'uri' in created ? created : {};
    expect(written).toMatchObject({ textDocument: { uri, version: null } });
    expect(JSON.stringify(written)).toContain('/entry/sample/temp');
  });
});

it('leaves it to the extension to open what was converted', async () => {
  const extension = await startClient(inject('serverProgram'), {
    folders: [folder],
    capabilities,
    initializationOptions: { trusted: true, chosenSamples: [], hasCommands: true },
  });
  const { uri } = await extension.open(join(folder, 'by-command.imsc.yml'), 'id: 1\n');
  const start = { line: 0, character: 0 };
  const actions = (await extension.request(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start, end: start },
    context: { diagnostics: [], only: ['refactor.rewrite'] },
  })) as CodeAction[];
  expect(actions).toMatchObject([{ title: 'Convert to JSON', command: { command: 'imsc.convertNotation' } }]);
});

it('writes whole entries as snippets, and plainly for clients that know none', async () => {
  const text = 'id: 1\nvariables:\n  ¦\n';
  const { at } = await open(text, 'yaml');
  const item = proposal((await client.request(CompletionRequest.type, at)) as CompletionList, 'variable from a value');
  expect(item).toMatchObject({ insertTextFormat: InsertTextFormat.Snippet });
  expect(item.textEdit?.newText).toContain('${1:name}');
});

it('answers from the schemas of the project without a word of error', async () => {
  const path = join(import.meta.dirname, '../../samples/schemas/coda.imsc.yml');
  const document = await client.open('untitled:coda.imsc.yml', readFileSync(path, 'utf8'));
  const textDocument = { uri: document.uri };
  for (let offset = 0; offset < document.getText().length; offset += 97) {
    const position = document.positionAt(offset);
    await client.request(CompletionRequest.type, { textDocument, position });
    await client.request(HoverRequest.type, { textDocument, position });
  }
  expect(client.stderr).toBe('');
});

import {
  DefinitionRequest,
  DocumentHighlightKind,
  DocumentHighlightRequest,
  LinkedEditingRangeRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
} from 'vscode-languageserver-protocol/node';
import type { LocationLink, Range, TextDocumentEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, inject, it } from 'vitest';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations, readMarkers } from '../support/markers.ts';
import { schemaText } from '../support/schemaTexts.ts';

const client = await startClient(inject('serverProgram'));
let count = 0;

/** Opens a marked schema in a notation; its parameters for requests at its cursor. */
async function openMarked(yaml: string, notation: Notation) {
  const { text, cursors, ranges } = readMarkers(inNotation(yaml, notation));
  count += 1;
  const document = await client.open(`untitled:${fileName(`navigation-${count}`, notation)}`, text);
  const offsets = ({ start, end }: Range) => ({ start: document.offsetAt(start), end: document.offsetAt(end) });
  const at = { textDocument: { uri: document.uri }, position: document.positionAt(cursors[0] ?? 0) };
  return { document, ranges, at, offsets };
}

const linked = schemaText({
  variables: `
«proposal»:
  source: NXS
  path: /entry/experiment_identifier
  value_type: string
group:
  source: VALUE
  value: ess_<«propo¦sal»>_<«proposal»>
  value_type: string
answer:
  source: SC
  url: proposals/<«proposal»>
  field: title
  value_type: string`,
  fields: `
proposal:
  field_type: high_level
  machine_name: proposalId
  value: <«proposal»>
  type: string
list:
  field_type: scientific_metadata
  machine_name: proposal
  value:
    - <«proposal»>
    - <group>
  type: string[]`,
});

describe.each(notations)('in %s', (notation) => {
  it('goes from a reference to its definition', async () => {
    const { ranges, at, offsets } = await openMarked(linked, notation);
    const links = (await client.request(DefinitionRequest.type, at)) as LocationLink[];
    expect(links.map(({ targetSelectionRange }) => offsets(targetSelectionRange))).toEqual([ranges[0]]);
    expect(offsets(links[0]!.targetRange).end).toBeGreaterThan(ranges[0]!.end);
  });

  it('finds all references, with and without the definition', async () => {
    const { ranges, at, offsets } = await openMarked(linked, notation);
    const find = async (includeDeclaration: boolean) =>
      ((await client.request(ReferencesRequest.type, { ...at, context: { includeDeclaration } })) ?? []).map(
        ({ range }) => offsets(range),
      );
    expect(await find(true)).toEqual(ranges);
    expect(await find(false)).toEqual(ranges.slice(1));
  });

  it('tells reading from defining', async () => {
    const { ranges, at, offsets } = await openMarked(linked, notation);
    const found = (await client.request(DocumentHighlightRequest.type, at)) ?? [];
    expect(found.map(({ range }) => offsets(range))).toEqual(ranges);
    expect(found.map(({ kind }) => kind)).toEqual([
      DocumentHighlightKind.Write,
      ...ranges.slice(1).map(() => DocumentHighlightKind.Read),
    ]);
  });

  it('links all places of a name while it is typed', async () => {
    const { ranges, at, offsets } = await openMarked(linked, notation);
    const found = await client.request(LinkedEditingRangeRequest.type, at);
    expect(found?.ranges.map(offsets)).toEqual(ranges);
  });

  it('renames a variable everywhere and nothing else', async () => {
    const { document, at } = await openMarked(linked, notation);
    const edit = await client.request(RenameRequest.type, { ...at, newName: 'proposal_id' });
    const change = edit?.documentChanges?.[0] as TextDocumentEdit;
    expect(change.textDocument.version).toBe(document.version);
    const { text } = readMarkers(inNotation(linked.replace('¦', '').replace(/«proposal»/g, '«proposal_id»'), notation));
    expect(
      TextDocument.applyEdits(
        document,
        change.edits.map((each) => each as never),
      ),
    ).toBe(text);
  });

  it('quotes a name that could not stand plainly', async () => {
    const { document, at } = await openMarked(linked, notation);
    const edit = await client.request(RenameRequest.type, { ...at, newName: 'a: "b"' });
    const change = edit?.documentChanges?.[0] as TextDocumentEdit;
    const changed = TextDocument.applyEdits(
      document,
      change.edits.map((each) => each as never),
    );
    const reopened = await client.open(`untitled:${fileName(`renamed-${count}`, notation)}`, changed);
    const again = await client.request(ReferencesRequest.type, {
      textDocument: { uri: reopened.uri },
      position: reopened.positionAt(changed.indexOf('a: ', changed.indexOf('variables'))),
      context: { includeDeclaration: true },
    });
    expect(again).toHaveLength(6);
  });

  it.each([
    ['', 'needs a name'],
    ['a<b', '“<”'],
    ['b>', '“<” or “>”'],
    ['group', 'already'],
    ['now', 'ingestor itself'],
    [' x', 'blank'],
  ])('does not rename to “%s”', async (newName, reason) => {
    const { at } = await openMarked(linked, notation);
    await expect(client.request(RenameRequest.type, { ...at, newName })).rejects.toThrow(reason);
  });

  it('says what would be renamed, and that built-in variables cannot be', async () => {
    const { ranges, at, offsets } = await openMarked(linked, notation);
    const prepared = (await client.request(PrepareRenameRequest.type, at)) as { range: Range; placeholder: string };
    expect(offsets(prepared.range)).toEqual(ranges[1]);
    expect(prepared.placeholder).toBe('proposal');
    const builtIn = await openMarked(linked.replace('¦', '').replace('<ingestor', '<inge¦stor'), notation);
    await expect(client.request(PrepareRenameRequest.type, builtIn.at)).rejects.toThrow('ingestor itself');
    const elsewhere = await openMarked(linked.replace('¦', '').replace('test schema', 'test ¦schema'), notation);
    expect(await client.request(PrepareRenameRequest.type, elsewhere.at)).toBeNull();
  });

  it.each(['definition', 'references', 'highlight'])('has nothing to say away from variables: %s', async (what) => {
    const { at } = await openMarked(schemaText().replace('test', 'te¦st'), notation);
    const context = { includeDeclaration: true };
    const answers = {
      definition: () => client.request(DefinitionRequest.type, at),
      references: () => client.request(ReferencesRequest.type, { ...at, context }),
      highlight: () => client.request(DocumentHighlightRequest.type, at),
    };
    expect(await answers[what as keyof typeof answers]()).toBeNull();
  });

  it('does not take a path, a field or a pattern for a template', async () => {
    const yaml = schemaText({
      variables: `
«na¦me»:
  source: NXS
  path: /entry/<name>
  value_type: string
other:
  source: VALUE
  value: <«name»>
  operator: str-replace
  pattern: <name>
  replacement: x
  value_type: string`,
    });
    const { ranges, at, offsets } = await openMarked(yaml, notation);
    const found = await client.request(ReferencesRequest.type, { ...at, context: { includeDeclaration: true } });
    expect(found?.map(({ range }) => offsets(range))).toEqual(ranges);
  });
});

describe('anchors and merge keys', () => {
  /** A cursor, and all places of what it is in. */
  const cases: readonly (readonly [what: string, marked: string, renamed: string, after: string])[] = [
    [
      'an anchor by its alias',
      'variables:\n  a: &«base» {source: NXS, path: /a, value_type: string}\n  b:\n    <<: *«ba¦se»\n    path: /b\n',
      'common',
      'variables:\n  a: &common {source: NXS, path: /a, value_type: string}\n  b:\n    <<: *common\n    path: /b\n',
    ],
    [
      'an anchor where it stands, with aliases in lists',
      'x: &b\n  k: 1\ny: &«b¦»\n  unit: K\nvariables:\n  a:\n    <<: [*«b»]\n  c: *«b»\n',
      'units',
      'x: &b\n  k: 1\ny: &units\n  unit: K\nvariables:\n  a:\n    <<: [*units]\n  c: *units\n',
    ],
    [
      'a variable in a text that others take by alias',
      'variables:\n  «na¦me»: {source: VALUE, value: x, value_type: string}\n  b: {source: VALUE, value: &text "<«name»>!", value_type: string}\n  c: {source: VALUE, value: *text, value_type: string}\n',
      'title',
      'variables:\n  title: {source: VALUE, value: x, value_type: string}\n  b: {source: VALUE, value: &text "<title>!", value_type: string}\n  c: {source: VALUE, value: *text, value_type: string}\n',
    ],
    [
      'a variable in a text that stands outside of all variables',
      'texts: [&text "<«name»>!"]\nvariables:\n  «na¦me»: {source: VALUE, value: x, value_type: string}\n  c: {source: VALUE, value: *text, value_type: string}\n',
      'title',
      'texts: [&text "<title>!"]\nvariables:\n  title: {source: VALUE, value: x, value_type: string}\n  c: {source: VALUE, value: *text, value_type: string}\n',
    ],
    [
      'a variable that a merge key takes in',
      'common: &common\n  «name»: {source: VALUE, value: x, value_type: string}\nvariables:\n  <<: *common\n  c: {source: VALUE, value: <«na¦me»>, value_type: string}\n',
      'title',
      'common: &common\n  title: {source: VALUE, value: x, value_type: string}\nvariables:\n  <<: *common\n  c: {source: VALUE, value: <title>, value_type: string}\n',
    ],
  ];

  it.each(cases)('finds and renames %s', async (_, marked, newName, after) => {
    const { document, ranges, at, offsets } = await openMarked(marked, 'yaml');
    const found = await client.request(ReferencesRequest.type, { ...at, context: { includeDeclaration: true } });
    const byStart = (a: { start: number }, b: { start: number }) => a.start - b.start;
    expect(found?.map(({ range }) => offsets(range)).sort(byStart)).toEqual(ranges);
    const [target] = (await client.request(DefinitionRequest.type, at)) as LocationLink[];
    const definition = target && offsets(target.targetSelectionRange);
    expect(ranges).toContainEqual(definition);
    expect(await client.request(PrepareRenameRequest.type, at)).not.toBeNull();
    const edit = await client.request(RenameRequest.type, { ...at, newName });
    const change = edit?.documentChanges?.[0] as TextDocumentEdit;
    const edits = change.edits.map((each) => each as never);
    expect(TextDocument.applyEdits(document, edits)).toBe(after);
  });

  it.each([
    ['ä', 'letters without accents'],
    ['a b', 'letters without accents'],
    ['other', 'already'],
  ])('does not rename an anchor to “%s”', async (newName, reason) => {
    const { at } = await openMarked('a: &on¦e 1\nb: &other 2\nc: *one\n', 'yaml');
    await expect(client.request(RenameRequest.type, { ...at, newName })).rejects.toThrow(reason);
  });
});

it('renames inside escapes and quotes of each style', async () => {
  const text = `variables:
  "na\\u006de":
    source: NXS
    path: /a
    value_type: string
  b:
    source: VALUE
    value: 'it''s <name>'
    value_type: string
  c:
    source: VALUE
    value: |
      one <name>
      two <name>
    value_type: string
`;
  const document = await client.open('untitled:escapes.imsc.yml', text);
  const edit = await client.request(RenameRequest.type, {
    textDocument: { uri: document.uri },
    position: document.positionAt(text.indexOf("<name>'") + 2),
    newName: 'title',
  });
  const change = edit?.documentChanges?.[0] as TextDocumentEdit;
  const expected = text.replace('na\\u006de', 'title').replaceAll('<name>', '<title>');
  expect(
    TextDocument.applyEdits(
      document,
      change.edits.map((each) => each as never),
    ),
  ).toBe(expected);
});

import { ResponseError } from 'vscode-languageserver';
import type {
  ClientCapabilities,
  DocumentSymbol,
  Location,
  LocationLink,
  Range,
  SelectionRange,
  SymbolInformation,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { afterAll, describe, expect, it } from 'vitest';
import type { ServerContext } from '../../../../server/context.ts';
import type { Snapshot } from '../../../../server/documents/snapshot.ts';
import { definition } from '../../../../server/features/definition.ts';
import { documentHighlight } from '../../../../server/features/documentHighlight.ts';
import { documentSymbol } from '../../../../server/features/documentSymbol.ts';
import { foldingRange } from '../../../../server/features/foldingRange.ts';
import { explainAt } from '../../../../server/features/hover.ts';
import { hintsOf } from '../../../../server/features/inlayHint.ts';
import { linkedEditing } from '../../../../server/features/linkedEditing.ts';
import { references } from '../../../../server/features/references.ts';
import { prepareRename, rename } from '../../../../server/features/rename.ts';
import { selectionRange } from '../../../../server/features/selectionRange.ts';
import { legend, semanticTokens } from '../../../../server/features/semanticTokens.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { evaluateWith, openSample, snapshotOf } from '../../../support/snapshots.ts';

/*
 * Every feature at every place of one schema. What comes out is written down beside this file; changed words are
 * written with `npx vitest run --project unit test/unit/server/features/everywhere.test.ts -u`, to be read before they
 * are committed.
 */
const file = await openSample();
afterAll(() => file.close());

const yaml = `order: 3
id: 0ab5cd4e-9d3f-4c4e-b0f7-5a1cb1a0a001
name: everything
instrument: coda
selector:
  or:
    - filename:contains:/coda/
    - and:
        - filename:starts_with:/nowhere
        - filename:ends_with:.hdf
variables:
  title:
    source: NXS
    path: /entry/title
    value_type: string
  temperature:
    source: NXS
    path: /entry/sample/temperature
    value_type: float
  wrong:
    source: NXS
    path: /entry/titel
    value_type: string
  names:
    source: NXS
    path: /entry/user_*/name
    value_type: string[]
  team:
    source: VALUE
    operator: join_with_space
    value: <names>
    value_type: string
  first:
    source: VALUE
    operator: getitem
    value: <names>
    field: 0
    value_type: string
  proposal:
    source: SC
    url: proposals/<title>?filter=%7B%22a%22%3A1%7D
    field: title
    value_type: string
schema:
  pid:
    field_type: high_level
    machine_name: pid
    value: <ingestor_run_id>
    type: string
  name:
    field_type: high_level
    machine_name: datasetName
    value: <title> by <team>, <wrong>
    type: string
  mail:
    field_type: high_level
    machine_name: ownerEmail
    value: nobody
    type: string
  mails:
    field_type: high_level
    machine_name: contactEmail
    value: ada@example.org
    type: string
  temperature:
    field_type: scientific_metadata
    machine_name: temperature
    human_name: Temperature
    value: <temperature>
    type: float
  parts:
    field_type: scientific_metadata
    machine_name: parts
    value: ['<first>', b]
    type: list
`;

/** What only YAML can say. */
const onlyYaml = `# A comment
# of two lines
variables: # behind a key
  a: &base
    source: NXS
    path: /entry/title
    # inside, alone
    value_type: string
  b: *base
  'c d': {source: VALUE, value: '<a> <b> <c d>', value_type: string}
  e: {
    source: VALUE,
    value: <a>,
    value_type: string
  }
schema:
  x:
    field_type: high_level
    machine_name: description
    value: |
      <a> and
      <now>

    type: string
`;

const can: ClientCapabilities = {
  workspace: { workspaceEdit: { documentChanges: true } },
  textDocument: { definition: { linkSupport: true }, documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
};
const workspace = { sharing: (snapshot: Snapshot) => Promise.resolve([snapshot]) };
const documents = { version: () => 1 };
const serverFor = (client: ClientCapabilities) => ({ client, workspace, documents }) as unknown as ServerContext;
const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };

const shownRange = (snapshot: Snapshot, range: Range): string =>
  `${range.start.line + 1}:${range.start.character + 1} ${JSON.stringify(
    snapshot.text.slice(snapshot.offsetAt(range.start), snapshot.offsetAt(range.end)),
  )}`;

const edited = (edit: WorkspaceEdit | null): string =>
  (edit?.documentChanges ?? [])
    .flatMap((change) => ('edits' in change ? change.edits : []))
    .map(
      (each) =>
        `${each.range.start.line + 1}:${each.range.start.character + 1} ${'newText' in each ? each.newText : ''}`,
    )
    .join(', ');

/** The places where something else begins: keys, values, and the names in templates. */
function placesIn({ text }: Snapshot): number[] {
  return [...text.matchAll(/(?<=<)[\w ]|[&*]\w|(?<![\w<%])[\w/]/g)].map(({ index }) => index);
}

describe.each([
  ...notations.map((notation) => ({ name: notation, notation, text: inNotation(yaml, notation) })),
  { name: 'yaml with anchors', notation: 'yaml' as const, text: onlyYaml },
])('in $name', ({ text, notation }) => {
  const { snapshot } = snapshotOf(text, notation);
  const textDocument = { uri: snapshot.uri };

  it('words are coloured', async () => {
    const { data } = await semanticTokens(snapshot, { textDocument }, never);
    const lines = snapshot.text.split('\n');
    let [line, start] = [0, 0];
    const shown: string[] = [];
    for (let at = 0; at < data.length; at += 5) {
      const [lineBy = 0, startBy = 0, length = 0, type = 0, bits = 0] = data.slice(at, at + 5);
      start = lineBy === 0 ? start + startBy : startBy;
      line += lineBy;
      const own = legend.tokenModifiers.filter((_, index) => (bits & (1 << index)) !== 0);
      shown.push(
        `${line + 1}:${start + 1} ${lines[line]?.slice(start, start + length) ?? ''}: ${[legend.tokenTypes[type], ...own].join(' ')}`,
      );
    }
    expect(`\n${shown.join('\n')}\n`).toMatchSnapshot();
  });

  it('parts are folded', async () => {
    const all = (await foldingRange(serverFor({}))(snapshot, { textDocument }, never)) ?? [];
    expect(
      `\n${all.map(({ startLine, endLine, kind = '' }) => `${startLine + 1}–${endLine + 1} ${kind}`.trim()).join('\n')}\n`,
    ).toMatchSnapshot();
    const few = foldingRange(serverFor({ textDocument: { foldingRange: { rangeLimit: 2 } } }));
    expect(await few(snapshot, { textDocument }, never)).toEqual(all.slice(0, 2));
  });

  it('the outline is shown, to editors that know trees and to others', async () => {
    const lineOf = (symbol: DocumentSymbol | SymbolInformation, depth: number): string[] => {
      const head = `${'  '.repeat(depth)}${symbol.name} (${symbol.kind})`;
      if ('location' in symbol)
        return [`${head} in ${symbol.containerName ?? ''}, ${symbol.location.range.start.line + 1}`];
      const { range, selectionRange: name, detail = '', children = [] } = symbol;
      const place = `${range.start.line + 1}–${range.end.line + 1}, ${shownRange(snapshot, name)}`;
      return [`${head} ${detail}: ${place}`, ...children.flatMap((child) => lineOf(child, depth + 1))];
    };
    for (const client of [can, {}]) {
      const symbols = (await documentSymbol(serverFor(client))(snapshot, { textDocument }, never)) ?? [];
      expect(`\n${symbols.flatMap((symbol) => lineOf(symbol, 0)).join('\n')}\n`).toMatchSnapshot();
    }
  });

  it('names lead to each other, and can be changed', async () => {
    const shown: string[] = [];
    const seen = new Set<string>();
    const shownTarget = (target: Location | LocationLink): string =>
      'uri' in target
        ? shownRange(snapshot, target.range)
        : `${shownRange(snapshot, target.targetSelectionRange)} in lines ${target.targetRange.start.line + 1}–${target.targetRange.end.line + 1}`;
    for (const offset of placesIn(snapshot)) {
      const at = { textDocument, position: snapshot.positionAt(offset) };
      const found = await definition(serverFor(can))(snapshot, at, never);
      const plain = await definition(serverFor({}))(snapshot, at, never);
      const newName = await rename(serverFor(can))(snapshot, { ...at, newName: 'renamed' }, never);
      const changed = await rename(serverFor({}))(snapshot, { ...at, newName: 'renamed' }, never);
      const may = await prepareRename(serverFor(can))(snapshot, at, never);
      if (!found && !newName && !may) continue;
      // The same is said wherever the name stands.
      const name =
        may instanceof ResponseError || may === null ? may?.message : JSON.stringify(may).replace(/.*placeholder/, '');
      if (seen.has(String(name))) continue;
      seen.add(String(name));
      const highlights = (await documentHighlight(snapshot, at, never)) ?? [];
      const all =
        (await references(serverFor(can))(snapshot, { ...at, context: { includeDeclaration: true } }, never)) ?? [];
      const uses =
        (await references(serverFor(can))(snapshot, { ...at, context: { includeDeclaration: false } }, never)) ?? [];
      const linked = await linkedEditing(snapshot, at, never);
      shown.push(
        `${at.position.line + 1}:${at.position.character + 1}`,
        ...(found ?? []).map((target) => `  goes to ${shownTarget(target)}`),
        ...(plain ?? []).map((target) => `  or ${shownTarget(target)}`),
        `  lit: ${highlights.map(({ range, kind }) => `${shownRange(snapshot, range)} ${kind ?? ''}`).join(', ')}`,
        `  all: ${all.map(({ range }) => shownRange(snapshot, range)).join(', ')}`,
        `  used: ${uses.map(({ range }) => shownRange(snapshot, range)).join(', ')}`,
        `  linked: ${linked?.ranges.map((range) => shownRange(snapshot, range)).join(', ') ?? 'no'}`,
        `  may be renamed: ${may instanceof ResponseError ? may.message : JSON.stringify(may)}`,
        `  renamed: ${newName instanceof ResponseError ? newName.message : edited(newName)}`,
      );
      if (changed instanceof ResponseError) expect(newName).toBeInstanceOf(ResponseError);
      else if (changed) expect(Object.keys(changed)).toEqual(['changes']);
    }
    expect(`\n${shown.join('\n')}\n`).toMatchSnapshot();
  });

  it.each([
    ['', 'A variable needs a name.'],
    ['a>b', '>'],
    ['now', 'now'],
  ])('a variable cannot be called %j', async (newName, says) => {
    const offset = snapshot.occurrences.all.find(({ kind }) => kind === 'definition')?.nameRange.start ?? 0;
    const at = { textDocument, position: snapshot.positionAt(offset), newName };
    const refused = await rename(serverFor(can))(snapshot, at, never);
    expect(refused).toBeInstanceOf(ResponseError);
    if (refused instanceof ResponseError) expect(refused.message).toContain(says);
  });

  it('a selection grows step by step', async () => {
    const positions = placesIn(snapshot).map((offset) => snapshot.positionAt(offset));
    const found = (await selectionRange(snapshot, { textDocument, positions }, never)) ?? [];
    const steps = ({ range, parent }: SelectionRange): string[] => [
      JSON.stringify(snapshot.text.slice(snapshot.offsetAt(range.start), snapshot.offsetAt(range.end)).slice(0, 40)),
      ...(parent ? steps(parent) : []),
    ];
    expect(`\n${found.map((each) => steps(each).join(' < ')).join('\n')}\n`).toMatchSnapshot();
  });

  it.runIf(notation === 'yaml').each(['with a sample', 'without'])('everything is explained, %s', async (how) => {
    const evaluation = await evaluateWith(text, notation, file);
    const knowledge = how === 'without' ? {} : { evaluation, file };
    const shown = new Set<string>();
    const told = new Set<string>();
    for (const offset of placesIn(snapshot)) {
      const found = await explainAt(snapshot, offset, knowledge);
      const { start, end } = found?.range ?? { start: offset, end: offset };
      // A key is explained in the same way wherever it stands.
      if (found && !told.has(found.markdown))
        shown.add(
          `${shownRange(snapshot, snapshot.rangeOf({ start, end }))}\n${found.markdown.replaceAll(/^/gm, '  ')}`,
        );
      if (found) told.add(found.markdown);
    }
    expect(`\n${[...shown].join('\n').replaceAll(file.path, 'FILE')}\n`).toMatchSnapshot();
  });

  it('values stand beside the lines', async () => {
    const hints = hintsOf(snapshot, await evaluateWith(text, notation, file));
    const shown = hints.map(
      ({ offset, label, tooltip }) =>
        `${snapshot.positionAt(offset).line + 1} ${JSON.stringify(snapshot.text.slice(Math.max(0, offset - 12), offset))} ${label}  ${JSON.stringify(tooltip)}`,
    );
    expect(`\n${shown.join('\n').replaceAll(file.path, 'FILE')}\n`).toMatchSnapshot();
  });
});

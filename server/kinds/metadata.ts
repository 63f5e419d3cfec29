import { CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver';
import type { CodeLens, CompletionItem } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { runsPrograms } from '../../core/files/host/host.ts';
import { writeScalar } from '../../core/imsc/edits/writeScalar.ts';
import { entries, keyText, nodeAt } from '../../core/imsc/tree/tree.ts';
import { givableFields, metadataProblems, readMetadata } from '../../core/ingest/metadata/metadataFile.ts';
import type { DatasetField } from '../../core/scicat/datasetFields.ts';
import { datasetField } from '../../core/scicat/datasetFields.ts';
import { commonUnits } from '../../core/units/commonUnits.ts';
import { fileOf } from '../documents/documentKind.ts';
import { explainGivenField } from '../explain/explain.ts';
import type { KindEntry } from './kind.ts';
import type { Choice, KnownChoices } from '../samples/knownChoices.ts';

/** What is offered; any other may be written. */
const units: readonly string[] = [...commonUnits, 'counts', '%'];

/** Documents with a person's metadata, `*.imsc.metadata.yml`. */
export const metadataKind: KindEntry = {
  problems: (document) => metadataProblems(readMetadata(document.getText(), fileOf(document.uri))),
  complete: (document, offset, { choices }) => complete(document, offset, choices),
  explain: (document, offset) => {
    const { tree } = readMetadata(document.getText());
    const steps = nodeAt(tree, offset);
    const last = steps.at(-1);
    if (last?.part !== 'key' || last.node.kind !== 'scalar' || steps.length !== 2) return undefined;
    const field = datasetField(tree.text.slice(last.node.range.start, last.node.range.end));
    return field && { markdown: explainGivenField(field), range: last.node.range };
  },
  lenses: ({ uri }) => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const lens = (title: string, command: string): CodeLens => ({
      range,
      command: { title, command, arguments: [uri] },
    });
    if (!runsPrograms()) return [];
    return [lens('Ingest', 'imsc.ingestWithMetadata'), lens('Preview', 'imsc.previewMetadata')];
  },
};

function complete(document: TextDocument, offset: number, choices: KnownChoices): CompletionItem[] {
  const text = document.getText();
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, offset);
  const key = /^([A-Za-z]*)$/.exec(line);
  if (key) return fieldItems(document, start, offset);
  const unit = /\bunit:\s*(\S*)$/.exec(line);
  if (unit)
    return units.map((each) => item(document, offset - (unit[1] ?? '').length, offset, each, CompletionItemKind.Unit));
  const value = /^([A-Za-z]+):\s*(.*)$/.exec(line);
  const owner = value?.[1] ?? listOwner(text, start, line);
  const field = owner === undefined ? undefined : datasetField(owner);
  if (!field)
    return isBelowMetadata(text, start) && /^\s+[^\s:#]+:\s*$/.test(line) ? [quantityItem(document, offset)] : [];
  const typed = /[^\s[,]*$/.exec(line)?.[0] ?? '';
  return valuesFor(field, choices).map((each) => ({
    ...item(document, offset - typed.length, offset, each.value, CompletionItemKind.Value, written(each.value)),
    ...(each.about !== '' && { detail: each.about }),
  }));
}

/** The field whose list an item is written in. */
function listOwner(text: string, start: number, line: string): string | undefined {
  if (!/^\s*-\s/.test(line)) return undefined;
  const above = text
    .slice(0, start)
    .split('\n')
    .findLast((each) => each !== '' && !/^\s*(?:-|#)/.test(each));
  return above === undefined ? undefined : /^([A-Za-z]+):\s*$/.exec(above)?.[1];
}

function isBelowMetadata(text: string, start: number): boolean {
  const owner = text
    .slice(0, start)
    .split('\n')
    .findLast((each) => /^[^\s#]/.test(each));
  return owner?.startsWith('scientificMetadata:') ?? false;
}

function fieldItems(document: TextDocument, start: number, offset: number): CompletionItem[] {
  const { tree } = readMetadata(document.getText());
  const there = new Set(tree.root?.kind === 'map' ? entries(tree.root).map(keyText) : []);
  const rest = document.getText().slice(offset).split('\n', 1)[0] ?? '';
  const colon = rest.includes(':') ? '' : ': ';
  const metadata = datasetField('scientificMetadata');
  return [...givableFields, ...(metadata ? [metadata] : [])].flatMap((field) => {
    const { name, summary } = field;
    if (there.has(name)) return [];
    const made = item(
      document,
      start,
      offset,
      name,
      CompletionItemKind.Field,
      name + (name === 'scientificMetadata' ? colon.trimEnd() : colon),
    );
    return [
      { ...made, detail: summary, documentation: { kind: MarkupKind.Markdown, value: explainGivenField(field) } },
    ];
  });
}

/** What may fill a field: what SciCat has said. For what is free text nothing is offered: Enter would take it. */
function valuesFor({ name }: DatasetField, choices: KnownChoices): readonly Choice[] {
  const known = choices.of(name);
  if (known.length > 0) return known;
  if (name === 'type') return ['raw', 'derived'].map((value) => ({ value, about: '' }));
  if (name === 'creationTime' || name === 'startTime' || name === 'endTime')
    return [{ value: new Date().toISOString(), about: 'now' }];
  return [];
}

function written(text: string): string {
  return writeScalar({ kind: 'string', value: text }, 'yaml', true);
}

function quantityItem(document: TextDocument, offset: number): CompletionItem {
  const made = item(
    document,
    offset,
    offset,
    '{ value: , unit: }',
    CompletionItemKind.Snippet,
    '{ value: $1, unit: $2 }',
  );
  return { ...made, insertTextFormat: InsertTextFormat.Snippet, detail: 'a value with its unit' };
}

function item(
  document: TextDocument,
  start: number,
  end: number,
  label: string,
  kind: CompletionItemKind,
  newText = label,
): CompletionItem {
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  return { label, kind, filterText: label, textEdit: { range, newText } };
}

import type { CompletionItemKind } from 'vscode-languageserver';
import type { TextEdit, TextRange } from '../../../core/problems/problem.ts';
import { encodeText, textOffsetOf } from '../../../core/imsc/tree/scalarText.ts';
import type { ScalarNode, Tree } from '../../../core/imsc/tree/tree.ts';
import { writeScalar } from '../../../core/imsc/edits/writeScalar.ts';
import { isKnownTo, whoKnows } from '../../../core/imsc/language/dialects.ts';
import type { DialectName, KnownTo } from '../../../core/imsc/language/dialects.ts';
import type { NexusFile } from '../../../core/nexus/model.ts';
import { nextCharacter, onCursorLine, previousCharacter } from '../../documents/place.ts';
import type { Place } from '../../documents/place.ts';
import type { Outcomes } from '../../samples/outcomes.ts';
import type { Snapshot } from '../../documents/snapshot.ts';

/** Where the long documentation of a proposal comes from, asked for only when it is looked at. */
export type Topic =
  | {
      readonly kind: 'key' | 'source' | 'operator' | 'type' | 'field-type' | 'field' | 'problem' | 'selector';
      readonly name: string;
    }
  | { readonly kind: 'variable'; readonly name: string; readonly uri: string }
  | { readonly kind: 'nexus'; readonly path: string; readonly uri: string };

/** Something that may be typed at a place; offsets in the text. */
export interface Proposal {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly edit: TextEdit;
  /** The text of `edit` is a snippet, with placeholders. */
  readonly isSnippet?: boolean;
  /** What typed letters are compared with, from the start of `edit` on. */
  readonly filter: string;
  /** Proposals come in the order of their ranks, and of their places in the list. */
  readonly rank: number;
  /** Behind the label. */
  readonly description?: string;
  readonly detail?: string;
  readonly documentation?: string;
  readonly topic?: Topic;
  /** Further edits elsewhere, such as a comma. */
  readonly also?: readonly TextEdit[];
  /** Whether to go on with proposals for what comes next. */
  readonly goesOn?: boolean;
  readonly preselect?: boolean;
}

/** A schema that another one can import. */
export interface Importable {
  readonly id: string;
  readonly name: string;
  /** Without its folder. */
  readonly file: string;
}

/** What an edit at the cursor is made from, in a document of any kind. */
export interface EditContext {
  readonly snapshot: Pick<Snapshot, 'tree'>;
  readonly place: Place;
  readonly offset: number;
}

/** What proposals for a schema are made from. */
export interface CompletionContext extends EditContext {
  readonly snapshot: Snapshot;
  /** The newest evaluation, maybe of an older version of the text. */
  readonly evaluation: Outcomes | undefined;
  /** The open sample. */
  readonly file: NexusFile | undefined;
  readonly dialect: DialectName;
}

export interface Proposals {
  readonly items: readonly Proposal[];
  /** True where typing on may bring others. */
  readonly incomplete?: boolean;
}

/** Whether a quoted text has its second quote. */
function isClosed({ source, style }: ScalarNode): boolean {
  const quote = style === 'single-quoted' ? "'" : '"';
  if (source.length < 2 || !source.endsWith(quote)) return false;
  // A backslash before the quote keeps the text open.
  return quote === "'" || (/\\*$/.exec(source.slice(0, -1))?.[0].length ?? 0) % 2 === 0;
}

function quoteOf({ source, style }: ScalarNode): string | undefined {
  if (style === 'single-quoted') return "'";
  return style === 'double-quoted' || (style === 'json' && source.startsWith('"')) ? '"' : undefined;
}

/** Puts a text in the place of a whole value, quoted as the place asks for it; undefined where that cannot be. */
export function replaceValue({ snapshot: { tree }, place, offset }: EditContext, text: string): TextEdit | undefined {
  const { scalar } = place;
  if (scalar?.style === 'block-literal' || scalar?.style === 'block-folded') return undefined;
  const quote = scalar && quoteOf(scalar);
  if (scalar && quote !== undefined) {
    const encoded = encodeText(text, scalar.style, place.inFlow);
    if (encoded === undefined) return undefined;
    const start = textOffsetOf(scalar, 0);
    return isClosed(scalar)
      ? lineEdit(tree, offset, { start, end: scalar.range.end - 1 }, encoded)
      : lineEdit(tree, offset, { start, end: offset }, encoded + quote);
  }
  const written = writeScalar({ kind: 'string', value: text }, tree.notation, place.inFlow);
  if (scalar && place.cursor <= scalar.source.length && offset <= scalar.range.end) {
    return lineEdit(tree, offset, scalar.range, written);
  }
  if (scalar) return undefined;
  const { before, after } = separators(tree, offset);
  return { range: { start: offset, end: offset }, newText: before + written + after };
}

/** What must stand around a new value: a blank behind the colon, a comma before the next entry. */
export function separators({ text, notation }: Tree, offset: number): { before: string; after: string } {
  const last = text[offset - 1] ?? '\n';
  const before = last === ':' || (notation === 'yaml' && last === '-') ? ' ' : '';
  const after = notation === 'json' && /["{[]/.test(nextCharacter(text, offset)) ? ',' : '';
  return { before, after };
}

/** The comma before the next entry, where a new one is put in front of it. */
export function commaAfter({ text, notation }: Tree, offset: number): string {
  const next = nextCharacter(text, offset);
  if (!/["'A-Za-z<{]/.test(next)) return '';
  // In YAML the next line may belong to another map, as long as the bracket is missing.
  return notation === 'json' || !text.slice(offset, text.indexOf(next, offset)).includes('\n') ? ',' : '';
}

/** A comma behind what precedes a new entry or item, where there is none yet. */
export function commaBefore({ text }: Tree, offset: number): TextEdit[] {
  const previous = previousCharacter(text, offset);
  if (['{', '[', ',', ':', ''].includes(previous)) return [];
  const at = text.slice(0, offset).trimEnd().length;
  return [{ range: { start: at, end: at }, newText: ',' }];
}

/** Replaces a part of the decoded text of a value, or begins the value. */
export function replacePart(
  context: CompletionContext,
  start: number,
  end: number,
  text: string,
): TextEdit | undefined {
  const { place, offset, snapshot } = context;
  const { scalar } = place;
  if (!scalar) return replaceValue(context, text);
  const isText = scalar.value.kind === 'string';
  const quote = quoteOf(scalar);
  // A bare word in JSON is not text yet.
  const isBare = quote === undefined && snapshot.notation === 'json';
  const encoded = isBare ? undefined : encodeText(text, scalar.style, place.inFlow);
  if (encoded === undefined || !isText) {
    return replaceValue(context, place.text.slice(0, start) + text + place.text.slice(end));
  }
  const { length } = scalar.value.value;
  const range = {
    // Blanks that follow a plain text are not yet a part of it.
    start: start > length ? scalar.range.end + start - length : textOffsetOf(scalar, start),
    end: offset > scalar.range.end ? offset : textOffsetOf(scalar, Math.min(end, length)),
  };
  if (quote !== undefined && !isClosed(scalar)) {
    return lineEdit(snapshot.tree, offset, { start: range.start, end: offset }, encoded);
  }
  return lineEdit(snapshot.tree, offset, range, encoded);
}

function lineEdit({ text }: Tree, offset: number, range: TextRange, newText: string): TextEdit {
  return { range: onCursorLine(text, offset, range), newText };
}

/** Text for the inside of a snippet. */
export function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}

/** A snippet for a client that knows none. */
export function withoutPlaceholders(snippet: string): string {
  return snippet
    .replaceAll(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:((?:\\.|[^\\}])*)\}/g, '$1')
    .replaceAll(/\$\d+/g, '')
    .replaceAll(/\\([\\$}])/g, '$1');
}

/** By how much this text is indented further per level. */
export function stepOf({ text }: Tree): number {
  const found = /^[^\s#][^\n]*\n(?:[ \t]*(?:#[^\n]*|\/\/[^\n]*)?\n)*( +)\S/m.exec(text);
  return Math.min(found?.[1]?.length ?? 2, 8);
}

/** What is proposed where it can be written; nothing where not. */
export function withEdit(edit: TextEdit | undefined, proposal: Omit<Proposal, 'edit'>): Proposal[] {
  return edit ? [{ ...proposal, edit }] : [];
}

/** What the dialect at hand does not know comes last, and says who does. */
export function inDialect<P extends Pick<Proposal, 'rank' | 'description'>>(
  { dialect }: CompletionContext,
  entry: KnownTo,
  proposal: P,
): P {
  if (isKnownTo(entry, dialect)) return proposal;
  return { ...proposal, rank: proposal.rank + strangersRank, description: `only ${whoKnows(entry) ?? ''}` };
}

const strangersRank = 10;

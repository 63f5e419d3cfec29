import { CompletionItemKind, InsertTextFormat, InsertTextMode, MarkupKind } from 'vscode-languageserver';
import type { CompletionItem } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { writeScalar } from '../../core/imsc/edits/writeScalar.ts';
import { parseByContent, parseTree } from '../../core/imsc/tree/parse.ts';
import { keyText } from '../../core/imsc/tree/tree.ts';
import type { Tree } from '../../core/imsc/tree/tree.ts';
import type { Value } from '../../core/imsc/values/values.ts';
import { placeAt } from '../documents/place.ts';
import type { Place } from '../documents/place.ts';
import { keyEdit } from '../features/completion/keys.ts';
import { replaceValue, separators, stepOf } from '../features/completion/proposal.ts';
import type { EditContext } from '../features/completion/proposal.ts';
import type { Later } from './kind.ts';

/** A key that may stand in a map. */
export interface OfferedKey {
  readonly name: string;
  readonly spellings?: readonly string[];
  /** What follows it: `value` for a number or a switch, `maps` for a list of maps. */
  readonly holds: 'text' | 'value' | 'list' | 'map' | 'maps';
  readonly detail?: string;
  readonly markdown?: string;
}

export interface OfferedValue {
  readonly value: Value;
  readonly detail?: string;
  readonly markdown?: string;
}

/**
 * What may be typed in a kind of document, by the way of keys from the root, with `#` for an item of a list. The same in
 * both notations, in blocks and in braces.
 */
export interface Offers {
  /** The keys of the map at a path; undefined where there is none. */
  readonly keysAt: (path: readonly string[]) => readonly OfferedKey[] | undefined;
  readonly valuesAt: (path: readonly string[]) => Later<readonly OfferedValue[]>;
}

/** The text as a tree; what begins as JSON does stays that, however little of it is typed. */
export function treeOf(document: TextDocument): Tree {
  const text = document.getText();
  const isJson =
    document.languageId.startsWith('json') || /\.json$/i.test(document.uri) || /^\ufeff?\s*\{\s*"/.test(text);
  return isJson ? parseTree(text, 'json') : parseByContent(text);
}

/** What may be typed at a cursor. */
export async function completeFrom(
  document: TextDocument,
  offset: number,
  { keysAt, valuesAt }: Offers,
): Promise<CompletionItem[]> {
  const tree = treeOf(document);
  const holdsMap = (path: readonly string[]): boolean => keysAt(path) !== undefined;
  const found = placeAt(tree, offset, { holdsMap, holdsText: (path) => !holdsMap(path) });
  // Without its braces JSON has no keys.
  if (!found || (tree.notation === 'json' && !tree.root)) return [];
  const place = keyPlaceOf(found, offset, document, holdsMap);
  const context = { snapshot: { tree }, place, offset };
  return place.part === 'key'
    ? keyItems(document, context, keysAt(place.path) ?? [])
    : valueItems(document, context, await valuesAt(place.path));
}

/** What begins the item of a list of maps is the first key of one. */
function keyPlaceOf(
  place: Place,
  offset: number,
  document: TextDocument,
  holdsMap: (path: readonly string[]) => boolean,
): Place {
  if (place.part === 'key' || place.inFlow || place.path.at(-1) !== '#' || !holdsMap(place.path)) return place;
  const { character } = document.positionAt(place.scalar?.range.start ?? offset);
  return { ...place, part: 'key', map: undefined, entry: undefined, indent: character };
}

function keyItems(document: TextDocument, context: EditContext, keys: readonly OfferedKey[]): CompletionItem[] {
  const { map, entry } = context.place;
  const there = new Set(map?.entries.filter((each) => each !== entry).map(keyText));
  return keys.flatMap((key, index): CompletionItem[] => {
    const { name, spellings = [], detail, markdown, holds } = key;
    if ([name, ...spellings].some((each) => there.has(each))) return [];
    const made = keyEdit(context, name, behind(context, holds));
    const { edit, filter, also, isSnippet } = made;
    return [
      {
        label: name,
        kind: holds === 'map' || holds === 'maps' ? CompletionItemKind.Module : CompletionItemKind.Property,
        sortText: String(index).padStart(5, '0'),
        filterText: filter,
        textEdit: { range: rangeOf(document, edit.range), newText: edit.newText },
        insertTextFormat: isSnippet === true ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        // The editor would add the indentation of the line to each further one.
        insertTextMode: InsertTextMode.asIs,
        ...(detail !== undefined && { detail }),
        ...(markdown !== undefined && { documentation: { kind: MarkupKind.Markdown, value: markdown } }),
        ...(also && {
          additionalTextEdits: also.map((each) => ({ range: rangeOf(document, each.range), newText: each.newText })),
        }),
      },
    ];
  });
}

/** What follows the colon of a key, as a snippet. */
function behind({ snapshot: { tree }, place: { inFlow, indent } }: EditContext, holds: OfferedKey['holds']): string {
  const isJson = tree.notation === 'json';
  const step = ' '.repeat(stepOf(tree));
  const outer = ' '.repeat(indent);
  switch (holds) {
    case 'value':
      return ' $0';
    case 'text':
      return isJson ? ' "$1"' : ' $0';
    case 'list':
      return isJson || inFlow ? ' [$1]' : ' $0';
    case 'map':
      if (isJson) return ` {\n${outer}${step}$1\n${outer}}`;
      return inFlow ? ' { $1 }' : `\n${outer}${step}$0`;
    case 'maps':
      if (isJson) return ` [\n${outer}${step}{ $1 }\n${outer}]`;
      return inFlow ? ' [{ $1 }]' : `\n${outer}${step}- $0`;
  }
}

function valueItems(document: TextDocument, context: EditContext, values: readonly OfferedValue[]): CompletionItem[] {
  return values.flatMap(({ value, detail, markdown }, index): CompletionItem[] => {
    const edit = value.kind === 'string' ? replaceValue(context, value.value) : bareEdit(context, value);
    if (!edit) return [];
    const label = value.kind === 'string' ? value.value : edit.newText.trim().replace(/,$/, '');
    const { scalar } = context.place;
    const quote = edit.range.start === scalar?.range.start ? (/^["']/.exec(scalar.source)?.[0] ?? '') : '';
    return [
      {
        label,
        kind: CompletionItemKind.Value,
        sortText: String(index).padStart(5, '0'),
        filterText: quote + label,
        textEdit: { range: rangeOf(document, edit.range), newText: edit.newText },
        ...(detail !== undefined && { detail }),
        ...(markdown !== undefined && { documentation: { kind: MarkupKind.Markdown, value: markdown } }),
      },
    ];
  });
}

/** A number or a switch, which has no quotes. */
function bareEdit({ snapshot: { tree }, place: { scalar, inFlow }, offset }: EditContext, value: Value) {
  const written = writeScalar(value, tree.notation, inFlow);
  if (scalar) return { range: scalar.range, newText: written };
  const { before, after } = separators(tree, offset);
  return { range: { start: offset, end: offset }, newText: before + written + after };
}

function rangeOf(document: TextDocument, { start, end }: { readonly start: number; readonly end: number }) {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

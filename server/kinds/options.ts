import { CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver';
import type { CompletionItem } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { describeOption } from '../../core/config/configSchema.ts';
import { describeExpected } from '../../core/config/configValue.ts';
import { Secret } from '../../core/config/secret.ts';
import type { OptionTable } from '../../core/config/options.ts';
import { entries, keyText, nodeAt } from '../../core/imsc/tree/tree.ts';
import type { Node } from '../../core/imsc/tree/tree.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { KindEntry } from './kind.ts';

type Item = OptionTable[string];

/** A file of options: what is offered and explained in it is made from their table. */
export function optionsKind(table: OptionTable, problems: KindEntry['problems']): KindEntry {
  return {
    problems: (document) => [...problems(document), ...secretsIn(document, table)],
    complete: (document, offset) => complete(document, offset, table),
    explain: (document, offset) => {
      const steps = nodeAt(parseByContent(document.getText()), offset);
      const last = steps.at(-1);
      if (last?.part !== 'key') return undefined;
      const names = steps.flatMap(({ entry, part }) =>
        entry && (part === 'value' || part === 'key') ? keyText(entry) : [],
      );
      const item = itemAt(table, names);
      return item && { markdown: explained(item), range: last.node.range };
    },
  };
}

/** An option, a section or a list by the names of the keys around it; list items have no name. */
function itemAt(table: OptionTable, names: readonly string[]): Item | undefined {
  const [name = '', ...rest] = names;
  const item = Object.entries(table).find(([key, each]) => key === name || spellingsOf(each).includes(name))?.[1];
  if (rest.length === 0 || !item) return item;
  return item.kind === 'option' ? undefined : itemAt(item.options, rest);
}

const spellingsOf = (item: Item): readonly string[] => (item.kind === 'option' ? (item.spellings ?? []) : []);

function explained(item: Item): string {
  if (item.kind !== 'option') return item.summary;
  const usual =
    item.default instanceof Secret || item.default === '' ? '' : `\n\nDefault: \`${JSON.stringify(item.default)}\``;
  return `${describeOption(item)}\n\nTakes ${describeExpected(item)}.${usual}`;
}

/** Tokens that are written into the file, where others who read it find them. */
function secretsIn(document: TextDocument, table: OptionTable): Problem[] {
  return secretsBelow(parseByContent(document.getText()).root, table);
}

function secretsBelow(node: Node | undefined, table: OptionTable): Problem[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => secretsBelow(item, table));
  if (node?.kind !== 'map') return [];
  return entries(node).flatMap((entry) => {
    const item = itemAt(table, [keyText(entry)]);
    const { value } = entry;
    if (item?.kind !== 'option') return item && value ? secretsBelow(value, item.options) : [];
    const isGiven = value?.kind === 'scalar' && value.value.kind === 'string' && value.value.value !== '';
    if (item.type !== 'secret' || !isGiven) return [];
    const message = `A ${keyText(entry)} does not belong into this file, which others read or copy: set SCICAT_TOKEN, or name a file of its own with token_file.`;
    return [problem('config-insecure', message, value.range)];
  });
}

/** The keys around a line of YAML, the outermost first: those above it that are written less deep, each less than the one below. */
function keysAround(lines: readonly string[], depth: number): string[] {
  const names: string[] = [];
  let inner = depth;
  for (const line of lines.toReversed()) {
    const [, dash = '', name] = /^(\s*(?:-\s+)?)([\w-]+)\s*:/.exec(line) ?? [];
    if (name === undefined || dash.length >= inner) continue;
    // What begins an item of a list stands as deep as the dash; the list's own key is above that.
    inner = dash.includes('-') ? dash.indexOf('-') + 1 : dash.length;
    if (!dash.includes('-')) names.unshift(name);
  }
  return names;
}

function complete(document: TextDocument, offset: number, table: OptionTable): CompletionItem[] {
  const text = document.getText();
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, offset);
  const above = text.slice(0, start).split('\n');
  const key = /^(\s*(?:-\s+)?)([\w-]*)$/.exec(line);
  if (key) {
    const [, indent = '', typed = ''] = key;
    const around = keysAround(above, indent.includes('-') ? indent.indexOf('-') + 1 : indent.length);
    const inside = around.length === 0 ? undefined : itemAt(table, around);
    if (around.length > 0 && (!inside || inside.kind === 'option')) return [];
    if (inside?.kind === 'list' && indent === '') return [];
    const options = inside && inside.kind !== 'option' ? inside.options : table;
    const there = namesBeside(text.split('\n'), above.length - 1, indent.replace('-', ' ').length);
    return keyItems(document, offset - typed.length, offset, options, there, indent);
  }
  const value = /^(\s*(?:-\s+)?)([\w-]+):\s+(\S*)$/.exec(line);
  if (!value) return [];
  const [, indent = '', name = '', typed = ''] = value;
  const item = itemAt(table, [
    ...keysAround(above, indent.includes('-') ? indent.indexOf('-') + 1 : indent.length),
    name,
  ]);
  if (item?.kind !== 'option') return [];
  const values = item.allowed ?? (item.type === 'boolean' ? [true, false] : []);
  return values.map((each) => ({
    label: String(each),
    kind: CompletionItemKind.Value,
    textEdit: { range: rangeOf(document, offset - typed.length, offset), newText: String(each) },
  }));
}

/** The keys that stand beside a line already, as deep as it. */
function namesBeside(lines: readonly string[], at: number, depth: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const step of [-1, 1]) {
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      const [, indent = '', name] = /^(\s*(?:-\s+)?)([\w-]+)\s*:/.exec(lines[index] ?? '') ?? [];
      if (name === undefined) continue;
      if (indent.length < depth) break;
      if (indent.length === depth) names.add(name);
      if (indent.includes('-') && indent.length <= depth) break;
    }
  }
  return names;
}

function keyItems(
  document: TextDocument,
  start: number,
  offset: number,
  options: OptionTable,
  there: ReadonlySet<string>,
  indent: string,
): CompletionItem[] {
  const rest = document.getText().slice(offset).split('\n', 1)[0] ?? '';
  const below = ' '.repeat(indent.length + 2);
  const behind: Readonly<Record<Item['kind'], string>> = {
    option: ': $0',
    section: `:\n${below}$0`,
    list: `:\n${below}- $0`,
  };
  return Object.entries(options).flatMap(([name, item]) => {
    if ([name, ...spellingsOf(item)].some((each) => there.has(each))) return [];
    const newText = rest.includes(':') ? name : name + behind[item.kind];
    return [
      {
        label: name,
        kind: item.kind === 'option' ? CompletionItemKind.Property : CompletionItemKind.Module,
        detail: item.summary,
        documentation: { kind: MarkupKind.Markdown, value: explained(item) },
        insertTextFormat: InsertTextFormat.Snippet,
        // The editor would add the indentation of the line to each further one.
        insertTextMode: 1 as const,
        textEdit: { range: rangeOf(document, start, offset), newText },
      },
    ];
  });
}

function rangeOf(
  document: TextDocument,
  start: number,
  end: number,
): { start: ReturnType<TextDocument['positionAt']>; end: ReturnType<TextDocument['positionAt']> } {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

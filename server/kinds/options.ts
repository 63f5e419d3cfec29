import type { TextDocument } from 'vscode-languageserver-textdocument';
import { describeOption } from '../../core/config/configSchema.ts';
import { describeExpected } from '../../core/config/configValue.ts';
import { Secret } from '../../core/config/secret.ts';
import type { Option, OptionTable } from '../../core/config/options.ts';
import { entries, keyText, nodeAt } from '../../core/imsc/tree/tree.ts';
import type { Node } from '../../core/imsc/tree/tree.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { Value } from '../../core/imsc/values/values.ts';
import type { KindEntry } from './kind.ts';
import { completeFrom, treeOf } from './offers.ts';
import type { OfferedKey, Offers } from './offers.ts';

type Item = OptionTable[string];

/** A file of options: what is offered and explained in it is made from their table. */
export function optionsKind(table: OptionTable, problems: KindEntry['problems']): KindEntry {
  return {
    problems: async (document, around) => [...(await problems(document, around)), ...secretsIn(document, table)],
    complete: (document, offset) => completeFrom(document, offset, offersOf(table)),
    explain: (document, offset) => {
      const steps = nodeAt(treeOf(document), offset);
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

/** The options of a table by their places. */
function offersOf(table: OptionTable): Offers {
  const at = (path: readonly string[]): Item | undefined =>
    itemAt(
      table,
      path.filter((name) => name !== '#'),
    );
  return {
    keysAt: (path) => {
      if (path.length === 0) return keysOf(table);
      const item = at(path);
      // A list of things has no keys, each of its items has.
      const isItem = path.at(-1) === '#';
      return item?.kind === (isItem ? 'list' : 'section') ? keysOf(item.options) : undefined;
    },
    valuesAt: (path) => {
      const item = at(path);
      if (item?.kind !== 'option') return [];
      const values = item.allowed ?? item.items ?? (item.type === 'boolean' ? [true, false] : []);
      return values.flatMap((each) => {
        const value = valueFrom(each);
        return value ? [{ value }] : [];
      });
    },
  };
}

function keysOf(options: OptionTable): OfferedKey[] {
  return Object.entries(options).map(([name, item]): OfferedKey => {
    const holds = item.kind === 'option' ? heldBy(item) : item.kind === 'section' ? 'map' : 'maps';
    return { name, spellings: spellingsOf(item), holds, detail: item.summary, markdown: explained(item) };
  });
}

function heldBy({ type }: Option<unknown>): OfferedKey['holds'] {
  switch (type) {
    case 'boolean':
    case 'integer':
    case 'number':
      return 'value';
    case 'text':
    case 'secret':
      return 'text';
    case 'texts':
    case 'names':
    case 'numbers':
      return 'list';
    case 'headers':
    case 'map':
      return 'map';
  }
}

function valueFrom(value: unknown): Value | undefined {
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  return typeof value === 'string' ? { kind: 'string', value } : undefined;
}

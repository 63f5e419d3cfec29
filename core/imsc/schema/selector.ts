import { unseenIn } from '../../text/alike.ts';
import { selectorFunctions, selectorSources } from '../language/selectorFunctions.ts';
import { entries, entryOf, keyText } from '../tree/tree.ts';
import type { ListNode, MapNode, Node, ScalarNode } from '../tree/tree.ts';
import type { TextRange } from '../../problems/problem.ts';
import { lookup } from '../language/registry.ts';

/** A selector as it was written, understood; what cannot be understood is `invalid` and never matches. */
export type Selector =
  | { readonly kind: 'always'; readonly range: TextRange }
  | {
      readonly kind: 'condition';
      readonly source: string;
      readonly function: string;
      readonly operand: string;
      readonly range: TextRange;
      /** The three parts in the decoded text of a condensed selector, or the nodes of an expanded one. */
      readonly node: ScalarNode | MapNode;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Selector[]; readonly range: TextRange }
  | { readonly kind: 'invalid'; readonly reason: SelectorFault; readonly text: string; readonly range: TextRange };

export type SelectorFault =
  | 'wrong-number-of-parts'
  | 'unknown-source'
  | 'unknown-function'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'no-list';

/** A selector's verdict on one file, with the verdict of each part. */
export interface SelectorVerdict {
  readonly selector: Selector;
  readonly matches: boolean;
  /** One sentence for a person. */
  readonly reason: string;
  readonly parts: readonly SelectorVerdict[];
}

/** Understands a selector in any of its forms; never throws. */
export function readSelector(node: Node): Selector {
  switch (node.kind) {
    case 'scalar':
      return node.value.kind === 'string'
        ? condensed(node, node.value.value)
        : invalid('wrong-type', node.source, node.range);
    case 'list':
      return invalid('wrong-type', 'a list', node.range);
    case 'map':
      return expanded(node);
  }
}

function condensed(node: ScalarNode, text: string): Selector {
  if (text === '*') return { kind: 'always', range: node.range };
  const first = text.indexOf(':');
  const second = first < 0 ? -1 : text.indexOf(':', first + 1);
  // An operand may hold colons: only the first two separate.
  if (second < 0) return invalid('wrong-number-of-parts', text, node.range);
  return condition(text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1), node);
}

function condition(source: string, name: string, operand: string, node: ScalarNode | MapNode): Selector {
  if (!lookup(selectorSources, source)) return invalid('unknown-source', source, node.range);
  if (!lookup(selectorFunctions, name)) return invalid('unknown-function', name, node.range);
  return { kind: 'condition', source, function: name, operand, range: node.range, node };
}

function expanded(node: MapNode): Selector {
  const keys = node.entries.map((entry) => keyText(entry));
  // An object without conditions is true, as in the Python ingestor.
  if (keys.length === 0) return { kind: 'always', range: node.range };
  if (['source', 'operator', 'operand_2'].some((key) => keys.includes(key))) return expandedCondition(node);
  const parts = entries(node).map((entry): Selector => {
    const key = keyText(entry);
    if (key !== 'and' && key !== 'or') return invalid('unknown-key', key, entry.key.range);
    const { value } = entry;
    if (value?.kind === 'scalar' && value.value.kind === 'string') {
      // The Python ingestor takes a text here for the list of its characters; only `*` means something.
      const parts = Array.from(value.value.value, (character) => condensed({ ...value, source: character }, character));
      return { kind: key, parts, range: entry.range };
    }
    if (value?.kind !== 'list') return invalid('no-list', key, entry.range);
    return combined(key, value);
  });
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: 'and', parts, range: node.range };
}

function combined(kind: 'and' | 'or', list: ListNode): Selector {
  return { kind, parts: list.items.map(readSelector), range: list.range };
}

function expandedCondition(node: MapNode): Selector {
  const unknown = node.entries.find(({ key }) => !['source', 'operator', 'operand_2'].includes(textOf(key) ?? ''));
  if (unknown) return invalid('unknown-key', keyText(unknown), unknown.key.range);
  const [source, name, operand] = ['source', 'operator', 'operand_2'].map((key) => textOf(entryOf(node, key)?.value));
  if (source === undefined || name === undefined || operand === undefined) {
    return invalid('missing-key', 'source, operator, operand_2', node.range);
  }
  return condition(source, name, operand, node);
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value.kind === 'string' ? node.value.value : undefined;
}

function invalid(reason: SelectorFault, text: string, range: TextRange): Selector {
  return { kind: 'invalid', reason, text, range };
}

/**
 * Whether a schema applies to a file, and why.
 * @param dataFile the data file's path as it was given, compared as a whole (not made absolute, not only its name)
 */
export function explainSelector(selector: Selector, dataFile: string): SelectorVerdict {
  switch (selector.kind) {
    case 'always':
      return { selector, matches: true, reason: 'it takes every file', parts: [] };
    case 'condition': {
      const entry = lookup(selectorFunctions, selector.function);
      const source = lookup(selectorSources, selector.source);
      const matches =
        entry && source ? source.textsOf(dataFile).some((text) => entry.matches(text, selector.operand)) : false;
      const verb = entry ? (matches ? entry.yes : entry.no) : 'cannot be compared with';
      const found = matches ? '' : unseenIn(dataFile, selector.operand);
      const unseen = found === '' ? '' : `, which is written in the path with other characters of Unicode${found}`;
      // “A folder does not begin with d17” would be true of most paths.
      const subject =
        source?.isWhole === false && !matches ? 'no folder of the path' : (source?.subject ?? 'the file path');
      const said = source?.isWhole === false && !matches ? (entry?.yes ?? verb) : verb;
      return { selector, matches, reason: `${subject} ${said} “${selector.operand}”${unseen}`, parts: [] };
    }
    case 'invalid':
      return {
        selector,
        matches: false,
        reason: `${faultText(selector.reason, selector.text)}, so it ${isUnknownKey(selector) ? 'has no say' : 'matches nothing'}`,
        parts: [],
      };
    case 'and':
    case 'or': {
      const parts = selector.parts.map((part) => explainSelector(part, dataFile));
      const said = countedParts(selector);
      const counted = parts.filter((part) => said.includes(part.selector));
      const matches =
        selector.kind === 'and' ? counted.every((part) => part.matches) : counted.some((part) => part.matches);
      const reason = counted.map((part) => part.reason).join(selector.kind === 'and' ? ', and ' : ', or ');
      return {
        selector,
        matches,
        reason: parts.length === 0 ? `the list under “${selector.kind}” is empty` : reason,
        parts,
      };
    }
  }
}

/**
 * The parts that have a say. A key that does not exist has none beside others, as in the Python ingestor (`not` next
 * to `or`); alone it matches nothing, where the Python ingestor takes every file.
 */
export function countedParts({ kind, parts }: Selector & { readonly kind: 'and' | 'or' }): readonly Selector[] {
  return kind === 'or' || parts.every(isUnknownKey) ? parts : parts.filter((part) => !isUnknownKey(part));
}

function isUnknownKey(selector: Selector): boolean {
  return selector.kind === 'invalid' && selector.reason === 'unknown-key';
}

export function selects(selector: Selector, dataFile: string): boolean {
  return explainSelector(selector, dataFile).matches;
}

const knownToAll = selectorSources.filter(({ knownTo }) => knownTo === undefined);

/** What is wrong with a part of a selector, without a full stop. */
export function faultText(fault: SelectorFault, text: string): string {
  switch (fault) {
    case 'wrong-number-of-parts':
      return `“${text}” is not of the form source:operator:operand`;
    case 'unknown-source':
      return `“${text}” is not a selector source (${knownToAll.map(({ name }) => name).join(', ')})`;
    case 'unknown-function':
      return `“${text}” is not a selector function (${selectorFunctions.map(({ name }) => name).join(', ')})`;
    case 'unknown-key':
      return `“${text}” is not a selector key (and, or, source, operator, operand_2)`;
    case 'missing-key':
      return `an expanded selector needs ${text}, all three of them texts`;
    case 'wrong-type':
      return `a selector is a text or an object, not ${text === '' ? 'empty' : `“${text}”`}`;
    case 'no-list':
      return `“${text}” needs a list of selectors`;
  }
}

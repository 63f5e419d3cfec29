import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextEdit, TextRange } from '../../problems/problem.ts';
import { pythonDialects } from '../language/dialects.ts';
import { lookup } from '../language/registry.ts';
import { scalarText } from '../schema/schema.ts';
import { faultText } from '../schema/selector.ts';
import type { Selector } from '../schema/selector.ts';
import { selectorFunctions, selectorSources } from '../language/selectorFunctions.ts';
import { everyFileReason, neverReason } from '../schema/selectorLogic.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { replaceInText, replaceScalar, yamlText } from '../edits/textEdits.ts';
import { entries } from '../tree/tree.ts';
import type { Node, ScalarNode } from '../tree/tree.ts';
import type { Check } from './check.ts';

type Condition = Extract<Selector, { kind: 'condition' }>;
type Invalid = Extract<Selector, { kind: 'invalid' }>;

/** The selector: whether it can be understood, here and by the Python ingestor, and whether it says anything. */
export const checkSelector: Check = ({ schema, report }) => {
  const { selector } = schema;
  if (!selector) return;
  const invalid: Invalid[] = [];
  const conditions: Condition[] = [];
  collect(selector, invalid, conditions);
  const written = invalid.length > 0 ? schema.general.get('selector')?.value : undefined;
  const texts = textsForLists(written).filter(({ text }) => invalid.some(({ range }) => isAt(range, text.range)));
  for (const { key, text } of texts) report(textForList(key, text, schema.tree.notation === 'json'));
  const single = invalid.filter(({ range }) => !texts.some(({ text }) => isAt(range, text.range)));
  const scalars = scalarsOf(written);
  for (const [first, ...others] of groupBy(single, ({ reason, text }) => `${reason} ${text}`)) {
    report(invalidSelector(first, others, scalars));
  }
  for (const condition of conditions) {
    const found = notPortable(condition, schema.tree.notation === 'json');
    if (found) report(found);
  }
  // One that cannot be understood says nothing about the others.
  if (invalid.length > 0) return;
  const always = selector.kind === 'always' ? undefined : everyFileReason(selector);
  if (always !== undefined)
    report(problem('selector-always', `${always}; write “*” if that is meant.`, selector.range));
  const never = neverReason(selector);
  if (never !== undefined) report(problem('selector-never', `${never}, so this schema is never used.`, selector.range));
};

function collect(selector: Selector, invalid: Invalid[], conditions: Condition[]): void {
  if (selector.kind === 'invalid') invalid.push(selector);
  else if (selector.kind === 'condition') conditions.push(selector);
  else if (selector.kind !== 'always') for (const part of selector.parts) collect(part, invalid, conditions);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

/** The texts that stand where `and` and `or` have their lists. */
function textsForLists(node: Node | undefined): { readonly key: string; readonly text: ScalarNode }[] {
  if (node?.kind === 'list') return node.items.flatMap(textsForLists);
  if (node?.kind !== 'map') return [];
  return entries(node).flatMap(({ key, value }) => {
    const name = scalarText(key);
    if (name !== 'and' && name !== 'or') return [];
    return value?.kind === 'scalar' && value.value.kind === 'string'
      ? [{ key: name, text: value }]
      : textsForLists(value);
  });
}

function isAt(a: TextRange, b: TextRange): boolean {
  return a.start === b.start && a.end === b.end;
}

/** One problem for a text that is taken for the list of its characters, and not one for each of them. */
function textForList(key: string, text: ScalarNode, isJson: boolean): Problem {
  const selector = scalarText(text) ?? '';
  const fixes: Fix[] =
    text.alias === undefined
      ? [
          {
            title: 'Make it a list',
            edits: [{ range: text.range, newText: `[${isJson ? JSON.stringify(selector) : yamlText(selector)}]` }],
            preferred: true,
          },
        ]
      : [];
  const message = `${capital(faultText('no-list', key))}; a text is taken for the list of its characters, so it matches no file.`;
  return problem('selector-invalid', message, text.range, { fixes });
}

/** One problem for a mistake that is made again and again, with a fix that mends them all. */
function invalidSelector(
  first: Invalid,
  others: readonly Invalid[],
  scalars: ReadonlyMap<number, ScalarNode>,
): Problem {
  const { reason, text } = first;
  const near =
    reason === 'unknown-source'
      ? suggestion(
          text,
          selectorSources.map(({ name }) => name),
        )
      : reason === 'unknown-function'
        ? suggestion(
            text,
            selectorFunctions.map(({ name }) => name),
          )
        : reason === 'unknown-key'
          ? suggestion(text, ['and', 'or', 'source', 'operator', 'operand_2'])
          : undefined;
  const edits = near === undefined ? [] : [first, ...others].flatMap((part) => spellingEdit(part, near, scalars) ?? []);
  const fixes: Fix[] =
    near !== undefined && edits.length === others.length + 1
      ? [{ title: `Change to “${near}”`, edits, preferred: true }]
      : [];
  const guess =
    near !== undefined
      ? ` Did you mean “${near}”${differenceUnseen(text, near)}?`
      : reason === 'unknown-source'
        ? ' “filename” compares the whole path, folders included.'
        : '';
  return problem(
    'selector-invalid',
    `${capital(faultText(reason, text))}, so ${consequence(reason, others.length === 0)}.${guess}`,
    first.range,
    { fixes, ...(others.length > 0 ? { related: others.map(({ range }) => ({ message: 'here too', range })) } : {}) },
  );
}

function consequence(reason: Invalid['reason'], isOne: boolean): string {
  if (reason === 'unknown-key') return isOne ? 'it has no say' : 'these parts have no say';
  return isOne ? 'it matches no file' : 'these parts match no file';
}

/** Only condensed selectors are mended: their parts stand in one text. */
function spellingEdit(part: Invalid, near: string, scalars: ReadonlyMap<number, ScalarNode>): TextEdit | undefined {
  const scalar = scalars.get(part.range.start);
  if (scalar?.value.kind !== 'string') return undefined;
  const start = part.reason === 'unknown-source' ? 0 : scalar.value.value.indexOf(`:${part.text}:`) + 1;
  if (part.reason === 'unknown-key') return replaceScalar(scalar, near);
  return replaceInText(scalar, start, start + part.text.length, near);
}

/** All scalars of a selector by where they begin. */
function scalarsOf(node: Node | undefined): Map<number, ScalarNode> {
  const found = new Map<number, ScalarNode>();
  if (node) visit(node, found);
  return found;
}

function visit(node: Node, found: Map<number, ScalarNode>): void {
  if (node.kind === 'scalar') found.set(node.range.start, node);
  else if (node.kind === 'list') for (const item of node.items) visit(item, found);
  else {
    for (const { key, value } of node.entries) {
      found.set(key.range.start, key);
      if (value) visit(value, found);
    }
  }
}

/** What works here and not with the Python ingestor. */
function notPortable(condition: Condition, isJson: boolean): Problem | undefined {
  const { node, source, operand } = condition;
  if (node.kind === 'map') {
    const text = `${source}:${condition.function}:${operand}`;
    const fixes: Fix[] = operand.includes(':')
      ? []
      : [
          {
            title: `Write it as “${text}”`,
            edits: [{ range: node.range, newText: isJson ? JSON.stringify(text) : yamlText(text) }],
            preferred: true,
          },
        ];
    return problem(
      'selector-not-portable',
      'With a selector in this form the Python ingestor takes the schema for every file.',
      node.range,
      { fixes, onlyIn: pythonDialects },
    );
  }
  if (operand.includes(':')) {
    return problem(
      'selector-not-portable',
      'The “:” inside of the operand makes this match nothing in the Python ingestor.',
      node.range,
      { onlyIn: pythonDialects },
    );
  }
  const entry = lookup(selectorSources, source);
  // What another dialect knows is told as such.
  if (entry === undefined || entry.name === 'filename' || entry.knownTo !== undefined) return undefined;
  const edit = replaceInText(node, 0, source.length, 'filename');
  return problem(
    'selector-not-portable',
    `The Python ingestor knows no “${source}”, so this matches nothing there; “filename” means the same.`,
    node.range,
    {
      onlyIn: pythonDialects,
      fixes: edit ? [{ title: 'Change to “filename”', edits: [edit], preferred: true }] : [],
    },
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import type { TextEdit } from '../../problems/problem.ts';
import { lineStart } from '../../text/lines.ts';
import { keyText } from '../tree/tree.ts';
import type { MapEntry, Node, Tree } from '../tree/tree.ts';
import { yamlText } from '../edits/textEdits.ts';
import { appendVariable, freeVariable, putBefore } from './blockYaml.ts';
import type { Rewrite } from './rewriting.ts';

/*
 * What is inside of a value becomes a variable of its own: a template that is nothing but a reference is that variable
 * itself, with its type and its unit.
 */

interface Inner {
  readonly node: Node;
  /** The key that it stands at; undefined in a list. */
  readonly entry: MapEntry | undefined;
  readonly name: string;
}

export const nestedValue: Rewrite = ({ schema, variable, field }) => {
  const owner = variable ?? field;
  const value = owner?.keys.get('value')?.value;
  if (!owner || !value || value.kind === 'scalar') return { why: 'it has no place.' };
  const unsayable = scalarsIn(value).find(({ value: { kind } }) => kind === 'boolean' || kind === 'none');
  if (unsayable) return { why: `no value type gives “${unsayable.source}” inside of a list or an object.` };
  const inner = innerOf(value).find(({ node }) => node.kind !== 'scalar' || node.value.kind !== 'string');
  if (!inner) return { why: 'it has no place.' };
  const label = variable?.name ?? field?.label ?? '';
  return {
    edits: () => {
      const name = freeVariable(schema, `${label}_${inner.name}`);
      const lines = variableLines(schema.tree, name, inner);
      const place = variable ? putBefore(schema, 'variables', variable, lines) : appendVariable(schema, lines);
      return [...place, ...referTo(schema.tree, inner, name)];
    },
  };
};

function innerOf(value: Node): Inner[] {
  if (value.kind === 'list')
    return value.items.map((node, index) => ({ node, entry: undefined, name: String(index + 1) }));
  if (value.kind !== 'map') return [];
  return value.entries.flatMap((entry) => (entry.value ? [{ node: entry.value, entry, name: keyText(entry) }] : []));
}

function scalarsIn(node: Node): (Node & { readonly kind: 'scalar' })[] {
  if (node.kind === 'scalar') return [node];
  return node.kind === 'list'
    ? node.items.flatMap(scalarsIn)
    : node.entries.flatMap(({ value }) => (value ? scalarsIn(value) : []));
}

/** The lines of a variable that holds what stood inside, with its comments. */
function variableLines({ text }: Tree, name: string, { node, entry }: Inner): string[] {
  const head = [`${yamlText(name)}:`, '  source: VALUE'];
  if (node.kind === 'scalar') {
    return [...head, `  value: ${node.source}`, `  value_type: ${node.value.kind === 'integer' ? 'integer' : 'float'}`];
  }
  const type = node.kind === 'list' ? 'list' : 'dict';
  const isInline = (node.kind === 'list' ? node.items : node.entries).length === 0;
  if (isInline) return [...head, `  value: ${emptyOf(node)}`, `  value_type: ${type}`];
  const column = node.range.start - lineStart(text, node.range.start);
  const from = entry ? text.indexOf('\n', entry.key.range.end) + 1 : node.range.start;
  const [first = '', ...rest] = text.slice(from, node.range.end).replace(/\n+$/, '').split('\n');
  const dedented = [entry ? first.slice(column) : first, ...rest.map((line) => line.slice(column))];
  return [...head, '  value:', ...dedented.map((line) => `    ${line}`), `  value_type: ${type}`];
}

function emptyOf(node: Node): string {
  return node.kind === 'list' ? '[]' : '{}';
}

function referTo({ text }: Tree, { node, entry }: Inner, name: string): TextEdit[] {
  const end = node.range.start + text.slice(node.range.start, node.range.end).replace(/\n+$/, '').length;
  const reference = `<${name}>`;
  return entry
    ? [{ range: { start: entry.key.range.end, end }, newText: `: ${reference}` }]
    : [{ range: { start: node.range.start, end }, newText: reference }];
}

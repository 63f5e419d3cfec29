import { SemanticTokensBuilder } from 'vscode-languageserver';
import type { SemanticTokens, SemanticTokensLegend, SemanticTokensParams } from 'vscode-languageserver';
import type { TextRange } from '../../core/problems/problem.ts';
import type { Keys, Schema } from '../../core/imsc/schema/schema.ts';
import { keyText } from '../../core/imsc/tree/tree.ts';
import type { Selector } from '../../core/imsc/schema/selector.ts';
import { textOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import type { Node } from '../../core/imsc/tree/tree.ts';
import type { Handler } from '../context.ts';
import { isBuiltIn } from '../documents/occurrences.ts';
import type { Snapshot } from '../documents/snapshot.ts';

const types = ['variable', 'property', 'enumMember', 'type', 'function', 'parameter', 'string', 'namespace'] as const;
const modifiers = ['declaration', 'readonly', 'defaultLibrary'] as const;

export const legend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: [...modifiers] };

interface Token {
  readonly range: TextRange;
  readonly type: (typeof types)[number];
  readonly modifiers?: readonly (typeof modifiers)[number][];
}

/** What the words of a schema are: above all, variables inside of texts look like variables. */
export const semanticTokens: Handler<SemanticTokensParams, SemanticTokens> = (snapshot) => {
  const builder = new SemanticTokensBuilder();
  let end = 0;
  for (const { range, type, modifiers: own } of tokensOf(snapshot)) {
    const start = snapshot.positionAt(range.start);
    // Tokens stay in one line and apart from each other, as the protocol wants them.
    if (range.start < end || range.end <= range.start || snapshot.positionAt(range.end).line !== start.line) continue;
    end = range.end;
    const bits = (own ?? []).reduce((sum, modifier) => sum | (1 << modifiers.indexOf(modifier)), 0);
    builder.push(start.line, start.character, range.end - range.start, types.indexOf(type), bits);
  }
  return builder.build();
};

function tokensOf(snapshot: Snapshot): Token[] {
  const { schema, occurrences } = snapshot;
  const tokens: Token[] = [];
  for (const { name, kind, nameRange } of occurrences.all) {
    if (kind === 'definition') tokens.push({ range: nameRange, type: 'variable', modifiers: ['declaration'] });
    else if (occurrences.definitionsOf(name).length > 0) tokens.push({ range: nameRange, type: 'variable' });
    else if (isBuiltIn(name)) {
      tokens.push({ range: nameRange, type: 'variable', modifiers: ['readonly', 'defaultLibrary'] });
    }
  }
  addKeys(tokens, schema.general);
  if (schema.selector) addSelector(tokens, schema.selector);
  addVariables(tokens, schema);
  addFields(tokens, schema);
  return tokens.sort((a, b) => a.range.start - b.range.start);
}

function addVariables(tokens: Token[], { variables }: Schema): void {
  for (const { keys } of variables) {
    addKeys(tokens, keys);
    addValue(tokens, keys, 'source', 'enumMember');
    addValue(tokens, keys, 'value_type', 'type');
    addValue(tokens, keys, 'operator', 'function');
  }
}

function addFields(tokens: Token[], { fields }: Schema): void {
  for (const { entry, keys } of fields) {
    if (!entry.merged) tokens.push({ range: inside(entry.key), type: 'namespace' });
    addKeys(tokens, keys);
    addValue(tokens, keys, 'field_type', 'enumMember');
    addValue(tokens, keys, 'machine_name', 'property', ['declaration']);
    addValue(tokens, keys, 'type', 'type');
  }
}

function addKeys(tokens: Token[], keys: Keys): void {
  for (const entry of keys.values()) {
    if (!entry.merged && keyText(entry) !== '') tokens.push({ range: inside(entry.key), type: 'property' });
  }
}

function addValue(tokens: Token[], keys: Keys, key: string, type: Token['type'], own: Token['modifiers'] = []): void {
  const value = keys.get(key)?.value;
  if (value?.kind === 'scalar' && value.alias === undefined)
    tokens.push({ range: inside(value), type, modifiers: own });
}

/** The parts of `source:function:operand`. */
function addSelector(tokens: Token[], selector: Selector): void {
  if (selector.kind === 'and' || selector.kind === 'or') {
    for (const part of selector.parts) addSelector(tokens, part);
    return;
  }
  if (selector.kind !== 'condition' || selector.node.kind !== 'scalar') return;
  const { node, source, function: name } = selector;
  const place = (start: number, length: number): TextRange => ({
    start: textOffsetOf(node, start),
    end: textOffsetOf(node, start + length),
  });
  tokens.push({ range: place(0, source.length), type: 'enumMember' });
  tokens.push({ range: place(source.length + 1, name.length), type: 'function' });
  tokens.push({ range: place(source.length + name.length + 2, selector.operand.length), type: 'string' });
}

/** A scalar without its quotes. */
function inside(node: Node): TextRange {
  if (node.kind !== 'scalar' || node.value.kind !== 'string') return node.range;
  return { start: textOffsetOf(node, 0), end: textOffsetOf(node, node.value.value.length) };
}

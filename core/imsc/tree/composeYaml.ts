'load later';

import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { CST, Node as YamlNode, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { maximumDepth } from './parseJson.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { parseFloatText } from '../values/pythonNumbers.ts';
import { composeAsPyYaml } from './pyYamlParser.ts';
import { refusedPlainProblem } from './pyYamlRefusal.ts';
import { PyYamlError } from './pyYamlTokens.ts';
import type { Anchor, Comment, MapEntry, Node, ScalarNode, ScalarStyle } from './tree.ts';
import type { Value } from '../values/values.ts';
import { yamlErrorText } from './yamlErrorText.ts';
import { isTimestamp, plainRefusal, resolvePlain } from './yamlScalars.ts';

/** What was read from a text in YAML, before duplicate keys are looked for. */
export interface Composed {
  readonly root: Node | undefined;
  readonly problems: readonly Problem[];
  readonly comments: readonly Comment[];
  readonly anchors: readonly Anchor[];
}

/** More nodes than this cannot come from honest use of aliases in one schema ("billion laughs"). */
const maximumExpandedNodes = 100_000;

/**
 * Reads YAML of any shape with the `yaml` package. Scalars are resolved by YAML 1.1's rules here, not there.
 * @param base what is added to all offsets, where `text` is a part of a file
 */
export function composeYaml(text: string, base = 0): Composed {
  const comments: Comment[] = [];
  const problems: Problem[] = [];
  const anchorStarts: number[] = [];
  const tokens = readTokens(text, base, { comments, problems, anchorStarts });
  const composer = new Composer({ schema: 'failsafe', version: '1.1', uniqueKeys: false, strict: true, merge: false });
  const documents = [...composer.compose(tokens, true, text.length)];
  const [first, second] = documents;
  for (const error of first?.errors ?? []) {
    if (error.code === 'TAG_RESOLVE_FAILED') continue;
    const range = rangeIn(text, base, error.pos[0], error.pos[1]);
    problems.push({ code: 'syntax', severity: 'error', message: yamlErrorText(error.code, error.message), range });
  }
  if (second) {
    const range = rangeIn(text, base, second.range[0], second.range[0] + 3);
    const message = 'A schema file holds one document: what follows this “---” is not used. Remove it.';
    problems.push({ code: 'syntax', severity: 'error', message, range });
  }
  const reader = new NodeReader(text, base, problems, anchorStarts);
  const contents = first?.contents;
  // An empty document has a node of its own, which stands for nothing that was written.
  const isEmpty = !contents || (isScalar(contents) && contents.value === '' && contents.range[0] === contents.range[1]);
  const root = isEmpty ? undefined : reader.read(contents);
  return { root, problems, comments, anchors: reader.anchors };
}

/**
 * Reads YAML as PyYAML reads it: the same values, and nothing that it refuses.
 * @param text without control characters
 * @returns the first thing that PyYAML refuses, if there is any; known by its `offset`, because this file has a bundle
 * of its own, with a class of its own for the error
 */
export function composeExactly(text: string, base = 0): Composed | PyYamlError {
  try {
    const { root, comments: places, anchorStarts } = composeAsPyYaml(text);
    const problems: Problem[] = [];
    const comments = places.map(({ start, end }): Comment => {
      return { range: rangeIn(text, base, start, end), text: text.slice(start + 1, end).trim() };
    });
    const reader = new NodeReader(text, base, problems, anchorStarts, true);
    const isEmpty = !root || (isScalar(root) && root.range?.[0] === root.range?.[1] && root.tag === undefined);
    const read = isEmpty ? undefined : reader.read(root);
    return { root: read, problems, comments, anchors: reader.anchors };
  } catch (error) {
    if (error instanceof PyYamlError) return error;
    throw error;
  }
}

/** What is found besides the tokens. */
interface BesideTokens {
  readonly comments: Comment[];
  readonly problems: Problem[];
  /** Where an `&` with its name begins, without the base. */
  readonly anchorStarts: number[];
}

function readTokens(text: string, base: number, { comments, problems, anchorStarts }: BesideTokens): CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let offset = 0;
  let scalarFollows = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('#') && !scalarFollows) {
      const range = { start: base + offset, end: base + offset + lexeme.length };
      comments.push({ range, text: lexeme.slice(1).trim() });
    }
    if (lexeme.startsWith('&') && !scalarFollows) anchorStarts.push(offset);
    scalarFollows = lexeme === '\x1f';
    if (lexeme !== '\x02' && lexeme !== '\x18' && lexeme !== '\x1f') offset += lexeme.length;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  for (const token of tokens) {
    const tooDeep = token.type === 'document' ? cutAtDepth(token.value) : undefined;
    if (tooDeep !== undefined) {
      const message = `This is nested more than ${maximumDepth} levels deep; what is inside is not read.`;
      problems.push({ code: 'syntax', severity: 'error', message, range: rangeIn(text, base, tooDeep, tooDeep + 1) });
    }
  }
  return tokens;
}

/** Empties the collections that are nested too deep for the calls that follow; returns the place of the first. */
function cutAtDepth(root: CST.Token | undefined): number | undefined {
  let found: number | undefined;
  const pending: [CST.Token | null | undefined, number][] = [[root, 1]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [token, depth] = next;
    if (token?.type !== 'block-map' && token?.type !== 'block-seq' && token?.type !== 'flow-collection') continue;
    if (depth > maximumDepth) {
      found = Math.min(found ?? token.offset, token.offset);
      token.items.length = 0;
      continue;
    }
    for (const item of token.items) pending.push([item.key, depth + 1], [item.value, depth + 1]);
  }
  return found;
}

function rangeIn(text: string, base: number, from: number, to: number): TextRange {
  const start = Math.max(0, Math.min(from, text.length));
  const end = Math.max(start, Math.min(to, text.length));
  return { start: base + start, end: base + end };
}

/** An anchor with its aliases so far, and how many nodes it is when written out. */
interface Anchored {
  readonly found: Anchor & { readonly aliases: TextRange[] };
  readonly size: number;
}

class NodeReader {
  private readonly isExact: boolean;
  private readonly text: string;
  private readonly base: number;
  private readonly problems: Problem[];
  readonly anchors: Anchor[] = [];
  private readonly anchorStarts: readonly number[];
  private readonly known = new Map<string, Anchored | 'open'>();
  /** Nodes read so far, aliases counted as what they stand for. */
  private size = 0;
  private isTooLarge = false;

  /** @param isExact whether the texts of the nodes are those of PyYAML already */
  constructor(text: string, base: number, problems: Problem[], anchorStarts: readonly number[], isExact = false) {
    this.isExact = isExact;
    this.text = text;
    this.base = base;
    this.problems = problems;
    this.anchorStarts = anchorStarts;
  }

  read(node: YamlNode, isKey = false): Node {
    const before = this.size;
    this.size++;
    if (isAlias(node)) return this.readAlias(node.source, node.range?.[0] ?? 0);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return this.emptyScalar(0);
    const { anchor: name } = node;
    if (name !== undefined) this.known.set(name, 'open');
    const read = isScalar(node) ? this.readScalar(node, isKey) : isMap(node) ? this.readMap(node) : this.readList(node);
    if (name === undefined) return read;
    const found = { name, range: this.anchorRange(name, node.range?.[0] ?? 0), node: read, aliases: [] };
    this.anchors.push(found);
    this.known.set(name, { found, size: this.size - before });
    return read;
  }

  /** The name of the last anchor of that name in front of what it is for. */
  private anchorRange(name: string, before: number): TextRange {
    const isIt = (at: number): boolean =>
      at <= before &&
      this.text.startsWith(name, at + 1) &&
      /^[\s,[\]{}]?$/.test(this.text.charAt(at + 1 + name.length));
    const start = this.anchorStarts.findLast(isIt) ?? before;
    return rangeIn(this.text, this.base, start + 1, start + 1 + name.length);
  }

  private readAlias(name: string, start: number): Node {
    const range = rangeIn(this.text, this.base, start, start + name.length + 1);
    const anchored = this.known.get(name);
    if (anchored === undefined || anchored === 'open') {
      this.report(
        anchored === 'open'
          ? `“*${name}” stands inside of what it refers to; remove it.`
          : `There is no “&${name}” above for “*${name}” to refer to. A text that begins with “*” must be in quotes.`,
        range,
      );
      const source = `*${name}`;
      return { kind: 'scalar', value: { kind: 'string', value: source }, style: 'plain', source, range };
    }
    this.size += anchored.size;
    if (this.size > maximumExpandedNodes) {
      if (!this.isTooLarge)
        this.report('With its aliases written out this file is too large; write fewer of them.', range);
      this.isTooLarge = true;
      return { kind: 'scalar', value: { kind: 'none' }, style: 'plain', source: `*${name}`, range };
    }
    const { node, aliases } = anchored.found;
    aliases.push({ start: range.start + 1, end: range.end });
    return node.kind === 'scalar'
      ? {
          ...{ kind: 'scalar', value: node.value, style: 'plain', source: `*${name}`, range, alias: name },
          anchored: node.anchored ?? node,
        }
      : { ...node, range, alias: name };
  }

  private resolve(text: string, range: TextRange, tag: string | undefined, isKey: boolean): Value {
    const reason = tag === undefined || tag === '!' ? plainRefusal(text, isKey) : undefined;
    if (reason !== undefined) this.problems.push(refusedPlainProblem(reason, range, text));
    return resolvePlain(text);
  }

  private readScalar(node: Scalar, isKey: boolean): ScalarNode {
    const [from = 0, to = 0] = node.range ?? [];
    let text = typeof node.value === 'string' ? node.value : '';
    if (from === to) return this.emptyScalar(from, node.tag);
    const style = styleOf(node);
    let end = to;
    if (style === 'block-literal' || style === 'block-folded') {
      const trimmed = from + this.text.slice(from, to).trimEnd().length;
      const lineEnd = this.text.indexOf('\n', trimmed);
      end = Math.min(to, lineEnd < 0 ? to : lineEnd);
      // PyYAML adds no line break where the file ends without one.
      if (!this.isExact && lineEnd < 0 && text.endsWith('\n')) text = text.slice(0, -1);
      if (this.text[end - 1] === '\r') end--;
    }
    const range = rangeIn(this.text, this.base, from, end);
    const plain: Value =
      style === 'plain' ? this.resolve(text, range, node.tag, isKey) : { kind: 'string', value: text };
    const value = node.tag === undefined ? plain : this.tagged(node.tag, text, range);
    return { kind: 'scalar', value, style, source: this.text.slice(from, end), range };
  }

  private emptyScalar(from: number, tag?: string, earliest = 0): ScalarNode {
    // Right behind what makes it a value, not behind the blanks that follow.
    let at = from;
    while (at > earliest && /[ \t]/.test(this.text.charAt(at - 1))) at--;
    const range = rangeIn(this.text, this.base, at, at);
    const value: Value = tag === 'tag:yaml.org,2002:str' ? { kind: 'string', value: '' } : { kind: 'none' };
    if (tag !== undefined && value.kind === 'none' && tag !== '!' && tag !== 'tag:yaml.org,2002:null') {
      this.reportTag(tag, range);
    }
    return { kind: 'scalar', value, style: 'plain', source: '', range };
  }

  private tagged(tag: string, text: string, range: TextRange): Value {
    const resolved = resolvePlain(text);
    switch (tag) {
      case '!':
        return resolved;
      case 'tag:yaml.org,2002:str':
        return { kind: 'string', value: text };
      case 'tag:yaml.org,2002:timestamp':
        if (isTimestamp(text)) return { kind: 'string', value: text };
        break;
      case 'tag:yaml.org,2002:null':
        return { kind: 'none' };
      case 'tag:yaml.org,2002:int': {
        const number = resolvePlain(text.trimEnd());
        if (number.kind === 'integer') return number;
        break;
      }
      case 'tag:yaml.org,2002:bool': {
        const word = resolvePlain(text.toLowerCase());
        if (word.kind === 'boolean') return word;
        break;
      }
      case 'tag:yaml.org,2002:float': {
        if (resolved.kind === 'float') return resolved;
        const number = parseFloatText(text.replaceAll('_', ''));
        if (number !== undefined) return { kind: 'float', value: number };
        if (resolved.kind === 'integer') return { kind: 'float', value: Number(resolved.value) };
        break;
      }
    }
    this.reportTag(tag, range);
    return resolved;
  }

  private reportTag(tag: string, range: TextRange): void {
    this.report(`The tag “${tag.replace('tag:yaml.org,2002:', '!!')}” cannot be used with this; remove it.`, range);
  }

  private readMap(node: YAMLMap): Node {
    const entries: MapEntry[] = [];
    const merged: MapEntry[] = [];
    const merges: MapEntry[] = [];
    const all: MapEntry[] = [];
    for (const pair of node.items) {
      const key = this.readKey(pair);
      if (key.source === '' && node.flow !== true) this.report('A key is needed before this colon.', key.range);
      const value = this.readValue(pair, key, node.flow === true);
      const isMerge = isMergePair(pair);
      if (isMerge) this.merge(value, key.range, merged);
      const entry = { key, value, range: { start: key.range.start, end: value?.range.end ?? key.range.end } };
      if (!follows(entry, all.at(-1))) continue;
      all.push(entry);
      (isMerge ? merges : entries).push(entry);
    }
    const range = this.collectionRange(node, all[0]?.range.start, all.at(-1)?.range.end);
    this.checkCollectionTag(node, 'map', range);
    const map = { kind: 'map', entries: [...merged, ...entries], flow: node.flow === true, range } as const;
    return merges.length === 0 ? map : { ...map, merges };
  }

  private readKey(pair: Pair): ScalarNode {
    const valueStart = isYamlNode(pair.value) ? (pair.value.range?.[0] ?? 0) : 0;
    const key = isYamlNode(pair.key) ? this.read(pair.key, true) : this.emptyScalar(valueStart);
    if (key.kind === 'scalar') return key;
    this.report('A key must be a text, not a list or an object.', key.range);
    const source = this.text.slice(key.range.start - this.base, key.range.end - this.base);
    return { kind: 'scalar', value: { kind: 'string', value: source }, style: 'plain', source, range: key.range };
  }

  /** A key alone is legal within braces; elsewhere the entry is half-typed. */
  private readValue(pair: Pair, key: ScalarNode, flow: boolean): Node | undefined {
    if (isYamlNode(pair.value)) {
      const value = this.read(pair.value);
      return follows(value, key) ? value : undefined;
    }
    const end = key.range.end - this.base;
    return flow ? this.emptyScalar(end, undefined, end) : undefined;
  }

  private merge(value: Node | undefined, range: TextRange, merged: MapEntry[]): void {
    const sources = value?.kind === 'list' ? [...value.items].reverse() : [value];
    for (const source of sources) {
      if (source?.kind === 'map') for (const entry of source.entries) merged.push({ ...entry, merged: true });
      else this.report('“<<” takes in the entries of objects; an alias of an object must follow it.', range);
    }
  }

  private readList(node: YAMLSeq): Node {
    const items: Node[] = [];
    for (const item of node.items) {
      const read = isYamlNode(item) ? this.read(item) : undefined;
      if (read && follows(read, items.at(-1))) items.push(read);
    }
    const first = node.flow === true ? items[0]?.range.start : undefined;
    const range = this.collectionRange(node, first, items.at(-1)?.range.end);
    this.checkCollectionTag(node, 'seq', range);
    return { kind: 'list', items, flow: node.flow === true, range };
  }

  private checkCollectionTag({ tag }: YAMLMap | YAMLSeq, own: 'map' | 'seq', range: TextRange): void {
    if (tag !== undefined && tag !== '!' && tag !== `tag:yaml.org,2002:${own}`) this.reportTag(tag, range);
  }

  /** Of a flow collection its brackets; of a block what is in it, without the blanks and comments behind it. */
  private collectionRange(node: YAMLMap | YAMLSeq, first: number | undefined, last: number | undefined): TextRange {
    const whole = rangeIn(this.text, this.base, node.range?.[0] ?? 0, node.range?.[1] ?? 0);
    if (node.flow === true) {
      return { start: Math.min(whole.start, first ?? whole.start), end: Math.max(whole.end, last ?? whole.end) };
    }
    const start = first ?? whole.start;
    return { start, end: Math.max(start, last ?? start) };
  }

  private report(message: string, range: TextRange): void {
    this.problems.push({ code: 'syntax', severity: 'error', message, range });
  }
}

/** False where a broken text made the package return things out of order; they are left out. */
function follows(later: { range: TextRange }, earlier: { range: TextRange } | undefined): boolean {
  return !earlier || later.range.start >= earlier.range.end;
}

function isMergePair({ key }: Pair): boolean {
  if (!isScalar(key) || key.value !== '<<') return false;
  return key.tag === undefined || key.tag === '!' ? styleOf(key) === 'plain' : key.tag === 'tag:yaml.org,2002:merge';
}

function isYamlNode(value: unknown): value is YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function styleOf(node: Scalar): ScalarStyle {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single-quoted';
    case 'QUOTE_DOUBLE':
      return 'double-quoted';
    case 'BLOCK_LITERAL':
      return 'block-literal';
    case 'BLOCK_FOLDED':
      return 'block-folded';
    default:
      return 'plain';
  }
}

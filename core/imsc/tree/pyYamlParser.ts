// Follows the parser and the composer of PyYAML (MIT licence, Kirill Simonov and Ingy döt Net); see pyYamlScanner.ts.
import { Alias, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Node } from 'yaml';
import { maximumDepth } from './parseJson.ts';
import { PyYamlScanner } from './pyYamlScanner.ts';
import { PyYamlError } from './pyYamlTokens.ts';
import type { Token, TokenType } from './pyYamlTokens.ts';

/**
 * What PyYAML composes of a text: nodes of the `yaml` package, with the places and the texts that PyYAML gives them.
 * @throws PyYamlError where PyYAML refuses the text
 */
export function composeAsPyYaml(text: string): PyYamlDocument {
  const scanner = new PyYamlScanner(text);
  return {
    root: new PyYamlParser(scanner).readSingleDocument(),
    comments: scanner.comments,
    anchorStarts: scanner.anchorStarts,
  };
}

export interface PyYamlDocument {
  /** Null where the text has no document. */
  readonly root: Node | null;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  /** Where an `&` with its name begins. */
  readonly anchorStarts: readonly number[];
}

const defaultHandles: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

class PyYamlParser {
  readonly #scanner: PyYamlScanner;
  readonly #anchors = new Set<string>();
  #handles = new Map(defaultHandles);
  #depth = 0;

  constructor(scanner: PyYamlScanner) {
    this.#scanner = scanner;
  }

  readSingleDocument(): Node | null {
    const scanner = this.#scanner;
    let root: Node | null = null;
    const isImplicit = !scanner.check('directive', 'document-start', 'stream-end');
    if (isImplicit || this.#startsDocument()) {
      if (!isImplicit && scanner.check('directive', 'document-start', 'document-end', 'stream-end')) {
        root = emptyScalar(scanner.peek().start);
      } else root = this.#readNode(true);
      if (scanner.check('document-end')) scanner.take();
    }
    if (this.#startsDocument()) throw new PyYamlError('a file holds one document', scanner.peek().start);
    return root;
  }

  /** Passes over what stands before the content of a document; false at the end of the text. */
  #startsDocument(): boolean {
    const scanner = this.#scanner;
    while (scanner.check('document-end')) scanner.take();
    if (scanner.check('stream-end')) return false;
    this.#readDirectives();
    if (!scanner.check('document-start')) this.#refuse('a file holds one document');
    scanner.take();
    return true;
  }

  #readDirectives(): void {
    const handles = new Map<string, string>();
    let hasVersion = false;
    while (this.#scanner.check('directive')) {
      const { value, handle: definition = '', start } = this.#scanner.take();
      if (value === 'YAML') {
        if (hasVersion) throw new PyYamlError('the version of YAML is said twice', start);
        hasVersion = true;
      }
      if (value !== 'TAG') continue;
      const [handle = '', prefix = ''] = definition.split(' ');
      if (handles.has(handle)) throw new PyYamlError('it does not understand this tag; remove it', start);
      handles.set(handle, prefix);
    }
    this.#handles = new Map([...defaultHandles, ...handles]);
  }

  #refuse(message: string): never {
    throw new PyYamlError(message, this.#scanner.peek().start);
  }

  #readNode(isBlock: boolean, mayBeIndentless = false): Node {
    if (++this.#depth > maximumDepth) this.#refuse('this is nested too deep');
    const node = this.#readNodeHere(isBlock, mayBeIndentless);
    this.#depth -= 1;
    return node;
  }

  #readNodeHere(isBlock: boolean, mayBeIndentless: boolean): Node {
    const scanner = this.#scanner;
    if (scanner.check('alias')) return this.#readAlias(scanner.take());
    let propertiesEnd: number | undefined;
    let anchor: Token | undefined;
    let tag: Token | undefined;
    while ((scanner.check('anchor') && !anchor) || (scanner.check('tag') && !tag)) {
      if (scanner.check('anchor')) anchor = scanner.take();
      else tag = scanner.take();
      propertiesEnd = (anchor && tag ? Math.max(anchor.end, tag.end) : (anchor ?? tag)?.end) ?? 0;
    }
    const fullTag = tag && this.#resolveTag(tag);
    if (anchor) {
      if (this.#anchors.has(anchor.value))
        throw new PyYamlError(`there is another “&${anchor.value}” above`, anchor.start);
      this.#anchors.add(anchor.value);
    }
    const node =
      this.#readContent(isBlock, mayBeIndentless) ??
      (propertiesEnd === undefined ? undefined : emptyScalar(propertiesEnd));
    if (!node) {
      const found = scanner.peek();
      throw new PyYamlError(`a value is needed before “${found.type}”`, found.start);
    }
    if (anchor) node.anchor = anchor.value;
    if (fullTag !== undefined) node.tag = fullTag;
    return node;
  }

  #resolveTag({ value, handle, start }: Token): string {
    if (handle === undefined) return value;
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw new PyYamlError('it does not understand this tag; remove it', start);
    return prefix + value;
  }

  #readAlias({ value, start, end }: Token): Alias {
    if (!this.#anchors.has(value)) throw new PyYamlError(`there is no “&${value}” above`, start);
    const alias = new Alias(value);
    alias.range = rangeOf(start, end);
    return alias;
  }

  #readContent(isBlock: boolean, mayBeIndentless: boolean): Scalar | YAMLMap | YAMLSeq | undefined {
    const { type, start } = this.#scanner.peek();
    if (mayBeIndentless && type === '-') return this.#readIndentlessList(start);
    switch (type) {
      case 'scalar':
        return scalarOf(this.#scanner.take());
      case '[':
        return this.#readFlowList(start);
      case '{':
        return this.#readFlowMap(start);
      case 'block-sequence-start':
        return isBlock ? this.#readBlockList(start) : undefined;
      case 'block-mapping-start':
        return isBlock ? this.#readBlockMap(start) : undefined;
      default:
        return undefined;
    }
  }

  /** A node, or an empty one where one of the types comes instead. */
  #readUnless(types: readonly TokenType[], at: number, isBlock: boolean, mayBeIndentless = false): Node {
    return this.#scanner.check(...types) ? emptyScalar(at) : this.#readNode(isBlock, mayBeIndentless);
  }

  #readBlockList(start: number): YAMLSeq {
    const list = new YAMLSeq();
    this.#scanner.take();
    while (this.#scanner.check('-')) {
      const { end } = this.#scanner.take();
      list.items.push(this.#readUnless(['-', 'block-end'], end, true));
    }
    return this.#closeBlock(list, start);
  }

  #readIndentlessList(start: number): YAMLSeq {
    const list = new YAMLSeq();
    let end = start;
    while (this.#scanner.check('-')) {
      ({ end } = this.#scanner.take());
      list.items.push(this.#readUnless(['-', '?', ':', 'block-end'], end, true));
    }
    list.range = rangeOf(start, end);
    return list;
  }

  #readBlockMap(start: number): YAMLMap {
    const map = new YAMLMap();
    this.#scanner.take();
    for (;;) {
      if (!this.#scanner.check('?')) return this.#closeBlock(map, start);
      const { end } = this.#scanner.take();
      const key = this.#readUnless(['?', ':', 'block-end'], end, true, true);
      let value: Node;
      if (this.#scanner.check(':')) {
        const colon = this.#scanner.take();
        value = this.#readUnless(['?', ':', 'block-end'], colon.end, true, true);
      } else value = emptyScalar(key.range?.[1] ?? end);
      map.items.push(new Pair<unknown, unknown>(key, value));
    }
  }

  #closeBlock<T extends YAMLMap | YAMLSeq>(node: T, start: number): T {
    if (!this.#scanner.check('block-end')) this.#refuse('the indentation does not fit');
    node.range = rangeOf(start, this.#scanner.take().start);
    return node;
  }

  #readFlowList(start: number): YAMLSeq {
    const scanner = this.#scanner;
    const list = new YAMLSeq();
    list.flow = true;
    scanner.take();
    for (let first = true; !scanner.check(']'); first = false) {
      if (!first) {
        if (!scanner.check(',')) this.#refuse('a comma or “]” is needed before this');
        scanner.take();
      }
      if (scanner.check('?')) list.items.push(this.#readPairInList());
      else if (!scanner.check(']')) list.items.push(this.#readNode(false));
    }
    list.range = rangeOf(start, scanner.take().end);
    return list;
  }

  /** `a: b` inside of a list is a map of one entry. */
  #readPairInList(): YAMLMap {
    const { start, end } = this.#scanner.take();
    const key = this.#readUnless([':', ',', ']'], end, false);
    const map = new YAMLMap();
    map.flow = true;
    map.items.push(new Pair<unknown, unknown>(key, this.#readFlowValue(']', key.range?.[1] ?? end)));
    const value = map.items[0]?.value;
    const last =
      value instanceof Scalar || value instanceof YAMLMap || value instanceof YAMLSeq ? value.range : undefined;
    map.range = rangeOf(start, Math.max(start, last?.[1] ?? end));
    return map;
  }

  #readFlowMap(start: number): YAMLMap {
    const scanner = this.#scanner;
    const map = new YAMLMap();
    map.flow = true;
    scanner.take();
    for (let first = true; !scanner.check('}'); first = false) {
      if (!first) {
        if (!scanner.check(',')) this.#refuse('a comma or “}” is needed before this');
        scanner.take();
      }
      if (scanner.check('?')) {
        const { end } = scanner.take();
        const key = this.#readUnless([':', ',', '}'], end, false);
        map.items.push(new Pair<unknown, unknown>(key, this.#readFlowValue('}', key.range?.[1] ?? end)));
      } else if (!scanner.check('}')) {
        const key = this.#readNode(false);
        map.items.push(new Pair<unknown, unknown>(key, emptyScalar(key.range?.[1] ?? start)));
      }
    }
    map.range = rangeOf(start, scanner.take().end);
    return map;
  }

  #readFlowValue(closing: ']' | '}', otherwise: number): Node {
    if (!this.#scanner.check(':')) return emptyScalar(otherwise);
    const { end } = this.#scanner.take();
    return this.#readUnless([',', closing], end, false);
  }
}

function scalarOf({ value, style, start, end }: Token): Scalar {
  const scalar = new Scalar(value);
  if (style) scalar.type = style;
  scalar.range = rangeOf(start, end);
  return scalar;
}

function emptyScalar(at: number): Scalar {
  const scalar = new Scalar('');
  scalar.type = 'PLAIN';
  scalar.range = rangeOf(at, at);
  return scalar;
}

function rangeOf(start: number, end: number): [number, number, number] {
  return [start, end, end];
}

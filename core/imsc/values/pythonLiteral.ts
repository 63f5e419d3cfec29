import { maxIntegerDigits } from './pythonNumbers.ts';
import { pythonStringAt } from './pythonString.ts';
import * as values from './values.ts';
import type { DictEntry, Value } from './values.ts';

/** A text that is not a Python literal; the message says why, for people. */
export class LiteralError extends Error {
  override readonly name = 'LiteralError';
}

const integerPattern = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?[0-9])*/y;
const floatPattern =
  /(?:[0-9](?:_?[0-9])*\.(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*[eE][+-]?[0-9](?:_?[0-9])*/y;
const afterNumber = /[\p{L}\p{N}_.]/uy;
const namePattern = /[\p{L}_][\p{L}\p{N}_]*/uy;
/** Between tokens: blanks, continued lines, and inside brackets also line ends and comments. */
const gap = /(?:[ \t\f]|\\\n(?!$))*/y;
const gapInBrackets = /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y;
const blankLines = /(?:[ \t\f]*(?:#[^\n]*)?\n)*/y;
const rest = /(?:[ \t\f\n]|#[^\n]*(?=\n|$))*$/y;

/** Deeper nesting is refused, by Python's tokenizer too. */
const maxDepth = 200;

/**
 * Python's `ast.literal_eval(text)`: numbers, texts, bytes, tuples, lists, dicts, sets, `True`, `False` and `None`.
 * Refuses three things that Python reads, which no value type has a use for: complex numbers, `...` and characters by
 * name (`\N{…}`).
 * @throws LiteralError
 */
export function parsePythonLiteral(text: string): Value {
  if (text.includes('\0')) throw new LiteralError('It holds a null character.');
  if (/\p{Cs}/u.test(text)) throw new LiteralError('It holds half of a character (a lone surrogate).');
  return new LiteralParser(text.replace(/^[ \t]+/, '').replace(/\r\n?/g, '\n')).parse();
}

class LiteralParser {
  private readonly text: string;
  private position = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(): Value {
    if (this.match(blankLines) !== '' && /[ \t]/.test(this.next())) throw this.error('An indented line');
    const first = this.value();
    const items = [first];
    let isTuple = false;
    while (this.take(',')) {
      isTuple = true;
      this.skip();
      rest.lastIndex = this.position;
      if (rest.test(this.text)) break;
      items.push(this.value());
    }
    rest.lastIndex = this.position;
    if (!rest.test(this.text)) throw this.error(`“${this.next()}”`);
    return isTuple ? values.tuple(items) : first;
  }

  private value(): Value {
    this.skip();
    const next = this.next();
    if (next === '+' || next === '-') {
      this.position++;
      return this.signed(next === '-');
    }
    if (next === '(') return this.parenthesis();
    if (next === '[') return values.list(this.items('[', ']'));
    if (next === '{') return this.braces();
    return this.string() ?? this.number() ?? this.word();
  }

  /** A sign may only stand before an unsigned number, though that may be in parentheses. */
  private signed(negative: boolean): Value {
    this.skip();
    if (this.take('(')) {
      this.enter();
      const inner = this.signed(negative);
      this.leave(')');
      return inner;
    }
    const number = this.number();
    if (!number) throw this.error('A sign without a number');
    if (!negative) return number;
    return number.kind === 'integer' ? values.integer(-number.value) : values.float(-number.value);
  }

  private number(): values.ValueOf<'integer'> | values.ValueOf<'float'> | undefined {
    const asFloat = this.match(floatPattern);
    const source = asFloat === '' ? this.match(integerPattern) : asFloat;
    if (source === '') return undefined;
    afterNumber.lastIndex = this.position;
    if (afterNumber.test(this.text)) throw this.error(`“${this.next()}” in a number`);
    const digits = source.replaceAll('_', '');
    if (asFloat !== '') return values.float(Number(digits));
    if (/^\d/.test(digits) && digits.length > maxIntegerDigits && !/^0[xob]/i.test(digits)) {
      throw this.error('An integer of too many digits');
    }
    return values.integer(BigInt(digits));
  }

  /** One or more strings in a row, which count as one. */
  private string(): Value | undefined {
    const parts: Value[] = [];
    for (;;) {
      const found = pythonStringAt(this.text, this.position);
      if (!found) break;
      if ('fault' in found) throw this.error(found.fault);
      parts.push(found.value);
      this.position = found.end;
      this.skip();
    }
    const [first] = parts;
    if (!first || parts.length === 1) return first;
    const texts = parts.flatMap((part) => (part.kind === 'string' ? [part.value] : []));
    if (texts.length === parts.length) return values.string(texts.join(''));
    if (texts.length > 0) throw this.error('Text and bytes side by side');
    return values.bytes(Uint8Array.from(parts.flatMap((part) => (part.kind === 'bytes' ? [...part.value] : []))));
  }

  private word(): Value {
    const start = this.position;
    const name = this.match(namePattern);
    switch (name) {
      case 'True':
        return values.boolean(true);
      case 'False':
        return values.boolean(false);
      case 'None':
        return values.none;
      case 'set':
        if (this.take('(')) {
          this.enter();
          this.leave(')');
          return values.set([]);
        }
    }
    this.position = start;
    if (this.next() === '') throw new LiteralError(this.text.trim() === '' ? 'It is empty.' : 'It ends too early.');
    throw this.error(`“${name === '' ? this.next() : name}”`);
  }

  private parenthesis(): Value {
    this.take('(');
    this.enter();
    this.skip();
    if (this.next() === ')') {
      this.leave(')');
      return values.tuple([]);
    }
    const first = this.value();
    this.skip();
    if (this.next() === ')') {
      this.leave(')');
      return first;
    }
    const items = [first];
    while (this.take(',')) {
      this.skip();
      if (this.next() === ')') break;
      items.push(this.value());
    }
    this.leave(')');
    return values.tuple(items);
  }

  private items(open: string, close: string): Value[] {
    this.take(open);
    this.enter();
    const items: Value[] = [];
    for (;;) {
      this.skip();
      if (this.next() === close) break;
      items.push(this.value());
      if (!this.take(',')) break;
    }
    this.leave(close);
    return items;
  }

  private braces(): Value {
    this.take('{');
    this.enter();
    const items: Value[] = [];
    const entries: DictEntry[] = [];
    for (;;) {
      this.skip();
      if (this.next() === '}') break;
      const item = this.value();
      if (values.hashKey(item) === undefined) throw this.error(`A ${item.kind} as a key`);
      if (this.take(':')) entries.push([item, this.value()]);
      else items.push(item);
      if (items.length > 0 && entries.length > 0) throw this.error('A mixture of dict and set');
      if (!this.take(',')) break;
    }
    this.leave('}');
    return items.length > 0 ? values.set(items) : values.dict(entries);
  }

  private enter(): void {
    if (++this.depth > maxDepth) throw new LiteralError('It is nested too deeply.');
  }

  private leave(close: string): void {
    if (!this.take(close)) throw this.error(this.next() === '' ? `A missing “${close}”` : `“${this.next()}”`);
    this.depth--;
  }

  private skip(): void {
    this.match(this.depth > 0 ? gapInBrackets : gap);
  }

  private take(character: string): boolean {
    this.skip();
    if (this.next() !== character) return false;
    this.position++;
    return true;
  }

  private next(): string {
    const code = this.text.codePointAt(this.position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  private error(what: string): LiteralError {
    return new LiteralError(`${what} at character ${this.position + 1} does not belong into a Python literal.`);
  }
}

/**
 * A regular expression in Python's dialect (`re`, Python 3.12) as a JavaScript one, with the meaning that `re.search`
 * gives it for text.
 * @throws SyntaxError where Python would refuse the pattern, or for what JavaScript cannot do; in words for a person
 */
export function pythonRegex(pattern: string): RegExp {
  const source = new Translator(pattern).translate();
  try {
    return new RegExp(source.text, source.flags);
  } catch {
    throw new SyntaxError('it cannot be understood');
  }
}

/**
 * The groups of a match as Python numbers them, with all that was found before the first one.
 * @param regex made by `pythonRegex`
 */
export function pythonGroups(regex: RegExp, found: RegExpExecArray): readonly (string | undefined)[] {
  // Literal parentheses are written as code points there, so that each one here opens a group.
  const groups = [...regex.source.matchAll(/\((?!\?)|\(\?<(?![=!])(\$?)/g)];
  return found.filter((_, index) => groups[index - 1]?.[1] !== '$');
}

/** The shell's reading of a star: the whole name, any text where a star is. `?` and `[…]` are literal. */
export function globRegex(component: string): RegExp {
  const parts = component.split('*').map((part) => part.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su');
}

/** Python's \w, \d and \s for text are Unicode's. */
const classes: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{N}_',
  s: '\\s\\x1c-\\x1f\\x85',
};
const negatedClasses: Readonly<Record<string, string>> = { D: 'd', W: 'w', S: 's' };
const controls: Readonly<Record<string, string>> = { a: '\\x07', f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\v' };
const before = '(?<=[\\p{L}\\p{N}_])';
const after = '(?=[\\p{L}\\p{N}_])';
const notBefore = '(?<![\\p{L}\\p{N}_])';
const notAfter = '(?![\\p{L}\\p{N}_])';

class Translator {
  readonly #pattern: string;
  #at = 0;
  #output = '';
  /** Where the last item starts in the output; undefined where nothing can be repeated. */
  #item: number | undefined;
  readonly #groups: number[] = [];
  readonly #names = new Map<string, number>();
  #groupCount = 0;
  #flags = new Set(['u']);
  #verbose = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  translate(): { text: string; flags: string } {
    this.#globalFlags();
    while (this.#at < this.#pattern.length) this.#step();
    if (this.#groups.length > 0) throw new SyntaxError('a parenthesis is not closed');
    return { text: this.#output, flags: [...this.#flags].join('') };
  }

  #step(): void {
    const character = this.#take();
    switch (character) {
      case '*':
      case '+':
      case '?':
        this.#repeat(character);
        break;
      case '{':
        this.#braces();
        break;
      case '^':
        this.#anchor('^');
        break;
      case '$':
        this.#anchor(this.#flags.has('m') ? '$' : '(?=\\n?$)');
        break;
      case '|':
        this.#output += '|';
        this.#item = undefined;
        break;
      case '(':
        this.#open();
        break;
      case ')':
        this.#close();
        break;
      case '[':
        this.#set();
        break;
      case '.':
        this.#emit(this.#flags.has('s') ? '[\\s\\S]' : '[^\\n]');
        break;
      case '\\':
        this.#escape();
        break;
      case '#':
        if (this.#verbose) this.#skipComment();
        else this.#emit(literal(character));
        break;
      default:
        if (!(this.#verbose && /\s/.test(character))) this.#emit(literal(character));
    }
  }

  #take(): string {
    const [character = ''] = this.#pattern.slice(this.#at, this.#at + 2);
    this.#at += character.length;
    return character;
  }

  #next(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #emit(text: string): void {
    this.#item = this.#output.length;
    this.#output += text;
  }

  /** Anchors may not be repeated in Python. */
  #anchor(text: string): void {
    this.#output += text;
    this.#item = undefined;
  }

  #repeat(quantifier: string): void {
    if (this.#item === undefined) {
      const before = this.#pattern.slice(0, this.#at - quantifier.length);
      throw new SyntaxError(
        /[*+?}]$/.test(before)
          ? `"${before.slice(-1)}${quantifier}" repeats a repeat`
          : `nothing to repeat before "${quantifier}"`,
      );
    }
    if (this.#next('?')) this.#output += `${quantifier}?`;
    else if (this.#next('+')) this.#possessive(quantifier);
    else this.#output += quantifier;
    this.#item = undefined;
  }

  /**
   * What a possessive repeat has matched is not given back: a lookahead, and the text that it found. No group in
   * Python can have a name with a dollar.
   */
  #possessive(quantifier: string): void {
    const item = this.#output.slice(this.#item);
    const name = `$${this.#output.length}`;
    this.#output = `${this.#output.slice(0, this.#item)}(?:(?=(?<${name}>${item}${quantifier}))\\k<${name}>)`;
  }

  #braces(): void {
    const bounds = /^(\d*)(?:(,)(\d*))?\}/.exec(this.#pattern.slice(this.#at));
    if (bounds === null || bounds[0] === '}') {
      this.#emit('\\{');
      return;
    }
    const [text, least = '', comma, most = ''] = bounds;
    if (comma !== undefined && most !== '' && Number(least) > Number(most)) {
      throw new SyntaxError(`in "{${text}" the least is more than the most`);
    }
    this.#at += text.length;
    this.#repeat(`{${least === '' ? '0' : least}${comma ?? ''}${most}}`);
  }

  #open(): void {
    let text = '(';
    if (this.#next('?')) {
      if (this.#next('#')) {
        this.#skipPast(')', 'a comment');
        return;
      }
      text = this.#extension();
      if (text === '') return;
    } else this.#groupCount += 1;
    this.#groups.push(this.#output.length);
    this.#output += text;
    this.#item = undefined;
  }

  /** What follows `(?`: the opening in JavaScript, or nothing where it is complete in itself. */
  #extension(): string {
    for (const plain of [':', '=', '!', '<=', '<!']) if (this.#next(plain)) return `(?${plain}`;
    if (this.#next('P<')) {
      const name = this.#nameUntil('>');
      if (this.#names.has(name)) throw new SyntaxError(`the name "${name}" is given twice`);
      this.#groupCount += 1;
      this.#names.set(name, this.#groupCount);
      return `(?<${name}>`;
    }
    if (this.#next('P=')) {
      const name = this.#nameUntil(')');
      if (!this.#names.has(name)) throw new SyntaxError(`there is no group "${name}"`);
      this.#emit(`\\k<${name}>`);
      return '';
    }
    const rest = this.#pattern.slice(this.#at - 2, this.#at + 2);
    if (/^\(\?[aiLmsux]/.test(rest)) throw new SyntaxError('flags like "(?i)" are only understood at the start');
    throw new SyntaxError(`"${rest}" is not a group that Python's expressions know or that can be read here`);
  }

  #close(): void {
    const start = this.#groups.pop();
    if (start === undefined) throw new SyntaxError('a parenthesis is closed that was not opened');
    this.#output += ')';
    const lookaround = /^\(\?<?[=!]/.test(this.#output.slice(start));
    if (lookaround) {
      // JavaScript does not let a lookaround be repeated; Python does.
      this.#output = `${this.#output.slice(0, start)}(?:${this.#output.slice(start)})`;
    }
    this.#item = start;
  }

  #nameUntil(end: string): string {
    const name = this.#pattern.slice(this.#at, this.#skipPast(end, 'a group name') - end.length);
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw new SyntaxError(`"${name}" is not a name for a group`);
    return name;
  }

  #skipPast(end: string, what: string): number {
    const found = this.#pattern.indexOf(end, this.#at);
    if (found < 0) throw new SyntaxError(`${what} has no end`);
    this.#at = found + end.length;
    return this.#at;
  }

  #skipComment(): void {
    const end = this.#pattern.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#pattern.length : end + 1;
  }

  #globalFlags(): void {
    const [text, letters = ''] = /^\(\?([aiLmsux]+)\)/.exec(this.#pattern) ?? [''];
    this.#at = text.length;
    if (letters.includes('L')) throw new SyntaxError('the flag L is for bytes, not for text');
    for (const flag of ['i', 'm', 's']) if (letters.includes(flag)) this.#flags.add(flag);
    this.#verbose = letters.includes('x');
  }

  #escape(): void {
    if (this.#at >= this.#pattern.length) throw new SyntaxError('it ends with a backslash');
    const character = this.#take();
    const negated = negatedClasses[character];
    if (character === 'A') this.#anchor('(?<![\\s\\S])');
    else if (character === 'Z') this.#anchor('(?![\\s\\S])');
    else if (character === 'b') this.#anchor(`(?:${before}${notAfter}|${notBefore}${after})`);
    else if (character === 'B') this.#anchor(`(?:${before}${after}|${notBefore}${notAfter})`);
    else if (character in classes) this.#emit(`[${classes[character] ?? ''}]`);
    else if (negated !== undefined) this.#emit(`[^${classes[negated] ?? ''}]`);
    else if (/[1-9]/.test(character)) this.#backReference(character);
    else this.#emit(this.#characterEscape(character));
  }

  #backReference(digit: string): void {
    const [digits = digit] = /^[1-9]\d?/.exec(this.#pattern.slice(this.#at - 1)) ?? [];
    const octal = /^[0-3][0-7]{2}/.exec(this.#pattern.slice(this.#at - 1));
    if (octal !== null) {
      this.#at += 2;
      this.#emit(codePoint(Number.parseInt(octal[0], 8)));
      return;
    }
    if (Number(digits) > this.#groupCount) throw new SyntaxError(`there is no group ${digits}`);
    throw new SyntaxError(`references like "\\${digits}" are not supported; name the group and use (?P=name)`);
  }

  /** An escape that stands for one character, inside a set or outside. */
  #characterEscape(character: string): string {
    const control = controls[character];
    if (control !== undefined) return control;
    const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
    const length = lengths[character];
    if (length !== undefined) {
      const digits = this.#pattern.slice(this.#at, this.#at + length);
      const code = Number.parseInt(digits, 16);
      if (digits.length !== length || !/^[\da-f]+$/i.test(digits) || code > 0x10ffff) {
        throw new SyntaxError(`"\\${character}" wants ${length} hexadecimal digits`);
      }
      this.#at += length;
      return codePoint(code);
    }
    if (character === '0') {
      const [digits = ''] = /^[0-7]{0,2}/.exec(this.#pattern.slice(this.#at)) ?? [];
      this.#at += digits.length;
      return codePoint(Number.parseInt(`0${digits}`, 8));
    }
    if (/[A-Za-z\d]/.test(character)) throw new SyntaxError(`"\\${character}" is not an escape`);
    return codePoint(character.codePointAt(0) ?? 0);
  }

  /** `[…]`: Python knows no classes like [:alpha:]; they are plain sets of those characters. */
  #set(): void {
    const negated = this.#next('^');
    let items = '';
    let first = true;
    for (; ; first = false) {
      if (this.#at >= this.#pattern.length) throw new SyntaxError('a "[" is not closed');
      const character = this.#take();
      if (character === ']' && !first) break;
      const low = this.#setItem(character);
      if (this.#pattern[this.#at] === '-' && !['', ']'].includes(this.#pattern[this.#at + 1] ?? '')) {
        this.#at += 1;
        const high = this.#setItem(this.#take());
        if (!isOne(low) || !isOne(high)) throw new SyntaxError('a range runs from one character to another');
        if (codeOf(low) > codeOf(high)) throw new SyntaxError('a range in "[…]" runs backwards');
        items += `${low}-${high}`;
      } else items += low;
    }
    this.#emit(`[${negated ? '^' : ''}${items}]`);
  }

  #setItem(character: string): string {
    if (character !== '\\') return codePoint(character.codePointAt(0) ?? 0);
    const escaped = this.#take();
    if (escaped === '') throw new SyntaxError('it ends with a backslash');
    if (escaped in classes) return classes[escaped] ?? '';
    if (escaped in negatedClasses) return `\\${escaped}`;
    if (escaped === 'b') return codePoint(8);
    return this.#characterEscape(escaped);
  }
}

function literal(character: string): string {
  return codePoint(character.codePointAt(0) ?? 0);
}

function codePoint(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

/** Whether a translated item of a set is a single character. */
function isOne(item: string): boolean {
  return /^(?:\\u\{[\da-f]+\}|\\[fnrtv]|\\x07)$/.test(item);
}

function codeOf(item: string): number {
  const hexadecimal = /^\\u\{([\da-f]+)\}$/.exec(item)?.[1];
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
  return { '\\f': 12, '\\n': 10, '\\r': 13, '\\t': 9, '\\v': 11 }[item] ?? 7;
}

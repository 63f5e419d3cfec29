import { shortened } from '../../text/shortened.ts';
import { pythonText } from '../values/pythonText.ts';
import { requireLength } from '../values/valueBudget.ts';
import type { Quantity } from '../values/values.ts';

/** What a template may refer to, by name. */
export interface Names {
  get(name: string): Quantity | undefined;
}

/** `<name>` somewhere in a template text. Offsets count UTF-16 units in the decoded text. */
export interface Reference {
  readonly name: string;
  /** Of the `<`. */
  readonly start: number;
  /** After the `>`. */
  readonly end: number;
}

/** A template that cannot be filled in. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** The names in it that nothing defines; empty where the angle brackets themselves are the trouble. */
  readonly missing: readonly string[];
  constructor(message: string, missing: readonly string[] = []) {
    super(message);
    this.missing = missing;
  }
}

/** How many `>` are tried as the end of a name: names with a `>` of their own are possible, and rare. */
const endsTried = 4;
/** Names are not longer; otherwise a text of many `<` would be compared with itself again and again. */
const longestName = 256;

/** The references of a text that `isKnown` knows, left to right, not overlapping. */
export function knownReferences(text: string, isKnown: (name: string) => boolean): Reference[] {
  const found: Reference[] = [];
  let firstClose = -1;
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', start + 1)) {
    if (firstClose <= start) firstClose = text.indexOf('>', start + 1);
    if (firstClose < 0) break;
    let close = firstClose;
    for (let tried = 1; close >= 0 && close - start <= longestName; tried++) {
      const name = text.slice(start + 1, close);
      if (isKnown(name)) {
        found.push({ name, start, end: close + 1 });
        start = close;
        break;
      }
      if (tried >= endsTried) break;
      close = text.indexOf('>', close + 1);
    }
  }
  return found;
}

/** All names that a text may come to refer to, whichever of them have a value then. */
export function possibleReferences(text: string, isDefined: (name: string) => boolean): string[] {
  const found = text.startsWith('<') && text.endsWith('>') ? [text.slice(1, -1)] : [];
  let firstClose = -1;
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', start + 1)) {
    if (firstClose <= start) firstClose = text.indexOf('>', start + 1);
    if (firstClose < 0) break;
    let close = firstClose;
    for (let tried = 0; close >= 0 && close - start <= longestName && tried < endsTried; tried++) {
      found.push(text.slice(start + 1, close));
      close = text.indexOf('>', close + 1);
    }
  }
  return found.filter((name) => isDefined(name));
}

/** Everything between a `<` and the next `>` with no further `<` between: what a reader takes for a reference. */
export function allReferences(text: string): Reference[] {
  const found: Reference[] = [];
  let close = -1;
  for (let start = text.indexOf('<'); start >= 0;) {
    if (close < start) close = text.indexOf('>', start);
    if (close < 0) break;
    const next = text.indexOf('<', start + 1);
    const isReference = next < 0 || next > close;
    if (isReference) found.push({ name: text.slice(start + 1, close), start, end: close + 1 });
    start = next;
  }
  return found;
}

/**
 * True where a text has both a `<` and a `>` outside of its known references. Such a text fails in an ingestion, as
 * in the Python ingestor, whatever the order of the two.
 */
export function hasStrayBrackets(text: string, isKnown: (name: string) => boolean): boolean {
  if (!text.includes('<') || !text.includes('>')) return false;
  let rest = '';
  let from = 0;
  for (const { start, end } of knownReferences(text, isKnown)) {
    rest += text.slice(from, start);
    from = end;
  }
  rest += text.slice(from);
  return rest.includes('<') && rest.includes('>');
}

/**
 * Fills in one template text. A text that is one reference gives that variable's own value and unit; any other text
 * gives text without a unit, each reference printed as Python prints it.
 *
 * Differs from the Python ingestor in one thing: references are replaced in a single pass, so that text coming out
 * of a file is never taken for a template.
 * @throws TemplateError naming what is not defined
 * @throws TooLarge
 */
export function renderText(text: string, names: Names): Quantity {
  if (text.startsWith('<') && text.endsWith('>') && text.length > 2) {
    const whole = names.get(text.slice(1, -1));
    if (whole) return whole;
  }
  if (!text.includes('<')) return { value: { kind: 'string', value: text }, unit: '' };
  const isKnown = (name: string): boolean => names.get(name) !== undefined;
  if (hasStrayBrackets(text, isKnown)) throw unresolved(text, isKnown);
  let rendered = '';
  let from = 0;
  for (const { name, start, end } of knownReferences(text, isKnown)) {
    const quantity = names.get(name);
    rendered += text.slice(from, start) + (quantity ? pythonText(quantity.value) : '');
    from = end;
    requireLength(rendered.length);
  }
  return { value: { kind: 'string', value: rendered + text.slice(from) }, unit: '' };
}

function unresolved(text: string, isKnown: (name: string) => boolean): TemplateError {
  const missing = [...new Set(allReferences(text).map(({ name }) => name))].filter((name) => !isKnown(name));
  if (missing.length === 0) {
    return new TemplateError(
      `“${shortened(text, 60)}” has a “<” and a “>” that belong to no variable; remove one of them.`,
    );
  }
  const list = missing.map((name) => `<${name}>`).join(', ');
  return new TemplateError(`${list} ${missing.length === 1 ? 'has' : 'have'} no value here.`, missing);
}

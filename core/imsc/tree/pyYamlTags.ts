import { blanks, blanksAndTab, endsOfLine } from './pyYamlText.ts';
import type { PyYamlText } from './pyYamlText.ts';
import type { Token } from './pyYamlTokens.ts';

// Tags, names and directives, as the scanner of PyYAML reads them; see pyYamlScanner.ts.

/** A line that begins with `%`. */
export function scanDirective(text: PyYamlText): Token {
  const start = text.at;
  text.forward();
  const value = text.word('“%” in the first column begins a directive; put the text in quotes');
  if (!text.isAt(blanks)) text.fail('“%” in the first column begins a directive; put the text in quotes');
  let handle: string | undefined;
  if (value === 'YAML') scanVersion(text);
  else if (value === 'TAG') handle = scanTagDirective(text);
  else while (!text.isAt(endsOfLine)) text.forward();
  text.toLineEnd('only a comment may follow a directive');
  return { type: 'directive', start, end: text.at, value, handle };
}

function scanVersion(text: PyYamlText): void {
  while (text.char() === ' ') text.forward();
  const version = /^(\d+)\.\d+/.exec(text.ahead(100));
  if (!version) text.fail('the version of YAML must be “1.1”');
  if (Number(version[1]) !== 1) text.fail('the version of YAML must be “1.1”');
  text.forward(version[0].length);
  if (!text.isAt(blanks)) text.fail('the version of YAML must be “1.1”');
}

/** What a `%TAG` defines: the handle, a blank, the prefix. */
function scanTagDirective(text: PyYamlText): string {
  while (text.char() === ' ') text.forward();
  const handle = scanHandle(text);
  if (text.char() !== ' ') text.fail('it does not understand this tag; remove it');
  while (text.char() === ' ') text.forward();
  const prefix = scanUri(text);
  if (!text.isAt(blanks)) text.fail('it does not understand this tag; remove it');
  return `${handle} ${prefix}`;
}

/** An `*alias` or an `&anchor`. */
export function scanName(text: PyYamlText, type: 'alias' | 'anchor'): Token {
  const start = text.at;
  text.forward();
  const value = text.word(`the name of an ${type} may hold only letters from A to Z, digits, “-” and “_”`);
  if (!text.isAt(`${blanksAndTab}?:,]}%@\``))
    text.fail(`the name of an ${type} may hold only letters from A to Z, digits, “-” and “_”`);
  return { type, start, end: text.at, value };
}

/** A tag, which begins with `!`. */
export function scanTag(text: PyYamlText): Token {
  const start = text.at;
  let handle: string | undefined;
  let value = '!';
  if (text.char(1) === '<') {
    text.forward(2);
    value = scanUri(text);
    if (text.char() !== '>') text.fail('it does not understand this tag; remove it');
    text.forward();
  } else if (text.isAt(blanksAndTab, 1)) text.forward();
  else {
    let length = 1;
    while (!text.isAt(`${blanks}!`, length)) length += 1;
    handle = '!';
    if (text.char(length) === '!') handle = scanHandle(text);
    else text.forward();
    value = scanUri(text);
  }
  if (!text.isAt(blanks)) text.fail(text.char() === '\t' ? 'tab' : 'it does not understand this tag; remove it');
  return { type: 'tag', start, end: text.at, value, handle };
}

function scanHandle(text: PyYamlText): string {
  if (text.char() !== '!') text.fail('it does not understand this tag; remove it');
  let length = 1;
  if (text.char(length) !== ' ') {
    while (/[\w-]/.test(text.char(length))) length += 1;
    if (text.char(length) !== '!') text.fail('it does not understand this tag; remove it');
    length += 1;
  }
  const handle = text.ahead(length);
  text.forward(length);
  return handle;
}

function scanUri(text: PyYamlText): string {
  let length = 0;
  while (/[\w\-;/?:@&=+$,.!~*'()[\]%]/.test(text.char(length))) length += 1;
  const written = text.ahead(length);
  if (length === 0) text.fail('it does not understand this tag; remove it');
  text.forward(length);
  try {
    return decodeURIComponent(written);
  } catch {
    return text.fail('it does not understand this tag; remove it');
  }
}

import { addressPartFault, decoded } from '../../text/addressPart.ts';
import { pythonText } from '../values/pythonText.ts';
import { endpoints } from '../schema/scicatUrls.ts';
import { knownReferences } from '../schema/template.ts';
import type { Names } from '../schema/template.ts';

/** What values do to the address that a `url` names. */
export interface UrlValues {
  /** Why the address would be another one than the text of the schema names. */
  readonly fault: string | undefined;
  /** What is allowed, and worth a look. */
  readonly notes: readonly string[];
}

type Place = 'host' | 'path' | 'query' | 'fragment';

interface Piece {
  readonly text: string;
  /** Of the variable that the text comes from; undefined for what the schema itself says. */
  readonly name: string | undefined;
}

/**
 * Looks at what the values of variables put into a url. Scheme, host, collection, and the ends of parts, query and
 * parameters are those of the schema's text; a value fills in one part of the path, or one parameter. A plain slash in a
 * value is let through, as by the Python ingestor, with a note.
 */
export function checkUrlValues(template: string, names: Names): UrlValues {
  const notes = new Set<string>();
  const reader = new UrlReader();
  for (const piece of pieces(template, names)) {
    if (piece.name === undefined) reader.schemaText(piece.text);
    else {
      const fault = reader.value(piece.text, `<${piece.name}>`, notes);
      if (fault !== undefined) return { fault, notes: [] };
    }
  }
  return { fault: reader.end(), notes: [...notes] };
}

function pieces(template: string, names: Names): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const { name, start, end } of knownReferences(template, (each) => names.get(each) !== undefined)) {
    const quantity = names.get(name);
    found.push({ text: template.slice(from, start), name: undefined });
    if (quantity) found.push({ text: pythonText(quantity.value), name });
    from = end;
  }
  return [...found, { text: template.slice(from), name: undefined }].filter(
    ({ text, name }) => text !== '' || name !== undefined,
  );
}

/** Walks along a url; only what the schema says moves it from one place to the next. */
class UrlReader {
  private place: Place = 'path';
  private isAbsolute = false;
  /** What has been read of the url so far, and of its present part or parameter. */
  private read = '';
  private part = '';
  private isFirstPart = true;
  /** The variables in the present part. */
  private names: string[] = [];
  /** Where in it a variable stands that is empty. */
  private empty: { readonly name: string; readonly at: number }[] = [];
  private fault: string | undefined;

  schemaText(text: string): void {
    if (this.read === '' && /^https?:\/\//i.test(text)) {
      this.isAbsolute = true;
      this.place = 'host';
      const [scheme = ''] = /^https?:\/\//i.exec(text) ?? [];
      this.read = scheme;
      this.schemaText(text.slice(scheme.length));
      return;
    }
    for (const character of text) this.step(character);
  }

  private step(character: string): void {
    this.read += character;
    if (this.place === 'fragment') return;
    const isEnd = this.place === 'query' ? '&#'.includes(character) : '/?#'.includes(character);
    if (!isEnd) {
      this.part += character;
      return;
    }
    this.endPart();
    if (character === '?') this.place = 'query';
    else if (character === '#') this.place = 'fragment';
    else if (this.place === 'host') this.place = 'path';
  }

  value(text: string, name: string, notes: Set<string>): string | undefined {
    const fault = this.valueFault(text, name);
    if (fault !== undefined) return `${name} cannot be put into the url: ${fault}.`;
    if (this.place === 'path' && this.read !== '' && /[/\\]/.test(text)) {
      notes.add(
        `${name} holds a slash, which begins another part of the path; the operator urlsafe keeps it in its own.`,
      );
    }
    this.names.push(name);
    if (text.trim() === '') this.empty.push({ name, at: this.part.length });
    for (const [index, part] of text.split('/').entries()) {
      if (index > 0 && this.place === 'path') {
        this.endPart();
        this.names.push(name);
        this.part = part;
      } else this.part += index > 0 ? `/${part}` : part;
    }
    this.read += text;
    return undefined;
  }

  private valueFault(text: string, name: string): string | undefined {
    if (this.place === 'fragment') return undefined;
    if (/\p{Cc}/u.test(decoded(text))) return 'it holds a control character';
    if (/\p{Cs}/u.test(text)) return 'it holds half of a character';
    if (this.place === 'host') return 'the host is named by the schema alone';
    if (this.place === 'query') return this.parameterFault(text, name);
    const mark = /[?#]/.exec(text)?.[0];
    if (mark !== undefined) return `it holds “${mark}”, which ends the path; make it safe with the operator urlsafe`;
    if (/^(?:[a-z][a-z0-9+.-]*:)?[/\\]/i.test(this.read + text) && !/[/\\]/.test(this.read))
      return 'the host is named by the schema alone';
    return undefined;
  }

  private parameterFault(text: string, name: string): string | undefined {
    const mark = /[&#]/.exec(text)?.[0];
    if (mark !== undefined)
      return `it holds “${mark}”, which ends the parameter; make it safe with the operator urlsafe`;
    const before = decoded(this.part);
    if (!before.includes('{')) return undefined;
    // A filter that the schema has begun: the value stays the text or the number that stands there.
    const isInText = (before.replaceAll(/\\./g, '').match(/"/g) ?? []).length % 2 === 1;
    const breaksOut = isInText ? /["\\]/ : /[^\w.+-]/;
    const found = breaksOut.exec(decoded(text))?.[0];
    return found === undefined ? undefined : `it holds “${found}”, which would change the filter around ${name}`;
  }

  private endPart(): void {
    const { part, names, empty, isFirstPart } = this;
    const isCollection = isFirstPart && !this.isAbsolute && this.place === 'path';
    // A url may begin with `/` or `./`.
    if (this.place === 'path' && !/^\.?$/.test(part)) this.isFirstPart = false;
    this.part = '';
    this.names = [];
    this.empty = [];
    if (names.length === 0 || this.fault !== undefined) return;
    const list = [...new Set(names)].join(' and ');
    if (this.place === 'query') {
      const value = part.slice(part.indexOf('=') + 1);
      if (value.trim() === '') this.fault = `${list} cannot be put into the url: it is empty.`;
      const all = empty.find(({ at }) => isWholeText(part, at));
      if (all)
        this.fault = `${all.name} cannot be put into the url: it is empty, and a filter by nothing finds anything.`;
      return;
    }
    const fault = addressPartFault(part);
    if (fault !== undefined) this.fault = `${list} cannot be put into the url: ${fault}.`;
    else if (isCollection && !endpoints.some((known) => known === part)) {
      this.fault = `${list} cannot begin the url: “${part}” is none of ${endpoints.join(', ')}.`;
    }
  }

  end(): string | undefined {
    this.endPart();
    return this.fault;
  }
}

/** Whether at a place in a filter there is a text of nothing, or of nothing but what stands for anything. */
function isWholeText(filter: string, at: number): boolean {
  const before = decoded(filter.slice(0, at));
  return before.includes('{') && /"[\s%^$.*]*$/.test(before) && /^[\s%^$.*]*"/.test(decoded(filter.slice(at)));
}

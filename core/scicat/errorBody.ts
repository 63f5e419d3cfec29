import { shortened } from '../text/shortened.ts';
import { isJsonObject, isList, jsonIn, textAt } from './json.ts';

/** What SciCat says about one field. */
export interface FieldError {
  /** `contactEmail`, `techniques.0.pid`; empty if SciCat does not say where. */
  readonly path: string;
  readonly message: string;
}

export interface ErrorBody {
  /** One line; empty if the body says nothing. */
  readonly message: string;
  readonly fields: readonly FieldError[];
  /** The body is not of SciCat but of something in between, such as a proxy. */
  readonly isForeign: boolean;
  /** SciCat's database did not take the content, and nothing was written: SciCat answers with 500 all the same. */
  readonly isRefusedByDatabase?: boolean;
}

/**
 * Reads the body of a failed answer. SciCat has many forms: a list of texts (global validation), a text that holds JSON
 * (v3 datasets), an object with or without `error`, a bare JSON string, a raw database error, `{}`, nothing; and a
 * proxy answers with HTML or plain text.
 */
export function describeErrorBody(bodyText: string): ErrorBody {
  const text = bodyText.trim();
  if (text === '') return { message: '', fields: [], isForeign: false };
  const body = jsonIn(text);
  if (body === undefined) return { message: foreignText(text), fields: [], isForeign: true };
  if (typeof body === 'string') return plain(body);
  if (!isJsonObject(body)) return plain('');
  const { message, errors } = body;
  if (isList(message)) return ofFields(message.map(fieldFromText));
  if (isJsonObject(errors)) {
    const isRefusedByDatabase = textAt(body, 'name') === 'ValidationError';
    return { ...ofFields(databaseErrors(errors), textAt(body, 'message')), isRefusedByDatabase };
  }
  if (typeof message !== 'string') return plain(textAt(body, 'error') ?? textAt(message, 'message') ?? '');
  const nested = /^\s*[[{]/.test(message) ? jsonIn(message) : undefined;
  if (isList(nested)) return ofFields(nested.flatMap((item) => validationErrors(item, '')));
  const field = fieldFromText(message);
  return { ...plain(message), fields: field.path === '' ? [] : [{ ...field, message: oneLine(message) }] };
}

function plain(message: string): ErrorBody {
  return { message: oneLine(message), fields: [], isForeign: false };
}

function ofFields(fields: readonly FieldError[], otherwise = ''): ErrorBody {
  const message = fields.map((field) => field.message).join('; ');
  return { message: oneLine(message === '' ? otherwise : message), fields, isForeign: false };
}

const parts = [
  // `dataFileList.0.property foo should not exist` is about dataFileList.0.foo.
  /^(?<parent>[\w.]*?)property (?<name>\S+) should not exist/,
  /^(?<parent>[\w.]*?)each value in (?<name>\S+) must/,
  /^(?<parent>[\w.]*?)(?:each value in )?nested property (?<name>\S+) must/,
  /^(?<parent>)(?<name>PID) is not following/,
  /^(?<parent>)Invalid dataset (?<name>type)\b/,
  /^(?<parent>)(?<name>[\w.]+) (?:must|should)\b/,
];

/** The path is the beginning of the text, in the wording of the validation library that SciCat uses. */
function fieldFromText(item: unknown): FieldError {
  const message = typeof item === 'string' ? item : 'something is not accepted';
  if (message.startsWith('Expected an email or a list'))
    return { path: 'contactEmail', message: `contactEmail: ${message}` };
  for (const pattern of parts) {
    const groups = pattern.exec(message)?.groups;
    if (groups) return { path: pathOf(groups['parent'] ?? '', groups['name'] ?? ''), message };
  }
  return { path: '', message };
}

function pathOf(parent: string, name: string): string {
  if (name === 'PID') return 'pid';
  // `techniques.each value in nested property techniques must be …` is about techniques itself.
  return parent.endsWith(`${name}.`) ? parent.slice(0, -1) : parent + name;
}

/** Datasets are not deeper; a body that is comes from something else. */
const deepest = 20;

/** `{property, constraints: {rule: text}, children: [same]}`, as v3 datasets answer. */
function validationErrors(item: unknown, parent: string, depth = 0): FieldError[] {
  if (!isJsonObject(item) || depth > deepest) return [fieldFromText(item)];
  const property = textAt(item, 'property') ?? '';
  const path = parent === '' ? property : `${parent}.${property}`;
  const constraints = isJsonObject(item['constraints']) ? Object.values(item['constraints']) : [];
  const own = constraints.map((text): FieldError => {
    const said = String(text);
    return { path, message: said.includes(property) && parent === '' ? said : `${path}: ${said}` };
  });
  const children = isList(item['children']) ? item['children'] : [];
  return [...own, ...children.flatMap((child) => validationErrors(child, path, depth + 1))];
}

function databaseErrors(errors: Readonly<Record<string, unknown>>): FieldError[] {
  return Object.entries(errors).map(([path, detail]) => ({
    path,
    message: textAt(detail, 'message') ?? `${path} cannot be stored`,
  }));
}

function foreignText(text: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? /<h1[^>]*>([^<]*)</i.exec(text)?.[1];
  if (title !== undefined) return `a web page, “${oneLine(title)}”`;
  return text.startsWith('<') ? 'a web page' : oneLine(text);
}

function oneLine(text: string): string {
  return shortened(text.replace(/\s+/g, ' ').trim(), 501);
}

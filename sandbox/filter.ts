import { Query } from 'mingo';
import { budget } from '../core/limits/budget.ts';
import { inLimitedTime } from '../core/limits/limitedTime.ts';
import { TimeOver } from '../core/limits/timeOver.ts';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import { refusal } from './answers.ts';
import type { Document } from './store.ts';
import type { VersionTraits } from './versions.ts';

/** A list of documents that a `filter` asks for. */
export interface Filter {
  readonly where: Readonly<Record<string, unknown>>;
  readonly fields: readonly string[];
  readonly limit: number | undefined;
  readonly skip: number;
  readonly order: string | undefined;
  readonly include: readonly string[];
}

/** Reads the query parameter. @throws Refusal 400 for what is not JSON */
export function readFilter(text: string | undefined): Filter {
  const parsed = text === undefined || text === '' ? {} : parseOrRefuse(text);
  const filter = isJsonObject(parsed) ? parsed : {};
  const limits = isJsonObject(filter['limits']) ? filter['limits'] : filter;
  const { order, sort } = limits;
  // v3 has a text, v4 an object.
  const [column] = isJsonObject(sort) ? Object.entries(sort) : [];
  return {
    where: isJsonObject(filter['where']) ? filter['where'] : {},
    fields: texts(filter['fields']),
    limit: typeof limits['limit'] === 'number' ? limits['limit'] : undefined,
    skip: typeof limits['skip'] === 'number' ? limits['skip'] : 0,
    order: typeof order === 'string' ? order : column?.join(':'),
    include: texts(filter['include']),
  };
}

function parseOrRefuse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw refusal(400, `Invalid JSON in filter: ${error instanceof Error ? error.message : 'Unexpected token'}`);
  }
}

function texts(value: unknown): string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

const pluralColumns: Readonly<Record<string, string>> = {
  proposalId: 'proposalIds',
  sampleId: 'sampleIds',
  instrumentId: 'instrumentIds',
  principalInvestigator: 'principalInvestigators',
};

/** The `where` of a v3 dataset filter in the columns and types that the database is asked with. */
export function v3Where(
  where: Readonly<Record<string, unknown>>,
  coercion: VersionTraits['dateCoercion'],
): Record<string, unknown> {
  const entries = Object.entries(where).map(([key, value]): [string, unknown] => [
    pluralColumns[key] ?? key,
    coerced(value, coercion),
  ]);
  return Object.fromEntries(entries);
}

/** Members of lists are left alone, except where each is a condition of its own. */
function coerced(value: unknown, coercion: VersionTraits['dateCoercion']): unknown {
  if (typeof value === 'string') return isTakenForDate(value, coercion) ? new Date(value) : value;
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coerced(item, coercion)]));
  if (isList(value) && value.every(isJsonObject)) return value.map((item) => coerced(item, coercion));
  return value;
}

function isTakenForDate(text: string, coercion: VersionTraits['dateCoercion']): boolean {
  if (coercion === 'none' || Number.isNaN(Date.parse(text))) return false;
  return coercion === 'lenient' || /^\d{4}-\d\d-\d\d/.test(text);
}

/** Documents that match, in order. @param defaultLimit how many without a limit in the filter */
export function select(
  documents: readonly Document[],
  filter: Filter,
  where: Readonly<Record<string, unknown>>,
  defaultLimit: number,
): Document[] {
  const found = inTime(() => {
    const query = new Query(mongoCondition(where), {});
    return documents.filter((document) => query.test(searchable(document)));
  });
  if (filter.order !== undefined) sortBy(found, filter.order);
  const page = found.slice(filter.skip, filter.skip + (filter.limit ?? defaultLimit));
  return filter.fields.length === 0 ? page : page.map((document) => projected(document, filter.fields));
}

/** @throws Refusal 400 if it takes too long, as a regular expression may */
function inTime(search: () => Document[]): Document[] {
  try {
    return inLimitedTime(budget.sandboxFilterMs, search);
  } catch (error) {
    if (error instanceof TimeOver) throw refusal(400, 'The filter takes too long.');
    throw error;
  }
}

function projected(document: Document, fields: readonly string[]): Document {
  return Object.fromEntries(Object.entries(document).filter(([key]) => key === '_id' || fields.includes(key)));
}

function sortBy(documents: Document[], order: string): void {
  const [, key = '', direction] = /^(\S+?)(?:[: ](asc|desc))?$/i.exec(order) ?? [];
  const sign = direction?.toLowerCase() === 'desc' ? -1 : 1;
  const text = (document: Document): string => {
    const value = document[key];
    return typeof value === 'string' ? value : JSON.stringify(value ?? '');
  };
  documents.sort((a, b) => sign * text(a).localeCompare(text(b)));
}

const dateColumns = ['creationTime', 'startTime', 'endTime', 'createdAt', 'updatedAt'];

/** What was searched before; documents are replaced, never changed. */
const searched = new WeakMap<Document, Record<string, unknown>>();

/** The document as the database holds it: times as dates, keys of metadata percent-encoded. */
function searchable(document: Document): Record<string, unknown> {
  const found = searched.get(document) ?? asInDatabase(document);
  searched.set(document, found);
  return found;
}

function asInDatabase(document: Document): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...document };
  for (const column of dateColumns) {
    const value = copy[column];
    if (typeof value === 'string') copy[column] = new Date(value);
  }
  if (copy['scientificMetadata'] !== undefined) copy['scientificMetadata'] = encodedKeys(copy['scientificMetadata']);
  return copy;
}

function encodedKeys(value: unknown): unknown {
  if (isList(value)) return value.map(encodedKeys);
  if (!isJsonObject(value)) return value;
  const encode = (key: string): string => encodeURIComponent(key).replaceAll('.', '%2E');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [encode(key), encodedKeys(item)]));
}

const operators: Readonly<Record<string, string>> = {
  and: '$and', or: '$or', nor: '$nor', inq: '$in', nin: '$nin', neq: '$ne', gt: '$gt', gte: '$gte', lt: '$lt', lte: '$lte', exists: '$exists',
}; // prettier-ignore

/** LoopBack's operators in the words of MongoDB. */
function mongoCondition(value: unknown): Record<string, unknown> {
  const condition: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(isJsonObject(value) ? value : {})) {
    if (key === 'ilike' || key === 'like' || key === 'regexp') {
      condition['$regex'] = pattern(String(item), key);
      if (key === 'ilike') condition['$options'] = 'i';
    } else if (key === 'between' && isList(item)) {
      condition['$gte'] = item[0];
      condition['$lte'] = item[1];
    } else {
      condition[operators[key] ?? key] = mongoValue(item);
    }
  }
  return condition;
}

/** A pattern that does not compile matches nothing. */
function pattern(text: string, key: string): string {
  try {
    return key === 'regexp'
      ? new RegExp(text).source
      : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('%', '.*');
  } catch {
    return '(?!)';
  }
}

function mongoValue(item: unknown): unknown {
  if (isList(item)) return item.map((member) => (isJsonObject(member) ? mongoCondition(member) : member));
  return isJsonObject(item) && !(item instanceof Date) ? mongoCondition(item) : item;
}

import { differenceUnseen } from '../text/alike.ts';
import { failureReason } from '../files/failureReason.ts';
import { readSmallFileSync } from '../files/smallFile.ts';
import { redact } from '../scicat/redact.ts';
import { parseByContent } from '../imsc/tree/parse.ts';
import type { MapNode, Node } from '../imsc/tree/tree.ts';
import type { ProblemCode } from '../problems/problemCodes.ts';
import { problemKinds } from '../problems/problemCodes.ts';
import type { Problem, TextRange } from '../problems/problem.ts';
import type { Severity } from '../problems/problemKind.ts';
import { suggestion } from '../problems/suggestion.ts';
import { shortened } from '../text/shortened.ts';
import { describeExpected, readNode } from './configValue.ts';
import { optionsOf } from './options.ts';
import type { ListSection, Option, OptionTable } from './options.ts';

/** Where the value of an option came from. */
export type Origin = 'file' | 'command line';

/** What is being read, and what was found so far. */
export interface Reading {
  readonly table: OptionTable;
  readonly values: Map<string, unknown>;
  readonly origins: Map<string, Origin>;
  readonly ranges: Map<string, TextRange>;
  readonly problems: Problem[];
  readonly file: string | undefined;
  /** It is for `imsc online`, which reads what everything else leaves alone. */
  readonly isOnline?: boolean | undefined;
  /** The text is not well formed: anything in it may have become a key, also a token. */
  readonly isBroken?: boolean;
}

export interface Place {
  readonly range?: TextRange | undefined;
  /** What was probably meant there. */
  readonly meant?: string | undefined;
  readonly severity?: Severity;
}

/** Notes a problem; in a file where the reading is of one. */
export function report(reading: Reading, code: ProblemCode, message: string, place: Place = {}): void {
  reading.problems.push({
    code,
    severity: place.severity ?? problemKinds[code].severity,
    message: redact(message),
    ...(place.range && { range: place.range }),
    ...(place.meant !== undefined && { meant: place.meant }),
    ...(reading.file !== undefined && { file: reading.file }),
  });
}

/** What only `imsc online` reads never stops an ingestion, and what nothing comes of stops nothing. */
export const severityFor = ({ isOnline }: Reading, item: OptionTable[string]): Severity =>
  (isOnline !== true && isOnlineOnly(item)) || (item.kind === 'option' && item.withoutEffect === true)
    ? 'warning'
    : 'error';

function isOnlineOnly(item: OptionTable[string]): boolean {
  if (item.kind === 'option') return item.onlineOnly === true;
  return Object.values(item.options).every(isOnlineOnly);
}

function kindInWords(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  return node.value.kind === 'string' ? 'a text' : node.source;
}

function itemNamed(table: OptionTable, key: string): [name: string, item: OptionTable[string]] | undefined {
  return Object.entries(table).find(
    ([name, item]) => name === key || (item.kind === 'option' && item.spellings?.includes(key)),
  );
}

function reportUnknownKey(reading: Reading, key: string, prefix: string, table: OptionTable, range: TextRange): void {
  const elsewhere = [...optionsOf(reading.table)].find((entry) => entry.path.endsWith(`.${key}`))?.path;
  const near = suggestion(key, Object.keys(table));
  const hint =
    near !== undefined
      ? ` Did you mean '${prefix}${near}'${differenceUnseen(key, near)}?`
      : elsewhere
        ? ` There is '${elsewhere}'.`
        : '';
  // A broken file can make anything a key, with all that follows.
  const shown = shortened(key, 61);
  report(reading, 'config-unknown-key', `'${prefix}${shown}' is not an option; it has no effect.${hint}`, {
    range,
    meant: near,
  });
}

function readMap(reading: Reading, map: MapNode, table: OptionTable, prefix: string): void {
  for (const { key, value } of map.entries) {
    const name = key.value.kind === 'string' ? key.value.value : key.source;
    const found = itemNamed(table, name);
    if (!found) {
      // A text that stands alone in braces was meant as a value.
      const isKey = !reading.isBroken && value !== undefined && value.range.start > key.range.end;
      reportUnknownKey(reading, isKey ? name : '…', prefix, table, key.range);
      continue;
    }
    const [canonical, item] = found;
    const optionPath = prefix + canonical;
    if (value === undefined) continue;
    if (item.kind === 'list') {
      readList(reading, value, item, optionPath);
      continue;
    }
    if (item.kind === 'section') {
      if (value.kind === 'map') readMap(reading, value, item.options, `${optionPath}.`);
      else if (value.kind !== 'scalar' || value.value.kind !== 'none') {
        const severity = severityFor(reading, item);
        const message = `'${optionPath}' is a section: it must be a map of options, not ${kindInWords(value)}.`;
        report(reading, 'config-value', message, { range: value.range, severity });
      }
      continue;
    }
    reading.ranges.set(optionPath, value.range);
    const read = readNode(item, value);
    if ('expected' in read) {
      const shown = item.type === 'secret' || item.type === 'headers' ? '' : `, not ${givenInWords(item, value)}`;
      const message = `'${optionPath}' must be ${read.expected}${shown}.`;
      const severity = severityFor(reading, item);
      report(reading, 'config-value', message, { range: value.range, severity, meant: meantBy(item, value) });
    } else if (read.value !== undefined) {
      reportStrangers(reading, item, optionPath, read.value, value);
      reading.values.set(optionPath, read.value);
      reading.origins.set(optionPath, 'file');
    }
  }
}

/** Of words of which one is wanted, a text is told as it is. */
function givenInWords({ allowed }: Option<unknown>, node: Node): string {
  return allowed && node.kind === 'scalar' && node.value.kind === 'string'
    ? JSON.stringify(shortened(node.value.value, 60))
    : kindInWords(node);
}

/** Texts of a list that are none of those that there may be. */
function reportStrangers(
  reading: Reading,
  { items }: Option<unknown>,
  optionPath: string,
  read: unknown,
  node: Node,
): void {
  if (!items || !Array.isArray(read)) return;
  const texts: readonly unknown[] = read;
  for (const text of texts) {
    if (typeof text !== 'string' || items.includes(text)) continue;
    const near = suggestion(text, items);
    const hint = near === undefined ? '' : ` Did you mean '${near}'${differenceUnseen(text, near)}?`;
    const own = node.kind === 'list' ? node.items.find((each) => each.kind === 'scalar' && each.source.includes(text)) : undefined; // prettier-ignore
    const message = `'${text}' is none of the names that '${optionPath}' takes.${hint}`;
    report(reading, 'config-value', message, {
      range: (own ?? node).range,
      severity: 'error',
      meant: own && near,
    });
  }
}

/** Which of the values that an option takes is near to what is written. */
function meantBy({ allowed }: Option<unknown>, value: Node): string | undefined {
  if (value.kind !== 'scalar' || value.value.kind !== 'string') return undefined;
  return suggestion(
    value.value.value,
    (allowed ?? []).filter((each) => typeof each === 'string'),
  );
}

function readList(reading: Reading, node: Node, list: ListSection<OptionTable>, optionPath: string): void {
  const { item, options } = list;
  const severity = severityFor(reading, list);
  if (node.kind === 'scalar' && node.value.kind === 'none') return;
  if (node.kind !== 'list') {
    const message = `'${optionPath}' must be a list, not ${kindInWords(node)}.`;
    report(reading, 'config-value', message, { range: node.range, severity });
    return;
  }
  reading.values.set(optionPath, node.items.length);
  for (const [index, each] of node.items.entries()) {
    const itemPath = `${optionPath}[${index}]`;
    if (each.kind !== 'map') {
      const message = `'${itemPath}' must be a map of the options of a ${item}, not ${kindInWords(each)}.`;
      report(reading, 'config-value', message, { range: each.range, severity });
      continue;
    }
    reading.ranges.set(itemPath, each.range);
    const before = reading.problems.length;
    readMap(reading, each, options, `${itemPath}.`);
    // What is there and wrong has been told.
    if (reading.problems.length > before) continue;
    for (const [name, option] of Object.entries(options)) {
      if (option.kind !== 'option' || !option.isRequired || reading.values.has(`${itemPath}.${name}`)) continue;
      const message = `A ${item} needs '${name}', ${describeExpected(option)}.`;
      report(reading, 'config-value', message, { range: each.range, severity });
    }
  }
}

/**
 * Reads a file of options, JSON or YAML by its content, and notes every mistake with its place.
 * @param given its text, where it is at hand
 */
export function readOptionFile(reading: Reading, given: string | undefined): void {
  let text = given;
  if (text === undefined) {
    if (reading.file === undefined) return;
    try {
      text = readSmallFileSync(reading.file);
    } catch (error) {
      report(reading, 'config-file', `The configuration file ${reading.file} cannot be read: ${failureReason(error)}.`);
      return;
    }
  }
  // Every option has a default, so nothing is a configuration too.
  if (text.trim() === '') return;
  const tree = parseByContent(text);
  const { file } = reading;
  for (const found of tree.problems) {
    // What could not be understood may be a token.
    const message =
      found.code === 'syntax' ? found.message.replace(/: ".*"/s, '').replace(/“[&*][^”]*”/g, '“…”') : found.message;
    reading.problems.push({ ...found, message: redact(message), ...(file !== undefined && { file }) });
  }
  if (tree.root === undefined) return;
  const isBroken = tree.problems.some(({ code }) => code === 'syntax');
  if (tree.root.kind === 'map') readMap({ ...reading, isBroken }, tree.root, reading.table, '');
  else report(reading, 'config-value', 'A configuration must be a map of sections.', { range: tree.root.range });
}

/** The values of a table: what was read, and the defaults for the rest. */
export function buildValues(table: OptionTable, prefix: string, values: ReadonlyMap<string, unknown>): unknown {
  return Object.fromEntries(
    Object.entries(table).map(([name, item]) => {
      const optionPath = prefix + name;
      if (item.kind === 'section') return [name, buildValues(item.options, `${optionPath}.`, values)];
      if (item.kind === 'list') {
        const length = Number(values.get(optionPath) ?? 0);
        const items = Array.from({ length }, (_, index) =>
          buildValues(item.options, `${optionPath}[${index}].`, values),
        );
        return [name, items];
      }
      return [name, values.has(optionPath) ? values.get(optionPath) : item.default];
    }),
  );
}

/** Whether values are such as a table makes. */
export function fitsTable(table: OptionTable, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return Object.entries(table).every(([name, item]) => {
    const field = fields.get(name);
    if (item.kind === 'option') return item.isValue(field);
    if (item.kind === 'section') return fitsTable(item.options, field);
    return Array.isArray(field) && field.every((each) => fitsTable(item.options, each));
  });
}

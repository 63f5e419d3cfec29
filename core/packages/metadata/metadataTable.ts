import { CsvError, parse } from 'csv-parse/sync';
import { entityMistakes, isEntityType } from './entities.ts';
import type { Entity, EntityMistake, MetadataFile } from './entities.ts';

interface Row {
  readonly cells: readonly string[];
  /** Of its first line, from one. */
  readonly line: number;
}

/** The columns that every table has. */
const required = ['id', 'type', 'parent_id'];
const separators = [';', '\t', '|'];

/**
 * Reads `ark-file-meta.csv`: a row describes a collection, an object or a file; columns are `<namespace>.<element>`.
 * @param files paths of the payload's files, to compare the rows of files with; undefined where they are not known
 */
export function readMetadataTable(text: string, files?: readonly string[]): MetadataFile {
  const { rows, mistake } = rowsOf(text);
  const [header, ...body] = rows;
  if (!header) return { entities: [], problems: [mistake ?? { line: 1, message: 'The table is empty.' }] };
  const columns = header.cells.map((name) => name.trim());
  const missing = required.filter((name) => !columns.some((column) => column.toLowerCase() === name));
  if (missing.length > 0) {
    const other = separators.find((separator) => header.cells.length === 1 && header.cells[0]?.includes(separator));
    const hint = other === undefined ? '' : ` The separator seems to be “${other}”; it must be “,”.`;
    return { entities: [], problems: [{ line: 1, message: `The header has no column ${missing.join(', ')}.${hint}` }] };
  }
  const problems: EntityMistake[] = mistake ? [mistake] : [];
  const entities: Entity[] = [];
  for (const row of body) {
    const read = readRow(columns, row);
    if ('message' in read) problems.push(read);
    else entities.push(read);
  }
  problems.push(...entityMistakes(entities, files));
  return { entities, problems: problems.sort((one, other) => lineOf(one) - lineOf(other)) };
}

const lineOf = (mistake: EntityMistake): number => ('line' in mistake ? mistake.line : 0);

/** In this order: the first one that fits ends a row. */
const lineEnds = ['\r\n', '\n', '\r'];

function rowsOf(table: string): { readonly rows: readonly Row[]; readonly mistake?: EntityMistake } {
  const rows: Row[] = [];
  const text = Buffer.from(table.replace(/^\ufeff/, ''));
  const begin = { byte: 0, line: 1 };
  /** Goes on to the row that begins at or behind a byte; rows without anything are none. */
  const goOn = (byte: number): void => {
    begin.line += text.toString('latin1', begin.byte, byte).match(/\r\n|\n|\r/g)?.length ?? 0;
    begin.byte = byte;
    while (text[begin.byte] === 0x0a || text[begin.byte] === 0x0d) {
      begin.byte += text[begin.byte] === 0x0d && text[begin.byte + 1] === 0x0a ? 2 : 1;
      begin.line += 1;
    }
  };
  goOn(0);
  try {
    parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: lineEnds,
      onRecord: (cells: string[], { bytes }) => {
        rows.push({ cells, line: begin.line });
        goOn(bytes);
        return null;
      },
    });
    return { rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // It counts line ends in cells in a way of its own.
    const why = error.message.replace(/ at line \d+/, '').replace(/\s+/g, ' ');
    return { rows, mistake: { line: begin.line, message: `The table cannot be read further: ${why}.` } };
  }
}

function readRow(columns: readonly string[], { cells, line }: Row): Entity | EntityMistake {
  if (cells.length > columns.length)
    return { line, message: `The row has ${cells.length} cells, and the header has ${columns.length} columns.` };
  const metadata: Record<string, Record<string, string[]>> = {};
  const identifiers = new Map<string, Record<string, string>>();
  const fixed = new Map<string, string>();
  for (const [index, value] of cells.entries()) {
    const column = columns[index] ?? '';
    if (value === '') continue;
    if (required.includes(column.toLowerCase())) {
      fixed.set(column.toLowerCase(), value);
      continue;
    }
    const [namespace, element, part] = splitColumn(column);
    if (namespace === undefined || element === undefined)
      return { line: 1, message: `The column “${column}” is not of the form namespace.element.` };
    if (namespace === 'identifiers' && part !== undefined) {
      identifiers.set(element, { ...identifiers.get(element), [part]: value });
    } else ((metadata[namespace] ??= {})[element] ??= []).push(value);
  }
  const id = fixed.get('id');
  const type = (fixed.get('type') ?? '').toUpperCase();
  if (id === undefined) return { line, message: 'The row has no id.' };
  if (!isEntityType(type))
    return { line, message: `The type ${fixed.get('type') ?? '“”'} is not known; it is C, O or F.` };
  const parentId = fixed.get('parent_id');
  return {
    id,
    type,
    ...(parentId !== undefined && { parentId }),
    metadata,
    identifiers: [...identifiers.values()],
    place: { line },
  };
}

/** Names that JavaScript has a use of its own for are not namespaces. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

function splitColumn(column: string): (string | undefined)[] {
  const match = /^identifiers\.(\d{1,3})\.(\w+)$/.exec(column) ?? undefined;
  if (match) return ['identifiers', match[1], reserved.has(match[2] ?? '') ? undefined : match[2]];
  const dot = column.indexOf('.');
  if (dot <= 0 || dot === column.length - 1) return [];
  const parts = [column.slice(0, dot), column.slice(dot + 1)];
  return parts.some((part) => reserved.has(part)) ? [] : parts;
}

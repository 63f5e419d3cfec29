import { problem } from './problems.ts';
import type { Problem, TextRange } from './problems.ts';
import { compareSchemas, scalarText } from './schema.ts';
import type { Schema } from './schema.ts';
import type { Selector } from './selector.ts';
import { everyFileReason, excludes, implies, neverReason } from './selectorLogic.ts';

export interface SchemaFile {
  /** Absolute path; also the key of the answer. */
  readonly file: string;
  readonly schema: Schema;
}

export interface FolderContext {
  /** Whether the configuration names a fallback schema; undefined where no configuration is known. */
  readonly hasFallback?: boolean;
}

/**
 * What the schemas of one folder do to each other: equal ids, equal orders, one that is never reached, a selector
 * that speaks of another's instrument, no schema for the rest.
 * @returns problems by file; a file without problems has an empty list
 */
export function checkSchemaFolder(files: readonly SchemaFile[], context: FolderContext = {}): Map<string, Problem[]> {
  const problems = new Map<string, Problem[]>(files.map(({ file }) => [file, []]));
  // The same order as in an ingestion; files that say the same come in the order of their paths.
  const ordered = [...files].sort((a, b) => compareSchemas(a.schema, b.schema) || (a.file < b.file ? -1 : 1));
  const report = (file: string, found: Problem): void => {
    problems.get(file)?.push(found);
  };
  checkIds(ordered, report);
  checkInstruments(ordered, report);
  const usable = ordered.filter((one): one is UsableFile => isUsable(one.schema));
  checkOrders(usable, report);
  checkShadows(usable, report);
  checkFallback(ordered, context, report);
  return problems;
}

type Report = (file: string, found: Problem) => void;
type UsableFile = SchemaFile & { readonly schema: { readonly selector: Selector } };

/** Whether its selector can be judged as a whole. */
function isUsable({ selector }: Schema): boolean {
  return selector !== undefined && !hasInvalidPart(selector) && neverReason(selector) === undefined;
}

function hasInvalidPart(selector: Selector): boolean {
  if (selector.kind === 'and' || selector.kind === 'or') return selector.parts.some(hasInvalidPart);
  return selector.kind === 'invalid';
}

/** Where something is said of a key of a schema. */
function placeOf({ general, tree }: Schema, key: string): TextRange {
  const entry = general.get(key);
  return (entry?.value ?? entry?.key ?? tree.root)?.range ?? { start: 0, end: 0 };
}

function elsewhere({ file, schema }: SchemaFile, key: string, message: string): Partial<Problem> {
  return { related: [{ message, range: placeOf(schema, key), file }] };
}

function fileName(file: string): string {
  return file.replace(/^.*[/\\]/, '');
}

function checkIds(ordered: readonly SchemaFile[], report: Report): void {
  const first = new Map<string, SchemaFile>();
  for (const one of ordered) {
    const { id } = one.schema;
    if (id === undefined) continue;
    const earlier = first.get(id);
    if (!earlier) {
      first.set(id, one);
      continue;
    }
    const message = `${fileName(earlier.file)} has the same id and comes first; this schema is never used. Give it an id of its own.`;
    report(
      one.file,
      problem('schema-duplicate-id', message, placeOf(one.schema, 'id'), elsewhere(earlier, 'id', 'the same id')),
    );
    report(
      earlier.file,
      problem(
        'schema-duplicate-id',
        `${fileName(one.file)} has the same id; only one of the two is used.`,
        placeOf(earlier.schema, 'id'),
        elsewhere(one, 'id', 'the same id'),
      ),
    );
  }
}

/** Schemas with one order are sorted by name: worth a word where a file may be meant for both. */
function checkOrders(usable: readonly UsableFile[], report: Report): void {
  const byOrder = new Map<string, UsableFile[]>();
  for (const one of usable) {
    const order = String(one.schema.order);
    const same = byOrder.get(order);
    if (!same) byOrder.set(order, [one]);
    else {
      const rival = same.find(
        ({ schema }) => schema.id !== one.schema.id && !excludes(schema.selector, one.schema.selector),
      );
      if (rival) {
        const message = `${fileName(rival.file)} has the order ${order} too and may match the same files; it is asked first only because of its name.`;
        report(
          one.file,
          problem(
            'schema-same-order',
            message,
            placeOf(one.schema, 'order'),
            elsewhere(rival, 'order', 'the same order'),
          ),
        );
      }
      same.push(one);
    }
  }
}

function checkShadows(usable: readonly UsableFile[], report: Report): void {
  const earlier: UsableFile[] = [];
  for (const one of usable) {
    const winner = earlier.find(
      ({ schema }) => schema.id !== one.schema.id && implies(one.schema.selector, schema.selector),
    );
    if (winner) {
      const message = `Every file that this selects is taken by ${fileName(winner.file)}, which is asked first; this schema is never used.`;
      report(
        one.file,
        problem(
          'schema-shadowed',
          message,
          placeOf(one.schema, 'selector'),
          elsewhere(winner, 'selector', 'takes every such file'),
        ),
      );
    } else earlier.push(one);
  }
}

/** A selector that names another schema's instrument and not its own was probably copied from there. */
function checkInstruments(ordered: readonly SchemaFile[], report: Report): void {
  const owners = new Map<string, SchemaFile>();
  for (const one of ordered) {
    const name = instrumentOf(one.schema);
    if (name !== undefined && !owners.has(name)) owners.set(name, one);
  }
  for (const one of ordered) {
    const own = instrumentOf(one.schema);
    if (own === undefined || !one.schema.selector) continue;
    const words = new Set(
      operandsOf(one.schema.selector).flatMap((operand) => operand.toLowerCase().split(/[^a-z0-9]+/)),
    );
    if (words.has(own)) continue;
    const other = [...words].find((word) => owners.has(word));
    const source = other === undefined ? undefined : owners.get(other);
    if (other === undefined || !source) continue;
    const message = `This schema is for “${own}”, but its selector speaks of “${other}”, the instrument of ${fileName(source.file)}.`;
    report(
      one.file,
      problem(
        'selector-other-instrument',
        message,
        placeOf(one.schema, 'selector'),
        elsewhere(source, 'instrument', 'its instrument'),
      ),
    );
  }
}

/** The instrument, if it is exactly one and says something. */
function instrumentOf({ general }: Schema): string | undefined {
  const name = scalarText(general.get('instrument')?.value)?.trim().toLowerCase();
  return name !== undefined && /^[a-z][a-z0-9]{2,}$/.test(name) ? name : undefined;
}

function operandsOf(selector: Selector): string[] {
  if (selector.kind === 'condition') return [selector.operand];
  return selector.kind === 'and' || selector.kind === 'or' ? selector.parts.flatMap(operandsOf) : [];
}

function checkFallback(ordered: readonly SchemaFile[], { hasFallback }: FolderContext, report: Report): void {
  const last = ordered.at(-1);
  if (hasFallback !== false || !last) return;
  if (ordered.some(({ schema }) => schema.selector && everyFileReason(schema.selector) !== undefined)) return;
  report(
    last.file,
    problem(
      'no-fallback',
      'No schema takes every file and none is configured as fallback, so files that no selector matches are not ingested.',
      placeOf(last.schema, 'selector'),
    ),
  );
}

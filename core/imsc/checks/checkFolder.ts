import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { importedIds } from '../schema/imports.ts';
import { scalarText } from '../schema/schema.ts';
import { compareSchemas } from '../schema/schemaOrder.ts';
import type { ScalarNode } from '../tree/tree.ts';
import { fieldTypeOf } from './fields.ts';
import type { FieldAssignment, Schema, SchemaFile } from '../schema/schema.ts';
import type { Selector } from '../schema/selector.ts';
import { everyFileReason, excludes, implies, neverReason } from '../schema/selectorLogic.ts';

export interface FolderContext {
  /** Whether the configuration names a fallback schema; undefined where no configuration is known. */
  readonly hasFallback?: boolean;
}

const judgedKeys = ['id', 'order', 'selector', 'instrument'] as const;

/** What of a schema matters to its neighbours: little, so that it can be kept for every file of a folder. */
export interface FolderMember extends Pick<Schema, 'id' | 'name' | 'order' | 'selector' | 'isModule'> {
  /** Absolute path; also the key of the answer. */
  readonly file: string;
  /** Ids of the schemas that it takes in. */
  readonly imports: readonly string[];
  /** As it is written. */
  readonly instrument: string | undefined;
  /** Where something is said of a key. */
  readonly places: ReadonlyMap<string, TextRange>;
  readonly metadata: readonly MemberMetadata[];
}

/** An item of scientific metadata that a schema gives. */
export interface MemberMetadata {
  readonly name: string;
  /** Where, and in which style, the name is written. */
  readonly written: Pick<ScalarNode, 'range' | 'style' | 'alias'>;
  /** As the schema has it; undefined where it comes from the value. */
  readonly unit: string | undefined;
  readonly unitRange: TextRange | undefined;
}

/** The part of a schema that its neighbours are compared with. */
export function folderMember({ file, schema }: SchemaFile): FolderMember {
  const { id, name, order, selector, general } = schema;
  const instrument = scalarText(general.get('instrument')?.value);
  return {
    file,
    id,
    name,
    order,
    selector,
    ...(schema.isModule && { isModule: true }),
    imports: importedIds(schema).map(({ id: imported }) => imported),
    instrument,
    places: new Map(judgedKeys.map((key) => [key, placeOf(schema, key)])),
    metadata: schema.fields.flatMap(metadataOf),
  };
}

function metadataOf(field: FieldAssignment): MemberMetadata[] {
  const node = field.keys.get('machine_name')?.value;
  const name = scalarText(node);
  if (fieldTypeOf(field) !== 'scientific_metadata' || node?.kind !== 'scalar' || name === undefined) return [];
  const unitNode = field.keys.get('unit')?.value;
  const { range, style, alias } = node;
  const written = { range, style, ...(alias !== undefined && { alias }) };
  return [{ name, written, unit: scalarText(unitNode), unitRange: unitNode?.range }];
}

/**
 * What the schemas of one folder do to each other: equal ids, equal orders, one that is never reached, a selector
 * that speaks of another's instrument, no schema for the rest.
 * @returns problems by file; a file without problems has an empty list
 */
export function checkSchemaFolder(files: readonly SchemaFile[], context: FolderContext = {}): Map<string, Problem[]> {
  return checkFolderMembers(files.map(folderMember), context);
}

/** As `checkSchemaFolder`, for those who keep no schemas. */
export function checkFolderMembers(
  members: readonly FolderMember[],
  context: FolderContext = {},
): Map<string, Problem[]> {
  const problems = new Map<string, Problem[]>(members.map(({ file }) => [file, []]));
  // The same order as in an ingestion; files that say the same come in the order of their paths.
  const ordered = [...members].sort((a, b) => compareSchemas(a, b) || (a.file < b.file ? -1 : 1));
  const report = (file: string, found: Problem): void => {
    problems.get(file)?.push(found);
  };
  checkIds(ordered, report);
  checkInstruments(ordered, report);
  const usable = ordered.filter((one): one is UsableMember => isUsable(one));
  checkOrders(usable, report);
  checkShadows(usable, report);
  checkFallback(ordered, context, report);
  return problems;
}

type Report = (file: string, found: Problem) => void;
type UsableMember = FolderMember & { readonly selector: Selector };

/** Whether its selector can be judged as a whole. */
function isUsable({ selector }: FolderMember): boolean {
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

function elsewhere(member: FolderMember, key: string, message: string): Partial<Problem> {
  return { related: [{ message, range: placeIn(member, key), file: member.file }] };
}

function placeIn({ places }: FolderMember, key: string): TextRange {
  return places.get(key) ?? { start: 0, end: 0 };
}

function fileName(file: string): string {
  return file.replace(/^.*[/\\]/, '');
}

function checkIds(ordered: readonly FolderMember[], report: Report): void {
  const first = new Map<string, FolderMember>();
  for (const one of ordered) {
    const { id } = one;
    if (id === undefined) continue;
    const earlier = first.get(id);
    if (!earlier) {
      first.set(id, one);
      continue;
    }
    const message = `${fileName(earlier.file)} has the same id and comes first; this schema is never used. Give it an id of its own.`;
    report(
      one.file,
      problem('schema-duplicate-id', message, placeIn(one, 'id'), elsewhere(earlier, 'id', 'the same id')),
    );
    report(
      earlier.file,
      problem(
        'schema-duplicate-id',
        `${fileName(one.file)} has the same id; only one of the two is used.`,
        placeIn(earlier, 'id'),
        elsewhere(one, 'id', 'the same id'),
      ),
    );
  }
}

/** Schemas with one order are sorted by name: worth a word where a file may be meant for both. */
function checkOrders(usable: readonly UsableMember[], report: Report): void {
  const byOrder = new Map<string, UsableMember[]>();
  for (const one of usable) {
    const order = String(one.order);
    const same = byOrder.get(order);
    if (!same) byOrder.set(order, [one]);
    else {
      const rival = same.find(({ id, selector }) => id !== one.id && !excludes(selector, one.selector));
      if (rival) {
        const message = `${fileName(rival.file)} has the order ${order} too and may match the same files; it is asked first only because of its name.`;
        report(
          one.file,
          problem('schema-same-order', message, placeIn(one, 'order'), elsewhere(rival, 'order', 'the same order')),
        );
      }
      same.push(one);
    }
  }
}

function checkShadows(usable: readonly UsableMember[], report: Report): void {
  const earlier: UsableMember[] = [];
  for (const one of usable) {
    const winner = earlier.find(({ id, selector }) => id !== one.id && implies(one.selector, selector));
    if (winner) {
      const message = `Every file that this selects is taken by ${fileName(winner.file)}, which is asked first; this schema is never used.`;
      report(
        one.file,
        problem(
          'schema-shadowed',
          message,
          placeIn(one, 'selector'),
          elsewhere(winner, 'selector', 'takes every such file'),
        ),
      );
    } else earlier.push(one);
  }
}

/** A selector that names another schema's instrument and not its own was probably copied from there. */
function checkInstruments(ordered: readonly FolderMember[], report: Report): void {
  const owners = new Map<string, FolderMember>();
  for (const one of ordered) {
    const name = instrumentOf(one);
    if (name !== undefined && !owners.has(name)) owners.set(name, one);
  }
  for (const one of ordered) {
    const own = instrumentOf(one);
    if (own === undefined || !one.selector) continue;
    const words = new Set(operandsOf(one.selector).flatMap((operand) => operand.toLowerCase().split(/[^a-z0-9]+/)));
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
        placeIn(one, 'selector'),
        elsewhere(source, 'instrument', 'its instrument'),
      ),
    );
  }
}

/** The instrument, if it is exactly one and says something. */
function instrumentOf({ instrument }: FolderMember): string | undefined {
  const name = instrument?.trim().toLowerCase();
  return name !== undefined && /^[a-z][a-z0-9]{2,}$/.test(name) ? name : undefined;
}

function operandsOf(selector: Selector): string[] {
  if (selector.kind === 'condition') return [selector.operand];
  return selector.kind === 'and' || selector.kind === 'or' ? selector.parts.flatMap(operandsOf) : [];
}

function checkFallback(ordered: readonly FolderMember[], { hasFallback }: FolderContext, report: Report): void {
  const asked = ordered.filter(({ isModule }) => isModule !== true);
  const last = asked.at(-1);
  if (hasFallback !== false || !last) return;
  if (asked.some(({ selector }) => selector && everyFileReason(selector) !== undefined)) return;
  report(
    last.file,
    problem(
      'no-fallback',
      'No schema takes every file and none is configured as fallback, so files that no selector matches are not ingested.',
      placeIn(last, 'selector'),
    ),
  );
}

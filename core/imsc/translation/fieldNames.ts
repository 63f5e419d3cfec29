import type { TextEdit } from '../../problems/problem.ts';
import { holdsHidden } from '../../text/hiddenCharacters.ts';
import { appendEntries } from '../edits/textEdits.ts';
import { writeScalar } from '../edits/writeScalar.ts';
import type { DatasetFieldFacts } from '../language/datasetFieldFacts.ts';
import { computedVariable } from '../language/sources.ts';
import { textTypes } from '../language/valueTypes.ts';
import type { FieldAssignment, Schema } from '../schema/schema.ts';
import { encodeText } from '../tree/scalarText.ts';
import type { MapEntry, Node, ScalarNode, Tree } from '../tree/tree.ts';
import { jsonScalarText } from '../values/jsonText.ts';
import { loneReference } from './alternatives.ts';
import { freeVariable, replaceValue } from './blockYaml.ts';
import type { Refused, Rewritten } from './rewriting.ts';

/*
 * Four fields hold one value in v3 of SciCat's API, and a list of them in v4, under another name. The edits keep the
 * layout of the text, whatever it is.
 */

/** The types of which a list of texts may be. */
const listsOfTexts: ReadonlySet<string> = new Set(['string[]', 'list']);

/** The other name of a field: that of v4 for one of v3, and the other way round; undefined for all other fields. */
export function otherName(
  name: string,
  datasetFields: readonly DatasetFieldFacts[],
): { readonly name: string; readonly isList: boolean } | undefined {
  const plural = datasetFields.find((each) => each.name === name)?.plural;
  if (plural !== undefined) return { name: plural, isList: true };
  const singular = datasetFields.find((each) => each.plural === name)?.name;
  return singular === undefined ? undefined : { name: singular, isList: false };
}

/** Gives a field the name, and its value the shape, that it has in the other version of the API. */
export function renameField(
  schema: Schema,
  field: FieldAssignment,
  other: { readonly name: string; readonly isList: boolean },
): Rewritten | Refused {
  const name = field.keys.get('machine_name')?.value;
  const type = field.keys.get('type')?.value;
  const entry = field.keys.get('value');
  if (name?.kind !== 'scalar' || type?.kind !== 'scalar' || !entry?.value)
    return { why: 'it lacks a machine name, a type or a value.' };
  const { tree } = schema;
  const renamed = inItsPlace(tree, name, other.name);
  if (!renamed || type.alias !== undefined || entry.value.alias !== undefined)
    return { why: 'its text stands elsewhere, at an anchor.' };
  const shaped = other.isList
    ? asList(tree, field, entry, entry.value)
    : asOne(schema, field, other.name, entry, entry.value);
  if ('why' in shaped) return shaped;
  const typeEdit = shaped.type === undefined ? undefined : inItsPlace(tree, type, shaped.type);
  return { edits: () => [renamed, ...shaped.edits, ...(typeEdit ? [typeEdit] : [])] };
}

/** A text in the place of another, in quotes where it needs them or somebody chose to write some. */
export function inItsPlace(tree: Tree, scalar: ScalarNode, text: string): TextEdit | undefined {
  if (scalar.alias !== undefined) return undefined;
  return { range: scalar.range, newText: quotedAs(scalar, tree, text) };
}

/** A text as another one is quoted, unless that has its quotes only because it needs them. */
function quotedAs({ style, value }: ScalarNode, { notation }: Tree, text: string, inFlow = true): string {
  const quote = style === 'double-quoted' ? '"' : style === 'single-quoted' ? "'" : undefined;
  const needed = writeScalar(value, notation, true).slice(0, 1);
  const encoded = encodeText(text, style);
  return quote === undefined || needed === quote || encoded === undefined || holdsHidden(text)
    ? writeScalar({ kind: 'string', value: text }, notation, inFlow)
    : `${quote}${encoded}${quote}`;
}

interface Shaped {
  readonly edits: readonly TextEdit[];
  /** Undefined where it stays. */
  readonly type: string | undefined;
}

function asList(tree: Tree, { type = '' }: FieldAssignment, entry: MapEntry, value: Node): Shaped | Refused {
  if (listsOfTexts.has(type)) return { edits: [], type: undefined };
  if (!textTypes.has(type)) return { why: `it has the type ${type}; give it the type string.` };
  if (value.kind !== 'scalar') return { why: 'its value is a list or an object that becomes one text.' };
  const text = value.value.kind === 'string' ? value.value.value : jsonScalarText(value.value);
  return { edits: written(tree, entry, value, `[${quotedAs(value, tree, text)}]`), type: 'string[]' };
}

function asOne(schema: Schema, field: FieldAssignment, name: string, entry: MapEntry, value: Node): Shaped | Refused {
  const { tree } = schema;
  const { type = '' } = field;
  if (!listsOfTexts.has(type)) return { edits: [], type: undefined };
  if (value.kind === 'list') {
    const texts = value.items.flatMap((item) =>
      item.kind === 'scalar' && item.value.kind === 'string' ? [{ text: item.value.value, item }] : [],
    );
    const [first] = texts;
    if (texts.length < value.items.length || first === undefined) return { why: 'not all of its list are texts.' };
    const text = name === 'principalInvestigator' ? texts.map((each) => each.text).join('; ') : first.text;
    const isInFlow = field.entry.value?.kind === 'map' && field.entry.value.flow;
    return { edits: written(tree, entry, value, quotedAs(first.item, tree, text, isInFlow)), type: 'string' };
  }
  const list = loneReference(value);
  if (list === undefined) return { why: 'its list is made of a text.' };
  if (name === 'principalInvestigator')
    return {
      why: 'v3 has one text for all investigators, with semicolons between them, and no operator joins them so.',
    };
  const section = schema.general.get('variables');
  const first = freeVariable(schema, `${list}_first`);
  const texts = [...computedVariable(`<${list}>`, 'string', 'getitem'), ['field', '0'] as const];
  const added = section && appendEntries(tree, section, [{ key: first, texts }]);
  if (!added) return { why: 'there is no place for another variable.' };
  // The number of an item, and not the key of an object.
  const newText = added.newText.replace(/(["']?field["']?: )["']0["']/, '$10');
  return { edits: [{ ...added, newText }, ...written(tree, entry, value, inFlow(tree, `<${first}>`))], type: 'string' };
}

/** Puts a value on one line in the place of another. */
function written(tree: Tree, entry: MapEntry, value: Node, text: string): TextEdit[] {
  const isBlock = tree.notation === 'yaml' && value.kind !== 'scalar' && !value.flow;
  return isBlock ? replaceValue(tree, entry, text) : [{ range: value.range, newText: text }];
}

function inFlow({ notation }: Tree, text: string): string {
  return writeScalar({ kind: 'string', value: text }, notation, true);
}

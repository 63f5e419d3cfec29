import { builtInNames } from '../language/builtIns.ts';
import { anyKind } from '../language/operator.ts';
import { findOperator, operators } from '../language/operators.ts';
import { listTypes, textTypes } from '../language/valueTypes.ts';
import { isEmpty, scalarText } from '../schema/schema.ts';
import type { FieldAssignment, Schema, Variable } from '../schema/schema.ts';
import { knownReferences } from '../schema/template.ts';
import { keyText } from '../tree/tree.ts';
import type { Node } from '../tree/tree.ts';
import { entryLines, freeLabel, freeVariable, mapNode, putBefore, textNode, withTemplates } from './blockYaml.ts';
import { later } from './rewriting.ts';
import type { Answer, Refused } from './rewriting.ts';

/*
 * A value that stands in for one that is missing, in words that every ingestor knows: of two fields with the same
 * machine name the last one that has a value counts. So the value gets a variable of its own, all that is made of the
 * first variable is made of it as well, and the fields with it come before those without.
 */

/** What stands in for a variable that has no value. */
export interface Alternative {
  readonly suffix: string;
  readonly keys: readonly (readonly [key: string, value: Node])[];
  /** The unit that the value has, where the keys cannot say it. */
  readonly unit: string | undefined;
}

/** What gives a text of every value. */
const totalOperators: ReadonlySet<string> = new Set(
  operators
    .filter(({ accepts, result }) => result === 'string' && anyKind.every((kind) => accepts.includes(kind)))
    .map(({ name }) => name),
);

interface Copy {
  readonly of: Variable | FieldAssignment;
  readonly name: string;
  readonly unit: string | undefined;
}

/** Gives a variable a stand-in. Refused where something that is made of the variable may fail by itself. */
export function withAlternative(schema: Schema, variable: Variable, alternative: Alternative): Answer {
  if (builtInNames.includes(variable.name))
    return { why: `<${variable.name}> is built in, and keeps its value there.` };
  const renamed = new Map([[variable.name, freeVariable(schema, `${variable.name}${alternative.suffix}`)]]);
  /** The variables that have the unit of the stand-in. */
  const withUnit = new Set([variable.name]);
  const types = new Map(schema.variables.map(({ name, valueType = '' }) => [name, valueType]));
  const isRenamed = (name: string): boolean => renamed.has(name);
  const uses = (node: Node | undefined): boolean =>
    node !== undefined && textsIn(node).some((text) => knownReferences(text, isRenamed).length > 0);
  const copies: Copy[] = [];
  const variables: Copy[] = [];
  for (const other of schema.variables.slice(schema.variables.indexOf(variable) + 1)) {
    const value = other.keys.get('value')?.value;
    if (uses(other.keys.get('url')?.value)) return { why: `<${other.name}> asks SciCat with it.` };
    // That one gets a variable of its own first, which is then like all others.
    if (uses(other.keys.get('default')?.value)) return later;
    if (other.source !== 'VALUE' || !value || !uses(value)) continue;
    const operator = scalarText(other.keys.get('operator')?.value);
    if (!neverFails(value, operator, other.valueType ?? '', types)) return mayFail(`<${other.name}>`);
    if (isUnitMixed(value, alternative, withUnit, schema)) return { why: `its unit goes into <${other.name}>.` };
    const lone = loneReference(value);
    const isKept = operator === undefined || (findOperator(operator)?.keepsUnit ?? true);
    if (lone !== undefined && withUnit.has(lone) && isKept) withUnit.add(other.name);
    const name = freeVariable(schema, `${other.name}${alternative.suffix}`);
    renamed.set(other.name, name);
    variables.push({ of: other, name, unit: undefined });
  }
  if (uses(schema.general.get('jobs')?.value)) return { why: 'a job is made of it.' };
  for (const field of schema.fields) {
    const value = field.keys.get('value')?.value;
    if (!value || !uses(value)) continue;
    const label = `the field “${field.machineName ?? field.label}”`;
    if (!neverFails(value, undefined, field.type ?? '', types)) return mayFail(label);
    if (isUnitMixed(value, alternative, withUnit, schema)) return { why: `its unit goes into ${label}.` };
    const lone = loneReference(value);
    const needsUnit = field.fieldType === 'scientific_metadata' && lone !== undefined && withUnit.has(lone);
    const own = scalarText(field.keys.get('unit')?.value) ?? '';
    const unit = needsUnit && own === '' ? alternative.unit : undefined;
    copies.push({ of: field, name: freeLabel(schema, `${field.label}${alternative.suffix}`), unit });
  }
  const change = (text: string): string => {
    let result = '';
    let from = 0;
    for (const { name, start, end } of knownReferences(text, isRenamed)) {
      result += `${text.slice(from, start)}<${renamed.get(name) ?? name}>`;
      from = end;
    }
    return result + text.slice(from);
  };
  const linesOf = ({ of, name, unit }: Copy): string[] => {
    const { value } = of.entry;
    const pairs = value?.kind === 'map' ? value.entries.map((entry) => [keyText(entry), entry.value] as const) : [];
    const kept = pairs.flatMap(([key, node]): (readonly [string, Node])[] => {
      if (!node || (key === 'unit' && unit !== undefined)) return [];
      return [[key, key === 'value' ? withTemplates(node, change) : node]];
    });
    return entryLines(name, mapNode([...kept, ...(unit === undefined ? [] : [['unit', textNode(unit)] as const])]));
  };
  return {
    edits: () => [
      ...putBefore(
        schema,
        'variables',
        variable,
        entryLines(renamed.get(variable.name) ?? '', mapNode(alternative.keys)),
      ),
      ...variables.flatMap((copy) => putBefore(schema, 'variables', copy.of, linesOf(copy))),
      ...copies.flatMap((copy) => putBefore(schema, 'schema', copy.of, linesOf(copy))),
    ],
  };
}

function mayFail(what: string): Refused {
  return { why: `${what} is made of it and may fail by itself, and would then be made of what stands in for it.` };
}

/** The texts of a template, those of keys too. */
export function textsIn(node: Node): string[] {
  if (node.kind === 'list') return node.items.flatMap(textsIn);
  if (node.kind === 'map')
    return node.entries.flatMap(({ key, value }) => [...textsIn(key), ...(value ? textsIn(value) : [])]);
  return node.value.kind === 'string' ? [node.value.value] : [];
}

/** The variable that a template is nothing but. */
export function loneReference(node: Node): string | undefined {
  return node.kind === 'scalar' && node.value.kind === 'string' ? loneName(node.value.value) : undefined;
}

function loneName(text: string): string | undefined {
  return /^<([^<>]+)>$/.exec(text)?.[1];
}

/** Whether a list or an object may have the unit of the stand-in: it has the one that all that is in it have. */
function isUnitMixed(value: Node, { unit }: Alternative, withUnit: ReadonlySet<string>, schema: Schema): boolean {
  if (value.kind === 'scalar' || unit === undefined || unit === '') return false;
  return textsIn(value).some((text) => withUnit.has(loneName(text) ?? '')) && mayHaveUnit(value, schema);
}

/** Whether a template may have a unit. */
function mayHaveUnit(node: Node | undefined, schema: Schema): boolean {
  if (node === undefined) return false;
  if (node.kind === 'list') return node.items.length > 0 && node.items.every((item) => mayHaveUnit(item, schema));
  if (node.kind === 'map')
    return node.entries.length > 0 && node.entries.every(({ value }) => mayHaveUnit(value, schema));
  const name = loneReference(node);
  const position = schema.variables.findIndex((other) => other.name === name);
  const variable = schema.variables[position];
  if (variable?.source !== 'VALUE') return variable !== undefined;
  const operator = findOperator(scalarText(variable.keys.get('operator')?.value) ?? '');
  if (operator?.keepsUnit === false) return false;
  // A variable refers to those above it only, so that this comes to an end.
  return mayHaveUnit(variable.keys.get('value')?.value, { ...schema, variables: schema.variables.slice(0, position) });
}

/** Whether a template has a value whenever the variables in it have one. */
function neverFails(
  value: Node,
  operator: string | undefined,
  type: string,
  types: ReadonlyMap<string, string>,
): boolean {
  const known = operator === undefined || operator === '' ? undefined : findOperator(operator);
  const isPlain = known === undefined || known.name === 'DO_NOTHING';
  if (!isPlain && !totalOperators.has(known.name)) return false;
  if (textTypes.has(type)) return value.kind === 'scalar' || isPlain;
  if (!isPlain) return false;
  if (value.kind === 'list') return type === 'list' || type === 'string[]';
  if (value.kind === 'map') return type === 'dict';
  const given = types.get(loneReference(value) ?? '');
  if (given === undefined) return false;
  if (given === type) return type !== 'none';
  if (type === 'list') return listTypes.has(given);
  return (type === 'string[]' && listTypes.has(given)) || (type === 'float' && given === 'integer');
}

/** Whether a variable gives a unit of its own. */
export function unitOf({ keys }: Variable): string | undefined {
  const node = keys.get('unit')?.value;
  return node && !isEmpty(node) ? scalarText(node) : undefined;
}

import type { TextRange } from '../../problems/problem.ts';
import type { RegistryEntry } from '../language/registry.ts';
import { lookup } from '../language/registry.ts';
import { fieldKnownTo } from '../language/datasetFieldFacts.ts';
import type { DatasetFieldFacts } from '../language/datasetFieldFacts.ts';
import { forms } from '../language/forms.ts';
import type { Form } from '../language/forms.ts';
import type { Node } from '../tree/tree.ts';
import { findOperator } from '../language/operators.ts';
import { fieldKeys, generalKeys } from '../language/schemaKeys.ts';
import type { SchemaKey } from '../language/schemaKeys.ts';
import { selectorSources } from '../language/selectorFunctions.ts';
import { commonVariableKeys, sources, takesOperator } from '../language/sources.ts';
import { scalarText, scalarTexts } from './schema.ts';
import type { FieldAssignment, Keys, Schema } from './schema.ts';
import type { Selector } from './selector.ts';

/** A place where a schema uses an entry of a table. */
export interface Use {
  readonly entry: RegistryEntry;
  /** What it is, for a list in a sentence. */
  readonly what: string;
  /** What a program does that does not know it, as a part of a sentence. */
  readonly elsewhere: string;
  /** Told as a mistake where the dialect does not know it, and not once more. */
  readonly isMistake?: boolean;
  readonly range: TextRange;
}

/**
 * The places where a schema uses what some program does not understand, in the order of the text.
 * @param datasetFields the fields of the catalogue; not judged where they are not known
 */
export function usesIn(schema: Schema, datasetFields: readonly DatasetFieldFacts[] = []): readonly Use[] {
  const found: Use[] = [];
  keysUsed(schema.general, generalKeys, found);
  if (schema.selector) selectorUsed(schema.selector, found);
  for (const variable of schema.variables) {
    keysUsed(variable.keys, variableKeys, found);
    if (variable.source === 'NXS') pathsUsed(variable.keys.get('path')?.value, found);
    valueUsed(variable.keys, found);
    const node = takesOperator(variable.source) ? variable.keys.get('operator')?.value : undefined;
    const operator = node && findOperator(scalarText(node) ?? '');
    if (node && operator) {
      const elsewhere = 'others leave the value as it is';
      add(found, { entry: operator, what: `the operator “${operator.name}”`, elsewhere, range: node.range });
    }
  }
  const senders = new Map(datasetFields.map((field) => [field.name, field]));
  for (const field of schema.fields) {
    keysUsed(field.keys, fieldKeys, found);
    const facts = field.fieldType === 'high_level' ? senders.get(field.machineName ?? '') : undefined;
    if (facts) fieldUsed(field, facts, found);
    valueUsed(field.keys, found);
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}

const variableKeys: readonly SchemaKey[] = [...commonVariableKeys, ...sources.flatMap(({ keys }) => keys)];

function add(found: Use[], use: Use): void {
  if (use.entry.knownTo !== undefined) found.push(use);
}

function keysUsed(keys: Keys, table: readonly SchemaKey[], found: Use[]): void {
  for (const [name, entry] of keys) {
    const key = lookup(table, name);
    if (!key) continue;
    const elsewhere = 'others refuse a file with this key';
    add(found, { entry: key, what: `the key “${name}”`, elsewhere, range: entry.key.range });
  }
}

function fieldUsed({ keys, entry }: FieldAssignment, facts: DatasetFieldFacts, found: Use[]): void {
  const { knownTo } = fieldKnownTo(facts);
  const { range } = keys.get('machine_name')?.value ?? entry.key;
  add(found, {
    entry: { name: facts.name, aliases: [], summary: facts.summary, explanation: '', ...(knownTo && { knownTo }) },
    what: `the field “${facts.name}”`,
    elsewhere: 'others leave the field out',
    range,
  });
}

function formUsed(form: Form, range: TextRange, found: Use[]): void {
  add(found, {
    entry: form,
    what: `a ${form.name}`,
    elsewhere: form.elsewhere,
    range,
    isMistake: form === forms.nested,
  });
}

function pathsUsed(node: Node | undefined, found: Use[]): void {
  if (node?.kind === 'list') formUsed(forms.paths, node.range, found);
  for (const { text, node: scalar } of scalarTexts(node)) {
    if (/\/:[A-Za-z]|^:[A-Za-z]/.test(text)) formUsed(forms.className, scalar.range, found);
    if (/@[^/]+$/.test(text)) formUsed(forms.attribute, scalar.range, found);
  }
}

/** What is no text inside of the lists and objects of a value; the first is enough. */
function valueUsed(keys: Keys, found: Use[]): void {
  const value = keys.get('value')?.value;
  const inside =
    value?.kind === 'list'
      ? value.items
      : value?.kind === 'map'
        ? value.entries.flatMap((entry) => entry.value ?? [])
        : [];
  const nested = inside.find((item) => item.kind !== 'scalar' || item.value.kind !== 'string');
  if (nested) formUsed(forms.nested, { start: nested.range.start, end: nested.range.end }, found);
}

function selectorUsed(selector: Selector, found: Use[]): void {
  if (selector.kind === 'and' || selector.kind === 'or') {
    for (const part of selector.parts) selectorUsed(part, found);
  } else if (selector.kind === 'condition') {
    const entry = lookup(selectorSources, selector.source);
    const elsewhere = 'others match no file with them';
    if (entry) add(found, { entry, what: `selectors on “${entry.name}”`, elsewhere, range: selector.range });
  }
}

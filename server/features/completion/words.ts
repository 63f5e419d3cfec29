import { CompletionItemKind } from 'vscode-languageserver';
import { findOperator, operators } from '../../../core/imsc/language/operators.ts';
import { commonUnits } from '../../../core/units/commonUnits.ts';
import { isSciCatUnit, measureTheSame } from '../../../core/units/siQuantity.ts';
import type { RegistryEntry } from '../../../core/imsc/language/registry.ts';
import { scalarText } from '../../../core/imsc/schema/schema.ts';
import { fieldTypes } from '../../../core/imsc/language/schemaKeys.ts';
import { selectorFunctions, selectorSources } from '../../../core/imsc/language/selectorFunctions.ts';
import { sources } from '../../../core/imsc/language/sources.ts';
import { allReferences } from '../../../core/imsc/schema/template.ts';
import { entryOf } from '../../../core/imsc/tree/tree.ts';
import { valueTypes } from '../../../core/imsc/language/valueTypes.ts';
import { inDialect, replaceValue, separators, withEdit } from './proposal.ts';
import type { CompletionContext, Importable, Proposal } from './proposal.ts';

/** The words of one table. */
function entries(
  context: CompletionContext,
  table: readonly RegistryEntry[],
  kind: CompletionItemKind,
  topic: 'source' | 'operator' | 'type' | 'field-type' | 'selector',
): Proposal[] {
  return table.flatMap((entry): Proposal[] => {
    const { name, summary } = entry;
    const proposal = { label: name, kind, filter: name, rank: 0, detail: summary, topic: { kind: topic, name } };
    return withEdit(replaceValue(context, name), inDialect(context, entry, proposal));
  });
}

export function sourceProposals(context: CompletionContext): Proposal[] {
  return entries(context, sources, CompletionItemKind.EnumMember, 'source');
}

export function operatorProposals(context: CompletionContext): Proposal[] {
  return entries(context, operators, CompletionItemKind.Function, 'operator');
}

/** Value types; the one that the value itself is of comes first. */
export function typeProposals(context: CompletionContext): Proposal[] {
  const likely = likelyType(context);
  return entries(context, valueTypes, CompletionItemKind.TypeParameter, 'type').map((proposal) =>
    proposal.label === likely ? { ...proposal, rank: -1, preselect: true, description: 'fits' } : proposal,
  );
}

/** The type of the one variable that a field takes its value from. */
function likelyType({ place, snapshot }: CompletionContext): string | undefined {
  if (place.path[0] === 'variables' || !place.map) return undefined;
  const text = scalarText(entryOf(place.map, 'value')?.value) ?? '';
  const [only] = allReferences(text);
  if (only?.start !== 0 || only.end !== text.length) return undefined;
  return snapshot.whole.variables.find(({ name }) => name === only.name)?.valueType;
}

export function fieldTypeProposals(context: CompletionContext): Proposal[] {
  return entries(context, fieldTypes, CompletionItemKind.EnumMember, 'field-type');
}

export function selectorPartProposals(context: CompletionContext, key: 'source' | 'operator'): Proposal[] {
  return entries(
    context,
    key === 'source' ? selectorSources : selectorFunctions,
    key === 'source' ? CompletionItemKind.EnumMember : CompletionItemKind.Function,
    'selector',
  );
}

/** Whether a key names a unit to the operator of its variable. */
export function isUnitArgument({ place }: CompletionContext, key: string | undefined): boolean {
  const operator = findOperator(scalarText(place.map && entryOf(place.map, 'operator')?.value) ?? '');
  return operator?.parameters.some(({ name, offers }) => name === key && offers === 'units') === true;
}

/** The common units; where a value is converted, those that it can be converted into. */
export function unitProposals(context: CompletionContext, key: string | undefined): Proposal[] {
  const { place, evaluation } = context;
  const text = scalarText(place.map && entryOf(place.map, 'value')?.value) ?? '';
  const outcome = /^<[^<>]+>$/.test(text) ? evaluation?.variables.get(text.slice(1, -1))?.outcome : undefined;
  const from = key !== 'unit' && outcome?.state === 'known' && isSciCatUnit(outcome.unit) ? outcome.unit : undefined;
  return commonUnits
    .filter((unit) => from === undefined || measureTheSame(from, unit))
    .flatMap((unit, rank) =>
      withEdit(replaceValue(context, unit), { label: unit, kind: CompletionItemKind.Unit, filter: unit, rank }),
    );
}

export function booleanProposals({ snapshot, place, offset }: CompletionContext): Proposal[] {
  const { scalar } = place;
  if (scalar && /^["']/.test(scalar.source)) return [];
  return ['true', 'false'].map((word): Proposal => {
    const { before, after } = separators(snapshot.tree, offset);
    const edit = scalar
      ? { range: scalar.range, newText: word }
      : { range: { start: offset, end: offset }, newText: before + word + after };
    return { label: word, kind: CompletionItemKind.Keyword, edit, filter: word, rank: 0 };
  });
}

/** A new identifier for a schema that has none. */
export function idProposals(context: CompletionContext): Proposal[] {
  if (context.place.text.length > 0) return [];
  const id = crypto.randomUUID();
  const proposal = { label: id, kind: CompletionItemKind.Value, filter: id, rank: 0, detail: 'a new UUID' };
  return withEdit(replaceValue(context, id), proposal);
}

/** The items of the value that `field` takes one of, where they are known. */
export function itemProposals(context: CompletionContext): Proposal[] {
  const { place, evaluation } = context;
  if (!place.map || !evaluation) return [];
  const text = scalarText(entryOf(place.map, 'value')?.value) ?? '';
  const [only] = allReferences(text);
  const outcome = only ? evaluation.variables.get(only.name)?.outcome : undefined;
  if (outcome?.state !== 'known' || outcome.value.kind !== 'dict') return [];
  return outcome.value.entries.flatMap(([key]): Proposal[] => {
    if (key.kind !== 'string') return [];
    const { value } = key;
    return withEdit(replaceValue(context, value), {
      label: value,
      kind: CompletionItemKind.Field,
      filter: value,
      rank: 0,
    });
  });
}

/** The ids of the schemas that can be imported. */
export function importProposals(context: CompletionContext, importable: readonly Importable[]): Proposal[] {
  return importable.flatMap(({ id, name, file }) =>
    withEdit(replaceValue(context, id), {
      label: id,
      kind: CompletionItemKind.Module,
      filter: id,
      rank: 0,
      description: name,
      detail: file,
    }),
  );
}

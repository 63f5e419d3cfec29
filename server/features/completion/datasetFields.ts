import { CompletionItemKind } from 'vscode-languageserver';
import { scalarText } from '../../../core/imsc/schema/schema.ts';
import { entryOf } from '../../../core/imsc/tree/tree.ts';
import { datasetFields } from '../../../core/scicat/datasetFields.ts';
import type { DatasetField } from '../../../core/scicat/datasetFields.ts';
import { allReferences } from '../../../core/imsc/schema/template.ts';
import { fieldKnownTo } from '../../../core/imsc/language/datasetFieldFacts.ts';
import { inDialect, replaceValue, withEdit } from './proposal.ts';
import type { CompletionContext, Proposal } from './proposal.ts';

/** Names of dataset fields with their type and need, those that are assigned already last; for metadata likely names. */
export function machineNameProposals(context: CompletionContext): Proposal[] {
  const { place, snapshot } = context;
  const fieldType = place.map && scalarText(entryOf(place.map, 'field_type')?.value);
  const label = place.path[1];
  const others = snapshot.schema.fields.filter((field) => field.label !== label);
  if (fieldType === 'scientific_metadata') {
    const taken = new Set(
      others.filter((field) => field.fieldType === fieldType).map(({ machineName }) => machineName),
    );
    return likelyNames(context).flatMap((name): Proposal[] => {
      if (taken.has(name)) return [];
      const proposal = { label: name, kind: CompletionItemKind.Text, filter: name, rank: 0 };
      return withEdit(replaceValue(context, name), proposal);
    });
  }
  const assigned = new Set(
    others.filter((field) => field.fieldType === 'high_level').map(({ machineName }) => machineName),
  );
  return datasetFields
    .filter(({ assignable }) => assignable)
    .flatMap((field): Proposal[] => {
      const { name, summary } = field;
      const isTaken = assigned.has(name);
      return withEdit(
        replaceValue(context, name),
        inDialect(context, fieldKnownTo(field), {
          label: name,
          kind: CompletionItemKind.Field,
          filter: name,
          rank: isTaken ? 2 : field.mandatory ? 0 : 1,
          description: isTaken ? 'assigned already' : needText(field),
          detail: `${field.type} — ${summary}`,
          topic: { kind: 'field', name } as const,
        }),
      );
    });
}

function needText({ mandatory, raw }: DatasetField): string {
  return mandatory ? 'mandatory' : raw === 'required' ? 'required' : 'optional';
}

/** The label of the field and the variables that its value refers to. */
function likelyNames({ place }: CompletionContext): string[] {
  const value = (place.map && scalarText(entryOf(place.map, 'value')?.value)) ?? '';
  const names = [...allReferences(value).map(({ name }) => name), place.path[1] ?? ''];
  return [...new Set(names)].filter((name) => name !== '');
}

import { datasetFields } from '../../../core/scicat/datasetFields.ts';
import { appendEntries } from '../../../core/imsc/edits/textEdits.ts';
import { newFieldEntries } from '../../../core/imsc/checks/newFields.ts';
import { touches } from './offer.ts';
import type { Offer, OfferContext } from './offer.ts';

/** Adds all mandatory fields that are missing, at the end of the section of fields. */
export function mandatoryFieldOffers({ snapshot, range }: OfferContext): Offer[] {
  const { schema, tree } = snapshot;
  const section = schema.general.get('schema');
  if (!section || !touches(section.range, range)) return [];
  const present = new Set(
    schema.fields.filter(({ fieldType }) => fieldType !== 'scientific_metadata').map(({ machineName }) => machineName),
  );
  const missing = datasetFields.filter(
    ({ name, plural, mandatory }) => mandatory && !present.has(name) && !present.has(plural ?? name),
  );
  if (missing.length < 2) return [];
  const edit = appendEntries(tree, section, newFieldEntries(schema, missing));
  if (!edit) return [];
  return [
    { title: `Add the ${missing.length} mandatory fields that are missing`, kind: 'refactor.rewrite', edits: [edit] },
  ];
}

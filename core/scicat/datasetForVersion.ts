import { kindNames } from './checkDatasetField.ts';
import { datasetField, datasetFields } from './datasetFields.ts';
import type { DatasetField } from './datasetFields.ts';
import { isList } from './json.ts';
import type { DatasetKind } from './scicatDatasetSchema.ts';

/** The versions of SciCat's API. */
export const apiVersions = ['v3', 'v4'] as const;
export type ApiVersion = (typeof apiVersions)[number];

/** How values are taken apart and made, so that plain JSON and losslessly read JSON both can be written. */
export interface ValueForm<T> {
  /** The items of a list, `undefined` for anything else. */
  items(value: T): readonly T[] | undefined;
  text(value: T): string | undefined;
  list(items: readonly T[]): T;
  fromText(text: string): T;
}

/** Something of the dataset that the version of the API cannot hold. */
export interface Misfit {
  readonly field: string;
  readonly message: string;
}

/** Plain JSON values. */
export const plainForm: ValueForm<unknown> = {
  items: (value) => (isList(value) ? value : undefined),
  text: (value) => (typeof value === 'string' ? value : undefined),
  list: (items) => items,
  fromText: (text) => text,
};

const singularOf = new Map(datasetFields.flatMap(({ name, plural }) => (plural === undefined ? [] : [[plural, name]])));

/**
 * A dataset in the field names and shapes that a version of the API takes. Samples, principal investigators, proposals
 * and instruments may be given under either name, one or a list. In v3 several investigators become one text, separated
 * by semicolons; of several samples, proposals or instruments the first is kept and a misfit returned. Fields that the
 * version refuses for this type of dataset are left out, each with a misfit.
 *
 * v3 with a type other than raw and derived takes the names of v4, as SciCat demands.
 */
export function datasetForVersion<T>(
  fields: ReadonlyMap<string, T>,
  version: ApiVersion,
  form: ValueForm<T>,
): { readonly fields: ReadonlyMap<string, T>; readonly misfits: readonly Misfit[] } {
  const type = fields.get('type');
  const kind = datasetKind(version, type === undefined ? undefined : form.text(type));
  const written = new Map<string, T>();
  const misfits: Misfit[] = [];
  for (const [name, value] of fields) {
    const single = datasetField(singularOf.get(name) ?? name);
    if (single?.plural !== undefined) writeOneOrMany(single, value);
    else write(name, value);
  }
  return { fields: written, misfits };

  function writeOneOrMany({ name, plural }: DatasetField, value: T): void {
    const items = form.items(value) ?? [value];
    if (kind === 'v4') {
      write(plural ?? name, form.list(items));
      return;
    }
    const [first] = items;
    if (first === undefined) return;
    const target = name === 'principalInvestigator' && kind === 'derived' ? 'investigator' : name;
    if (target !== name && fields.has(target)) return;
    const texts = items.map((item) => form.text(item)).filter((text) => text !== undefined);
    if (items.length === 1) {
      write(target, first);
    } else if (name === 'principalInvestigator' && texts.length === items.length) {
      write(target, form.fromText(texts.join('; ')));
    } else {
      write(target, first);
      const message = `v3 of SciCat's API holds one ${name}, and there are ${items.length}: ${texts.join(', ')}. Use scicat.apiVersion: auto or v4.`;
      misfits.push({ field: name, message });
    }
  }

  function write(name: string, value: T): void {
    const need = datasetField(name)?.[kind];
    if (kind === 'v4' && name === 'investigator') {
      if (fields.has('principalInvestigator') || fields.has('principalInvestigators')) return;
      write('principalInvestigators', form.list(form.items(value) ?? [value]));
    } else if (need === 'ignored') {
      misfits.push({ field: name, message: `SciCat ignores ${name} in ${kindNames[kind]}; it is left out.` });
    } else if (need === 'refused') {
      misfits.push({ field: name, message: `SciCat refuses ${name} in ${kindNames[kind]}; it is left out.` });
    } else {
      written.set(name, value);
    }
  }
}

/** The rules that hold for a type of dataset in a version of the API. */
export function datasetKind(version: ApiVersion, type: string | undefined): DatasetKind {
  if (version === 'v4') return 'v4';
  return type === 'derived' ? 'derived' : type === 'raw' || type === undefined ? 'raw' : 'v4';
}

/** Whether a dataset says more than v3 can hold: several samples, proposals or instruments, or a type of its own. */
export function needsV4<T>(fields: ReadonlyMap<string, T>, form: ValueForm<T>): boolean {
  const type = fields.get('type');
  const typeName = type === undefined ? 'raw' : form.text(type);
  if (typeName !== 'raw' && typeName !== 'derived') return true;
  return datasetFields.some(({ name, plural }) => {
    if (plural === undefined || name === 'principalInvestigator') return false;
    const value = fields.get(plural) ?? fields.get(name);
    return value !== undefined && (form.items(value)?.length ?? 1) > 1;
  });
}

/** The version that a written dataset is meant for, by its field names. */
export function versionOfDataset(dataset: Readonly<Record<string, unknown>>): ApiVersion {
  return Object.keys(dataset).some((name) => singularOf.has(name)) ? 'v4' : 'v3';
}

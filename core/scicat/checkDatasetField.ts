import { addressPartFault } from '../text/addressPart.ts';
import type { DatasetField, FieldType } from './datasetFields.ts';
import { datasetField, datasetFields } from './datasetFields.ts';
import { fieldFormats } from './fieldFormats.ts';
import { isJsonObject, isList } from './json.ts';
import type { DatasetKind } from './scicatDatasetSchema.ts';

const typeNames: Readonly<Record<FieldType, string>> = {
  string: 'a text',
  strings: 'a list of texts',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  techniques: 'a list of objects with the texts pid and name',
  relationships: 'a list of objects with an identifier',
};

/**
 * Why SciCat would refuse this value in this field, as a sentence for a person; `undefined` if it takes it. A field
 * that v4 knows as a list may also be a list here, because the writer turns it into what the version takes.
 * @param value plain JSON value
 */
export function checkDatasetField(name: string, value: unknown): string | undefined {
  const field = datasetField(name);
  if (!field) return `SciCat has no dataset field “${name}” and refuses datasets with unknown fields.`;
  if (value === null || value === undefined) {
    return field.raw === 'required' ? `${name} must not be empty.` : undefined;
  }
  if (field.plural !== undefined && isList(value)) {
    return value.every((item) => typeof item === 'string') ? undefined : `${name} must be a text or a list of texts.`;
  }
  return checkValue(field, value);
}

function checkValue(field: DatasetField, value: unknown): string | undefined {
  const { name, type } = field;
  if (name === 'scientificMetadata') {
    // Texts and lists are made an object of.
    const isTaken = typeof value === 'string' || isList(value) || isJsonObject(value);
    return isTaken ? nullItem(value) : `${name} must be ${typeNames[type]}, not ${kindOf(value)}.`;
  }
  if (!isOfType(type, value)) {
    const isItem = kindOf(value) === kindOf(typeExamples[type]);
    return `${name} must be ${typeNames[type]}${isItem ? '' : `, not ${kindOf(value)}`}.`;
  }
  return typeof value === 'string' ? checkText(field, value) : undefined;
}

/** Something that SciCat would refuse of a dataset. */
export interface Refusal {
  readonly field: string;
  /** Why, as a sentence for a person. */
  readonly reason: string;
}

/** Bytes of a request that SciCat takes unless it is set up otherwise; its database holds no more in one document. */
const maxBytes = 16 * 1024 * 1024;

/**
 * What SciCat would refuse of a dataset as it is sent, field by field: names that it does not know, wrong values, and
 * what is missing. Empty if it takes all of it.
 */
export function refusalsOf(dataset: Readonly<Record<string, unknown>>, kind: DatasetKind): Refusal[] {
  const found: Refusal[] = [];
  for (const [name, value] of Object.entries(dataset)) {
    const reason = refusalIn(kind, name, value);
    if (reason !== undefined) found.push({ field: name, reason });
  }
  for (const { name, ...field } of datasetFields) {
    const isNeeded = field[kind] === 'required' || field.neededByDatabase === true;
    if (!isNeeded || dataset[name] !== undefined) continue;
    const reason = `${name} is missing; the schema does not give it, and SciCat takes no dataset without.`;
    found.push({ field: name, reason });
  }
  return found;
}

/** Why SciCat would not take a request of this many bytes, as a sentence for a person; `undefined` if it takes it. */
export function sizeRefusal(bytes: number): string | undefined {
  if (bytes <= maxBytes) return undefined;
  return `The dataset has ${(bytes / 1e6).toFixed(1)} MB, and SciCat takes 16 MB; leave long lists out of the scientific metadata.`;
}

function refusalIn(kind: DatasetKind, name: string, value: unknown): string | undefined {
  const field = datasetField(name);
  if (field?.[kind] === 'refused') return `SciCat refuses ${name} in ${kindNames[kind]}.`;
  if (!field || field[kind] === 'ignored') return field ? undefined : checkDatasetField(name, value);
  if (value !== null && value !== undefined) return checkValue(field, value);
  const isNeeded = field[kind] === 'required' || field.neededByDatabase === true || name === 'pid';
  return isNeeded ? `${name} must not be empty.` : undefined;
}

/** The rules of SciCat, in words. */
export const kindNames: Readonly<Record<DatasetKind, string>> = {
  raw: 'a raw dataset',
  derived: 'a derived dataset',
  v4: 'v4 of its API',
};

/** A value of each type. */
const typeExamples: Readonly<Record<FieldType, unknown>> = {
  string: '',
  strings: [],
  integer: 1,
  number: 1,
  boolean: true,
  object: {},
  techniques: [],
  relationships: [],
};

/** The kind of a JSON value, in words. */
function kindOf(value: unknown): string {
  if (isList(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'an object';
    default:
      return 'a number';
  }
}

function checkText(field: DatasetField, value: string): string | undefined {
  const { name, format } = field;
  if (value === '' && (field.notEmpty || name === 'pid')) return `${name} must not be empty.`;
  const fault = name === 'pid' ? addressPartFault(value) : undefined;
  if (fault !== undefined) return `${name} must be part of an address, but ${fault}.`;
  if (format === undefined || fieldFormats[format].test(value)) return undefined;
  return `${name} must be ${fieldFormats[format].means}, not “${value.slice(0, 100)}”.`;
}

function nullItem(value: unknown): string | undefined {
  const item = isJsonObject(value) ? Object.entries(value).find(([, content]) => content === null) : undefined;
  return item && `The item ${item[0]} of scientificMetadata is null, which makes SciCat fail.`;
}

/** Whether SciCat takes the value for the type; a text counts as a list of one text. */
function isOfType(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'strings':
      return typeof value === 'string' || (isList(value) && value.every((item) => typeof item === 'string'));
    case 'integer':
      return Number.isInteger(value) || typeof value === 'bigint';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return isJsonObject(value);
    case 'techniques':
      return isList(value) && value.every(isTechnique);
    case 'relationships':
      return isList(value) && value.every(isRelationship);
  }
}

/** The names of SciCat 4.28, or those of before. */
function isRelationship(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { identifier, pid, identifierType, relationship, entityType, externalId, ...others } = value;
  if (Object.keys(others).length > 0) return false;
  if (typeof identifier !== 'string') return typeof pid === 'string' && typeof relationship === 'string';
  return pid === undefined && [identifierType, relationship, entityType, externalId].every(isTextOrNothing);
}

function isTextOrNothing(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'string';
}

function isTechnique(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    typeof value['pid'] === 'string' &&
    typeof value['name'] === 'string' &&
    Object.keys(value).length === 2
  );
}

import { addressPartFault } from '../addressPart.ts';
import type { DatasetField, FieldType } from './datasetFields.ts';
import { datasetField } from './datasetFields.ts';
import { fieldFormats } from './fieldFormats.ts';
import { isJsonObject, isList } from './json.ts';

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
  if (!isOfType(field.type, value)) return `${name} must be ${typeNames[field.type]}; SciCat converts nothing.`;
  if (name === 'scientificMetadata') return nullItem(value);
  return typeof value === 'string' ? checkText(field, value) : undefined;
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
      return isList(value) && value.every(isJsonObject);
  }
}

function isTechnique(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    typeof value['pid'] === 'string' &&
    typeof value['name'] === 'string' &&
    Object.keys(value).length === 2
  );
}

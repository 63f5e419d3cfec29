import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { datasetField } from '../core/scicat/datasetFields.ts';
import { fieldFormats } from '../core/scicat/fieldFormats.ts';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { DatasetKind, JsonSchema, SchemaOptions } from '../core/scicat/scicatDatasetSchema.ts';
import { scicatDatasetSchema } from '../core/scicat/scicatDatasetSchema.ts';
import { origDatablockSchema } from './origDatablockSchema.ts';
import type { VersionTraits } from './versions.ts';

/** One refused property, in the form of the validation library that SciCat uses. */
export interface ValidationError {
  readonly property: string;
  readonly children?: readonly ValidationError[];
  /** Text by rule. */
  readonly constraints?: Readonly<Record<string, string>>;
}

/** Checks bodies as one version of SciCat does. Schemas are compiled when they are first needed. */
export class BodyValidation {
  private readonly ajv = new Ajv({ allErrors: true, strict: false });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly traits: VersionTraits;

  constructor(traits: VersionTraits) {
    this.traits = traits;
    for (const [name, { test }] of Object.entries(fieldFormats)) this.ajv.addFormat(name, test);
  }

  /** What SciCat refuses in a dataset: unknown properties first, in their order, then wrong values in that of the fields. */
  dataset(kind: DatasetKind, body: Readonly<Record<string, unknown>>, partial = false): ValidationError[] {
    const options: SchemaOptions = { partial, ownFormats: true, relationshipKey: this.traits.relationshipKey };
    return this.check(`${kind} ${partial}`, () => scicatDatasetSchema(kind, options), body);
  }

  origDatablock(body: Readonly<Record<string, unknown>>, isNested: boolean): ValidationError[] {
    return this.check(`block ${isNested}`, () => origDatablockSchema(isNested, this.traits.fileMetadata), body);
  }

  /** Checks against a schema of its own name. */
  check(name: string, schema: () => JsonSchema, body: Readonly<Record<string, unknown>>): ValidationError[] {
    const validate = this.compiled.get(name) ?? this.ajv.compile(schema());
    this.compiled.set(name, validate);
    if (validate(body)) return [];
    return grouped(validate.errors ?? [], body, schema());
  }
}

interface Fault {
  readonly path: readonly string[];
  readonly isUnknown: boolean;
}

function grouped(errors: readonly ErrorObject[], body: unknown, schema: JsonSchema): ValidationError[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    const fault = faultOf(error);
    faults.set(fault.path.join('/'), fault);
  }
  const all = [...faults.values()];
  const positions = new Map(
    Object.keys(isJsonObject(schema['properties']) ? schema['properties'] : {}).map((name, index) => [name, index]),
  );
  const unknown = all.filter(({ path, isUnknown }) => isUnknown && path.length === 1);
  const order = Object.keys(isJsonObject(body) ? body : {});
  unknown.sort((a, b) => order.indexOf(a.path[0] ?? '') - order.indexOf(b.path[0] ?? ''));
  const wrong = all.filter((fault) => !unknown.includes(fault));
  wrong.sort((a, b) => (positions.get(a.path[0] ?? '') ?? 0) - (positions.get(b.path[0] ?? '') ?? 0));
  return [...unknown, ...wrong].reduce<ValidationError[]>((tree, fault) => added(tree, fault.path, fault, body), []);
}

function faultOf({ instancePath, keyword, params }: ErrorObject): Fault {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const extra: unknown = params['additionalProperty'] ?? params['missingProperty'];
  const full = typeof extra === 'string' ? [...path, extra] : path;
  const [first] = full;
  // A wrong item of a list of texts is reported for the whole list.
  const isText = first !== undefined && full.length > 1 && datasetField(first)?.type === 'strings';
  return { path: isText ? [first] : full, isUnknown: keyword === 'additionalProperties' };
}

function added(
  tree: readonly ValidationError[],
  path: readonly string[],
  fault: Fault,
  body: unknown,
  parent = '',
): ValidationError[] {
  const [property = '', ...rest] = path;
  const value = isList(body) ? body[Number(property)] : isJsonObject(body) ? body[property] : undefined;
  const known = tree.find((item) => item.property === property);
  const others = tree.filter((item) => item !== known);
  if (rest.length > 0)
    return [...others, { property, children: added(known?.children ?? [], rest, fault, value, property) }];
  if (fault.isUnknown) {
    return [...others, { property, constraints: { whitelistValidation: `property ${property} should not exist` } }];
  }
  if (parent !== '' && /^\d+$/.test(property)) {
    const text = `each value in nested property ${parent} must be either object or array`;
    return [...others, { property, constraints: { nestedValidation: text } }];
  }
  return [...others, { property, children: [], constraints: constraintsFor(property, value) }];
}

const integers = new Set(['size', 'packedSize', 'numberOfFiles', 'numberOfFilesArchived']);

/** The texts of SciCat's validation library for a wrong value, by what the property must be. */
function constraintsFor(name: string, value: unknown): Readonly<Record<string, string>> {
  const field = datasetField(name);
  const isEmpty = value === undefined || value === null || value === '';
  const notEmpty = { isNotEmpty: `${name} should not be empty` };
  if (name === 'dataFileList')
    return { arrayNotEmpty: notEmpty.isNotEmpty, ...(!isList(value) && { isArray: `${name} must be an array` }) };
  if (name === 'time' || field?.format === 'date-time' || field?.format === 'luxon-date-time') {
    return { isDateString: `${name} must be a valid ISO 8601 date string` };
  }
  if (field?.format === 'email-list') {
    return { customEmailList: `Expected an email or a list of semicolon separated emails, got ${String(value)}` };
  }
  if (field?.format === 'email' || name === 'email') return { isEmail: `${name} must be an email` };
  if (field?.format === 'url') return { isUrl: `${name} must be a URL address` };
  if (integers.has(name)) return { isInt: `${name} must be an integer number` };
  switch (field?.type) {
    case 'strings':
      return { isString: `each value in ${name} must be a string` };
    case 'boolean':
      return { isBoolean: `${name} must be a boolean value` };
    case 'number':
      return { isNumber: `${name} must be a number conforming to the specified constraints` };
    case 'object':
      return { isObject: `${name} must be an object` };
    case 'techniques':
    case 'relationships':
      return { isArray: `${name} must be an array` };
    default:
      return {
        ...(isEmpty && (field?.notEmpty === true || name === 'chkAlg') && notEmpty),
        ...(typeof value !== 'string' && { isString: `${name} must be a string` }),
      };
  }
}

/** The list of texts that the global validation answers: nested properties by their path. */
export function validationTexts(errors: readonly ValidationError[], parent = ''): string[] {
  return errors.flatMap(({ property, children = [], constraints = {} }) => [
    ...Object.values(constraints).map((text) => `${parent}${fileText(text, property, parent)}`),
    ...validationTexts(children, `${parent}${property}.`),
  ]);
}

/** The size of a file may have a fraction, that of a block not. */
function fileText(text: string, property: string, parent: string): string {
  return parent !== '' && property === 'size' ? 'size must be a number conforming to the specified constraints' : text;
}

import { floatText } from '../../text/numberText.ts';
import { ReadFailure } from '../../imsc/evaluation/readers.ts';
import type { DataReader, Reading, ReadFailureCode } from '../../imsc/evaluation/readers.ts';
import type { Value } from '../../imsc/values/values.ts';
import { NexusError } from '../../nexus/model.ts';
import type { Element, NexusData, NexusDataset, NexusErrorCode, NexusFile } from '../../nexus/model.ts';
import { matchWildcard } from '../../nexus/path.ts';
import { attributeIn, hasClass, placesOf, readAttribute } from './nexusPlaces.ts';
import type { Places } from './nexusPlaces.ts';

/** More elements than this are not read into a variable: no dataset field holds them. */
const mostElements = 1_000_000;

/** How many paths are read ahead: few enough that those of a schema that is edited meanwhile keep nobody waiting. */
const mostAhead = 32;

/**
 * Reads variables from an open NeXus file: the one place where HDF5 types become values.
 * @param order the paths that will be read, in that order, for a file in another thread: several are asked at once
 */
export function nexusReader(file: NexusFile, order: readonly string[] = []): DataReader {
  const ahead = orAttribute(file, readAhead(file, order));
  return {
    async read(path, valueType) {
      try {
        if (hasClass(path)) return await readByClass(file, ahead, path, valueType);
        return path.includes('*') && valueType === 'string[]'
          ? await readWildcard(file, await matchWildcard(file, path))
          : await readOne(ahead, path, valueType);
      } catch (error) {
        if (error instanceof NexusError) throw new ReadFailure(failureCodes[error.code], error.message);
        throw error;
      }
    },
  };
}

const failureCodes: Readonly<Record<NexusErrorCode, ReadFailureCode>> = {
  'file-missing': 'reader-failed',
  'file-not-readable': 'reader-failed',
  'file-not-hdf5': 'file-unreadable',
  'file-damaged': 'file-unreadable',
  'file-being-written': 'reader-failed',
  'file-changed': 'reader-failed',
  'reader-crashed': 'reader-failed',
  'path-missing': 'path-missing',
  'path-is-group': 'path-is-group',
  'path-not-a-group': 'path-missing',
  'broken-link': 'path-missing',
  'unreadable-data': 'path-unreadable',
  'too-large': 'path-unreadable',
  'wildcard-too-slow': 'path-unreadable',
  'too-slow': 'reader-failed',
  'no-reader': 'reader-failed',
};

type Read = (path: string) => Promise<NexusData>;

/** Reads a path together with those that come next. */
function readAhead(file: NexusFile, order: readonly string[]): Read {
  const paths = [...new Set(order)];
  const positions = new Map(paths.map((path, index) => [path, index]));
  const begun = new Map<string, Promise<NexusData>>();
  let next = 0;
  return (path) => {
    const position = positions.get(path) ?? -1;
    if (position >= next) {
      next = position + mostAhead;
      for (const each of paths.slice(position, next)) {
        const data = file.read(each, mostElements);
        // Whoever reads it is told of a failure; maybe nobody does.
        data.catch(() => undefined);
        begun.set(each, data);
      }
    }
    const data = begun.get(path) ?? file.read(path, mostElements);
    begun.delete(path);
    return data;
  };
}

async function readOne(read: Read, path: string, valueType: string): Promise<Reading> {
  const data = await readData(read, path);
  const { units } = data.dataset;
  return {
    value: valueOf(data, valueType),
    unit: units ?? '',
    unitFromFile: units !== undefined,
    paths: [data.dataset.path],
    notes: [],
  };
}

async function readData(read: Read, path: string): Promise<NexusData> {
  const data = await read(path);
  if (data.truncated) {
    throw new ReadFailure(
      'wrong-data',
      `${data.dataset.path} has ${sizeOf(data.dataset)}; that is too much for a variable.`,
    );
  }
  return data;
}

/** Reads a dataset, or the attribute that the path names if there is no such dataset. */
function orAttribute(file: NexusFile, read: Read): Read {
  return async (path) => {
    const attribute = attributeIn(path);
    if (!attribute) return read(path);
    try {
      return await read(path);
    } catch (error) {
      if (!(error instanceof NexusError) || !error.code.startsWith('path-')) throw error;
      return readAttribute(file, attribute);
    }
  };
}

/** For a list of texts one of each that is found, otherwise the first. */
async function readByClass(file: NexusFile, read: Read, path: string, valueType: string): Promise<Reading> {
  const places = await placesOf(file, path);
  if (valueType === 'string[]' && places.matches.length > 1) return readWildcard(file, places);
  const [first = path] = places.matches;
  const reading = await readOne(read, first, valueType);
  const others = places.matches.length - 1;
  return others === 0
    ? reading
    : { ...reading, notes: [`${first} was read, the first of ${others + 1} that there are.`] };
}

async function readWildcard(file: NexusFile, { matches, skipped }: Places): Promise<Reading> {
  const items: Value[] = [];
  const ahead = orAttribute(file, readAhead(file, matches));
  for (const match of matches) items.push(oneText(await readData(ahead, match), manyAtOnce));
  return {
    value: { kind: 'list', items },
    unit: '',
    unitFromFile: false,
    paths: matches,
    notes: skipped.map(({ path: passed, reason }) => `${passed} was passed over: ${reason}`),
  };
}

/** A dataset as `valueType` wants it, before the type's own conversion. Rules as the Python ingestor's. */
function valueOf(data: NexusData, valueType: string): Value {
  switch (valueType) {
    case 'string':
    case 'email':
    case 'link':
      return oneText(data);
    case 'string[]':
      return { kind: 'list', items: textItems(data) };
    case 'dict':
    case 'list':
      return structureOf(data, valueType);
    case 'none':
      throw wrongData(data, 'and the type none holds nothing');
    default:
      if (!valueType.endsWith('[]')) return single(data, valueType);
      refuseOtherDigits(data, valueType);
      return listOf(data);
  }
}

const manyAtOnce = 'and a path with wildcards takes one text of each dataset; let it match fewer of them';

/** Exactly one text; anything else has no text form that a reader would expect. */
function oneText({ dataset, elements, invalidUtf8 }: NexusData, otherwise = 'use the type string[]'): Value {
  const [text] = elements;
  if (dataset.type.kind !== 'string') {
    throw new ReadFailure('wrong-data', `${dataset.path} holds ${describe(dataset)}, not text.`);
  }
  if (dataset.shape === null || elements.length !== 1 || typeof text !== 'string') {
    const wayOut = elements.length > 1 ? `; ${otherwise}` : '';
    throw new ReadFailure('wrong-data', `${dataset.path} holds ${sizeOf(dataset)} of text, not one${wayOut}.`);
  }
  if (invalidUtf8) throw new ReadFailure('wrong-data', `${dataset.path} holds text that is not valid UTF-8.`);
  return { kind: 'string', value: text };
}

/** Texts as they are, numbers printed in their own precision; one text becomes a list of one. */
function textItems(data: NexusData): Value[] {
  const { dataset, elements } = data;
  if (dataset.type.kind === 'string') {
    if (data.invalidUtf8) throw new ReadFailure('wrong-data', `${dataset.path} holds text that is not valid UTF-8.`);
    return elements.map((element) => toValue(element, dataset));
  }
  if (dataset.shape?.length !== 1) throw wrongData(data, 'and string[] needs a list');
  return elements.map((element) => ({ kind: 'string', value: printed(element, dataset) }));
}

function printed(element: Element, dataset: NexusDataset): string {
  if (typeof element === 'bigint' || typeof element === 'boolean')
    return element === true ? 'True' : element === false ? 'False' : String(element);
  if (typeof element !== 'number')
    throw new ReadFailure('wrong-data', `${dataset.path} holds ${describe(dataset)}, which has no text form.`);
  if (dataset.type.kind !== 'float') return String(element);
  return dataset.type.bits <= 32 ? floatText(shortestFloat32(element)) : floatText(element);
}

/** The double whose digits are the fewest that still give this single-precision number. */
function shortestFloat32(single: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return single;
}

/** A scalar, or the only element along the first axis. */
function single(data: NexusData, valueType: string): Value {
  const { dataset, elements } = data;
  if (dataset.shape === null || elements.length === 0) throw wrongData(data, 'and holds no value');
  const [first] = elements;
  if (elements.length !== 1 || first === undefined || dataset.shape.length > 1) {
    const listType = elements.length > 1 && dataset.shape.length === 1 ? listTypes[dataset.type.kind] : undefined;
    throw wrongData(
      data,
      listType === undefined ? 'not a single value' : `not a single value; use the type ${listType}`,
    );
  }
  if (valueType !== 'date') refuseOtherDigits(data, valueType);
  return toValue(first, dataset);
}

/** The type that takes a whole list of such elements. */
const listTypes: Readonly<Partial<Record<NexusDataset['type']['kind'], string>>> = {
  integer: 'integer[]',
  float: 'float[]',
  string: 'string[]',
};

/** Numbers in text are read as bytes, which have no other digits than those of ASCII. */
function refuseOtherDigits(data: NexusData, valueType: string): void {
  const isForeign = data.elements.some((element) => typeof element === 'string' && /[^\0-\x7f]/.test(element));
  if (isForeign) throw wrongData(data, `which is not of the type ${valueType}`);
}

function listOf(data: NexusData): Value {
  if (data.dataset.shape?.length !== 1) throw wrongData(data, 'not a list of values');
  return { kind: 'list', items: data.elements.map((element) => toValue(element, data.dataset)) };
}

/** `list`: a list of values. `dict`: a table of two columns. Either may also be a literal written as text. */
function structureOf(data: NexusData, valueType: 'dict' | 'list'): Value {
  const { dataset, elements } = data;
  const [first] = elements;
  if (dataset.type.kind === 'string' && elements.length === 1 && typeof first === 'string')
    return toValue(first, dataset);
  if (valueType === 'list' && dataset.shape?.length === 1) return listOf(data);
  if (valueType === 'dict' && dataset.shape?.length === 2 && dataset.shape[1] === 2) {
    const rows: Value[] = [];
    for (let row = 0; row + 1 < elements.length; row += 2) {
      rows.push({ kind: 'list', items: elements.slice(row, row + 2).map((element) => toValue(element, dataset)) });
    }
    return { kind: 'list', items: rows };
  }
  throw wrongData(data, `which cannot become a ${valueType}`);
}

function toValue(element: Element, dataset: NexusDataset): Value {
  switch (typeof element) {
    case 'string':
      return { kind: 'string', value: element };
    case 'boolean':
      return { kind: 'boolean', value: element };
    case 'bigint':
      return { kind: 'integer', value: element };
    case 'number':
      return dataset.type.kind === 'float'
        ? { kind: 'float', value: element }
        : { kind: 'integer', value: BigInt(element) };
    default:
      throw new ReadFailure('wrong-data', `${dataset.path} holds ${describe(dataset)}, which no value type can hold.`);
  }
}

function wrongData({ dataset }: NexusData, why: string): ReadFailure {
  return new ReadFailure('wrong-data', `${dataset.path} holds ${sizeOf(dataset)} of ${describe(dataset)}, ${why}.`);
}

function describe({ type }: NexusDataset): string {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return 'numbers';
    case 'string':
      return 'text';
    case 'boolean':
      return 'booleans';
    case 'enum':
      return 'enumerated numbers';
    case 'compound':
      return 'records';
    case 'other':
      return type.name;
  }
}

function sizeOf({ shape }: NexusDataset): string {
  if (shape === null) return 'nothing';
  if (shape.length === 0) return 'one value';
  return `${shape.join(' × ')} values`;
}

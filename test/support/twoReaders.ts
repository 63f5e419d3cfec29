import { isDeepStrictEqual } from 'node:util';
import { FormatError } from '../../core/hdf5/formatError.ts';
import { fileStats } from '../../core/nexus/diskStats.ts';
import { openLibraryFile } from '../../core/nexus/library/libraryFile.ts';
import type { LibraryFile } from '../../core/nexus/library/libraryFile.ts';
import { NexusError } from '../../core/nexus/model.ts';
import { OwnObjects } from '../../core/nexus/own/ownObjects.ts';
import { joinPath } from '../../core/nexus/path.ts';
import { DiskFiles } from '../../core/nexus/storage/diskFiles.ts';
import { Reach } from '../../core/nexus/storage/reach.ts';

/** What came out of reading a file twice, by its structures and by the HDF5 library. */
export interface Compared {
  /** Answers that were compared. */
  answers: number;
  /** Elements of datasets in them. */
  elements: number;
  /** Milliseconds that our reader took for the answer that took it longest. */
  slowest: number;
  /** The library did not answer in time. */
  isTooSlow: boolean;
  /** Questions that our reader leaves to the library, and why. */
  readonly left: string[];
  /** Our reader has an answer, where the library has an error. */
  readonly ours: string[];
  /** What the two read differently. */
  readonly differences: string[];
}

/** Elements of a dataset that are compared. */
const LIMIT = 2_000;

/**
 * Asks both readers everything that can be asked of a file.
 * @param mostNodes objects that are looked at
 * @param answerMs milliseconds for one answer of the library
 * @param isDamaged the two may find different things wrong, and one may find something wrong that the other does not read
 */
export async function readTwice(
  path: string,
  mostNodes = 5_000,
  answerMs = Infinity,
  isDamaged = false,
): Promise<Compared> {
  const compared: Compared = {
    answers: 0,
    elements: 0,
    slowest: 0,
    isTooSlow: false,
    left: [],
    ours: [],
    differences: [],
  };
  const reach = new Reach(path);
  const disk = new DiskFiles();
  let own: OwnObjects | undefined;
  try {
    own = new OwnObjects(path, disk, reach);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    compared.left.push(`${path}: ${error.message}`);
  }
  let library: LibraryFile | undefined;
  try {
    library = await openLibraryFile(path, reach, disk, fileStats(path), answerMs);
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    if (own !== undefined) compared.ours.push(`${path} as a whole: ${error.message}`);
  }
  if (own !== undefined && library !== undefined) {
    try {
      compareAll(own, library, mostNodes, compared, isDamaged);
      library.close(false);
    } catch (error) {
      if (!(error instanceof NexusError && error.code === 'too-slow')) throw error;
      compared.isTooSlow = true;
      library.close(true);
    }
  }
  disk.close();
  return compared;
}

function compareAll(
  own: OwnObjects,
  library: LibraryFile,
  mostNodes: number,
  compared: Compared,
  isDamaged: boolean,
): void {
  const seen = new Set<string>();
  const waiting = ['/'];
  let nodes = 0;
  for (let path = waiting.pop(); path !== undefined && nodes < mostNodes; path = waiting.pop()) {
    nodes += 1;
    compareObject(own, library, path, compared, isDamaged);
    const identity = answerOf(() => own.identity(path));
    if (!('value' in identity) || seen.has(identity.value)) continue;
    seen.add(identity.value);
    const children = answerOf(() => own.children(path, undefined));
    if (!('value' in children)) continue;
    for (const name of children.value.names) waiting.push(joinPath(path, name));
  }
}

function compareObject(
  own: OwnObjects,
  library: LibraryFile,
  path: string,
  compared: Compared,
  isDamaged: boolean,
): void {
  const compare = <T>(what: string, ask: () => T, askLibrary: () => T): void => {
    const before = performance.now();
    const here = answerOf(ask);
    compared.slowest = Math.max(compared.slowest, performance.now() - before);
    if ('unknown' in here) {
      compared.left.push(`${what} of ${path}: ${here.unknown}`);
      return;
    }
    const there = answerOf(() => library.inTime(askLibrary));
    if ('error' in there && there.code === 'too-slow') throw new NexusError('too-slow', there.error);
    compared.answers += 1;
    if ('value' in here && 'error' in there && (isDamaged || there.code === 'unreadable-data')) {
      compared.ours.push(`${what} of ${path}: ${there.error}`);
      return;
    }
    const isSame = isDamaged
      ? !('value' in here && 'value' in there) || agree(here, there)
      : isDeepStrictEqual(here, there);
    if (!isSame) compared.differences.push(`${what} of ${path}: ${shown(here)} instead of ${shown(there)}`);
  };
  const { objects } = library;
  compare(
    'what is told',
    () => own.describe(path),
    () => {
      const node = objects.describe(path);
      if (node.kind !== 'dataset') return node;
      // A list names a type by its size; read, it is known with all its bits.
      const data = answerOf(() => objects.read(path, 1));
      return 'value' in data ? data.value.dataset : node;
    },
  );
  compare(
    'the names',
    () => own.childNames(path, undefined).names,
    () => [...library.names(path)],
  );
  const names = answerOf(() => own.childNames(path, { offset: 0, limit: 200 }).names);
  if ('value' in names) {
    compare(
      'the kinds',
      () => own.childKinds(path, { offset: 0, limit: 200 }).nodes.filter((node) => node !== undefined),
      () => {
        const missing = own.childKinds(path, { offset: 0, limit: 200 }).nodes.map((node) => node === undefined);
        return objects.childKinds(path, names.value).filter((_, index) => missing[index] !== true);
      },
    );
  }
  compare(
    'the values',
    () => own.read(path, LIMIT),
    () => objects.read(path, LIMIT),
  );
  const data = answerOf(() => own.read(path, LIMIT));
  if ('value' in data) compared.elements += data.value.elements.length;
  compare(
    'the attributes',
    () => Object.fromEntries(own.attributes(path)),
    () => Object.fromEntries(objects.attributes(path)),
  );
  compare(
    'the identity',
    () => own.identity(path),
    () => objects.identity(path),
  );
}

type Answer<T> = { value: T } | { unknown: string } | { code: string; error: string };

function answerOf<T>(ask: () => T): Answer<T> {
  try {
    return { value: ask() };
  } catch (error) {
    if (error instanceof FormatError) return { unknown: error.message };
    if (error instanceof NexusError) return { code: error.code, error: error.message };
    throw error;
  }
}

/** Whether everything that the library tells is told here too. Names that are no UTF-8 it mangles. */
function agree(here: unknown, there: unknown): boolean {
  if (there === undefined || (typeof here === 'string' && /[\x80-\xff]/.test(here))) return true;
  if (!isRecord(here) || !isRecord(there)) return isDeepStrictEqual(here, there);
  if (there['kind'] === 'broken-link') return true;
  if (Array.isArray(there) && (!Array.isArray(here) || here.length !== there.length)) return false;
  return Object.entries(there).every(([key, value]) => agree(here[key], value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function shown(answer: unknown): string {
  const text = JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

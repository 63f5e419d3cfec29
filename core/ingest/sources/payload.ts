import path from 'node:path';
import { expandPaths } from '../../files/expandPaths.ts';
import type { Batches, ExpandOptions } from '../../files/expandPaths.ts';
import { absolutePath, pathlibText } from '../../files/pathlibPath.ts';
import { hasSignature } from '../../nexus/storage/superblock.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';

export interface PayloadOptions extends Pick<ExpandOptions, 'signal' | 'onProblem' | 'besides'> {
  /** Files that describe the folder and are no data, such as its metadata and the tag files of a bag; absolute paths. */
  readonly leftOut?: readonly string[] | undefined;
}

/**
 * The files of a folder that becomes one dataset: all below it, in the order in which people count, without symbolic
 * links and without what imsc keeps there itself (`.imsc…`). Can be gone through again; throws as `expandPaths`.
 */
export function choosePayload(
  folder: string,
  { signal, onProblem, besides, leftOut = [] }: PayloadOptions = {},
): Batches<string> {
  const passedOver = new Set(leftOut.map((file) => pathlibText(path.resolve(file))));
  return expandPaths([folder], {
    signal,
    onProblem,
    besides,
    followsLinks: false,
    inNaturalOrder: true,
    isLeftOut: (file) => passedOver.has(file) || path.posix.basename(file).startsWith('.imsc'),
  });
}

export interface ChosenDataFile {
  /** As the payload names it; undefined where the folder has none. */
  readonly dataFile: string | undefined;
  readonly problems: readonly Problem[];
}

/** How many data files are looked for: they are named, and one is taken. */
const mostNamed = 5;
/** How many files are looked at together: each is a wait for the disk. */
const atOnce = 16;

/** Endings of NeXus files; what has one is looked at before anything else is. */
export const nexusEndings: readonly string[] = ['.nxs', '.nx5', '.h5', '.hdf', '.hdf5', '.nexus'];

/**
 * Which file of a folder the values come from: the first that the pattern takes, if there is one; otherwise the first
 * that begins as HDF5 files do, those with the endings of NeXus files before all others. The HDF5 library is not asked.
 * Of several the first is taken, with a warning that names them.
 * @param payload of `choosePayload`
 * @param pattern seen from the folder: `raw/*.nxs`
 * @throws as going through the payload does
 */
export async function chooseDataFile(
  folder: string,
  payload: Batches<string>,
  pattern?: string,
  signal?: AbortSignal,
): Promise<ChosenDataFile> {
  const candidates =
    pattern === undefined ? await hdf5Files(payload, signal) : await matching(folder, payload, pattern, signal);
  const [dataFile] = candidates;
  if (dataFile === undefined || candidates.length === 1) return { dataFile, problems: [] };
  const inFolder = (file: string): string => path.posix.relative(absolutePath(folder), absolutePath(file));
  const [first = '', ...others] = candidates.map(inFolder);
  const more = others.length < mostNamed ? others.join(', ') : `${others.slice(0, mostNamed - 1).join(', ')} and more`;
  const message = `${folder} holds several data files: the values come from ${first}, and not from ${more}. All are listed.`;
  return { dataFile, problems: [problem('several-data-files', message)] };
}

async function matching(
  folder: string,
  payload: Batches<string>,
  pattern: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  // What lies outside is not of the payload, and not looked at.
  if (path.isAbsolute(pattern) || pattern.split(/[\\/]/).includes('..')) return [];
  const { filesBelowMatching } = await import('../../files/globFiles.ts');
  const taken = new Set((await filesBelowMatching(folder, pattern, signal)).map((file) => absolutePath(file)));
  return first(payload, signal, (file) => Promise.resolve(taken.has(absolutePath(file))));
}

async function hdf5Files(payload: Batches<string>, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const isNamedSo = (file: string): boolean => nexusEndings.includes(path.extname(file).toLowerCase());
  const named = await first(payload, signal, async (file) => isNamedSo(file) && hasSignature(file));
  return named.length > 0 ? named : first(payload, signal, async (file) => !isNamedSo(file) && hasSignature(file));
}

/** The first files that are taken, in order, and one more than are named. */
async function first(
  payload: Batches<string>,
  signal: AbortSignal | undefined,
  isTaken: (file: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const batch of payload) {
    for (let at = 0; at < batch.length; at += atOnce) {
      signal?.throwIfAborted();
      const some = batch.slice(at, at + atOnce);
      const taken = await Promise.all(some.map(isTaken));
      found.push(...some.filter((_file, index) => taken[index]));
      if (found.length > mostNamed) return found.slice(0, mostNamed + 1);
    }
  }
  return found;
}

import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ScicatClient, StoredDataset } from '../../scicat/client.ts';
import { ScicatError } from '../../scicat/errors.ts';
import type { ScicatErrorKind } from '../../scicat/errors.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { foundText } from '../dataset/existing.ts';
import type { Existing } from '../dataset/existing.ts';
import type { Batches } from '../../files/expandPaths.ts';
import { isListed } from './plan.ts';
import { absolutePath } from '../../files/pathlibPath.ts';

/** A dataset of ours that an ingestion has left without some of its files. */
export interface IncompleteDataset {
  readonly pid: string;
  /** The files that it lists, as they are recorded. */
  readonly listed: ReadonlySet<string>;
}

export interface FilesLookedFor {
  /** How many are not listed; 0 where that cannot be looked up. */
  readonly missing: number;
  readonly firstMissing: string | undefined;
  /** Undefined where this account may not see them. */
  readonly listed: ReadonlySet<string> | undefined;
}

/** How long after its last change a dataset counts as finished: between two writes there are checksums. */
const patienceMs = 10 * 60_000;

/** Whether a dataset was changed so lately that another ingestion may be at it. */
export function isUnderWay({ idleMs }: StoredDataset): boolean {
  return idleMs <= patienceMs;
}

/** Of an account that may not see the lists of files, a list that is too long, a SciCat that has no such question. */
const cannotBeSeen: ReadonlySet<ScicatErrorKind> = new Set(['forbidden', 'endless-answer', 'not-found']);

/** How many of the files that a dataset lists are looked at, whatever their names: the data file is among the first. */
const namesTried = 20;

/** The files that a dataset lists, as they are recorded; undefined where this account may not see them. */
export async function listedFiles(client: ScicatClient, pid: string): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set((await client.origDatablocksOf(pid)).flatMap(({ paths }) => paths));
  } catch (error) {
    if (error instanceof ScicatError && cannotBeSeen.has(error.kind)) return undefined;
    throw error;
  }
}

/**
 * Looks which files are not listed by a dataset that is there. What an ingestion writes beside the data is not looked
 * for: other ingestors do not list it.
 */
export async function lookForFiles(
  { pid, readable }: Existing,
  dataset: Dataset,
  dataFile: Batches<string>,
  moreFiles: Batches<string>,
  client: ScicatClient,
): Promise<FilesLookedFor> {
  const listed = readable && pid !== undefined ? await listedFiles(client, pid) : undefined;
  if (!listed) return { missing: 0, firstMissing: undefined, listed };
  const folder = dataset.fields.get('sourceFolder');
  const sourceFolder = folder?.kind === 'string' ? absolutePath(folder.value) : '/';
  const plan = { filePathType: 'relative', sourceFolder };
  let missing = 0;
  let firstMissing: string | undefined;
  let byName: ReadonlyMap<string, readonly string[]> | undefined;
  for (const files of [dataFile, moreFiles]) {
    for await (const batch of files) {
      for (const file of batch) {
        const whole = absolutePath(file);
        if (isListed(whole, listed, plan)) continue;
        byName ??= namesIn(listed);
        if (await isListedOtherwise(whole, byName, [...listed].slice(0, namesTried), sourceFolder)) continue;
        missing += 1;
        firstMissing ??= whole;
      }
    }
  }
  return { missing, firstMissing, listed };
}

function namesIn(listed: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const item of listed) {
    const name = path.posix.basename(item);
    byName.set(name, [...(byName.get(name) ?? []), item]);
  }
  return byName;
}

/** Whether a file is listed by another path to it, such as one through a link. */
async function isListedOtherwise(
  file: string,
  byName: ReadonlyMap<string, readonly string[]>,
  first: readonly string[],
  sourceFolder: string,
): Promise<boolean> {
  const real = await realpath(file).catch(() => file);
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  const alike = new Set([file, real].flatMap((name) => byName.get(path.basename(name)) ?? []));
  if ([...alike].some((item) => real === item || real.endsWith(`/${item}`))) return true;
  for (const item of new Set([...alike, ...first])) {
    const other = await stat(path.resolve(sourceFolder, item), { bigint: true }).catch(() => undefined);
    if (found && found.ino === other?.ino && found.dev === other.dev) return true;
  }
  return false;
}

/** What is said of a dataset without some of its files. @param isAdded whether they are added to it now */
export function incompleteDataset(
  existing: Existing,
  { missing, firstMissing }: FilesLookedFor,
  stored: StoredDataset | undefined,
  isAdded: boolean,
): Problem {
  const { pid, foundBy } = existing;
  const name = pid === undefined ? 'The dataset' : `The dataset ${pid}`;
  const files = missing === 1 ? (firstMissing ?? '') : `${missing} files, the first of them ${firstMissing ?? ''}`;
  const what = `${name} is already in SciCat (${foundText(existing)}), but not complete: it does not list ${files}.`;
  if (isAdded)
    return problem('dataset-incomplete', `${what} What is missing is added.`, undefined, { severity: 'warning' });
  const why =
    stored && isUnderWay(stored)
      ? `It was changed ${Math.max(0, Math.round(stored.idleMs / 1000))} seconds ago, so another ingestion may be at it. Nothing was sent; run it again ten minutes after the last change, or “imsc resume” where it was begun.`
      : foundBy === 'metadata'
        ? 'It was found by its metadata alone, so it may be another measurement of the same name. Nothing was sent: look whether an ingestion of it was interrupted elsewhere (“imsc resume” there finishes it).'
        : 'It says something else than it would now, or another account has made it. Nothing was sent: look whether an ingestion of it was interrupted elsewhere (“imsc resume” there finishes it), or delete the dataset in SciCat and ingest anew.';
  return problem('dataset-incomplete', `${what} ${why}`);
}

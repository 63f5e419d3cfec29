import { jsonText } from '../../imsc/values/jsonText.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Value } from '../../imsc/values/values.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import { ScicatError } from '../../scicat/errors.ts';
import type { ScicatErrorKind } from '../../scicat/errors.ts';
import type { Config } from '../../config/configOptions.ts';
import type { Dataset } from './dataset.ts';

/** The dataset that is already in SciCat. */
export interface Existing {
  /** Undefined where SciCat does not say. */
  readonly pid: string | undefined;
  readonly foundBy: 'pid' | 'metadata' | 'folder';
  /** The job that made it, where it was found by that. */
  readonly job?: string | undefined;
  /** False where it belongs to others, so that its content cannot be compared. */
  readonly readable: boolean;
}

/** The dataset that a job made of a folder. */
export interface MadeBefore {
  readonly pid: string;
  readonly job: string;
  /** The folder is another one now. */
  readonly isReplaced: boolean;
}

export interface ExistingSearch {
  readonly existing: Existing | undefined;
  readonly problems: readonly Problem[];
  /** SciCat was asked for the pid, and said that there is no dataset of it. */
  readonly pidIsFree: boolean;
}

/**
 * Looks whether a dataset is in SciCat already, by its pid and by one item of its metadata, as the configuration
 * asks; one without a pid of its own also by what was made of its folder before. An answer that decides nothing is a warning and counts as no: SciCat itself refuses a pid that is taken.
 * @throws ScicatError if there is no answer or nobody is signed in, so that sending would fail as well; or if cancelled
 */
export async function findExisting(
  dataset: Dataset,
  { ingestion }: Pick<Config, 'ingestion'>,
  client: ScicatClient,
  madeBefore?: MadeBefore,
): Promise<ExistingSearch> {
  const problems: Problem[] = [];
  let pidIsFree = false;
  const ask = async (what: string, question: () => Promise<Existing | undefined>): Promise<Existing | undefined> => {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof ScicatError) || endsTheRun.has(error.kind)) throw error;
      if (error.status === 404) return undefined;
      const message = `Whether there is a dataset with this ${what} already could not be found out: ${error.message}`;
      problems.push(problem('existence-unknown', message));
      return undefined;
    }
  };
  const pid = dataset.fields.get('pid');
  if (ingestion.check_if_dataset_exists_by_pid && pid?.kind === 'string') {
    const existing = await ask('pid', async () => {
      const answer = await client.datasetExists(pid.value);
      pidIsFree = answer === 'absent';
      return pidIsFree ? undefined : { pid: pid.value, foundBy: 'pid', readable: answer === 'exists' };
    });
    if (existing) return { existing, problems, pidIsFree: false };
  }
  const key = ingestion.check_if_dataset_exists_by_metadata_key;
  const value = ingestion.check_if_dataset_exists_by_metadata ? metadataValue(dataset, key) : undefined;
  if (value !== undefined && isEmpty(value)) {
    const message = `Whether there is a dataset with this ${key} in its metadata already is not asked: ${key} is empty, as it may be in datasets of other files.`;
    problems.push(problem('existence-unknown', message));
  } else if (value && value.kind !== 'none') {
    const existing = await ask(`${key} in its metadata`, async () => {
      const [first] = await client.findDatasetsByMetadata(key, jsonText(value));
      return first === undefined ? undefined : { pid: first.pid, foundBy: 'metadata', readable: true };
    });
    if (existing) return { existing, problems, pidIsFree: false };
  }
  const hasPid = pid !== undefined && dataset.provenance['pid']?.layer !== 'ingestor';
  if (madeBefore && !hasPid) {
    if (!madeBefore.isReplaced) return { existing: await findMadeBefore(madeBefore, client), problems, pidIsFree };
    problems.push(otherFolder(madeBefore));
  }
  return { existing: undefined, problems, pidIsFree };
}

/**
 * Looks whether the dataset that was made of a folder is still in SciCat; where it was deleted, there is none.
 * @throws ScicatError where SciCat cannot be asked
 */
async function findMadeBefore({ pid, job }: MadeBefore, client: ScicatClient): Promise<Existing | undefined> {
  const answer = await client.datasetExists(pid);
  return answer === 'absent' ? undefined : { pid, foundBy: 'folder', job, readable: answer === 'exists' };
}

/** What is said of a folder that is not the one of which a dataset was made. */
function otherFolder({ pid, job }: MadeBefore): Problem {
  const message =
    `An earlier folder of this name, of which job ${job} made the dataset ${pid}, was replaced since; this one is a folder ` +
    'of its own, and becomes another dataset.';
  return problem('data-file-changed', message, undefined, { severity: 'warning' });
}

/** How a dataset was found. */
export function foundText({ foundBy, job }: Existing): string {
  return foundBy === 'folder' && job !== undefined
    ? `found by its folder: job ${job} made it`
    : `found by its ${foundBy}`;
}

const endsTheRun: ReadonlySet<ScicatErrorKind> = new Set([
  'cancelled',
  'unreachable',
  'timeout',
  'unauthorized',
  'session-expired',
]);

/** What is said of a dataset that is there. @param isLookedThrough whether its files are known to be there, too */
export function alreadyPresent(existing: Existing, isLookedThrough: boolean): Problem {
  const { pid, foundBy, readable } = existing;
  const name = pid === undefined ? 'The dataset' : `The dataset ${pid}`;
  const another = foundBy === 'folder' ? ' Give it a pid to make another dataset of it.' : '';
  const unknown = isLookedThrough
    ? ''
    : ' This account cannot see its files, so it is not known whether they are all there.';
  const owner = readable ? unknown : ' It belongs to a group that this account cannot read.';
  return problem(
    'already-present',
    `${name} is already in SciCat (${foundText(existing)}); nothing was sent.${owner}${another}`,
  );
}

/** `value` of one item of the scientific metadata. */
function metadataValue(dataset: Dataset, key: string): Value | undefined {
  return entry(entry(dataset.fields.get('scientificMetadata'), key), 'value');
}

/** What tells no file from another one. */
function isEmpty(value: Value): boolean {
  if (value.kind === 'string') return value.value.trim() === '';
  return (value.kind === 'list' && value.items.length === 0) || (value.kind === 'dict' && value.entries.length === 0);
}

function entry(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'dict') return undefined;
  return value.entries.find(([key]) => key.kind === 'string' && key.value === name)?.[1];
}

import { Ajv } from 'ajv';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';
import type { Asker } from './accounts.ts';
import { refusal, Refusal } from './answers.ts';
import type { Document } from './store.ts';

/** Who may create a job, or tell what becomes of it, in the words of SciCat's configuration. */
export type JobAuth =
  | '#all'
  | '#authenticated'
  | '#datasetPublic'
  | '#datasetAccess'
  | '#datasetOwner'
  | '#jobAdmin'
  | '#jobOwnerUser'
  | '#jobOwnerGroup'
  /** A group. */
  | `@${string}`;

/** A type of jobs, as in the file that `JOB_CONFIGURATION_FILE` names; of its actions, what is validated. */
export interface JobType {
  readonly jobType: string;
  readonly create: {
    readonly auth: JobAuth;
    /** What must hold of each dataset, as JSON Schema by path. */
    readonly datasets?: Readonly<Record<string, JsonObject>>;
    /** What must hold of the request. */
    readonly request?: Readonly<Record<string, JsonObject>>;
  };
  readonly update: { readonly auth: JobAuth };
}

/** SciCat's file of job types. */
export interface JobConfiguration {
  /** Any text; each job carries it. */
  readonly configVersion: string;
  readonly jobs: readonly JobType[];
}

/** The types that there are by custom, for whoever has signed in. */
export const usualJobTypes: JobConfiguration = {
  configVersion: 'sandbox',
  jobs: ['archive', 'retrieve', 'public'].map((jobType) => ({
    jobType,
    create: { auth: '#authenticated' },
    update: { auth: '#jobOwnerUser' },
  })),
};

/** What a job says of its datasets. */
interface DatasetItem {
  readonly pid: string;
  readonly files: readonly string[];
}

/**
 * The datasets that a job is about, each with the files that it has.
 * @throws Refusal 422 for what is no list, and for what is not there
 */
export function datasetsOfJob(
  given: unknown,
  datasetOf: (pid: string) => Document | undefined,
  filesOf: (pid: string) => readonly string[],
): readonly Document[] {
  if (!isList(given) || given.length === 0) throw refusal(422, 'List of passed datasets is empty.');
  const faults = given.flatMap(faultsOfItem);
  if (faults.length > 0) throw jsonRefusal('Invalid dataset list.', faults);
  const items = given.filter(isItem);
  const missing = items.filter(({ pid }) => datasetOf(pid) === undefined);
  if (missing.length > 0) {
    throw refusal(422, `Datasets with pid ${missing.map(({ pid }) => pid).join(', ')} do not exist.`);
  }
  const without = items.flatMap(({ pid, files }) => {
    const known = new Set(files.length === 0 ? [] : filesOf(pid));
    const nonExistFiles = files.filter((file) => !known.has(file));
    return nonExistFiles.length === 0 ? [] : [{ pid, nonExistFiles }];
  });
  if (without.length > 0) throw jsonRefusal('At least one requested file could not be found.', without);
  return items.map(({ pid }) => datasetOf(pid)).filter((dataset) => dataset !== undefined);
}

/** Of these SciCat gives no status in the body, and JSON as text. */
function jsonRefusal(message: string, error: unknown): Refusal {
  return new Refusal(422, { message, error: JSON.stringify(error) });
}

function isItem(item: unknown): item is DatasetItem {
  return isJsonObject(item) && faultsOfItem(item).length === 0;
}

function faultsOfItem(item: unknown): { property: string; constraints: Readonly<Record<string, string>> }[] {
  const { pid, files }: JsonObject = isJsonObject(item) ? item : {};
  const isText = (value: unknown): boolean => typeof value === 'string';
  const list = {
    ...(!(isList(files) && files.every(isText)) && { isString: 'each value in files must be a string' }),
    ...(!isList(files) && { isArray: 'files must be an array' }),
  };
  return [
    ...(isText(pid) ? [] : [{ property: 'pid', constraints: { isString: 'pid must be a string' } }]),
    ...(Object.keys(list).length === 0 ? [] : [{ property: 'files', constraints: list }]),
  ];
}

/**
 * Whether somebody may create a job of datasets.
 * @throws Refusal 401 or 403
 */
export function requireDatasets(auth: JobAuth, asker: Asker, job: Document, datasets: readonly Document[]): void {
  if (auth === '#datasetPublic' && datasets.every((dataset) => dataset['isPublished'] === true)) return;
  if (!asker) throw refusal(401, 'User not authenticated');
  if (asker.profile === 'admin') return;
  const groups = asker.jobRights?.includes('create') ? [job['ownerGroup']] : asker.groups;
  const readers = ({ ownerGroup, accessGroups }: Document): readonly unknown[] =>
    auth === '#datasetAccess' && isList(accessGroups) ? [ownerGroup, ...accessGroups] : [ownerGroup];
  if (datasets.every((dataset) => groups.some((group) => readers(dataset).includes(group)))) return;
  throw refusal(403, 'User does not have access to all datasets, cannot create job.');
}

/** Whether somebody is whom the configuration names. @param job what it is about, once there is one */
export function isNamed(auth: JobAuth, asker: Asker, job?: Document): boolean {
  if (auth === '#all' || asker?.profile === 'admin') return true;
  if (!asker) return false;
  if (auth === '#authenticated') return true;
  if (auth === '#jobOwnerUser') return job?.['ownerUser'] === asker.username;
  if (auth === '#jobOwnerGroup') return asker.groups.some((group) => group === job?.['ownerGroup']);
  return auth.startsWith('@') && asker.groups.includes(auth.slice(1));
}

const ajv = new Ajv({ strict: false });

/** @throws Refusal 400 for the first path at which something else is than the configuration wants */
export function validate(rules: Readonly<Record<string, JsonObject>> = {}, document: unknown): void {
  for (const [path, schema] of Object.entries(rules)) {
    const value = path.split('.').reduce<unknown>((at, key) => (isJsonObject(at) ? at[key] : undefined), document);
    const isMissing = value === undefined;
    if (!isMissing && ajv.validate(schema, value)) continue;
    const what = isMissing ? `Requires '${path}'` : `Invalid value for '${path}'`;
    throw new Refusal(400, { status: 400, message: `Invalid request. ${what}` });
  }
}

import { problem } from '../problems/problem.ts';
import type { GivenField } from '../ingest/dataset/given.ts';
import { isJsonObject, jsonIn, textAt } from '../scicat/json.ts';
import type { JsonObject } from '../scicat/json.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { ScicatError } from '../scicat/errors.ts';
import { isSameDataset } from '../scicat/sameDataset.ts';
import { details } from './job.ts';
import type { Amendment } from './job.ts';
import { transition } from './lifecycle.ts';
import type { Refused } from './lifecycle.ts';
import type { OpenJob } from './store/openJob.ts';

/** What the one who amends knows of what he amends: one of both must be that of the job. */
export type Precondition = ({ readonly pid: string } | { readonly swhid: string }) & {
  /** `updatedAt` of the dataset as it was looked at; if it is another now, nothing is changed. */
  readonly unmodifiedSince?: string | undefined;
};

const metadata = 'scientificMetadata';

/**
 * Changes the dataset of a job that is done, unless somebody else has changed it since it is looked at here. What was
 * there before and what is there since stay in the record of the job.
 * @returns why it cannot be
 * @throws ScicatError where SciCat cannot be asked; FileError `journal-unwritable`
 */
export async function amend(
  job: OpenJob,
  given: readonly GivenField[],
  condition: Precondition,
  client: ScicatClient,
): Promise<Refused | undefined> {
  const { record } = job;
  const next = transition(record, { kind: 'amend' });
  if ('refused' in next) return next;
  const { pid } = record.scicat;
  if (pid === undefined) return { refused: 'It is not known which dataset of SciCat this job made.' };
  const fits = 'pid' in condition ? condition.pid === pid : condition.swhid === record.swhid;
  if (!fits) return { refused: 'This is not the dataset that is to be changed: its identifier is another one.' };
  await settleAmendment(job, client);
  const stored = await storedDataset(client, pid);
  const { unmodifiedSince } = condition;
  if (unmodifiedSince !== undefined && textAt(stored, 'updatedAt') !== unmodifiedSince)
    return { refused: `The dataset ${pid} was changed by somebody else in the meantime; nothing was changed now.` };
  return change(job, pid, given, stored, client);
}

/**
 * Finds out what became of a change of a dataset that was interrupted. Where SciCat holds what was wanted, it is recorded;
 * where it holds what was there before, it is changed now; otherwise a person has to look, and the job says so.
 * @throws ScicatError where SciCat cannot be asked; FileError `journal-unwritable`
 */
export async function settleAmendment(job: OpenJob, client: ScicatClient): Promise<void> {
  const begun = await job.unsettledAmendment();
  const { pid } = job.record.scicat;
  if (!begun || pid === undefined) return job.forgetsAmending();
  let stored: JsonObject | undefined;
  try {
    stored = await storedDataset(client, pid);
  } catch (error) {
    if (!(error instanceof ScicatError) || error.kind !== 'not-found') throw error;
  }
  if (!stored) return leave(job, begun, `SciCat has no dataset ${pid} any more.`);
  if (isSameDataset(said(begun, 'after'), stored)) return keep(job, begun);
  if (isSameDataset(said(begun, 'before'), stored)) {
    const refused = await change(job, pid, begun.given, stored, client);
    return refused ? leave(job, begun, refused.refused) : undefined;
  }
  return leave(
    job,
    begun,
    `SciCat holds neither what was there before nor what was wanted: somebody else has changed the dataset ${pid} since.`,
  );
}

/** Leaves an interrupted change to a person. */
async function leave(job: OpenJob, { at, changes }: Amendment, why: string): Promise<void> {
  const fields = changes.map(({ field }) => field).join(', ');
  const message =
    `A change of ${fields} that was begun at ${at} was interrupted, and is not known to have been made. ${why} ` +
    'Look at the dataset, and change it again if that is still wanted.';
  for (const warning of details([problem('amendment-unclear', message)])) await job.warns('not-amended', warning);
  await job.forgetsAmending();
}

/** Changes what differs from what SciCat holds. */
async function change(
  job: OpenJob,
  pid: string,
  given: readonly GivenField[],
  stored: JsonObject | undefined,
  client: ScicatClient,
): Promise<Refused | undefined> {
  const updatedAt = textAt(stored, 'updatedAt');
  if (!stored || updatedAt === undefined) return { refused: `SciCat has no dataset ${pid}.` };
  const changes = changesOf(stored, given);
  const amendment: Amendment = { at: new Date().toISOString(), given, changes };
  if (changes.length > 0) {
    const wanted = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    // On disk before anything is sent: whatever happens, it is known what was there before.
    await job.amends(amendment);
    const refused = await sent(client, pid, wanted, updatedAt).catch(async (error: unknown) => {
      if (error instanceof ScicatError && error.isUnsent) await job.isNotAmended();
      throw error;
    });
    if (refused) {
      await job.isNotAmended();
      return refused;
    }
  }
  await keep(job, amendment);
  return undefined;
}

async function sent(
  client: ScicatClient,
  pid: string,
  wanted: JsonObject,
  unmodifiedSince: string,
): Promise<Refused | undefined> {
  const done = await client.patchDataset(pid, JSON.stringify(wanted), { unmodifiedSince });
  if (done.outcome === 'changed-meanwhile')
    return { refused: `The dataset ${pid} was changed by somebody else in the meantime; nothing was changed now.` };
  return done.outcome === 'refused' ? { refused: `SciCat refuses the change: ${done.error.message}` } : undefined;
}

async function keep(job: OpenJob, amendment: Amendment): Promise<void> {
  const { at, given, changes } = amendment;
  await job.happens([{ kind: 'amend' }], { amendments: [...job.record.amendments, { at, given, changes }] });
  await job.forgetsAmending();
}

async function storedDataset(client: ScicatClient, pid: string): Promise<JsonObject | undefined> {
  const stored = jsonIn((await client.datasetText(pid)).dataset);
  return isJsonObject(stored) ? stored : undefined;
}

/** The fields that would change: of the scientific metadata only what is given, the rest stays. */
function changesOf(stored: JsonObject, given: readonly GivenField[]): Amendment['changes'] {
  const after = new Map<string, unknown>();
  for (const { field, value, removes } of given) {
    const item = itemOf(field);
    if (value === null && removes !== true) continue;
    if (item === undefined) {
      after.set(field, value);
      continue;
    }
    const before = after.get(metadata) ?? stored[metadata];
    const items = isJsonObject(before) ? before : {};
    const { [item]: old, ...others } = items;
    // An item that is there keeps its place.
    after.set(
      metadata,
      value === null ? others : old === undefined ? { ...others, [item]: value } : { ...items, [item]: value },
    );
  }
  return [...after]
    .map(([field, value]) => ({ field, before: stored[field] ?? null, after: value }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

/** What a change found, or wanted, of the fields that are given, and of no others. */
function said({ given, changes }: Amendment, when: 'before' | 'after'): JsonObject {
  const of = new Map(changes.map((each) => [each.field, each[when]]));
  const items: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const { field } of given) {
    const item = itemOf(field);
    const all = of.get(metadata);
    if (item === undefined) {
      if (of.has(field)) fields[field] = of.get(field);
    } else if (of.has(metadata)) items[item] = isJsonObject(all) ? all[item] : null;
  }
  return Object.keys(items).length > 0 ? { [metadata]: items, ...fields } : fields;
}

/** The item of the scientific metadata that a field names, if it does. */
function itemOf(field: string): string | undefined {
  return field.startsWith(`${metadata}.`) ? field.slice(metadata.length + 1) : undefined;
}

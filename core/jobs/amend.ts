import type { GivenField } from '../ingest/dataset/given.ts';
import { isJsonObject, jsonIn, textAt } from '../scicat/json.ts';
import type { JsonObject } from '../scicat/json.ts';
import type { ScicatClient } from '../scicat/client.ts';
import type { Amendment } from './job.ts';
import { transition } from './lifecycle.ts';
import type { Refused } from './lifecycle.ts';
import type { OpenJob } from './store/openJob.ts';

/** What the one who amends knows of what he amends: one of both must be that of the job. */
export type Precondition = { readonly pid: string } | { readonly swhid: string };

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
  const stored = jsonIn((await client.datasetText(pid)).dataset);
  const updatedAt = textAt(stored, 'updatedAt');
  if (!isJsonObject(stored) || updatedAt === undefined) return { refused: `SciCat has no dataset ${pid}.` };
  const changes = changesOf(stored, given);
  if (changes.length > 0) {
    const wanted = Object.fromEntries(changes.map(({ name, after }) => [name, after]));
    // On disk before anything is sent: whatever happens, it is known what was there before.
    await job.amends(changes.map(({ name, before, after }) => ({ field: name, before, after })));
    const done = await client.patchDataset(pid, JSON.stringify(wanted), { unmodifiedSince: updatedAt });
    if (done.outcome === 'changed-meanwhile')
      return { refused: `The dataset ${pid} was changed by somebody else in the meantime; nothing was changed now.` };
    if (done.outcome === 'refused') return { refused: `SciCat refuses the change: ${done.error.message}` };
  }
  const amendment: Amendment = {
    at: new Date().toISOString(),
    given,
    changes: changes.map(({ name, before, after }) => ({ field: name, before, after })),
  };
  await job.happens([{ kind: 'amend' }], { amendments: [...record.amendments, amendment] });
  return undefined;
}

interface FieldChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields that would change: of the scientific metadata only what is given, the rest stays. */
function changesOf(stored: JsonObject, given: readonly GivenField[]): FieldChange[] {
  const after = new Map<string, unknown>();
  for (const { field, value } of given) {
    if (value === null) continue;
    if (!field.startsWith(`${metadata}.`)) {
      after.set(field, value);
      continue;
    }
    const before = after.get(metadata) ?? stored[metadata];
    const items = isJsonObject(before) ? before : {};
    after.set(metadata, { ...items, [field.slice(metadata.length + 1)]: value });
  }
  return [...after]
    .map(([name, value]) => ({ name, before: stored[name] ?? null, after: value }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

import type { Config } from '../config/configOptions.ts';
import { absolutePath } from '../files/pathlibPath.ts';
import { isJsonObject, jsonIn } from '../scicat/json.ts';
import type { JsonObject } from '../scicat/json.ts';
import type { Job } from './job.ts';
import { isIngestionStep } from './resuming/takeUp.ts';
import { readPlannedSteps, readRunEntry } from './store/jobRecord.ts';
import type { Journal } from './store/journal.ts';
import type { JobStore } from './store/jobStore.ts';

// What an update needs to know of the dataset that it changes: what was sent of it, and a record to write into.

/** The dataset as it was sent when a job ingested it; undefined where that is not known any more. */
export async function sentDataset(store: JobStore, id: string): Promise<JsonObject | undefined> {
  const read = await readRunEntry(store, id);
  const planned = 'entry' in read ? await readPlannedSteps(store, read.entry.header, isIngestionStep) : undefined;
  if (!planned || 'problem' in planned) return undefined;
  const plan = planned.steps.find((step) => step.kind === 'dataset')?.plan;
  const sent = plan && jsonIn(plan.datasetJson);
  return isJsonObject(sent) ? sent : undefined;
}

/** A record of a dataset that has none. @returns its id @throws FileError `journal-unwritable` */
export async function adopt(
  journal: Journal,
  dataFile: string,
  pid: string,
  { scicat, config_file: configFile }: Config,
): Promise<Job['id']> {
  const job = await journal.createJob({
    dataFile,
    include: [],
    configFile: configFile === '' ? undefined : absolutePath(configFile),
    host: scicat.host,
    options: { dryRun: false },
  });
  await job.ends({ kind: 'finish', outcome: 'already-present' }, { pid });
  await job.putAway();
  return job.record.id;
}

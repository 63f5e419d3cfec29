import { randomUUID } from 'node:crypto';
import type { Evaluation } from '../../imsc/evaluation/evaluation.ts';
import { renderJobs } from '../../imsc/evaluation/renderJobs.ts';
import { plainJson } from '../../imsc/values/jsonText.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ArchiveJob } from '../../scicat/archiveJob.ts';
import { isJsonObject, jsonIn, textAt } from '../../scicat/json.ts';
import type { JsonValue } from '../../scicat/json.ts';

/** A job of SciCat's that is asked for once the dataset and its files are there. */
export interface PlannedArchiveJob extends ArchiveJob {
  /** Its key in the schema. */
  readonly name: string;
}

export interface PlannedArchiveJobs {
  /** What stands for the pid in them: the pid itself, or until SciCat has assigned one a text that nobody writes. */
  readonly pid: string;
  readonly jobs: readonly PlannedArchiveJob[];
}

/** What SciCat's own pages call the job that archives a dataset. */
const archiving = 'archive';

/** What is to be archived without a schema that asks for it. */
export interface ToArchive {
  /** As it is sent to SciCat. */
  readonly datasetJson: string;
  /** Name of the account that asks. */
  readonly user: string;
}

/**
 * The jobs that a schema asks for, as far as they can be filled in, and a problem for each that cannot.
 * @param toArchive whole datasets, where the schema asks for no such job itself
 */
export function planArchiveJobs(
  evaluation: Evaluation | undefined,
  pid: string = randomUUID(),
  toArchive?: ToArchive,
): { readonly planned: PlannedArchiveJobs; readonly problems: readonly Problem[] } {
  const jobs: PlannedArchiveJob[] = [];
  const problems: Problem[] = [];
  for (const outcome of evaluation ? renderJobs(evaluation, pid) : []) {
    if (outcome.state === 'known') {
      const { parameters, ...job } = outcome.job;
      const plain = plainJson(parameters);
      jobs.push({ name: outcome.name, ...job, parameters: isMap(plain) ? plain : {} });
    } else {
      const message = `The job “${outcome.name}” will not be asked for: ${outcome.message}`;
      problems.push(problem('archive-job', message, outcome.range));
    }
  }
  if (toArchive && !jobs.some(({ type, name }) => type === archiving || name === archiving))
    jobs.push(archiveJob(toArchive, pid));
  return { planned: { pid, jobs }, problems };
}

/** As SciCat's own pages ask for it. */
function archiveJob({ datasetJson, user }: ToArchive, pid: string): PlannedArchiveJob {
  const dataset = jsonIn(datasetJson);
  return {
    name: archiving,
    type: archiving,
    parameters: { datasetList: [{ pid, files: [] }] },
    ownerUser: user,
    ownerGroup: textAt(dataset, 'ownerGroup') ?? '',
    contactEmail: textAt(dataset, 'contactEmail') ?? '',
  };
}

/** The jobs of a plan with the pid that the dataset has, or will be shown with. */
export function archiveJobsFor({ pid: mark, jobs }: PlannedArchiveJobs, pid: string): readonly PlannedArchiveJob[] {
  const filled = (text: string): string => text.replaceAll(mark, pid);
  const within = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return filled(value);
    if (Array.isArray(value)) return value.map(within);
    return isMap(value) ? withinMap(value) : value;
  };
  const withinMap = (map: JsonMap): JsonMap =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [filled(key), within(value)]));
  return jobs.map(({ name, type, parameters, ownerUser, ownerGroup, contactEmail }) => ({
    name,
    type,
    parameters: withinMap(parameters),
    ownerUser: filled(ownerUser),
    ownerGroup: filled(ownerGroup),
    contactEmail: filled(contactEmail),
  }));
}

type JsonMap = Readonly<Record<string, JsonValue>>;

function isMap(value: JsonValue): value is JsonMap {
  return isJsonObject(value);
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/configOptions.ts';
import { FileError } from '../files/fileError.ts';
import { absolutePath } from '../files/pathlibPath.ts';
import type { Evaluation } from '../imsc/evaluation/evaluation.ts';
import type { Dataset } from '../ingest/dataset/dataset.ts';
import type { GivenField } from '../ingest/dataset/given.ts';
import { extractMetadata, unansweredIn } from '../ingest/prepare.ts';
import { publishedDataset } from '../ingest/dataset/publishedDataset.ts';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { CatalogueAddress } from '../scicat/catalogueAddress.ts';
import { ScicatError } from '../scicat/errors.ts';
import { textAt } from '../scicat/json.ts';
import type { JsonObject } from '../scicat/json.ts';
import type { JsonValue } from '../text/jsonValue.ts';
import {
  flat,
  flatOf,
  isOther,
  isSame,
  isToChange,
  metadata,
  storedDataset,
  updatesOf,
  wantedDataset,
} from './report/datasetDifferences.ts';
import type { FieldUpdate } from './report/datasetDifferences.ts';
import { dataFileOf, publishedOf } from './job.ts';
import type { Amendment, Job } from './job.ts';
import type { Jobs } from './jobs.ts';

/** Where a changed field comes from; by it an update is told from what people have changed. */
const byUpdate = 'imsc update';
const byUndo = 'imsc update --undo';

export type { FieldUpdate } from './report/datasetDifferences.ts';

/** What would become of the dataset of one file. */
export interface UpdatePlan {
  /** Absolute path. */
  readonly file: string;
  readonly pid: string | undefined;
  readonly job: string | undefined;
  /** As SciCat said when it was looked at. */
  readonly updatedAt: string | undefined;
  readonly changes: readonly FieldUpdate[];
  /** Whether it is known what was sent, so that what people have changed is told from it. */
  readonly isSentKnown: boolean;
  /** What differs and stays, because somebody has changed it in SciCat since. */
  readonly kept: readonly FieldUpdate[];
  readonly problems: readonly Problem[];
}

export interface UpdateOptions {
  readonly config: Config;
  readonly client: ScicatClient;
  readonly signal?: AbortSignal | undefined;
  readonly schemaFile?: string | undefined;
  /** Also what somebody has changed in SciCat since. */
  readonly overwrite?: boolean | undefined;
  /** Changes in a second, at most. */
  readonly rate?: number | undefined;
}

/**
 * Brings datasets that are in SciCat to what their files and schemas say now. Three states are compared field by field:
 * what was sent when the file was ingested, or last updated; what SciCat holds; what would be sent now. What somebody
 * has changed in SciCat is not overwritten unasked.
 */
export class Updates {
  readonly #jobs: Jobs;
  readonly #options: UpdateOptions;
  #byFile: Promise<ReadonlyMap<string, Job>> | undefined;
  #lastChange = -Infinity;

  constructor(jobs: Jobs, options: UpdateOptions) {
    this.#jobs = jobs;
    this.#options = options;
  }

  /** What would be changed of the dataset of a file; nothing is. @throws the signal's reason */
  async plan(named: string): Promise<UpdatePlan> {
    const file = absolutePath(named);
    const job = (await this.#jobsByFile()).get(file);
    const { config, client, signal, schemaFile } = this.#options;
    try {
      await this.#settle(job);
      const extracted = await extractMetadata({
        dataFile: file,
        // Without it the dataset of a folder would be told of another one.
        folder: job?.staged?.folder ?? job?.request.folder,
        config,
        client,
        signal,
        schemaFile: schemaFile ?? job?.request.schemaFile,
        given: job?.given,
      });
      const { dataset, evaluation, verdict, problems } = extracted;
      const silence = evaluation && unansweredIn(evaluation)[0];
      if (verdict !== 'ready' || !dataset || silence !== undefined) {
        const why = silence === undefined ? [] : [problem('scicat', `SciCat cannot be asked: ${silence}`)];
        return nothing(file, job, [...problems, ...why]);
      }
      const wanted = await wantedDataset(publishedDataset(dataset, job && publishedOf(job)), client, config);
      const pid = job?.scicat.pid ?? textAt(wanted, 'pid');
      if (pid === undefined || wanted === undefined)
        return nothing(file, job, [problem('not-updated', `It is not known which dataset of SciCat ${file} is.`)]);
      const stored = await storedDataset(client, pid);
      if (!stored) return nothing(file, job, [problem('not-updated', `SciCat has no dataset ${pid}.`)]);
      const base = job && baseOf(await this.#jobs.sentDataset(job.id), job.amendments);
      const errors = problems.filter(({ severity }) => severity === 'error');
      const lost = evaluation ? withoutValue(evaluation, dataset) : new Map<string, string>();
      const found = updatesOf(wanted, stored, base);
      const stays = found.flatMap(({ field }) => {
        const why = lost.get(field);
        return why === undefined ? [] : [stayed(field, pid, why)];
      });
      const known = found.filter(({ field }) => !lost.has(field));
      return this.#planned(file, job, pid, stored, known, base, [...errors, ...stays]);
    } catch (error) {
      return nothing(file, job, [problemOf(error)]);
    }
  }

  /** What would be taken back of the last update of a file that was not taken back. */
  async planUndo(named: string): Promise<UpdatePlan> {
    const file = absolutePath(named);
    const job = (await this.#jobsByFile()).get(file);
    try {
      await this.#settle(job);
      const now = job && (await this.#jobs.record(job.id));
      const pid = job?.scicat.pid;
      const last = now && lastUpdate(now.amendments);
      if (!last || pid === undefined)
        return nothing(file, job, [problem('not-updated', `No update of ${file} is recorded that could be undone.`)]);
      const stored = await storedDataset(this.#options.client, pid);
      if (!stored) return nothing(file, job, [problem('not-updated', `SciCat has no dataset ${pid}.`)]);
      const base = new Map(last.changes.flatMap(({ field, after }) => flat(field, after)));
      const before = new Map(last.changes.flatMap(({ field, before: value }) => flat(field, value)));
      const there = flatOf(stored);
      const found = [...new Set([...base.keys(), ...before.keys()])]
        .map((field) => ({ field, stored: there.get(field) ?? null, wanted: before.get(field) ?? null }))
        .filter(({ field, wanted }) => isOther(field, base.get(field) ?? null, wanted))
        .filter((each) => isToChange(each, base));
      return this.#planned(file, job, pid, stored, found, base, []);
    } catch (error) {
      return nothing(file, job, [problemOf(error)]);
    }
  }

  /** Changes what was planned, unless the dataset has been changed since it was looked at. */
  async carryOut(plan: UpdatePlan, isUndo = false): Promise<readonly Problem[]> {
    const { pid, changes, updatedAt } = plan;
    const { client, config, signal, rate = 10 } = this.#options;
    if (pid === undefined || changes.length === 0) return [];
    signal?.throwIfAborted();
    const pause = this.#lastChange + 1000 / rate - performance.now();
    if (pause > 0) await wait(pause, undefined, signal ? { signal } : {});
    this.#lastChange = performance.now();
    try {
      const id = plan.job ?? (await this.#jobs.adopt(plan.file, pid, config)).id;
      const given = changes.map(({ field, wanted }): GivenField => {
        const removes = wanted === null;
        return { field, value: wanted, from: isUndo ? byUndo : byUpdate, ...(removes && { removes }) };
      });
      const done = await this.#jobs.amend(id, given, { pid, unmodifiedSince: updatedAt }, client);
      return 'refused' in done ? [problem('not-updated', done.refused)] : [];
    } catch (error) {
      return [problemOf(error)];
    }
  }

  #planned(
    file: string,
    job: Job | undefined,
    pid: string,
    stored: JsonObject,
    found: readonly FieldUpdate[],
    base: ReadonlyMap<string, JsonValue> | undefined,
    problems: readonly Problem[],
  ): UpdatePlan {
    // What was sent and is not there any more, or another, was changed by somebody.
    const isOurs = ({ field, stored: there }: FieldUpdate): boolean =>
      base !== undefined && isSame(field, base.get(field) ?? null, there);
    const isTaken = (each: FieldUpdate): boolean => this.#options.overwrite === true || isOurs(each);
    return {
      file,
      pid,
      job: job?.id,
      updatedAt: textAt(stored, 'updatedAt'),
      isSentKnown: base !== undefined,
      changes: found.filter(isTaken),
      kept: found.filter((each) => !isTaken(each)),
      problems,
    };
  }

  /** A change that was interrupted is settled before anything is compared. */
  async #settle(job: Job | undefined): Promise<void> {
    if (job) await this.#jobs.settle(job.id, this.#options.client);
  }

  /** The last job of each file that has put it into this SciCat. */
  #jobsByFile(): Promise<ReadonlyMap<string, Job>> {
    this.#byFile ??= this.#jobs.list({ status: ['done'] }).then(({ jobs }) => {
      const catalogue = CatalogueAddress.identityOf(this.#options.config.scicat.host);
      const found = new Map<string, Job>();
      for (const job of jobs) {
        const file = dataFileOf(job);
        const isHere = CatalogueAddress.identityOf(job.request.host) === catalogue && job.scicat.pid !== undefined;
        // Newest first; one that found the dataset there has not made it.
        const known = file === undefined ? undefined : found.get(file);
        const isBetter = known === undefined || (known.outcome !== 'ingested' && job.outcome === 'ingested');
        if (file !== undefined && isHere && isBetter) found.set(file, job);
      }
      return found;
    });
    return this.#byFile;
  }
}

function nothing(file: string, job: Job | undefined, problems: readonly Problem[]): UpdatePlan {
  return {
    file,
    pid: job?.scicat.pid,
    job: job?.id,
    updatedAt: undefined,
    isSentKnown: true,
    changes: [],
    kept: [],
    problems,
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof FileError) return error.toProblem();
  if (error instanceof ScicatError && error.kind !== 'cancelled') return problem('scicat', error.message);
  throw error;
}

/** What we have sent last of each field: with the ingestion, or with an update since. */
function baseOf(
  sent: JsonObject | undefined,
  amendments: readonly Amendment[],
): ReadonlyMap<string, JsonValue> | undefined {
  if (!sent) return undefined;
  const base = new Map(flatOf(sent));
  for (const amendment of amendments.filter((each) => isBy(each, byUpdate) || isBy(each, byUndo)))
    for (const { field, value, removes } of amendment.given) {
      if (removes === true) base.delete(field);
      else base.set(field, value);
    }
  return base;
}

function isBy({ given }: Amendment, from: string): boolean {
  return given.length > 0 && given.every((each) => each.from === from);
}

/** The last update that was not taken back. */
function lastUpdate(amendments: readonly Amendment[]): Amendment | undefined {
  let undone = 0;
  for (const amendment of amendments.toReversed()) {
    if (isBy(amendment, byUndo)) undone += 1;
    else if (isBy(amendment, byUpdate) && undone-- === 0) return amendment;
  }
  return undefined;
}

/** The fields that a schema makes and that have no value now, with the reason. A mistake of now takes nothing away. */
function withoutValue({ fields }: Evaluation, { provenance }: Dataset): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const given = Object.entries(provenance).filter(([, { layer }]) => layer === 'user' || layer === 'deposited');
  const have = new Set(given.map(([field]) => field));
  for (const { fieldType, machineName, outcome } of fields) {
    const field = fieldType === 'scientific_metadata' ? `${metadata}.${machineName}` : machineName;
    if (outcome.state === 'known') have.add(field);
    else reasons.set(field, outcome.state === 'failed' ? outcome.message : outcome.reason);
  }
  return new Map([...reasons].filter(([field]) => !have.has(field)));
}

function stayed(field: string, pid: string, why: string): Problem {
  const message = `${field} of ${pid} stays as it is in SciCat: it has no value now. ${why}`;
  return problem('not-updated', message, undefined, { severity: 'warning' });
}

import type { Config } from '../../config/configOptions.ts';
import type { Batches } from '../../files/expandPaths.ts';
import type { PreparedIngestion } from '../../ingest/prepare.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import type { Findings } from '../job.ts';
import type { JobEvent } from '../lifecycle.ts';
import type { Journal } from '../store/journal.ts';
import type { OpenJob } from '../store/openJob.ts';
import type { SendOptions } from './sendOnce.ts';

/** With what a job is carried out. Nothing of it is recorded: above all no token. */
export interface Circumstances extends Omit<SendOptions, 'signal'> {
  readonly config: Config;
  readonly client: ScicatClient;
  /** Where data stay that were sent; a job with parts needs it. */
  readonly storage?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The files as the caller names them: the record has their whole paths, and schemas may ask for them as they were named. */
  readonly dataFile?: string | undefined;
  readonly messageFile?: string | undefined;
  readonly schemaFile?: string | undefined;
  /** The further files, where the caller has listed them; otherwise those of the request. */
  readonly moreFiles?: Batches<string> | undefined;
  readonly keepLists?: boolean | undefined;
  /** Told once the plan stands and before anything is written; false calls it off. */
  readonly confirm?: ((prepared: PreparedIngestion) => Promise<boolean>) | undefined;
}

/** What is to be ingested, as the steps find it. */
export interface Payload {
  /** Absolute path; undefined where there is none. */
  readonly dataFile: string | undefined;
  readonly messageFile?: string | undefined;
  /** The folder that is one dataset, where that is asked for. */
  readonly folder?: string | undefined;
  readonly moreFiles: Batches<string>;
}

/** A job while it is carried out, and what its steps have found so far. */
export interface Work {
  readonly job: OpenJob;
  readonly journal: Journal;
  readonly circumstances: Circumstances;
  readonly signal: AbortSignal;
  readonly problems: Problem[];
  /** Whether the caller holds the data file. */
  readonly isHeld: boolean;
  /** Lets go of the data file. */
  release?: () => Promise<void>;
  payload?: Payload;
  prepared?: PreparedIngestion;
}

/** A job that comes to no plan, and how it ends or what it waits for. */
export interface Stopped {
  readonly event: JobEvent;
  readonly findings?: Findings;
}

/** A step before anything is sent. Done again from the start, it comes to the same. */
export type Step = (work: Work) => Promise<Stopped | undefined>;

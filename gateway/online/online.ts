import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../../core/config/config.ts';
import { pausesBetweenAttempts } from '../../core/config/pausesBetweenAttempts.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import { FileError } from '../../core/files/fileError.ts';
import { makeFolder } from '../../core/files/makeFolder.ts';
import { connect, tokenProblems } from '../../core/ingest/sources/connect.ts';
import type { Job, Jobs } from '../../core/jobs/jobs.ts';
import { endStates } from '../../core/jobs/lifecycle.ts';
import { Queue } from '../../core/jobs/queue.ts';
import type { CircumstancesOf } from '../../core/jobs/queue.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { Severity } from '../graylog.ts';
import { keepTidy } from '../keepTidy.ts';
import { Figures, listenForHealth } from './health.ts';
import { Inbox, messagePart } from './inbox.ts';
import type { Fate } from './inbox.ts';
import { isOnline, onlineProtocols } from './protocols.ts';
import type { OnlineProtocol } from './protocols.ts';
import type { Heard, Say, Source } from './source.ts';
import type { PreparedSource } from './sourceKinds.ts';

export interface OnlineOptions {
  readonly jobs: Jobs;
  readonly config: Config;
  readonly say: Say;
  readonly onBug: (error: unknown) => void;
  /** It cannot go on: the process should end, and be begun anew. */
  readonly onDead: (reason: string) => void;
  readonly sources: readonly PreparedSource[];
}

/** Why it cannot begin, for a person. */
export class SourceAway extends Error {}

/** Sources that record jobs, and workers that carry them out, until they are stopped. */
export class Online {
  readonly #sources = new Map<OnlineProtocol, Source>();
  readonly #inbox: Inbox;
  readonly #queue: Queue;
  readonly #options: OnlineOptions;
  readonly #figures = new Figures();
  /** Ends its listening to the queue. */
  readonly #deaf: () => void;
  #health: Server | undefined;
  #stopTidying: (() => void) | undefined;

  constructor(options: OnlineOptions) {
    const { jobs, config, say } = options;
    this.#options = options;
    const tell = tellerOf(say);
    this.#inbox = new Inbox({
      jobs,
      config,
      onTaken: (fate, subject) => {
        this.#figures.hears(fate);
        tell(fate, subject);
      },
    });
    this.#queue = new Queue(jobs, {
      circumstancesOf: circumstancesOf(options),
      running: config.ingestion.max_offline_ingestors,
      takes: ({ protocol }) => isOnline(protocol),
      onBug: options.onBug,
    });
    this.#deaf = jobs.stream.listen((news) => {
      if (news.kind !== 'ran') return;
      const { job, milliseconds } = news;
      this.#figures.jobs.ran(job, milliseconds);
      const isAside = endStates.has(job.status) && job.status !== 'done';
      say(
        `${outcomeOf(job)} after ${Math.round(milliseconds / 100) / 10} s: ${job.request.dataFile ?? job.id}`,
        isAside ? 'warning' : 'info',
      );
    });
  }

  /** @throws SourceAway; an error of the system if the port for `/health` is taken */
  async start(): Promise<void> {
    const { config, jobs, sources } = this.#options;
    for (const prepared of sources) this.#sources.set(prepared.protocol, await this.#made(prepared));
    this.#health = await listenForHealth({
      config,
      jobs,
      figures: this.#figures,
      sources: () => new Map([...this.#sources].map(([protocol, source]) => [protocol, source.health()])),
    });
    for (const { protocol, isAway } of sources) {
      try {
        await this.#sources.get(protocol)?.start();
      } catch (error) {
        throw new SourceAway(isAway(error));
      }
    }
    if (!config.scicat.token.isEmpty) await releaseThoseWithoutToken(jobs);
    this.#queue.start();
    this.#stopTidying = keepTidy({ expire: () => this.#tidy() }, {}, this.#options.onBug);
  }

  /** Hears nothing more; returns when what is under way has ended, or come to where it can go on. */
  async stop(): Promise<void> {
    this.#stopTidying?.();
    await Promise.all([...[...this.#sources.values()].map((source) => source.stop()), this.#queue.stop()]);
    this.#deaf();
    this.#health?.close();
  }

  async #tidy(): Promise<void> {
    await this.#options.jobs.expire();
    await this.#inbox.tidy(async () => {
      // A source that cannot say it now says it another time.
      const all = await Promise.all([...this.#sources.values()].map((source) => source.gone().catch(() => nothing)));
      return async (key) => {
        for (const isGone of all) if (await isGone(key)) return true;
        return false;
      };
    });
  }

  #made({ protocol, announced, make }: PreparedSource): Promise<Source> {
    const { say, onDead } = this.#options;
    const take = async (heard: Heard): Promise<boolean> => {
      try {
        if (!(await this.#inbox.hasRoom())) return false;
        await this.#inbox.take(protocol, announced(heard), heard);
        return true;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        // The disk may be full, or away: it is heard again.
        say(error.message, 'error');
        return false;
      }
    };
    return make({ say, onDead, take }, this.#inbox);
  }
}

const nothing = (): boolean => false;

const told: Readonly<Record<Fate, readonly [word: string, severity: Severity] | undefined>> = {
  recorded: ['Recorded', 'info'],
  known: ['Known already', 'info'],
  aside: ['Put aside', 'warning'],
  'failed-writing': ['The file writer failed, so it is not ingested', 'warning'],
  other: undefined,
};

function tellerOf(say: Say): (fate: Fate, subject: string) => void {
  return (fate, subject) => {
    const [word, severity] = told[fate] ?? [];
    if (word !== undefined) say(`${word}: ${subject}`, severity);
  };
}

function outcomeOf({ status, outcome, hold, scicat, statusDetail }: Omit<Job, 'steps' | 'isRunning'>): string {
  if (status === 'done') return `Done (${outcome ?? 'done'}${scicat.pid === undefined ? '' : ` as ${scicat.pid}`})`;
  const why = statusDetail.find(({ severity }) => severity === 'error')?.message ?? '';
  const how = hold
    ? `Waits for ${hold.for === 'retry' ? `another attempt at ${hold.until}` : hold.for}`
    : endStates.has(status)
      ? `Put aside, ${status}`
      : 'Left to go on later';
  return why === '' ? how : `${how} (${why})`;
}

/** What waited for a token goes on with that of now. */
async function releaseThoseWithoutToken(jobs: Jobs): Promise<void> {
  for (const protocol of onlineProtocols) {
    const { jobs: open } = await jobs.list({ protocol, status: ['deposited', 'verified', 'loading'] });
    for (const { id, hold } of open) if (hold?.for === 'credentials') await jobs.approve(id);
  }
}

/** With what the jobs are carried out; what the Python ingestor does with a message before is done here. */
function circumstancesOf({ jobs, config }: OnlineOptions): CircumstancesOf {
  return async (job, signal) => {
    const { request } = job;
    const isExpired = tokenProblems(config.scicat).some(({ severity }) => severity === 'error');
    if (isExpired || config.scicat.token.isEmpty) return 'credentials';
    const missing = await missingFile(request.dataFile ?? '', config, signal);
    if (missing) return [missing];
    const part = job.parts.find(({ name }) => name === messagePart);
    if (part && request.messageFile !== undefined && !request.options.dryRun) {
      const kept = await jobs.partFile(job.id, part.id);
      const failed = await writeMessage(kept ?? '', request.messageFile);
      if (failed) return [failed];
    }
    return {
      config: { ...config, scicat: { ...config.scicat, host: request.host } },
      client: connect({ ...config.scicat, host: request.host }),
      attempts: config.scicat.max_tries,
    };
  };
}

/** Waits for a file as long as the configuration says. @throws the signal's reason, or an `AbortError` with it */
async function missingFile(file: string, { ingestion }: Config, signal: AbortSignal): Promise<Problem | undefined> {
  const pauses = pausesBetweenAttempts(ingestion.file_handling);
  const isThere = async (): Promise<boolean> => (await stat(file).catch(() => undefined))?.isFile() === true;
  for (const seconds of pauses) {
    if (await isThere()) return undefined;
    await wait(seconds * 1000, undefined, { signal });
  }
  if (await isThere()) return undefined;
  return problem('message', `${file} was announced and is not there, also after ${pauses.length + 1} looks at it.`);
}

async function writeMessage(kept: string, messageFile: string): Promise<Problem | undefined> {
  try {
    await makeFolder(path.dirname(messageFile));
    await writeFile(messageFile, await readFile(kept));
    return undefined;
  } catch (error) {
    return problem('message', `The message file ${messageFile} cannot be written: ${failureReason(error)}.`);
  }
}

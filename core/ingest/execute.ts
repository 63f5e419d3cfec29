import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { problem } from '../imsc/problems.ts';
import type { Problem } from '../imsc/problems.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { ScicatError } from '../scicat/errors.ts';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';
import type { DataFileEntry } from './files.ts';
import type { JournalRun } from './journal.ts';
import type { FilesStep, IngestionStep } from './ingestionSteps.ts';
import { filesOf, refreshWritten } from './ingestionSteps.ts';
import { origDatablocks } from './plan.ts';
import type { OrigDatablock, Plan } from './plan.ts';

export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExecutionProgress) => void) | undefined;
  /** Told of each origDatablock as it is prepared, in order. */
  readonly onBlock?: ((block: OrigDatablock) => void) | undefined;
  /** Where checksums are computed beside the main thread. */
  readonly workerFile?: string | undefined;
  /** What to do with a step that may have been done and cannot be looked up: only a person can decide. */
  readonly unclearSteps?: 'stop' | 'count as done' | 'send again';
  /** Attempts at one write, each after looking whether the one before has worked. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled with each further one, with jitter. */
  readonly firstDelay?: number;
}

export interface ExecutionProgress {
  readonly step: 'write-file' | 'dataset' | 'origdatablock';
  readonly pid: string | undefined;
  readonly filesSent: number;
}

export interface ExecutionResult {
  readonly outcome: 'ingested' | 'failed';
  /** True where SciCat surely holds nothing of this run, so that there is nothing to resume. */
  readonly nothingSent: boolean;
  /** Pid of the dataset, if it is in SciCat. */
  readonly pid: string | undefined;
  readonly blocksSent: number;
  readonly filesSent: number;
  readonly problems: readonly Problem[];
}

/** What a look at SciCat says about a write that was not answered. */
type Seen<T> =
  { readonly state: 'done'; readonly result: T } | { readonly state: 'absent' } | { readonly state: 'unclear' };

/** A step that may have been done or not, and that this account cannot look up. */
class Unclear extends Error {}

/**
 * Carries out a planned ingestion, or what is left of one: each step is written to the journal before and after. A
 * write is never sent a second time without looking whether the first arrived.
 *
 * Never throws for what SciCat, the network or the files do; the result tells how far it came. A run that did not
 * finish stays in the journal for `resume`.
 */
export async function execute(
  run: JournalRun<IngestionStep>,
  client: ScicatClient,
  options: ExecuteOptions = {},
): Promise<ExecutionResult> {
  return new Execution(run, client, options).run();
}

class Execution {
  private readonly journal: JournalRun<IngestionStep>;
  private readonly client: ScicatClient;
  private readonly options: ExecuteOptions;
  private pid: string | undefined;
  private blocksSent = 0;
  private filesSent = 0;
  private step: string;
  private wasRefused = false;

  constructor(journal: JournalRun<IngestionStep>, client: ScicatClient, options: ExecuteOptions) {
    this.journal = journal;
    this.client = client;
    this.options = options;
    this.step = 'the first step';
  }

  async run(): Promise<ExecutionResult> {
    try {
      await this.steps();
      return this.result('ingested', []);
    } catch (error) {
      const found = this.problemOf(error);
      if (!found) throw error;
      return this.result('failed', [found]);
    }
  }

  private result(outcome: ExecutionResult['outcome'], problems: readonly Problem[]): ExecutionResult {
    const { pid, blocksSent, filesSent } = this;
    const untouched = this.journal.stateOf('dataset') === 'planned' || this.wasRefused;
    return { outcome, nothingSent: pid === undefined && untouched, pid, blocksSent, filesSent, problems };
  }

  private async steps(): Promise<void> {
    for (const step of this.journal.steps) {
      this.options.signal?.throwIfAborted();
      if (step.kind === 'write-file') {
        this.step = `writing ${step.path}`;
        if (this.journal.stateOf(step.id) !== 'done') await this.writeFile(step);
      } else if (step.kind === 'files') {
        await this.filesAndDataset(step);
      }
    }
  }

  private async writeFile(step: Extract<IngestionStep, { kind: 'write-file' }>): Promise<void> {
    await this.journal.recordStarted(step.id);
    try {
      await mkdir(path.dirname(step.path), { recursive: true });
      await writeFileAtomic(step.path, step.content);
    } catch (error) {
      throw new FileError('file-unreadable', `${step.path} cannot be written: ${failureReason(error)}.`);
    }
    await this.journal.recordDone(step.id);
    this.progress('write-file');
  }

  /** The first list of files is made before the dataset, so that nothing is sent if the files cannot be read. */
  private async filesAndDataset(step: FilesStep): Promise<void> {
    const dataset = this.journal.steps.find((other) => other.kind === 'dataset');
    if (!dataset) return;
    const { plan } = dataset;
    this.filesSent = this.filesDone();
    const entries = filesOf(await refreshWritten(step, this.journal.steps), this.filesSent, this.options);
    const blocks = this.prepared(origDatablocks(plan, entries));
    this.step = 'describing the files';
    let next = await blocks.next();
    this.step = 'creating the dataset';
    this.pid = await this.createDataset(dataset.id, plan);
    while (!next.done) {
      // The next block is prepared while this one is under way.
      const block = next.value;
      const following = blocks.next();
      following.catch(() => undefined);
      this.step = `sending origDatablock ${this.blocksSent + 1}`;
      await this.createBlock({ ...block, datasetId: this.pid });
      next = await following;
    }
  }

  private async *prepared(blocks: AsyncIterable<OrigDatablock>): AsyncGenerator<OrigDatablock, void, undefined> {
    for await (const block of blocks) {
      this.options.onBlock?.(block);
      yield block;
    }
  }

  /** Files in blocks that are done, and their number. */
  private filesDone(): number {
    let files = 0;
    for (this.blocksSent = 0; this.journal.stateOf(blockId(this.blocksSent)) === 'done'; this.blocksSent++) {
      files += blockCount(this.journal.resultOf(blockId(this.blocksSent)));
    }
    return files;
  }

  private async createDataset(id: string, plan: Plan): Promise<string> {
    const before = this.journal.resultOf(id);
    if (this.journal.stateOf(id) === 'done' && typeof before === 'string') return before;
    const mayBeThere = this.journal.stateOf(id) === 'started';
    if (!mayBeThere) await this.journal.recordStarted(id);
    const since = this.journal.header.created;
    const pid = await this.sendOnce<string>({
      mayBeThere,
      ifAssumed: plan.pid,
      send: async () => {
        const answer = await this.client.createDataset(plan.datasetJson);
        const given = answer.pid ?? plan.pid;
        if (answer.pid === undefined)
          throw new ScicatError('bad-answer', 'SciCat answered without the pid of the new dataset.');
        return given ?? answer.pid;
      },
      look: async () => {
        if (plan.pid === undefined) return this.lookForDataset(plan, since);
        const state = await this.client.datasetExists(plan.pid);
        return state === 'absent' ? { state: 'absent' } : { state: 'done', result: plan.pid };
      },
    });
    // Files are attached under the pid of the schema, as the Python ingestor does; SciCat takes it as it is.
    const own = plan.pid ?? pid;
    await this.journal.recordDone(id, own);
    this.pid = own;
    this.progress('dataset');
    return own;
  }

  /** Without a pid of its own a dataset is recognised by what it says, if it was made since the run began. */
  private async lookForDataset(plan: Plan, since: string): Promise<Seen<string>> {
    const found = await this.client.findDatasetsLike(plan.datasetJson, since);
    if (found === undefined || found.length > 1) return { state: 'unclear' };
    const [only] = found;
    return only?.pid === undefined ? { state: 'absent' } : { state: 'done', result: only.pid };
  }

  private async createBlock(block: OrigDatablock): Promise<void> {
    const id = blockId(this.blocksSent);
    const mayBeThere = this.journal.stateOf(id) === 'started';
    if (!mayBeThere) await this.journal.recordStarted(id);
    await this.sendOnce<true>({
      mayBeThere,
      ifAssumed: true,
      send: async () => {
        await this.client.createOrigDatablock(JSON.stringify(block));
        return true;
      },
      look: () => this.lookForBlock(block),
    });
    await this.journal.recordDone(id, { files: block.dataFileList.length, size: block.size });
    this.blocksSent += 1;
    this.filesSent += block.dataFileList.length;
    this.progress('origdatablock');
  }

  private async lookForBlock(block: OrigDatablock): Promise<Seen<true>> {
    try {
      const there = await this.client.origDatablocksOf(block.datasetId ?? '');
      const wanted = pathsOf(block.dataFileList);
      return there.some(({ paths }) => samePaths(paths, wanted))
        ? { state: 'done', result: true }
        : { state: 'absent' };
    } catch (error) {
      if (error instanceof ScicatError && error.kind === 'forbidden') return { state: 'unclear' };
      throw error;
    }
  }

  /** Sends a write until it is known to have been done once; see `execute`. */
  private async sendOnce<T>(write: {
    readonly mayBeThere: boolean;
    /** The result of a write that a person says has worked. */
    readonly ifAssumed: T | undefined;
    readonly send: () => Promise<T>;
    readonly look: () => Promise<Seen<T>>;
  }): Promise<T> {
    const { attempts = 5, firstDelay = 500, signal, unclearSteps = 'stop' } = this.options;
    let { mayBeThere } = write;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        if (mayBeThere) {
          const seen = await write.look();
          if (seen.state === 'done') return seen.result;
          if (seen.state === 'unclear' && unclearSteps === 'count as done' && write.ifAssumed !== undefined)
            return write.ifAssumed;
          if (seen.state === 'unclear' && unclearSteps !== 'send again') throw new Unclear();
        }
        return await write.send();
      } catch (error) {
        if (!(error instanceof ScicatError)) throw error;
        if (!isWorthRetrying(error) || attempt >= attempts) {
          this.wasRefused = !mayBeThere && !isWorthRetrying(error);
          throw error;
        }
        // The request may have been carried out although its answer was lost.
        mayBeThere = mayBeThere || error.kind !== 'rate-limited';
        const delay = error.retryAfterMs ?? firstDelay * 2 ** (attempt - 1) * (0.5 + Math.random());
        await wait(Math.min(delay, 60_000), undefined, signal ? { signal } : {});
      }
    }
  }

  private problemOf(error: unknown): Problem | undefined {
    const { signal } = this.options;
    const left =
      this.pid === undefined
        ? 'No dataset was created.'
        : `The dataset ${this.pid} is in SciCat with ${this.filesSent} of its files.`;
    if (signal?.aborted)
      return problem('cancelled', `Cancelled while ${this.step}. ${left} “imsc resume” finishes it.`);
    if (error instanceof Unclear) {
      const message =
        `It is not known whether ${this.step} worked when the run was interrupted, and this account may not look. ${left} ` +
        'Look in SciCat, then run “imsc resume --assume-done” or “imsc resume --send-again”.';
      return problem('unclear-step', message);
    }
    if (error instanceof ScicatError)
      return problem('scicat', `SciCat failed while ${this.step}: ${error.message} ${left}`);
    if (error instanceof FileError) return { ...error.toProblem(), message: `${error.message} ${left}` };
    return undefined;
  }

  private progress(step: ExecutionProgress['step']): void {
    this.options.onProgress?.({ step, pid: this.pid, filesSent: this.filesSent });
  }
}

function blockId(index: number): string {
  return `origdatablock-${index + 1}`;
}

function blockCount(result: unknown): number {
  return typeof result === 'object' && result !== null && 'files' in result && typeof result.files === 'number'
    ? result.files
    : 0;
}

function isWorthRetrying({ kind }: ScicatError): boolean {
  return (
    kind === 'unreachable' ||
    kind === 'timeout' ||
    kind === 'server' ||
    kind === 'rate-limited' ||
    kind === 'bad-answer'
  );
}

function pathsOf(entries: readonly DataFileEntry[]): ReadonlySet<string> {
  return new Set(entries.map((entry) => entry.path));
}

function samePaths(paths: readonly string[], wanted: ReadonlySet<string>): boolean {
  return paths.length === wanted.size && paths.every((item) => wanted.has(item));
}

import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import { ScicatError } from '../../scicat/errors.ts';
import type { FieldError } from '../../scicat/errors.ts';
import { failureReason } from '../../files/failureReason.ts';
import type { PlannedFile } from '../../ingest/plan/dataFileList.ts';
import { FileError } from '../../files/fileError.ts';
import type { JournalRun } from '../store/journalRun.ts';
import type { FilesStep, IngestionStep } from '../../ingest/plan/planSteps.ts';
import { filesOf, refreshWritten } from '../../ingest/plan/planSteps.ts';
import { listedFiles } from '../../ingest/plan/missingFiles.ts';
import { replaceFile } from '../../files/replaceFile.ts';
import { blockText, halvesOf, isListed, origDatablocks } from '../../ingest/plan/plan.ts';
import type { BlockLimits, Plan, PreparedBlock } from '../../ingest/plan/plan.ts';
import { sendArchiveJobs } from './archiveJobs.ts';
import type { FleetingNews } from '../events.ts';
import type { JobOutcome, JobStatus } from '../lifecycle.ts';
import { isLasting, sendOnce, Unclear } from './sendOnce.ts';
import type { Seen, SendOptions, Write } from './sendOnce.ts';

export interface ExecuteOptions extends SendOptions {
  /** Told of each origDatablock when it was sent, or could not be. */
  readonly onBlock?: ((block: PreparedBlock) => Promise<void>) | undefined;
  /** What is sent of the files, where that was planned anew; else what the journal has. */
  readonly replanned?: ReplannedFiles | undefined;
  /** How long an origDatablock may become by the configuration as it is now; else as it was planned. */
  readonly limits?: BlockLimits | undefined;
  /** The pid of a dataset that a person says was created, where SciCat assigns it. */
  readonly assumedPid?: string | undefined;
}

/** What is said of the files, as schema and configuration are now. */
export interface ReplannedFiles {
  readonly plan: Plan;
  readonly files: Omit<FilesStep, 'id' | 'kind'>;
}

/** What becomes of a plan, in words of the lifecycle; what failed may go on later. */
export type LoadOutcome = Extract<JobOutcome, 'ingested'> | Extract<JobStatus, 'failed'>;

export interface ExecutionResult {
  readonly outcome: LoadOutcome;
  /** True where SciCat surely holds nothing of this run. */
  readonly nothingSent: boolean;
  /** False where trying again would end in the same way, such as for a dataset that SciCat refuses. */
  readonly mayWorkLater: boolean;
  /** Pid of the dataset, if it is in SciCat. */
  readonly pid: string | undefined;
  readonly blocksSent: number;
  readonly filesSent: number;
  /** What SciCat refused, field by field. */
  readonly refused: readonly FieldError[];
  readonly problems: readonly Problem[];
}

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
  /** The server does not take a list of so many bytes. */
  private tooLarge = Infinity;

  constructor(journal: JournalRun<IngestionStep>, client: ScicatClient, options: ExecuteOptions) {
    this.journal = journal;
    this.client = client;
    this.options = options;
    this.step = 'the first step';
  }

  async run(): Promise<ExecutionResult> {
    try {
      await this.steps();
      return { ...this.result(), outcome: 'ingested', problems: await this.archiveJobs() };
    } catch (error) {
      const found = this.problemOf(error);
      if (!found) throw error;
      const isFromScicat = error instanceof ScicatError;
      const mayWorkLater = isFromScicat ? !isLasting(error) : !(error instanceof FileError);
      return { ...this.result(), mayWorkLater, refused: isFromScicat ? error.fields : [], problems: [found] };
    }
  }

  private result(): ExecutionResult {
    const { pid, blocksSent, filesSent } = this;
    const nothingSent = pid === undefined && this.journal.stateOf('dataset') === 'planned';
    const soFar = { nothingSent, pid, blocksSent, filesSent };
    return { outcome: 'failed', mayWorkLater: true, refused: [], problems: [], ...soFar };
  }

  private async steps(): Promise<void> {
    for (const step of this.journal.steps) {
      this.options.signal?.throwIfAborted();
      if (step.kind === 'write-file') {
        this.step = `writing ${step.path}`;
        if (this.journal.stateOf(step.id) === 'done') continue;
        await this.writeFile(step);
        await this.journal.recordDone(step.id);
      } else if (step.kind === 'files') {
        await this.filesAndDataset(step);
      }
    }
  }

  private async archiveJobs(): Promise<readonly Problem[]> {
    if (this.pid === undefined) return [];
    this.step = 'asking for jobs';
    return sendArchiveJobs(this.journal, this.client, this.pid, {
      ...this.options,
      onJob: () => {
        this.sent('archive-job');
      },
    });
  }

  private async writeFile(step: PlannedFile): Promise<void> {
    try {
      await replaceFile(step.path, step.content, step.mayFollow);
    } catch (error) {
      throw new FileError('file-unreadable', `${step.path} cannot be written: ${failureReason(error)}.`);
    }
    this.sent('write-file');
  }

  /** The first list of files is made before the dataset, so that nothing is sent if the files cannot be read. */
  private async filesAndDataset(step: FilesStep): Promise<void> {
    const dataset = this.journal.steps.find((other) => other.kind === 'dataset');
    if (!dataset) return;
    this.step = 'creating the dataset';
    // Of a dataset that is there, or may be, it is looked first which files it has.
    if (this.journal.stateOf(dataset.id) !== 'planned') this.pid = await this.createDataset(dataset.id, dataset.plan);
    const { replanned, limits } = this.options;
    const planned = replanned?.plan ?? dataset.plan;
    const plan = limits ? { ...planned, limits } : planned;
    const stopped = new AbortController();
    const signal = this.options.signal ? AbortSignal.any([this.options.signal, stopped.signal]) : stopped.signal;
    this.filesSent = this.filesDone();
    const listed = this.pid === undefined ? undefined : await this.lookForFiles(this.pid);
    for (const file of replanned?.plan.filesToWrite ?? []) await this.writeFile(file);
    const refreshed = await refreshWritten(replanned?.files ?? step, this.journal.steps);
    const wanted = listed
      ? { isLeftOut: (file: string) => isListed(file, listed, plan) || isListed(file, listed, dataset.plan), signal }
      : { from: this.filesSent, signal };
    const entries = filesOf(refreshed, this.journal.list, wanted);
    // One that was under way is made of the same files again, so that it is recognised.
    const underWay = listed ? undefined : filesIn(this.journal.resultOf(blockId(this.blocksSent)));
    const blocks = origDatablocks(plan, entries, this.pid ?? dataset.plan.pid, underWay);
    const prepareNext = (): ReturnType<typeof blocks.next> => {
      const following = blocks.next();
      // A failure is seen when its turn comes.
      following.catch(() => undefined);
      return following;
    };
    try {
      this.step = 'describing the files';
      let next = await blocks.next();
      // Each block is prepared while what comes before it is under way.
      let following = prepareNext();
      this.step = 'creating the dataset';
      try {
        this.pid ??= await this.createDataset(dataset.id, dataset.plan);
      } catch (error) {
        if (!next.done) await this.options.onBlock?.(next.value);
        throw error;
      }
      while (!next.done) {
        this.step = `sending origDatablock ${this.blocksSent + 1}`;
        await this.sendBlock(next.value, this.pid, listed !== undefined);
        this.step = 'describing the files';
        next = await following;
        following = prepareNext();
      }
    } finally {
      // What is being prepared is in vain if something failed.
      stopped.abort();
      await blocks.return().catch(() => undefined);
    }
  }

  /** The files that SciCat lists already; undefined where this account cannot see all that it has sent. */
  private async lookForFiles(pid: string): Promise<ReadonlySet<string> | undefined> {
    const listed = await listedFiles(this.client, pid);
    if (!listed || listed.size < this.filesSent) return undefined;
    this.filesSent = listed.size;
    return listed;
  }

  /** Sends a block; one that is too large for the server in pieces. */
  private async sendBlock(block: PreparedBlock, pid: string, isLookedFor: boolean): Promise<void> {
    const bytes = block.texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    const isMany = block.texts.length > 1;
    if (!isMany || bytes < this.tooLarge) {
      try {
        await this.createBlock(block, pid, isLookedFor);
        await this.options.onBlock?.(block);
        return;
      } catch (error) {
        if (!isMany || !(error instanceof ScicatError) || error.kind !== 'too-large') {
          await this.options.onBlock?.(block);
          throw error;
        }
        this.tooLarge = Math.min(this.tooLarge, bytes);
      }
    }
    for (const half of halvesOf(block)) await this.sendBlock(half, pid, isLookedFor);
  }

  /** Files in blocks that are done, and their number. */
  private filesDone(): number {
    let files = 0;
    for (this.blocksSent = 0; this.journal.stateOf(blockId(this.blocksSent)) === 'done'; this.blocksSent++) {
      files += filesIn(this.journal.resultOf(blockId(this.blocksSent))) ?? 0;
    }
    return files;
  }

  private async createDataset(id: string, plan: Plan): Promise<string> {
    const before = this.journal.resultOf(id);
    if (this.journal.stateOf(id) === 'done' && typeof before === 'string') return before;
    const mayBeThere = this.journal.stateOf(id) === 'started';
    if (!mayBeThere) await this.journal.recordStarted(id);
    const since = this.journal.header.created;
    const write: Write<string> = {
      mayBeThere,
      ifAssumed: plan.pid ?? this.options.assumedPid,
      send: async () => {
        await this.journal.confirm();
        const answer = await this.client.createDataset(plan.datasetJson, plan.apiVersion);
        if (answer.pid === undefined)
          throw new ScicatError('bad-answer', 'SciCat answered without the pid of the new dataset.');
        return answer.pid;
      },
      look: async () => {
        if (plan.pid === undefined) return this.lookForDataset(plan, since);
        // SciCat takes no dataset with an empty pid; asking for one would be asking for all.
        const state = plan.pid === '' ? 'absent' : await this.client.datasetExists(plan.pid);
        if (state === 'absent') return { state };
        return plan.pidWasFree ? { state: 'done', result: plan.pid } : this.whoseDataset(plan, plan.pid, since);
      },
      onUndone: () => this.journal.recordRefused(id),
    };
    const pid = await sendOnce(write, this.options);
    // Files are attached under the pid of the schema, as the Python ingestor does; SciCat takes it as it is.
    const own = plan.pid ?? pid;
    await this.journal.recordDone(id, own);
    this.pid = own;
    this.sent('dataset');
    return own;
  }

  /** Without a pid of its own a dataset is recognised by what it says, if it was made since the run began. */
  private async lookForDataset(plan: Plan, since: string): Promise<Seen<string>> {
    const found = await this.client.findDatasetsLike(plan.datasetJson, since);
    if (found === undefined || found.length > 1) return { state: 'unclear' };
    const [only] = found;
    return only?.pid === undefined ? { state: 'absent' } : { state: 'done', result: only.pid };
  }

  /** A dataset is there now, and it is not known whether it was before. */
  private async whoseDataset(plan: Plan, pid: string, since: string): Promise<Seen<string>> {
    const isOurs = await this.client.isDatasetMadeOf(plan.datasetJson, pid, since);
    if (isOurs === undefined) return { state: 'unclear' };
    return isOurs
      ? { state: 'done', result: pid }
      : { state: 'taken', message: `The dataset ${pid} was in SciCat before.` };
  }

  private async createBlock(block: PreparedBlock, pid: string, isLookedFor: boolean): Promise<void> {
    const id = blockId(this.blocksSent);
    const mayBeThere = !isLookedFor && this.journal.stateOf(id) === 'started';
    const about = { files: block.paths.length, size: block.head.size };
    if (!mayBeThere) await this.journal.recordStarted(id, about);
    const write: Write<true> = {
      mayBeThere,
      ifAssumed: true,
      send: async () => {
        await this.journal.confirm();
        await this.client.createOrigDatablock(blockText(block, pid));
        return true;
      },
      look: () => this.lookForBlock(block.paths, pid),
      onUndone: () => this.journal.recordRefused(id),
    };
    await sendOnce(write, this.options);
    await this.journal.recordDone(id, about);
    this.blocksSent += 1;
    this.filesSent += block.paths.length;
    this.sent('origdatablock');
  }

  private async lookForBlock(files: readonly string[], pid: string): Promise<Seen<true>> {
    try {
      const there = await this.client.origDatablocksOf(pid);
      const wanted = new Set(files);
      return there.some(({ paths }) => samePaths(paths, wanted))
        ? { state: 'done', result: true }
        : { state: 'absent' };
    } catch (error) {
      if (error instanceof ScicatError && error.kind === 'forbidden') return { state: 'unclear' };
      throw error;
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
    if (error instanceof Unclear) return problem('unclear-step', this.whatIsUnclear(left));
    if (error instanceof ScicatError) {
      const wayOut = isLasting(error) ? '' : ' “imsc resume” goes on from here.';
      return problem('scicat', `SciCat failed while ${this.step}: ${error.message} ${left}${wayOut}`);
    }
    if (error instanceof FileError) return { ...error.toProblem(), message: `${error.message} ${left}` };
    return undefined;
  }

  private whatIsUnclear(left: string): string {
    const isDataset = this.pid === undefined;
    const known = isDataset ? '' : ` ${left}`;
    const pid = isDataset && !this.journal.steps.some((step) => step.kind === 'dataset' && step.plan.pid !== undefined);
    return (
      `It is not known whether ${this.step} worked: no answer came, and this account may not look.${known} ` +
      `Look in SciCat whether it is there. If so, run “imsc resume --assume-done${pid ? ' --pid PID' : ''}”; ` +
      'if not, run “imsc resume --send-again”.'
    );
  }

  private sent(what: Extract<FleetingNews, { kind: 'sent' }>['what']): void {
    this.journal.job.tell({ kind: 'sent', what, pid: this.pid, filesSent: this.filesSent });
  }
}

function blockId(index: number): string {
  return `origdatablock-${index + 1}`;
}

function filesIn(result: unknown): number | undefined {
  const isCount = typeof result === 'object' && result !== null && 'files' in result;
  return isCount && typeof result.files === 'number' ? result.files : undefined;
}

function samePaths(paths: readonly string[], wanted: ReadonlySet<string>): boolean {
  return paths.length === wanted.size && paths.every((item) => wanted.has(item));
}

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancellationTokenSource, commands, EventEmitter, l10n } from 'vscode';
import type { CancellationToken, Disposable, Event, Memento } from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { ImscAnswer, ImscProgram, ImscProgress } from '../imscProgram.ts';
import { lastWords } from '../imscProgram.ts';
import { parseForShowing, recordAt, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { entriesOf, hostOf, readProblems, readReport } from '../results/report.ts';
import type { Report } from '../results/report.ts';
import type { Ingestion } from './ingestion.ts';
import type { RunContext } from './runContext.ts';

const storageKey = 'ingestions';
const mostKept = 100;

/** What an ingestion that is under way says of itself. */
export interface IngestionNews {
  readonly id: string;
  readonly progress: ImscProgress;
}

/** Who follows an ingestion, and may stop it. */
export interface IngestionFollower {
  readonly cancellation: CancellationToken;
  readonly onProgress: (progress: ImscProgress) => void;
}

export interface IngestionRequest {
  /** Absolute path. */
  readonly file: string;
  readonly schema?: string | undefined;
  readonly context: RunContext;
}

/** The ingestions of this workspace: those that run, and those that ran, kept for the next start. */
export class Ingestions implements Disposable {
  readonly #program: ImscProgram;
  readonly #connections: Connections;
  readonly #storage: Memento;
  /** Where the documents of ended ingestions are. */
  readonly #folder: string;
  readonly #changed = new EventEmitter<undefined>();
  readonly #news = new EventEmitter<IngestionNews>();
  readonly #running = new Map<string, CancellationTokenSource>();
  readonly #logs = new Map<string, string[]>();
  #all: readonly Ingestion[];

  readonly onDidChange: Event<undefined> = this.#changed.event;
  readonly onNews: Event<IngestionNews> = this.#news.event;

  constructor(program: ImscProgram, connections: Connections, storage: Memento, folder: string) {
    this.#program = program;
    this.#connections = connections;
    this.#storage = storage;
    this.#folder = folder;
    // What was running when the window went away was interrupted; the journal knows better, once it is asked.
    this.#all = storage
      .get<readonly Ingestion[]>(storageKey, [])
      .map((each) => (each.state === 'running' ? { ...each, state: 'interrupted', message: windowGone } : each));
    void this.#tellContext();
  }

  /** Newest first. */
  get all(): readonly Ingestion[] {
    return this.#all;
  }

  get interrupted(): readonly Ingestion[] {
    return this.#all.filter(({ state }) => state === 'interrupted');
  }

  /** Ingests one file; whatever happens is the state of the ingestion that it gives back. */
  async run({ file, schema, context }: IngestionRequest, follower?: IngestionFollower): Promise<Ingestion> {
    const args = [
      'ingest',
      ...context.args,
      '--nexus-file',
      file,
      ...(schema === undefined ? [] : ['--schema', schema]),
    ];
    const started: Ingestion = {
      id: randomUUID(),
      file,
      host: context.connection?.address ?? '',
      connection: context.connection?.name ?? '',
      state: 'running',
      started: new Date().toISOString(),
      problems: [],
      args,
      ...(context.workingDirectory !== undefined && { workingDirectory: context.workingDirectory }),
    };
    return this.#carryOut(started, args, context.secrets, follower, (answer, isCancelled) =>
      this.#ended(started, answer, isCancelled),
    );
  }

  /** Finishes an ingestion that was interrupted. */
  async resume(ingestion: Ingestion, follower?: IngestionFollower): Promise<Ingestion> {
    const journalRun = ingestion.journalRun ?? (await this.refreshJournal()).get(keyOf(ingestion))?.run;
    if (journalRun === undefined) return this.#keep({ ...ingestion, state: 'failed', message: notInJournal });
    const secrets = await this.#connections.secretsFor(ingestion.host);
    if (ingestion.connection !== '' && secrets['SCICAT_TOKEN'] === undefined) {
      const message = l10n.t('Nobody is signed in to {0}. Sign in, then resume.', ingestion.connection);
      return this.#keep({ ...ingestion, journalRun, state: 'interrupted', message });
    }
    const running: Ingestion = { ...ingestion, journalRun, state: 'running' };
    return this.#carryOut(running, ['resume', '--run', journalRun], secrets, follower, ({ document, lastLines }) => {
      const [resumed] = recordsAt(document, 'runs');
      const problems = readProblems(resumed);
      const pid = textAt(resumed, 'pid');
      const isDone = textAt(resumed, 'outcome') === 'ingested';
      const message = problems.at(-1)?.message ?? (isDone ? undefined : (lastLines.at(-1) ?? notInJournal));
      return {
        ...running,
        message: undefined,
        state: isDone ? 'done' : 'interrupted',
        problems,
        ...(pid !== undefined && { pid }),
        ...(message !== undefined && { message }),
      };
    });
  }

  /** Interrupts a running one; it ends between two steps. */
  cancel(id: string): void {
    this.#running.get(id)?.cancel();
  }

  /** Takes an ended one off the list; the journal keeps what it needs for resuming. */
  async remove(id: string): Promise<void> {
    if (this.#running.has(id)) return;
    this.#all = this.#all.filter((each) => each.id !== id);
    await rm(this.#documentFile(id), { force: true });
    await this.#store();
  }

  logOf(id: string): readonly string[] {
    return this.#logs.get(id) ?? [];
  }

  /** The document of an ended one, with numbers as they were written. */
  async documentOf(id: string): Promise<JsonRecord | undefined> {
    return parseForShowing(await readFile(this.#documentFile(id), 'utf8').catch(() => ''));
  }

  /**
   * Asks the journal what is interrupted, and adopts what this workspace does not know yet.
   * @returns the open runs of the journal by file and address
   */
  async refreshJournal(): Promise<ReadonlyMap<string, { readonly run: string }>> {
    const { document } = await this.#program.run({ args: ['resume', '--list'] });
    const open = new Map<string, { readonly run: string }>();
    if (document === undefined) return open;
    const isRunning = new Set(this.#all.filter(({ id }) => this.#running.has(id)).map(keyOf));
    for (const entry of recordsAt(document, 'runs')) {
      const [run, file, host] = ['run', 'dataFile', 'host'].map((key) => textAt(entry, key));
      if (run === undefined || file === undefined || host === undefined) continue;
      const key = keyOf({ file, host });
      open.set(key, { run });
      if (isRunning.has(key)) continue;
      const known = this.#all.find((each) => keyOf(each) === key);
      this.#put({
        id: run,
        connection: '',
        started: new Date().toISOString(),
        problems: [],
        args: [],
        message: l10n.t('It was interrupted.'),
        ...known,
        file,
        host,
        state: 'interrupted',
        journalRun: run,
      });
    }
    // What is not in the journal any more was finished elsewhere or had sent nothing.
    for (const each of this.#all)
      if (each.state === 'interrupted' && !open.has(keyOf(each))) {
        this.#put({ ...each, journalRun: undefined, state: 'failed', message: notInJournal });
      }
    await this.#store();
    return open;
  }

  dispose(): void {
    this.#changed.dispose();
    this.#news.dispose();
  }

  async #carryOut(
    running: Ingestion,
    args: readonly string[],
    secrets: Readonly<Record<string, string>>,
    follower: IngestionFollower | undefined,
    readAnswer: (answer: ImscAnswer, isCancelled: boolean) => Ingestion,
  ): Promise<Ingestion> {
    const cancellation = new CancellationTokenSource();
    this.#running.set(running.id, cancellation);
    const log: string[] = [];
    this.#logs.set(running.id, log);
    await this.#keep(running);
    const { id, workingDirectory } = running;
    const stopping = follower?.cancellation.onCancellationRequested(() => {
      cancellation.cancel();
    });
    const tell = (progress: ImscProgress): void => {
      this.#news.fire({ id, progress });
      follower?.onProgress(progress);
    };
    let ended: Ingestion;
    try {
      const answer = await this.#program.run({
        args,
        workingDirectory,
        secrets,
        cancellation: cancellation.token,
        onProgress: tell,
        onLine: (line) => {
          log.push(line);
          tell({ text: line, fraction: undefined });
        },
      });
      ended = readAnswer(answer, cancellation.token.isCancellationRequested);
      if (answer.document !== undefined && args[0] === 'ingest') await this.#keepDocument(id, answer.text);
    } catch (error) {
      ended = { ...running, state: 'failed', message: String(error) };
    } finally {
      this.#running.delete(id);
      stopping?.dispose();
      cancellation.dispose();
    }
    ended = { ...ended, ended: new Date().toISOString() };
    await this.#keep(ended);
    if (ended.state === 'done' || ended.state === 'already-present') return ended;
    // Only the journal knows whether something is left to resume.
    const journalRun = (await this.refreshJournal()).get(keyOf(ended))?.run;
    const { message } = ended;
    return this.#keep({
      ...(this.#all.find((each) => each.id === id) ?? ended),
      ...(journalRun === undefined && { state: ended.state === 'interrupted' ? 'failed' : ended.state }),
      ...(message !== undefined && { message }),
    });
  }

  /** What became of an ingestion, from the answer of its process. */
  #ended(running: Ingestion, answer: ImscAnswer, isCancelled: boolean): Ingestion {
    const { document, exitCode } = answer;
    if (document === undefined) {
      const state = isCancelled ? 'cancelled' : exitCode === null ? 'interrupted' : 'failed';
      return { ...running, state, message: lastWords(answer) };
    }
    const report = readReport(document);
    const errors = report.problems.filter(({ severity }) => severity === 'error');
    const last = (errors.length > 0 ? errors : report.problems).at(-1);
    const state = stateOf(report.outcome, last?.code);
    // Where SciCat did not answer for a variable, what is missing only follows from that.
    const cause = last?.code === 'mandatory-field-missing' ? scicatFailure(report) : undefined;
    const datasetName = textAt(report.dataset, 'datasetName');
    return {
      ...running,
      host: running.host === '' ? (hostOf(report) ?? '') : running.host,
      state,
      problems: report.problems,
      ...(report.pid !== undefined && state !== 'failed' && { pid: report.pid }),
      ...(datasetName !== undefined && { datasetName }),
      ...(state !== 'done' && last !== undefined && { message: [cause, last.message].filter(Boolean).join(' ') }),
    };
  }

  async #keepDocument(id: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(this.#documentFile(id), text);
  }

  #documentFile(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  async #keep(ingestion: Ingestion): Promise<Ingestion> {
    this.#put(ingestion);
    await this.#store();
    return ingestion;
  }

  #put(ingestion: Ingestion): void {
    const isKnown = this.#all.some(({ id }) => id === ingestion.id);
    this.#all = isKnown
      ? this.#all.map((each) => (each.id === ingestion.id ? ingestion : each))
      : [ingestion, ...this.#all].slice(0, mostKept);
  }

  async #store(): Promise<void> {
    await this.#storage.update(storageKey, this.#all);
    await this.#tellContext();
    this.#changed.fire(undefined);
  }

  async #tellContext(): Promise<void> {
    await commands.executeCommand('setContext', 'imsc.hasInterrupted', this.interrupted.length > 0);
  }
}

const windowGone = l10n.t('The window went away while it was running.');
const notInJournal = l10n.t('There is nothing left to resume: it was finished elsewhere, or nothing had been sent.');

function stateOf(outcome: string, code: string | undefined): Ingestion['state'] {
  if (outcome === 'ingested') return 'done';
  if (outcome === 'already-present') return 'already-present';
  return code === 'cancelled' ? 'cancelled' : 'failed';
}

/** Why a variable that comes from SciCat has no value; undefined if none failed. */
function scicatFailure({ variables }: Report): string | undefined {
  const errors = entriesOf(variables).map(([, outcome]) => recordAt(outcome, 'error'));
  return textAt(
    errors.find((error) => textAt(error, 'code') === 'scicat-failed'),
    'message',
  );
}

/** What tells that a record and a run of the journal are the same ingestion. */
function keyOf({ file, host }: Pick<Ingestion, 'file' | 'host'>): string {
  return `${file}\n${host.replace(/\/+$/, '')}`;
}

import { CancellationTokenSource, commands, EventEmitter } from 'vscode';
import type { CancellationToken, Disposable, Event } from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { ImscAnswer, ImscProgram, ImscProgress } from '../imscProgram.ts';
import { lastWords } from '../imscProgram.ts';
import { parseForShowing, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { readProblems } from '../results/report.ts';
import { isOfService, ServiceIngestions } from '../service/serviceIngestions.ts';
import { stepDone } from '../views/walkthrough.ts';
import { messageOf, readIngestion } from './ingestion.ts';
import type { Ingestion } from './ingestion.ts';
import type { RunContext } from './runContext.ts';

/** Who follows an ingestion, and may stop it. */
export interface IngestionFollower {
  readonly cancellation: CancellationToken;
  readonly onProgress: (progress: ImscProgress) => void;
}

export interface IngestionRequest {
  /** Absolute path. */
  readonly file: string;
  readonly schema?: string | undefined;
  /** A file with what a person knows besides. */
  readonly metadata?: string | undefined;
  /** Where the files of an archive stay. */
  readonly copyTo?: string | undefined;
  /** Where a dry run has left checksums, so that they are not made again. */
  readonly checksums?: string | undefined;
  readonly context: RunContext;
}

/** What the process of an ingestion has left, as long as this window is open. */
interface Left {
  readonly report: JsonRecord | undefined;
  readonly log: readonly string[];
}

/** What `imsc jobs` knows: the record keeps all ingestions, whoever started them; nothing is kept here. */
export class Ingestions implements Disposable {
  readonly #program: ImscProgram;
  readonly #connections: Connections;
  readonly #changed = new EventEmitter<undefined>();
  /** Those that this window has started, by the file. */
  readonly #running = new Map<string, CancellationTokenSource>();
  /** What those say of themselves, by the file; it is nowhere in the record. */
  readonly #doing = new Map<string, string>();
  readonly #left = new Map<string, Left>();
  /** Those of ingest services, which keep them themselves. */
  readonly #services: ServiceIngestions;
  #all = new Map<string, Ingestion>();
  #isTelling = false;

  readonly onDidChange: Event<undefined> = this.#changed.event;

  constructor(program: ImscProgram, connections: Connections) {
    this.#program = program;
    this.#connections = connections;
    this.#services = new ServiceIngestions(connections);
    this.#services.onDidChange(() => {
      this.#tell();
    });
  }

  /** Newest first. */
  get all(): readonly Ingestion[] {
    const now = (each: Ingestion): Ingestion =>
      each.state === 'running' ? { ...each, doing: this.#doing.get(each.file) ?? each.doing } : each;
    return [...[...this.#all.values()].map(now), ...this.#services.all].sort((one, other) =>
      one.started < other.started ? 1 : -1,
    );
  }

  get interrupted(): readonly Ingestion[] {
    return this.all.filter(({ state }) => state === 'interrupted');
  }

  /** Ingests one file; whatever happens is the state of the ingestion that it gives back. */
  async run(request: IngestionRequest, follower?: IngestionFollower): Promise<Ingestion> {
    const { file, schema, metadata, copyTo, checksums, context } = request;
    const started = new Date().toISOString();
    const chosen = schema === undefined ? [] : ['--schema', schema];
    const known = metadata === undefined ? [] : ['--metadata', metadata];
    const stay = copyTo === undefined ? [] : ['--copy-to', copyTo];
    const made = checksums === undefined ? [] : ['--share-checksums', checksums];
    const args = ['ingest', ...context.args, '--nexus-file', file, ...chosen, ...known, ...stay, ...made];
    const { answer, log } = await this.#carryOut(file, args, context, follower);
    const found = await this.#list(['--file', file]);
    const recorded = found.find(({ changed }) => changed >= started);
    const problems = readProblems(answer.document);
    const message = messageOf(problems) ?? (answer.document ? undefined : lastWords(answer));
    const state = textAt(answer.document, 'outcome') === 'already-present' ? 'already-present' : 'failed';
    // What is refused at the door has no record.
    const host = context.connection?.address ?? '';
    const unrecorded = { id: '', state, file, host, started, changed: started, steps: [], doing: undefined } as const;
    const ended: Ingestion = {
      ...(recorded ?? { ...unrecorded, pid: textAt(answer.document, 'pid') }),
      problems: problems.length > 0 ? problems : (recorded?.problems ?? []),
      message: recorded?.state === 'done' ? undefined : (message ?? recorded?.message),
    };
    if (ended.state === 'done') stepDone('ingest');
    if (recorded) this.#left.set(recorded.id, { report: parseForShowing(answer.text), log });
    return ended;
  }

  /** Goes on with an ingestion that was interrupted. */
  resume(ingestion: Ingestion, follower?: IngestionFollower): Promise<Ingestion> {
    if (isOfService(ingestion)) return this.#services.resume(ingestion);
    return this.#goOn('resume', ingestion, follower);
  }

  /** Asks SciCat for the jobs that it has not taken. */
  sendJobs(ingestion: Ingestion, follower?: IngestionFollower): Promise<Ingestion> {
    return this.#goOn('send', ingestion, follower);
  }

  async #goOn(verb: 'resume' | 'send', ingestion: Ingestion, follower?: IngestionFollower): Promise<Ingestion> {
    const { id, file, host } = ingestion;
    const secrets = await this.#connections.secretsFor(host);
    const { answer, log } = await this.#carryOut(file, ['jobs', verb, id], { secrets }, follower);
    const before = this.#left.get(id);
    this.#left.set(id, { report: undefined, log: [...(before?.log ?? []), ...log] });
    await this.refresh();
    const message = messageOf(readProblems(answer.document)) ?? (answer.document ? undefined : lastWords(answer));
    const ended = readIngestion(answer.document) ?? { ...ingestion, message };
    if (ended.state !== 'done') return ended;
    stepDone('ingest');
    return { ...ended, message: undefined };
  }

  /** Stops one that runs; it ends between two steps. */
  async cancel(ingestion: Ingestion): Promise<void> {
    if (isOfService(ingestion)) return this.#services.cancel(ingestion);
    const { id, file } = ingestion;
    const own = this.#running.get(file);
    if (own) own.cancel();
    else await this.#change('cancel', id);
  }

  /** One that was interrupted is not offered for resuming any more. Nothing is deleted in SciCat. */
  giveUp({ id }: Ingestion): Promise<void> {
    return this.#change('cancel', id);
  }

  /** Deletes the record of one that has ended. */
  remove(ingestion: Ingestion): Promise<void> {
    return isOfService(ingestion) ? this.#services.remove(ingestion) : this.#change('drop', ingestion.id);
  }

  /** What the process of an ingestion has left, if this window has started it. */
  leftBy(id: string): Left | undefined {
    return this.#left.get(id);
  }

  /** Asks how all of them stand now. Rejects with what the program says. */
  async refresh(): Promise<void> {
    const found = await this.#list([]);
    this.#all = new Map(found.map((each) => [each.id, each]));
    this.#tell();
  }

  /** Follows the record while somebody looks: what other windows and the command line do is seen, too. */
  watch(): Pick<Disposable, 'dispose'> {
    let isFirst = true;
    const services = this.#services.watch();
    const own = this.#program.follow({ args: ['jobs', 'watch'] }, (record) => {
      if (isFirst) this.#all = new Map();
      isFirst = false;
      const id = textAt(record, 'id');
      const read = readIngestion(record);
      if (read) this.#all.set(read.id, read);
      else if (id !== undefined) this.#all.delete(id);
      this.#tell();
    });
    return {
      dispose: () => {
        own.dispose();
        services.dispose();
      },
    };
  }

  dispose(): void {
    this.#services.dispose();
    this.#changed.dispose();
  }

  async #list(filter: readonly string[]): Promise<readonly Ingestion[]> {
    const { document, lastLines } = await this.#program.run({ args: ['jobs', 'list', ...filter] });
    if (document === undefined) throw new Error(lastWords({ lastLines }));
    const found = recordsAt(document, 'jobs').flatMap((job) => readIngestion(job) ?? []);
    for (const each of found) this.#all.set(each.id, each);
    this.#tell();
    return found;
  }

  async #change(verb: string, id: string): Promise<void> {
    const answer = await this.#program.run({ args: ['jobs', verb, id] });
    await this.refresh();
    if (answer.exitCode !== 0) throw new Error(messageOf(readProblems(answer.document)) ?? lastWords(answer));
  }

  async #carryOut(
    file: string,
    args: readonly string[],
    context: Pick<RunContext, 'secrets'> & Partial<RunContext>,
    follower: IngestionFollower | undefined,
  ): Promise<{ readonly answer: ImscAnswer; readonly log: readonly string[] }> {
    const { secrets, workingDirectory } = context;
    const cancellation = new CancellationTokenSource();
    this.#running.set(file, cancellation);
    const stopping = follower?.cancellation.onCancellationRequested(() => {
      cancellation.cancel();
    });
    const log: string[] = [];
    const onProgress = (progress: ImscProgress): void => {
      this.#doing.set(file, progress.text);
      this.#tell();
      follower?.onProgress(progress);
    };
    const onLine = (line: string): void => {
      log.push(line);
      onProgress({ text: line, fraction: undefined });
    };
    try {
      const call = { args, workingDirectory, secrets, cancellation: cancellation.token, onProgress, onLine };
      return { answer: await this.#program.run(call), log };
    } finally {
      this.#running.delete(file);
      this.#doing.delete(file);
      stopping?.dispose();
      cancellation.dispose();
    }
  }

  /** Once for all that has changed together. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      void commands.executeCommand('setContext', 'imsc.hasInterrupted', this.interrupted.length > 0);
      this.#changed.fire(undefined);
    });
  }
}

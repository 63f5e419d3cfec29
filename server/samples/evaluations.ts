import path from 'node:path';
import { fileState } from '../../core/files/host/host.ts';
import { budget } from '../../core/limits/budget.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { problem } from '../../core/problems/problem.ts';
import { scalarText } from '../../core/imsc/schema/schema.ts';
import type { Schema } from '../../core/imsc/schema/schema.ts';
import { explainSelector, selects } from '../../core/imsc/schema/selector.ts';
import type { Selector } from '../../core/imsc/schema/selector.ts';
import { builtInValues } from '../../core/imsc/language/builtIns.ts';
import { sourceNamed } from '../../core/imsc/language/sources.ts';
import type { CatalogueReader } from '../../core/imsc/evaluation/readers.ts';
import { evaluate } from '../../core/imsc/evaluation/evaluate.ts';
import type { EvaluationContext } from '../../core/imsc/evaluation/readers.ts';
import type { Evaluation } from '../../core/imsc/evaluation/evaluation.ts';
import { nexusReader } from '../../core/ingest/sources/nexusReader.ts';
import { problemsOfSamples } from '../../core/ingest/trial/sampleProblems.ts';
import type { SampleProblems } from '../../core/ingest/trial/sampleProblems.ts';
import { trySchema } from '../../core/ingest/trial/trial.ts';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { createNexusWorker } from '../../core/nexus/worker/workerFile.ts';
import type { NexusWorker } from '../../core/nexus/worker/workerFile.ts';
import { AskedCatalogue } from './askedCatalogue.ts';
import { outcomesOf } from './outcomes.ts';
import type { Outcomes } from './outcomes.ts';
import type { SampleState } from '../protocol.ts';
import { KeptReadings } from './keptReadings.ts';
import type { IngestorConfigs } from './ingestorConfigs.ts';
import type { SampleFiles, Samples } from './samples.ts';
import type { Snapshot } from '../documents/snapshot.ts';

/** What a schema gives for its samples. */
export interface SampleEvaluation {
  readonly snapshot: Snapshot;
  readonly sample: SampleState;
  /** The open sample that the values come from. */
  readonly file: NexusFile | undefined;
  /** For the first sample; without one, what can be said without. */
  readonly evaluation: Evaluation;
  /** What the samples have against the schema. */
  readonly problems: readonly Problem[];
}

/** What is known of a schema from its samples by now, maybe from an older version of its text. */
export interface LatestEvaluation {
  /** Undefined where it is of an older version. */
  readonly snapshot: Snapshot | undefined;
  readonly sample: SampleState;
  readonly file: NexusFile | undefined;
  readonly evaluation: Outcomes;
}

interface Running {
  readonly key: string;
  readonly abort: AbortController;
  readonly result: Promise<SampleEvaluation | undefined>;
  done?: SampleEvaluation;
  /** Until then: of the version before. */
  readonly before: LatestEvaluation | undefined;
}

/** Evaluates open schemas against their samples: once per version and content of the samples, in a worker. */
export class Evaluations {
  readonly #samples: Samples;
  readonly #configs: IngestorConfigs;
  readonly #running = new Map<string, Running>();
  readonly #readings = new Map<string, KeptReadings>();
  readonly #catalogues = new Map<string, AskedCatalogue>();
  #worker: NexusWorker | undefined;
  /** Rises with everything that the versions of the texts do not show. */
  #generation = 0;

  constructor(samples: Samples, configs: IngestorConfigs) {
    this.#samples = samples;
    this.#configs = configs;
  }

  /**
   * The evaluation of a schema; shared by all who ask for the same version. Undefined where a newer version or
   * another sample has taken its place meanwhile.
   */
  async of(snapshot: Snapshot): Promise<SampleEvaluation | undefined> {
    const samples = await this.#samples.of(snapshot);
    await this.#configs.of(snapshot.uri);
    const contents = `${this.#generation} ${this.#configs.reads} ${samples.origin}${await contentsOf(samples)}`;
    const key = `${snapshot.version} ${snapshot.importsKey} ${contents}`;
    const known = this.#running.get(snapshot.uri);
    if (known?.key === key && known.done?.snapshot !== undefined) return known.done;
    if (known?.key === key && !known.abort.signal.aborted) return known.result;
    known?.abort.abort();
    const abort = new AbortController();
    const readings = this.#readings.get(snapshot.uri) ?? new KeptReadings();
    this.#readings.set(snapshot.uri, readings);
    readings.begin(contents);
    const result = this.#evaluate(snapshot, samples, readings, abort.signal).catch((error: unknown) => {
      if (abort.signal.aborted) return undefined;
      throw error;
    });
    const running: Running = { key, abort, result, before: known && staleOf(known) };
    this.#running.set(snapshot.uri, running);
    const done = await result;
    if (done) {
      running.done = done;
      if (this.#running.get(snapshot.uri) === running) readings.end();
    }
    return done;
  }

  /** The newest evaluation of a document, maybe of an older version. */
  latest(uri: string): LatestEvaluation | undefined {
    const running = this.#running.get(uri);
    return running?.done ?? running?.before;
  }

  /** The schemas whose samples hold this file. */
  urisWith(file: string): string[] {
    return [...this.#running].filter(([, { key }]) => key.includes(`\n${file} `)).map(([uri]) => uri);
  }

  /** Something that evaluations depend on has changed: samples, settings, trust. */
  invalidate(): void {
    this.#generation += 1;
  }

  /** A schema was edited: what its older text gave is still shown, but nobody works on it any more. */
  edited(uri: string): void {
    const known = this.#running.get(uri);
    if (!known) return;
    known.abort.abort();
    const result = Promise.resolve(undefined);
    this.#running.set(uri, { key: outdated, abort: known.abort, result, before: staleOf(known) });
  }

  close(uri: string): void {
    this.#running.get(uri)?.abort.abort();
    this.#running.delete(uri);
    this.#readings.delete(uri);
    this.#catalogues.delete(uri);
    const inUse = [...this.#running.values()].flatMap(({ done, before }) => (done ?? before)?.file?.path ?? []);
    this.#samples.keepWatching(new Set(inUse));
  }

  /** Asks SciCat for what a schema takes from there, and keeps the answers for the evaluations to come. */
  async ask(snapshot: Snapshot, reader: CatalogueReader, signal: AbortSignal): Promise<Evaluation> {
    const catalogue = this.#catalogues.get(snapshot.uri) ?? new AskedCatalogue();
    this.#catalogues.set(snapshot.uri, catalogue);
    const samples = await this.#samples.of(snapshot);
    const opened = await this.#open(samples.files[0], signal);
    const context = await this.#context(snapshot, opened, signal);
    const evaluation = await evaluate(snapshot.whole, { ...context, catalogue: catalogue.asking(reader) });
    this.invalidate();
    return evaluation;
  }

  /** A NeXus file of any path, open in the worker. Rejects with NexusError. */
  open(file: string): Promise<NexusFile> {
    return this.#reader().open(file);
  }

  /** The same for one piece of work, which ends when the signal says so. */
  openFor(file: string, signal: AbortSignal): Promise<NexusFile> {
    return this.#reader().openFor(file, signal);
  }

  async dispose(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    this.#samples.keepWatching(new Set());
    await this.#worker?.dispose();
  }

  async #evaluate(
    snapshot: Snapshot,
    samples: SampleFiles,
    readings: KeptReadings,
    signal: AbortSignal,
  ): Promise<SampleEvaluation> {
    const [first, ...others] = samples.files;
    const config = await this.#configs.of(snapshot.uri);
    const results: SampleProblems[] = [];
    const problems: Problem[] = [];
    const untold: Problem[] = [];
    const tryOn = async (file: string | undefined, opened: Opened): Promise<Evaluation> => {
      const context = await this.#context(snapshot, opened, signal, readings);
      if (file !== undefined && opened.error) problems.push(unreadable(snapshot, samples, file, opened.error));
      if (file === undefined || !opened.file) return evaluate(snapshot.whole, context);
      const ofText = snapshot.problemsIn(context.dialect);
      const facts = snapshot.staticEvaluationIn(context.dialect);
      const trial = await trySchema(snapshot.whole, opened.file, { ...context, config, facts, ofText });
      if (isFor(snapshot, samples, file)) results.push({ file, problems: trial.problems });
      else untold.push(...trial.problems);
      return trial.evaluation;
    };
    const opened = await this.#open(first, signal);
    const evaluation = await tryOn(first, opened);
    for (const file of this.#samples.trusted ? others.filter((each) => isFor(snapshot, samples, each)) : []) {
      signal.throwIfAborted();
      await tryOn(file, await this.#open(file, signal));
    }
    signal.throwIfAborted();
    for (const file of samples.files) this.#samples.watch(file);
    return {
      snapshot,
      evaluation,
      file: opened.file && (await this.open(opened.file.path)),
      sample: this.#stateOf(first, opened),
      problems: [...problems, ...notSelected(snapshot, samples, untold), ...problemsOfSamples(results)],
    };
  }

  #stateOf(file: string | undefined, opened: Opened): SampleState {
    if (file === undefined) return { file: null, state: 'none', message: opened.reason };
    if (!this.#samples.trusted) return { file, state: 'untrusted', message: opened.reason };
    return opened.file ? { file, state: 'ready' } : { file, state: 'unreadable', message: opened.reason };
  }

  /** A schema with a sample will be evaluated: its reader may start while the text is being parsed. */
  prepare(): void {
    if (this.#samples.trusted) this.#reader().start();
  }

  #reader(): NexusWorker {
    return (this.#worker ??= createNexusWorker({ hereMs: budget.nexus.answerBetweenMs }));
  }

  async #open(file: string | undefined, signal: AbortSignal): Promise<Opened> {
    if (file === undefined) return { reason: 'No sample file is chosen.' };
    if (!this.#samples.trusted) return { reason: 'The workspace is not trusted, so sample files are not read.' };
    try {
      return { file: await this.#reader().openFor(file, signal), reason: '' };
    } catch (error) {
      if (error instanceof NexusError) return { reason: error.message, error };
      throw error;
    }
  }

  async #context(
    snapshot: Snapshot,
    opened: Opened,
    signal: AbortSignal,
    readings = new KeptReadings(),
  ): Promise<EvaluationContext> {
    const file = opened.file?.path;
    const reader = opened.file && nexusReader(opened.file, pathsIn(snapshot.whole));
    const { id } = snapshot.schema;
    const catalogue = this.#catalogues.get(snapshot.uri);
    const directory = (await this.#configs.of(snapshot.uri))?.ingestion.file_handling.ingestor_files_directory;
    return {
      data: file !== undefined && reader ? readings.reader(file, reader) : { unavailable: opened.reason },
      catalogue: catalogue && !catalogue.empty ? catalogue.known : { unavailable: 'SciCat was not asked.' },
      builtIns: builtInValues({ dataFile: file, schemaId: id, filesDirectory: directory }),
      dialect: await this.#configs.dialect(snapshot.uri),
      signal,
    };
  }
}

/** An open sample, or why there is none. */
interface Opened {
  readonly file?: NexusFile;
  readonly reason: string;
  readonly error?: NexusError;
}

/** The key of an evaluation whose text was edited. */
const outdated = '';

/** What stays of an evaluation when the text is edited. */
function staleOf({ done, before }: Running): LatestEvaluation | undefined {
  if (!done) return before;
  const { sample, file, evaluation } = done;
  return { snapshot: undefined, sample, file, evaluation: outcomesOf(evaluation) };
}

/** What the variables read from the file, in their order. */
function pathsIn({ variables }: Schema): string[] {
  return variables.flatMap(({ source, valueType, keys }) => {
    const path = source && sourceNamed(source).asks === 'data' ? scalarText(keys.get('path')?.value) : undefined;
    return path === undefined || (path.includes('*') && valueType === 'string[]') ? [] : [path];
  });
}

/** Changes whenever one of the files may have changed. */
async function contentsOf({ files }: SampleFiles): Promise<string> {
  const parts = await Promise.all(
    files.map((file) =>
      fileState(file).then(
        ({ mtimeMs, size, ino }) => `\n${file} ${mtimeMs} ${size} ${ino}`,
        () => `\n${file} -`,
      ),
    ),
  );
  return parts.join('');
}

/**
 * False only where the selector says so: one that is missing or not understood is a problem of its own. Who chooses a
 * file by hand wants to know how it fits, wherever it lies.
 */
function isFor({ schema: { selector } }: Snapshot, { origin }: SampleFiles, file: string): boolean {
  return origin === 'chosen' || selector === undefined || selects(selector, file) || !isUnderstood(selector);
}

function isUnderstood(selector: Selector): boolean {
  if (selector.kind === 'invalid') return false;
  return selector.kind === 'always' || selector.kind === 'condition' || selector.parts.every(isUnderstood);
}

/** The samples that the selector does not take, in one hint, to which belongs what the first has against the schema. */
function notSelected(snapshot: Snapshot, samples: SampleFiles, untold: readonly Problem[]): Problem[] {
  const { selector } = snapshot.schema;
  if (!selector) return [];
  const { files, places } = samples;
  const others = files.filter((file) => !isFor(snapshot, samples, file));
  const [first] = others;
  if (first === undefined) return [];
  const names = others.map((file) => path.basename(file)).join(', ');
  const why = explainSelector(selector, first).reason;
  const related = untold.flatMap(({ message, range }) => (range ? [{ message, range }] : []));
  const more = related.length > 0 ? ' What else does not fit stands with this hint.' : '';
  const message = `The selector does not take ${names}: ${why}.${more}`;
  return [problem('sample-not-selected', message, places.get(first) ?? selector.range, { related })];
}

function unreadable(snapshot: Snapshot, { places, origin }: SampleFiles, file: string, error: NexusError): Problem {
  const { root } = snapshot.tree;
  const first = root?.kind === 'map' ? root.entries[0]?.key.range : undefined;
  const place = places.get(file) ?? first ?? { start: 0, end: 0 };
  const remedy = origin === 'comment' ? 'Mend the comment' : 'Choose another sample';
  return problem('sample-unreadable', `${error.message} ${remedy}, or go on without values from it.`, place);
}

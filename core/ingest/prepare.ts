import type { SchemaFile } from '../imsc/schema/schema.ts';
import { randomUUID } from 'node:crypto';
import { addressPartFault } from '../text/addressPart.ts';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import type { CatalogueReader } from '../imsc/evaluation/readers.ts';
import { builtInValues } from '../imsc/language/builtIns.ts';
import type { Value } from '../imsc/values/values.ts';
import { NexusError } from '../nexus/model.ts';
import { ScicatError } from '../scicat/errors.ts';
import type { DatasetKind } from '../scicat/scicatDatasetSchema.ts';
import type { NexusFile } from '../nexus/model.ts';
import { factsOfRun } from './sources/builtIns.ts';
import { catalogueReader } from './sources/catalogueReader.ts';
import { dialectNamed } from '../imsc/language/dialects.ts';
import type { Config } from '../config/configOptions.ts';
import { listDataFiles } from './plan/dataFileList.ts';
import type { NamedFiles } from './plan/dataFileList.ts';
import { buildDataset } from './dataset/dataset.ts';
import type { Dataset } from './dataset/dataset.ts';
import { publishedDataset } from './dataset/publishedDataset.ts';
import { dateProblems } from './dataset/dateProblems.ts';
import { problemAt } from './dataset/given.ts';
import type { Given, GivenField } from './dataset/given.ts';
import { evaluate } from '../imsc/evaluation/evaluate.ts';
import type { EvaluationContext, Unavailable } from '../imsc/evaluation/readers.ts';
import type { Evaluation } from '../imsc/evaluation/evaluation.ts';
import { alreadyPresent, findExisting } from './dataset/existing.ts';
import type { Existing, MadeBefore } from './dataset/existing.ts';
import type { Batches } from '../files/expandPaths.ts';
import { identityNow, requireUnchanged } from '../files/checksum.ts';
import type { FileIdentity } from '../files/checksum.ts';
import { FileError } from '../files/fileError.ts';
import type { DataFileEntry, FilesProgress } from '../files/describeFiles.ts';
import { incompleteDataset, isUnderWay, lookForFiles } from './plan/missingFiles.ts';
import type { IncompleteDataset } from './plan/missingFiles.ts';
import { mistakesToTell, unansweredByReader, variableProblems } from './schemas/runProblems.ts';
import { chooseSchema } from './schemas/chooseSchema.ts';
import { nexusReader } from './sources/nexusReader.ts';
import { isForWantOfFile, noDataFile } from './sources/noDataFile.ts';
import { openDataFile } from './sources/openDataFile.ts';
import type { PreparingNews } from './preparingNews.ts';
import { absolutePath, pathBelow } from '../files/pathlibPath.ts';
import { forCatalogue } from './dataset/forCatalogue.ts';
import { planArchiveJobs } from './plan/archiveJobs.ts';
import { inTheirFiles } from '../imsc/schema/imports.ts';
import { makePlan } from './plan/plan.ts';
import type { Plan } from './plan/plan.ts';
import { problemsOfEvaluation } from './trial/sampleProblems.ts';
import { refusalProblems, withoutRepeated } from './dataset/refusals.ts';
import { querySamples } from './sources/sampleQuery.ts';
import type { Selection } from './schemas/select.ts';
import type { ScicatClient } from '../scicat/client.ts';

export interface IngestionRequest extends NamedFiles {
  readonly config: Config;
  /** What is known of the dataset besides what its schema makes of the data file. */
  readonly given?: Given | undefined;
  /** A folder that others see by another path: what SciCat is told of a `sourceFolder` below it. */
  readonly published?: { readonly folder: string; readonly as: string } | undefined;
  /** A schema to use without asking the selectors. */
  readonly schemaFile?: string | undefined;
  /** Further files that belong to the dataset. */
  readonly moreFiles?: Batches<string> | undefined;
  /** Whether the report is to hold the lists of files; otherwise only their totals. */
  readonly keepLists?: boolean | undefined;
  /** Whether SciCat is asked to archive the dataset, once it is there, also where its schema does not say so. */
  readonly archives?: boolean | undefined;
  /** The dataset that a job made of the folder before; another folder may be in its place now. */
  readonly madeBefore?: MadeBefore | undefined;
  /**
   * Told of the pid of the dataset before SciCat is asked for it, to keep others from making a dataset of that pid until
   * this one is made. What it throws ends the preparation.
   */
  readonly reserve?: ((pid: string) => Promise<void>) | undefined;
  /** It is known that the dataset is in SciCat: only what is said of its files is wanted. */
  readonly isKnown?: boolean | undefined;
  /** Absent: nothing is asked, and what would come from SciCat is unknown. */
  readonly client?: ScicatClient | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onNews?: ((news: PreparingNews) => void) | undefined;
}

/** What an ingestion is known by: its data file, or its folder where there is none; as it was given. */
export function subjectOf({ dataFile, folder }: Pick<NamedFiles, 'dataFile' | 'folder'>): string {
  return dataFile ?? folder ?? '';
}

/** An ingestion up to the point where something would be written. */
export interface PreparedIngestion {
  /**
   * `ready`: `plan` can be carried out. `unanswered`: SciCat could not be asked. `under-way`: the dataset is there without
   * some of its files, and was changed so lately that another ingestion may be at it.
   */
  readonly verdict: 'ready' | 'already-present' | 'unanswered' | 'under-way' | 'failed';
  readonly selection: Selection | undefined;
  /** Undefined where none applies: without a data file the dataset is then made of what is given. */
  readonly schema: SchemaFile | undefined;
  readonly evaluation: Evaluation | undefined;
  /** Also says where each of its fields comes from, and what was overruled. */
  readonly dataset: Dataset | undefined;
  readonly existing: Existing | undefined;
  /** The dataset that is there already and surely ours, with the files that it lists: the others are added to it. */
  readonly incomplete: IncompleteDataset | undefined;
  readonly plan: Plan | undefined;
  /** The data file and what is written beside it. */
  readonly entries: readonly DataFileEntry[];
  readonly problems: readonly Problem[];
}

/**
 * Does everything of an ingestion but writing: selects the schema, reads the file, asks SciCat, builds the dataset,
 * looks whether it is already there, describes the files. What goes wrong is in `problems`; a failure of one step
 * leaves what was found before it.
 * @throws the signal's reason when aborted, and nothing else that a user could cause
 */
export async function prepareIngestion(request: IngestionRequest): Promise<PreparedIngestion> {
  return new Preparation(request).run();
}

/**
 * What stands behind an ingestion that was planned before, by the data file and the schema as they are now: without
 * asking SciCat, describing files or making a plan.
 * @throws as `prepareIngestion`
 */
export async function evaluateIngestion(
  request: IngestionRequest,
): Promise<Pick<PreparedIngestion, 'selection' | 'schema' | 'evaluation'>> {
  const { selection, schema, evaluation } = await new Preparation(
    { ...request, client: undefined },
    'evaluation',
  ).run();
  return { selection, schema, evaluation };
}

/**
 * What would be known of a dataset, and what not: without looking whether it is there already, describing files or
 * making a plan. What SciCat does not answer is unknown.
 * @throws as `prepareIngestion`
 */
export async function extractMetadata(request: IngestionRequest): Promise<PreparedIngestion> {
  return new Preparation(request, 'dataset').run();
}

/** How far a preparation goes. */
type Goal = 'evaluation' | 'dataset' | 'plan';

class Preparation {
  private readonly request: IngestionRequest;
  private readonly goal: Goal;
  private readonly problems: Problem[] = [];
  private selection: Selection | undefined;
  private schema: SchemaFile | undefined;
  private evaluation: Evaluation | undefined;
  private dataset: Dataset | undefined;
  private existing: Existing | undefined;
  private incomplete: IncompleteDataset | undefined;
  private pidIsFree = false;
  /** What the data file was before anything was read of it. */
  private fileBefore: FileIdentity | undefined;
  private plan: Plan | undefined;
  private entries: readonly DataFileEntry[] = [];

  constructor(request: IngestionRequest, goal: Goal = 'plan') {
    this.request = request;
    this.goal = goal;
  }

  async run(): Promise<PreparedIngestion> {
    const verdict = await this.prepare().catch((error: unknown): PreparedIngestion['verdict'] => {
      if (!(error instanceof ScicatError) || error.kind === 'cancelled') throw error;
      return this.unanswered(error.message);
    });
    const { selection, schema, evaluation, existing, incomplete, plan, entries } = this;
    const dataset = this.dataset && publishedDataset(this.dataset, this.request.published);
    const problems = withoutRepeated(this.problems, evaluation, schema?.file);
    return { verdict, selection, schema, evaluation, dataset, existing, incomplete, plan, entries, problems };
  }

  private async prepare(): Promise<PreparedIngestion['verdict']> {
    const { config, client } = this.request;
    const isWithoutFile = this.request.dataFile === undefined;
    const chosen = await chooseSchema(subjectOf(this.request), isWithoutFile, config, this.request.schemaFile);
    this.selection = chosen.selection;
    this.problems.push(...chosen.problems);
    if (chosen.schema === undefined || (chosen.schema === 'none' && !isWithoutFile)) return 'failed';
    this.schema = chosen.schema === 'none' ? undefined : chosen.schema;
    const evaluated = this.schema ? await this.evaluate(this.schema) : { sampleIds: [] };
    if (!evaluated) return 'failed';
    if (this.goal === 'evaluation') return 'ready';
    this.dataset = this.built(evaluated.sampleIds);
    this.problems.push(...this.inSchema(this.dataset.problems), ...this.dataset.givenProblems);
    if (this.refusesPid(this.dataset)) return 'failed';
    if (this.dataset.givenProblems.some(({ code }) => code === 'given-field' || code === 'given-key')) return 'failed';
    if (this.goal === 'dataset') return 'ready';
    const silence = evaluated.silence ?? (this.evaluation && unansweredIn(this.evaluation)[0]);
    if (client && silence !== undefined) return this.unanswered(silence);
    if (this.dataset.missing.length > 0 && !(this.dataset.incomplete && !client)) return 'failed';
    if (client) {
      const { isKnown, madeBefore, reserve } = this.request;
      const pid = this.dataset.fields.get('pid');
      if (pid?.kind === 'string') await reserve?.(pid.value);
      const found = isKnown ? undefined : await findExisting(this.dataset, config, client, madeBefore);
      this.problems.push(...(found?.problems ?? []));
      this.existing = found?.existing;
      this.pidIsFree = found?.pidIsFree ?? false;
      if (this.existing) return this.completed(this.existing, this.dataset, client);
    }
    return (await this.describe()) ? 'ready' : 'failed';
  }

  /** Evaluates the schema with the data file, if there is one. @returns undefined where that cannot be done */
  private async evaluate(
    schema: SchemaFile,
  ): Promise<{ readonly sampleIds: readonly Value[]; readonly silence?: string | undefined } | undefined> {
    const { dataFile, config, client, signal } = this.request;
    const file = dataFile === undefined ? undefined : await this.openFile(dataFile);
    if (dataFile !== undefined && !file) return undefined;
    const catalogue: CatalogueReader | Unavailable = client
      ? catalogueReader(client, config.scicat)
      : { unavailable: 'SciCat is not asked in an offline run.' };
    try {
      const data = file ? nexusReader(file) : noDataFile;
      const context: EvaluationContext = {
        data,
        catalogue,
        builtIns: builtInValues(factsOfRun(dataFile, config, schema)),
        dialect: dialectNamed(config.ingestion.schemas_dialect),
        ...(!file && { noBuiltIn: noDataFile.unavailable }),
        ...(signal && { signal }),
      };
      const samples = await querySamples(schema.schema, data, catalogue);
      this.problems.push(...this.inSchema(samples.problems));
      if (samples.problems.some(({ severity }) => severity === 'error')) return undefined;
      this.evaluation = await evaluate(schema.schema, context);
      if (this.goal !== 'evaluation') {
        const unanswered = unansweredByReader(this.evaluation);
        this.problems.push(...unanswered);
        if (unanswered.length > 0) return undefined;
        const ofFile = file ? await problemsOfEvaluation(this.evaluation, file) : dateProblems(this.evaluation);
        const told = [...mistakesToTell(schema, ofFile, context.dialect), ...variableProblems(this.evaluation)];
        this.problems.push(...this.inSchema(told));
      }
      return { sampleIds: samples.sampleIds, silence: samples.unanswered };
    } finally {
      await file?.close();
    }
  }

  /**
   * The dataset. Of a folder that is ingested it is known that it is the source folder, where nothing else says so; or
   * where the schema says another one in which the files do not lie.
   */
  private built(sampleIds: readonly Value[]): Dataset {
    const { config, given = {}, folder, dataFile } = this.request;
    const make = (known: Given): Dataset =>
      buildDataset(this.evaluation, config, sampleIds, () => randomUUID().replaceAll('-', ''), {
        given: known,
        withoutFile: dataFile === undefined,
        schemaFile: this.schema?.file,
      });
    if (folder === undefined) return make(given);
    const ofFolder: GivenField = { field: 'sourceFolder', value: absolutePath(folder), from: 'the folder' };
    const withFolder = (field: GivenField): Given => ({ ...given, deposited: [field, ...(given.deposited ?? [])] });
    const dataset = make(withFolder({ ...ofFolder, yields: true }));
    const source = dataset.fields.get('sourceFolder');
    const isAbove =
      source?.kind === 'string' && pathBelow(absolutePath(folder), absolutePath(source.value)) !== undefined;
    return isAbove || dataset.provenance['sourceFolder']?.layer !== 'schema' ? dataset : make(withFolder(ofFolder));
  }

  /** A pid that is not part of an address is one that nobody can ask SciCat for. */
  private refusesPid({ fields, provenance }: Dataset): boolean {
    const pid = fields.get('pid');
    const fault = pid?.kind === 'string' ? addressPartFault(pid.value) : undefined;
    if (pid?.kind !== 'string' || fault === undefined) return false;
    const origin = provenance['pid'];
    const field = this.evaluation?.fields.findLast(({ machineName }) => machineName === 'pid')?.field;
    const range = field?.keys.get('value')?.value?.range;
    const message = `The pid ${JSON.stringify(pid.value)} cannot name a dataset: ${fault}. Nothing is sent.`;
    if (origin && origin.layer !== 'schema') this.problems.push(problemAt(origin, 'pid-unusable', message));
    else this.problems.push(...this.inSchema([problem('pid-unusable', message, range)]));
    return true;
  }

  /** Whether all files of a dataset that is there already are there too, and if not, what can be done about it. */
  private async completed(
    existing: Existing,
    dataset: Dataset,
    client: ScicatClient,
  ): Promise<PreparedIngestion['verdict']> {
    const { dataFile, moreFiles = [] } = this.request;
    const looked = await lookForFiles(existing, dataset, dataFile === undefined ? [] : [[dataFile]], moreFiles, client);
    if (looked.missing === 0) {
      this.problems.push(alreadyPresent(existing, looked.listed !== undefined));
      return 'already-present';
    }
    const mayBeOurs = existing.foundBy !== 'metadata' && looked.listed !== undefined && (await this.describe());
    const stored =
      mayBeOurs && this.plan ? await client.compareDataset(this.plan.datasetJson, existing.pid ?? '') : undefined;
    const mayBeUnderWay = stored !== undefined && isUnderWay(stored);
    const isOurs = stored?.isOurs === true && !mayBeUnderWay;
    this.problems.push(incompleteDataset(existing, looked, stored, isOurs));
    if (!isOurs || existing.pid === undefined) {
      this.plan = undefined;
      return mayBeUnderWay ? 'under-way' : 'failed';
    }
    this.incomplete = { pid: existing.pid, listed: looked.listed ?? new Set() };
    return 'ready';
  }

  private unanswered(reason: string): 'unanswered' {
    this.problems.push(problem('scicat', `SciCat cannot be asked: ${reason} Nothing was sent.`));
    return 'unanswered';
  }

  private async openFile(dataFile: string): Promise<NexusFile | undefined> {
    const { config, signal, onNews } = this.request;
    this.fileBefore = await identityNow(dataFile);
    try {
      return await openDataFile(dataFile, config.ingestion.file_handling, signal, onNews);
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      this.problems.push(problem('data-file', error.message));
      return undefined;
    }
  }

  private async describe(): Promise<boolean> {
    const { config, signal, onNews } = this.request;
    const onProgress =
      onNews &&
      ((progress: FilesProgress): void => {
        onNews({ kind: 'checksum', ...progress });
      });
    const options = { signal, onProgress };
    if (!this.dataset) return false;
    try {
      const { entries, toWrite, problems } = await listDataFiles(this.request, config, options);
      if (this.fileBefore && this.request.dataFile !== undefined)
        await requireUnchanged(this.request.dataFile, this.fileBefore);
      this.problems.push(...problems, ...unsized(config));
      this.entries = entries;
      const { id, name } = this.schema?.schema ?? {};
      const schema = { id: id ?? '', name: name ?? '', file: this.schema?.file ?? '' };
      // Files are listed from where they lie; SciCat is told where others find them.
      const told = publishedDataset(this.dataset, this.request.published);
      const { misfits, kind, ...wire } = await forCatalogue(told, this.request.client, config.scicat.apiVersion);
      for (const { message } of misfits) this.problems.push(problem('does-not-fit', message));
      this.plan = makePlan(this.dataset, subjectOf(this.request), config, schema, toWrite, wire, this.pidIsFree);
      this.reportRefusals(this.plan, kind);
      this.plan = { ...this.plan, ...(await this.archiveJobs(this.plan)) };
      return true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.problems.push(error.toProblem());
      return false;
    }
  }

  /** The jobs that SciCat is asked for. */
  private async archiveJobs({ pid, datasetJson }: Plan): Promise<Pick<Plan, 'archiveJobs'>> {
    const { archives = false, client } = this.request;
    const toArchive = archives && client ? { datasetJson, user: (await client.whoami()).username } : undefined;
    const { planned, problems } = planArchiveJobs(this.evaluation, pid, toArchive);
    this.problems.push(...this.inSchema(problems));
    return planned.jobs.length === 0 ? {} : { archiveJobs: planned };
  }

  /** Says what SciCat would refuse. It is sent all the same: SciCat has the last word. */
  private reportRefusals({ datasetJson }: Plan, kind: DatasetKind): void {
    const found = refusalProblems(datasetJson, kind, this.evaluation, this.dataset?.provenance);
    this.problems.push(...this.inSchema(found.ofSchema), ...found.ofGiven);
  }

  private inSchema(problems: readonly Problem[]): Problem[] {
    const file = this.schema?.file;
    const placed = this.schema ? inTheirFiles(problems, this.schema) : problems;
    return placed.map((found) => (found.file === undefined && file !== undefined ? { ...found, file } : found));
  }
}

/** SciCat takes no list of files without their sizes. */
function unsized({ ingestion }: Config): Problem[] {
  if (ingestion.file_handling.compute_file_stats) return [];
  const message =
    'SciCat will refuse the list of files: each file must have a size. Set ingestion.file_handling.compute_file_stats to true.';
  return [problem('scicat-refuses', message)];
}

/** Why variables and fields are unknown, as far as they are; that there is no data file is no secret to be asked for. */
export function unansweredIn({ variables, fields }: Evaluation): string[] {
  return [...variables.values(), ...fields].flatMap(({ outcome }) =>
    outcome.state === 'unknown' && !isForWantOfFile(outcome.reason) ? [outcome.reason] : [],
  );
}

import { randomBytes } from 'node:crypto';
import { FileError } from '../files/fileError.ts';
import { absolutePath } from '../files/pathlibPath.ts';
import { subjectOf } from '../ingest/prepare.ts';
import type { IngestionRequest } from '../ingest/prepare.ts';
import { tokenProblems } from '../ingest/sources/connect.ts';
import { folderName } from '../packages/unpackWithin.ts';
import type { Problem } from '../problems/problem.ts';
import type { Config } from '../config/configOptions.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { carryOut } from './carryOut.ts';
import { goOn } from './carryOutRun.ts';
import { failedReport } from './dryRun.ts';
import type { JobNews } from './events.ts';
import { holdDataFile } from './holdDataFile.ts';
import type { HeldDataFile } from './holdDataFile.ts';
import type { IngestionReport } from './report/report.ts';
import type { JobRequest } from './request.ts';
import type { Circumstances } from './steps/work.ts';
import type { JobStore } from './store/jobStore.ts';
import { Journal } from './store/journal.ts';

/** What is to be ingested, and with what. */
export interface AskedIngestion extends IngestionRequest {
  readonly client: ScicatClient;
  /** A folder that the data are copied to first, if they are a folder; an archive is unpacked there. */
  readonly copyTo?: string | undefined;
  /** `folder` names an archive. */
  readonly isArchive?: boolean | undefined;
  /** The further files and folders as they were named; `moreFiles` is what is in them. */
  readonly include?: readonly string[] | undefined;
  /** What the file has in a sandbox already is removed first. */
  readonly replace?: boolean | undefined;
  /** Files that may lie among the data, and are none of them. */
  readonly leftOut?: readonly string[] | undefined;
}

export type IngestionOptions = Omit<Circumstances, 'config' | 'client' | 'signal' | 'moreFiles' | 'keepLists'>;

/**
 * As `ingest`, with its record in a store.
 * @param onNews told of all that happens
 */
export function ingestHere(
  request: AskedIngestion,
  store: JobStore,
  onNews: (news: JobNews) => void,
): Promise<IngestionReport> {
  const journal = new Journal({ store });
  journal.stream.listen(onNews);
  return ingest(request, journal);
}

/**
 * One ingestion, start to end, kept in the journal. A run of the same file that was interrupted before is finished
 * instead of starting another; two processes with the same file make one dataset.
 */
export async function ingest(
  request: AskedIngestion,
  journal: Journal,
  options: IngestionOptions = {},
): Promise<IngestionReport> {
  const { config } = request;
  const token = tokenProblems(config.scicat);
  if (token.some(({ severity }) => severity === 'error')) return failedReport(token);
  const report = await ingestHeld(request, journal, options);
  return { ...report, problems: [...token, ...report.problems] };
}

/** Keeps other processes from this file until it is ingested. */
async function ingestHeld(
  request: AskedIngestion,
  journal: Journal,
  options: IngestionOptions,
): Promise<IngestionReport> {
  let held: HeldDataFile | undefined;
  try {
    held = await holdDataFile(journal, subjectOf(request), request.config.scicat.host);
    const { earlier, problems } = held;
    if (problems.some(({ severity }) => severity === 'error')) return failedReport(problems);
    const removed = request.replace === true && !earlier ? await removedFor(request) : [];
    if (removed.some(({ severity }) => severity === 'error')) return failedReport([...problems, ...removed]);
    const circumstances = { ...request, ...options };
    const running = earlier
      ? goOn(circumstances, journal, earlier)
      : carryOut(
          await journal.createJob(recorded(request), { given: request.given ?? {} }),
          journal,
          circumstances,
          held,
        );
    const report = await running.catch(reportOfFailure);
    return { ...report, problems: [...problems, ...removed, ...report.problems] };
  } catch (error) {
    return reportOfFailure(error);
  } finally {
    await held?.lock.release();
    await journal.tidy();
  }
}

// What an ingestion does without is loaded when it is needed.
async function removedFor(request: AskedIngestion): Promise<readonly Problem[]> {
  const { removeForReplacing } = await import('./steps/replace.ts');
  return removeForReplacing(request);
}

/** @throws again what has nothing to do with files */
function reportOfFailure(error: unknown): IngestionReport {
  if (!(error instanceof FileError)) throw error;
  return failedReport([error.toProblem()]);
}

/** What is asked for, as the record of the job has it. */
function recorded(asked: AskedIngestion): JobRequest {
  const { dataFile, folder, messageFile, leftOut = [], schemaFile, config, include = [], copyTo, isArchive } = asked;
  const isCopied = copyTo !== undefined && folder !== undefined;
  return {
    // Which file of a copy is the data file is looked for when it is there.
    dataFile: dataFile === undefined || isCopied ? undefined : absolutePath(dataFile),
    folder: folder === undefined ? undefined : absolutePath(folder),
    include: include.map((each) => absolutePath(each)),
    messageFile,
    ...(leftOut.length > 0 && { leftOut: leftOut.map((file) => absolutePath(file)) }),
    schemaFile: schemaFile === undefined ? undefined : absolutePath(schemaFile),
    configFile: fileOf(config),
    host: config.scicat.host,
    options: {
      dryRun: false,
      ...(isCopied && { copyTo: absolutePath(copyTo) }),
      // Each journal counts its jobs from 1, and many may unpack into one folder.
      ...(isArchive && { isArchive, unpackAs: ownName(folder ?? '') }),
    },
  };
}

/** Called like the archive, as far as a name may be long. */
function ownName(archive: string): string {
  const name = Array.from(folderName(archive)).slice(0, 60).join('');
  return `${name}-${randomBytes(4).toString('hex')}`;
}

function fileOf({ config_file: file }: Config): string | undefined {
  return file === '' ? undefined : absolutePath(file);
}

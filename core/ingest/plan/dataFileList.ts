import { lstat, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Config } from '../../config/configOptions.ts';
import type { ChecksumLanesOptions } from '../../files/checksumLanes.ts';
import { describeFiles, noStatFields, secondsText, statFields } from '../../files/describeFiles.ts';
import type { DataFileEntry, FilesProgress } from '../../files/describeFiles.ts';
import { hashFilePath } from './besideData.ts';

/** A small text file that the execution of the plan writes; its folder is created when needed. */
export interface PlannedFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  /** The configuration names its folder as a whole path: links in it are meant. */
  readonly mayFollow?: boolean;
}

export interface DataFileList {
  /** The data file, its checksum file, the message file; paths absolute (see `recordedPath`). */
  readonly entries: readonly DataFileEntry[];
  /** Files among them that are not there yet. Their entries are what is expected once they are written. */
  readonly toWrite: readonly PlannedFile[];
  /** What was left out, and why. */
  readonly problems: readonly Problem[];
}

export interface DataFileListOptions extends ChecksumLanesOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FilesProgress) => void) | undefined;
  readonly workingDirectory?: string | undefined;
}

type FileHandling = Config['ingestion']['file_handling'];

/** Of a file that is yet to be written, under the usual umask; what it became is looked up afterwards. */
const expectedMode = 0o100644n;

const orUndefined = <T>(promise: Promise<T>): Promise<T | undefined> => promise.catch(() => undefined);

async function describeHashFile(
  { path: file, content }: PlannedFile,
  files: FileHandling,
): Promise<{ entry: DataFileEntry; isThere: boolean }> {
  const found = await orUndefined(lstat(file, { bigint: true }));
  const isThere = found?.isFile() === true && (await orUndefined(readFile(file, 'utf8'))) === content;
  if (!files.compute_file_stats) return { entry: { path: file, ...noStatFields(), chk: null }, isThere };
  if (found && isThere) return { entry: { path: file, ...statFields(found), chk: null }, isThere };
  const mode = found?.isFile() === true ? found.mode : expectedMode;
  return {
    isThere,
    entry: {
      path: file,
      size: Buffer.byteLength(content),
      time: secondsText(Date.now()),
      uid: String(found?.uid ?? process.getuid?.() ?? 0),
      gid: String(found?.gid ?? process.getgid?.() ?? 0),
      perm: `0o${mode.toString(8)}`,
      chk: null,
    },
  };
}

/** The files by which an ingestion is asked for. */
export interface NamedFiles {
  /** As it was given; absent where only a folder is there, without a NeXus file. */
  readonly dataFile?: string | undefined;
  /** The folder that becomes the dataset, with all that is in it. */
  readonly folder?: string | undefined;
  /** The message that announced it. */
  readonly messageFile?: string | undefined;
}

/** The files that a dataset lists besides those that are named, as far as they are there. */
export async function filesBeside({ dataFile, messageFile }: NamedFiles, { ingestion }: Config): Promise<string[]> {
  const files = ingestion.file_handling;
  return [
    ...(dataFile === undefined ? [] : [dataFile]),
    ...(files.message_to_file && messageFile !== undefined ? [messageFile] : []),
    ...(dataFile !== undefined && files.save_file_hash && files.compute_file_hash
      ? [await hashFilePath(dataFile, files)]
      : []),
  ];
}

/** The data are worth ingesting without the message that announced them; the Python ingestor does not list it at all. */
async function missingMessage(file: string): Promise<Problem[]> {
  const found = await orUndefined(stat(file));
  if (found?.isFile() === true) return [];
  const message = `The message file ${file} is not there, so it is not listed.`;
  return [problem('file-unreadable', message, undefined, { severity: 'warning' })];
}

/**
 * The files of a dataset: the data file, then the file with its checksum (`save_file_hash`), then the message that
 * announced it, when one was given. Nothing is written: a dry run must leave no trace.
 * @throws FileError as `describeFiles`.
 */
export async function listDataFiles(
  named: NamedFiles,
  config: Config,
  options: DataFileListOptions = {},
): Promise<DataFileList> {
  const files = config.ingestion.file_handling;
  const message = files.message_to_file ? named.messageFile : undefined;
  const problems = message === undefined ? [] : await missingMessage(message);
  const paths = [
    ...(named.dataFile === undefined ? [] : [named.dataFile]),
    ...(message === undefined || problems.length > 0 ? [] : [message]),
  ];
  const describeOptions = {
    ...options,
    computeFileStats: files.compute_file_stats,
    computeFileHash: files.compute_file_hash,
    fileHashAlgorithm: files.file_hash_algorithm,
  };
  const entries: DataFileEntry[] = [];
  for await (const entry of describeFiles(paths, describeOptions, options.signal, options.onProgress)) {
    entries.push(entry);
  }
  const [dataFile] = entries;
  if (named.dataFile === undefined || !files.save_file_hash || typeof dataFile?.chk !== 'string')
    return { entries, toWrite: [], problems };
  const planned: PlannedFile = {
    path: await hashFilePath(dataFile.path, files),
    content: dataFile.chk,
    ...(path.isAbsolute(files.ingestor_files_directory) && { mayFollow: true }),
  };
  const { entry, isThere } = await describeHashFile(planned, files);
  entries.splice(1, 0, entry);
  return { entries, toWrite: isThere ? [] : [planned], problems };
}

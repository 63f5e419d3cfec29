import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../core/config/configOptions.ts';
import type { Batches } from '../core/files/expandPaths.ts';
import { absolutePath } from '../core/files/pathlibPath.ts';
import type { GivenField } from '../core/ingest/dataset/given.ts';
import { filesBeside } from '../core/ingest/plan/dataFileList.ts';
import type { NamedFiles } from '../core/ingest/plan/dataFileList.ts';
import type { IngestionRequest } from '../core/ingest/prepare.ts';
import type { PreparingNews } from '../core/ingest/preparingNews.ts';
import type { Problem } from '../core/problems/problem.ts';
import { problem } from '../core/problems/problem.ts';

/** What is ingested: a data file, or a folder with the data file that was found in it, if there is one. */
export interface Subject extends NamedFiles {
  readonly moreFiles: Batches<string>;
  /** What was found while looking, and what is left out while the files are listed. */
  readonly problems: Problem[];
  /** What is named as the folder is an archive, with the folder in it. */
  readonly isArchive?: boolean;
}

interface SubjectOptions {
  readonly metadataFile?: string | undefined;
  readonly signal: AbortSignal;
}

interface LookOptions extends SubjectOptions {
  readonly copyTo: unknown;
  readonly onNews: (news: PreparingNews) => void;
}

/** Archives are known by their content; only what is called like one is looked at. */
const archiveName = /\.(?:zip|tar|tgz|gz|7z)$/i;

/**
 * What a name on the command line stands for. A folder becomes one dataset, with all that is in it.
 * @param include of a data file
 * @param metadataFile describes the data, and is not listed with them
 */
async function subjectNamed(
  named: string,
  messageFile: string | undefined,
  include: readonly string[],
  config: Config,
  { metadataFile, signal }: SubjectOptions,
): Promise<Subject> {
  const isFolder = await isFolderName(named);
  const problems: Problem[] = [];
  const onProblem = (found: Problem): number => problems.push(found);
  if (!isFolder && (await isArchive(named)))
    return { folder: absolutePath(named), messageFile, moreFiles: [], problems, isArchive: true };
  if (!isFolder) {
    const files = { dataFile: named, messageFile };
    if (include.length === 0) return { ...files, moreFiles: [], problems };
    // What a plain run does without is loaded when it is needed.
    const { expandPaths } = await import('../core/files/expandPaths.ts');
    const besides = await filesBeside(files, config);
    return { ...files, moreFiles: expandPaths(include, { signal, onProblem, besides }), problems };
  }
  const folder = absolutePath(named);
  const { chooseDataFile, choosePayload } = await import('../core/ingest/sources/payload.ts');
  const leftOut = metadataFile === undefined ? [] : [path.resolve(metadataFile)];
  const chosen = await chooseDataFile(folder, choosePayload(folder, { leftOut, signal }), undefined, signal);
  problems.push(...chosen.problems);
  const files = { dataFile: chosen.dataFile, folder, messageFile };
  const besides = await filesBeside(files, config);
  return { ...files, moreFiles: choosePayload(folder, { leftOut, besides, signal, onProblem }), problems };
}

/** A subject that is looked at, and not ingested. */
export interface OpenSubject extends Subject {
  /** Where the files would stay that lie elsewhere now. */
  readonly published?: IngestionRequest['published'];
  /** An archive that an ingestion would refuse has nothing to look at; `problems` say why. */
  readonly isRefused: boolean;
  /** Removes what was unpacked. */
  readonly close: () => Promise<void>;
}

/**
 * As `subjectNamed`, for somebody who looks: an archive is unpacked as long as that.
 * @param copyTo where its files would stay
 */
export async function openSubject(
  named: string,
  messageFile: string | undefined,
  include: readonly string[],
  config: Config,
  options: LookOptions,
): Promise<OpenSubject> {
  const subject = await subjectNamed(named, messageFile, include, config, options);
  const { copyTo, onNews, signal } = options;
  if (subject.isArchive !== true || typeof copyTo !== 'string') {
    const { folder } = subject;
    const isCopied = folder !== undefined && typeof copyTo === 'string';
    const published = isCopied ? { folder: path.dirname(folder), as: absolutePath(copyTo) } : undefined;
    return { ...subject, published, isRefused: false, close: () => Promise.resolve() };
  }
  const { lookInto } = await import('../core/packages/lookInto.ts');
  const archive = path.basename(named);
  const open = await lookInto(absolutePath(named), absolutePath(copyTo), {
    signal,
    onProgress: (progress) => {
      onNews({ kind: 'unpacked', archive, ...progress });
    },
  });
  const { folder, published, problems, close } = open;
  if (folder === undefined) return { ...subject, problems: [...problems], isRefused: true, close };
  try {
    const inside = await subjectNamed(folder, messageFile, include, config, options);
    return { ...inside, problems: [...problems, ...inside.problems], published, isRefused: false, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What cannot be said together with a folder. */
export async function notForFolders(names: readonly string[], include: unknown): Promise<readonly Problem[]> {
  const found = await Promise.all(names.map(isFolderName));
  if (include === undefined || !found.includes(true)) return [];
  return [problem('usage', '--include belongs to a data file; of a folder all that is in it is ingested.')];
}

/** An archive is unpacked where its files stay, and nowhere else. */
export async function archiveNeeds(
  names: readonly string[],
  { copyTo, isDry }: { readonly copyTo: unknown; readonly isDry: boolean },
): Promise<readonly Problem[]> {
  for (const name of names) {
    if (await isFolderName(name)) continue;
    if (!(await isArchive(name))) continue;
    if (copyTo !== undefined) continue;
    if (isDry)
      return [
        problem(
          'usage',
          `${name} is an archive, and a dry run unpacks nothing unless it is told where the files would stay: --copy-to FOLDER. Or unpack it, and name the folder.`,
        ),
      ];
    return [problem('usage', `${name} is an archive. Say where its files are to stay: --copy-to FOLDER.`)];
  }
  return [];
}

async function isArchive(name: string): Promise<boolean> {
  if (!archiveName.test(name)) return false;
  const { archiveFormat } = await import('../core/packages/formats.ts');
  return (await archiveFormat(name).catch(() => undefined)) !== undefined;
}

async function isFolderName(name: string): Promise<boolean> {
  return (await stat(name).catch(() => undefined))?.isDirectory() === true;
}

/** What `--metadata` names, read. @returns what is wrong, where there is anything that keeps it from being used */
export async function metadataNamed(
  file: unknown,
): Promise<{ readonly fields: readonly GivenField[] } | { readonly problems: readonly Problem[] }> {
  if (typeof file !== 'string') return { fields: [] };
  if (file === '') return { problems: [problem('usage', '--metadata needs a file.')] };
  const { loadMetadata, metadataProblems } = await import('../core/ingest/metadata/metadataFile.ts');
  const read = await loadMetadata(file);
  if ('problem' in read) return { problems: [read.problem] };
  // What SciCat would refuse is told with the rest of what it would.
  const wrong = metadataProblems(read).filter(({ code }) => code !== 'scicat-refuses');
  return wrong.length > 0 ? { problems: wrong } : { fields: read.fields };
}

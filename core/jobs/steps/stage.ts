import { copyFile, constants, link, lstat, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expandPaths } from '../../files/expandPaths.ts';
import { failureCode, failureReason } from '../../files/failureReason.ts';
import { unreadableFile } from '../../files/fileError.ts';
import { filesBeside } from '../../ingest/plan/dataFileList.ts';
import { isBag } from '../../packages/bags/bag.ts';
import { PackageError } from '../../packages/packageError.ts';
import { unpackArchive } from '../../packages/unpack.ts';
import { stripRoot, unpackWithin } from '../../packages/unpackWithin.ts';
import { walkFolder } from '../../packages/walk.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { JobRecord } from '../job.ts';
import { partFile } from '../store/parts.ts';
import { copyFolder } from './copyFolder.ts';
import { rejected } from './rejected.ts';
import type { Payload, Step, Stopped, Work } from './work.ts';

/**
 * Finds the files of a job, and unpacks what is packed. What was sent ends in a folder of its own below `storage`, made
 * under another name first: it is whole, or not there.
 */
export const stage: Step = async (work) => {
  try {
    return await stageFiles(work);
  } catch (error) {
    if (error instanceof PackageError) return rejected(work, [problem('package', error.message)]);
    throw error;
  }
};

async function stageFiles(work: Work): Promise<Stopped | undefined> {
  const { request, parts } = work.job.record;
  if (request.dataFile !== undefined) {
    const { within, dataFile } = request;
    const stopped = within === undefined ? undefined : await leadsOut(dataFile, within);
    if (stopped) return rejected(work, [stopped]);
    work.payload = await namedFiles(work, work.circumstances.dataFile ?? dataFile);
    if (within !== undefined) await work.job.notes({ staged: { within: await realpath(within) } });
    return undefined;
  }
  if (request.folder === undefined && !parts.some(({ kind }) => kind !== 'metadata'))
    return rejected(work, [problem('package', 'Nothing was sent that could be ingested: there is no file.')]);
  const kept = work.job.record.staged?.folder;
  const isKept = kept !== undefined && (await isFolder(kept));
  const folder = isKept
    ? kept
    : request.folder === undefined
      ? await unpackParts(work)
      : await inPlace(work, request.folder);
  if (typeof folder !== 'string') return folder;
  const within = request.within === undefined ? undefined : await realpath(request.within);
  await work.job.notes({ staged: { folder, within } });
  return undefined;
}

/** A data file that was named, and what was named besides. */
async function namedFiles({ job, circumstances, signal, problems }: Work, dataFile: string): Promise<Payload> {
  const { include, messageFile: recorded, folder } = job.record.request;
  const { config, moreFiles, messageFile = recorded } = circumstances;
  const onProblem = (found: (typeof problems)[number]): number => problems.push(found);
  const besides = await filesBeside({ dataFile, messageFile }, config);
  return {
    dataFile,
    messageFile,
    folder,
    moreFiles: moreFiles ?? (include.length === 0 ? [] : expandPaths(include, { signal, onProblem, besides })),
  };
}

/** A folder, an archive or a file that lies in a location. @returns the real path of the folder that is the dataset */
async function inPlace(work: Work, named: string): Promise<string | Stopped> {
  const { request } = work.job.record;
  const real = await realOf(named);
  const stopped = request.within === undefined ? undefined : await leadsOut(named, request.within);
  if (stopped) return rejected(work, [stopped]);
  const found = await lstat(real);
  const { isArchive = false, unpack = false, copyTo } = request.options;
  if (found.isDirectory()) {
    if (isArchive)
      return rejected(work, [problem('package', `${path.basename(named)} is a folder, and an archive was announced.`)]);
    if (copyTo !== undefined) return copied(work, real, copyTo);
    return unpack && (await holdsArchives(real)) ? unpackedCopy(work, real) : real;
  }
  if (!found.isFile())
    return rejected(work, [problem('package', `${path.basename(named)} is neither a folder nor a file.`)]);
  return filled(work, (folder) => placeFile(work, real, path.basename(real), isArchive, folder));
}

async function realOf(named: string): Promise<string> {
  return realpath(named).catch((error: unknown) => {
    throw unreadableFile(named, error);
  });
}

/** What is wrong with a file or folder that lies elsewhere than where it was named. */
async function leadsOut(named: string, within: string): Promise<Problem | undefined> {
  if (isBelow(await realOf(named), await realpath(within))) return undefined;
  return problem('package', `${path.basename(named)} leads out of the folder that it was named in.`);
}

/** All parts in one folder: archives unpacked, files as they are called. */
async function unpackParts(work: Work): Promise<string> {
  const { record, folder: own } = work.job;
  const { isArchive = false } = record.request.options;
  return filled(work, async (folder) => {
    for (const part of record.parts) {
      if (part.kind === 'metadata') continue;
      await placeFile(work, partFile(own, part.id), part.name, part.kind === 'archive' || isArchive, folder);
    }
  });
}

/** Puts a file, or what is packed in it, into a folder; never over anything. */
async function placeFile(
  { signal, job }: Work,
  file: string,
  name: string,
  isArchive: boolean,
  folder: string,
): Promise<void> {
  if (!isArchive) {
    await linkOrCopy(file, path.join(folder, path.basename(name)));
    return;
  }
  const unpacked = path.join(folder, '.imsc-unpacked');
  await unpackArchive(file, unpacked, {
    name,
    signal,
    onProgress: (progress) => {
      job.tell({ kind: 'unpacked', archive: path.basename(name), ...progress });
    },
  });
  const root = await stripRoot(unpacked);
  if (job.record.request.options.refusesNested === true) await requireFiles(root, name);
  for (const entry of await readdir(root)) await moveInto(path.join(root, entry), path.join(folder, entry));
  await rm(unpacked, { recursive: true, force: true });
}

/** @throws PackageError if there is nothing but one archive in a folder */
async function requireFiles(folder: string, name: string): Promise<void> {
  const [only, ...others] = await readdir(folder);
  if (only === undefined || others.length > 0) return;
  const inner = path.join(folder, only);
  const { archiveFormat } = await import('../../packages/formats.ts');
  if ((await lstat(inner)).isFile() && (await archiveFormat(inner)) !== undefined)
    throw new PackageError('unknown-format', `${name} holds nothing but the archive ${only}; send that one itself.`);
}

/** Moves a file or a folder to where nothing of that name may be, folders into each other. */
async function moveInto(from: string, to: string): Promise<void> {
  const there = await lstat(to).catch(() => undefined);
  if (!there) return rename(from, to);
  if (!there.isDirectory() || !(await lstat(from)).isDirectory())
    throw new PackageError('duplicate', `${path.basename(to)} was sent twice.`);
  for (const entry of await readdir(from)) await moveInto(path.join(from, entry), path.join(to, entry));
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (failureCode(error) === 'EEXIST') throw new PackageError('duplicate', `${path.basename(to)} was sent twice.`);
    // Another file system, or one without hard links.
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** Where a job keeps what was sent, or what it unpacks. */
const storageOf = ({ job, circumstances }: Work): string | undefined =>
  job.record.request.options.copyTo ?? circumstances.storage;

/** Removes what was unpacked of a named archive, when no dataset came of it. What the system does not let go stays. */
export async function removeUnpacked({ request }: Pick<JobRecord, 'request'>): Promise<void> {
  const { copyTo, unpackAs } = request.options;
  if (copyTo === undefined || unpackAs === undefined) return;
  for (const name of [unpackAs, unfinished(unpackAs)])
    await rm(path.join(copyTo, name), { recursive: true, force: true }).catch(() => undefined);
}

/** What a folder is called until all is in it. */
const unfinished = (name: string): string => `.imsc-${name}`;

/** A folder of the job below `storage`, filled under another name first. */
async function filled(work: Work, fill: (folder: string) => Promise<void>): Promise<string> {
  const storage = storageOf(work);
  if (storage === undefined)
    throw new PackageError('unknown-format', 'There is no folder for what is sent: give one with “storage”.');
  const { id, request } = work.job.record;
  const { options } = request;
  await mkdir(storage, { recursive: true });
  const target = path.join(await realpath(storage), options.unpackAs ?? id);
  if (await isFolder(target)) return rootedBag(target);
  const making = path.join(path.dirname(target), unfinished(path.basename(target)));
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true, mode: 0o755 });
  try {
    await fill(making);
    if (options.unpack === true) await unpackTolerantly(work, making);
    await rename(making, target);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (failureCode(error) === undefined) throw error;
    throw unreadableFile(`What was sent for job ${id}`, new Error(failureReason(error)));
  }
  return rootedBag(target);
}

/** A bag may lie in the one folder of an archive. */
async function rootedBag(folder: string): Promise<string> {
  const root = await stripRoot(folder);
  return root !== folder && (await isBag(root)) ? root : folder;
}

/** Unpacks what is packed among the files, as far as it can be. */
async function unpackTolerantly({ signal, problems, job }: Work, folder: string): Promise<void> {
  const keepInRoot = job.record.request.options.isArchive !== true;
  for (const { message } of await unpackWithin(folder, { signal, keepInRoot }))
    problems.push(problem('package', message, undefined, { severity: 'warning' }));
}

async function unpackedCopy(work: Work, from: string): Promise<string> {
  return filled(work, async (folder) => {
    for await (const { path: name, kind } of walkFolder(from, work.signal)) {
      if (kind !== 'file') continue;
      await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
      await linkOrCopy(path.join(from, name), path.join(folder, name));
    }
  });
}

async function copied(work: Work, from: string, to: string): Promise<string> {
  await mkdir(to, { recursive: true });
  const target = path.join(await realpath(to), path.basename(from));
  await copyFolder(from, target, work.signal);
  return target;
}

async function holdsArchives(folder: string): Promise<boolean> {
  const { archiveFormat } = await import('../../packages/formats.ts');
  for await (const { path: name, kind } of walkFolder(folder))
    if (kind === 'file' && (await archiveFormat(path.join(folder, name))) !== undefined) return true;
  return false;
}

async function isFolder(name: string): Promise<boolean> {
  return (await stat(name).catch(() => undefined))?.isDirectory() === true;
}

function isBelow(real: string, root: string): boolean {
  return real === root || real.startsWith(root.endsWith(path.sep) ? root : `${root}${path.sep}`);
}

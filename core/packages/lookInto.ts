import { randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { failureCode, failureReason } from '../files/failureReason.ts';
import { unreadableFile } from '../files/fileError.ts';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import { bagProblems } from './bags/bagProblems.ts';
import { checkBag, isBag } from './bags/bag.ts';
import { PackageError } from './packageError.ts';
import { unpackArchive } from './unpack.ts';
import type { UnpackOptions } from './unpack.ts';
import { folderName, leaveOutRoot } from './unpackWithin.ts';

/** An archive that somebody looks into: what it holds lies in a folder until it is closed. */
export interface OpenArchive {
  /** What an ingestion would take of it, the payload of a bag; undefined where it would refuse it: then nothing is left. */
  readonly folder: string | undefined;
  /** Where `folder` would stay: everything of it lies there by the same name. */
  readonly published: { readonly folder: string; readonly as: string };
  readonly problems: readonly Problem[];
  /** Removes all that was made. What the system does not let go stays. */
  readonly close: () => Promise<void>;
}

/**
 * Unpacks an archive as its ingestion would, where its files would stay, for as long as somebody looks.
 * @param stay the folder that an ingestion would unpack into; it may not be there yet
 * @throws FileError `file-unreadable`; the signal's reason. Then nothing is left
 */
export async function lookInto(archive: string, stay: string, options: UnpackOptions = {}): Promise<OpenArchive> {
  const madeFirst = await mkdir(stay, { recursive: true }).catch((error: unknown) => {
    throw unreadableFile(stay, error);
  });
  const below = await realpath(stay);
  const own = path.join(below, `.imsc-look-${randomBytes(4).toString('hex')}`);
  const close = async (): Promise<void> => {
    await rm(own, { recursive: true, force: true }).catch(() => undefined);
    if (madeFirst !== undefined) await removeEmpty(below, await realpath(path.dirname(madeFirst)));
  };
  const published = { folder: own, as: below };
  try {
    await mkdir(own);
    const found = await contentOf(archive, path.join(own, folderName(archive)), options);
    if (found.folder === undefined) await close();
    return { ...found, published, close };
  } catch (error) {
    await close();
    options.signal?.throwIfAborted();
    if (error instanceof PackageError)
      return { folder: undefined, published, problems: [problem('package', error.message)], close };
    // What the system says names a folder that is gone.
    if (failureCode(error) === undefined) throw error;
    throw unreadableFile(archive, new Error(failureReason(error)));
  }
}

async function contentOf(
  archive: string,
  into: string,
  options: UnpackOptions,
): Promise<Pick<OpenArchive, 'folder' | 'problems'>> {
  await unpackArchive(archive, into, options);
  await leaveOutRoot(into, `${into}.root`);
  if (!(await isBag(into))) return { folder: into, problems: [] };
  const { findings, valid } = await checkBag(into, { signal: options.signal });
  return { folder: valid ? path.join(into, 'data') : undefined, problems: bagProblems(findings) };
}

/** Removes a folder and those above it, as long as nothing is in them. @param end stays */
async function removeEmpty(folder: string, end: string): Promise<void> {
  for (let each = folder; each !== end && each !== path.dirname(each); each = path.dirname(each)) {
    const entries = await readdir(each).catch(() => ['?']);
    if (entries.length > 0) return;
    await rmdir(each).catch(() => undefined);
  }
}

import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';

/** How a job is named: the time of its making, and something that tells it from others of that second. */
export const jobName = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** The folder in which a job lies that ended on that day: the older ones are found without looking into any. */
export function finishedFolder(journal: string, at: string): string {
  return path.join(journal, 'finished', at.slice(0, 10));
}

/** Puts a job that has ended where the ended ones are. */
export async function moveAway(journal: string, folder: string, at: string): Promise<void> {
  const to = finishedFolder(journal, at);
  await makeFolder(to, 0o700);
  // Another process may have been quicker, or it lies there already.
  await rename(folder, path.join(to, path.basename(folder))).catch(() => undefined);
}

/** Where the folder of a job lies. */
export interface JobFolder {
  readonly id: string;
  readonly folder: string;
  /** It has been put away: nothing is left to do. */
  readonly isEnded: boolean;
}

/** The jobs of a journal by their names, newest first, without looking into any. */
export async function jobFolders(journal: string): Promise<readonly JobFolder[]> {
  const found = await Promise.all([
    foldersIn(path.join(journal, 'runs'), false),
    ...(await namesIn(path.join(journal, 'finished'))).map((day) =>
      foldersIn(path.join(journal, 'finished', day), true),
    ),
  ]);
  return found.flat().sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** Where the job of that name lies; undefined if there is none. */
export async function findJobFolder(journal: string, id: string): Promise<JobFolder | undefined> {
  return jobName.test(id) ? (await jobFolders(journal)).find((each) => each.id === id) : undefined;
}

async function foldersIn(folder: string, isEnded: boolean): Promise<JobFolder[]> {
  const names = await namesIn(folder);
  return names.filter((id) => jobName.test(id)).map((id) => ({ id, folder: path.join(folder, id), isEnded }));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => []);
}

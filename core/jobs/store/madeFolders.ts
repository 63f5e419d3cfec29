import { compareDataFiles, identifyDataFile } from '../../files/dataFileIdentity.ts';
import type { DataFileIdentity } from '../../files/dataFileIdentity.ts';
import { CatalogueAddress } from '../../scicat/catalogueAddress.ts';
import { isJsonObject, jsonIn, textAt } from '../../scicat/json.ts';
import { isFileIdentity } from './jobRecord.ts';
import type { JobStore } from './jobStore.ts';

/*
 * Which dataset was made of a folder: a note of the store under the real path of the folder and the address of SciCat, so
 * that it is found without looking at any job. It stays when the job goes.
 */

/** The dataset that was made of a folder, and the job that made it. */
export interface MadeFolder {
  readonly pid: string;
  readonly job: string;
  /** The folder of that name is another one now. */
  readonly isReplaced: boolean;
}

function noteOf(realPath: string, host: string): string {
  return JSON.stringify(['folder', realPath, CatalogueAddress.identityOf(host)]);
}

/** Keeps which dataset was made of a folder. A folder that is gone is not kept. @throws FileError `journal-unwritable` */
export async function keepMadeFolder(
  store: JobStore,
  folder: string,
  host: string,
  { pid, job }: Pick<MadeFolder, 'pid' | 'job'>,
): Promise<void> {
  const identity = await identifyDataFile(folder).catch(() => undefined);
  if (identity?.realPath === undefined) return;
  await store.setMark(noteOf(identity.realPath, host), JSON.stringify({ folder: identity, host, pid, job }));
}

/** The dataset that was made of a folder in a SciCat, by whatever names; undefined where none is known. */
export async function madeOfFolder(store: JobStore, folder: string, host: string): Promise<MadeFolder | undefined> {
  const now = await identifyDataFile(folder).catch(() => undefined);
  if (now?.realPath === undefined) return undefined;
  const kept = jsonIn((await store.mark(noteOf(now.realPath, host))) ?? '');
  const before = identityIn(kept);
  const [pid, job] = [textAt(kept, 'pid'), textAt(kept, 'job')];
  if (!before || pid === undefined || job === undefined) return undefined;
  return { pid, job, isReplaced: (await compareDataFiles(before, now)) === 'replaced' };
}

function identityIn(kept: unknown): DataFileIdentity | undefined {
  const folder = isJsonObject(kept) ? kept['folder'] : undefined;
  return isFileIdentity(folder) ? folder : undefined;
}

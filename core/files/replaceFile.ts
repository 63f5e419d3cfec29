import { constants } from 'node:fs';
import { open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './makeFolder.ts';

/**
 * Writes a small file whole: what has its name afterwards is it, and what had it before, also a link, is gone. A link in
 * place of a folder is not followed, because those who may write beside the data have fewer rights than the ingestor.
 * @param mayFollow whether links in the path to the folder are followed all the same
 * @throws what the system says, or an error with a message for a person
 */
export async function replaceFile(file: string, content: string, mayFollow = false): Promise<void> {
  const folder = path.dirname(file);
  if (!mayFollow) await refuseLinks(await existingPart(folder));
  await makeFolder(folder);
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    // What is opened stays the same folder, whatever is put in its place meanwhile.
    const fixed = `/proc/self/fd/${handle.fd}`;
    const opened = await readlink(fixed).catch(() => undefined);
    if (!mayFollow && opened !== undefined && opened !== folder) throw linked(folder);
    if (!mayFollow && opened === undefined) await refuseLinks(folder);
    await replaceIn(opened === undefined ? folder : fixed, path.basename(file), content);
  } finally {
    await handle.close();
  }
}

async function replaceIn(folder: string, name: string, content: string): Promise<void> {
  const half = `${folder}/.${name}.${process.pid}.${Date.now()}`;
  const handle = await open(half, 'wx');
  try {
    try {
      await handle.writeFile(content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(half, `${folder}/${name}`);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/** The folder, or the nearest one that it lies in and that is there. */
async function existingPart(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const isThere = await stat(at).then(
      () => true,
      () => false,
    );
    if (isThere || path.dirname(at) === at) return at;
  }
}

async function refuseLinks(folder: string): Promise<void> {
  if ((await realpath(folder)) !== folder) throw linked(folder);
}

function linked(folder: string): Error {
  return new Error(
    `${folder} leads elsewhere by a symbolic link, which is not followed; if it is meant, name the folder as a whole path in ingestion.file_handling.ingestor_files_directory`,
  );
}

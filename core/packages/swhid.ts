import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { FileError, unreadableFile } from '../files/fileError.ts';

export interface SwhidOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read so far; after each piece. */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
  /** Files and folders that are left out, by their path from the folder on, with slashes. */
  readonly skip?: ((path: string) => boolean) | undefined;
}

/** An entry of a tree as git stores it. */
interface TreeEntry {
  readonly mode: '40000' | '100644' | '100755';
  readonly name: string;
  readonly hash: Buffer;
}

/**
 * The identifier of a folder's content (https://www.swhid.org, ISO/IEC 18670): `swh:1:dir:` and the hash that git gives
 * the tree. As in git, an empty folder is not part of it; links and devices are not either. Files are read in pieces.
 * @throws FileError `file-unreadable`, `file-changed`; the signal's reason
 */
export async function swhidOfFolder(folder: string, options: SwhidOptions = {}): Promise<string> {
  const done = { bytes: 0 };
  const tree = await treeOf(folder, '', options, done);
  return `swh:1:dir:${(tree ?? treeHash(Buffer.alloc(0))).toString('hex')}`;
}

function treeHash(content: Buffer): Buffer {
  return createHash('sha1').update(`tree ${content.length}\0`).update(content).digest();
}

/** @returns undefined for a folder without a file */
async function treeOf(
  root: string,
  below: string,
  options: SwhidOptions,
  done: { bytes: number },
): Promise<Buffer | undefined> {
  const folder = path.join(root, below);
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadableFile(folder, error);
  });
  const entries: TreeEntry[] = [];
  for (const item of found) {
    options.signal?.throwIfAborted();
    const { name } = item;
    const inner = below === '' ? name : `${below}/${name}`;
    if (options.skip?.(inner) === true) continue;
    if (item.isDirectory()) {
      const hash = await treeOf(root, inner, options, done);
      if (hash) entries.push({ mode: '40000', name, hash });
    } else if (item.isFile()) entries.push({ name, ...(await blobOf(path.join(root, inner), options, done)) });
  }
  if (entries.length === 0) return undefined;
  entries.sort((one, other) => Buffer.compare(sortKey(one), sortKey(other)));
  return treeHash(Buffer.concat(entries.flatMap(({ mode, name, hash }) => [Buffer.from(`${mode} ${name}\0`), hash])));
}

/** Git sorts folders as if their names ended with a slash. */
function sortKey({ mode, name }: TreeEntry): Buffer {
  return Buffer.from(mode === '40000' ? `${name}/` : name);
}

async function blobOf(
  file: string,
  { signal, onProgress }: SwhidOptions,
  done: { bytes: number },
): Promise<Omit<TreeEntry, 'name'>> {
  try {
    const { size, mode } = await lstat(file);
    const hash = createHash('sha1').update(`blob ${size}\0`);
    let read = 0;
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
      if (!(piece instanceof Uint8Array)) continue;
      hash.update(piece);
      read += piece.length;
      done.bytes += piece.length;
      onProgress?.(done.bytes);
    }
    if (read !== size) throw new FileError('file-changed', `${file} changed while it was read; is it being written?`);
    // The owner's right alone, as git takes it.
    return { mode: (mode & 0o100) === 0 ? '100644' : '100755', hash: hash.digest() };
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof FileError ? error : unreadableFile(file, error);
  }
}

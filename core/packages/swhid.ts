import { createHash } from 'node:crypto';
import path from 'node:path';
import { unreadableFile } from '../files/fileError.ts';
import { digestFiles } from '../files/fileHasher.ts';
import { walkFolder } from './walk.ts';
import type { FoundFile } from './walk.ts';

export interface SwhidOptions {
  readonly signal?: AbortSignal | undefined;
  /** Files and folders that are left out, by their path from the folder on, with slashes. */
  readonly skip?: ((path: string) => boolean) | undefined;
  /** Bytes read so far; at most ten times a second, and once at the end. */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
}

/** What git keeps of a folder: each entry with its mode and, of a file, its hash. */
interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: Map<string, { readonly mode: '100644' | '100755'; readonly hash: string }>;
}

const emptyFolder = (): Folder => ({ folders: new Map(), files: new Map() });

/**
 * The identifier of a folder's content (https://www.swhid.org, ISO/IEC 18670): `swh:1:dir:` and the hash that git gives
 * the tree. As in git, an empty folder is not part of it; links and devices are not either. Files are read in pieces.
 * @throws FileError `file-unreadable`, `file-changed`; the signal's reason
 */
export async function swhidOfFolder(folder: string, { signal, skip, onProgress }: SwhidOptions = {}): Promise<string> {
  const found: FoundFile[] = [];
  try {
    for await (const file of walkFolder(folder, signal, skip)) if (file.kind === 'file') found.push(file);
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadableFile(folder, error);
  }
  const root = emptyFolder();
  const algorithms = ['git-blob'];
  const files = found.map((inner) => ({
    path: path.join(folder, inner.path),
    size: inner.size,
    algorithms,
    inner,
  }));
  for await (const { file, digests } of digestFiles(files, { signal, onProgress })) {
    const parts = file.inner.path.split('/');
    const name = parts.pop() ?? '';
    let above = root;
    for (const part of parts) {
      const next = above.folders.get(part) ?? emptyFolder();
      above.folders.set(part, next);
      above = next;
    }
    // The owner's right alone, as git takes it.
    above.files.set(name, { mode: file.inner.isExecutable ? '100755' : '100644', hash: digests[0] ?? '' });
  }
  return `swh:1:dir:${treeHash(root)}`;
}

/** The hash of a folder, in hexadecimal digits. Git sorts folders as if their names ended with a slash. */
function treeHash({ folders, files }: Folder): string {
  const entries = [
    ...[...folders].map(([name, inner]) => ({
      key: Buffer.from(`${name}/`),
      name,
      mode: '40000',
      hash: treeHash(inner),
    })),
    ...[...files].map(([name, { mode, hash }]) => ({ key: Buffer.from(name), name, mode, hash })),
  ];
  entries.sort((one, other) => Buffer.compare(one.key, other.key));
  const content = Buffer.concat(
    entries.flatMap(({ mode, name, hash }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(hash, 'hex')]),
  );
  return createHash('sha1').update(`tree ${content.length}\0`).update(content).digest('hex');
}

import { lstat, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startDigest } from '../../files/digest.ts';
import type { Digest } from '../../files/digest.ts';
import { FileError, unreadableFile } from '../../files/fileError.ts';
import { failureReason } from '../../files/failureReason.ts';
import { digestFiles } from '../../files/fileHasher.ts';
import { isBag } from './bag.ts';
import type { BagProgress } from './bag.ts';
import { bagAlgorithms } from './bagAlgorithms.ts';
import { pathMistake } from './manifest.ts';
import { walkFolder } from '../walk.ts';
import type { FoundFile } from '../walk.ts';

export interface MakeBagOptions {
  /** Names of manifests' checksums; each file is read once for all of them. */
  readonly algorithms: readonly string[];
  /** Further lines of bag-info.txt. */
  readonly info?: readonly (readonly [label: string, value: string])[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BagProgress) => void) | undefined;
}

/** Where the files wait while the folder becomes a bag. */
const waiting = '.imsc-bag';

/**
 * Makes a bag of version 1.0 of a folder, in place: what is in it comes into data/. Checksums are made before anything
 * is moved, so that a file that cannot be read leaves the folder as it was.
 * @throws FileError `file-unreadable`, `file-changed`, `file-path`, `hash-algorithm`; the signal's reason when aborted
 */
export async function makeBag(
  folder: string,
  options: MakeBagOptions,
): Promise<{ readonly files: number; readonly bytes: number }> {
  if (await isBag(folder)) throw new FileError('file-path', `${folder} is a bag already.`);
  if (await lstat(path.join(folder, waiting)).catch(() => undefined)) {
    const message = `${folder} has ${waiting} of an attempt that was interrupted. Put back what is in ${waiting}/data, and remove ${waiting}.`;
    throw new FileError('file-path', message);
  }
  const files = await filesOf(folder, options.signal);
  const bytes = files.reduce((total, { size }) => total + size, 0);
  const manifests = await manifestsOf(folder, files, options, bytes);
  const tags = tagFiles(manifests, infoText(options.info ?? [], `${bytes}.${files.length}`));
  try {
    await moveIntoBag(folder, tags);
  } catch (error) {
    throw new FileError('file-path', `${folder} cannot be made a bag: ${failureReason(error)}.`);
  }
  return { files: files.length, bytes };
}

/** All files beside data/, by their names; bagit.txt, which says that it is a bag, is the last one. */
function tagFiles(manifests: ReadonlyMap<string, string>, info: string): ReadonlyMap<string, string> {
  const tags = new Map([
    ['bag-info.txt', info],
    ...[...manifests].map(([algorithm, text]): [string, string] => [`manifest-${algorithm}.txt`, text]),
  ]);
  const declaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
  const listed = [['bagit.txt', declaration] as const, ...tags];
  for (const algorithm of manifests.keys()) {
    const lines = listed.map(([name, text]) => `${digestOf(algorithm, text)}  ${name}\n`);
    tags.set(`tagmanifest-${algorithm}.txt`, lines.join(''));
  }
  return tags.set('bagit.txt', declaration);
}

/**
 * Everything is written before anything is moved, since the disk may be full. If a move fails, those before it are taken
 * back.
 */
async function moveIntoBag(folder: string, tags: ReadonlyMap<string, string>): Promise<void> {
  const place = path.join(folder, waiting);
  await mkdir(place);
  const moved: (readonly [from: string, to: string])[] = [];
  const move = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    moved.push([from, to]);
  };
  try {
    await mkdir(path.join(place, 'data'));
    for (const [name, text] of tags) await writeFile(path.join(place, name), text, { flag: 'wx' });
    for (const name of await readdir(folder))
      if (name !== waiting) await move(path.join(folder, name), path.join(place, 'data', name));
    for (const name of ['data', ...tags.keys()]) await move(path.join(place, name), path.join(folder, name));
    await rmdir(place);
  } catch (error) {
    for (const [from, to] of moved.reverse()) await rename(to, from);
    await rm(place, { recursive: true });
    throw error;
  }
}

async function filesOf(folder: string, signal: AbortSignal | undefined): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  try {
    for await (const file of walkFolder(folder, signal)) files.push(file);
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadableFile(folder, error);
  }
  const odd = files.find(({ kind }) => kind !== 'file');
  if (odd)
    throw new FileError(
      'file-path',
      `${odd.path} is a ${odd.kind === 'symlink' ? 'symbolic link' : 'special file'}, which a bag cannot hold.`,
    );
  for (const { path: name } of files) {
    const mistake = pathMistake(`data/${name}`);
    if (mistake !== undefined) throw new FileError('file-path', `${name} cannot stand in a bag: ${mistake}.`);
  }
  return files;
}

async function manifestsOf(
  folder: string,
  files: readonly FoundFile[],
  { algorithms, signal, onProgress }: MakeBagOptions,
  bytesTotal: number,
): Promise<Map<string, string>> {
  for (const algorithm of algorithms) started(algorithm, 0);
  const lines = new Map(algorithms.map((name): [string, string[]] => [name, []]));
  const given = files.map(({ path: name, size }) => ({ path: path.join(folder, name), name, size, algorithms }));
  const tell =
    onProgress &&
    ((bytesDone: number) => {
      onProgress({ bytesDone, bytesTotal });
    });
  for await (const { file, digests } of digestFiles(given, { signal, onProgress: tell })) {
    for (const [index, algorithm] of algorithms.entries())
      lines.get(algorithm)?.push(`${digests[index] ?? ''}  data/${escaped(file.name)}\n`);
  }
  return new Map([...lines].map(([algorithm, all]) => [algorithm, all.join('')]));
}

/** @throws FileError `hash-algorithm` for what is none of bags */
function started(algorithm: string, size: number): Digest {
  const digest = bagAlgorithms.has(algorithm) ? startDigest(algorithm, size) : undefined;
  if (digest) return digest;
  const known = [...bagAlgorithms.keys()].join(', ');
  throw new FileError('hash-algorithm', `Bags cannot be made with ${algorithm}; use ${known}.`);
}

function digestOf(algorithm: string, text: string): string {
  const bytes = Buffer.from(text);
  const digest = started(algorithm, bytes.length);
  digest.update(bytes);
  return digest.digest();
}

/** Line ends and per cent signs of names (RFC 8493, 2.1.3). */
function escaped(name: string): string {
  return name.replace(/[%\r\n]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

function infoText(more: readonly (readonly [string, string])[], oxum: string): string {
  const lines = [...more, ['Bagging-Date', new Date().toISOString().slice(0, 10)], ['Payload-Oxum', oxum]];
  return lines.map(([label = '', value = '']) => `${label}: ${value.replace(/\s+/g, ' ')}\n`).join('');
}

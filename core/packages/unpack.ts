import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failureCode } from '../files/failureReason.ts';
import { Allowance } from './allowance.ts';
import type { Unpacked, UnpackLimits } from './allowance.ts';
import type { ArchiveEntry } from './archiveEntry.ts';
import { archiveFormat } from './formats.ts';
import type { ArchiveFormat } from './formats.ts';
import { gzipEntries } from './gzip.ts';
import { MemberNames } from './memberNames.ts';
import { PackageError } from './packageError.ts';
import { sevenZipEntries } from './sevenZip.ts';
import { refuseCutTar, tarEntries } from './tar.ts';
import { zipEntries } from './zip.ts';

/** Members up to this size are written in one go: a pipeline costs more than they do. */
const smallBytes = 256 * 1024;
const progressIntervalMs = 100;

export interface UnpackOptions {
  readonly limits?: Partial<UnpackLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is unpacked so far; at most ten times a second, and once at the end. */
  readonly onProgress?: ((progress: Unpacked) => void) | undefined;
}

async function* entriesOf(file: string, format: ArchiveFormat): AsyncGenerator<ArchiveEntry, void> {
  if (format === 'zip') yield* zipEntries(file);
  else if (format === 'tar') {
    await refuseCutTar(file);
    yield* tarEntries(createReadStream(file), file);
  } else if (format === 'gzip') yield* gzipEntries(file);
  else if (format === '7z') yield* sevenZipEntries(file);
  else {
    const message = `Archives of the kind ${format} cannot be unpacked here; use zip or tar.gz.`;
    throw new PackageError('unsupported-format', message);
  }
}

/**
 * Unpacks an archive into a folder that is made for it. All or nothing: if anything of it is refused, nothing stays. It
 * is unpacked beside that folder, as `<into>.unpacking`, and then renamed; what an interrupted call has left there is
 * cleared away by the next one.
 * @param into must not be there yet; the folder above it must
 * @throws PackageError with what is wrong; FileError `file-unreadable`; the signal's reason; what the system says of
 *   writing (`ENOSPC`)
 */
export async function unpackArchive(file: string, into: string, options: UnpackOptions = {}): Promise<void> {
  const allowance = await Allowance.in(path.dirname(into), options.limits);
  await unpackBy(file, into, `${into}.unpacking`, allowance, options);
}

/**
 * As `unpackArchive`, with an allowance that several archives share.
 * @param workplace where it is unpacked first; what is there is removed
 */
export async function unpackBy(
  file: string,
  into: string,
  workplace: string,
  allowance: Allowance,
  { signal, onProgress }: UnpackOptions,
): Promise<void> {
  const name = path.basename(file);
  const format = await archiveFormat(file);
  if (!format) throw new PackageError('unknown-format', `${name} is not an archive of a kind that is known here.`);
  const taken = await lstat(into).catch(() => undefined);
  if (taken) throw new PackageError('duplicate', `there is a ${path.basename(into)} already.`);
  await rm(workplace, { recursive: true, force: true });
  await mkdir(workplace);
  let told = Date.now();
  const tell = (): void => {
    if (Date.now() - told < progressIntervalMs) return;
    told = Date.now();
    onProgress?.(allowance.used);
  };
  try {
    await allowance.forArchive(file, async () => {
      const isEmpty = !(await writeEntries(entriesOf(file, format), workplace, allowance, { signal, tell }));
      if (isEmpty) throw new PackageError('empty', `${name} holds nothing.`);
    });
    await rename(workplace, into).catch((error: unknown) => {
      throw writingFailure(error, path.basename(into));
    });
  } catch (error) {
    await rm(workplace, { recursive: true, force: true });
    signal?.throwIfAborted();
    throw error;
  }
  onProgress?.(allowance.used);
}

interface Writing {
  readonly signal: AbortSignal | undefined;
  /** Called after each piece. */
  readonly tell: () => void;
}

/** @returns whether there was any member */
async function writeEntries(
  entries: AsyncIterable<ArchiveEntry>,
  folder: string,
  allowance: Allowance,
  { signal, tell }: Writing,
): Promise<boolean> {
  const names = await MemberNames.in(folder);
  const made = new Set(['.']);
  const makeFolder = async (name: string): Promise<void> => {
    if (made.has(name)) return;
    await mkdir(path.join(folder, name), { recursive: true });
    made.add(name);
  };
  const grow = (bytes: number): void => {
    allowance.addBytes(bytes);
    tell();
  };
  let isEmpty = true;
  for await (const entry of entries) {
    signal?.throwIfAborted();
    isEmpty = false;
    allowance.addEntry();
    const name = names.take(entry);
    if (name === undefined) continue;
    try {
      await makeFolder(entry.kind === 'folder' ? name : path.posix.dirname(name));
      if (entry.kind === 'folder') continue;
      allowance.check(entry.size ?? 0);
      await writeMember(entry, path.join(folder, name), { grow, signal });
    } catch (error) {
      throw writingFailure(error, name);
    }
    tell();
  }
  return !isEmpty;
}

/** What this file system says of a name, as a fault of the archive; other failures as they are. */
function writingFailure(error: unknown, name: string): unknown {
  const place = { file: name };
  if (failureCode(error) === 'EEXIST')
    return new PackageError('duplicate', `${name} is there twice, as this file system tells names.`, place);
  if (failureCode(error) === 'ENAMETOOLONG')
    return new PackageError('path', `${name} is too long for this file system.`, place);
  return error;
}

/** Writes one member, never over anything and never through a link. */
async function writeMember(
  { open, size, isExecutable = false }: ArchiveEntry,
  target: string,
  { grow, signal }: { readonly grow: (bytes: number) => void; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const content = await open();
  const mode = { flag: 'wx', flags: 'wx', mode: isExecutable ? 0o700 : 0o600 };
  const counted = async function* (source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of source) {
      if (!(chunk instanceof Uint8Array)) continue;
      grow(chunk.length);
      yield chunk;
    }
  };
  if (size !== undefined && size <= smallBytes) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of counted(content)) chunks.push(chunk);
    await writeFile(target, Buffer.concat(chunks), mode);
    return;
  }
  await pipeline(content, counted, createWriteStream(target, mode), signal ? { signal } : {});
}

import { createReadStream, writeFileSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { failureCode } from '../files/failureReason.ts';
import { Pace } from '../files/pace.ts';
import { Allowance } from './archives/allowance.ts';
import type { Unpacked, UnpackLimits } from './archives/allowance.ts';
import type { ArchiveEntry } from './archives/archiveEntry.ts';
import { archiveFormat } from './formats.ts';
import type { ArchiveFormat } from './formats.ts';
import { gzipEntries } from './archives/gzip.ts';
import { MemberNames } from './archives/memberNames.ts';
import { PackageError } from './packageError.ts';
import { sevenZipEntries } from './archives/sevenZip.ts';
import { refuseCutTar, tarEntries } from './archives/tar.ts';
import { zipEntries } from './archives/zip.ts';

/** So much is written at once: what comes out of archives comes in small pieces. */
const pieceBytes = 1024 * 1024;
const progressIntervalMs = 100;

export interface UnpackOptions {
  /** What the archive is called by whoever sent it; default: the name of the file. */
  readonly name?: string | undefined;
  readonly limits?: Partial<UnpackLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is unpacked so far; at most ten times a second, and once at the end. */
  readonly onProgress?: ((progress: Unpacked) => void) | undefined;
}

async function* entriesOf(file: string, name: string, format: ArchiveFormat): AsyncGenerator<ArchiveEntry, void> {
  if (format === 'zip') yield* zipEntries(file);
  else if (format === 'tar') {
    await refuseCutTar(file);
    yield* tarEntries(createReadStream(file), file);
  } else if (format === 'gzip') yield* gzipEntries(file, name);
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
  { name = path.basename(file), signal, onProgress }: UnpackOptions,
): Promise<void> {
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
      const writing = { allowance, signal, tell, pace: new Pace() };
      const isEmpty = !(await writeEntries(entriesOf(file, name, format), workplace, writing));
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
  readonly allowance: Allowance;
  readonly signal: AbortSignal | undefined;
  /** Called after each piece. */
  readonly tell: () => void;
  /** Of small files. */
  readonly pace: Pace;
}

/** @returns whether there was any member */
async function writeEntries(entries: AsyncIterable<ArchiveEntry>, folder: string, writing: Writing): Promise<boolean> {
  const { allowance, signal, tell } = writing;
  const names = await MemberNames.in(folder);
  const made = new Set(['.']);
  const makeFolder = async (name: string): Promise<void> => {
    if (made.has(name)) return;
    await mkdir(path.join(folder, name), { recursive: true });
    made.add(name);
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
      await writeMember(entry, path.join(folder, name), writing);
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
async function writeMember({ open: read, isExecutable = false }: ArchiveEntry, target: string, writing: Writing) {
  const { allowance, signal, tell, pace } = writing;
  const mode = isExecutable ? 0o700 : 0o600;
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let handle: FileHandle | undefined;
  try {
    for await (const chunk of await read()) {
      if (!(chunk instanceof Uint8Array)) continue;
      allowance.addBytes(chunk.length);
      waiting.push(chunk);
      bytes += chunk.length;
      if (bytes < pieceBytes) continue;
      signal?.throwIfAborted();
      handle ??= await open(target, 'wx', mode);
      await handle.writeFile(Buffer.concat(waiting));
      waiting = [];
      bytes = 0;
      tell();
    }
    const rest = Buffer.concat(waiting);
    if (handle) await handle.writeFile(rest);
    else await writeSmall(target, rest, mode, pace);
  } finally {
    await handle?.close();
  }
}

async function writeSmall(target: string, content: Buffer, mode: number, pace: Pace): Promise<void> {
  const options = { flag: 'wx', mode };
  if (pace.isSlow(1)) {
    await writeFile(target, content, options);
    return;
  }
  const start = performance.now();
  writeFileSync(target, content, options);
  pace.tell(performance.now() - start, content.length);
}

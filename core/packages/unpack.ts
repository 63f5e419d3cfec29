import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { unreadableFile } from '../files/fileError.ts';
import { budget } from '../limits/budget.ts';
import type { ArchiveEntry } from './archiveEntry.ts';
import { archiveFormat } from './formats.ts';
import type { ArchiveFormat } from './formats.ts';
import { gzipEntries } from './gzip.ts';
import { pathMistake } from './manifest.ts';
import { PackageError } from './packageError.ts';
import { finding } from './rules.ts';
import type { Finding } from './rules.ts';
import { tarEntries } from './tar.ts';
import { walkFolder } from './walk.ts';
import { zipEntries } from './zip.ts';

/** What an archive may hold at most (core/limits/budget.ts says what each is). */
export interface UnpackLimits {
  readonly entries: number;
  readonly bytes: number;
  readonly ratio: number;
  readonly depth: number;
}

/** Members up to this size are written in one go: a pipeline costs more than they do. */
const smallBytes = 256 * 1024;

export interface UnpackOptions {
  readonly limits?: Partial<UnpackLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly entries: number; readonly bytes: number }) => void) | undefined;
}

function entriesOf(file: string, format: ArchiveFormat): AsyncGenerator<ArchiveEntry, void> {
  if (format === 'zip') return zipEntries(file);
  if (format === 'tar') return tarEntries(createReadStream(file));
  if (format === 'gzip') return gzipEntries(file);
  throw new PackageError(
    'unsupported-format',
    `Archives of the kind ${format} cannot be unpacked here; use zip or tar.gz.`,
  );
}

/**
 * Unpacks an archive into a folder that is made for it. All or nothing: if anything of it is refused, nothing stays.
 * @param into must not be there yet; the folder above it must
 * @throws PackageError with what is wrong; FileError `file-unreadable`; the signal's reason; what the system says of
 *   writing (`ENOSPC`)
 */
export async function unpackArchive(file: string, into: string, options: UnpackOptions = {}): Promise<void> {
  const format = await archiveFormat(file);
  if (!format)
    throw new PackageError('unknown-format', `${path.basename(file)} is not an archive of a kind that is known here.`);
  const unpacking = `${into}.unpacking`;
  await rm(unpacking, { recursive: true, force: true });
  await mkdir(unpacking);
  try {
    const count = await writeEntries(entriesOf(file, format), unpacking, await capsFor(file, into, options), options);
    if (count === 0) throw new PackageError('empty', `${path.basename(file)} holds nothing.`);
    await rename(unpacking, into);
  } catch (error) {
    await rm(unpacking, { recursive: true, force: true });
    throw error;
  }
}

interface Caps {
  readonly entries: number;
  readonly bytes: number;
  readonly ratioBytes: number;
}

async function capsFor(file: string, into: string, options: UnpackOptions): Promise<Caps> {
  const limits = { ...budget.packages, ...options.limits };
  const { bavail, bsize } = await statfs(path.dirname(into));
  const { size } = await stat(file);
  return {
    entries: limits.entries,
    bytes: Math.min(limits.bytes, (bavail * bsize) / 2),
    ratioBytes: Math.max(budget.packages.ratioFrom, size * limits.ratio),
  };
}

/** Systems on which names that differ in capitals or composition are one name. */
const foldsNames = process.platform === 'win32' || process.platform === 'darwin';

async function writeEntries(
  entries: AsyncIterable<ArchiveEntry>,
  folder: string,
  caps: Caps,
  { signal, onProgress }: UnpackOptions,
): Promise<number> {
  const names = new Map<string, 'file' | 'folder'>();
  const done = { entries: 0, bytes: 0 };
  const grow = (bytes: number): void => {
    done.bytes += bytes;
    if (done.bytes > caps.bytes || done.bytes > caps.ratioBytes)
      throw new PackageError(
        'limit',
        `The archive holds more than the ${Math.floor(Math.min(caps.bytes, caps.ratioBytes))} bytes that are allowed.`,
      );
  };
  let count = 0;
  for await (const entry of entries) {
    signal?.throwIfAborted();
    count += 1;
    done.entries = count;
    if (count > caps.entries) throw new PackageError('limit', `The archive has more than ${caps.entries} members.`);
    const name = entry.name.replace(/^(\.\/+)+/, '');
    if (entry.kind === 'folder' && (name === '' || name === '.')) continue;
    refuseEntry(entry, name);
    noteName(names, name, entry.kind === 'folder' ? 'folder' : 'file');
    const target = path.join(folder, name);
    if (entry.kind === 'folder') {
      await mkdir(target, { recursive: true });
      continue;
    }
    if (done.bytes + (entry.size ?? 0) > caps.bytes) grow(entry.size ?? 0);
    await mkdir(path.dirname(target), { recursive: true });
    await writeMember(await entry.open(), target, entry.size, grow, signal);
    onProgress?.(done);
  }
  return count;
}

/** Writes one member, never over anything and never through a link. */
async function writeMember(
  content: AsyncIterable<unknown>,
  target: string,
  size: number | undefined,
  grow: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const mode = { flag: 'wx', flags: 'wx', mode: 0o600 };
  if (size !== undefined && size <= smallBytes) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytesOf(content)) {
      grow(chunk.length);
      chunks.push(chunk);
    }
    await writeFile(target, Buffer.concat(chunks), mode);
    return;
  }
  const counted = async function* (source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of bytesOf(source)) {
      grow(chunk.length);
      yield chunk;
    }
  };
  await pipeline(content, counted, createWriteStream(target, mode), signal ? { signal } : {});
}

async function* bytesOf(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of source) if (chunk instanceof Uint8Array) yield chunk;
}

function refuseEntry({ kind }: ArchiveEntry, name: string): void {
  const place = { file: name };
  const mistake = pathMistake(name);
  if (mistake !== undefined) throw new PackageError('path', `The archive has a member “${name}”: ${mistake}.`, place);
  if (kind === 'symlink') throw new PackageError('symlink', `${name} is a symbolic link; pack the file itself.`, place);
  if (kind === 'link') throw new PackageError('link', `${name} is a hard link; pack the file itself.`, place);
  if (kind === 'special') throw new PackageError('special-file', `${name} is neither a file nor a folder.`, place);
}

/** Keeps the names that are taken, the folders above them too. */
function noteName(names: Map<string, 'file' | 'folder'>, name: string, kind: 'file' | 'folder'): void {
  const key = (text: string): string => (foldsNames ? text.normalize('NFC').toLowerCase() : text);
  const parts = name.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const above = parts.slice(0, length).join('/');
    if (names.get(key(above)) === 'file')
      throw new PackageError('duplicate', `${above} is a file and a folder.`, { file: above });
    names.set(key(above), 'folder');
  }
  const before = names.get(key(name));
  if (before === undefined) names.set(key(name), kind);
  else if (before !== 'folder' || kind !== 'folder')
    throw new PackageError('duplicate', `The archive has ${name} twice.`, { file: name });
}

/** If a folder holds nothing but one folder: that one, otherwise itself. */
export async function rootOf(folder: string): Promise<string> {
  const [first, ...others] = await readdir(folder, { withFileTypes: true });
  return first?.isDirectory() === true && others.length === 0 ? path.join(folder, first.name) : folder;
}

/** The name of the folder that an archive is unpacked into, beside it. */
function folderName(file: string): string {
  const name = path.basename(file).replace(/(\.tar)?\.(zip|tar|tgz|gz|7z|bz2|xz|zst|rar)$/i, '');
  return name === '' || name === path.basename(file) ? `${path.basename(file)}.unpacked` : name;
}

/**
 * Unpacks the archives that lie in a folder, and those inside of them: each becomes a folder of its name without the
 * ending, in which a single root folder is left out. One that cannot be unpacked stays as it is, with a finding.
 * @param keep whether an archive stays beside its folder; default: none does
 */
export async function unpackWithin(
  folder: string,
  options: UnpackOptions & { readonly keep?: (file: string) => boolean } = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const depth = options.limits?.depth ?? budget.packages.depth;
  let waiting = await archivesIn(folder, options.signal);
  for (let level = 1; waiting.length > 0; level += 1) {
    const made: string[] = [];
    for (const file of waiting) {
      const name = path.relative(folder, file);
      if (level > depth) {
        findings.push(
          finding('limit', `${name} lies more than ${depth} archives deep and stays packed.`, {
            severity: 'warning',
            file: name,
          }),
        );
        continue;
      }
      const target = path.join(path.dirname(file), folderName(file));
      try {
        await refuseTaken(target);
        await unpackInto(file, target, options);
        made.push(target);
        if (options.keep?.(file) !== true) await rm(file);
      } catch (error) {
        if (!(error instanceof PackageError)) throw error;
        if (error.found.code === 'empty') {
          if (options.keep?.(file) !== true) await rm(file);
          continue;
        }
        findings.push({
          ...error.found,
          message: `${name} stays as it is: ${error.message}`,
          severity: 'warning',
          file: name,
        });
      }
    }
    waiting = (await Promise.all(made.map((inner) => archivesIn(inner, options.signal)))).flat();
  }
  return findings;
}

async function refuseTaken(target: string): Promise<void> {
  const taken = await lstat(target).catch(() => undefined);
  if (taken) throw new PackageError('duplicate', `there is a ${path.basename(target)} beside it.`);
}

/** Unpacks without the single root folder. */
async function unpackInto(file: string, target: string, options: UnpackOptions): Promise<void> {
  const whole = `${target}.whole`;
  await unpackArchive(file, whole, options);
  const root = await rootOf(whole);
  await rename(root, target);
  if (root !== whole) await rm(whole, { recursive: true });
}

/** Files that look like archives by their name or are some by their content. */
async function archivesIn(folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { path: name, kind } of walkFolder(folder, signal)) {
      const file = path.join(folder, name);
      if (kind !== 'file') continue;
      if (/\.(zip|tar|tgz|tar\.gz|7z)$/i.test(name) || (await archiveFormat(file)) !== undefined) found.push(file);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadableFile(folder, error);
  }
  return found;
}

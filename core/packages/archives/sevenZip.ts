import { open } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { budget, megabytes } from '../../limits/budget.ts';
import type { ArchiveEntry } from './archiveEntry.ts';
import type { Libarchive } from './libarchive.ts';
import { PackageError, readingFailure } from '../packageError.ts';

const types: ReadonlyMap<number, ArchiveEntry['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);

/**
 * The members of a 7z, in its order. libarchive reads it, in its own memory as a whole; the thread has its turn between
 * the pieces.
 * @throws PackageError `damaged`, `checksum`, `encrypted`, `unsupported-format`, `limit`; FileError `file-unreadable`
 */
export async function* sevenZipEntries(file: string): AsyncGenerator<ArchiveEntry, void> {
  let archive: Libarchive | undefined;
  try {
    await refuseDamagedEnds(file);
    const { openLibarchive } = await import('./libarchive.ts');
    archive = await openLibarchive(file);
    for (let member = archive.next(); member; member = archive.next()) {
      const { name, type, size } = member;
      const opened = archive;
      yield {
        name: name.replace(/\/+$/, ''),
        kind: types.get(type) ?? 'special',
        size,
        open: () => Promise.resolve(contentOf(opened, file, name)),
      };
    }
  } catch (error) {
    throw faultOf(error, file, 'The archive');
  } finally {
    archive?.close();
  }
}

async function* contentOf(archive: Libarchive, file: string, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    for (let piece = archive.read(); piece.length > 0; piece = archive.read()) {
      yield piece;
      await turn();
    }
  } catch (error) {
    throw faultOf(error, file, name);
  }
}

/** What libarchive says, by what it means. */
const faults: readonly (readonly [RegExp, 'checksum' | 'encrypted' | 'unsupported-format' | 'limit'])[] = [
  [/bad CRC/i, 'checksum'],
  [/encrypted/i, 'encrypted'],
  [/codec|unsupported|not supported/i, 'unsupported-format'],
  [/memory/i, 'limit'],
];

function faultOf(error: unknown, file: string, what: string): unknown {
  const said = error instanceof Error ? error.message : '';
  const code = faults.find(([pattern]) => pattern.test(said))?.[1];
  if (error instanceof PackageError || code === undefined) return readingFailure(error, file, what);
  const messages = {
    checksum: `The content of ${what} does not match its CRC.`,
    encrypted: `${what} is encrypted; pack it without a password.`,
    'unsupported-format': `${what} is compressed in a way that cannot be read here (${said}).`,
    limit: `${what} needs more memory than there is for it.`,
  };
  return new PackageError(code, messages[code]);
}

/**
 * Looks at what libarchive does not tell: whether the list of the members, which is at the end, is there and as its
 * checksums say (7zFormat.txt of the 7-Zip sources: signature header).
 */
async function refuseDamagedEnds(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > budget.packages.sevenZip) {
      const most = megabytes(budget.packages.sevenZip);
      throw new PackageError('limit', `7z archives of more than ${most} cannot be unpacked here; use zip or tar.gz.`);
    }
    const start = Buffer.alloc(32);
    await handle.read(start, 0, 32, 0);
    const list = { at: Number(start.readBigUInt64LE(12)) + 32, size: Number(start.readBigUInt64LE(20)) };
    const isWhole = crc32(start.subarray(12)) === start.readUInt32LE(8) && list.at + list.size <= size;
    if (!isWhole)
      throw new PackageError('damaged', 'The archive is damaged or cut off: the list of its members is missing.');
    const bytes = Buffer.alloc(list.size);
    await handle.read(bytes, 0, list.size, list.at);
    if (crc32(bytes) !== start.readUInt32LE(28))
      throw new PackageError('damaged', 'The archive is damaged: the list of its members does not match its CRC.');
  } finally {
    await handle.close();
  }
}

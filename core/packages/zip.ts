import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { ArchiveEntry } from './archiveEntry.ts';
import { PackageError } from './packageError.ts';

const isUnix = 3;
const typeMask = 0o170000;
const types: ReadonlyMap<number, ArchiveEntry['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);
/** Stored and deflated. */
const methods = new Set([0, 8]);

/**
 * The name as whoever packed it wrote it. Names without the flag for UTF-8 are in code page 437 by the standard; zip on
 * Unix writes the bytes of the system there, which are UTF-8 in our day.
 */
function nameOf(entry: Entry): string {
  const raw: unknown = entry.fileName;
  if (!Buffer.isBuffer(raw)) return entry.fileName;
  if (entry.versionMadeBy >>> 8 === isUnix && isUtf8(raw)) return raw.toString('utf8');
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
}

function kindOf(entry: Entry, name: string): ArchiveEntry['kind'] {
  const type = entry.versionMadeBy >>> 8 === isUnix ? (entry.externalFileAttributes >>> 16) & typeMask : 0;
  if (type !== 0) return types.get(type) ?? 'special';
  return name.endsWith('/') ? 'folder' : 'file';
}

/** Passes bytes on and compares their checksum at the end; yauzl compares sizes alone. */
function checked(content: Readable, name: string, expected: number): Readable {
  let sum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush(done) {
      done(sum === expected ? null : new PackageError('checksum', `The content of ${name} does not match its CRC.`));
    },
  });
  content.on('error', (error) => check.destroy(damaged(error, name)));
  return content.pipe(check);
}

function damaged(error: unknown, what: string): PackageError {
  if (error instanceof PackageError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new PackageError('damaged', `${what} is damaged or cut off: ${why}`);
}

/**
 * The members of a zip, in the order of its directory.
 * @throws PackageError `damaged`, `encrypted`, `unsupported-format`
 */
export async function* zipEntries(file: string): AsyncGenerator<ArchiveEntry, void> {
  let zip: ZipFile;
  try {
    // Names are decoded here, because yauzl would refuse an archive with a bad name without saying which name.
    zip = await openPromise(file, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw damaged(error, 'The archive');
  }
  try {
    for await (const entry of directoryOf(zip)) {
      const name = nameOf(entry);
      const bare = name.endsWith('/') ? name.slice(0, -1) : name;
      if ((entry.generalPurposeBitFlag & 1) !== 0)
        throw new PackageError('encrypted', `${bare} is encrypted; pack it without a password.`, { file: bare });
      if (!methods.has(entry.compressionMethod)) {
        const message = `${bare} is compressed by a method (${entry.compressionMethod}) that cannot be read here.`;
        throw new PackageError('unsupported-format', message, { file: bare });
      }
      const open = async (): Promise<Readable> => {
        try {
          return checked(await zip.openReadStreamPromise(entry), bare, entry.crc32);
        } catch (error) {
          throw damaged(error, bare);
        }
      };
      yield { name: bare, kind: kindOf(entry, name), size: entry.uncompressedSize, open };
    }
  } finally {
    zip.close();
  }
}

async function* directoryOf(zip: ZipFile): AsyncGenerator<Entry, void> {
  for (;;) {
    const next = new Promise<Entry | undefined>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('end', () => {
        resolve(undefined);
      });
      zip.once('error', reject);
    });
    zip.readEntry();
    let entry: Entry | undefined;
    try {
      entry = await next;
    } catch (error) {
      throw damaged(error, 'The archive');
    } finally {
      zip.removeAllListeners();
    }
    if (!entry) return;
    yield entry;
  }
}

import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { ArchiveEntry } from './archiveEntry.ts';
import { PackageError, readingFailure } from './packageError.ts';

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
  const raw = entry.fileNameRaw;
  const isOfUnix = entry.versionMadeBy >>> 8 === isUnix;
  if (isOfUnix && isUtf8(raw)) return raw.toString('utf8');
  // Elsewhere some wrote “\\” between folders; on Unix it is a letter like others.
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, true);
  return isOfUnix ? name : name.replaceAll('\\', '/');
}

/** Type and rights as Unix has them, or 0 where it was packed elsewhere. */
function modeOf({ versionMadeBy, externalFileAttributes }: Entry): number {
  return versionMadeBy >>> 8 === isUnix ? externalFileAttributes >>> 16 : 0;
}

function kindOf(entry: Entry, name: string): ArchiveEntry['kind'] {
  const type = modeOf(entry) & typeMask;
  if (type !== 0) return types.get(type) ?? 'special';
  return name.endsWith('/') ? 'folder' : 'file';
}

/** Passes bytes on and compares their checksum at the end; yauzl compares sizes alone. */
function checked(content: Readable, file: string, name: string, expected: number): Readable {
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
  content.on('error', (error) => check.destroy(readingFailure(error, file, name)));
  check.on('close', () => content.destroy());
  return content.pipe(check);
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
    throw readingFailure(error, file);
  }
  try {
    for await (const entry of directoryOf(zip, file)) {
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
          return checked(await contentOf(zip, entry, bare), file, bare, entry.crc32);
        } catch (error) {
          throw readingFailure(error, file, bare);
        }
      };
      yield {
        name: bare,
        kind: kindOf(entry, name),
        size: entry.uncompressedSize,
        isExecutable: (modeOf(entry) & 0o100) !== 0,
        open,
      };
    }
  } finally {
    zip.close();
  }
}

/**
 * The content of a member. Its name stands in the archive twice, and readers differ in which they take.
 * @throws PackageError `damaged` where the two differ; what yauzl says
 */
async function contentOf(zip: ZipFile, entry: Entry, name: string): Promise<Readable> {
  const { fileName } = await zip.readLocalFileHeaderPromise(entry);
  if (!fileName.equals(entry.fileNameRaw))
    throw new PackageError('damaged', `${name} has another name where its content is.`, { file: name });
  return zip.openReadStreamPromise(entry);
}

async function* directoryOf(zip: ZipFile, file: string): AsyncGenerator<Entry, void> {
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
      throw readingFailure(error, file);
    } finally {
      zip.removeAllListeners();
    }
    if (!entry) return;
    yield entry;
  }
}

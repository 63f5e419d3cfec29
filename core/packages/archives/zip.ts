import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { crc32, inflateRawSync } from 'node:zlib';
import { fromRandomAccessReaderPromise, getFileNameLowLevel } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { ArchiveEntry } from './archiveEntry.ts';
import { PackageError, readingFailure } from '../packageError.ts';
import { ZipReader } from './zipReader.ts';

const isUnix = 3;
const typeMask = 0o170000;
const types: ReadonlyMap<number, ArchiveEntry['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'symlink'],
]);
/** Members up to this size are unpacked in one go, in this thread. */
const smallBytes = 256 * 1024;
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
      done(sum === expected ? null : wrongChecksum(name));
    },
  });
  content.on('error', (error) => check.destroy(readingFailure(error, file, name)));
  check.on('close', () => content.destroy());
  return content.pipe(check);
}

interface OpenZip {
  readonly file: string;
  readonly reader: ZipReader;
  readonly zip: ZipFile;
}

async function openZip(file: string): Promise<OpenZip> {
  const { reader, size } = await ZipReader.open(file);
  try {
    // Names are decoded here, because yauzl would refuse an archive with a bad name without saying which name.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
    return { file, reader, zip: await fromRandomAccessReaderPromise(reader, size, options) };
  } catch (error) {
    await new Promise((resolve) => {
      reader.close(resolve);
    });
    throw error;
  }
}

/**
 * The members of a zip, in the order of its directory.
 * @throws PackageError `damaged`, `encrypted`, `unsupported-format`
 */
export async function* zipEntries(file: string): AsyncGenerator<ArchiveEntry, void> {
  let opened: OpenZip;
  try {
    opened = await openZip(file);
  } catch (error) {
    throw readingFailure(error, file);
  }
  const { zip } = opened;
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
      const open = async (): Promise<AsyncIterable<unknown> | Iterable<unknown>> => {
        try {
          return await contentOf(opened, entry, bare);
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
 * @throws PackageError `damaged` where the two differ; what yauzl and zlib say
 */
async function contentOf(
  { zip, reader, file }: OpenZip,
  entry: Entry,
  name: string,
): Promise<AsyncIterable<unknown> | Iterable<unknown>> {
  const { fileName, fileDataStart } = await zip.readLocalFileHeaderPromise(entry);
  if (!fileName.equals(entry.fileNameRaw))
    throw new PackageError('damaged', `${name} has another name where its content is.`, { file: name });
  if (Math.max(entry.compressedSize, entry.uncompressedSize) > smallBytes)
    return checked(await zip.openReadStreamPromise(entry), file, name, entry.crc32);
  const packed = await reader.bytesAt(fileDataStart, entry.compressedSize);
  const content =
    entry.compressionMethod === 0
      ? packed
      : inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
  if (content.length !== entry.uncompressedSize)
    throw new PackageError(
      'damaged',
      `${name} has ${content.length} bytes, and should have ${entry.uncompressedSize}.`,
    );
  if (crc32(content) !== entry.crc32) throw wrongChecksum(name);
  return [content];
}

function wrongChecksum(name: string): PackageError {
  return new PackageError('checksum', `The content of ${name} does not match its CRC.`);
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

import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { Header } from 'tar-stream';
import type { ArchiveEntry } from './archiveEntry.ts';
import { tarBlock } from '../formats.ts';
import { PackageError, readingFailure } from '../packageError.ts';

const kinds: ReadonlyMap<unknown, ArchiveEntry['kind']> = new Map([
  ['file', 'file'],
  ['contiguous-file', 'file'],
  ['directory', 'folder'],
  ['symlink', 'symlink'],
  ['link', 'link'],
  ['character-device', 'special'],
  ['block-device', 'special'],
  ['fifo', 'special'],
]);

/** Names are decoded here. The checksum of each header tells that it is one, and the oldest tars have no other mark. */
const extractOptions = { highWaterMark: 65_536, filenameEncoding: 'latin1', allowUnknownFormat: true };

/** What pax says of a member, by its keys. */
function paxOf(header: Header): ReadonlyMap<string, unknown> {
  const { pax } = header;
  return new Map(typeof pax === 'object' && pax !== null ? Object.entries(pax) : []);
}

/** The name as whoever packed it wrote it: UTF-8 as a rule; older systems had one byte for each letter. */
function nameOf(header: Header, pax: ReadonlyMap<string, unknown>): string {
  const bytes = Buffer.from(header.name, 'latin1');
  return !pax.has('path') && isUtf8(bytes) ? bytes.toString('utf8') : header.name;
}

/**
 * The kind of a member.
 * @throws PackageError where it is one of tar's extensions, such as those for files with holes: it would be read, and be
 *   other bytes than the file
 */
function kindOf({ type }: Header, pax: ReadonlyMap<string, unknown>, name: string): ArchiveEntry['kind'] {
  const kind = kinds.get(type);
  if (kind !== undefined && ![...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))) return kind;
  const message = `${name} is stored by an extension of tar, as files with holes are; pack it without --sparse.`;
  throw new PackageError('unsupported-format', message, { file: name });
}

/**
 * The members of a tar (ustar, GNU, pax), as they come.
 * @param content of the archive, already unpacked where it was compressed
 * @param file the archive
 * @throws PackageError `damaged`, `unsupported-format`; FileError `file-unreadable`
 */
export async function* tarEntries(content: Readable, file: string): AsyncGenerator<ArchiveEntry, void> {
  const members = extract(extractOptions);
  content.on('error', (error) => {
    members.destroy(error);
  });
  content.pipe(members);
  try {
    for await (const member of members) {
      const { header } = member;
      const pax = paxOf(header);
      const name = nameOf(header, pax).replace(/\/+$/, '');
      yield {
        name,
        kind: kindOf(header, pax, name),
        size: header.size,
        isExecutable: (header.mode & 0o100) !== 0,
        open: () => Promise.resolve(contentOf(member, file)),
      };
      member.resume();
    }
  } catch (error) {
    throw readingFailure(error, file);
  } finally {
    content.destroy();
  }
}

async function* contentOf(member: AsyncIterable<unknown>, file: string): AsyncGenerator<unknown, void> {
  try {
    yield* member;
  } catch (error) {
    throw readingFailure(error, file);
  }
}

/**
 * Looks whether a tar that is not compressed ends as each does, with a block of zeros: one that was cut off between two
 * members has no other mark.
 * @throws PackageError `damaged`; FileError `file-unreadable`
 */
export async function refuseCutTar(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const end = Buffer.alloc(tarBlock, 1);
      await handle.read(end, 0, tarBlock, Math.max(0, size - tarBlock));
      if (end.some((byte) => byte !== 0)) throw new PackageError('damaged', 'The archive is cut off: it has no end.');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readingFailure(error, file);
  }
}

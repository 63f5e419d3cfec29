import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { ArchiveEntry } from './archiveEntry.ts';
import { PackageError } from './packageError.ts';

const kinds: ReadonlyMap<unknown, ArchiveEntry['kind']> = new Map([
  ['file', 'file'],
  ['contiguous-file', 'file'],
  ['directory', 'folder'],
  ['symlink', 'symlink'],
  ['link', 'link'],
]);

/**
 * The members of a tar (ustar, GNU, pax), as they come.
 * @param content of the archive, already unpacked where it was compressed
 * @throws PackageError `damaged`; what is thrown by reading `content`
 */
export async function* tarEntries(content: Readable): AsyncGenerator<ArchiveEntry, void> {
  const members = extract();
  content.on('error', (error) => {
    members.destroy(error);
  });
  content.pipe(members);
  try {
    for await (const member of members) {
      const { name, type, size } = member.header;
      const kind = kinds.get(type) ?? 'special';
      yield {
        name: name.replace(/\/+$/, ''),
        kind,
        size,
        open: () => Promise.resolve(contentOf(member)),
      };
      member.resume();
    }
  } catch (error) {
    throw damaged(error);
  } finally {
    content.destroy();
  }
}

async function* contentOf(member: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
  try {
    yield* member;
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(error: unknown): PackageError {
  if (error instanceof PackageError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new PackageError('damaged', `The archive is damaged or cut off: ${why}.`);
}

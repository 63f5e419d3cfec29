import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ArchiveEntry } from './archiveEntry.ts';
import { isTarHeader, tarBlock } from '../formats.ts';
import { PackageError, readingFailure } from '../packageError.ts';
import { tarEntries } from './tar.ts';

/** The content of a compressed file, with what is wrong with it said as a finding. */
function unpacked(file: string): Readable {
  const content = new PassThrough();
  const source = createReadStream(file);
  const gunzip = createGunzip();
  const fail = (error: Error): void => {
    const isChecksum = error.message.includes('data check') || error.message.includes('length check');
    const message = `The compressed data do not match their checksum: ${error.message}.`;
    content.destroy(isChecksum ? new PackageError('checksum', message) : readingFailure(error, file));
  };
  source.on('error', fail);
  gunzip.on('error', fail);
  content.on('close', () => {
    source.destroy();
    gunzip.destroy();
  });
  source.pipe(gunzip).pipe(content);
  return content;
}

/** The first bytes of a stream, which ends with that. */
async function headOf(content: Readable, count: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of content) {
    if (chunk instanceof Uint8Array) head = Buffer.concat([head, chunk]);
    if (head.length >= count) break;
  }
  return head;
}

/** The members of what gzip has compressed: of a tar, or the one file. @param name what the archive is called */
export async function* gzipEntries(file: string, name: string): AsyncGenerator<ArchiveEntry, void> {
  const head = await headOf(unpacked(file), tarBlock);
  if (isTarHeader(head)) {
    yield* tarEntries(unpacked(file), file);
    return;
  }
  yield {
    name: name.replace(/\.gz$/i, '') || 'content',
    kind: 'file',
    size: undefined,
    open: () => Promise.resolve(unpacked(file)),
  };
}

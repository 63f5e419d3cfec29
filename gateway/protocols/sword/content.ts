import { createReadStream } from 'node:fs';
import { Zip, ZipPassThrough } from 'fflate';
import type { Job } from '../../../core/jobs/jobs.ts';
import { asAttachment } from '../../http/mediaTypes.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Services } from '../../protocol.ts';
import { headerOf } from './body.ts';
import { mediaOf } from './documents.ts';
import { packagings } from './names.ts';

/** What was deposited, as it came; several files in a zip. Never shown by a browser, only saved. */
export async function sendContent({ jobs }: Services, context: GatewayContext, job: Job): Promise<Response> {
  const wanted = headerOf(context, 'accept-packaging');
  if (wanted !== undefined && !Object.values(packagings).some((known) => known === wanted))
    throw new HttpRefusal(406, `The content is not to be had in the packaging ${wanted}.`);
  const parts = await Promise.all(
    mediaOf(job).map(async (part) => ({ ...part, file: await jobs.partFile(job.id, part.id) })),
  );
  const there = parts.flatMap(({ file, ...part }) => (file === undefined ? [] : [{ ...part, file }]));
  const [first, ...others] = there;
  if (!first) throw new HttpRefusal(404, 'Nothing is there that was deposited.');
  const isOne = others.length === 0;
  const headers = {
    'Content-Type': isOne ? (first.mediaType ?? 'application/octet-stream') : 'application/zip',
    'Content-Disposition': asAttachment(isOne ? first.name : `deposit-${job.id}.zip`),
    Packaging: isOne ? (first.packaging ?? packagings.simpleZip) : packagings.simpleZip,
  };
  return new Response(ReadableStream.from(isOne ? createReadStream(first.file) : zipped(there)), { headers });
}

/** Files in a zip, not compressed: they are archives already. */
async function* zipped(
  parts: readonly { readonly name: string; readonly file: string }[],
): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  for (const [index, { name, file }] of parts.entries()) {
    const isTaken = parts.findIndex((other) => other.name === name) < index;
    const entry = new ZipPassThrough(isTaken ? `${index + 1}-${name}` : name);
    zip.add(entry);
    for await (const piece of createReadStream(file)) {
      entry.push(piece instanceof Uint8Array ? piece : Buffer.from(String(piece)));
      yield* pieces.splice(0);
    }
    entry.push(new Uint8Array(), true);
    yield* pieces.splice(0);
  }
  zip.end();
  yield* pieces;
}

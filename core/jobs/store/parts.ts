import { randomUUID } from 'node:crypto';
import { copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ArrivingDigests } from '../../files/arriving/arrivingDigests.ts';
import { syncFolder } from '../../files/durableFiles.ts';
import { GatheredWrites } from '../../files/arriving/gatheredWrites.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import type { JobPart } from '../job.ts';

/** Something that has arrived whole and belongs to no job yet. It is deleted when nobody takes it. */
export interface IncomingPart {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly digests: { readonly sha256: string; readonly md5?: string };
  discard(): Promise<void>;
}

export interface ReceiveOptions {
  /** Bytes. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether its sender speaks of its MD5, which takes longer to compute than all the rest. */
  readonly withMd5?: boolean | undefined;
  /** Whether nobody else looks at what comes, so that its memory can be given back as soon as it is written. */
  readonly isLetGo?: boolean | undefined;
}

/** More came than is taken. */
class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** How long a part that belongs to no job is left alone: its sender may still be at it. */
export const abandonedMs = 10 * 60 * 1000;

function incomingFolder(store: string): string {
  return path.join(store, 'incoming');
}

/** Where a part of a job lies. @param folder that of the job */
export function partFile(folder: string, id: string): string {
  return path.join(folder, 'parts', id);
}

/**
 * Takes what comes to the disk as it comes: memory stays flat, whatever the size. When it returns, all is on disk.
 * @throws TooLarge; the signal's reason; what the source or the system says; nothing stays then
 */
export async function receivePart(
  store: string,
  source: AsyncIterable<Uint8Array>,
  { most, signal, withMd5 = false, isLetGo }: ReceiveOptions,
): Promise<IncomingPart> {
  const folder = incomingFolder(store);
  await makeFolder(folder, 0o700);
  const file = path.join(folder, randomUUID());
  const discard = (): Promise<void> => rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);
  const digests = new ArrivingDigests(file, ['sha256', ...(withMd5 ? ['md5'] : [])]);
  const writing = new GatheredWrites(
    handle,
    (pieces) => {
      digests.add(pieces);
    },
    isLetGo,
  );
  let size = 0;
  try {
    for await (const piece of source) {
      signal?.throwIfAborted();
      size += piece.length;
      if (size > most) throw new TooLarge(`More than ${most} bytes were sent.`);
      await writing.add(piece);
    }
    await writing.end();
    const [[sha256 = '', md5]] = await Promise.all([digests.end(), writing.sync()]);
    await handle.close();
    return { file, size, digests: { sha256, ...(md5 !== undefined && { md5 }) }, discard };
  } catch (error) {
    digests.stop();
    await writing.settled();
    await handle.close();
    await discard();
    throw error;
  }
}

/** What is said of a part when a job takes it. */
export type PartAbout = Pick<JobPart, 'kind' | 'name' | 'mediaType' | 'packaging'>;

/** A part that has arrived, and what it is. */
export interface ArrivedPart {
  readonly incoming: IncomingPart;
  readonly about: PartAbout;
}

/** Makes an arrived part one of a job. It counts when the record of the job names it. */
export async function takePart(folder: string, incoming: IncomingPart, about: PartAbout): Promise<JobPart> {
  const parts = path.join(folder, 'parts');
  await makeFolder(parts, 0o700);
  const id = randomUUID();
  await rename(incoming.file, path.join(parts, id));
  await syncFolder(parts);
  const { size, digests } = incoming;
  return { ...about, id, size, digests, received: new Date().toISOString() };
}

/** Removes the files of parts that a job does not name: of such that were replaced, or never came to count. */
export async function removeOtherParts(folder: string, parts: readonly JobPart[]): Promise<void> {
  const known = new Set(parts.map(({ id }) => id));
  const names = await readdir(path.join(folder, 'parts')).catch((): string[] => []);
  for (const name of names.filter((each) => !known.has(each)))
    await rm(path.join(folder, 'parts', name), { force: true });
}

/** Removes what arrived and was taken by nobody. */
export async function removeAbandonedParts(store: string): Promise<void> {
  const folder = incomingFolder(store);
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const found = await stat(path.join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > abandonedMs) await rm(path.join(folder, name), { force: true });
  }
}

/** Removes what was sent for a job that has ended; its record stays. @param folder that of the job */
export async function removeParts(folder: string): Promise<void> {
  await rm(path.join(folder, 'parts'), { recursive: true, force: true });
}

/** Gives the parts of one job to another one; they are linked, not copied. */
export async function linkParts(from: string, to: string, parts: readonly JobPart[]): Promise<void> {
  if (parts.length === 0) return;
  await makeFolder(path.join(to, 'parts'), 0o700);
  for (const { id } of parts)
    await link(partFile(from, id), partFile(to, id)).catch(() => copyFile(partFile(from, id), partFile(to, id)));
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ArrivingDigests } from '../../../../core/files/arriving/arrivingDigests.ts';
import { GatheredWrites } from '../../../../core/files/arriving/gatheredWrites.ts';
import { bundle } from '../../../support/bundledWorker.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
let workerFile: string;
const built = mkdtempSync(path.join(tmpdir(), 'imsc-worker-'));
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
});
beforeAll(async () => {
  const entry = path.resolve(import.meta.dirname, '../../../../core/files/arriving/arrivingWorker.ts');
  workerFile = fileURLToPath(await bundle(built, entry));
});

const mega = 1024 * 1024;
const sum = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');

/** Pieces as a connection gives them. */
function pieces(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += 65_521) found.push(bytes.subarray(from, from + 65_521));
  return found;
}

describe('what arrives', () => {
  it.each([
    ['nothing', 0],
    ['a few bytes', 17],
    ['less than a thread is worth', 3 * mega + 1],
    ['more than that', 41 * mega + 7],
  ])('%s: is in the file as it came, with its checksums', async (_, size) => {
    const file = path.join(await newFolder(), 'part');
    const bytes = randomBytes(size);
    const handle = await open(file, 'wx');
    const digests = new ArrivingDigests(file, ['sha256', 'md5'], workerFile);
    const writing = new GatheredWrites(handle, (written) => {
      digests.add(written);
    });
    for (const piece of pieces(bytes)) await writing.add(piece);
    await writing.end();
    expect(await digests.end()).toEqual([sum('sha256', bytes), sum('md5', bytes)]);
    await handle.close();
    expect(bytes.equals(await readFile(file))).toBe(true);
  });

  it('and is not waited for any more leaves no thread behind', async () => {
    const file = path.join(await newFolder(), 'part');
    const bytes = randomBytes(20 * mega);
    const handle = await open(file, 'wx');
    const digests = new ArrivingDigests(file, ['sha256'], workerFile);
    await handle.writeFile(bytes);
    digests.add(pieces(bytes));
    digests.stop();
    await expect(digests.end()).rejects.toThrow('ended early');
    await handle.close();
  });

  it('and cannot be written is told to whoever writes on', async () => {
    const file = path.join(await newFolder(), 'part');
    const handle = await open(file, 'wx');
    const writing = new GatheredWrites(handle, () => undefined);
    await handle.close();
    const all = async (): Promise<void> => {
      for (const piece of pieces(Buffer.alloc(4 * mega))) await writing.add(piece);
      await writing.end();
    };
    await expect(all()).rejects.toThrow();
    await writing.settled();
  });

  it('and is let go of is written, and its memory given back; what others share with it stays', async () => {
    const file = path.join(await newFolder(), 'part');
    const handle = await open(file, 'wx');
    const writing = new GatheredWrites(handle, () => undefined, true);
    const own = Array.from({ length: 40 }, (_, index) => new Uint8Array(65_536).fill(index));
    const shared = Buffer.from('shared with others').subarray(0, 6);
    const expected = Buffer.concat([...own, shared]);
    for (const piece of [...own, shared]) await writing.add(piece);
    await writing.end();
    await writing.sync();
    await handle.close();
    expect(expected.equals(await readFile(file))).toBe(true);
    expect(own.reduce((bytes, { length }) => bytes + length, 0)).toBe(0);
    expect(shared.toString()).toBe('shared');
  });

  it('goes to the disk while more arrives, and a failure of that is told at the end', async () => {
    const file = path.join(await newFolder(), 'part');
    const handle = await open(file, 'wx');
    const asked = vi.spyOn(handle, 'datasync').mockRejectedValueOnce(new Error('EIO: the disk is broken'));
    const writing = new GatheredWrites(handle, () => undefined);
    const piece = Buffer.alloc(mega);
    for (let at = 0; at < 257; at += 1) await writing.add(piece);
    await writing.end();
    expect(asked).toHaveBeenCalledTimes(1);
    await expect(writing.sync()).rejects.toThrow('the disk is broken');
    await writing.settled();
    await handle.close();
  });
});

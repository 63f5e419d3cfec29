import fs, { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { FormatError } from '../../../core/hdf5/formatError.ts';
import { fileStats } from '../../../core/nexus/diskStats.ts';
import { openLibraryFile } from '../../../core/nexus/library/libraryFile.ts';
import { OpenFile } from '../../../core/nexus/openFile.ts';
import { readNow } from '../../../core/nexus/storage/diskFiles.ts';
import type { ReadBytes } from '../../../core/nexus/storage/diskFiles.ts';
import { Reach } from '../../../core/nexus/storage/reach.ts';
import { temporaryFolder } from '../../support/nexusFiles.ts';

const folder = temporaryFolder();
const source = join(import.meta.dirname, '../../conformance/nexus/16250b5e9fc2cd0d.hdf');

afterEach(() => vi.restoreAllMocks());

function open(path: string, read: ReadBytes): Promise<OpenFile> {
  const [reach, stats] = [new Reach(path), fileStats(path)];
  return OpenFile.open(path, reach, stats, Infinity, (disk) => openLibraryFile(path, reach, disk, stats, Infinity), {
    read,
    most: Infinity,
  });
}

/**
 * What comes out where each reading in turn fails.
 * @param failAt makes that reading fail, and tells whether there was such a one
 */
async function withEachReadingFailed(
  answers: () => Promise<unknown>,
  failAt: (which: number) => () => boolean,
): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (let which = 1; which < 100; which += 1) {
    const hasFailed = failAt(which);
    const outcome = await answers().catch((error: unknown) => error);
    if (!hasFailed()) return outcomes;
    outcomes.push(outcome);
  }
  throw new Error('there is no end');
}

async function allOf(file: OpenFile): Promise<unknown> {
  try {
    const path = '/entry/t/number';
    return [await file.read(path), await file.attributes(path), await file.childKinds('/entry/t')];
  } finally {
    await file.close();
  }
}

const failures: readonly (readonly [string, (read: () => Uint8Array) => Uint8Array])[] = [
  ['fails', () => { throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' }); }],
  ['gives half of the bytes', (read) => { const bytes = read(); return bytes.subarray(0, bytes.length >> 1); }],
  ['gives nothing', (read) => read().subarray(0, 0)],
]; // prettier-ignore

test.each(failures)('where one reading of our own %s, nothing passes for missing, and nothing for a value', async (_name, failure) => {
  let [count, at] = [0, 0];
  const read: ReadBytes = (descriptor, position, length) => {
    count += 1;
    const whole = (): Uint8Array => readNow(descriptor, position, length);
    return count === at ? failure(whole) : whole();
  };
  const right = await allOf(await open(source, read));
  const outcomes = await withEachReadingFailed(
    async () => allOf(await open(source, read)),
    (which) => {
      [count, at] = [0, which];
      return () => count >= at;
    },
  );
  expect(outcomes.length).toBeGreaterThan(0);
  // Whoever reads once more may have the right answer.
  for (const outcome of outcomes)
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'file-not-readable' });
    else expect(outcome).toEqual(right);
}); // prettier-ignore

test.each(failures)('where one reading of the HDF5 library %s, nothing passes for missing, and nothing for a value', async (_name, failure) => {
  let [count, at, isOwn] = [0, 0, true];
  const readSync = fs.readSync.bind(fs);
  // Only the library takes it from there.
  const ofLibrary = vi.spyOn(fs, 'readSync').mockImplementation((...args: unknown[]) => {
    const [descriptor, into, offset, length, position] = args as [number, Uint8Array, number, number, number];
    count += 1;
    if (count !== at) return readSync(descriptor, into, offset, length, position);
    const bytes = failure(() => {
      const whole = Buffer.alloc(length);
      return whole.subarray(0, readSync(descriptor, whole, 0, length, position));
    });
    into.set(bytes, offset);
    return bytes.length;
  });
  const read: ReadBytes = (descriptor, position, length) => {
    if (isOwn) throw new FormatError('not understood');
    return readNow(descriptor, position, length);
  };
  const answers = async (): Promise<unknown> => {
    isOwn = true;
    const file = await open(source, read);
    isOwn = false;
    return allOf(file);
  };
  const right = await answers();
  expect(ofLibrary).toHaveBeenCalled();
  const outcomes = await withEachReadingFailed(answers, (which) => {
    [count, at] = [0, which];
    return () => count >= at;
  });
  expect(outcomes.length).toBeGreaterThan(5);
  for (const outcome of outcomes)
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'file-not-readable' });
    else expect(outcome).toEqual(right);
}); // prettier-ignore

test('a file that changes while an answer is made of it gives none', async () => {
  const path = join(folder, 'grows.nxs');
  copyFileSync(source, path);
  let isGrowing = false;
  const read: ReadBytes = (descriptor, position, length) => {
    if (isGrowing) appendFileSync(path, 'more');
    isGrowing = false;
    return readNow(descriptor, position, length);
  };
  const file = await open(path, read);
  // What was kept of it is forgotten then.
  appendFileSync(path, 'more');
  isGrowing = true;
  await expect(file.read('/entry/t/number')).rejects.toMatchObject({ code: 'file-changed' });
  await file.close();
});

import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { FormatError } from '../../../core/hdf5/formatError.ts';
import { fileStats } from '../../../core/nexus/diskStats.ts';
import { openLibraryFile } from '../../../core/nexus/library/libraryFile.ts';
import { OpenFile } from '../../../core/nexus/openFile.ts';
import { readNow } from '../../../core/nexus/storage/diskFiles.ts';
import { Reach } from '../../../core/nexus/storage/reach.ts';

afterEach(() => vi.restoreAllMocks());

test('an attribute whose layout comes too late, after the HDF5 library has told of it in time, does not pass for one that is not there', async () => {
  const path = join(import.meta.dirname, '../../conformance/nexus/16250b5e9fc2cd0d.hdf');
  const [reach, stats] = [new Reach(path), fileStats(path)];
  const now = performance.now.bind(performance);
  let passed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  let isRefused = true;
  let late = 0;
  const read = (descriptor: number, position: number, length: number): Uint8Array => {
    // Our reader leaves the file to the library, which needs these bytes for the layout of a number.
    if (isRefused) throw new FormatError('not understood');
    passed += late;
    return readNow(descriptor, position, length);
  };
  const open = (): Promise<OpenFile> => {
    isRefused = true;
    return OpenFile.open(path, reach, stats, 60_000, (disk) => openLibraryFile(path, reach, disk, stats, 60_000), {
      read,
      most: Infinity,
    });
  };
  const file = await open();
  isRefused = false;
  expect(await file.describe('/entry/t/number')).toMatchObject({ kind: 'dataset' });
  await file.close();
  const slow = await open();
  isRefused = false;
  late = 61_000;
  await expect(slow.describe('/entry/t/number')).rejects.toMatchObject({ code: 'too-slow' });
  await slow.close();
});

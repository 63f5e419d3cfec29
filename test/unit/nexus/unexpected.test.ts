import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { Hdf5Objects } from '../../../core/nexus/library/libraryObjects.ts';
import { OwnObjects } from '../../../core/nexus/own/ownObjects.ts';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { temporaryFolder } from '../../support/nexusFiles.ts';

const folder = temporaryFolder();
const path = join(folder, 'a.nxs');
await writeNexus(path, [{ path: '/entry/x', kind: 'dataset', value: 4 }]);
afterEach(() => {
  vi.restoreAllMocks();
});

function failing(reader: typeof OwnObjects | typeof Hdf5Objects, error: Error): void {
  vi.spyOn(reader.prototype, 'read').mockImplementation(() => {
    throw error;
  });
}

test('a number that no check has stopped: the other reader is asked', async () => {
  failing(OwnObjects, new RangeError('Invalid array length'));
  const file = await openNexus(path);
  expect((await file.read('/entry/x')).elements).toEqual([4]);
  await file.close();
});

test('a number that no check of either reader has stopped: the values cannot be read', async () => {
  failing(OwnObjects, new RangeError('Invalid array length'));
  failing(Hdf5Objects, new RangeError('Invalid array length'));
  const file = await openNexus(path);
  await expect(file.read('/entry/x')).rejects.toMatchObject({ code: 'unreadable-data', message: '/entry/x cannot be read: Invalid array length.' }); // prettier-ignore
  await file.close();
});

test('a disk that fails is said to', async () => {
  failing(OwnObjects, Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' }));
  const file = await openNexus(path);
  await expect(file.read('/entry/x')).rejects.toMatchObject({ code: 'file-not-readable', message: `${path} cannot be read: EIO: i/o error, read.` }); // prettier-ignore
  await file.close();
});

test('a fault of our own is not taken for damage', async () => {
  failing(OwnObjects, new TypeError('x is undefined'));
  const file = await openNexus(path);
  await expect(file.read('/entry/x')).rejects.toThrow(TypeError);
  await file.close();
});

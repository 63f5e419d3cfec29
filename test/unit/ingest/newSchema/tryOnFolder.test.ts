import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newSchemaText } from '../../../../core/ingest/newSchema/newSchemaText.ts';
import { tryOnFolder } from '../../../../core/ingest/newSchema/tryOnFolder.ts';
import { openNexus } from '../../../../core/nexus/file.ts';
import { notations } from '../../../support/markers.ts';
import { sampleFile } from '../../../support/snapshots.ts';

const root = await mkdtemp(join(tmpdir(), 'imsc-new-schema-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const names = ['a.nxs', 'b.nxs', 'c.NXS'];
for (const name of names) await copyFile(sampleFile, join(root, name));
await writeFile(join(root, 'notes.txt'), 'no NeXus file');
const sample = join(root, 'b.nxs');

describe.each(notations)('a new schema in %s, tried on the folder', (notation) => {
  it('passes on all files like the one that it was made for', async () => {
    const file = await openNexus(sample);
    const text = await newSchemaText(file, [], notation, 'run');
    expect(await tryOnFolder(text, notation, sample, undefined, openNexus)).toEqual({
      tried: 3,
      passed: 3,
      failed: undefined,
    });
    await file.close();
  });

  it('says which file it does not fit, and why', async () => {
    const damaged = join(root, 'damaged.nxs');
    await writeFile(damaged, 'this is not an HDF5 file');
    const file = await openNexus(sample);
    const text = await newSchemaText(file, [], notation, 'run');
    const { tried, passed, failed } = await tryOnFolder(text, notation, sample, undefined, openNexus);
    expect([tried, passed, failed?.file]).toEqual([4, 3, 'damaged.nxs']);
    expect(failed?.message).toMatch(/HDF5/);
    await rm(damaged);
    await file.close();
  });
});

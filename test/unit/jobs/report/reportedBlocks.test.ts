import { describe, expect, it } from 'vitest';
import type { PreparedBlock } from '../../../../core/ingest/plan/plan.ts';
import { BlockRecord } from '../../../../core/jobs/report/reportedBlocks.ts';
import { blocksOf } from '../../../support/runVector.ts';

function block(index: number, files: number): PreparedBlock {
  const paths = Array.from({ length: files }, (_, file) => `/${String(index)}/ä\n${String(file)}`);
  const texts = paths.map((path) => JSON.stringify({ path }));
  return { head: { size: index, chkAlg: 'blake2b' }, paths, texts, sizes: paths.map(() => 0) };
}

describe('the origDatablocks of a report', () => {
  it.each([1, 700, 2001])('are all there, each time they are read, with %i files each', async (files) => {
    const blocks = new BlockRecord(true);
    const added = Array.from({ length: 7 }, (_, index) => block(index, files));
    for (const each of added) await blocks.add(each);
    blocks.pid = 'p/1';
    const expected = added.map(({ head, paths }) => ({
      datasetId: 'p/1',
      ...head,
      dataFileList: paths.map((path) => ({ path })),
    }));
    expect(await blocksOf({ origDatablocks: blocks })).toEqual(expected);
    expect(await blocksOf({ origDatablocks: blocks })).toEqual(expected);
    await blocks.close();
  });

  it('are counted where they are not kept', async () => {
    const blocks = new BlockRecord();
    for (let index = 0; index < 7; index++) await blocks.add(block(index, 1));
    expect(blocks).toMatchObject({ count: 7, files: 7, size: 21, kept: [] });
    expect(blocks.firstPaths).toEqual(['/0/ä\n0', '/1/ä\n0', '/2/ä\n0', '/3/ä\n0', '/4/ä\n0']);
  });
});

import { describe, expect, it } from 'vitest';
import type { PreparedBlock } from '../../../core/ingest/plan.ts';
import { BlockRecord } from '../../../core/ingest/reportedBlocks.ts';

function block(index: number, characters: number): PreparedBlock {
  const path = `/${String(index)}/${'ä'.repeat(characters)}`;
  return { head: { size: index, chkAlg: 'blake2b' }, paths: [path], listText: JSON.stringify([{ path, size: index }]) };
}

async function read(blocks: BlockRecord): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const text of blocks.texts()) found.push(JSON.parse(text));
  return found;
}

describe('the origDatablocks of a report', () => {
  it.each([10, 700_000])('are all there, each time they are read, with %i characters each', async (characters) => {
    const blocks = new BlockRecord(true);
    const added = Array.from({ length: 7 }, (_, index) => block(index, characters));
    for (const each of added) await blocks.add(each);
    blocks.pid = 'p/"1';
    const expected = added.map(({ head, paths }) => ({
      datasetId: 'p/"1',
      ...head,
      dataFileList: [{ path: paths[0], size: head.size }],
    }));
    expect(await read(blocks)).toEqual(expected);
    expect(await read(blocks)).toEqual(expected);
    await blocks.close();
  });

  it('are counted where they are not kept', async () => {
    const blocks = new BlockRecord();
    for (let index = 0; index < 7; index++) await blocks.add(block(index, 1));
    expect(blocks).toMatchObject({ count: 7, files: 7, size: 21 });
    expect(blocks.firstPaths).toEqual(['/0/ä', '/1/ä', '/2/ä', '/3/ä', '/4/ä']);
    expect(await read(blocks)).toEqual([]);
  });
});

import { gzipSync } from 'node:zlib';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { codecs } from '../../../../gateway/kafka/codecs.ts';

const text = 'imsc '.repeat(1000);
const inBase64 = (written: string): Buffer => Buffer.from(written, 'base64');
const snappy = compress(Buffer.from(text));

async function decompressed(codec: string, bytes: Buffer): Promise<Buffer> {
  const { decompress } = codecs.find(({ name }) => name === codec) ?? expect.fail(`There is no ${codec}.`);
  return await decompress(bytes);
}

const uint32 = (value: number): Buffer => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
const framed = Buffer.concat([
  Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1'),
  ...[text.slice(0, 3000), text.slice(3000)].flatMap((part) => {
    const piece = compress(Buffer.from(part));
    return [uint32(piece.length), piece];
  }),
]);

// The bytes of LZ4 and Zstandard are those of the programs lz4 and zstd.
const compressed: readonly (readonly [string, string, Buffer])[] = [
  ['gzip', 'gzip', gzipSync(text)],
  ['Snappy as it is', 'Snappy', snappy],
  ['Snappy in the frame of clients in Java', 'Snappy', framed],
  ['LZ4', 'LZ4', inBase64('BCJNGGRApyIAAABfaW1zYyAFAP////////////////////////9+UGltc2MgAAAAAGcXKSY=')],
  ['Zstandard with a checksum', 'Zstandard', inBase64('KLUv/QRYbQAAKGltc2MgAQCAg75oAQcaDqw=')],
  ['Zstandard without one', 'Zstandard', inBase64('KLUv/QBYbQAAKGltc2MgAQCAg75oAQ==')],
];

describe('messages that are compressed', () => {
  it.each(compressed)('%s', async (_, codec, bytes) => {
    expect((await decompressed(codec, bytes)).toString()).toBe(text);
  });

  it.each(compressed)('%s, cut off, are refused or come without their end', async (_, codec, bytes) => {
    const found = await attempt(codec, bytes.subarray(0, bytes.length / 2));
    expect(found === 'refused' || text.startsWith(found.replace(/\0+$/, ''))).toBe(true);
  });
});

const zeros = 68_000_000;
const rleBlock = Buffer.from([((131_072 << 3) | 2) & 0xff, ((131_072 << 3) >> 8) & 0xff, (131_072 << 3) >> 16, 0]);
const aLot: readonly (readonly [string, string, Buffer])[] = [
  ['gzip', 'gzip', gzipSync(Buffer.alloc(zeros))],
  ['Snappy, by what it says of itself', 'Snappy', Buffer.from([0x80, 0x84, 0xaf, 0x5f, 0, 0])],
  // A byte, again and again.
  ['LZ4', 'LZ4', Buffer.concat([inBase64('BCJNGGRApw=='), littleEndian(266_670), Buffer.from([0x1f, 0x41, 1, 0]), Buffer.alloc(266_666, 0xff), Buffer.alloc(4)])], // prettier-ignore
  ['Zstandard', 'Zstandard', Buffer.concat([inBase64('KLUv/QA4'), ...Array<Buffer>(520).fill(rleBlock), Buffer.from([3, 0, 0, 0])])], // prettier-ignore
  ['Zstandard, by its window', 'Zstandard', inBase64('KLUv/QCYbQAAKGltc2MgAQCAg75oAQ==')],
  ['Zstandard, by the size that it says', 'Zstandard', Buffer.concat([inBase64('KLUv/aA='), littleEndian(2_000_000_000), Buffer.alloc(20)])], // prettier-ignore
];

describe('what is more than the budget when it is decompressed is refused', () => {
  it.each(aLot)('%s', async (_, codec, bytes) => {
    await expect(decompressed(codec, bytes)).rejects.toThrow(/too big|more than|larger than/);
  });
});

function littleEndian(value: number): Buffer {
  return Buffer.from(uint32(value).reverse());
}

async function attempt(codec: string, bytes: Buffer): Promise<string> {
  try {
    return (await decompressed(codec, bytes)).toString();
  } catch {
    return 'refused';
  }
}

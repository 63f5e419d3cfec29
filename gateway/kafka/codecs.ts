import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { decompress as decompressLz4 } from 'lz4js';
import { uncompress as decompressSnappy } from 'snappyjs';
import { budget } from '../../core/limits/budget.ts';
import { failureReason } from '../../core/files/failureReason.ts';

/** Bytes of messages that come together, decompressed. */
const { batch: most } = budget.kafka;
const tooMuch = `decompressed they are more than ${most} bytes`;

/** How messages are decompressed that are compressed in one way. */
interface Codec {
  readonly name: string;
  /** As the protocol of Kafka numbers it. */
  readonly type: Exclude<CompressionTypes, CompressionTypes.None>;
  /** @throws Error if what was compressed cannot be found out, or is more than the budget */
  readonly decompress: (compressed: Buffer) => Buffer | Promise<Buffer>;
}

/** All that Kafka has. Of them the client knows gzip alone, but leaves it to us to say how. */
export const codecs: readonly Codec[] = [
  { name: 'gzip', type: CompressionTypes.GZIP, decompress: ofGzip },
  { name: 'Snappy', type: CompressionTypes.Snappy, decompress: ofSnappy },
  { name: 'LZ4', type: CompressionTypes.LZ4, decompress: ofLz4 },
  { name: 'Zstandard', type: CompressionTypes.ZSTD, decompress: ofZstd },
];

/** Messages that cannot be decompressed. */
export class Undecompressed extends Error {
  /** By which the client knows that asking again is in vain. */
  override readonly name = 'KafkaJSNotImplemented';
}

/**
 * Has the client decompress so. What cannot be decompressed ends it at once, as what it has no codec for does: the same
 * bytes come again however often it asks.
 */
export function teachCodecs(): void {
  for (const codec of codecs) {
    const decompress = async (compressed: Buffer): Promise<Buffer> => {
      try {
        return await codec.decompress(compressed);
      } catch (error) {
        throw new Undecompressed(`compressed by ${codec.name}, and cannot be read: ${failureReason(error)}`);
      }
    };
    CompressionCodecs[codec.type] = () => ({ decompress });
  }
}

function ofGzip(compressed: Buffer): Promise<Buffer> {
  return promisify(unzip)(compressed, { maxOutputLength: most });
}

/** Clients in Java put pieces into a frame, which begins so; librdkafka sends the bytes as they are. */
const snappyFrame = Buffer.from([0x82, ...Buffer.from('SNAPPY\0')]);
/** Behind that, two versions. */
const snappyFrameHeader = 16;

function ofSnappy(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, snappyFrame.length).equals(snappyFrame)) return decompressSnappy(compressed, most);
  const pieces: Buffer[] = [];
  let left = most;
  for (let at = snappyFrameHeader; at < compressed.length;) {
    const size = compressed.readUInt32BE(at);
    const piece = decompressSnappy(compressed.subarray(at + 4, at + 4 + size), left);
    pieces.push(piece);
    left -= piece.length;
    at += 4 + size;
  }
  return Buffer.concat(pieces);
}

/** A byte of LZ4 makes no more than so many. */
const lz4Ratio = 255;

function ofLz4(compressed: Buffer): Buffer {
  const made = decompressLz4(compressed, Math.min(most, lz4Ratio * compressed.length) + 1);
  if (made.length > most) throw new Error(tooMuch);
  return Buffer.from(made.buffer, made.byteOffset, made.length);
}

function ofZstd(compressed: Buffer): Buffer {
  if (zstdWindow(compressed) > most) throw new Error(tooMuch);
  const pieces: Uint8Array[] = [];
  let left = most;
  new Decompress((piece) => {
    left -= piece.length;
    if (left < 0) throw new Error(tooMuch);
    pieces.push(piece);
  }).push(compressed, true);
  return Buffer.concat(pieces);
}

/** Bytes that are taken at once to decompress, as the first frame says (RFC 8878, 3.1.1.1). */
function zstdWindow(frame: Buffer): number {
  const [flags = 0, window = 0] = frame.subarray(4);
  const isOnePiece = (flags & 0x20) !== 0;
  if (!isOnePiece) return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const size = 2 ** (flags >> 6);
  const digits = [...frame.subarray(5 + dictionary, 5 + dictionary + size)];
  return digits.reduceRight((sum, digit) => sum * 256 + digit, 0);
}

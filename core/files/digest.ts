import { createHash, hash } from 'node:crypto';
import { cryptoHashName } from './hashAlgorithms.ts';

/** A checksum in the making. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Hexadecimal, small letters. */
  digest(): string;
}

/** How many sums stay below 2³², so that no remainder is needed in between. */
const adlerRun = 3800;

/** Adler-32 (RFC 1950, section 8.2); its eight digits begin with the most significant byte. */
function adler32(): Digest {
  let low = 1;
  let high = 0;
  return {
    update(bytes) {
      for (let start = 0; start < bytes.length; start += adlerRun) {
        const end = Math.min(start + adlerRun, bytes.length);
        for (let index = start; index < end; index += 1) {
          low += bytes[index] ?? 0;
          high += low;
        }
        low %= 65521;
        high %= 65521;
      }
    },
    digest: () => ((high * 65536 + low) >>> 0).toString(16).padStart(8, '0'),
  };
}

/** What git calls a file by: the SHA-1 of its size and its content. */
const gitBlob = 'git-blob';

/**
 * Begins a checksum, or gives undefined if nobody knows the algorithm.
 * @param algorithm `adler32`, `git-blob`, or a name as in Python's hashlib
 * @param size bytes that the content will have; `git-blob` begins with them
 */
export function startDigest(algorithm: string, size: number): Digest | undefined {
  if (algorithm === 'adler32') return adler32();
  const name = algorithm === gitBlob ? 'sha1' : cryptoHashName(algorithm);
  if (name === undefined) return undefined;
  const hash = createHash(name);
  if (algorithm === gitBlob) hash.update(`blob ${size}\0`);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}

/** The checksum of what is there as a whole, or undefined if nobody knows the algorithm (see `startDigest`). */
export function digestOf(algorithm: string, bytes: Uint8Array): string | undefined {
  const name = algorithm === gitBlob ? undefined : cryptoHashName(algorithm);
  if (name !== undefined) return hash(name, bytes, 'hex');
  const digest = startDigest(algorithm, bytes.length);
  digest?.update(bytes);
  return digest?.digest();
}

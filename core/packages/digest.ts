import { createHash } from 'node:crypto';

/** A checksum in the making. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Hexadecimal, small letters. */
  digest(): string;
}

interface Algorithm {
  /** Digits of the digest. */
  readonly digits: number;
  /** Whether another content with the same digest can be made on purpose. */
  readonly weak: boolean;
  readonly start: () => Digest;
}

const ofCrypto = (name: string, digits: number, weak = false): Algorithm => ({
  digits,
  weak,
  start: () => {
    const hash = createHash(name);
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
  },
});

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

/** The checksums that bags are read with, best first. Their names are those of manifests. */
export const bagAlgorithms: ReadonlyMap<string, Algorithm> = new Map([
  ['sha512', ofCrypto('sha512', 128)],
  ['sha384', ofCrypto('sha384', 96)],
  ['sha256', ofCrypto('sha256', 64)],
  ['sha224', ofCrypto('sha224', 56)],
  ['sha1', ofCrypto('sha1', 40, true)],
  ['md5', ofCrypto('md5', 32, true)],
  ['adler32', { digits: 8, weak: true, start: adler32 }],
]);

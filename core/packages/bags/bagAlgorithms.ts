interface BagAlgorithm {
  /** Digits of the digest. */
  readonly digits: number;
  /** Whether another content with the same digest can be made on purpose. */
  readonly weak: boolean;
}

/** The checksums that bags are read with, best first. Their names are those of manifests, and of `startDigest`. */
export const bagAlgorithms: ReadonlyMap<string, BagAlgorithm> = new Map([
  ['sha512', { digits: 128, weak: false }],
  ['sha384', { digits: 96, weak: false }],
  ['sha256', { digits: 64, weak: false }],
  ['sha224', { digits: 56, weak: false }],
  ['sha1', { digits: 40, weak: true }],
  ['md5', { digits: 32, weak: true }],
  ['adler32', { digits: 8, weak: true }],
]);

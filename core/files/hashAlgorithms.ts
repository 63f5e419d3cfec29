import { openSslHashes } from './openSslHashes.ts';

/** Names of Python's hashlib whose algorithm has another name in OpenSSL. */
const opensslNames: Readonly<Record<string, string>> = {
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
  sha3_224: 'sha3-224',
  sha3_256: 'sha3-256',
  sha3_384: 'sha3-384',
  sha3_512: 'sha3-512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
};

/** hashlib makes these only together with a length, which the configuration has no place for. */
const withoutLength = new Set(['shake_128', 'shake_256', 'shake128', 'shake256']);

let known: ReadonlySet<string> | undefined;

/**
 * The name that node:crypto has for an algorithm of Python's hashlib (`blake2b` is `blake2b512`), or undefined if
 * there is none.
 */
export function cryptoHashName(pythonName: string): string | undefined {
  const lower = pythonName.toLowerCase();
  const name = opensslNames[lower] ?? lower;
  // Asked anew for each file, the list would take longer than a small file.
  known ??= new Set(openSslHashes());
  return !withoutLength.has(lower) && known.has(name) ? name : undefined;
}

/** The algorithms that are proposed; more of them work. */
export const usualHashes: readonly string[] = ['blake2b', 'sha256', 'sha512', 'sha3_256', 'sha1', 'md5'];

/** What to tell somebody who asked for an algorithm that does not exist. */
export function unknownHashMessage(pythonName: string): string {
  return `The checksum algorithm '${pythonName}' is not known. Use ${usualHashes.slice(0, -1).join(', ')} or ${usualHashes.at(-1) ?? ''}.`;
}

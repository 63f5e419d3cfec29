import { getHashes } from 'node:crypto';

/** The names of the checksums that this program can make, as OpenSSL calls them. */
export function openSslHashes(): readonly string[] {
  return getHashes();
}

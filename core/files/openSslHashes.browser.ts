/** What OpenSSL has as Node is built with it; nothing is hashed in a browser, so the names are enough. */
export function openSslHashes(): readonly string[] {
  return [
    'blake2b512', 'blake2s256', 'md5', 'md5-sha1', 'ripemd', 'ripemd160', 'rmd160', 'sha1', 'sha224', 'sha256',
    'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512', 'sha384', 'sha512', 'sha512-224', 'sha512-256', 'sm3',
  ]; // prettier-ignore
}

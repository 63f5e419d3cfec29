/** What the C library of libarchive's WebAssembly says of its encoding, at the end of another text of libarchive. */
const ascii = 'afio large ASCII\0';
const utf8 = 'afio large UTF-8\0';

/**
 * libarchive as WebAssembly that keeps all letters of names. Names in a 7z are in UTF-16, and libarchive turns them into
 * the encoding of the system. As it was built that is ASCII, without a way to say another one, and each other letter
 * became “*”. The name of that encoding is replaced by one of the same length.
 * @param {Uint8Array} wasm as libarchive-wasm ships it
 * @returns {Buffer}
 * @throws {Error} where it has another form than the one that was looked into
 */
export function withUtf8Names(wasm) {
  const copy = Buffer.from(wasm);
  const place = copy.indexOf(ascii, 'latin1');
  if (place < 0 || copy.indexOf(ascii, place + 1, 'latin1') >= 0)
    throw new Error('libarchive-wasm has another form: core/packages/archives/utf8Names.mjs has to be adapted.');
  copy.write(utf8, place, 'latin1');
  return copy;
}

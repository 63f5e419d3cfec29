/** A body that has more bytes than are read. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  readonly limit: number;

  constructor(limit: number) {
    super(`the body has more than ${limit} bytes`);
    this.limit = limit;
  }
}

/**
 * The whole of a body, read no further than to a limit in bytes; the rest is given up.
 * @throws BodyTooLarge
 */
export async function boundedBody(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bounded(body, limit)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/**
 * The pieces of a body as they come, up to a limit in bytes.
 * @throws BodyTooLarge at the piece that goes beyond it
 */
async function* bounded(body: AsyncIterable<Uint8Array> | null, limit: number): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  // Leaving the loop gives the rest of the body up.
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > limit) throw new BodyTooLarge(limit);
    yield piece;
  }
}

import type { FileHandle } from 'node:fs/promises';

/** So much is written at once: a call for each piece that arrives costs more than the writing. */
const batchBytes = 1024 * 1024;

/** Writes pieces one behind the other, many at a time; while some are written, the next ones are gathered. */
export class GatheredWrites {
  readonly #handle: FileHandle;
  readonly #onWritten: (pieces: readonly Uint8Array[]) => void;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #underWay: Promise<void> = Promise.resolve();

  /** @param onWritten told of pieces when they are in the file, in their order */
  constructor(handle: FileHandle, onWritten: (pieces: readonly Uint8Array[]) => void) {
    this.#handle = handle;
    this.#onWritten = onWritten;
  }

  /** The piece must not be changed afterwards. @throws what the system said of one before */
  async add(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes >= batchBytes) await this.#next();
  }

  /** All is written when it returns. @throws what the system says */
  async end(): Promise<void> {
    await this.#next();
    await this.#underWay;
  }

  /** Nothing is being written any more when it returns, however that ended. */
  async settled(): Promise<void> {
    await this.#underWay.catch(() => undefined);
  }

  async #next(): Promise<void> {
    await this.#underWay;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    this.#underWay = this.#write(pieces);
    // Told to whoever adds the next piece, or ends.
    this.#underWay.catch(() => undefined);
  }

  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    let left = pieces.filter(({ length }) => length > 0);
    while (left.length > 0) {
      const { bytesWritten } = await this.#handle.writev(left);
      left = behind(left, bytesWritten);
    }
    this.#onWritten(pieces);
  }
}

/** What is left of some pieces behind so many bytes: the system may take less than it was given. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const from = Math.min(skip, piece.length);
    skip -= from;
    return from === piece.length ? [] : [piece.subarray(from)];
  });
}

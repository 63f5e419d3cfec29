import type { FileHandle } from 'node:fs/promises';
import { releaseBytes } from './releaseBytes.ts';

/** So much is written at once: a call for each piece that arrives costs more than the writing. */
const batchBytes = 1024 * 1024;
/**
 * After so much the system is asked to bring it to the disk, so that at the end there is little left to wait for. Each time
 * has its price: after an eighth of it, an upload of 2 GB costs a sixth more of the system's processor time.
 */
const stretchBytes = 256 * 1024 * 1024;

/** Whether a file is being brought to the disk early: one at a time, because each takes one of the few threads of Node. */
let isOneEarly = false;

/**
 * Writes pieces one behind the other, many at a time; while some are written, the next ones are gathered, and what is
 * written goes to the disk.
 */
export class GatheredWrites {
  readonly #handle: FileHandle;
  readonly #onWritten: (pieces: readonly Uint8Array[]) => void;
  readonly #areLetGo: boolean;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #underWay: Promise<void> = Promise.resolve();
  #unsynced = 0;
  #early: Promise<void> = Promise.resolve();

  /**
   * @param onWritten told of pieces when they are in the file, in their order
   * @param areLetGo whether nobody looks at a piece any more that was added: then its memory is given back
   */
  constructor(handle: FileHandle, onWritten: (pieces: readonly Uint8Array[]) => void, areLetGo = false) {
    this.#handle = handle;
    this.#onWritten = onWritten;
    this.#areLetGo = areLetGo;
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

  /** All that is written is on the disk when it returns. @throws what the system says, also of what it was asked early */
  async sync(): Promise<void> {
    // A failure to write is told once only, to whoever asked first.
    await this.#early;
    await this.#handle.datasync();
  }

  /** Nothing is being written any more when it returns, however that ended. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#underWay, this.#early]);
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
    for (const piece of pieces) this.#unsynced += piece.length;
    if (this.#areLetGo) releaseBytes(pieces);
    if (this.#unsynced >= stretchBytes && !isOneEarly) this.#syncEarly();
  }

  #syncEarly(): void {
    this.#unsynced = 0;
    isOneEarly = true;
    const now = this.#handle.datasync().finally(() => {
      isOneEarly = false;
    });
    this.#early = Promise.all([this.#early, now]).then(() => undefined);
    this.#early.catch(() => undefined);
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

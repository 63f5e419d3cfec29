import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

/** A part of the file that is in memory. */
interface Window {
  readonly start: number;
  readonly bytes: Buffer;
}

const windowBytes = 256 * 1024;
/** One for the directory of the archive and one for its members. */
const windowCount = 2;

/**
 * Reads a zip for yauzl in windows, so that its many small pieces (an entry of the directory, a header, a small member)
 * do not each wait for the disk.
 */
export class ZipReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  /** The one that was used last is at the end. */
  #windows: readonly Window[] = [];

  private constructor(handle: FileHandle) {
    super();
    this.#handle = handle;
  }

  /** @throws what the system says */
  static async open(file: string): Promise<{ readonly reader: ZipReader; readonly size: number }> {
    const handle = await open(file, 'r');
    const { size } = await handle.stat();
    return { reader: new ZipReader(handle), size };
  }

  /** @throws Error where the file ends before; what the system says */
  async bytesAt(position: number, length: number): Promise<Buffer> {
    const known = this.#windows.find(
      ({ start, bytes }) => position >= start && position + length <= start + bytes.length,
    );
    const window = known ?? (await this.#load(position, length));
    this.#windows = [...this.#windows.filter((other) => other !== window), window].slice(-windowCount);
    if (position + length > window.start + window.bytes.length) throw new Error('unexpected end of the file');
    return window.bytes.subarray(position - window.start, position - window.start + length);
  }

  async #load(start: number, length: number): Promise<Window> {
    const bytes = Buffer.allocUnsafe(Math.max(length, windowBytes));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { start, bytes: bytes.subarray(0, filled) };
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.bytesAt(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(null);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end), { objectMode: false });
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer, void> {
    for (let position = start; position < end;) {
      const piece = Buffer.allocUnsafe(Math.min(windowBytes, end - position));
      const { bytesRead } = await this.#handle.read(piece, 0, piece.length, position);
      if (bytesRead === 0) throw new Error('unexpected end of the file');
      position += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }

  override close(callback: (error: Error | null) => void): void {
    this.#handle.close().then(() => {
      callback(null);
    }, callback);
  }
}

import type { Source } from '../../hdf5/blocks.ts';
import { FormatError } from '../../hdf5/formatError.ts';
import { FormatFile } from '../../hdf5/formatFile.ts';
import type { DiskFile } from './diskFiles.ts';
import { inflate } from './inflate.ts';
import { sourceAt } from './openSources.ts';

/** The files of a browser that somebody has given the bytes of, each read as far as it is needed. */
export class DiskFiles {
  readonly #look: () => void;
  readonly #open = new Map<string, DiskFile>();

  constructor(look: () => void = () => undefined) {
    this.#look = look;
  }

  open(path: string): DiskFile {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const given = sourceAt(path)?.source;
    if (given === undefined) throw new FormatError('it is not open here');
    const source: Source = {
      size: given.size,
      read: (position, length) => given.read(position, length),
      look: this.#look,
    };
    const file = { path, format: new FormatFile(source, inflate) };
    this.#open.set(path, file);
    return file;
  }

  /** Who gives other bytes opens the file anew. */
  refresh(): boolean {
    return false;
  }

  close(): void {
    this.#open.clear();
  }
}

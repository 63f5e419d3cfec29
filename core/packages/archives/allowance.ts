import { stat, statfs } from 'node:fs/promises';
import { budget } from '../../limits/budget.ts';
import { PackageError } from '../packageError.ts';

/** What archives may hold at most (core/limits/budget.ts says what each is). */
export interface UnpackLimits {
  readonly entries: number;
  readonly bytes: number;
  readonly ratio: number;
  readonly depth: number;
}

/** What has been unpacked so far. */
export interface Unpacked {
  readonly entries: number;
  readonly bytes: number;
}

/** What may be unpacked in one go, and how much of that is used up: one archive, or all of a folder. */
export class Allowance {
  readonly #entries: number;
  readonly #bytes: number;
  readonly #ratio: number;
  #used: Unpacked = { entries: 0, bytes: 0 };
  /** Whether the most is what the disk has room for. */
  readonly #isOfDisk: boolean;
  /** Where the archive that is unpacked now must end, because of its own size. */
  #end = Infinity;

  private constructor({ entries, bytes, ratio }: Omit<UnpackLimits, 'depth'>, room: number) {
    this.#entries = entries;
    this.#bytes = Math.min(bytes, room);
    this.#isOfDisk = room < bytes;
    this.#ratio = ratio;
  }

  /**
   * @param place a folder on the file system that will be written to; half of what is free there is the most
   * @throws what the system says of `place`
   */
  static async in(place: string, limits: Partial<UnpackLimits> = {}): Promise<Allowance> {
    const { bavail, bsize } = await statfs(place);
    return new Allowance({ ...budget.packages, ...limits }, Math.floor((bavail * bsize) / 2));
  }

  get used(): Unpacked {
    return this.#used;
  }

  /** Runs the unpacking of one archive; what it took is given back if that fails. */
  async forArchive<T>(file: string, unpack: () => Promise<T>): Promise<T> {
    const before = this.#used;
    const { size } = await stat(file);
    this.#end = before.bytes + Math.max(budget.packages.ratioFrom, size * this.#ratio);
    try {
      return await unpack();
    } catch (error) {
      this.#used = before;
      throw error;
    }
  }

  /** @throws PackageError `limit` */
  addEntry(): void {
    const entries = this.#used.entries + 1;
    if (entries > this.#entries)
      throw new PackageError('limit', `There are more than the ${this.#entries} members that are allowed.`);
    this.#used = { ...this.#used, entries };
  }

  /** @throws PackageError `limit` if there is no room for so many bytes more */
  check(bytes: number): void {
    const end = Math.min(this.#bytes, this.#end);
    if (this.#used.bytes + bytes <= end) return;
    const ofDisk = this.#isOfDisk ? ': half of what is free on the disk' : '';
    const why = end === this.#bytes ? ofDisk : `: ${this.#ratio} for each that is packed; this may be a bomb`;
    throw new PackageError('limit', `The content is more than the ${end} bytes that are allowed${why}.`);
  }

  /** @throws PackageError `limit` */
  addBytes(bytes: number): void {
    this.check(bytes);
    this.#used = { ...this.#used, bytes: this.#used.bytes + bytes };
  }
}

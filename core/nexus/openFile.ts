import type { BigIntStats } from 'node:fs';
import { fileIdentity } from './storage/fileIdentity.ts';
import { FormatError } from '../hdf5/formatError.ts';
import type { LibraryFile } from './library/libraryFile.ts';
import { fileStats, fromSystem } from './diskStats.ts';
import { NexusError } from './model.ts';
import { unreadable } from './nodes.ts';
import type {
  ChildrenPage,
  NexusAttribute,
  NexusData,
  NexusEntry,
  NexusFile,
  NexusNode,
  NexusStorage,
} from './model.ts';
import { OwnObjects } from './own/ownObjects.ts';
import { normalizePath } from './path.ts';
import { DiskFiles } from './storage/diskFiles.ts';
import type { ReadBytes } from './storage/diskFiles.ts';
import type { Reach } from './storage/reach.ts';

/** Opens a file in the HDF5 library, of which our reader does not understand something. */
export type OpenLibrary = (disk: DiskFiles) => Promise<LibraryFile>;

export interface Reading {
  readonly read: ReadBytes;
  /** Bytes that are read, or unpacked, at once; what needs more is left to the library. */
  readonly most: number;
}

/** The time that one answer may take. */
class AnswerTime {
  readonly #milliseconds: number;
  #until = Infinity;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  begin(): void {
    this.#until = performance.now() + this.#milliseconds;
    this.look();
  }

  /** @throws NexusError `too-slow` */
  look(): void {
    if (performance.now() < this.#until) return;
    throw new NexusError('too-slow', `There was no answer within ${this.#milliseconds / 1000} s.`);
  }
}

/** A file that is read by its own structures; what is not understood of it, the HDF5 library is asked for. */
export class OpenFile implements NexusFile {
  readonly path: string;
  readonly #stats: BigIntStats;
  readonly #openInLibrary: OpenLibrary;
  readonly #time: AnswerTime;
  readonly #disk: DiskFiles;
  #own: OwnObjects | undefined;
  #library: Promise<LibraryFile> | undefined;
  #closed = false;
  #tooSlow: NexusError | undefined;

  private constructor(
    path: string,
    stats: BigIntStats,
    answerMs: number,
    openInLibrary: OpenLibrary,
    reading: Reading | undefined,
  ) {
    this.path = path;
    this.#stats = stats;
    this.#openInLibrary = openInLibrary;
    this.#time = new AnswerTime(answerMs);
    const look = (): void => {
      this.#time.look();
    };
    this.#disk = new DiskFiles(look, reading?.read, reading?.most);
  }

  /**
   * @param reading reads bytes in another way than at once
   * @throws NexusError for what is wrong with the file; whatever `openInLibrary` and `reading` throw
   */
  static async open(
    path: string,
    reach: Reach,
    stats: BigIntStats,
    answerMs: number,
    openInLibrary: OpenLibrary,
    reading?: Reading,
  ): Promise<OpenFile> {
    const file = new OpenFile(path, stats, answerMs, openInLibrary, reading);
    try {
      await file.#begin(reach);
    } catch (error) {
      file.#disk.close();
      throw isSystem(error) ? fromSystem(path, error) : error;
    }
    return file;
  }

  async #begin(reach: Reach): Promise<void> {
    try {
      this.#time.begin();
      this.#own = new OwnObjects(this.path, this.#disk, reach);
    } catch (error) {
      if (!mayBeDamage(error)) throw error;
      await this.#openLibrary();
    }
  }

  describe(path: string): Promise<NexusNode> {
    return this.#answer(
      path,
      (own, normal) => own.describe(normal),
      (library, normal) => library.objects.describe(normal),
    );
  }

  childNames(path: string, page?: { offset: number; limit: number }): Promise<ChildrenPage> {
    return this.#answer(
      path,
      (own, normal) => own.childNames(normal, page),
      (library, normal) => {
        const names = library.names(normal);
        return { total: names.length, names: cut(names, page) };
      },
    );
  }

  async childKinds(
    path: string,
    page?: { offset: number; limit: number },
  ): Promise<{ total: number; nodes: NexusEntry[] }> {
    const { total, names, nodes } = await this.#answer<Children<NexusEntry>>(
      path,
      (own, normal) => own.childKinds(normal, page),
      (library, normal) => {
        const all = library.names(normal);
        return { total: all.length, names: [], nodes: library.objects.childKinds(normal, cut(all, page)) };
      },
    );
    return { total, nodes: await this.#fill(path, names, nodes, ({ objects }, normal, missing) => objects.childKinds(normal, missing)) }; // prettier-ignore
  }

  async children(
    path: string,
    page?: { offset: number; limit: number },
  ): Promise<{ total: number; nodes: NexusNode[] }> {
    const describeAll = ({ objects }: LibraryFile, normal: string, names: readonly string[]): NexusNode[] =>
      names.map((name) => objects.child(normal, name));
    const { total, names, nodes } = await this.#answer<Children<NexusNode>>(
      path,
      (own, normal) => own.children(normal, page),
      (library, normal) => {
        const all = library.names(normal);
        return { total: all.length, names: [], nodes: describeAll(library, normal, cut(all, page)) };
      },
    );
    return { total, nodes: await this.#fill(path, names, nodes, describeAll) };
  }

  read(path: string, limit = Infinity): Promise<NexusData> {
    const data = ({ dataset, elements, total, invalidUtf8 }: ReturnType<OwnObjects['read']>): NexusData => ({
      dataset,
      elements,
      truncated: total > elements.length,
      invalidUtf8,
    });
    return this.#answer(
      path,
      (own, normal) => data(own.read(normal, limit)),
      (library, normal) => data(library.objects.read(normal, limit)),
    );
  }

  attributes(path: string): Promise<ReadonlyMap<string, NexusAttribute>> {
    return this.#answer(
      path,
      (own, normal) => own.attributes(normal),
      (library, normal) => library.objects.attributes(normal),
    );
  }

  storage(path: string): Promise<NexusStorage> {
    return this.#answer(
      path,
      (own, normal) => own.storage(normal),
      (library, normal) => library.objects.storage(normal),
    );
  }

  identity(path: string): Promise<string> {
    return this.#answer(
      path,
      (own, normal) => own.identity(normal),
      (library, normal) => library.objects.identity(normal),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const library = await this.#library?.catch(() => undefined);
    library?.close(this.#tooSlow !== undefined);
    this.#disk.close();
  }

  #openLibrary(): Promise<LibraryFile> {
    this.#library ??= this.#openInLibrary(this.#disk);
    return this.#library;
  }

  /** Asks the library for what is missing in a list of children. */
  async #fill<T>(
    path: string,
    names: readonly string[],
    nodes: readonly (T | undefined)[],
    describeAll: (library: LibraryFile, path: string, names: readonly string[]) => readonly T[],
  ): Promise<T[]> {
    const missing = names.filter((_, index) => nodes[index] === undefined);
    const found =
      missing.length === 0
        ? []
        : await this.#answer(path, undefined, (library, normal) => describeAll(library, normal, missing));
    let next = 0;
    return nodes.flatMap((node) => {
      if (node !== undefined) return [node];
      const other = found[next];
      next += 1;
      return other === undefined ? [] : [other];
    });
  }

  // Not an async function, so that nothing but the answer waits for the next turn.
  #answer<T>(
    path: string,
    ask: ((own: OwnObjects, normalized: string) => T) | undefined,
    askLibrary: (library: LibraryFile, normalized: string) => T,
  ): Promise<T> {
    const normal = normalizePath(path);
    try {
      if (this.#closed) throw new NexusError('file-not-readable', `${this.path} has been closed.`);
      if (this.#tooSlow) throw this.#tooSlow;
      this.#time.begin();
      this.#own?.refresh();
      if (this.#own !== undefined && ask !== undefined) {
        const answer = ask(this.#own, normal);
        // It may be made of what was there before and what is there now.
        if (this.#own.refresh()) throw this.#changed();
        return Promise.resolve(answer);
      }
    } catch (error) {
      if (!mayBeDamage(error)) return Promise.reject(this.#failed(error));
    }
    return this.#openLibrary()
      .then((library) =>
        library.inTime(() => {
          this.#time.begin();
          const answer = askLibrary(library, normal);
          // The library keeps what it has read once.
          if (this.#hasChanged()) throw this.#changed();
          return answer;
        }),
      )
      .catch((error: unknown) => {
        throw this.#failed(mayBeDamage(error) ? unreadable(path, error.message) : error);
      });
  }

  #failed(error: unknown): Error {
    if (error instanceof NexusError && error.code === 'too-slow') this.#tooSlow = error;
    return this.#explained(error);
  }

  /** What fails in a file that has changed under us says nothing about the file as it is now. */
  #explained(error: unknown): Error {
    if (isSystem(error)) return fromSystem(this.path, error);
    if (!(error instanceof NexusError)) return error instanceof Error ? error : new Error(String(error));
    try {
      return !this.#closed && this.#hasChanged() ? this.#changed(error.path) : error;
    } catch (missing) {
      return missing instanceof NexusError ? missing : error;
    }
  }

  /** @throws NexusError where it is not there any more */
  #hasChanged(): boolean {
    return fileIdentity(fileStats(this.path)) !== fileIdentity(this.#stats);
  }

  #changed(path?: string): NexusError {
    return new NexusError('file-changed', `${this.path} has changed since it was opened. Read it again.`, path);
  }
}

/**
 * Whether a file that is damaged may be the reason. A number out of it that no check has stopped ends as a length, a
 * shift or a depth that the language does not have; then somebody else is asked, too. Any other error is a fault of ours
 * and shown as one. Only here: who calls a reader itself, as tests do, sees which check is missing.
 */
function mayBeDamage(error: unknown): error is Error {
  return error instanceof FormatError || error instanceof RangeError;
}

/** The disk fails, or the network behind it. */
function isSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

interface Children<T> {
  readonly total: number;
  readonly names: readonly string[];
  readonly nodes: readonly (T | undefined)[];
}

function cut<T>(items: readonly T[], page?: { offset: number; limit: number }): readonly T[] {
  return page === undefined ? items : items.slice(page.offset, page.offset + page.limit);
}

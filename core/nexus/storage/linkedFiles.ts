import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Hdf5 } from '../library/h5wasm.ts';
import { isThere } from './reach.ts';
import type { Reach } from './reach.ts';
import { joinPath, splitPath } from '../path.ts';

/** Links that lead through more links than this are given up, as the HDF5 library does (there: 16 in a row). */
const MAX_LINKS = 64;
const MAX_KNOWN_PATHS = 10_000;

export interface Place {
  readonly file: bigint;
  readonly path: string;
}

/**
 * Finds the file in which an object behind external links really lies. The library has a fault there: reading an
 * attribute by its path, it looks up text of variable length in the file where the path starts, not in the one where
 * it ends, and so fails or finds some other text.
 */
export class LinkedFiles {
  readonly #hdf5: Hdf5;
  readonly #reach: Reach;
  readonly #root: { readonly file: bigint; readonly path: string };
  readonly #paths = new Map<bigint, string>();
  readonly #opened = new Map<string, bigint>();
  readonly #known = new Map<string, Place>();

  constructor(hdf5: Hdf5, reach: Reach, file: bigint, path: string) {
    this.#hdf5 = hdf5;
    this.#reach = reach;
    this.#root = { file, path };
    this.#paths.set(file, path);
  }

  /** Where a file lies on disk that was opened here. */
  pathOf(file: bigint): string {
    return this.#paths.get(file) ?? this.#root.path;
  }

  /** A file that another one names, or why it cannot be opened. */
  open(name: string, from: bigint): bigint | string {
    return this.#open(name, dirname(this.pathOf(from)));
  }

  /** @returns undefined where a file on the way cannot be opened */
  locate(path: string): Place | undefined {
    return this.#locate({ file: this.#root.file, path: '/' }, splitPath(path), { left: MAX_LINKS });
  }

  close(): void {
    for (const file of this.#opened.values())
      this.#hdf5.attempt(this.#reach, (module) => module.close_file(file), true);
    this.#opened.clear();
  }

  #locate(start: Place, components: readonly string[], links: { left: number }): Place | undefined {
    let place = start;
    for (const name of components) {
      const next = this.#step({ file: place.file, path: joinPath(place.path, name) }, place, links);
      if (next === undefined) return undefined;
      place = next;
    }
    return place;
  }

  /** Where the link at `link`, which lies in the group `group`, leads; to itself where it is none. */
  #step(link: Place, group: Place, links: { left: number }): Place | undefined {
    const key = `${link.file}:${link.path}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#follow(link, group, links);
    if (this.#known.size >= MAX_KNOWN_PATHS) this.#known.clear();
    if (found !== undefined) this.#known.set(key, found);
    return found;
  }

  #follow(link: Place, group: Place, links: { left: number }): Place | undefined {
    const external = this.#hdf5.attempt(this.#reach, (module) => module.get_external_link(link.file, link.path));
    if (!external.ok) return undefined;
    const { filename, obj_path: target = '/' } = external.value;
    links.left -= 1;
    if (links.left < 0) return undefined;
    if (filename !== undefined) {
      const file = this.open(filename, link.file);
      return typeof file === 'string' ? undefined : this.#locate({ file, path: '/' }, splitPath(target), links);
    }
    const soft = this.#hdf5.attempt(this.#reach, (module) => module.get_symbolic_link(link.file, link.path));
    if (!soft.ok) return undefined;
    if (soft.value === null) {
      links.left += 1;
      return link;
    }
    const start = soft.value.startsWith('/') ? { file: link.file, path: '/' } : group;
    return this.#locate(start, splitPath(soft.value), links);
  }

  /** Looks where the library looks: beside the file that has the link, and in the working directory. */
  #open(name: string, folder: string): bigint | string {
    let problem = 'which is not there';
    const places = isAbsolute(name) ? [name, join(folder, basename(name))] : [join(folder, name), name];
    for (const path of places) {
      const known = this.#opened.get(path);
      if (known !== undefined) return known;
      const file = this.#hdf5.attempt(this.#reach, (module) => module.open(path, 0, false, -1, -1), true);
      if (file.ok && file.value >= 0n) {
        this.#opened.set(path, file.value);
        this.#paths.set(file.value, path);
        return file.value;
      }
      if (file.refused !== undefined) problem = `and ${file.refused}`;
      else if (!file.ok && isThere(path)) problem = `which cannot be opened: ${file.reason}`;
    }
    return problem;
  }
}

import { basename, dirname, isAbsolute, join } from 'node:path';
import { FormatError } from '../../hdf5/formatError.ts';
import type { GroupReader } from '../../hdf5/objects/group.ts';
import type { LinkTarget } from '../../hdf5/objects/link.ts';
import { kindOf, readObject } from '../../hdf5/objects/objectHeader.ts';
import type { StoredObject } from '../../hdf5/objects/objectHeader.ts';
import { openGroup } from '../../hdf5/objects/openGroup.ts';
import { utf8Bytes } from '../../text/utf8.ts';
import { splitPath } from '../path.ts';
import type { DiskFile, DiskFiles } from '../storage/diskFiles.ts';
import { isThere, realFolder } from '../storage/reach.ts';
import type { Reach } from '../storage/reach.ts';

/** An object: the file in which it lies, and where there. */
export interface OwnPlace {
  readonly disk: DiskFile;
  readonly address: number;
}

/** Where a name leads. */
export type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'object'; readonly place: OwnPlace }
  /** A link that leads nowhere; `refused` says why something on the way is not opened. */
  | { readonly kind: 'broken'; readonly target: string; readonly refused: string | undefined };

/** What one way through links may take, and what was met on it. */
interface Way {
  left: number;
  refused: string | undefined;
}

/** The HDF5 library follows so many links for one path. */
const MAX_LINKS = 16;
/** Objects and groups that are kept, so that each question need not begin anew. */
const MAX_OBJECTS = 2_000;
const MAX_GROUPS = 64;

/** Follows names from group to group, through links and into other files. */
export class OwnLinks {
  readonly #files: DiskFiles;
  readonly #reach: Reach;
  readonly #objects = new PlaceMap<StoredObject>(MAX_OBJECTS);
  readonly #groups = new PlaceMap<GroupReader>(MAX_GROUPS);

  constructor(files: DiskFiles, reach: Reach) {
    this.#files = files;
    this.#reach = reach;
  }

  /** Forgets what is known, because a file has changed. */
  forget(): void {
    this.#objects.clear();
    this.#groups.clear();
  }

  /** @throws FormatError */
  object(place: OwnPlace): StoredObject {
    const known = this.#objects.get(place);
    if (known !== undefined) return known;
    const object = readObject(place.disk.format, place.address);
    this.#objects.set(place, object);
    return object;
  }

  /** One of many that are looked at one after the other, and not kept: most are not asked for again. @throws FormatError */
  passing(place: OwnPlace): StoredObject {
    return this.#objects.get(place) ?? readObject(place.disk.format, place.address);
  }

  /** @throws FormatError */
  group(place: OwnPlace): GroupReader {
    const known = this.#groups.get(place);
    if (known !== undefined) return known;
    const group = openGroup(this.object(place));
    this.#groups.set(place, group);
    return group;
  }

  /** Where a name in a group leads. @throws FormatError */
  child(group: OwnPlace, name: string): Step {
    return this.#child(group, name, { left: MAX_LINKS, refused: undefined });
  }

  /** Where a link leads that was found in a group. @throws FormatError */
  follow(group: OwnPlace, target: LinkTarget): Step {
    return this.#follow(group, target, { left: MAX_LINKS, refused: undefined });
  }

  #child(group: OwnPlace, name: string, way: Way): Step {
    const link = this.group(group).find(utf8Bytes(name));
    return link === undefined ? { kind: 'none' } : this.#follow(group, link.target, way);
  }

  #follow(group: OwnPlace, target: LinkTarget, way: Way): Step {
    if (target.kind === 'hard') return { kind: 'object', place: { disk: group.disk, address: target.address } };
    // A path that goes round in a circle, too, is left to the library.
    way.left -= 1;
    if (way.left < 0) throw new FormatError('there are too many links');
    if (target.kind === 'soft') {
      const start = target.path.startsWith('/') ? rootOf(group.disk) : group;
      const place = this.#walk(start, target.path, way);
      if (place !== undefined) return { kind: 'object', place };
      return { kind: 'broken', target: target.path, refused: way.refused };
    }
    const disk = this.#openBeside(target.file, group.disk, way);
    const place = disk && this.#walk(rootOf(disk), target.path, way);
    if (place !== undefined) return { kind: 'object', place };
    return { kind: 'broken', target: `${target.file}:${target.path}`, refused: way.refused };
  }

  /** Undefined where there is nothing. */
  #walk(start: OwnPlace, path: string, way: Way): OwnPlace | undefined {
    let place = start;
    for (const name of splitPath(path)) {
      if (kindOf(this.object(place)) !== 'group') return undefined;
      const step = this.#child(place, name, way);
      if (step.kind !== 'object') return undefined;
      place = step.place;
    }
    // What a link leads to has to be there.
    kindOf(this.object(place));
    return place;
  }

  /** Looks where the library looks: beside the file that has the link, and in the working directory. */
  #openBeside(name: string, { path }: DiskFile, way: Way): DiskFile | undefined {
    const folder = dirname(path);
    const places = isAbsolute(name) ? [name, join(folder, basename(name))] : [join(folder, name), name];
    for (const place of places) {
      const refused = this.#reach.refusal(place);
      way.refused ??= refused;
      if (refused === undefined && isThere(place)) return this.#files.open(place);
    }
    // The library looks there too, after everything else.
    const last = isAbsolute(name) ? basename(name) : name;
    if ([last, join(realFolder(path), last)].some((place) => !places.includes(place) && isThere(place)))
      throw new FormatError('another file may lie somewhere else');
    return undefined;
  }
}

export function rootOf(disk: DiskFile): OwnPlace {
  return { disk, address: disk.format.root };
}

/** What is known of places: no more than so many, of which those go first that came first. */
class PlaceMap<T> {
  readonly #most: number;
  readonly #known = new Map<DiskFile, Map<number, T>>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get({ disk, address }: OwnPlace): T | undefined {
    return this.#known.get(disk)?.get(address);
  }

  set({ disk, address }: OwnPlace, value: T): void {
    if (this.#size >= this.#most) this.#dropFirst();
    const own = this.#known.get(disk) ?? new Map<number, T>();
    this.#known.set(disk, own);
    own.set(address, value);
    this.#size += 1;
  }

  clear(): void {
    this.#known.clear();
    this.#size = 0;
  }

  #dropFirst(): void {
    for (const [disk, own] of this.#known) {
      const [first] = own.keys();
      if (first === undefined || own.size === 1) this.#known.delete(disk);
      else own.delete(first);
      if (first === undefined) continue;
      this.#size -= 1;
      return;
    }
  }
}

import type { Hdf5Metadata } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { compareBytes } from '../../hdf5/bytes.ts';
import { product } from '../../hdf5/objects/dataspace.ts';
import { FormatError } from '../../hdf5/formatError.ts';
import { nameText } from '../../hdf5/objects/link.ts';
import { kindOf } from '../../hdf5/objects/objectHeader.ts';
import { openGroup } from '../../hdf5/objects/openGroup.ts';
import type { StoredType } from '../../hdf5/values/storedType.ts';
import { elementType } from '../values/elementType.ts';
import type { Hdf5 } from './h5wasm.ts';
import { readBox, readElements } from './libraryElements.ts';
import type { Attempt } from './libraryElements.ts';
import { plainType, textType } from './libraryType.ts';
import type { DiskFiles } from '../storage/diskFiles.ts';
import { LinkedFiles } from '../storage/linkedFiles.ts';
import type { Place } from '../storage/linkedFiles.ts';
import { brokenLinkError, isOfObject, NexusError } from '../model.ts';
import type {
  Element,
  NexusAttribute,
  NexusDataset,
  NexusEntry,
  NexusGroup,
  NexusNode,
  NexusStorage,
} from '../model.ts';
import { boxOf, namedType, unreadable, unreadableName } from '../nodes.ts';
import { joinPath, splitPath } from '../path.ts';
import type { Reach } from '../storage/reach.ts';
import { describeStorage } from '../storage/describeStorage.ts';
import { storageProblem } from '../storage/storageCheck.ts';
import type { Around, Wanted } from '../storage/storageCheck.ts';
import { datasetType, storedAttributes, StoredFiles } from '../storage/storedFiles.ts';
import type { StoredAttributes } from '../storage/storedFiles.ts';

/** Answers of h5wasm's `get_type`. */
const kinds = { none: -1, group: 0, dataset: 1, namedType: 2, softLink: 3, externalLink: 4 } as const;

/** From this depth on, the library would walk through each group above again and again to tell what lies below. */
const DEEP = 16;

/** Reads objects of one open file, synchronously. All paths are normalised; only NexusErrors are thrown. */
export class Hdf5Objects {
  readonly #hdf5: Hdf5;
  readonly #file: bigint;
  readonly #reach: Reach;
  readonly #linked: LinkedFiles;
  readonly #stored: StoredFiles;
  readonly #around: Around;
  readonly #attempt: Attempt = (run, tolerant = false) =>
    this.#hdf5.attempt(this.#reach, (module) => run(module, this.#file), tolerant);

  constructor(hdf5: Hdf5, reach: Reach, disk: DiskFiles, file: bigint, filePath: string) {
    this.#hdf5 = hdf5;
    this.#file = file;
    this.#reach = reach;
    this.#linked = new LinkedFiles(hdf5, reach, file, filePath);
    this.#stored = new StoredFiles(hdf5, reach, disk);
    this.#around = {
      addFilter: (id) => hdf5.addFilter(id),
      refusal: (path) => reach.refusal(path),
      dataset: (place, name, path) => this.#datasetBeside(place, name, path),
    };
  }

  close(): void {
    this.#linked.close();
    this.#attempt((module, file) => module.close_file(file), true);
  }

  /**
   * What names the object behind a path and no other one in any file, however many names it has.
   * @throws NexusError where there is none
   */
  identity(path: string): string {
    const { opens } = this.#hdf5;
    let place: Place | undefined = { file: this.#file, path };
    let address = this.#stored.address(place);
    if (this.#hdf5.opens > opens) {
      place = this.#linked.locate(path);
      address = place === undefined ? undefined : this.#stored.address(place);
    }
    if (place === undefined || address === undefined) throw unreadable(path, 'it cannot be found');
    return `${this.#linked.pathOf(place.file)}:${address}`;
  }

  describe(path: string): NexusNode {
    const kind = this.#kind(path);
    if (kind === kinds.dataset) return this.#dataset(path, this.#metadata(path));
    if (kind === kinds.group) return this.#group(path);
    if (kind === kinds.namedType) return namedType(path);
    return this.#brokenLink(path);
  }

  /** @throws NexusError when the path is not a group */
  names(path: string): readonly string[] {
    const { opens } = this.#hdf5;
    const outcome = this.#attempt((module, file) => module.get_names(file, path, false));
    if (outcome.ok) return this.#asWritten(path, outcome.value, opens);
    const node = this.describe(path);
    if (node.kind === 'group') throw unreadable(path, outcome.reason);
    if (node.kind === 'broken-link') throw brokenLinkError(node);
    throw new NexusError('path-not-a-group', `${path} is a dataset, not a group.`, path);
  }

  /** h5wasm takes all names for UTF-8 and mangles those that are not: these, as Latin-1. */
  #asWritten(path: string, names: readonly string[], opens: number): readonly string[] {
    if (names.every((name) => /^[\0-\x7f]*$/.test(name))) return names;
    try {
      const place = this.#placeOf(path, opens);
      const object = this.#stored.object(place, this.#linked.pathOf(place.file));
      const written = Array.from(openGroup(object).links(0), ({ name }) => name).sort(compareBytes);
      const texts = written.map(nameText);
      const sound = new Set(texts.filter(({ isUtf8 }) => isUtf8).map(({ text }) => text));
      const others = texts.filter(({ isUtf8 }) => !isUtf8).map(({ text }) => text);
      return names.map((name) => (sound.has(name) ? name : (others.shift() ?? name)));
    } catch (error) {
      if (error instanceof FormatError || isOfObject(error)) return names;
      throw error;
    }
  }

  /** Children of a group with no more than their kinds, which one call of the library tells for each. */
  childKinds(group: string, names: readonly string[]): NexusEntry[] {
    const paths = names.map((name) => joinPath(group, name));
    const found: (number | undefined)[] = [];
    // All in one attempt: only where something is wrong, each is asked alone to find out which.
    const together = this.#attempt((module, file) => {
      for (const path of paths) found.push(module.get_type(file, path));
    });
    return paths.map((path, index) => {
      const kind = together.ok ? found[index] : this.#kind(path);
      if (kind === kinds.group) return { path, kind: 'group' };
      return { path, kind: kind === kinds.dataset || kind === kinds.namedType ? 'dataset' : 'broken-link' };
    });
  }

  /** A child of a group, for a listing: what cannot be read is part of the answer. */
  child(group: string, name: string): NexusNode {
    const path = joinPath(group, name);
    try {
      return this.describe(path);
    } catch (error) {
      if (!isOfObject(error)) throw error;
      // What a group lists is there, if it can be asked for by this name.
      return error.code === 'path-missing'
        ? unreadableName(path)
        : { kind: 'broken-link', path, target: error.message };
    }
  }

  read(
    path: string,
    limit: number,
  ): { dataset: NexusDataset; elements: Element[]; total: number; invalidUtf8: boolean } {
    const { opens } = this.#hdf5;
    const outcome = this.#attempt((module, file) => module.get_dataset_metadata(file, path));
    if (!outcome.ok) throw this.#noDataset(path, outcome);
    const metadata = outcome.value;
    const place = this.#placeOf(path, opens);
    const total = metadata.shape === null ? 0 : product(metadata.shape);
    const box = boxOf(metadata.shape ?? [], Math.min(limit, total));
    const type = this.#readableType(
      path,
      place,
      metadata,
      total === 0 ? undefined : (box?.count ?? metadata.shape ?? []),
    );
    const dataset = this.#dataset(path, metadata, type);
    const decoded = readBox(this.#attempt, path, type, box?.count ?? metadata.shape ?? [], total);
    const elements = decoded.elements.length > limit ? decoded.elements.slice(0, limit) : decoded.elements;
    return { dataset, elements, total, invalidUtf8: decoded.invalidUtf8 };
  }

  storage(path: string): NexusStorage {
    const { opens } = this.#hdf5;
    const outcome = this.#attempt((module, file) => module.get_dataset_metadata(file, path));
    if (!outcome.ok) throw this.#noDataset(path, outcome);
    try {
      const place = this.#placeOf(path, opens);
      return describeStorage(this.#stored.object(place, this.#linked.pathOf(place.file)));
    } catch (error) {
      if (error instanceof FormatError) throw unreadable(path, error.message);
      throw error;
    }
  }

  attributes(path: string): ReadonlyMap<string, NexusAttribute> {
    const node = this.describe(path);
    if (node.kind === 'broken-link') throw brokenLinkError(node);
    const names = this.#attempt((module, file) => module.get_attribute_names(file, path));
    if (!names.ok) throw unreadable(path, names.reason);
    const attributes = new Map<string, NexusAttribute>();
    let stored: StoredAttributes | undefined;
    const once = (place: Place): StoredAttributes => (stored ??= this.#storedAttributes(place));
    for (const name of names.value) {
      const attribute = this.#attribute(path, name, once);
      if (attribute !== undefined) attributes.set(name, attribute);
    }
    if (stored === undefined) return attributes;
    // h5wasm lists them by name also where the order of making is kept without an index.
    const place = new Map(stored.names.map((name, index) => [name, index]));
    return new Map([...attributes].sort(([a], [b]) => (place.get(a) ?? 0) - (place.get(b) ?? 0)));
  }

  /**
   * The file in which an object really lies, and its path there.
   * @param opens how many files the library had opened before it looked for the object
   */
  #placeOf(path: string, opens: number): Place {
    if (this.#hdf5.opens === opens) return { file: this.#file, path };
    const place = this.#linked.locate(path);
    if (place === undefined) throw unreadable(path, 'the file in which it lies cannot be found');
    return place;
  }

  /**
   * The type of a dataset by its layout.
   * @param count the elements along each axis that will be read; they are checked to be there
   */
  #readableType(path: string, place: Place, metadata: Hdf5Metadata, count: readonly number[] | undefined): StoredType {
    try {
      const object = this.#stored.object(place, this.#linked.pathOf(place.file));
      const type = datasetType(metadata, object);
      if (count !== undefined) {
        const wanted: Wanted = { place, object, ...extentOf(metadata), count, size: metadata.size };
        const problem = storageProblem(wanted, this.#around);
        if (problem !== undefined) throw unreadable(path, problem);
      }
      return type;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw unreadable(path, error.message);
    }
  }

  /** A dataset that is named in another one, or why it cannot be read. */
  #datasetBeside(from: Place, name: string, path: string): Omit<Wanted, 'count'> | string {
    const file = name === '.' ? from.file : this.#linked.open(name, from.file);
    if (typeof file === 'string') return file;
    const { opens } = this.#hdf5;
    const metadata = this.#attempt((module) => module.get_dataset_metadata(file, path));
    if (!metadata.ok || this.#hdf5.opens > opens) return 'which is not there';
    const place = { file, path };
    const object = this.#stored.object(place, this.#linked.pathOf(file));
    return { place, object, ...extentOf(metadata.value), size: metadata.value.size };
  }

  /** One of `kinds`; `undefined` where the library failed to say. */
  #kind(path: string): number | undefined {
    if (splitPath(path).length > DEEP) {
      const kind = this.#kindByHeader(path);
      if (kind !== undefined) return kind;
    }
    const outcome = this.#attempt((module, file) => module.get_type(file, path));
    return outcome.ok ? outcome.value : undefined;
  }

  #kindByHeader(path: string): number | undefined {
    try {
      const { opens } = this.#hdf5;
      const address = this.#stored.address({ file: this.#file, path });
      if (address === undefined) return undefined;
      const place = this.#placeOf(path, opens);
      const kind = kindOf(this.#stored.object(place, this.#linked.pathOf(place.file)));
      return kind === 'named type' ? undefined : kinds[kind];
    } catch (error) {
      if (error instanceof FormatError || isOfObject(error)) return undefined;
      throw error;
    }
  }

  #metadata(path: string): Hdf5Metadata {
    const outcome = this.#attempt((module, file) => module.get_dataset_metadata(file, path));
    if (!outcome.ok) throw unreadable(path, outcome.reason);
    return outcome.value;
  }

  /** @param type as far as it is known; else it is named by its size */
  #dataset(path: string, metadata: Hdf5Metadata, type: StoredType = plainType(metadata)): NexusDataset {
    return {
      kind: 'dataset',
      path,
      type: elementType(type),
      shape: metadata.shape,
      units: this.#attributeText(path, 'units'),
    };
  }

  #group(path: string): NexusGroup {
    return { kind: 'group', path, nxClass: this.#attributeText(path, 'NX_class') };
  }

  /** Why there is nothing behind the path: follows it to the first component that fails. */
  #brokenLink(path: string): NexusNode {
    const components = splitPath(path);
    let current = '/';
    for (const [index, name] of components.entries()) {
      const parent = current;
      current = joinPath(parent, name);
      const last = index === components.length - 1;
      const kind = this.#kind(current);
      if (kind === kinds.group) continue;
      if (kind === kinds.none) {
        throw new NexusError('path-missing', `There is no ${name} in ${parent === '/' ? 'the file' : parent}.`, path);
      }
      if (kind === kinds.dataset || kind === kinds.namedType) {
        if (last) break;
        throw new NexusError('path-missing', `${current} is a dataset, so there is nothing below it.`, path);
      }
      const target = this.#linkTarget(current);
      if (target === undefined) throw unreadable(current, 'it cannot be opened');
      const { refused } = this.#attempt((module, file) => module.get_type(file, current));
      const link = { path: current, target, ...(refused === undefined ? {} : { refused }) };
      if (last) return { kind: 'broken-link', ...link };
      throw brokenLinkError(link, path);
    }
    throw unreadable(path, 'it cannot be opened');
  }

  #linkTarget(path: string): string | undefined {
    const soft = this.#attempt((module, file) => module.get_symbolic_link(file, path));
    if (soft.ok && soft.value !== null) return soft.value;
    const external = this.#attempt((module, file) => module.get_external_link(file, path));
    const { filename, obj_path: target } = external.ok ? external.value : {};
    return filename === undefined || target === undefined ? undefined : `${filename}:${target}`;
  }

  #noDataset(path: string, outcome: { reason: string }): NexusError {
    const node = this.describe(path);
    if (node.kind === 'group') return new NexusError('path-is-group', `${path} is a group, not a dataset.`, path);
    if (node.kind === 'broken-link') return brokenLinkError(node);
    return unreadable(path, outcome.reason);
  }

  /** Undefined without the attribute, and for one that cannot be read. */
  #attribute(
    path: string,
    name: string,
    storedAt = (place: Place): StoredAttributes => this.#storedAttributes(place),
  ): NexusAttribute | undefined {
    const { opens } = this.#hdf5;
    const metadata = this.#attempt((module, file) => module.get_attribute_metadata(file, path, name));
    if (!metadata.ok) return undefined;
    const { shape } = metadata.value;
    try {
      const place = this.#placeOf(path, opens);
      const type = textType(metadata.value) ?? storedAt(place).type(metadata.value, name);
      const { elements } = readElements(
        this.#attempt,
        path,
        type,
        shape === null ? 0 : product(shape),
        (module, _file, pointer) => module.get_attribute_data(place.file, place.path, name, pointer),
      );
      return { type: elementType(type), shape, elements };
    } catch (error) {
      if (error instanceof FormatError || isOfObject(error)) return undefined;
      throw error;
    }
  }

  #storedAttributes(place: Place): StoredAttributes {
    return storedAttributes(this.#stored.object(place, this.#linked.pathOf(place.file)));
  }

  /** Text of an attribute of one element, in whatever form it is stored; undefined for numbers. */
  #attributeText(path: string, name: string): string | undefined {
    const elements = this.#attribute(path, name)?.elements;
    return elements?.length === 1 && typeof elements[0] === 'string' ? elements[0] : undefined;
  }
}

/** Lengths of a dataset, and those that it may grow to. */
function extentOf({ shape, maxshape }: Hdf5Metadata): { shape: readonly number[]; most: readonly number[] } {
  // The library says with all bits set that there is no end.
  const most = (maxshape ?? []).map((length) => (length > Number.MAX_SAFE_INTEGER ? Infinity : length));
  return { shape: shape ?? [], most };
}

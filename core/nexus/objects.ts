import type { Hdf5Metadata, Hdf5Module } from '../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { allocates, allocations, decodeElements, product } from './decode.ts';
import { elementType } from './elementType.ts';
import type { Hdf5, Outcome } from './h5wasm.ts';
import { LinkedFiles } from './linkedFiles.ts';
import { NexusError } from './model.ts';
import type { Element, NexusAttribute, NexusDataset, NexusEntry, NexusGroup, NexusNode } from './model.ts';
import { joinPath, splitPath } from './path.ts';

/** Answers of h5wasm's `get_type`. */
const kinds = { none: -1, group: 0, dataset: 1, namedType: 2, softLink: 3, externalLink: 4 } as const;

/** Reads of more bytes than this are refused: the library's memory is limited to 2 GiB, and never given back. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Reads objects of one open file, synchronously. All paths are normalised; only NexusErrors are thrown. */
export class Hdf5Objects {
  readonly #hdf5: Hdf5;
  readonly #file: bigint;

  readonly #linked: LinkedFiles;

  constructor(hdf5: Hdf5, file: bigint, filePath: string) {
    this.#hdf5 = hdf5;
    this.#file = file;
    this.#linked = new LinkedFiles(hdf5, file, filePath);
  }

  close(): void {
    this.#linked.close();
    this.#attempt((module, file) => module.close_file(file), true);
  }

  describe(path: string): NexusNode {
    const kind = this.#kind(path);
    if (kind === kinds.dataset) return this.#dataset(path, this.#metadata(path));
    if (kind === kinds.group) return this.#group(path);
    if (kind === kinds.namedType) return namedType(path);
    return this.#brokenLink(path);
  }

  /** @throws NexusError when the path is no group */
  names(path: string): readonly string[] {
    const outcome = this.#attempt((module, file) => module.get_names(file, path, false));
    if (outcome.ok) return outcome.value;
    const node = this.describe(path);
    if (node.kind === 'group') throw unreadable(path, outcome.reason);
    if (node.kind === 'broken-link') throw brokenLink(path, node.target);
    throw new NexusError('path-not-a-group', `${path} is a dataset, not a group.`, path);
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
      if (!(error instanceof NexusError)) throw error;
      const target = /[\ufffd\p{Surrogate}]/u.test(name)
        ? 'a name that is not UTF-8 and cannot be looked up'
        : error.message;
      return { kind: 'broken-link', path, target };
    }
  }

  read(
    path: string,
    limit: number,
  ): { dataset: NexusDataset; elements: Element[]; total: number; invalidUtf8: boolean } {
    const outcome = this.#attempt((module, file) => module.get_dataset_metadata(file, path));
    if (!outcome.ok) throw this.#noDataset(path, outcome);
    const metadata = outcome.value;
    const dataset = this.#dataset(path, metadata);
    const total = metadata.shape === null ? 0 : product(metadata.shape);
    const box = boxOf(metadata.shape ?? [], Math.min(limit, total));
    const decoded = this.#decode(path, metadata, box?.size ?? Math.min(limit, total), (module, pointer) =>
      module.get_dataset_data(
        this.#file,
        path,
        box?.count ?? null,
        box?.count.map(() => 0n) ?? null,
        box?.count.map(() => 1n) ?? null,
        pointer,
      ),
    );
    const elements = decoded.elements.length > limit ? decoded.elements.slice(0, limit) : decoded.elements;
    return { dataset, elements, total, invalidUtf8: decoded.invalidUtf8 };
  }

  attributes(path: string): ReadonlyMap<string, NexusAttribute> {
    const node = this.describe(path);
    if (node.kind === 'broken-link') throw brokenLink(path, node.target);
    const names = this.#attempt((module, file) => module.get_attribute_names(file, path));
    if (!names.ok) throw unreadable(path, names.reason);
    const attributes = new Map<string, NexusAttribute>();
    for (const name of names.value) {
      const attribute = this.#attribute(path, name);
      if (attribute !== undefined) attributes.set(name, attribute);
    }
    return attributes;
  }

  #attempt<T>(run: (module: Hdf5Module, file: bigint) => T, tolerant = false): Outcome<T> {
    return this.#hdf5.attempt((module) => run(module, this.#file), tolerant);
  }

  /** One of `kinds`; `undefined` where the library failed to say. */
  #kind(path: string): number | undefined {
    const outcome = this.#attempt((module, file) => module.get_type(file, path));
    return outcome.ok ? outcome.value : undefined;
  }

  #metadata(path: string): Hdf5Metadata {
    const outcome = this.#attempt((module, file) => module.get_dataset_metadata(file, path));
    if (!outcome.ok) throw unreadable(path, outcome.reason);
    return outcome.value;
  }

  #dataset(path: string, metadata: Hdf5Metadata): NexusDataset {
    return {
      kind: 'dataset',
      path,
      type: elementType(metadata),
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
      if (last) return { kind: 'broken-link', path, target };
      throw brokenLink(current, target, path);
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
    if (node.kind === 'broken-link') return brokenLink(path, node.target);
    return unreadable(path, outcome.reason);
  }

  /** Undefined without the attribute, and for one that cannot be read. */
  #attribute(path: string, name: string): NexusAttribute | undefined {
    const { opens } = this.#hdf5;
    const metadata = this.#attempt((module, file) => module.get_attribute_metadata(file, path, name));
    if (!metadata.ok) return undefined;
    const { shape } = metadata.value;
    const isElsewhere = this.#hdf5.opens > opens;
    const place = isElsewhere && allocates(metadata.value) ? this.#linked.locate(path) : { file: this.#file, path };
    if (place === undefined) return undefined;
    try {
      const { elements } = this.#decode(path, metadata.value, shape === null ? 0 : product(shape), (module, pointer) =>
        module.get_attribute_data(place.file, place.path, name, pointer),
      );
      return { type: elementType(metadata.value), shape, elements };
    } catch (error) {
      if (error instanceof NexusError) return undefined;
      throw error;
    }
  }

  /** Text of an attribute of one element, in whatever form it is stored; undefined for numbers. */
  #attributeText(path: string, name: string): string | undefined {
    const elements = this.#attribute(path, name)?.elements;
    return elements?.length === 1 && typeof elements[0] === 'string' ? elements[0] : undefined;
  }

  /** Has the library read `count` elements into its memory, decodes them, and frees them. */
  #decode(
    path: string,
    metadata: Hdf5Metadata,
    count: number,
    read: (module: Hdf5Module, pointer: bigint) => number,
  ): { elements: Element[]; invalidUtf8: boolean } {
    if (count === 0) return { elements: [], invalidUtf8: false };
    const bytes = count * metadata.size;
    if (!(bytes <= MAX_BYTES)) {
      const size = Math.ceil(bytes / 1024 / 1024);
      throw new NexusError('too-large', `${path} holds ${size} MiB; that is too much to read at once.`, path);
    }
    // Big-endian enumerations make the library complain on the way without consequence; the status decides.
    const outcome = this.#attempt((module) => {
      const pointer = module._malloc(Math.max(bytes, 1));
      if (pointer === 0) throw new Error('there is not enough memory');
      // A failed read leaves the memory as it is: without this, as garbage that would be taken for pointers.
      module.HEAPU8.fill(0, pointer, pointer + bytes);
      try {
        const status = read(module, BigInt(pointer));
        if (status < 0) throw new Error('reading failed');
        const decoded = decodeElements(module.HEAPU8, pointer, count, metadata);
        for (const address of allocations(module.HEAPU8, pointer, count, metadata)) module._free(address);
        return decoded;
      } finally {
        module._free(pointer);
      }
    }, true);
    if (!outcome.ok) throw unreadable(path, outcome.reason);
    return outcome.value;
  }
}

function namedType(path: string): NexusNode {
  return { kind: 'dataset', path, type: { kind: 'other', name: 'named type' }, shape: null, units: undefined };
}

function brokenLink(path: string, target: string, asked = path): NexusError {
  return new NexusError('broken-link', `${path} is a link to ${target}, which is not there.`, asked);
}

function unreadable(path: string, reason: string): NexusError {
  return new NexusError('unreadable-data', `${path} cannot be read: ${reason}.`, path);
}

/**
 * The smallest block at the start of an array that holds its first `limit` elements in row-major order.
 * @returns undefined where that is all of it
 */
function boxOf(shape: readonly number[], limit: number): { count: bigint[]; size: number } | undefined {
  if (limit === 0 || product(shape) <= limit) return undefined;
  const count = shape.map(() => 1);
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0 && inner < limit; axis -= 1) {
    const length = Math.min(shape[axis] ?? 1, Math.ceil(limit / inner));
    count[axis] = length;
    inner *= length;
  }
  return { count: count.map(BigInt), size: inner };
}

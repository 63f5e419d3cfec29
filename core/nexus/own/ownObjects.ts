import { findAttribute, attributesOf } from '../../hdf5/objects/attributes.ts';
import type { Attribute } from '../../hdf5/objects/attributes.ts';
import { blockOf } from '../../hdf5/blocks.ts';
import { utf8Text } from '../../hdf5/cursor.ts';
import { elementsOf, product } from '../../hdf5/objects/dataspace.ts';
import { readDataset, readFirst } from '../../hdf5/objects/dataset.ts';
import { isReadable } from '../../hdf5/objects/filters.ts';
import type { Dataset } from '../../hdf5/objects/dataset.ts';
import type { Datatype } from '../../hdf5/objects/datatype.ts';
import { decodeElements } from '../../hdf5/values/decode.ts';
import type { Decoded, Memory } from '../../hdf5/values/decode.ts';
import { FormatError } from '../../hdf5/formatError.ts';
import { GlobalHeaps } from '../../hdf5/structures/globalHeap.ts';
import { HeapValues, TooLong } from '../../hdf5/values/heapValues.ts';
import type { Link } from '../../hdf5/objects/link.ts';
import { nameText } from '../../hdf5/objects/link.ts';
import { kindOf } from '../../hdf5/objects/objectHeader.ts';
import type { StoredObject } from '../../hdf5/objects/objectHeader.ts';
import { isPlain, typeInFile } from '../../hdf5/values/storedType.ts';
import { utf8Bytes } from '../../text/utf8.ts';
import { brokenLinkError, isOfObject, NexusError } from '../model.ts';
import type { Element, NexusAttribute, NexusDataset, NexusEntry, NexusNode, NexusStorage } from '../model.ts';
import { boxOf, MAX_BYTES, namedType, tooLarge, tooMuchText, unreadable, unreadableName } from '../nodes.ts';
import { joinPath, splitPath } from '../path.ts';
import type { DiskFile, DiskFiles } from '../storage/diskFiles.ts';
import type { Reach } from '../storage/reach.ts';
import { describeStorage } from '../storage/describeStorage.ts';
import { storageProblem } from '../storage/storageCheck.ts';
import { elementType } from '../values/elementType.ts';
import { OwnLinks, rootOf } from './ownLinks.ts';
import type { OwnPlace, Step } from './ownLinks.ts';

/** A group is listed page by page. */
type Page = { readonly offset: number; readonly limit: number } | undefined;

/** Paths of groups that are kept: those below which others are asked for. */
const MAX_PATHS = 2_000;

const UNITS = utf8Bytes('units');
const NX_CLASS = utf8Bytes('NX_class');

/**
 * Reads objects of one file and of those to which it leads, by the files' own structures. All paths are normalised.
 * NexusErrors are answers; a FormatError says that somebody else has to be asked.
 */
export class OwnObjects {
  readonly #files: DiskFiles;
  readonly #reach: Reach;
  readonly #root: OwnPlace;
  readonly #links: OwnLinks;
  readonly #groups = new Map<string, OwnPlace>();
  readonly #heaps = new Map<DiskFile, GlobalHeaps>();

  /** @throws FormatError where the file is not understood as a whole */
  constructor(path: string, files: DiskFiles, reach: Reach) {
    this.#files = files;
    this.#reach = reach;
    this.#links = new OwnLinks(files, reach);
    this.#root = rootOf(files.open(path));
    if (kindOf(this.#links.object(this.#root)) !== 'group') throw new FormatError('the root is no group');
  }

  /**
   * To be called before and after each answer: what was read of a file that has changed since is forgotten.
   * @returns whether any has
   */
  refresh(): boolean {
    if (!this.#files.refresh()) return false;
    this.#links.forget();
    this.#groups.clear();
    this.#heaps.clear();
    return true;
  }

  describe(path: string): NexusNode {
    return this.#node(path, this.#find(path));
  }

  identity(path: string): string {
    try {
      const step = this.#find(path);
      if (step.kind === 'object') {
        kindOf(this.#links.object(step.place));
        return `${step.place.disk.path}:${step.place.address}`;
      }
    } catch (error) {
      if (!isOfObject(error)) throw error;
    }
    throw unreadable(path, 'it cannot be found');
  }

  childNames(path: string, page: Page): { total: number; names: string[] } {
    const place = this.#groupAt(path);
    const names = Array.from(this.#page(place, page), ({ name }) => nameText(name).text);
    return { total: this.#links.group(place).total, names };
  }

  /** Undefined in the place of a child that somebody else has to be asked for. */
  childKinds(path: string, page: Page): { total: number; names: string[]; nodes: (NexusEntry | undefined)[] } {
    return this.#children(path, page, (child, place, link) => {
      if (!nameText(link.name).isUtf8) return { path: child, kind: 'broken-link' };
      const step = this.#links.follow(place, link.target);
      if (step.kind !== 'object') return { path: child, kind: 'broken-link' };
      const kind = kindOf(this.#links.passing(step.place));
      return { path: child, kind: kind === 'group' ? 'group' : 'dataset' };
    });
  }

  /** Undefined in the place of a child that somebody else has to be asked for. */
  children(path: string, page: Page): { total: number; names: string[]; nodes: (NexusNode | undefined)[] } {
    return this.#children(path, page, (child, place, link) =>
      nameText(link.name).isUtf8
        ? this.#node(child, this.#links.follow(place, link.target), (found) => this.#links.passing(found))
        : unreadableName(child),
    );
  }

  read(
    path: string,
    limit: number,
  ): { dataset: NexusDataset; elements: readonly Element[]; total: number; invalidUtf8: boolean } {
    const { object, place } = this.#datasetAt(path);
    const stored = readDataset(object);
    if (!isPlain(stored.type)) throw new FormatError('a type is not read here');
    const { lengths } = stored.space;
    const total = elementsOf(lengths);
    const count = boxOf(lengths ?? [], Math.min(limit, total))?.count ?? lengths ?? [];
    const dataset = this.#dataset(path, object, place);
    const wanted = Math.min(limit, total) === 0 ? 0 : product(count);
    const { elements, invalidUtf8 } = this.#values(path, object, place, stored, count, wanted);
    const first = elements.length > limit ? elements.slice(0, limit) : elements;
    return { dataset, elements: first, total, invalidUtf8 };
  }

  storage(path: string): NexusStorage {
    return describeStorage(this.#datasetAt(path).object);
  }

  attributes(path: string): ReadonlyMap<string, NexusAttribute> {
    const { object, place } = this.#objectAt(path);
    const found = new Map<string, NexusAttribute>();
    for (const attribute of attributesOf(object)) {
      const name = utf8Text(attribute.name);
      // The library cannot be asked for the others by their name.
      if (name !== undefined) found.set(name, this.#attribute(path, attribute, place));
    }
    return found;
  }

  /** @throws NexusError where there is nothing */
  #objectAt(path: string): { object: StoredObject; place: OwnPlace } {
    const step = this.#find(path);
    if (step.kind === 'none') throw unreadable(path, 'it cannot be found');
    if (step.kind === 'broken') throw brokenLinkError(brokenLink(path, step));
    return { object: this.#links.object(step.place), place: step.place };
  }

  /** @throws NexusError for what is no dataset */
  #datasetAt(path: string): { object: StoredObject; place: OwnPlace } {
    const found = this.#objectAt(path);
    const kind = kindOf(found.object);
    if (kind === 'group') throw new NexusError('path-is-group', `${path} is a group, not a dataset.`, path);
    if (kind !== 'dataset') throw new FormatError('a type has no values');
    return found;
  }

  /** Follows a path, each component in the group before. @throws NexusError where there is none on the way */
  #find(path: string): Step {
    const components = splitPath(path);
    const last = components.pop();
    if (last === undefined) return { kind: 'object', place: this.#root };
    const group = this.#groupOf(components, path);
    const step = this.#links.child(group, last);
    if (step.kind === 'none') throw missing(last, components, path);
    return step;
  }

  /** @param asked the path that goes on behind it */
  #groupOf(components: readonly string[], asked: string): OwnPlace {
    const path = `/${components.join('/')}`;
    const known = this.#groups.get(path);
    if (known !== undefined) return known;
    let place = this.#root;
    for (const [index, name] of components.entries()) {
      const step = this.#links.child(place, name);
      const before = components.slice(0, index);
      const current = `/${[...before, name].join('/')}`;
      if (step.kind === 'none') throw missing(name, before, asked);
      if (step.kind === 'broken') throw brokenLinkError(brokenLink(current, step), asked);
      if (kindOf(this.#links.object(step.place)) !== 'group')
        throw new NexusError('path-missing', `${current} is a dataset, so there is nothing below it.`, asked);
      place = step.place;
    }
    if (this.#groups.size >= MAX_PATHS) this.#groups.clear();
    this.#groups.set(path, place);
    return place;
  }

  /** @throws NexusError for what is no group */
  #groupAt(path: string): OwnPlace {
    const components = splitPath(path);
    const known = this.#groups.get(path);
    if (known !== undefined) return known;
    if (kindOf(this.#objectAt(path).object) !== 'group')
      throw new NexusError('path-not-a-group', `${path} is a dataset, not a group.`, path);
    return this.#groupOf(components, path);
  }

  *#page(place: OwnPlace, page: Page): Generator<Link, void> {
    let left = page?.limit ?? Infinity;
    if (left <= 0) return;
    for (const link of this.#links.group(place).links(page?.offset ?? 0)) {
      yield link;
      left -= 1;
      if (left <= 0) return;
    }
  }

  #children<T>(
    path: string,
    page: Page,
    tell: (child: string, place: OwnPlace, link: Link) => T,
  ): { total: number; names: string[]; nodes: (T | undefined)[] } {
    const place = this.#groupAt(path);
    const names: string[] = [];
    const nodes: (T | undefined)[] = [];
    for (const link of this.#page(place, page)) {
      const name = nameText(link.name).text;
      names.push(name);
      nodes.push(orElsewhere(() => tell(joinPath(path, name), place, link)));
    }
    return { total: this.#links.group(place).total, names, nodes };
  }

  #node(path: string, step: Step, read = (place: OwnPlace): StoredObject => this.#links.object(place)): NexusNode {
    if (step.kind === 'none') throw unreadable(path, 'it cannot be found');
    if (step.kind === 'broken') return { kind: 'broken-link', ...brokenLink(path, step) };
    const object = read(step.place);
    switch (kindOf(object)) {
      case 'group':
        return { kind: 'group', path, nxClass: this.#text(object, step.place, NX_CLASS) };
      case 'dataset':
        return this.#dataset(path, object, step.place);
      case 'named type':
        return namedType(path);
    }
  }

  #dataset(path: string, object: StoredObject, place: OwnPlace): NexusDataset {
    const { type, space } = readDataset(object);
    if (!isNamed(type)) throw new FormatError('a type is not read here');
    return {
      kind: 'dataset',
      path,
      type: elementType(typeInFile(type)),
      shape: space.lengths,
      units: this.#text(object, place, UNITS),
    };
  }

  /** Text of an attribute of one element, in whatever form it is stored; undefined for numbers. */
  #text(object: StoredObject, place: OwnPlace, name: Uint8Array): string | undefined {
    const attribute = findAttribute(object, name);
    if (attribute === undefined) return undefined;
    const type = attribute.type();
    if (type.class !== 'string' && !(type.class === 'vlen' && type.isText)) return undefined;
    const space = attribute.space();
    if (elementsOf(space.lengths) !== 1) return undefined;
    const { block, start } = attribute.data(type, space);
    const [text] = decodeElements(block, start, 1, typeInFile(type), this.#heapValues(place)).elements;
    return typeof text === 'string' ? text : undefined;
  }

  #attribute(path: string, attribute: Attribute, place: OwnPlace): NexusAttribute {
    const type = attribute.type();
    const space = attribute.space();
    if (!isPlain(type)) throw new FormatError('a type is not read here');
    const count = elementsOf(space.lengths);
    const { block, start } = attribute.data(type, space);
    const { elements } = this.#decode(path, block, start, count, type, place);
    return { type: elementType(typeInFile(type)), shape: space.lengths, elements };
  }

  #values(
    path: string,
    object: StoredObject,
    place: OwnPlace,
    dataset: Dataset,
    count: readonly number[],
    wanted: number,
  ): Decoded {
    if (wanted === 0) return { elements: [], invalidUtf8: false };
    let bytes: Uint8Array;
    try {
      const size = wanted * dataset.type.size;
      if (!(size <= MAX_BYTES)) {
        this.#requireWritten(
          path,
          object,
          dataset,
          count,
          new FormatError('some of it was never written, as far as its layout tells'),
        );
        throw tooLarge(path, size);
      }
      bytes = readFirst(object, dataset, count);
    } catch (error) {
      if (error instanceof FormatError) this.#requireWritten(path, object, dataset, count, error);
      throw error;
    }
    return this.#decode(path, blockOf(bytes), 0, wanted, dataset.type, place);
  }

  /**
   * @param reason why they are not read here
   * @throws NexusError that says why values are not there; `reason` where somebody else has to be asked
   */
  #requireWritten(
    path: string,
    object: StoredObject,
    { type, space }: Dataset,
    count: readonly number[],
    reason: FormatError,
  ): void {
    const wanted = { place: undefined, object, shape: space.lengths ?? [], most: space.most, count, size: type.size };
    const elsewhere = (): never => {
      throw reason;
    };
    const problem = storageProblem(wanted, {
      addFilter: (id) => isReadable([{ id }]) || elsewhere(),
      refusal: (file) => this.#reach.refusal(file),
      dataset: elsewhere,
    });
    if (problem !== undefined) throw unreadable(path, problem);
  }

  #decode(path: string, memory: Memory, at: number, count: number, type: Datatype, place: OwnPlace): Decoded {
    try {
      return decodeElements(memory, at, count, typeInFile(type), this.#heapValues(place));
    } catch (error) {
      if (error instanceof TooLong) throw tooMuchText(path);
      throw error;
    }
  }

  #heapValues({ disk }: OwnPlace): HeapValues {
    let heaps = this.#heaps.get(disk);
    if (heaps === undefined) {
      heaps = new GlobalHeaps(disk.format);
      this.#heaps.set(disk, heaps);
    }
    return new HeapValues(disk.format, heaps, MAX_BYTES);
  }
}

/** The answer, or undefined where somebody else has to be asked. */
function orElsewhere<T>(answer: () => T): T | undefined {
  try {
    return answer();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Whether a type can be named: its values need not be readable. */
function isNamed(type: Datatype): boolean {
  if (type.class === 'compound') return type.members.every((member) => isNamed(member.type));
  return type.class === 'other' || type.class === 'vlen' || type.class === 'array' || isPlain(type);
}

function brokenLink(path: string, { target, refused }: Extract<Step, { kind: 'broken' }>) {
  return { path, target, ...(refused === undefined ? {} : { refused }) };
}

function missing(name: string, parent: readonly string[], asked: string): NexusError {
  const where = parent.length === 0 ? 'the file' : `/${parent.join('/')}`;
  return new NexusError('path-missing', `There is no ${name} in ${where}.`, asked);
}

import { compareBytes } from '../bytes.ts';
import { lookup3 } from '../checksum.ts';
import { Piece } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { FractalHeap } from '../structures/fractalHeap.ts';
import type { GroupReader } from './group.ts';
import { readLink, readLinkName } from './link.ts';
import type { Link } from './link.ts';
import { messageBody, messageTypes } from './objectHeader.ts';
import type { StoredObject } from './objectHeader.ts';
import { tree2Find, tree2Records, tree2Total } from '../structures/tree2.ts';

/** Kinds of records: links by a hash of their names, and in the order of making. */
const BY_NAME = 5;
const BY_ORDER = 6;

/** So many names are sorted. Of more of them a page is told in the order of the tree: it then costs a page. */
const mostSorted = 10_000;

/**
 * A group of the newer kind: few links lie in the header, many in a heap, with trees that tell where (format
 * specification IV.A.2.c "The Link Info Message").
 */
export class LinkGroup implements GroupReader {
  readonly #file: FormatFile;
  readonly #compact: readonly Link[] | undefined;
  readonly #dense: Dense | undefined;

  /** @throws FormatError */
  constructor(object: StoredObject, info: Piece) {
    const { file, messages } = object;
    this.#file = file;
    const cursor = info.cursor();
    cursor.version(0, 'what tells of links');
    const flags = cursor.u8();
    if ((flags & 1) !== 0) cursor.skip(8);
    const heap = cursor.address();
    const names = cursor.address();
    const isOrdered = (flags & 1) !== 0;
    if (heap !== undefined) {
      if (names === undefined) throw new FormatError('a group has no list of names');
      const orders = (flags & 2) !== 0 ? cursor.place() : undefined;
      this.#dense = { heap: new FractalHeap(file, heap), names, orders, isOrdered };
      return;
    }
    const links = messages
      .filter(({ type }) => type === messageTypes.link)
      .map((message) => readLink(messageBody(file, message)));
    if (isOrdered && links.some(({ order }) => order === undefined)) throw new FormatError('a link has no number');
    this.#compact = links.sort((a, b) => (isOrdered ? (a.order ?? 0) - (b.order ?? 0) : compareBytes(a.name, b.name)));
  }

  get total(): number {
    if (this.#dense === undefined) return this.#compact?.length ?? 0;
    return tree2Total(this.#file, this.#dense.names, BY_NAME);
  }

  *links(skip: number): Generator<Link, void> {
    if (this.#dense === undefined) {
      yield* this.#compact?.slice(skip) ?? [];
      return;
    }
    const { heap, orders } = this.#dense;
    if (orders !== undefined) {
      if (tree2Total(this.#file, orders, BY_ORDER) !== this.total) throw new FormatError('two lists of names differ');
      for (const record of tree2Records(this.#file, orders, BY_ORDER, skip)) {
        record.skip(8);
        yield this.#message(heap.object(record));
      }
      return;
    }
    if (this.total > mostSorted) {
      for (const record of tree2Records(this.#file, this.#dense.names, BY_NAME, skip)) {
        record.skip(4);
        yield this.#message(heap.object(record));
      }
      return;
    }
    const sorted = (this.#dense.sorted ??= this.#sort(this.#dense));
    for (let index = skip; index < sorted.length; index += 1) yield this.#message(sorted[index]?.message);
  }

  find(name: Uint8Array): Link | undefined {
    if (this.#dense === undefined) return this.#compact?.find((link) => compareBytes(link.name, name) === 0);
    const { heap, names } = this.#dense;
    const hash = lookup3(name);
    for (const record of tree2Find(this.#file, names, BY_NAME, (each) => each.u32() - hash)) {
      record.skip(4);
      const link = this.#message(heap.object(record));
      if (compareBytes(link.name, name) === 0) return link;
    }
    return undefined;
  }

  /** The tree is in the order of hashes, so that all names have to be looked at before the first can be told in theirs. */
  #sort({ heap, names, isOrdered }: Dense): readonly Sorted[] {
    const all: Sorted[] = [];
    for (const record of tree2Records(this.#file, names, BY_NAME)) {
      record.skip(4);
      const message = heap.object(record);
      const { name, order } = readLinkName(this.#cursor(message));
      if (isOrdered && order === undefined) throw new FormatError('a link has no number');
      all.push({ key: isOrdered ? (order ?? 0) : keyOf(name), message });
    }
    return all.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  #cursor(message: Uint8Array): Cursor {
    return this.#file.cursor(message);
  }

  #message(message: Uint8Array | undefined): Link {
    if (message === undefined) throw new FormatError('a link is missing');
    return readLink(Piece.of(message, this.#file.sizes));
  }
}

interface Dense {
  readonly heap: FractalHeap;
  readonly names: number;
  /** The tree that lists them in the order of making, where there is one. */
  readonly orders: number | undefined;
  /** They are told in that order. */
  readonly isOrdered: boolean;
  sorted?: readonly Sorted[];
}

interface Sorted {
  /** Compares as the bytes of the name do, or its number in the order of making. */
  readonly key: string | number;
  readonly message: Uint8Array;
}

function keyOf(name: Uint8Array): string {
  let key = '';
  for (const byte of name) key += String.fromCharCode(byte);
  return key;
}

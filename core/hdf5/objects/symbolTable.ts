import { compareBytes } from '../bytes.ts';
import type { GroupReader } from './group.ts';
import type { Piece } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { softPath } from './link.ts';
import type { Link, LinkTarget } from './link.ts';
import { LocalHeap } from '../structures/localHeap.ts';
import { readTree1Node } from '../structures/tree1.ts';

/** A leaf, which holds a few names. */
interface Leaf {
  readonly address: number;
  readonly count: number;
}

const SNOD = 0x444f4e53;

/**
 * A group of the oldest kind: a B-tree of version 1 whose leaves are tables of names, which lie in a heap (format
 * specification III.B "Disk Format: Level 1B - Group Symbol Table Nodes" and III.C "Symbol Table Entry").
 */
export class SymbolTableGroup implements GroupReader {
  readonly #file: FormatFile;
  readonly #root: number;
  readonly #heap: LocalHeap;
  #leaves: readonly Leaf[] | undefined;
  #total = 0;

  /** @param message where tree and heap lie (IV.A.2.r "The Symbol Table Message"). @throws FormatError */
  constructor(file: FormatFile, message: Piece) {
    const cursor = message.cursor();
    this.#file = file;
    this.#root = cursor.place();
    this.#heap = new LocalHeap(file, cursor.place());
  }

  get total(): number {
    this.#listLeaves();
    return this.#total;
  }

  *links(skip: number): Generator<Link, void> {
    // The one before a page and the one behind it are looked at too: what is told of a name must not depend on the page.
    let number = Math.max(0, skip - 1);
    let last: Link | undefined;
    for (const link of this.#entries(number)) {
      // The library finds what it lists by its name, and of two of the same name always the same one.
      if (last !== undefined && compareBytes(last.name, link.name) >= 0)
        throw new FormatError('the names in a group are not in their order');
      if (last !== undefined && number > skip) yield last;
      last = link;
      number += 1;
    }
    if (last !== undefined && number > skip) yield last;
  }

  find(name: Uint8Array): Link | undefined {
    const { length, offset } = this.#file.sizes;
    let address = this.#root;
    for (let level: number | undefined; ;) {
      const node = readTree1Node(this.#file, address, 0, length, level);
      if (node.entries === 0) return undefined;
      let child: number | undefined;
      // What a child holds comes behind the key before it, up to the one behind it.
      let isBehind = compareBytes(this.#heap.name(node.cursor.uint(length)), name) < 0;
      for (let index = 0; index < node.entries; index += 1) {
        const here = node.cursor.uint(offset);
        const isBehindNext = compareBytes(this.#heap.name(node.cursor.uint(length)), name) < 0;
        if (isBehind && !isBehindNext) {
          child = here;
          break;
        }
        isBehind = isBehindNext;
      }
      if (child === undefined) return undefined;
      if (node.level === 0) return this.#findInLeaf(child, name);
      level = node.level - 1;
      address = child;
    }
  }

  #findInLeaf(address: number, name: Uint8Array): Link | undefined {
    let [low, high] = [0, this.#countOf(address)];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareBytes(this.#nameAt(address, middle), name);
      if (order === 0) return this.#link(address, middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  *#entries(skip: number): Generator<Link, void> {
    let left = skip;
    for (const { address, count } of this.#listLeaves()) {
      for (let index = left; index < count; index += 1) yield this.#link(address, index);
      left = Math.max(0, left - count);
    }
  }

  #listLeaves(): readonly Leaf[] {
    if (this.#leaves !== undefined) return this.#leaves;
    const { length } = this.#file.sizes;
    const leaves: Leaf[] = [];
    const seen = new Set<number>();
    let total = 0;
    const visit = (address: number, level?: number): void => {
      if (seen.has(address)) throw new FormatError('a group goes round in a circle');
      seen.add(address);
      const node = readTree1Node(this.#file, address, 0, length, level);
      for (let index = 0; index < node.entries; index += 1) {
        node.cursor.skip(length);
        const child = node.cursor.place();
        if (node.level > 0) {
          visit(child, node.level - 1);
          continue;
        }
        if (seen.has(child)) throw new FormatError('a group goes round in a circle');
        seen.add(child);
        const count = this.#countOf(child);
        leaves.push({ address: child, count });
        total += count;
      }
    };
    visit(this.#root);
    this.#leaves = leaves;
    this.#total = total;
    return leaves;
  }

  #countOf(address: number): number {
    const head = this.#file.read(address, 8);
    if (head.u32() !== SNOD) throw new FormatError('"SNOD" is missing');
    head.version(1, 'a table of names');
    head.skip(1);
    return head.u16();
  }

  #entry(address: number, index: number) {
    // Where the name lies is as wide as a length: the specification says an address, but libraries write and read it so.
    const { offset, length } = this.#file.sizes;
    const size = 24 + length + offset;
    return this.#file.read(address + 8 + index * size, size);
  }

  #nameAt(address: number, index: number): Uint8Array {
    return this.#heap.name(this.#entry(address, index).uint(this.#file.sizes.length));
  }

  #link(address: number, index: number): Link {
    const entry = this.#entry(address, index);
    const name = this.#heap.name(entry.uint(this.#file.sizes.length));
    if (name.length === 0) throw new FormatError('a link has no name');
    const header = entry.address();
    const kind = entry.u32();
    entry.skip(4);
    let target: LinkTarget;
    if (kind === 2) target = { kind: 'soft', path: softPath(this.#heap.name(entry.u32())) };
    else if (kind < 2 && header !== undefined) target = { kind: 'hard', address: header };
    else throw new FormatError('a link is of a kind that is not known here');
    return { name, target };
  }
}

/** A message that is not what its identifier says, and why. */
export class DamagedMessage extends Error {
  override readonly name = 'DamagedMessage';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A table of a FlatBuffers message, of which nothing is believed before it was checked against the bytes that are there:
 * each offset, length and alignment, and that no two parts lie over each other. The library of that format checks
 * nothing: from damaged bytes it reads cut texts, or those of other fields.
 *
 * https://flatbuffers.dev/internals: the root offset, then the identifier; a table begins with the signed distance back to
 * its vtable, which has its own size, that of the table, and for each field where it lies in the table (0: it is absent).
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #table: number;
  readonly #tableSize: number;
  readonly #vtable: number;
  readonly #fields: number;
  /** What is taken already: beginning and end of each part. */
  readonly #taken: [name: string, from: number, to: number][] = [['head', 0, 8]];

  /** @throws DamagedMessage */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#table = this.#placed('table', this.#uint32('root offset', 0), 4, 4);
    const vtable = this.#table - this.#view.getInt32(this.#table, true);
    this.#vtable = this.#placed('vtable', vtable, 2, 4);
    const vtableSize = this.#view.getUint16(this.#vtable, true);
    this.#tableSize = this.#view.getUint16(this.#vtable + 2, true);
    if (vtableSize < 4 || vtableSize % 2 !== 0)
      throw new DamagedMessage(`Its vtable says that it has ${vtableSize} bytes.`);
    if (this.#tableSize < 4) throw new DamagedMessage(`Its table says that it has ${this.#tableSize} bytes.`);
    this.#take('vtable', this.#vtable, vtableSize);
    this.#take('table', this.#table, this.#tableSize);
    this.#fields = (vtableSize - 4) / 2;
  }

  /** A field that is true or false. @throws DamagedMessage */
  boolean(slot: number, name: string, absent: boolean): boolean {
    const at = this.#field(slot, name, 1);
    if (at === undefined) return absent;
    const value = this.#view.getUint8(at);
    if (value > 1) throw new DamagedMessage(`Its ${name} is ${value}, which is neither true nor false.`);
    return value === 1;
  }

  /** A field that is a text; undefined where it is absent. @throws DamagedMessage */
  text(slot: number, name: string): string | undefined {
    const at = this.#field(slot, name, 4);
    if (at === undefined) return undefined;
    const start = this.#placed(name, at + this.#uint32(name, at), 4, 4);
    const length = this.#view.getUint32(start, true);
    // The texts end with a byte 0 that is not counted.
    this.#take(name, start, 4 + length + 1);
    const content = this.#bytes.subarray(start + 4, start + 4 + length);
    if (this.#bytes[start + 4 + length] !== 0 || content.includes(0))
      throw new DamagedMessage(`Its ${name} does not end where it says.`);
    try {
      return utf8.decode(content);
    } catch {
      throw new DamagedMessage(`Its ${name} is not UTF-8.`);
    }
  }

  #uint32(name: string, at: number): number {
    if (at + 4 > this.#bytes.length) throw new DamagedMessage(`Its ${name} lies beyond its end.`);
    return this.#view.getUint32(at, true);
  }

  /** Where a field lies; undefined where it is absent. */
  #field(slot: number, name: string, size: number): number | undefined {
    if (slot >= this.#fields) return undefined;
    const offset = this.#view.getUint16(this.#vtable + 4 + 2 * slot, true);
    if (offset === 0) return undefined;
    if (offset < 4 || offset + size > this.#tableSize || offset % size !== 0)
      throw new DamagedMessage(`Its ${name} does not lie in its table.`);
    this.#take(`place of ${name}`, this.#table + offset, size, 'table');
    return this.#table + offset;
  }

  #placed(name: string, at: number, alignment: number, size: number): number {
    if (at < 8 || at + size > this.#bytes.length) throw new DamagedMessage(`Its ${name} lies beyond its end.`);
    if (at % alignment !== 0) throw new DamagedMessage(`Its ${name} lies where none can begin.`);
    return at;
  }

  #take(name: string, from: number, size: number, inside?: string): void {
    const to = from + size;
    if (to > this.#bytes.length) throw new DamagedMessage(`Its ${name} reaches beyond its end.`);
    const other = this.#taken.find(([each, begin, end]) => each !== inside && from < end && begin < to);
    if (other) throw new DamagedMessage(`Its ${name} lies over its ${other[0]}.`);
    this.#taken.push([name, from, to]);
  }
}

/**
 * What was read and may be asked for again, by its address or name: so many bytes of it, of which those go first that
 * came first.
 */
export class Kept<T, Key extends number | string = number> {
  readonly #most: number;
  readonly #items = new Map<Key, { readonly item: T; readonly bytes: number }>();
  #bytes = 0;

  /** @param most bytes; what comes last is kept however large it is */
  constructor(most: number) {
    this.#most = most;
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get(address: Key): T | undefined {
    return this.#items.get(address)?.item;
  }

  /** @param bytes that it takes in memory, about */
  set(address: Key, item: T, bytes: number): void {
    this.#drop(address);
    for (const [first] of this.#items) {
      if (this.#bytes + bytes <= this.#most) break;
      this.#drop(first);
    }
    this.#items.set(address, { item, bytes });
    this.#bytes += bytes;
  }

  clear(): void {
    this.#items.clear();
    this.#bytes = 0;
  }

  #drop(address: Key): void {
    this.#bytes -= this.#items.get(address)?.bytes ?? 0;
    this.#items.delete(address);
  }
}

/** What was read and may be asked for again, by its address: so many bytes of it, of which those go first that came first. */
export class Kept<T> {
  readonly #most: number;
  readonly #items = new Map<number, { readonly item: T; readonly bytes: number }>();
  #bytes = 0;

  /** @param most bytes; what comes last is kept however large it is */
  constructor(most: number) {
    this.#most = most;
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get(address: number): T | undefined {
    return this.#items.get(address)?.item;
  }

  /** @param bytes that it takes in memory, about */
  set(address: number, item: T, bytes: number): void {
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

  #drop(address: number): void {
    this.#bytes -= this.#items.get(address)?.bytes ?? 0;
    this.#items.delete(address);
  }
}

const hidden = '***';

/**
 * A token or password. Printing, logging, inspecting or serialising it gives `***`; only `reveal` gives the text, and
 * only what sends it to the server has a reason to call that.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  /** What Node prints: `util.inspect.custom`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

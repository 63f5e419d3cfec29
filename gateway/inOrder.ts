/** A place in a row. */
export interface Place {
  /** Settled when all that joined before have passed. */
  readonly before: Promise<void>;
  readonly pass: () => void;
}

/** A point that work under way at the same time passes in the order in which it was begun. */
export class InOrder {
  #last: Promise<void> = Promise.resolve();

  /** @returns a place that must be passed, whatever happens: those behind wait for it */
  join(): Place {
    const before = this.#last;
    let pass: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => {
      pass = resolve;
    });
    this.#last = before.then(() => passed);
    return { before, pass };
  }
}

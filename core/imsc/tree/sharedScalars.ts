import type { Value } from '../values/values.ts';

/** A scalar's characters and what they mean. */
export interface WrittenScalar {
  readonly source: string;
  readonly value: Value;
}

/** Longer texts, and more different ones than this, are hardly written twice. */
const longest = 24;
const most = 500;

/** Gives the same characters and value to all scalars of a text that are written alike: schemas repeat few words. */
export class SharedScalars {
  readonly #known = new Map<string, WrittenScalar>();

  of(source: string, valueOf: (source: string) => Value): WrittenScalar {
    if (source.length > longest) return { source, value: valueOf(source) };
    const known = this.#known.get(source);
    if (known) return known;
    const scalar = { source, value: valueOf(source) };
    if (this.#known.size < most) this.#known.set(source, scalar);
    return scalar;
  }
}

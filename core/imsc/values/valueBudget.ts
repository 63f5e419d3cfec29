import { budget } from '../../limits/budget.ts';
import type { Value } from './values.ts';

/** A value that is larger than any that belongs into a dataset; the message is a sentence for people. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  constructor(
    message = `The value is too large: it has more than ${inWords(budget.values.size)} characters or items.`,
  ) {
    super(message);
  }
}

/** @throws TooLarge for a text of more characters than a value may have, before it is put together */
export function requireLength(characters: number): void {
  if (characters > budget.values.size) throw new TooLarge();
}

/**
 * Counts what the values of one schema take, one step after the other. A list that holds another one twice is counted
 * as what it would be when written out.
 */
export class ValueBudget {
  #used = 0;
  readonly #sizes = new WeakMap<Value, number>();

  /** @throws TooLarge for a value that is too large by itself, or with all those before it */
  take(value: Value): Value {
    const size = this.#sizeOf(value);
    requireLength(size);
    this.#used += size;
    if (this.#used <= budget.values.total) return value;
    throw new TooLarge(
      `The values of this schema are too large together: they have more than ${inWords(budget.values.total)} characters and items.`,
    );
  }

  #sizeOf(value: Value): number {
    switch (value.kind) {
      case 'string':
      case 'bytes':
        return 1 + value.value.length;
      case 'list':
        return this.#sizeOfParts(value, value.items);
      case 'dict':
        return this.#sizeOfParts(value, value.entries.flat());
      default:
        return 1;
    }
  }

  #sizeOfParts(value: Value, parts: readonly Value[]): number {
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    let size = 1;
    for (const part of parts) size += this.#sizeOf(part);
    this.#sizes.set(value, size);
    return size;
  }
}

function inWords(count: number): string {
  return `${count / 1e6} million`;
}

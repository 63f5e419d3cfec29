import type { DataReader, Reading } from '../../core/imsc/evaluation/readers.ts';

/**
 * What the variables of one schema have read from its samples, kept from one version of the text to the next: an edit
 * mostly changes none of it.
 */
export class KeptReadings {
  /** Of the version before, and of the one that is being evaluated. */
  #before = new Map<string, Reading>();
  #now = new Map<string, Reading>();
  #contents = '';

  /**
   * Another version of the schema is evaluated.
   * @param contents of all its samples; where they are others, nothing of what was read before holds
   */
  begin(contents: string): void {
    // Of an evaluation that was given up, both count.
    for (const [key, reading] of this.#now) this.#before.set(key, reading);
    if (contents !== this.#contents) this.#before.clear();
    this.#contents = contents;
    this.#now = new Map();
  }

  /** It is done: what it has not read is forgotten. */
  end(): void {
    this.#before = new Map();
  }

  /** Reads from a file what is not known of it. */
  reader(file: string, source: DataReader): DataReader {
    const now = this.#now;
    return {
      read: (path, valueType) => {
        const key = `${file}\n${valueType}\n${path}`;
        const known = now.get(key) ?? this.#before.get(key);
        if (known) {
          now.set(key, known);
          return known;
        }
        const reading = source.read(path, valueType);
        if (!(reading instanceof Promise)) return reading;
        return reading.then((read) => {
          now.set(key, read);
          return read;
        });
      },
    };
  }
}

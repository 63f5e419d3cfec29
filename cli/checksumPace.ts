import type { FilesProgress } from '../core/files/describeFiles.ts';
import { sizeText } from './sizeText.ts';

/** Before that nothing is said of what is left. */
const settleMs = 1000;

/** How fast checksums are made, and about how long the file at hand takes still. */
export class ChecksumPace {
  readonly #now: () => number;
  #begun = 0;
  #bytesBefore = 0;
  #bytes = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns what a person reads behind how much is done; empty until that can be told */
  tell({ bytesDone, fileBytesDone, fileBytes }: FilesProgress): string {
    // The next of several ingestions counts from its own beginning.
    if (this.#begun === 0 || bytesDone < this.#bytes) {
      this.#begun = this.#now();
      this.#bytesBefore = bytesDone;
    }
    this.#bytes = bytesDone;
    const elapsed = this.#now() - this.#begun;
    const rate = (bytesDone - this.#bytesBefore) / (elapsed / 1000);
    if (elapsed < settleMs || rate <= 0) return '';
    const seconds = Math.max(1, Math.round((fileBytes - fileBytesDone) / rate));
    return `, ${sizeText(rate)}/s${fileBytesDone < fileBytes ? `, ${leftText(seconds)}` : ''}`;
  }
}

function leftText(seconds: number): string {
  if (seconds < 90) return `${seconds} s left`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds / 3600)} h left`;
}

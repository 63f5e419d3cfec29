import { basename } from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import type { Progress } from 'vscode';
import type { ImscProgress } from '../imscProgram.ts';
import { bytesText } from '../results/report.ts';

/** A file takes some time, however small it is: as much as so many bytes. */
const bytesOfAny = 1_000_000;
/** Before that nothing is said of what is left. */
const settleMs = 3000;

/** How far several files are together, how fast it goes, and about how long the rest takes. */
export class BatchProgress {
  readonly #files: readonly string[];
  readonly #sizes: readonly number[];
  readonly #progress: Progress<{ message?: string; increment?: number }>;
  readonly #now: () => number;
  readonly #begun: number;
  #told = 0;
  /** Bytes that were seen to be read. */
  #bytes = 0;

  private constructor(
    files: readonly string[],
    sizes: readonly number[],
    progress: Progress<{ message?: string; increment?: number }>,
    now: () => number,
  ) {
    this.#files = files;
    this.#sizes = sizes;
    this.#progress = progress;
    this.#now = now;
    this.#begun = now();
  }

  /** @param files absolute paths, in the order in which they come */
  static async of(
    files: readonly string[],
    progress: Progress<{ message?: string; increment?: number }>,
    now: () => number = Date.now,
  ): Promise<BatchProgress> {
    const sizes = await Promise.all(files.map(sizeOf));
    return new BatchProgress(files, sizes, progress, now);
  }

  /** Says that a file is begun, or what is being done with it. */
  tell(index: number, { text, fraction }: Partial<ImscProgress> = {}): void {
    const { length } = this.#files;
    const name = basename(this.#files[index] ?? '');
    const count = length > 1 ? `${l10n.t('{0} of {1}', index + 1, length)}: ` : '';
    const before = this.#weight(index);
    const here = (fraction ?? 0) * ((this.#sizes[index] ?? 0) + bytesOfAny);
    const done = (before + here) / this.#weight(length);
    if (fraction !== undefined)
      this.#bytes =
        this.#sizes.slice(0, index).reduce((sum, size) => sum + size, 0) + fraction * (this.#sizes[index] ?? 0);
    const message = [
      `${count}${text === undefined || text === '' ? name : (length > 1 ? `${name}: ` : '') + text}`,
      ...this.#pace(done, fraction),
    ];
    const increment = Math.max(0, done * 100 - this.#told);
    this.#told += increment;
    this.#progress.report({ message: message.join(' · '), increment });
  }

  #weight(count: number): number {
    return this.#sizes.slice(0, count).reduce((sum, size) => sum + size + bytesOfAny, 0);
  }

  #pace(done: number, fraction: number | undefined): string[] {
    const elapsed = this.#now() - this.#begun;
    if (elapsed < settleMs || done < 0.01) return [];
    const rate = fraction === undefined ? [] : [l10n.t('{0}/s', bytesText((this.#bytes / elapsed) * 1000))];
    return [...rate, leftText((elapsed * (1 - done)) / done)];
  }
}

function leftText(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return l10n.t('about {0} s left', seconds);
  return seconds < 5400
    ? l10n.t('about {0} min left', Math.round(seconds / 60))
    : l10n.t('about {0} h left', Math.round(seconds / 3600));
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await workspace.fs.stat(Uri.file(file))).size;
  } catch {
    return 0; // whoever reads it says why
  }
}

import { basename } from 'node:path';
import type * as reach from './reach.ts';
import { sourceAt } from './openSources.ts';

/** A file that is given by itself leads nowhere. */
export class Reach implements Pick<reach.Reach, 'refusal'> {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  refusal(path: string): string | undefined {
    return path === this.#file ? undefined : `${basename(path)} is another file, and a browser is given only one`;
  }
}

export const isThere: typeof reach.isThere = (path) => sourceAt(path) !== undefined;

export const realFolder: typeof reach.realFolder = () => '/';

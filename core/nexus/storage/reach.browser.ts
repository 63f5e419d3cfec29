import type * as reach from './reach.ts';

/** A file that is given by itself leads nowhere. */
export class Reach implements Pick<reach.Reach, 'refusal'> {
  refusal(path: string): string {
    return `${path} is another file, and a browser is given only one`;
  }
}

export const isThere: typeof reach.isThere = () => false;

export const realFolder: typeof reach.realFolder = () => '/';

import type { Link } from './link.ts';

/**
 * The names in a group: by their bytes, or in the order of making where the group keeps it; in the order of a tree, which
 * is always the same, where there are too many of them to be sorted.
 */
export interface GroupReader {
  /** How many there are. @throws FormatError */
  readonly total: number;
  /** All behind the first `skip`, as they are asked for. @throws FormatError */
  links(skip: number): Generator<Link, void>;
  /** A single one, without reading the others. @throws FormatError */
  find(name: Uint8Array): Link | undefined;
}

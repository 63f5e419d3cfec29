/** One element: numbers exact (64-bit integers as bigint), compound as a record, what has no form of its own as bytes. */
export type Element =
  number | bigint | string | boolean | Uint8Array | readonly Element[] | { readonly [field: string]: Element };

/**
 * The values that schemas are evaluated with.
 *
 * Datasets must come out as the Python ingestor writes them, and Python tells `300` from `300.0`, which JavaScript
 * forgets. So every value is carried with its kind, and everything that prints or converts it is in this folder.
 */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** `flavour` is set for what only a Python literal can make; JSON sees a list. */
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly flavour?: 'tuple' | 'set' }
  /** Keys are values too, because Python allows numbers as keys. Order is kept; keys are unique. */
  | { readonly kind: 'dict'; readonly entries: readonly DictEntry[] }
  /** A Python bytes literal; no JSON form. */
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

export type DictEntry = readonly [key: Value, value: Value];
export type ValueKind = Value['kind'];

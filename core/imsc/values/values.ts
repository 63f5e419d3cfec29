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

export type ValueOf<Kind extends ValueKind> = Extract<Value, { readonly kind: Kind }>;

export const none: ValueOf<'none'> = { kind: 'none' };

export function boolean(value: boolean): ValueOf<'boolean'> {
  return { kind: 'boolean', value };
}

/** @throws RangeError for a number with a fraction */
export function integer(value: bigint | number): ValueOf<'integer'> {
  return { kind: 'integer', value: BigInt(value) };
}

export function float(value: number): ValueOf<'float'> {
  return { kind: 'float', value };
}

export function string(value: string): ValueOf<'string'> {
  return { kind: 'string', value };
}

export function list(items: readonly Value[]): ValueOf<'list'> {
  return { kind: 'list', items };
}

export function tuple(items: readonly Value[]): ValueOf<'list'> {
  return { kind: 'list', items, flavour: 'tuple' };
}

/**
 * A set, without its duplicates; keeps the order given, where Python's order is arbitrary.
 * @throws TypeError for an item that cannot be in a set (see hashKey)
 */
export function set(items: readonly Value[]): ValueOf<'list'> {
  const unique = new Map<string, Value>();
  for (const item of items) {
    const key = neededHashKey(item);
    if (!unique.has(key)) unique.set(key, item);
  }
  return { kind: 'list', items: [...unique.values()], flavour: 'set' };
}

/**
 * A dict; of equal keys the first one stays, with the value of the last, as in Python.
 * @throws TypeError for a key that cannot be one (see hashKey)
 */
export function dict(entries: readonly DictEntry[]): ValueOf<'dict'> {
  const unique = new Map<string, DictEntry>();
  for (const [key, value] of entries) {
    const identity = neededHashKey(key);
    unique.set(identity, [unique.get(identity)?.[0] ?? key, value]);
  }
  return { kind: 'dict', entries: [...unique.values()] };
}

export function bytes(value: Uint8Array): ValueOf<'bytes'> {
  return { kind: 'bytes', value };
}

/** Narrows a value to a kind; made for `every` and `filter`. */
export function isOfKind<Kind extends ValueKind>(value: Value, kind: Kind): value is ValueOf<Kind> {
  return value.kind === kind;
}

/** The value of a key, compared as Python compares keys; undefined if the dict does not have it. */
export function valueAt(value: ValueOf<'dict'>, key: Value): Value | undefined {
  const wanted = hashKey(key);
  return wanted === undefined ? undefined : value.entries.find(([other]) => hashKey(other) === wanted)?.[1];
}

/**
 * A text that is the same for values that Python takes for the same key of a dict or item of a set: `1`, `1.0` and
 * `True` are. Undefined for what cannot be a key: lists, dicts and sets, and tuples of them.
 */
export function hashKey(value: Value): string | undefined {
  switch (value.kind) {
    case 'none':
      return 'none';
    case 'boolean':
      return value.value ? 'number 1' : 'number 0';
    case 'integer':
      return `number ${value.value}`;
    case 'float':
      return `number ${Number.isInteger(value.value) ? BigInt(value.value) : value.value}`;
    case 'string':
      return `string ${value.value}`;
    case 'bytes':
      return `bytes ${value.value.join(' ')}`;
    case 'list': {
      if (value.flavour !== 'tuple') return undefined;
      let text = 'tuple';
      for (const item of value.items) {
        const key = hashKey(item);
        if (key === undefined) return undefined;
        // With its length, so that nothing in it has to be marked: marks of marks double with each level.
        text += ` ${key.length} ${key}`;
      }
      return text;
    }
    case 'dict':
      return undefined;
  }
}

function neededHashKey(value: Value): string {
  const key = hashKey(value);
  if (key === undefined) throw new TypeError(`A ${value.kind} cannot be a key or an item of a set.`);
  return key;
}

/**
 * Whether two values are the same in kind and content: `5` and `5.0` differ, NaN equals NaN. The order of the keys of
 * a dict and of the items of a set does not count.
 */
export function valuesEqual(a: Value, b: Value): boolean {
  switch (a.kind) {
    case 'none':
      return b.kind === 'none';
    case 'list':
      if (b.kind !== 'list' || a.flavour !== b.flavour || a.items.length !== b.items.length) return false;
      if (a.flavour === 'set') return a.items.every((item) => b.items.some((other) => valuesEqual(item, other)));
      return a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && valuesEqual(item, other);
      });
    case 'dict': {
      if (b.kind !== 'dict' || a.entries.length !== b.entries.length) return false;
      const others = new Map(b.entries.map((entry) => [hashKey(entry[0]), entry]));
      return a.entries.every(([key, value]) => {
        const other = others.get(hashKey(key));
        return other !== undefined && valuesEqual(key, other[0]) && valuesEqual(value, other[1]);
      });
    }
    case 'bytes':
      return (
        b.kind === 'bytes' &&
        a.value.length === b.value.length &&
        a.value.every((byte, index) => byte === b.value[index])
      );
    default:
      return a.kind === b.kind && Object.is(a.value, b.value);
  }
}

/** A value with its unit (`''` for none), as variables hold it. */
export interface Quantity {
  readonly value: Value;
  readonly unit: string;
}

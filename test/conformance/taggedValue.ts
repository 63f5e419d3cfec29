import { bytes, dict, float, integer, list, set, tuple } from '../../core/imsc/values/values.ts';
import type { DictEntry, Value } from '../../core/imsc/values/values.ts';

/** Reads a recorded value with its tags (see README.md); undefined for what schemas have no value for. */
export function untag(tagged: Value): Value | undefined {
  if (tagged.kind === 'list') return untagAll(tagged.items, list);
  if (tagged.kind !== 'dict') return tagged;
  const [entry] = tagged.entries;
  if (entry?.[0].kind !== 'string' || !entry[0].value.startsWith('$')) return tagged;
  const [{ value: tag }, content] = entry;
  if (content.kind === 'string') {
    if (tag === '$float') return float(Number(content.value.replace('inf', 'Infinity')));
    if (tag === '$int') return integer(BigInt(content.value));
    if (tag === '$bytes') return bytes(Buffer.from(content.value, 'hex'));
  }
  if (content.kind === 'list') {
    if (tag === '$tuple') return untagAll(content.items, tuple);
    if (tag === '$set') return untagAll(content.items, set);
    if (tag === '$dict') {
      const entries = content.items.map((pair): DictEntry | undefined => {
        const [key, value] = pair.kind === 'list' ? pair.items.map(untag) : [];
        return key && value && [key, value];
      });
      const known = entries.filter((pair) => pair !== undefined);
      return known.length === entries.length ? dict(known) : undefined;
    }
  }
  return undefined;
}

function untagAll(items: readonly Value[], make: (items: readonly Value[]) => Value): Value | undefined {
  const untagged = items.map(untag).filter((item) => item !== undefined);
  return untagged.length === items.length ? make(untagged) : undefined;
}

import type { KnownTo } from './dialects.ts';

/** What every table of the schema language has for each of its entries. */
export interface RegistryEntry extends KnownTo {
  /** The spelling to write; unique in its table. */
  readonly name: string;
  /** Further spellings that are accepted. */
  readonly aliases: readonly string[];
  /** One line, without a full stop. */
  readonly summary: string;
  /** Markdown, for hover and reference pages. */
  readonly explanation: string;
}

/** The entry of that name, or with that accepted spelling; case matters. Undefined if there is none. */
export function lookup<Entry extends RegistryEntry>(entries: readonly Entry[], spelling: string): Entry | undefined {
  // Asked for every key of a schema: no closures.
  for (const entry of entries) if (entry.name === spelling) return entry;
  for (const entry of entries) if (entry.aliases.length > 0 && entry.aliases.includes(spelling)) return entry;
  return undefined;
}

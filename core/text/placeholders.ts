/**
 * Texts that stand for what a person has to fill in: those that a new schema holds, and the defaults of the
 * configuration that the Python ingestor has too. Whoever writes one takes it from here, and whoever finds one warns.
 */
export const placeholders = {
  pidPrefix: 'PREFIX',
  principalInvestigator: 'PRINCIPAL INVESTIGATOR',
  owner: 'OWNER',
  ownerEmail: 'owner@example.org',
  contactEmail: 'contact@example.org',
  ownerGroup: 'OWNER_GROUP',
  facility: 'FACILITY',
  instrument: 'INSTRUMENT',
  defaultInstrumentId: 'ID_OF_FALLBACK_INSTRUMENT',
  defaultProposalId: 'DEFAULT_PROPOSAL_ID',
  defaultOwnerGroup: 'DEFAULT_OWNER_GROUP',
  defaultAccessGroup: 'ACCESS_GROUP_1',
} as const;

const known: ReadonlySet<string> = new Set(Object.values(placeholders));

/**
 * The placeholders in a text, each once: as the whole of it, or as one of the parts between variables, slashes, colons,
 * commas and semicolons. A word in a sentence is none.
 */
export function placeholdersIn(text: string): string[] {
  const parts = text.split(/<[^<>]*>|[/:;,]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => known.has(part)))];
}

/** Where placeholders stand in the text of a schema, in their order. */
export function placeholderPlaces(text: string): readonly { readonly name: string; readonly start: number }[] {
  // The longer names first, because some begin as others do.
  const names = [...known].sort((one, other) => other.length - one.length).map((name) => name.replaceAll('.', '\\.'));
  const pattern = new RegExp(`(?<![\\w@.])(?:${names.join('|')})(?![\\w@.])`, 'g');
  return [...text.matchAll(pattern)].map((found) => ({ name: found[0], start: found.index }));
}

/** Names that are left to fill in, as a person reads them: “A” and “B”. */
export function inQuotes(names: readonly string[]): string {
  return names.map((name) => `“${name}”`).join(' and ');
}

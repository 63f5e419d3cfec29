/**
 * Recorded cases marked `match` that come out differently here, each with its reason. `docs/differences.md` lists
 * them too.
 */
export const differing: Readonly<Record<string, string>> = {};

/**
 * Whether a text is a date with a time and says no time zone, so that nobody can tell which moment it is. A day alone
 * needs none; neither does what is not a date.
 */
export function lacksTimeZone(text: string): boolean {
  const trimmed = text.trim();
  if (!/^\d{4}\D?\d\d/.test(trimmed) || !/\d[T ]\d/i.test(trimmed)) return false;
  return !/(?:Z|[+-]\d{2}(?::?\d{2}){0,2}(?:\.\d+)?)$/i.test(trimmed.replace(/^\d{4}-\d\d-\d\d/, ''));
}

/** Times that SciCat reads and writes anew with a zone: without one it takes that of its server. */
const rewritten: ReadonlySet<string> = new Set(['creationTime', 'endTime']);

/**
 * What becomes of a date and time without a time zone: in a field of a dataset, or wherever a variable is used.
 * @param fieldType of the field; undefined for a variable
 */
export function withoutTimeZone(fieldType?: string, field?: string): string {
  if (fieldType === undefined) {
    return 'nobody can tell which moment this is, and SciCat takes it for the local time of its server in creationTime and endTime';
  }
  return fieldType === 'high_level' && field !== undefined && rewritten.has(field)
    ? 'SciCat takes this for the local time of its server'
    : 'nobody can tell which moment this is: SciCat stores it as it stands';
}

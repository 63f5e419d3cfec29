/**
 * Recorded cases marked `match` that come out differently here, each with its reason. `docs/differences.md` lists
 * them too.
 */
export const differing: Readonly<Record<string, string>> = {
  'valuetype-dict-literal': 'a text holding JSON is taken as well as one holding a Python literal',
  'valuetype-list-literal': 'as above, and a literal `...` has no meaning here',
  'dry-run-not-json': 'not-a-number is left out of the dataset with a warning, in a dry run too',
  'exists-by-metadata-null': 'a date that cannot be read is a failed field, not an empty one',
  'nxs-string-array-number':
    'rows of a table and records have no text form here; single precision is printed without exponent',
  'sc-endpoints-config': 'a relative url that begins with no endpoint is taken below scicat.host',
  'sc-types': 'what is not a date is a failed variable, not an empty one',
};

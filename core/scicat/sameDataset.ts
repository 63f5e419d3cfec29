import { isJsonObject, isList } from './json.ts';

/** What SciCat changes or counts by itself. */
const notCompared = new Set([
  'size',
  'numberOfFiles',
  'packedSize',
  'classification',
  'datasetlifecycle',
  'version',
  'isPublished',
]);
const dates = new Set(['creationTime', 'startTime', 'endTime']);

/**
 * Whether a dataset in SciCat says everything that was sent. What SciCat adds is passed over, and what it rewrites is
 * compared by its meaning: times, a slash at the end of the folder, a single text for a list.
 */
export function isSameDataset(sent: Readonly<Record<string, unknown>>, stored: unknown): boolean {
  if (!isJsonObject(stored)) return false;
  return Object.entries(sent).every(([name, value]) => {
    const there = stored[name];
    if (notCompared.has(name)) return true;
    if (dates.has(name)) return Date.parse(String(value)) === Date.parse(String(there));
    if (name === 'sourceFolder') return String(value).replace(/\/$/, '') === there;
    return isContained(value, there);
  });
}

function isContained(sent: unknown, stored: unknown): boolean {
  if (sent === null || sent === undefined) return stored === null || stored === undefined;
  if (isList(sent)) {
    return (
      isList(stored) && sent.length === stored.length && sent.every((item, index) => isContained(item, stored[index]))
    );
  }
  if (isJsonObject(sent)) {
    return isJsonObject(stored) && Object.entries(sent).every(([key, value]) => isContained(value, stored[key]));
  }
  return sent === stored || (isList(stored) && stored.length === 1 && stored[0] === sent);
}

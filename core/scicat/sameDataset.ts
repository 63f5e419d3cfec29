import { datasetField } from './datasetFields.ts';
import { isJsonObject, isList } from './json.ts';

/**
 * Whether a dataset in SciCat says everything that was sent. What SciCat adds is passed over, and what it rewrites is
 * compared by its meaning: times, a slash at the end of the folder, a single text for a list.
 */
export function isSameDataset(sent: Readonly<Record<string, unknown>>, stored: unknown): boolean {
  if (!isJsonObject(stored)) return false;
  return Object.entries(sent).every(([name, value]) => {
    const there = stored[name];
    const field = datasetField(name);
    if (field?.madeByScicat) return true;
    if (field?.format?.endsWith('date-time') === true) return Date.parse(String(value)) === Date.parse(String(there));
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

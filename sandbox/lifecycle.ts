import { isJsonObject } from '../core/scicat/json.ts';
import type { Document } from './store.ts';

/** What SciCat's database keeps of a dataset's lifecycle, and of which type. */
const keys: Readonly<Record<string, 'boolean' | 'date' | 'text' | 'object'>> = {
  archivable: 'boolean',
  retrievable: 'boolean',
  publishable: 'boolean',
  isOnCentralDisk: 'boolean',
  retrieveIntegrityCheck: 'boolean',
  dateOfDiskPurging: 'date',
  archiveRetentionTime: 'date',
  dateOfPublishing: 'date',
  publishedOn: 'date',
  archiveStatusMessage: 'text',
  retrieveStatusMessage: 'text',
  exportedTo: 'text',
  storageLocation: 'text',
  archiveReturnMessage: 'object',
  retrieveReturnMessage: 'object',
};

/** The keys that are kept; others are dropped without a word. */
export function knownLifecycle(given: unknown): Document {
  if (!isJsonObject(given)) return {};
  return Object.fromEntries(Object.entries(given).filter(([key]) => key in keys));
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The first key that the database cannot store. */
export function wrongLifecycleKey(given: unknown): string | undefined {
  return Object.entries(knownLifecycle(given)).find(([key, value]) => !fits(keys[key], value))?.[0];
}

function fits(type: string | undefined, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (type === 'boolean')
    return ['boolean', 'number'].includes(typeof value) || /^(?:true|false|yes|no|0|1)$/.test(asText(value));
  if (type === 'date') return !Number.isNaN(new Date(asText(value)).getTime());
  return type === 'object' || typeof value !== 'object';
}

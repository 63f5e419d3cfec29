import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refusalsOf } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { datasetKind } from '../../../../core/scicat/datasetForVersion.ts';
import { isJsonObject, textAt } from '../../../../core/scicat/json.ts';
import type { JsonObject } from '../../../../core/scicat/json.ts';
import type { DatasetKind } from '../../../../core/scicat/scicatDatasetSchema.ts';
import { BodyValidation } from '../../../../sandbox/validation.ts';
import { versions } from '../../../../sandbox/versions.ts';

const common: JsonObject = {
  ownerGroup: 'g',
  owner: 'Ada Lovelace',
  contactEmail: 'ada@ess.eu',
  ownerEmail: 'ada@ess.eu',
  sourceFolder: '/ess/data',
  creationTime: '2025-01-20T12:00:00.000Z',
  datasetName: 'Vanadium',
};
/** A dataset that SciCat takes, by its rules. */
const complete: Readonly<Record<DatasetKind, JsonObject>> = {
  raw: { ...common, type: 'raw', principalInvestigator: 'Ada', creationLocation: 'ESS' },
  derived: { ...common, type: 'derived', investigator: 'Ada', inputDatasets: ['a'], usedSoftware: ['b'] },
  v4: { ...common, type: 'raw' },
};
const kinds: readonly DatasetKind[] = ['raw', 'derived', 'v4'];

/** What every field is tried with. */
const values: readonly unknown[] = [
  '',
  'a text',
  'ada@ess.eu',
  'ada@ess.eu; grace@ess.eu',
  'ada@localhost',
  '2025-01-20',
  '2025-01-20 12:00:00',
  '20.01.2025',
  'ess.eu',
  'https://ess.eu/schema.json',
  0,
  12,
  -1,
  0.5,
  true,
  [],
  ['a', 'b'],
  ['a', 1],
  [null],
  {},
  { a: 1 },
  [{ pid: 'p', name: 'n' }],
  [{ name: 'n' }],
  [{ pid: 'p', name: 'n', more: 'x' }],
  [{ identifier: 'i' }],
  [{ identifier: 'i', relationship: 1 }],
];

describe.each(kinds)('what SciCat refuses by the rules of %s', (kind) => {
  const sandbox = new BodyValidation(versions.master);

  it('is nothing in a complete dataset', () => {
    expect(refusalsOf(complete[kind], kind)).toEqual([]);
  });

  // Two ways to say the rules, of one table: they must not come apart.
  it.each(datasetFields.map(({ name }) => name))('is the same for a dry run as for the sandbox: %s', (name) => {
    for (const value of values) {
      const dataset = { ...complete[kind], [name]: value };
      const refused = sandbox.dataset(kind, dataset).map(({ property }) => property);
      // The database refuses an empty pid; the sandbox does not make an object of a text of metadata, as SciCat does.
      if ((name === 'pid' && value === '') || (name === 'scientificMetadata' && typeof value === 'string')) continue;
      const told = refusalsOf(dataset, kind).map(({ field }) => field);
      expect(told, `${name}: ${JSON.stringify(value)}`).toEqual(refused);
    }
  });

  it.each(datasetFields.map(({ name }) => name))('is what is missing: %s', (name) => {
    const dataset = Object.fromEntries(Object.entries(complete[kind]).filter(([key]) => key !== name));
    const refused = sandbox.dataset(kind, dataset).map(({ property }) => property);
    const told = refusalsOf(dataset, kind).map(({ field }) => field);
    // The rules do not ask for an owner in v4; the database does.
    expect(told).toEqual(name === 'owner' ? ['owner'] : refused);
  });

  it.each<[JsonObject, string]>([
    [{ pid: '' }, 'pid'],
    [{ pid: null }, 'pid'],
    [{ location: 'x' }, 'location'],
    [{ scientificMetadata: { a: null } }, 'scientificMetadata'],
    [{ ownerGroup: null }, 'ownerGroup'],
  ])('is %j', (more, field) => {
    expect(refusalsOf({ ...complete[kind], ...more }, kind).map((found) => found.field)).toEqual([field]);
  });
});

/** Recorded with a real SciCat; they lie beside the checkout, if at all. */
const recordings = fileURLToPath(new URL('../../../../../shared/reference/scicat-http.json', import.meta.url));
interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly response: { readonly status: number; readonly body: unknown };
}
const exchanges = existsSync(recordings) ? (JSON.parse(readFileSync(recordings, 'utf8')) as Exchange[]) : [];
const created = exchanges.filter(
  ({ request: { method, path, body } }) =>
    method === 'POST' && /^\/api\/v[34]\/datasets$/.test(path) && isJsonObject(body) && Object.keys(body).length > 0,
);

describe('the recorded datasets', () => {
  it.skipIf(created.length > 0)('are not here: nothing was compared', () => {
    expect(created).toEqual([]);
  });

  it.each(created)('$name', ({ request: { path, body }, response: { status, body: answer } }) => {
    if (!isJsonObject(body)) throw new Error('no dataset');
    const version = path.startsWith('/api/v4') ? 'v4' : 'v3';
    // v3 takes what says no type for one of its own types.
    const kind = datasetKind(version, textAt(body, 'type') ?? 'none');
    const told = refusalsOf(body, kind);
    // Who may do what, and what is there already, is no matter of the content.
    if (status === 201 || status === 403 || status === 409) expect(told).toEqual([]);
    else expect(told, JSON.stringify(answer)).not.toEqual([]);
    for (const { field } of told) expect(JSON.stringify(answer)).toContain(field);
  });
});

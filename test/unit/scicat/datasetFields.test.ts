import { describe, expect, it } from 'vitest';
import { checkDatasetField } from '../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../core/scicat/datasetFields.ts';
import { datasetForVersion, needsV4, plainForm, versionOfDataset } from '../../../core/scicat/datasetForVersion.ts';

describe('fields', () => {
  it('has the mandatory fields of the Python ingestor and no others', () => {
    const mandatory = datasetFields.filter((field) => field.mandatory).map(({ name }) => name);
    expect(mandatory.sort()).toEqual([
      'contactEmail', 'creationLocation', 'creationTime', 'datasetName', 'owner', 'ownerEmail', 'pid', 'principalInvestigator', 'sourceFolder',
    ]); // prettier-ignore
  });

  it('has examples that SciCat takes', () => {
    const wrong = datasetFields.filter(
      ({ name, example }) => example !== undefined && checkDatasetField(name, example),
    );
    expect(wrong).toEqual([]);
  });

  it('has these forms, and each is asked for', () => {
    const formats = datasetFields.flatMap(({ name, format }) => (format === undefined ? [] : [[name, format]]));
    expect(Object.fromEntries(formats)).toMatchInlineSnapshot(`
      {
        "contactEmail": "email-list",
        "creationTime": "luxon-date-time",
        "endTime": "luxon-date-time",
        "ownerEmail": "email",
        "scientificMetadataSchema": "web-address",
        "sourceFolderHost": "url",
        "startTime": "date-time",
      }
    `);
    for (const [name = ''] of formats)
      expect(checkDatasetField(name, 'no such thing'), name).toContain(`${name} must be`);
  });

  it('has each name once, and a field for each plural', () => {
    const names = datasetFields.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(datasetFields.flatMap(({ plural }) => plural ?? [])));
  });
});

describe('what SciCat refuses', () => {
  const cases: [field: string, value: unknown, refused: RegExp | undefined][] = [
    ['ownerEmail', 'ada@example.org', undefined],
    ['ownerEmail', 'ada@localhost', /full domain/],
    ['ownerEmail', 'ada@example.org;grace@example.org', /one e-mail address/],
    ['contactEmail', 'ada@example.org; grace@example.org', undefined],
    ['contactEmail', 'ada@example.org;', /semicolons/],
    ['contactEmail', '', /e-mail/],
    ['creationTime', '2025-01-20', undefined],
    ['creationTime', '2025-01-20T12:00:00.123456', undefined],
    ['creationTime', '2025-01-20 12:00:00', /ISO 8601/],
    ['startTime', '2025-01-20 12:00:00', undefined],
    ['startTime', 'yesterday', /ISO 8601/],
    ['creationTime', 1737374400, /must be a text/],
    ['runNumber', 12, /must be a text/],
    ['runNumber', '12', undefined],
    ['keywords', 'a', undefined],
    ['keywords', ['a', 1], /list of texts/],
    ['sampleId', ['a', 'b'], undefined],
    ['sampleId', [1], /text/],
    ['techniques', [{ pid: 'p', name: 'n' }], undefined],
    ['techniques', [{ name: 'n' }], /pid and name/],
    ['techniques', [{ pid: 'p', name: 'n', extra: 1 }], /pid and name/],
    ['techniques', ['p'], /pid and name/],
    ['techniques', 'p', /not a text/],
    ['relationships', [{ identifier: 'i' }], undefined],
    ['relationships', [{ identifier: 'i', relationship: 'r', externalId: null }], undefined],
    ['relationships', [{ identifier: 'i', entityType: 1 }], /identifier/],
    ['relationships', [{ identifier: 'i', pid: 'p' }], /identifier/],
    ['relationships', [{ identifier: 'i', more: 'm' }], /identifier/],
    ['relationships', [{ pid: 'p', relationship: 'r' }], undefined],
    ['relationships', [{ pid: 'p' }], /identifier/],
    ['isPublished', true, undefined],
    ['isPublished', 'true', /true or false, not a text/],
    ['isPublished', 1, /true or false, not a number/],
    ['numberOfFiles', 1.5, /a whole number\.$/],
    ['numberOfFiles', '1', /a whole number, not a text/],
    ['numberOfFiles', [1], /a whole number, not a list/],
    ['numberOfFiles', {}, /a whole number, not an object/],
    ['numberOfFiles', true, /a whole number, not true or false/],
    ['scientificMetadata', 'text', undefined],
    ['scientificMetadata', 1, /an object, not a number/],
    ['pid', '', /empty/],
    ['pid', null, undefined],
    ['owner', null, /empty/],
    ['ownerGroup', '', /empty/],
    ['scientificMetadata', { a: null }, /a of scientificMetadata is null/],
    ['scientificMetadata', { a: { value: null } }, undefined],
    ['location', 'x', /no dataset field/],
  ];
  it.each(cases)('%s: %j', (field, value, refused) => {
    const said = checkDatasetField(field, value);
    if (refused) expect(said).toMatch(refused);
    else expect(said).toBeUndefined();
  });
});

describe('a dataset for a version of the API', () => {
  const write = (dataset: Record<string, unknown>, version: 'v3' | 'v4') => {
    const { fields, misfits } = datasetForVersion(new Map(Object.entries(dataset)), version, plainForm);
    return { dataset: Object.fromEntries(fields), misfits: misfits.map(({ field }) => field) };
  };
  const cases: [title: string, given: Record<string, unknown>, version: 'v3' | 'v4', written: Record<string, unknown>, misfits: string[]][] = [
    ['one sample in a list', { type: 'raw', sampleId: ['a'] }, 'v3', { type: 'raw', sampleId: 'a' }, []],
    ['no sample in a list', { type: 'raw', sampleIds: [] }, 'v3', { type: 'raw' }, []],
    ['several samples', { type: 'raw', sampleId: ['a', 'b'] }, 'v3', { type: 'raw', sampleId: 'a' }, ['sampleId']],
    ['several samples', { type: 'raw', sampleId: ['a', 'b'] }, 'v4', { type: 'raw', sampleIds: ['a', 'b'] }, []],
    ['several investigators', { type: 'raw', principalInvestigators: ['A', 'B'] }, 'v3', { type: 'raw', principalInvestigator: 'A; B' }, []],
    ['single fields', { type: 'raw', proposalId: '1', instrumentId: 'i' }, 'v4', { type: 'raw', proposalIds: ['1'], instrumentIds: ['i'] }, []],
    ['a derived dataset', { type: 'derived', principalInvestigator: 'A', creationLocation: 'x' }, 'v3', { type: 'derived', investigator: 'A' }, ['creationLocation']],
    ['a type of its own', { type: 'calibration', proposalId: '1' }, 'v3', { type: 'calibration', proposalIds: ['1'] }, []],
  ]; // prettier-ignore
  it.each(cases)('%s: %j in %s', (_title, given, version, written, misfits) => {
    expect(write(given, version)).toEqual({ dataset: written, misfits });
  });

  it('knows when v3 is not enough', () => {
    const needs = (dataset: Record<string, unknown>) => needsV4(new Map(Object.entries(dataset)), plainForm);
    expect(needs({ type: 'raw', sampleId: ['a', 'b'] })).toBe(true);
    expect(needs({ type: 'calibration' })).toBe(true);
    expect(needs({ type: 'raw', sampleId: ['a'], principalInvestigator: ['A', 'B'] })).toBe(false);
  });

  it('tells from a written dataset where it goes', () => {
    expect(versionOfDataset({ type: 'raw', sampleIds: ['a'] })).toBe('v4');
    expect(versionOfDataset({ type: 'raw', sampleId: 'a' })).toBe('v3');
  });
});

import { expect, it } from 'vitest';
import type { ApiVersion } from '../../../core/scicat/datasetForVersion.ts';
import { datasetForVersion, needsV4, plainForm, versionOfDataset } from '../../../core/scicat/datasetForVersion.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Case {
  readonly what: string;
  readonly given: Fields;
  readonly v3?: Fields;
  readonly v4?: Fields;
  /** What cannot be held in v3, or else in v4. */
  readonly misfits?: readonly RegExp[];
  readonly needsV4?: boolean;
}

const raw = { type: 'raw' };
const derived = { type: 'derived' };

/** What is not named stays as it is given. */
const cases: readonly Case[] = [
  { what: 'no type', given: { proposalId: 'p' }, v4: { proposalIds: ['p'] } },
  { what: 'one of each', given: { ...raw, sampleId: 's', instrumentId: 'i' }, v4: { ...raw, sampleIds: ['s'], instrumentIds: ['i'] } }, // prettier-ignore
  { what: 'a list of one', given: { ...raw, proposalIds: ['p'] }, v3: { ...raw, proposalId: 'p' } },
  { what: 'a list under the name of one', given: { ...raw, proposalId: ['p'] }, v3: { ...raw, proposalId: 'p' }, v4: { ...raw, proposalIds: ['p'] } }, // prettier-ignore
  { what: 'an empty list', given: { ...raw, proposalIds: [] }, v3: raw },
  { what: 'a number', given: { ...raw, proposalId: 7 }, v4: { ...raw, proposalIds: [7] } },
  {
    what: 'several of what v3 holds one of',
    given: { ...raw, proposalIds: ['p', 'q'] },
    v3: { ...raw, proposalId: 'p' },
    misfits: [
      /^v3 of SciCat's API holds one proposalId, and there are 2: p, q\. Use scicat\.apiVersion: auto or v4\.$/,
    ],
    needsV4: true,
  },
  {
    what: 'several under the name of one',
    given: { ...raw, sampleId: ['a', 'b', 'c'] },
    v3: { ...raw, sampleId: 'a' },
    v4: { ...raw, sampleIds: ['a', 'b', 'c'] },
    misfits: [/one sampleId, and there are 3: a, b, c\./],
    needsV4: true,
  },
  {
    what: 'several people',
    given: { ...raw, principalInvestigators: ['Ada', 'Lise'] },
    v3: { ...raw, principalInvestigator: 'Ada; Lise' },
  },
  {
    what: 'several people of whom one is no text',
    given: { ...raw, principalInvestigators: ['Ada', 7] },
    v3: { ...raw, principalInvestigator: 'Ada' },
    misfits: [/one principalInvestigator, and there are 2: Ada\./],
  },
  {
    what: 'people of a derived dataset',
    given: { ...derived, principalInvestigators: ['Ada', 'Lise'] },
    v3: { ...derived, investigator: 'Ada; Lise' },
  },
  {
    what: 'an investigator of a derived dataset',
    given: { ...derived, investigator: 'Ada' },
    v4: { ...derived, principalInvestigators: ['Ada'] },
  },
  {
    what: 'both names of who has investigated',
    given: { ...derived, investigator: 'Ada', principalInvestigator: 'Lise' },
    v3: { ...derived, investigator: 'Ada' },
    v4: { ...derived, principalInvestigators: ['Lise'] },
  },
  {
    what: 'a type of its own',
    given: { type: 'simulation', proposalId: 'p' },
    v3: { type: 'simulation', proposalIds: ['p'] },
    v4: { type: 'simulation', proposalIds: ['p'] },
    needsV4: true,
  },
];

const written = (given: Fields, version: ApiVersion) => {
  const { fields, misfits } = datasetForVersion(new Map(Object.entries(given)), version, plainForm);
  return { fields: Object.fromEntries(fields), said: misfits.map(({ message }) => message) };
};

it.each(cases)('$what', ({ given, v3 = given, v4 = given, misfits = [], needsV4: needs = false }) => {
  const old = written(given, 'v3');
  expect(old.fields).toEqual(v3);
  expect(old.said).toHaveLength(misfits.length);
  for (const [index, pattern] of misfits.entries()) expect(old.said[index]).toMatch(pattern);
  expect(written(given, 'v4')).toEqual({ fields: v4, said: [] });
  expect(needsV4(new Map(Object.entries(given)), plainForm)).toBe(needs);
});

it.each<[version: ApiVersion, type: string, left: readonly string[]]>([
  ['v3', 'raw', ['inputDatasets', 'usedSoftware']],
  ['v3', 'derived', ['endTime', 'creationLocation', 'dataFormat']],
  ['v4', 'raw', []],
])('what %s of SciCat does not take of a %s dataset is left out, and that is said', (version, type, left) => {
  const given = {
    type,
    inputDatasets: ['a'],
    usedSoftware: ['b'],
    endTime: '2024-01-01T00:00:00Z',
    creationLocation: 'x',
    dataFormat: 'x',
  };
  const { fields, said } = written(given, version);
  expect(Object.keys(given).filter((name) => !(name in fields))).toEqual(left);
  expect(said).toEqual(left.map((name) => expect.stringMatching(new RegExp(`^SciCat \\w+ ${name} in .+; it is left out\\.$`)) as string)); // prettier-ignore
});

it.each([
  [{ proposalId: 'p' }, 'v3'],
  [{ proposalIds: ['p'] }, 'v4'],
  [{ principalInvestigators: [] }, 'v4'],
  [{}, 'v3'],
])('%j is of %s', (dataset, version) => {
  expect(versionOfDataset(dataset)).toBe(version);
});

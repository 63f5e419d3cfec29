import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { parseByContent } from '../../../../core/imsc/tree/parse.ts';
import { plainJson } from '../../../../core/imsc/values/jsonText.ts';
import { integer, none } from '../../../../core/imsc/values/values.ts';
import { buildDataset } from '../../../../core/ingest/dataset/dataset.ts';
import type { Dataset } from '../../../../core/ingest/dataset/dataset.ts';
import {
  givenCandidates,
  layers,
  mergeCandidates,
  overruledBy,
  strongest,
} from '../../../../core/ingest/dataset/given.ts';
import type { Candidate, Candidates, Given, GivenField } from '../../../../core/ingest/dataset/given.ts';
import type { JsonValue } from '../../../../core/scicat/json.ts';

const schemaText = `id: s
name: S
instrument: i
selector: "*"
order: 1
variables:
  temperature: { source: VALUE, value: "300.0", value_type: float, unit: K }
  unread: { source: NXS, path: /entry/title, value_type: string }
schema:
  name: { field_type: high_level, machine_name: datasetName, value: By the schema, type: string }
  owner: { field_type: high_level, machine_name: owner, value: <unread>, type: string }
  t: { field_type: scientific_metadata, machine_name: temperature, human_name: Temperature, value: <temperature>, type: float, unit: K }
`;

async function built(given: Given, more: { config?: object; withoutFile?: boolean } = {}): Promise<Dataset> {
  const evaluation = await evaluate(bindSchema(parseByContent(schemaText)), {
    data: { unavailable: 'no file' },
    catalogue: { unavailable: 'no SciCat' },
    builtIns: {},
  });
  const { config } = loadConfig({ env: {}, overrides: { 'dataset.default_owner_group': 'curators', ...more.config } });
  const { withoutFile } = more;
  return buildDataset(evaluation, config, [], () => 'made', { given, withoutFile, schemaFile: '/s.imsc.yml' });
}

const plain = (dataset: Dataset): Record<string, unknown> =>
  Object.fromEntries([...dataset.fields].map(([name, value]) => [name, plainJson(value)]));
const user = (field: string, value: JsonValue, more: Partial<GivenField> = {}): GivenField => ({
  field,
  value,
  from: 'user',
  ...more,
});
const atom = (field: string, value: JsonValue, more: Partial<GivenField> = {}): GivenField => ({
  field,
  value,
  from: `atom:${field}`,
  ...more,
});

describe('what is given of a dataset', () => {
  it('stands above the schema, and what a person types above what was deposited; each says where it is from', async () => {
    const dataset = await built({
      deposited: [atom('datasetName', 'Deposited'), atom('description', 'Some data'), atom('ownerGroup', 'g1')],
      user: [user('datasetName', 'Typed', { place: { file: '/m.yml', line: 3, range: { start: 20, end: 25 } } })],
    });
    expect(plain(dataset)).toMatchObject({ datasetName: 'Typed', description: 'Some data', ownerGroup: 'g1' });
    expect(dataset.provenance).toMatchObject({
      datasetName: { layer: 'user', from: 'user', place: { file: '/m.yml', line: 3 } },
      description: { layer: 'deposited', from: 'atom:description' },
      'scientificMetadata.temperature': {
        layer: 'schema',
        from: 'schema line 12',
        place: { file: '/s.imsc.yml', line: 12 },
      },
      instrumentId: { layer: 'configuration', from: 'dataset.default_instrument_id' },
      isPublished: { layer: 'ingestor' },
    });
    expect(dataset.conflicts).toEqual([
      {
        field: 'datasetName',
        taken: expect.objectContaining({ value: 'Typed', from: 'user' }) as unknown,
        overruled: [
          expect.objectContaining({ value: 'By the schema', from: 'schema line 10' }) as unknown,
          expect.objectContaining({ value: 'Deposited', from: 'atom:datasetName' }) as unknown,
        ],
      },
    ]);
    expect(JSON.parse(JSON.stringify([dataset.provenance, dataset.conflicts]))).toEqual([
      dataset.provenance,
      dataset.conflicts,
    ]);
  });

  it('fills mandatory fields before they are judged', async () => {
    expect((await built({})).missing).toContain('owner');
    const dataset = await built({ user: [user('owner', 'Ada')] });
    expect(dataset.missing).not.toContain('owner');
    expect(dataset.problems.map(({ message }) => message).join()).not.toContain('has no owner,');
  });

  it('yields where it says so: to the schema, not to a default', async () => {
    const preset = { yields: true };
    const dataset = await built({
      user: [user('datasetName', 'raw', preset), user('ownerGroup', 'preset', preset), user('owner', 'User', preset)],
    });
    expect(plain(dataset)).toMatchObject({ datasetName: 'By the schema', ownerGroup: 'preset', owner: 'User' });
    expect(dataset.conflicts).toEqual([]);
  });

  it('is nothing where it is null', async () => {
    const dataset = await built({ user: [user('datasetName', null), user('scientificMetadata.temperature', null)] });
    expect(plain(dataset)).toEqual(plain(await built({})));
  });

  it.each<[given: JsonValue, item: object]>([
    [295, { value: 295, type: 'float', human_name: 'Temperature', unit: 'K' }],
    [
      { value: 21.5, unit: '°C' },
      { value: 21.5, type: 'float', human_name: 'Temperature', unit: '°C' },
    ],
    ['cold', { value: 'cold', type: 'string', human_name: 'Temperature', unit: 'K' }],
    [[1, 2], { value: [1, 2], type: 'integer[]', human_name: 'Temperature', unit: 'K' }],
    [
      { low: 1, high: { value: 2, unit: 'K' } },
      { low: 1, high: { value: 2, unit: 'K' } },
    ],
  ])('makes an item of the metadata of %j', async (given, item) => {
    const dataset = await built({ user: [user('scientificMetadata.temperature', given)] });
    expect(plain(dataset)['scientificMetadata']).toEqual({ temperature: item });
  });

  it('takes the metadata as one object, and the names of v4', async () => {
    const dataset = await built({
      deposited: [atom('scientificMetadata', { a: 1, b: { value: 'x', unit: 'm' } }), atom('proposalIds', ['1', '2'])],
    });
    expect(plain(dataset)).toMatchObject({
      proposalId: ['1', '2'],
      scientificMetadata: { temperature: {}, a: { value: 1 }, b: { value: 'x', unit: 'm' } },
    });
    expect(Object.keys(dataset.provenance)).toContain('scientificMetadata.b');
  });

  it.each<[field: string, value: JsonValue, code: string, said: RegExp]>([
    ['datasetNmae', 'x', 'given-field', /Did you mean datasetName\?.*Given by user/],
    ['size', 3, 'given-field', /size is filled by the ingestor/],
    ['isPublished', true, 'given-field', /filled by the ingestor/],
    ['version', '1', 'given-field', /filled by SciCat/],
    ['scientificMetadata', [1], 'given-field', /object of its items/],
    ['scientificMetadata.', 1, 'given-field', /needs a name/],
    ['scientificMetadata.t', { value: 1, unit: 3 }, 'given-field', /unit must be a text/],
    ['scientificMetadata.t', { value: null, unit: 'K' }, 'given-field', /has no value/],
    ['scientificMetadata.a.b', 1, 'given-key', /^scientificMetadata\/a\.b: a key may not hold “\.”/],
    ['scientificMetadata.a', { b: [{ c$: 1 }] }, 'given-key', /^scientificMetadata\/a\/b\/0\/c\$: .*“\$”/],
    ['relationships', [{ 'x<y>': 1 }], 'given-key', /^relationships\/0\/x<y>/],
    ['scientificMetadata', { 'a[0]': 1 }, 'given-key', /^scientificMetadata\/a\[0\]/],
    ['scientificMetadata.constructor', 1, 'given-key', /^scientificMetadata\/constructor: a key may not be called/],
    ['scientificMetadata.a', JSON.parse('{"__proto__":1}'), 'given-key', /^scientificMetadata\/a\/__proto__: /],
    ['ownerEmail', 'nobody', 'scicat-refuses', /ownerEmail must be .*Given by user/],
  ])('is refused: %s: %j', async (field, value, code, said) => {
    const dataset = await built({ user: [user(field, value)] });
    expect(dataset.givenProblems.map((found) => found.code)).toEqual([code]);
    expect(dataset.givenProblems[0]?.message).toMatch(said);
  });

  it('leads what is refused back to where it was written', async () => {
    const place = { file: '/m.yml', line: 2, range: { start: 5, end: 9 } };
    const { givenProblems } = await built({ user: [user('ownerEmail', 'nobody', { place })] });
    expect(givenProblems).toMatchObject([{ code: 'scicat-refuses', file: '/m.yml', range: { start: 5, end: 9 } }]);
    expect(givenProblems[0]?.message).not.toContain('Given by');
  });

  it('may say that it is not published, which every dataset is at first', async () => {
    expect((await built({ user: [user('isPublished', false)] })).givenProblems).toEqual([]);
  });

  it('gives the pid where one may be given, also where one would be made', async () => {
    const pid = [user('pid', 'p/1')];
    const generates = { 'dataset.generate_dataset_pid': true };
    expect(plain(await built({ user: pid }, { config: generates }))['pid']).toBe('p/1');
    expect(plain(await built({}, { config: generates }))['pid']).toBe('made');
    const refused = await built({ user: pid }, { config: { 'dataset.allow_dataset_pid': false } });
    expect(refused.fields.has('pid')).toBe(false);
    expect(refused.givenProblems).toMatchObject([{ code: 'pid-not-allowed' }]);
  });

  it('does not hang on what is nested without end', async () => {
    let value: JsonValue = 1;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect((await built({ user: [user('scientificMetadata.deep', value)] })).givenProblems).toMatchObject([
      { code: 'given-key' },
    ]);
  });
});

describe('candidates', () => {
  // Only a schema makes null of a field.
  const candidate = fc
    .record({
      value: fc.integer({ min: -1, max: 3 }),
      layer: fc.constantFrom(...layers.filter((layer) => layer !== 'ingestor')),
      from: fc.string(),
    })
    .map(({ value, layer, from }): Candidate => {
      return { value: value < 0 && layer === 'schema' ? none : integer(value), origin: { layer, from } };
    });
  const candidates = fc
    .dictionary(fc.constantFrom('owner', 'datasetName', 'scientificMetadata.t'), fc.array(candidate, { maxLength: 4 }))
    .map((all): Candidates => mergeCandidates(new Map(Object.entries(all))));
  const entries = (all: Candidates): object => Object.fromEntries(all);

  it('are put together in any grouping to the same', () => {
    fc.assert(
      fc.property(candidates, candidates, candidates, (a, b, c) => {
        const left = mergeCandidates(mergeCandidates(a, b), c);
        expect(entries(left)).toEqual(entries(mergeCandidates(a, mergeCandidates(b, c))));
        expect(entries(left)).toEqual(entries(mergeCandidates(a, b, c)));
        expect(entries(mergeCandidates(a, new Map()))).toEqual(entries(a));
      }),
    );
  });

  it('lose no value and no origin: each is taken, overruled, weaker by its nature, or says the same', () => {
    fc.assert(
      fc.property(candidates, candidates, (a, b) => {
        const merged = mergeCandidates(a, b);
        for (const [field, all] of merged) {
          expect(new Set(all)).toEqual(new Set([...(a.get(field) ?? []), ...(b.get(field) ?? [])]));
          const taken = strongest(all);
          if (!taken) continue;
          expect(all).toContain(taken);
          const overruled = overruledBy(taken, all);
          for (const other of all.filter(({ origin }) => origin.layer === 'deposited' || origin.layer === 'user')) {
            const isSame = plainJson(other.value) === plainJson(taken.value);
            expect(isSame || overruled.includes(other)).toBe(true);
          }
        }
      }),
    );
  });

  it('of given fields are of fields that there are, and what is given otherwise is told', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    const field = fc.oneof(
      fc.string(),
      fc.constantFrom('owner', 'size', 'scientificMetadata.a', 'scientificMetadata.a.b', '__proto__', 'proposalIds'),
    );
    const given = fc.array(fc.record({ field, value: json, from: fc.string() }), { maxLength: 5 });
    fc.assert(
      fc.property(given, given, (deposited, typed) => {
        const found = givenCandidates({ deposited, user: typed }, () => integer(1));
        const fields = [...deposited, ...typed].filter(({ value }) => value !== null);
        // Each is either taken or told of.
        expect([...found.candidates.values()].flat().length + found.problems.length).toBe(fields.length);
        for (const name of found.candidates.keys())
          expect(name).toMatch(/^[A-Za-z]+$|^scientificMetadata\.[^.[\]$<>]+$/);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import type { Dataset } from '../../../../core/ingest/dataset/dataset.ts';
import { alreadyPresent, findExisting } from '../../../../core/ingest/dataset/existing.ts';
import type { Existing } from '../../../../core/ingest/dataset/existing.ts';
import { forCatalogue } from '../../../../core/ingest/dataset/forCatalogue.ts';
import { dict, list, string } from '../../../../core/imsc/values/values.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';
import { createScicatClient } from '../../../../core/scicat/client.ts';
import type { DatasetExistence, ScicatClient } from '../../../../core/scicat/client.ts';
import { ScicatError } from '../../../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../../../core/scicat/errors.ts';

const unused = createScicatClient({
  baseUrl: 'https://scicat.example/api/v3',
  fetch: () => Promise.reject(new Error('not to be used')),
});
const datasetOf = (fields: Record<string, Value>): Dataset => {
  const nothing = { missing: [], incomplete: false, problems: [], provenance: {}, conflicts: [], givenProblems: [] };
  return { fields: new Map(Object.entries(fields)), ...nothing };
};
const dataset = datasetOf({
  pid: string('p'),
  scientificMetadata: dict([[string('job_id'), dict([[string('value'), string('7')]])]]),
});
const config = (byPid: boolean, byMetadata: boolean) =>
  loadConfig({
    overrides: {
      'ingestion.check_if_dataset_exists_by_pid': byPid,
      'ingestion.check_if_dataset_exists_by_metadata': byMetadata,
      'ingestion.check_if_dataset_exists_by_metadata_key': 'job_id',
    },
  }).config;

function clientWith(byPid: DatasetExistence | Error, byMetadata: readonly { pid: string | undefined }[] | Error = []) {
  const asked: string[] = [];
  const answer = <T>(question: string, said: T | Error): Promise<T> => {
    asked.push(question);
    return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
  };
  const client: ScicatClient = {
    ...unused,
    datasetExists: (pid) => answer(pid, byPid),
    findDatasetsByMetadata: (key, text) => answer(`${key}=${text}`, byMetadata),
  };
  return { client, asked };
}

describe('whether a dataset is there already', () => {
  const found = { pid: 'q', foundBy: 'metadata', readable: true };
  it.each([
    ['by both, and is there', true, true, 'exists', { pid: 'p', foundBy: 'pid', readable: true }, ['p'], false],
    [
      'by its pid, and belongs to others',
      true,
      false,
      'exists-unreadable',
      { pid: 'p', foundBy: 'pid', readable: false },
      ['p'],
      false,
    ],
    ['by both, and is not there', true, true, 'absent', found, ['p', 'job_id="7"'], false],
    ['by its pid, and is not there', true, false, 'absent', undefined, ['p'], true],
    ['by its metadata', false, true, 'exists', found, ['job_id="7"'], false],
    ['by nothing', false, false, 'exists', undefined, [], false],
  ] as const)('is looked up %s', async (_title, byPid, byMetadata, existence, existing, questions, pidIsFree) => {
    const { client, asked } = clientWith(existence, [{ pid: 'q' }, { pid: 'r' }]);
    const result = await findExisting(dataset, config(byPid, byMetadata), client);
    expect(result).toEqual({ existing, problems: [], pidIsFree });
    expect(asked).toEqual(questions);
  });

  it('is asked for both ways where neither knows it, and its pid is free then', async () => {
    const { client, asked } = clientWith('absent', []);
    expect(await findExisting(dataset, config(true, true), client)).toEqual({
      existing: undefined,
      problems: [],
      pidIsFree: true,
    });
    expect(asked).toEqual(['p', 'job_id="7"']);
  });

  it.each<[string, Record<string, Value>]>([
    ['no metadata', { pid: string('p') }],
    ['no such item', { scientificMetadata: dict([[string('other'), dict([[string('value'), string('7')]])]]) }],
    ['an item without a value', { scientificMetadata: dict([[string('job_id'), dict([])]]) }],
    [
      'an item that is none',
      { scientificMetadata: dict([[string('job_id'), dict([[string('value'), { kind: 'none' }]])]]) },
    ],
  ])('is not asked for with %s', async (_title, fields) => {
    const { client, asked } = clientWith('absent', [{ pid: 'q' }]);
    expect((await findExisting(datasetOf(fields), config(false, true), client)).existing).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each<[string, Value]>([
    ['an empty text', string('')],
    ['blanks', string(' \u00a0')],
    ['an empty list', list([])],
    ['nothing in it', dict([])],
  ])('is not asked for with %s, which datasets of other files may have, too', async (_title, value) => {
    const { client, asked } = clientWith('absent', [{ pid: 'q' }]);
    const fields = { scientificMetadata: dict([[string('job_id'), dict([[string('value'), value]])]]) };
    const { existing, problems } = await findExisting(datasetOf(fields), config(false, true), client);
    expect([existing, asked]).toEqual([undefined, []]);
    expect(problems).toMatchObject([{ code: 'existence-unknown', severity: 'warning' }]);
    expect(problems[0]?.message).toContain('job_id is empty');
  });

  const ends: Record<ScicatErrorKind, boolean> = {
    cancelled: true,
    unreachable: true,
    timeout: true,
    unauthorized: true,
    'session-expired': true,
    forbidden: false,
    'not-found': false,
    conflict: false,
    invalid: false,
    'too-large': false,
    'rate-limited': false,
    server: false,
    moved: false,
    'bad-answer': false,
    'endless-answer': false,
  };
  it.each(Object.entries(ends))('is left open by %s, or ends the ingestion: %j', async (name, isEnd) => {
    const kind = Object.keys(ends).find((each): each is ScicatErrorKind => each === name) ?? 'server';
    for (const config_ of [config(true, false), config(false, true)]) {
      const error = new ScicatError(kind, 'Something is wrong.');
      const result = findExisting(dataset, config_, clientWith(error, error).client);
      if (isEnd) await expect(result).rejects.toBe(error);
      else {
        const { existing, problems, pidIsFree } = await result;
        expect([existing, pidIsFree]).toEqual([undefined, false]);
        expect(problems).toMatchObject([{ code: 'existence-unknown' }]);
        expect(problems[0]?.message).toMatch(/this (?:pid|job_id in its metadata) already .*: Something is wrong\./);
      }
    }
  });

  it('is no where SciCat knows no such address, and a bug is no answer', async () => {
    const gone = clientWith(new ScicatError('not-found', '', { status: 404 })).client;
    expect(await findExisting(dataset, config(true, false), gone)).toEqual({
      existing: undefined,
      problems: [],
      pidIsFree: false,
    });
    const bug = new TypeError('bug');
    await expect(findExisting(dataset, config(true, false), clientWith(bug).client)).rejects.toBe(bug);
  });

  it.each<[Existing, boolean, string]>([
    [
      { pid: 'p', foundBy: 'pid', readable: true },
      true,
      'The dataset p is already in SciCat (found by its pid); nothing was sent.',
    ],
    [
      { pid: undefined, foundBy: 'metadata', readable: true },
      true,
      'The dataset is already in SciCat (found by its metadata); nothing was sent.',
    ],
    [
      { pid: 'p', foundBy: 'pid', readable: true },
      false,
      'nothing was sent. This account cannot see its files, so it is not known whether they are all there.',
    ],
    [
      { pid: 'p', foundBy: 'pid', readable: false },
      false,
      'nothing was sent. It belongs to a group that this account cannot read.',
    ],
  ])('is told: %j', (existing, isLookedThrough, says) => {
    const { code, message } = alreadyPresent(existing, isLookedThrough);
    expect(code).toBe('already-present');
    expect(message.endsWith(says)).toBe(true);
  });
});

describe('what is sent to a SciCat that nobody can ask', () => {
  const several = datasetOf({ type: string('raw'), sampleId: list([string('a'), string('b')]) });
  const one = datasetOf({ type: string('derived'), principalInvestigator: string('A') });
  it.each([
    ['v3', several, 'v3', 'raw', ['sampleId']],
    ['v4', several, 'v4', 'v4', []],
    ['auto', several, 'v4', 'v4', []],
    ['v3', one, 'v3', 'derived', []],
    ['v4', one, 'v4', 'v4', []],
    ['auto', one, 'v3', 'derived', []],
  ] as const)('with %s', async (apiVersion, given, version, kind, misfits) => {
    const sent = await forCatalogue(given, undefined, apiVersion);
    expect([sent.version, sent.kind, sent.misfits.map(({ field }) => field)]).toEqual([version, kind, misfits]);
    const asked: boolean[] = [];
    const client: ScicatClient = { ...unused, datasetVersion: (needs) => (asked.push(needs), Promise.resolve('v3')) };
    expect((await forCatalogue(given, client, apiVersion)).version).toBe('v3');
    expect(asked).toEqual([given === several]);
  });
});

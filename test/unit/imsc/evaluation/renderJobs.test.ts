import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import { renderJobs } from '../../../../core/imsc/evaluation/renderJobs.ts';
import type { JobOutcome } from '../../../../core/imsc/evaluation/renderJobs.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { plainJson } from '../../../../core/imsc/values/jsonText.ts';
import { archiveJobBody } from '../../../../core/scicat/archiveJob.ts';
import { inNotation, notations } from '../../../support/markers.ts';

const schema = (job: string): string =>
  `variables:\n  pid: {source: VALUE, value: local, value_type: string}\n  group: {source: VALUE, value: '443604', value_type: string}\n  runs: {source: VALUE, value: ['1', '2'], value_type: 'integer[]'}\n  gone: {source: NXS, path: /gone, value_type: string}\njobs:\n  archive: {${job}}\n`;

const whole =
  "type: archive, job_params: {'copies of <group>': 2, runs: <runs>, datasetList: [{pid: <pid>, files: []}]}, owner_user: ingestor, owner_group: <group>, contact_email: a@example.org";
const bare =
  'type: archive, job_params: {copies: 2}, owner_user: ingestor, owner_group: <group>, contact_email: a@example.org';

async function outcomesOf(job: string, notation: (typeof notations)[number]): Promise<readonly JobOutcome[]> {
  const bound = bindSchema(parseTree(inNotation(schema(job), notation), notation));
  const none = { unavailable: 'There is none.' };
  return renderJobs(await evaluate(bound, { data: none, catalogue: none, builtIns: {} }), '20.500.12269/final');
}

async function bodyOf(job: string, notation: (typeof notations)[number], version: 'v3' | 'v4'): Promise<unknown> {
  const [outcome] = await outcomesOf(job, notation);
  if (outcome?.state !== 'known') throw new Error(outcome?.message ?? 'no job');
  const { parameters, ...others } = outcome.job;
  const plain = plainJson(parameters);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) throw new Error('no parameters');
  return archiveJobBody(
    { ...others, parameters: Object.fromEntries(Object.entries(plain)) },
    version,
    '20.500.12269/final',
  );
}

describe.each(notations)('jobs of a schema in %s', (notation) => {
  it('are filled in with the pid that the dataset has in SciCat, as v4 takes them', async () => {
    expect(await bodyOf(whole, notation, 'v4')).toEqual({
      type: 'archive',
      jobParams: {
        'copies of 443604': '2',
        runs: [1, 2],
        datasetList: [{ pid: '20.500.12269/final', files: [] }],
      },
      ownerUser: 'ingestor',
      ownerGroup: '443604',
      contactEmail: 'a@example.org',
    });
  });

  it('have their datasets beside the parameters in v3', async () => {
    expect(await bodyOf(whole, notation, 'v3')).toEqual({
      type: 'archive',
      datasetList: [{ pid: '20.500.12269/final', files: [] }],
      jobParams: { 'copies of 443604': '2', runs: [1, 2], username: 'ingestor', ownerGroup: '443604' },
      emailJobInitiator: 'a@example.org',
    });
  });

  it('are about the whole dataset in v3 if they name none', async () => {
    expect(await bodyOf(bare, notation, 'v3')).toMatchObject({
      datasetList: [{ pid: '20.500.12269/final', files: [] }],
      jobParams: { copies: '2' },
    });
  });

  it('have nothing where the schema says nothing', async () => {
    expect(await outcomesOf('type: archive, owner_group: <group>', notation)).toMatchObject([
      { state: 'known', name: 'archive', job: { type: 'archive', ownerGroup: '443604', ownerUser: '' } },
    ]);
  });

  it('fail alone, with a reason, where a variable has no value', async () => {
    const [outcome] = await outcomesOf(bare.replace('ingestor', '<gone>'), notation);
    expect(outcome).toMatchObject({ state: 'failed', name: 'archive' });
    expect(outcome?.state === 'failed' && outcome.message).toContain('<gone>');
  });
});

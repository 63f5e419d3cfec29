import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { usualJobTypes } from '../../sandbox/jobTypes.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { imsc, startImsc } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');
/** Then the dataset has the pid that SciCat gives it. */
const withoutPid = ['--dataset.allow-dataset-pid=false'];
const job = (type: string, more = ''): string =>
  `{type: ${type}, job_params: {'copies of <pid>': 2, team: <team_members>, datasetList: [{pid: <pid>, files: []}]}, owner_user: <job_owner>, owner_group: <instrument_group>, contact_email: a@example.org${more}}`;
const schemaWith = (jobs: string): string =>
  `${coda.replace(/^variables:\n/m, 'variables:\n  job_owner: {source: VALUE, value: ingestor, value_type: string}\n')}\njobs:\n${jobs}\n`;
const archive = `  to tape: ${job('archive')}`;

let root: string;
let sandbox: Sandbox;
let file: string;
const env = () => ({ SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') });
const run = (...args: readonly string[]) => imsc(args, env(), samples);
const withSchema = (verb: string, schema: string, notation: (typeof notations)[number], ...more: readonly string[]) => {
  const schemaFile = path.join(root, fileName('coda', notation));
  writeFileSync(schemaFile, inNotation(schema, notation));
  const of = ['-c', 'config.yml', '--nexus-file', file, '--schema', schemaFile, '--scicat.host', sandbox.baseUrl];
  return [verb, ...of, ...more];
};

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'imsc-archive-'));
  cpSync(path.join(samples, 'data/coda'), path.join(root, 'coda'), { recursive: true });
  file = path.join(root, 'coda/2025/443604/raw/443604_00001017.nxs');
  sandbox = await startSandbox({ jobs: usualJobTypes });
});
afterEach(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

const stepsOf = async (id: string): Promise<unknown> =>
  (JSON.parse((await run('jobs', 'show', id, '--json')).stdout) as { readonly steps: unknown }).steps;

describe.each(notations)('jobs that a schema in %s asks SciCat for', (notation) => {
  it.each([
    ['v3', []],
    ['v4', []],
    ['v3', withoutPid],
  ] as const)('are there with the pid of the dataset, by %s', async (version, more) => {
    const args = withSchema(
      'ingest',
      schemaWith(archive),
      notation,
      '--scicat.api-version',
      version,
      '--json',
      ...more,
    );
    const { code, stdout } = await run(...args);
    const { pid } = JSON.parse(stdout) as { readonly pid: string };
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(sandbox.documents('jobs')).toMatchObject([
      {
        type: 'archive',
        ownerUser: 'ingestor',
        ownerGroup: 'coda',
        contactEmail: 'a@example.org',
        jobParams: {
          [`copies of ${pid}`]: '2',
          team: ['Maren Solberg', 'Šárka Nováčková'],
          datasetList: [{ pid, files: [] }],
        },
      },
    ]);
    expect(sandbox.documents('datasets').map((dataset) => dataset['pid'])).toEqual([pid]);
  });

  it('are shown by a dry run, and not sent', async () => {
    const { stdout } = await run(...withSchema('dry-run', schemaWith(archive), notation, '--json', ...withoutPid));
    const { requests } = JSON.parse(stdout) as { readonly requests: readonly { url: string; body: unknown }[] };
    expect(requests.at(-1)).toMatchObject({
      url: `${sandbox.baseUrl}/jobs`,
      body: { type: 'archive', datasetList: [{ pid: '<pid>', files: [] }] },
    });
    const page = await run(...withSchema('dry-run', schemaWith(archive), notation));
    expect(page.stdout).toContain(`POST ${sandbox.baseUrl}/jobs  job “to tape” of type archive\n`);
    expect(sandbox.documents('jobs')).toEqual([]);
  });

  it('fail alone: those that SciCat does not take, or that have a value that is not known', async () => {
    const gone = `  to nobody: ${job('archive').replace('<job_owner>', '<nobody_said>')}`;
    const schema = schemaWith(`  unheard of: ${job('burn')}\n${archive}\n${gone}`).replace(
      /^variables:\n/m,
      'variables:\n  nobody_said: {source: NXS, path: /nowhere, value_type: string}\n',
    );
    const { code, stdout, stderr } = await run(...withSchema('ingest', schema, notation));
    expect(code).toBe(0);
    expect(stdout).toContain('Ingested as');
    const line =
      inNotation(schema, notation)
        .split('\n')
        .findIndex((each) => /^ +"?unheard of"?:/.test(each)) + 1;
    expect(line).toBeGreaterThan(1);
    expect(stderr).toMatch(
      new RegExp(`coda\\.imsc\\.\\w+:${line}:\\d+: warning: .*“unheard of”.*Invalid job type: burn`),
    );
    expect(stderr).toMatch(/coda\.imsc\.\w+:\d+:\d+.*“to nobody” will not be asked for.*<nobody_said>/);
    expect(sandbox.documents('jobs').map(({ type }) => type)).toEqual(['archive']);
    expect(await stepsOf('1')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'archive-job:unheard of', state: 'planned' }),
        expect.objectContaining({ name: 'archive-job:to tape', state: 'done' }),
      ]),
    );
    const again = await run('jobs', 'send', '1');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('Invalid job type: burn');
    expect(sandbox.documents('jobs')).toHaveLength(1);
  });

  it('are asked for again, once', async () => {
    sandbox.faults.add({ kind: 'error-before', method: 'POST', path: '/jobs', times: 2 });
    const args = withSchema('ingest', schemaWith(archive), notation, '--scicat.max-tries', '2');
    const { code, stderr } = await run(...args);
    expect(code).toBe(0);
    expect(stderr).toContain('imsc jobs send 1');
    expect(sandbox.documents('jobs')).toEqual([]);
    for (const attempt of [1, 2]) expect({ attempt, ...(await run('jobs', 'send', '1')) }).toMatchObject({ code: 0 });
    expect(sandbox.documents('jobs')).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('are there once, killed %s the answer to it', async (when) => {
    const proxy = await startKillingProxy(sandbox.baseUrl);
    try {
      const args = withSchema('ingest', schemaWith(archive), notation);
      const killed = startImsc([...args.slice(0, -1), proxy.host], env(), samples);
      proxy.arm({ write: 2, when }, () => killed.child.kill('SIGKILL'));
      await killed.finished;
      proxy.arm(undefined, () => undefined);
      expect((await run('resume', '-c', 'config.yml')).code).toBe(0);
    } finally {
      await proxy.close();
    }
    expect(sandbox.documents('jobs')).toHaveLength(1);
    expect(sandbox.documents('origdatablocks')).toHaveLength(1);
  });
});

it('an ingestion without jobs has none to send', async () => {
  expect((await run(...withSchema('ingest', coda, 'yaml'))).code).toBe(0);
  const { code, stderr } = await run('jobs', 'send', '1');
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stderr).toContain('asks SciCat for no jobs');
});

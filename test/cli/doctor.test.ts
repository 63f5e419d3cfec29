import { existsSync, mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { PostgresStore } from '../../core/jobs/store/postgres/postgresStore.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { startPostgres } from '../../scripts/postgres.mjs';
import { imsc } from './imsc.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-doctor-'));
const config = path.join(folder, 'config.yml');
const broken = path.join(folder, 'broken.yml');
const sound = 'id: a\nname: a\ninstrument: all\nselector: "*"\norder: 1\nvariables: {}\nschema: {}\n';
let sandbox: Sandbox;
/** Refuses whatever it is asked. */
const refusing = createServer((request, response) => {
  const body = request.url?.includes('whoami') === true ? { username: 'x', currentGroups: [] } : { message: 'Forbidden resource', statusCode: 403 }; // prettier-ignore
  response.writeHead('username' in body ? 200 : 403, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});

beforeAll(async () => {
  mkdirSync(path.join(folder, 'schemas'));
  mkdirSync(path.join(folder, 'half'));
  mkdirSync(path.join(folder, 'none'));
  writeFileSync(path.join(folder, 'schemas', 'a.imsc.yml'), sound);
  writeFileSync(path.join(folder, 'half', 'a.imsc.yml'), sound);
  writeFileSync(path.join(folder, 'half', 'b.imsc.yml'), 'id: b\nvariables: 1\n');
  sandbox = await startSandbox();
  const dataset =
    '{default_owner_group: "443503", default_instrument_id: null, default_proposal_id: null, default_access_groups: null}';
  writeFileSync(
    config,
    `scicat: {host: "${sandbox.baseUrl}"}\ningestion: {schemas_directory: schemas}\ndataset: ${dataset}\n`,
  );
  writeFileSync(broken, `scicat: {host: "${sandbox.baseUrl}", timeout: long}\n`);
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await sandbox.close();
  refusing.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly checks: readonly { readonly name: string; readonly state: string; readonly message: string }[];
  readonly problems: readonly { readonly code: string }[];
}

async function doctor(
  args: readonly string[],
  token: string,
  store = path.join(folder, 'journal'),
): Promise<{ code: number | null; states: Record<string, string>; said: string; report: Report }> {
  // prettier-ignore
  const { code, stdout } = await imsc(['doctor', '--json', ...args], { SCICAT_TOKEN: token, IMSC_JOURNAL_DIR: store }, folder);
  const report = JSON.parse(stdout) as Report;
  const states = Object.fromEntries(report.checks.map(({ name, state }) => [name, state]));
  return { code, states, said: report.checks.map(({ message }) => message).join('\n'), report };
}

const all = { configuration: 'works', SciCat: 'works', token: 'works', groups: 'works', proposals: 'works', schemas: 'works', jobs: 'works' }; // prettier-ignore

describe('imsc doctor', () => {
  it('says of each thing that it works, a line each', async () => {
    const { code, stdout, stderr } = await imsc(['doctor', '-c', config], { SCICAT_TOKEN: sandbox.tokenOf('with-pid'), IMSC_JOURNAL_DIR: path.join(folder, 'journal') }, folder); // prettier-ignore
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    for (const line of lines)
      expect(line).toMatch(/^works {6}(configuration|SciCat|token|groups|proposals|schemas|jobs) /);
    expect(stdout).toMatch(/It is that of with-pid <with-pid@sandbox\.example>, in 443503, until 20\d\d-/);
    expect(stdout).toContain('with-pid is in 443503, the configured owner group.');
    expect(stdout).toContain('They can be read, e.g. 443503.');
    expect(stdout).toContain(`They are kept in ${path.join(folder, 'journal')}, which is made with the first one.`);
    expect(existsSync(path.join(folder, 'journal'))).toBe(false);
    expect(stdout).not.toContain(sandbox.token);
  });

  // What is wrong, the states that are not `works`, the exit code, and a piece of the way out.
  const cases: readonly (readonly [what: string, args: () => string[], token: () => string, states: object, code: number, said: string])[] = [ // prettier-ignore
    ['no token', () => ['-c', config], () => '', { token: 'fails', groups: 'unknown', proposals: 'unknown' }, 1, 'imsc login'],
    ['a token of nobody', () => ['-c', config], () => 'nobody', { token: 'fails', groups: 'unknown', proposals: 'unknown' }, 1, 'Sign in again'],
    ['a token that has ended', () => ['-c', config], () => sandbox.tokenOf('user', -60), { token: 'fails', groups: 'unknown', proposals: 'unknown' }, 1, 'It has expired at 20'],
    ['another owner group', () => ['-c', config], () => sandbox.token, { groups: 'unknown' }, 0, 'ingestor is not in 443503'],
    ['no owner group', () => ['-c', config, '--dataset.default-owner-group', 'null'], () => sandbox.token, { groups: 'unknown' }, 0, ''],
    ['no proposals to be seen', () => ['-c', config], () => sandbox.tokenOf('privileged'), { groups: 'unknown', proposals: 'unknown' }, 0, 'this account may read none'],
    ['proposals refused', () => ['-c', config, '--scicat.host', `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/api/v3`], () => 'x', { groups: 'unknown', proposals: 'fails' }, 1, 'Forbidden resource'],
    ['no SciCat there', () => ['-c', config, '--scicat.host', 'http://127.0.0.1:9/api/v3'], () => sandbox.token, { SciCat: 'fails', token: 'unknown', groups: 'unknown', proposals: 'unknown' }, 1, '127.0.0.1:9'],
    ['a schema that is broken', () => ['-c', config, '--ingestion.schemas-directory', 'half'], () => sandbox.tokenOf('with-pid'), { schemas: 'fails' }, 1, '1 schema of half can be used. The schema is left out'],
    ['no schemas', () => ['-c', config, '--ingestion.schemas-directory', 'none'], () => sandbox.tokenOf('with-pid'), { schemas: 'fails' }, 1, 'none holds no schema'],
    ['no folder of schemas', () => ['-c', config, '--ingestion.schemas-directory', 'gone'], () => sandbox.tokenOf('with-pid'), { schemas: 'fails' }, 1, 'it does not exist'],
    ['no configuration named', () => ['--scicat.host', sandbox.baseUrl], () => sandbox.token, { configuration: 'unknown', groups: 'unknown' }, 0, 'name one with -c'],
  ]; // prettier-ignore
  it.each(cases)('%s', async (what, args, token, states, code, said) => {
    const found = await doctor(args(), token());
    expect({ states: found.states, code: found.code }, found.said).toEqual({ states: { ...all, ...states }, code });
    expect(found.said).toContain(said);
  });

  it.each([
    ['a file', () => path.join(folder, 'broken.yml'), 'cannot be written'],
    ['a database that is not there', () => 'postgres://me@127.0.0.1:9/imsc', 'postgres://me@127.0.0.1:9/imsc, which fails: nobody answers there'], // prettier-ignore
  ])('jobs that are to be kept in %s', async (_, store, said) => {
    const found = await doctor(['-c', config], sandbox.tokenOf('with-pid'), store());
    expect({ states: found.states, code: found.code }).toEqual({ states: { ...all, jobs: 'fails' }, code: 1 });
    expect(found.said).toContain(said);
  });

  it('says how a database of jobs stands, and changes nothing in it', async ({ skip }) => {
    const postgres = await startPostgres();
    if (!postgres) return skip('PostgreSQL is not installed: apt-get install postgresql');
    try {
      const address = postgres.database('doctor');
      const jobs = async (): Promise<string> => {
        const { report, states } = await doctor(['-c', config], sandbox.tokenOf('with-pid'), address);
        expect(JSON.stringify(report)).not.toContain(postgres.password);
        const said = report.checks.find(({ name }) => name === 'jobs')?.message ?? '';
        return `${states['jobs'] ?? ''}: ${said}`;
      };
      expect(await jobs()).toMatch(/^works: They are kept in postgres:.+; its tables are made with the first one\.$/);
      expect(postgres.ask(address, `SELECT count(*) FROM pg_namespace WHERE nspname = 'imsc'`)).toBe('0');
      const store = await PostgresStore.open(address, { folder: path.join(folder, 'files') });
      await new Jobs({ store }).create({ protocol: 'test', request: { include: [], host: sandbox.baseUrl, options: { dryRun: false } } }); // prettier-ignore
      await store.close();
      expect(await jobs()).toMatch(/^works: They are kept in postgres:.+; 1 has not ended\.$/);
      postgres.ask(address, 'UPDATE imsc.store SET version = version + 1');
      expect(await jobs()).toMatch(/^fails: Those in postgres:.+ are those of a newer version of imsc/);
      postgres.ask(address, 'UPDATE imsc.store SET version = 0');
      expect(await jobs()).toMatch(/^works: .+; its tables are brought to this version by the next command\.$/);
    } finally {
      await postgres.stop();
    }
    // Where it is not installed, that comes first.
  }, 180_000);

  it('a wrong configuration leaves everything else unknown, and its problem has its place', async () => {
    const { code, states, report } = await doctor(['-c', broken], sandbox.token);
    expect(code).toBe(1);
    expect(states).toEqual({ configuration: 'fails', SciCat: 'unknown', token: 'unknown', groups: 'unknown', proposals: 'unknown', schemas: 'unknown', jobs: 'unknown' }); // prettier-ignore
    expect(report.problems).toMatchObject([{ code: 'config-value', range: { start: { line: 1 } } }]);
  });
});

import { appendFile, cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ScicatClient } from '../../core/scicat/client.ts';
import { ScicatError } from '../../core/scicat/errors.ts';
import { reportJson } from '../../core/jobs/report/report.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import { catalogued, complete, makeMeasurement, newJournal, runIngest, runResume } from './faultyIngestion.ts';
import type { RunOptions } from './faultyIngestion.ts';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function setUp(options: SandboxOptions = {}): Promise<RunOptions> {
  const sandbox = await startSandbox(options);
  const measurement = makeMeasurement(7);
  cleaning.push(() => sandbox.close(), measurement.remove);
  return {
    sandbox,
    measurement,
    journal: newJournal(measurement),
    overrides: { 'ingestion.max_files_per_block': '3' },
  };
}

/** A process that is killed at this call never hears of its end; nothing after it happens. */
class Killed extends Error {}

/** A client whose process is killed at the `nth` of these calls, before or after SciCat has heard of it. */
function killedAt(
  call: 'createDataset' | 'createOrigDatablock',
  when: 'before' | 'after',
  nth = 1,
): (client: ScicatClient) => ScicatClient {
  let count = 0;
  return (client) => ({
    ...client,
    [call]: async (body: string) => {
      count += 1;
      if (count === nth && when === 'before') throw new Killed();
      const answer = await client[call](body);
      if (count === nth) throw new Killed();
      return answer;
    },
  });
}

/** Ingests until the process is killed, and frees its locks, as its death does. */
async function interrupted(options: RunOptions, client: RunOptions['client']): Promise<void> {
  await expect(runIngest({ ...options, ...(client && { client }) })).rejects.toThrow(Killed);
  await rm(path.join(options.journal.folder, 'locks'), { recursive: true, force: true });
}

const codes = (
  run: { readonly problems: readonly { readonly code: string; readonly severity: string }[] } | undefined,
) => (run?.problems ?? []).filter(({ severity }) => severity !== 'information').map(({ code }) => code);

async function openRun({ journal }: RunOptions): Promise<string> {
  const { runs } = await journal.openRuns();
  const run = runs.find(({ header }) => header.finished === undefined);
  return run ? journal.store.filesOf(run.header.runId) : '';
}

describe('imsc ingest of a file whose ingestion was interrupted', () => {
  test.each(['before', 'after'] as const)('finishes that run, killed %s a write', async (when) => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', when, 2));
    const report = await runIngest(options);
    expect(report.outcome).toBe('ingested');
    expect(report.problems.map(({ code }) => code)).toEqual(['run-resumed']);
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
    expect((await options.journal.openRuns()).runs).toHaveLength(0);
  });

  test('reports what is sent, as it was planned', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'before', 1));
    const { runs } = await options.journal.openRuns();
    const steps = await readFile(path.join(options.journal.store.filesOf(runs[0]!.header.runId), 'plan.jsonl'), 'utf8');
    const lines = steps.split('\n').filter((line) => line.includes('"datasetJson"'));
    const { plan } = JSON.parse(lines[0] ?? '') as { plan: { datasetJson: string } };

    const report = await runIngest({ ...options, keepLists: true });
    expect(report.outcome).toBe('ingested');
    let text = '';
    for await (const piece of reportJson(report, () => undefined)) text += piece;
    const { requests, dataset } = JSON.parse(text) as { requests: { body: object }[]; dataset: object };
    const planned = JSON.parse(plan.datasetJson) as object;
    expect(requests[0]?.body).toEqual(planned);
    expect(dataset).toEqual({ ...planned, size: options.measurement.bytes, numberOfFiles: 8 });
  });

  test('leaves the run free for the next one if it is called off', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'after', 1));
    await expect(runIngest({ ...options, signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect((await runIngest(options)).outcome).toBe('ingested');
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  });

  test('says that further files named now are not those of the run', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'before', 2));
    const measurement = { ...options.measurement, moreFiles: options.measurement.moreFiles.slice(0, 2) };
    const report = await runIngest({ ...options, measurement });
    expect(codes(report)).toEqual(['run-resumed']);
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  });

  test('begins anew if SciCat surely has nothing, with the schema as it is now', async () => {
    const options = await setUp();
    const refused = await runIngest({ ...options, token: 'nobody' });
    expect(refused.outcome).toBe('failed');
    const down = (client: ScicatClient): ScicatClient => ({
      ...client,
      createDataset: () => Promise.reject(new ScicatError('unreachable', 'down', { isUnsent: true })),
    });
    expect(codes(await runIngest({ ...options, client: down }))).toEqual(['scicat']);
    const report = await runIngest({ ...options, overrides: { 'ingestion.max_files_per_block': '2' } });
    expect(codes(report)).toEqual([]);
    expect(report.outcome).toBe('ingested');
    expect(options.sandbox.documents('origdatablocks')).toHaveLength(4);
    expect(await openRun(options)).toBe('');
  });
});

describe('from a journal that does not know of the interruption', () => {
  const elsewhere = (options: RunOptions): RunOptions => ({ ...options, journal: newJournal(options.measurement) });
  /** A SciCat whose datasets were last changed so long ago. */
  const idle =
    (idleMs: number) =>
    (client: ScicatClient): ScicatClient => ({
      ...client,
      compareDataset: async (body, pid) => {
        const found = await client.compareDataset(body, pid);
        return found && { ...found, idleMs };
      },
    });

  test.each(['createDataset', 'createOrigDatablock'] as const)('says what is missing: %s', async (call) => {
    const options = await setUp();
    await interrupted(options, killedAt(call, 'after', 1));
    const before = catalogued(options.sandbox);
    const other = await runIngest(elsewhere(options));
    expect(other.outcome).toBe('failed');
    expect(codes(other)).toEqual(['dataset-incomplete']);
    expect(other.problems.map(({ message }) => message).join()).toMatch(/does not list .*(1017\.nxs|\d files)/);
    expect(catalogued(options.sandbox)).toEqual(before);
    expect((await runIngest(options)).outcome).toBe('ingested');
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
    expect((await runIngest(elsewhere(options))).outcome).toBe('already-present');
  });

  test('adds what is missing when nobody is at it any more; the other journal then finds nothing left to do', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'after', 2));
    const late = { ...elsewhere(options), client: idle(3_600_000) };
    const other = await runIngest(late);
    expect(other.outcome).toBe('ingested');
    expect(codes(other)).toEqual(['dataset-incomplete']);
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
    expect((await runResume(options))?.outcome).toBe('ingested');
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  });

  test('leaves a dataset alone that says something else', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createDataset', 'after', 1));
    const overrides = { ...options.overrides, 'ingestion.schemas_directory': await schemasWith('Another run') };
    const other = await runIngest({ ...elsewhere(options), overrides, client: idle(3_600_000) });
    expect(other.outcome).toBe('failed');
    expect(codes(other)).toEqual(['dataset-incomplete']);
    expect(catalogued(options.sandbox).files).toBe(0);
  });

  /** The schemas of the samples, of which that of CODA has another description. */
  async function schemasWith(after: string): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'imsc-schemas-'));
    cleaning.push(() => rm(folder, { recursive: true, force: true }));
    const text = await readFile(path.resolve(import.meta.dirname, '../../samples/schemas/coda.imsc.yml'), 'utf8');
    await writeFile(
      path.join(folder, 'coda.imsc.yml'),
      text.replace('Run <run_number> on', `${after} <run_number> on`),
    );
    return folder;
  }
});

describe('a list of files that SciCat refuses', () => {
  test('because it is too large is sent in pieces', async () => {
    const options = await setUp();
    const sent: number[] = [];
    const client = (inner: ScicatClient): ScicatClient => ({
      ...inner,
      createOrigDatablock: async (body) => {
        const { dataFileList } = JSON.parse(body) as { dataFileList: unknown[] };
        if (dataFileList.length > 2) throw new ScicatError('too-large', 'too large', { status: 413 });
        await inner.createOrigDatablock(body);
        sent.push(dataFileList.length);
      },
    });
    const report = await runIngest({ ...options, client, overrides: { 'ingestion.max_files_per_block': '100' } });
    expect(report.outcome).toBe('ingested');
    expect(sent).toEqual([2, 2, 2, 2]);
    expect(report.origDatablocks).toMatchObject({ count: 4, files: 8, size: options.measurement.bytes });
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  });

  test.each(['ingest', 'resume'])('is planned anew with the limits of now: %s', async (way) => {
    const options = await setUp();
    const refusing = (inner: ScicatClient): ScicatClient => ({
      ...inner,
      createOrigDatablock: (body) =>
        body.length > 300
          ? Promise.reject(new ScicatError('invalid', 'refused', { status: 400 }))
          : inner.createOrigDatablock(body),
    });
    expect((await runIngest({ ...options, client: refusing })).outcome).toBe('failed');
    expect(catalogued(options.sandbox)).toMatchObject({ datasets: 1, files: 0 });
    const overrides = { 'ingestion.max_files_per_block': '1', 'ingestion.file_handling.compute_file_hash': 'true' };
    const now = { ...options, overrides };
    const outcome = way === 'ingest' ? (await runIngest(now)).outcome : (await runResume(now))?.outcome;
    expect(outcome).toBe('ingested');
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
    if (way === 'ingest') expect(options.sandbox.documents('origdatablocks')).toHaveLength(8);
    const [first] = options.sandbox.documents('origdatablocks') as { dataFileList: { chk: string | null }[] }[];
    if (way === 'ingest') expect(first?.dataFileList[0]?.chk).toMatch(/^[0-9a-f]{128}$/);
  });
});

describe('a data file that has changed since', () => {
  test.each([runIngest, runResume])('is not mixed with what SciCat has of it (%o)', async (run) => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'after'));
    const before = catalogued(options.sandbox);
    await utimes(options.measurement.dataFile, new Date(), new Date(Date.now() + 5000));
    const stopped = await run(options);
    expect(codes(stopped)).toEqual(['data-file-changed']);
    expect(stopped?.problems[0]?.message).toMatch(/--as-planned.*--give-up/);
    expect(catalogued(options.sandbox)).toEqual(before);

    const finished = await runResume({ ...options, asPlanned: true });
    expect(finished?.outcome).toBe('ingested');
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  });

  test('is ingested as it is now if nothing was sent', async () => {
    const options = await setUp();
    const gone = (client: ScicatClient): ScicatClient => ({
      ...client,
      createDataset: () => Promise.reject(new ScicatError('unreachable', 'down', { isUnsent: true })),
    });
    await runIngest({ ...options, client: gone });
    await utimes(options.measurement.dataFile, new Date(), new Date(Date.now() + 5000));
    expect((await runIngest(options)).outcome).toBe('ingested');
  });
});

describe('a dataset whose pid SciCat assigns', () => {
  const withoutPid = { 'dataset.allow_dataset_pid': 'false', 'ingestion.max_files_per_block': '3' };

  test.each(['before', 'after'] as const)('killed %s the POST, by an account that sees it', async (when) => {
    const options = { ...(await setUp()), overrides: withoutPid, account: 'colleague' };
    const accounts = [
      {
        username: 'colleague',
        password: 'x',
        email: 'c@x.example',
        groups: ['443604', 'ingestor'],
        profile: 'create' as const,
      },
    ];
    await options.sandbox.close();
    const sandbox = await startSandbox({ accounts });
    cleaning.push(() => sandbox.close());
    const own = { ...options, sandbox };
    await interrupted(own, killedAt('createDataset', when));
    const resumed = await runResume(own);
    expect(resumed).toMatchObject({ outcome: 'ingested', problems: [] });
    expect(catalogued(sandbox)).toEqual(complete(options.measurement));
  });

  test('by an account that does not, is left to a person', async () => {
    const accounts = [
      { username: 'robot', password: 'x', email: 'r@x.example', groups: ['ingestor'], profile: 'privileged' as const },
    ];
    const options = { ...(await setUp({ accounts })), overrides: withoutPid };
    await interrupted(options, killedAt('createDataset', 'after'));
    const asked = await runResume(options);
    expect(codes(asked)).toEqual(['unclear-step']);
    expect(asked?.problems[0]?.message).toContain('--assume-done --pid PID');
    expect(codes(await runResume({ ...options, execution: { unclearSteps: 'count as done' } }))).toEqual([
      'unclear-step',
    ]);

    const assumedPid = String(options.sandbox.documents('datasets')[0]?.['_id']);
    const told = await runResume({ ...options, execution: { unclearSteps: 'count as done', assumedPid } });
    expect(told).toMatchObject({ outcome: 'ingested', pid: assumedPid });
    expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  });
});

describe('a damaged journal', () => {
  test('stops the ingestion of its file, and no other', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'after'));
    const before = catalogued(options.sandbox);
    await appendFile(path.join(await openRun(options), 'events.jsonl'), '{"step": 12}\n');
    const stopped = await runIngest(options);
    expect(stopped.outcome).toBe('failed');
    expect(codes(stopped)).toEqual(['journal-damaged']);
    expect(catalogued(options.sandbox)).toEqual(before);

    const other = makeMeasurement(1);
    cleaning.push(other.remove);
    const dataFile = other.dataFile.replace('1017', '1018');
    const report = await runIngest({ ...options, measurement: { ...other, dataFile } });
    expect(report.outcome).toBe('ingested');
    expect(codes(report)).toContain('journal-damaged');
  });

  test('is warned of however the ingestion of another file ends', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'after'));
    await appendFile(path.join(await openRun(options), 'events.jsonl'), '{"step": 12}\n');
    const other = makeMeasurement(1);
    cleaning.push(other.remove);
    const own = { ...options, measurement: { ...other, dataFile: other.dataFile.replace('1017', '1018') } };
    const stopped = await runIngest({ ...own, execution: { confirm: () => Promise.resolve(false) } });
    expect(stopped.problems.map(({ code }) => code)).toEqual(['journal-damaged', 'cancelled']);
    await interrupted(own, killedAt('createOrigDatablock', 'before'));
    const resumed = await runIngest(own);
    expect(resumed.problems.map(({ code }) => code)).toEqual(['journal-damaged', 'run-resumed']);
    expect(resumed.outcome).toBe('ingested');
    const again = await runIngest(own);
    expect(again.outcome).toBe('already-present');
    expect(codes(again)).toEqual(['journal-damaged']);
  });

  test.each(['run.json', 'plan.jsonl', 'events.jsonl', 'files.jsonl'])(
    '%s cut anywhere is never sent from twice',
    async (name) => {
      const options = await setUp();
      await interrupted(options, killedAt('createOrigDatablock', 'after', 2));
      const folder = await openRun(options);
      const file = path.join(folder, name);
      const whole = await readFile(file);
      const saved = `${folder}.saved`;
      await cp(folder, saved, { recursive: true });
      for (const length of [0, 1, Math.floor(whole.length / 2), whole.length - 2]) {
        await rm(folder, { recursive: true, force: true });
        await cp(saved, folder, { recursive: true });
        await writeFile(file, whole.subarray(0, length));
        await runResume(options);
        const { files, distinctFiles, datasets } = catalogued(options.sandbox);
        expect({ files, datasets }).toEqual({ files: distinctFiles, datasets: 1 });
      }
    },
  );
});

describe('the token', () => {
  test('that has expired is noticed before anything is done, and the run stays resumable', async () => {
    const options = await setUp();
    await interrupted(options, killedAt('createOrigDatablock', 'before'));
    const token = options.sandbox.tokenOf('ingestor', -60);
    const requests = catalogued(options.sandbox);
    const stopped = await runIngest({ ...options, token });
    expect(codes(stopped)).toEqual(['token-expired']);
    expect(codes(await runResume({ ...options, token }))).toEqual(['scicat']);
    expect(catalogued(options.sandbox)).toEqual(requests);
    expect((await runResume(options))?.outcome).toBe('ingested');
  });

  test('that soon will is warned of', async () => {
    const options = await setUp();
    const report = await runIngest({ ...options, token: options.sandbox.tokenOf('ingestor', 90) });
    expect(report.outcome).toBe('ingested');
    expect(codes(report)).toEqual(['token-expired']);
  });
});

test('two ingestions of one file at the same time make one dataset', async () => {
  const options = await setUp();
  const reports = await Promise.all([runIngest(options), runIngest(options), runIngest(options)]);
  expect(catalogued(options.sandbox)).toEqual(complete(options.measurement));
  expect(reports.filter(({ outcome }) => outcome === 'ingested')).toHaveLength(1);
  for (const { outcome, problems } of reports) {
    // Whichever is sooner: the end of waiting for the first one, or the end of the first one.
    if (outcome !== 'ingested')
      expect(['journal-busy', 'already-present']).toEqual(expect.arrayContaining(problems.map(({ code }) => code)));
  }
});

test('a SciCat that asks for an hour is not waited for', async () => {
  const options = await setUp();
  options.sandbox.faults.add({ kind: 'rate-limit', method: 'POST', retryAfterSeconds: 3600, times: Infinity });
  const report = await runIngest(options);
  expect(codes(report)).toEqual(['scicat']);
  options.sandbox.faults.clear();
  expect((await runIngest(options)).outcome).toBe('ingested');
});

test('a certificate that cannot be trusted is not tried again, and nothing stays behind', async () => {
  const options = await setUp();
  let asked = 0;
  const client = (inner: ScicatClient): ScicatClient => ({
    ...inner,
    createDataset: () => {
      asked += 1;
      return Promise.reject(new ScicatError('bad-answer', 'certificate', { isUnsent: true }));
    },
  });
  expect(codes(await runIngest({ ...options, client }))).toEqual(['scicat']);
  expect(asked).toBe(1);
  const report = await runIngest(options);
  expect(report.outcome).toBe('ingested');
  expect(codes(report)).toEqual([]);
});

test('a SciCat that is not there is said soon, and nothing stays behind', async () => {
  const options = await setUp();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const sandbox: Sandbox = { ...options.sandbox, baseUrl: `http://127.0.0.1:${port}/api/v3` };
  const before = performance.now();
  const report = await runIngest({ ...options, sandbox });
  expect(performance.now() - before).toBeLessThan(5000);
  expect(report.outcome).toBe('failed');
  expect(report.problems.map(({ message }) => message).join('\n')).toMatch(/nothing answers at this address/);
  expect(await openRun(options)).toBe('');
});

describe('what SciCat refuses', () => {
  test('is led back to the line of the schema that makes it', async () => {
    const options = await setUp();
    const client = (inner: ScicatClient): ScicatClient => ({
      ...inner,
      createDataset: (body) => {
        const wrong = { ...(JSON.parse(body) as object), contactEmail: 'nobody', creationTime: 12, extra: 1 };
        return inner.createDataset(JSON.stringify(wrong));
      },
    });
    const report = await runIngest({ ...options, client });
    const schema = await readFile(report.prepared.schema?.file ?? '', 'utf8');
    const refused = report.problems.filter(({ code }) => code === 'field-refused');
    const lines = refused.map(({ message, range, file }) => {
      expect(file === undefined || file === report.prepared.schema?.file).toBe(true);
      return [/refuses (\w+)/.exec(message)?.[1], range && schema.slice(range.start, range.end)];
    });
    expect(Object.fromEntries(lines)).toEqual({
      contactEmail: '<pi_email>',
      creationTime: '<end_time>',
      extra: undefined,
    });
    expect(catalogued(options.sandbox).datasets).toBe(0);
    expect(await openRun(options)).toBe('');
  });
});

test('sample_attachment finds the samples of the proposal by their name', async () => {
  const options = await setUp();
  const folder = await mkdtemp(path.join(tmpdir(), 'imsc-samples-'));
  cleaning.push(() => rm(folder, { recursive: true, force: true }));
  const schemas = path.resolve(import.meta.dirname, '../../samples/schemas');
  for (const name of await readdir(schemas)) {
    const text = await readFile(path.join(schemas, name), 'utf8');
    const attachment =
      'sample_attachment:\n  query_sample_name: true\n  sample_name_path: /entry/sample/name\n  proposal_id_path: /entry/experiment_identifier\n';
    await writeFile(path.join(folder, name), name.startsWith('coda') ? `${attachment}${text}` : text);
  }
  for (const [description, proposalId] of [
    ['MnF2 powder', '443604'],
    ['MnF2 powder', '443503'],
    ['Vanadium', '443604'],
  ]) {
    const { status } = await fetch(`${options.sandbox.baseUrl}/samples`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${options.sandbox.token}` },
      body: JSON.stringify({
        sampleId: `${description}/${proposalId}`,
        sampleName: description,
        description,
        proposalId,
        ownerGroup: '443604',
      }),
    });
    expect(status).toBe(201);
  }
  const report = await runIngest({
    ...options,
    overrides: { ...options.overrides, 'ingestion.schemas_directory': folder },
  });
  expect(codes(report)).toEqual([]);
  expect(options.sandbox.documents('datasets')[0]?.['sampleIds']).toEqual(['MnF2 powder/443604']);
});

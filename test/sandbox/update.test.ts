import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { Updates } from '../../core/jobs/update.ts';
import type { UpdateOptions } from '../../core/jobs/update.ts';
import { createScicatClient } from '../../core/scicat/client.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import { ScicatError } from '../../core/scicat/errors.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { configOf, makeMeasurement, newJournal, runIngest } from './faultyIngestion.ts';
import type { RunOptions } from './faultyIngestion.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');
const first = coda.replace('measured by', 'first by');
const second = coda.replace('measured by', 'second by');

/** A file that is not there is not waited for. */
const overrides = { 'ingestion.file_handling.data_file_open_max_tries': '0' };

let run: RunOptions;
let schema: string;
let jobs: Jobs;
let client: ScicatClient;
beforeEach(async () => {
  const sandbox = await startSandbox({});
  const measurement = makeMeasurement(0);
  run = { sandbox, measurement, journal: newJournal(measurement), overrides };
  jobs = new Jobs({ store: run.journal.store });
  client = createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token, timeoutSeconds: 30 });
  schema = path.join(measurement.folder, 'coda.imsc.yml');
  writeFileSync(schema, coda);
});
afterEach(async () => {
  run.measurement.remove();
  await run.sandbox.close();
});

const updates = (more: Partial<UpdateOptions> = {}): Updates =>
  new Updates(jobs, { config: configOf(run, run.sandbox.token), client, schemaFile: schema, rate: 1000, ...more });

async function ingested(): Promise<string> {
  expect(await runIngest(run)).toMatchObject({ outcome: 'ingested' });
  return String(stored()['pid']);
}

const file = (): string => run.measurement.dataFile;
const stored = () => run.sandbox.documents('datasets')[0] ?? {};
const description = (): string => String(stored()['description']);

/** Brings the dataset to what a text of the schema makes of its file now. */
async function update(text: string, more?: Partial<UpdateOptions>): Promise<readonly unknown[]> {
  writeFileSync(schema, text);
  const all = updates(more);
  return all.carryOut(await all.plan(file()));
}

/** Takes the last update back. @returns the fields that it was about */
async function undo(): Promise<readonly string[]> {
  const all = updates();
  const plan = await all.planUndo(file());
  expect(await all.carryOut(plan, true)).toEqual([]);
  expect(plan.problems.map(({ code }) => code)).toEqual(plan.changes.length === 0 ? ['not-updated'] : []);
  return plan.changes.map(({ field }) => field);
}

async function saidByAPerson(pid: string, text: string): Promise<void> {
  await client.patchDataset(pid, JSON.stringify({ description: text }), {
    unmodifiedSince: String(stored()['updatedAt']),
  });
}

describe('an update of a dataset', () => {
  it('shows what would be changed, from what to what, and changes nothing', async () => {
    const pid = await ingested();
    const before = JSON.stringify(stored());
    const was = description();
    writeFileSync(schema, first);
    expect(await updates().plan(file())).toEqual({
      file: file(),
      pid,
      job: '1',
      updatedAt: stored()['updatedAt'],
      isSentKnown: true,
      changes: [{ field: 'description', stored: was, wanted: was.replace('measured by', 'first by') }],
      kept: [],
      problems: [],
    });
    expect(JSON.stringify(stored())).toBe(before);
  });

  it('is needed by nothing that is as it should be, and sends nothing', async () => {
    await ingested();
    const before = JSON.stringify(stored());
    const none = { ...client, patchDataset: () => Promise.reject(new Error('Nothing is to be sent.')) };
    expect(await update(coda, { client: none })).toEqual([]);
    expect(JSON.stringify(stored())).toBe(before);
  });

  it('says in the record of the job what was there and where the new comes from', async () => {
    await ingested();
    const was = description();
    expect(await update(first)).toEqual([]);
    const wanted = was.replace('measured by', 'first by');
    expect(description()).toBe(wanted);
    const [amendment, ...others] = (await jobs.record('1'))?.amendments ?? [];
    expect(others).toEqual([]);
    expect(amendment?.given).toEqual([{ field: 'description', value: wanted, from: 'imsc update' }]);
    expect(amendment?.changes).toMatchObject([{ field: 'description', before: was, after: wanted }]);
  });

  it('leaves what a person has changed, unless that is asked for', async () => {
    const pid = await ingested();
    await saidByAPerson(pid, 'By a person');
    writeFileSync(schema, first);
    expect(await updates().plan(file())).toMatchObject({
      changes: [],
      kept: [{ field: 'description', stored: 'By a person' }],
    });
    expect(await update(first)).toEqual([]);
    expect(description()).toBe('By a person');
    expect(await update(first, { overwrite: true })).toEqual([]);
    expect(description()).toContain('first by');
  });

  it('takes its own earlier change for ours, and what it took back, too', async () => {
    await ingested();
    await update(first);
    writeFileSync(schema, second);
    expect(await updates().plan(file())).toMatchObject({ changes: [{ field: 'description' }], kept: [] });
    await undo();
    writeFileSync(schema, second);
    expect(await updates().plan(file())).toMatchObject({ changes: [{ field: 'description' }], kept: [] });
  });

  it('is not sent where somebody has changed the dataset since it was looked at', async () => {
    const pid = await ingested();
    writeFileSync(schema, first);
    const plan = await updates().plan(file());
    await saidByAPerson(pid, 'By a person');
    expect(await updates().carryOut(plan)).toMatchObject([
      {
        code: 'not-updated',
        severity: 'error',
        message: expect.stringContaining('changed by somebody else') as string,
      },
    ]);
    expect(description()).toBe('By a person');
  });

  it('is not made of a file that cannot be read, nor with a schema that cannot', async () => {
    await ingested();
    const before = JSON.stringify(stored());
    expect(await updates().plan(`${file()}.gone`)).toMatchObject({ pid: undefined, changes: [], problems: [{ code: 'data-file' }] }); // prettier-ignore
    writeFileSync(schema, 'variables: [');
    const broken = await updates().plan(file());
    expect(broken).toMatchObject({ job: '1', changes: [] });
    expect(broken.problems.some(({ severity }) => severity === 'error')).toBe(true);
    expect(JSON.stringify(stored())).toBe(before);
  });

  it.each([
    ['is not there', 'not-found', 'not-updated', /^SciCat has no dataset/],
    ['cannot be asked for', 'unreachable', 'scicat', /^SciCat is away\.$/],
  ] as const)('is not made where the dataset %s', async (_, kind, code, message) => {
    await ingested();
    writeFileSync(schema, first);
    const away = { ...client, datasetText: () => Promise.reject(new ScicatError(kind, 'SciCat is away.')) };
    const all = updates({ client: away });
    await update(first);
    for (const plan of [await all.plan(file()), await all.planUndo(file())])
      expect(plan).toMatchObject({
        changes: [],
        problems: [{ code, severity: 'error', message: expect.stringMatching(message) as string }],
      });
  });

  it('is called off by its signal, before anything is read or sent', async () => {
    await ingested();
    writeFileSync(schema, first);
    const plan = await updates().plan(file());
    const off = updates({ signal: AbortSignal.abort(new Error('called off')) });
    await expect(off.plan(file())).rejects.toThrow('called off');
    await expect(off.carryOut(plan)).rejects.toThrow('called off');
    expect(description()).not.toContain('first by');
  });

  it('is no faster than it may be', async () => {
    await ingested();
    writeFileSync(schema, first);
    const all = updates({ rate: 4 });
    const plan = await all.plan(file());
    const begun = performance.now();
    expect(await all.carryOut(plan)).toEqual([]);
    // SciCat has it already, and is asked all the same.
    await all.carryOut(plan);
    expect(performance.now() - begun).toBeGreaterThan(245);
  });

  it('of a dataset without a record leaves all that differs, unless that is asked for; then it has one', async () => {
    const pid = await ingested();
    await jobs.drop('1');
    writeFileSync(schema, first);
    expect(await updates().plan(file())).toMatchObject({
      job: undefined,
      pid,
      isSentKnown: false,
      changes: [],
      kept: [{ field: 'description' }],
    });
    expect((await jobs.list()).jobs).toEqual([]);
    expect(await update(first, { overwrite: true })).toEqual([]);
    expect(description()).toContain('first by');
    const { host } = configOf(run, run.sandbox.token).scicat;
    expect((await jobs.list()).jobs).toMatchObject([
      { status: 'done', outcome: 'already-present', scicat: { pid }, request: { dataFile: file(), host } },
    ]);
    expect(await undo()).toEqual(['description']);
    expect(description()).toContain('measured by');
  });

  it('looks at the job that made the dataset, not at one that found it there, nor at one of another SciCat', async () => {
    await ingested();
    expect(await runIngest(run)).toMatchObject({ outcome: 'already-present' });
    expect((await jobs.list()).total).toBe(2);
    writeFileSync(schema, first);
    expect(await updates().plan(file())).toMatchObject({ job: '1', isSentKnown: true, changes: [{}] });
    const elsewhere = { ...run, overrides: { ...overrides, 'scicat.host': 'http://127.0.0.1:9/api/v3' } };
    const config = configOf(elsewhere, run.sandbox.token);
    expect(await updates({ config }).plan(file())).toMatchObject({ job: undefined });
  });

  it('keeps what has no value now, and says so', async () => {
    const pid = await ingested();
    const before = JSON.stringify(stored());
    writeFileSync(schema, coda.replace('/entry/sample/temperature\n', '/entry/sample/nothing\n'));
    const plan = await updates().plan(file());
    expect(plan).toMatchObject({ changes: [], kept: [], problems: [{ code: 'not-updated', severity: 'warning' }] });
    expect(plan.problems[0]?.message).toContain(
      `scientificMetadata.sample_temperature of ${pid} stays as it is in SciCat: it has no value now. `,
    );
    expect(await updates().carryOut(plan)).toEqual([]);
    expect(JSON.stringify(stored())).toBe(before);
  });

  it('is not made of a schema that could not ask SciCat', async () => {
    await ingested();
    writeFileSync(schema, first);
    const get = () => Promise.reject(new ScicatError('timeout', 'No answer.'));
    const plan = await updates({ client: { ...client, get } }).plan(file());
    expect(plan).toMatchObject({ job: '1', changes: [], kept: [] });
    expect(plan.problems.at(-1)?.message).toMatch(/^SciCat cannot be asked: /);
  });
});

describe('what was updated is taken back', () => {
  it('one update after the other, and then there is none', async () => {
    await ingested();
    const texts = [description()];
    for (const text of [first, second]) {
      await update(text);
      texts.unshift(description());
    }
    expect(new Set(texts).size).toBe(3);
    for (const text of texts.slice(1)) {
      expect(await undo()).toEqual(['description']);
      expect(description()).toBe(text);
    }
    expect(await undo()).toEqual([]);
    // An update after that is the last one again.
    await update(second);
    expect(await undo()).toEqual(['description']);
    expect(description()).toBe(texts.at(-1));
    expect(await undo()).toEqual([]);
  });

  it('but for what a person has changed since', async () => {
    const pid = await ingested();
    await update(first);
    await saidByAPerson(pid, 'By a person');
    const all = updates();
    expect(await all.planUndo(file())).toMatchObject({ changes: [], kept: [{ field: 'description' }] });
    expect(await all.carryOut(await updates({ overwrite: true }).planUndo(file()), true)).toEqual([]);
    expect(description()).toContain('measured by');
  });

  it('only where it is known what was', async () => {
    expect(await updates().planUndo(file())).toMatchObject({
      pid: undefined,
      job: undefined,
      changes: [],
      problems: [{ code: 'not-updated', message: expect.stringContaining('that could be undone') as string }],
    });
    await ingested();
    expect(await updates().planUndo(file())).toMatchObject({
      job: '1',
      changes: [],
      problems: [{ code: 'not-updated' }],
    });
  });

  it('also items that it added or removed', async () => {
    await ingested();
    const items = (): readonly string[] => Object.keys(stored()['scientificMetadata'] as object).sort();
    const before = items();
    await update(coda.replace(/ {2}monitor_counts:\n {4}field_type: scientific_metadata\n(?: {4}.*\n)+/, ''));
    const removed = before.filter((name) => !items().includes(name));
    expect(removed).toEqual(['monitor_counts']);
    expect(await undo()).toEqual(['scientificMetadata.monitor_counts']);
    expect(items()).toEqual(before);
    await update(coda.replace('machine_name: monitor_counts', 'machine_name: counts'));
    expect(items()).toEqual([...before.filter((name) => name !== 'monitor_counts'), 'counts'].sort());
    expect((await undo()).toSorted()).toEqual(['scientificMetadata.counts', 'scientificMetadata.monitor_counts']);
    expect(items()).toEqual(before);
  });
});

import { spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../../core/ingest/journal.ts';
import { identifyFile, isJournalStep } from '../../../core/ingest/journalEntry.ts';
import type { RunStart } from '../../../core/ingest/journalEntry.ts';
import { Secret } from '../../../core/ingest/secret.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const newFolder = temporaryFolders();
const steps = [
  { id: 'dataset', kind: 'post', body: { name: 'a' } },
  { id: 'block-1', kind: 'post', body: { name: 'b' } },
];
const host = 'https://scicat.example/api/v3';

async function setUp(): Promise<{ journal: Journal; dataFile: string; start: RunStart }> {
  const folder = await newFolder();
  const dataFile = path.join(folder, 'run.hdf');
  await writeFile(dataFile, 'data');
  const journal = new Journal({ env: { IMSC_JOURNAL_DIR: path.join(folder, 'journal') } });
  const start = { planId: 'plan', host, configFile: undefined, dataFile: await identifyFile(dataFile) };
  return { journal, dataFile, start };
}

async function resume(journal: Journal, runId: string) {
  const resumed = await journal.resumeRun(runId, isJournalStep);
  if ('problem' in resumed) throw new Error(resumed.problem.message);
  return resumed.run;
}

describe('a run', () => {
  it('is taken up where it was left, with the results so far', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.recordStarted('dataset');
    await run.recordDone('dataset', { pid: '20.500/abc' });
    await run.recordStarted('block-1');
    await run.close();

    const again = await resume(journal, run.header.runId);
    expect(again.steps).toEqual(steps);
    expect(again.stateOf('dataset')).toBe('done');
    expect(again.resultOf('dataset')).toEqual({ pid: '20.500/abc' });
    expect(again.stateOf('block-1')).toBe('started');
    await again.finish('done');
    const { runs, problems } = await journal.listRuns();
    expect(problems).toEqual([]);
    expect(runs.map(({ header, stepsDone }) => [header.finished?.outcome, stepsDone])).toEqual([['done', 1]]);
  });

  it('survives a last line that was cut off, and goes on behind it', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.recordDone('dataset', { pid: 'p' });
    await run.close();
    await appendFile(path.join(run.folder, 'steps.jsonl'), '{"step":"block-1","sta');
    const again = await resume(journal, run.header.runId);
    expect(again.stateOf('block-1')).toBe('planned');
    await again.recordDone('block-1');
    await again.close();
    const third = await resume(journal, run.header.runId);
    expect([third.stateOf('dataset'), third.stateOf('block-1')]).toEqual(['done', 'done']);
    await third.close();
  });

  it('is held by one process at a time', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await expect(journal.resumeRun(run.header.runId, isJournalStep)).rejects.toMatchObject({ code: 'journal-busy' });
    await run.close();
  });

  it('writes no secret', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, [{ id: 'a', kind: 'post', token: new Secret('SESAME') }]);
    await run.recordDone('a', { token: new Secret('SESAME') });
    await run.finish('done');
    for (const name of await readdir(run.folder)) {
      expect(await readFile(path.join(run.folder, name), 'utf8')).not.toContain('SESAME');
    }
  });

  it('records a step of a big plan without writing the plan again', async () => {
    const { journal, start } = await setUp();
    const many = Array.from({ length: 20_000 }, (_, index) => ({ id: `block-${index}`, kind: 'post', index }));
    const run = await journal.startRun(start, many);
    await run.recordDone('block-7', { _id: 'x' });
    expect((await readFile(path.join(run.folder, 'steps.jsonl'), 'utf8')).length).toBeLessThan(200);
    await run.close();
    expect(
      (await resume(journal, run.header.runId).then(async (again) => (await again.close(), again))).steps,
    ).toHaveLength(20_000);
  });
});

describe('a list of files', () => {
  const list = Array.from({ length: 3000 }, (_, batch) => (batch % 7 === 0 ? [] : [`/a/${batch}`, `/ü\n"/${batch}`]));
  async function listed(files: AsyncIterable<readonly string[]>): Promise<string[]> {
    const found: string[] = [];
    for await (const batch of files) found.push(...batch);
    return found;
  }

  it('is there again when a run is taken up', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps, list);
    expect(await listed(run.list)).toEqual(list.flat());
    await run.close();
    const again = await resume(journal, run.header.runId);
    expect(await listed(again.list)).toEqual(list.flat());
    await again.close();
  });

  it('that cannot be made leaves no run', async () => {
    const { journal, start } = await setUp();
    function* broken(): Generator<string[]> {
      yield ['/a'];
      throw new Error('cannot be read');
    }
    await expect(journal.startRun(start, steps, broken())).rejects.toThrow('cannot be read');
    expect(await journal.listRuns()).toEqual({ runs: [], damaged: [], problems: [] });
    await (await journal.startRun(start, steps)).close();
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -5)],
    ['gone', () => undefined],
  ])('is missed when %s', async (_, changed) => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps, list);
    await run.close();
    const file = path.join(run.folder, 'files.jsonl');
    const text = changed(await readFile(file, 'utf8'));
    if (text === undefined) await rm(file);
    else await writeFile(file, text);
    expect(await journal.resumeRun(run.header.runId, isJournalStep)).toMatchObject({
      problem: { code: 'journal-damaged', file },
    });
  });
});

describe('an entry of another version of imsc', () => {
  it('is no trouble if it is finished, and tidied up; otherwise only that version can finish it', async () => {
    const { journal, start } = await setUp();
    const [ended, interrupted] = [await journal.startRun(start, steps), await journal.startRun(start, steps)];
    await ended.finish('done');
    await interrupted.close();
    for (const { folder } of [ended, interrupted]) {
      const file = path.join(folder, 'run.json');
      const header = JSON.parse(await readFile(file, 'utf8')) as object;
      await writeFile(file, JSON.stringify({ ...header, version: 1, listBytes: undefined }));
    }
    const { runs, problems } = await journal.listRuns();
    expect(runs.map(({ header }) => header.runId)).toEqual([ended.header.runId]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('another version of imsc')]);
    for (const { header } of [ended, interrupted]) {
      expect(await journal.resumeRun(header.runId, isJournalStep)).toMatchObject({
        problem: { message: expect.stringContaining('another version of imsc') as string },
      });
    }
    expect(await journal.tidy(-1)).toEqual([ended.header.runId]);
  });
});

describe('a damaged entry', () => {
  it.each([
    ['run.json', 'not json'],
    ['steps.jsonl', 'not json\n{"step":"a","state":"done","at":""}\n'],
  ])('%s is reported, and the others are still listed', async (name, text) => {
    const { journal, start } = await setUp();
    const good = await journal.startRun(start, steps);
    await good.close();
    const bad = await journal.startRun(start, steps);
    await bad.close();
    await writeFile(path.join(bad.folder, name), text);
    const { runs, problems } = await journal.listRuns();
    expect(runs.map(({ header }) => header.runId)).toEqual([good.header.runId]);
    expect(problems.map(({ code, file }) => [code, file])).toEqual([['journal-damaged', path.join(bad.folder, name)]]);
  });

  it('is not resumed when its plan is cut short', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.close();
    await writeFile(path.join(run.folder, 'plan.jsonl'), `${JSON.stringify(steps[0])}\n`);
    expect(await journal.resumeRun(run.header.runId, isJournalStep)).toMatchObject({
      problem: { code: 'journal-damaged' },
    });
  });

  it('that never began is passed over silently', async () => {
    const { journal } = await setUp();
    await mkdir(path.join(journal.folder, 'runs', 'half'), { recursive: true });
    expect(await journal.listRuns()).toMatchObject({ runs: [], problems: [] });
  });
});

describe('tidying', () => {
  it('deletes finished runs that are old, and keeps the others', async () => {
    const { journal, start } = await setUp();
    const finished = await journal.startRun(start, steps);
    await finished.finish('done');
    const open = await journal.startRun(start, steps);
    await open.close();
    const half = path.join(journal.folder, 'runs', 'half');
    await mkdir(half);
    await utimes(half, 0, 0);
    expect(await journal.tidy(1)).toEqual(['half']);
    expect(await journal.tidy(-1)).toEqual([finished.header.runId]);
    expect((await journal.listRuns()).runs.map(({ header }) => header.runId)).toEqual([open.header.runId]);
  });
});

describe('the lock of a data file', () => {
  it('keeps a second run out, also by another spelling of the host, and lets another SciCat in', async () => {
    const { journal, dataFile } = await setUp();
    const held = await journal.lockDataFile(dataFile, host);
    await expect(journal.lockDataFile(dataFile, `${host}/`)).rejects.toMatchObject({ code: 'journal-busy' });
    const other = await journal.lockDataFile(dataFile, 'https://other.example/api/v3');
    await other.release();
    const waiting = journal.lockDataFile(dataFile, host, { waitMs: 10_000 });
    await held.release();
    await (await waiting).release();
  });

  it('in a folder that cannot be made is a problem of its own', async () => {
    const { dataFile } = await setUp();
    const journal = new Journal({ folder: path.join(dataFile, 'journal') });
    await expect(journal.lockDataFile(dataFile, host)).rejects.toMatchObject({ code: 'journal-unwritable' });
  });

  it('of a killed process is taken over at once', async () => {
    const { journal, dataFile } = await setUp();
    const program = path.join(journal.folder, 'hold.mjs');
    await build({
      stdin: {
        contents: `import { Journal } from './core/ingest/journal.ts';
          const [folder, file, host] = process.argv.slice(2);
          await new Journal({ folder }).lockDataFile(file, host);
          setInterval(() => undefined, 1000);
          console.log('held');`,
        resolveDir: path.resolve(import.meta.dirname, '../../..'),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      outfile: program,
    });
    const holder = spawn(process.execPath, [program, journal.folder, dataFile, host]);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(journal.lockDataFile(dataFile, host)).rejects.toThrow(`process ${holder.pid ?? ''} `);
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await ended;
    const contenders = await Promise.allSettled(Array.from({ length: 4 }, () => journal.lockDataFile(dataFile, host)));
    const winners = contenders.filter(({ status }) => status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const winner of contenders) if (winner.status === 'fulfilled') await winner.value.release();
  });
});

import { execFileSync, spawn } from 'node:child_process';
import {
  appendFile,
  cp,
  link,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../../../core/jobs/store/journal.ts';
import { identifyDataFile } from '../../../../core/files/dataFileIdentity.ts';
import { isJournalStep } from '../../../../core/jobs/store/jobRecord.ts';
import type { RunStart } from '../../../../core/jobs/store/jobRecord.ts';
import { Secret } from '../../../../core/config/secret.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

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
  const start = { planId: 'plan', host, configFile: undefined, dataFile: await identifyDataFile(dataFile) };
  return { journal, dataFile, start };
}

/** As a run is named that was killed while it was set up. */
const unbegun = '20250102T030405Z-00c0ffee';

/** Makes a run into one that the version before left there. @returns its name, and where it lies */
async function asOlder(journal: Journal, folder: string): Promise<{ name: string; folder: string }> {
  const name = '20250304T050607Z-0000beef';
  const older = path.join(journal.folder, 'runs', name);
  await mkdir(path.dirname(older), { recursive: true });
  await rename(folder, older);
  await rm(path.join(journal.folder, 'open', path.basename(folder)));
  const log = await readFile(path.join(older, 'events.jsonl'), 'utf8');
  const steps = log.split('\n').filter((line) => line.includes('"step"'));
  await writeFile(path.join(older, 'steps.jsonl'), steps.map((line) => `${line}\n`).join(''));
  await rm(path.join(older, 'events.jsonl'));
  await rm(path.join(older, 'job.json'));
  await changeHeader(older, (header) => ({ ...header, runId: name }));
  return { name, folder: older };
}

async function changeHeader(folder: string, change: (header: object) => object): Promise<void> {
  const file = path.join(folder, 'run.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')) as object)));
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
    expect(await journal.openRuns()).toEqual({ runs: [], unplanned: [], damaged: [], problems: [] });
  });

  it('survives a last line that was cut off, and goes on behind it', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.recordDone('dataset', { pid: 'p' });
    await run.close();
    await appendFile(path.join(run.job.folder, 'events.jsonl'), '{"step":"block-1","sta');
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
    const written = await readdir(journal.folder, { recursive: true, withFileTypes: true });
    const files = written.filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name).sort()).toEqual([
      '1',
      '1',
      'events.jsonl',
      'job.json',
      'last',
      'plan.jsonl',
      'run.json',
    ]);
    for (const { parentPath, name } of files) {
      expect(await readFile(path.join(parentPath, name), 'utf8')).not.toContain('SESAME');
    }
  });

  it('records a step of a big plan without writing the plan again', async () => {
    const { journal, start } = await setUp();
    const many = Array.from({ length: 20_000 }, (_, index) => ({ id: `block-${index}`, kind: 'post', index }));
    const run = await journal.startRun(start, many);
    await run.recordDone('block-7', { _id: 'x' });
    expect((await readFile(path.join(run.job.folder, 'events.jsonl'), 'utf8')).length).toBeLessThan(400);
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
    expect(await journal.openRuns()).toEqual({ runs: [], unplanned: [], damaged: [], problems: [] });
    await (await journal.startRun(start, steps)).close();
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -5)],
    ['gone', () => undefined],
  ])('is missed when %s', async (_, changed) => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps, list);
    await run.close();
    const file = path.join(run.job.folder, 'files.jsonl');
    const text = changed(await readFile(file, 'utf8'));
    if (text === undefined) await rm(file);
    else await writeFile(file, text);
    expect(await journal.resumeRun(run.header.runId, isJournalStep)).toMatchObject({
      problem: { code: 'journal-damaged', file },
    });
  });
});

describe('an entry of another version of imsc', () => {
  it('can only be finished by that version', async () => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.close();
    await changeHeader(run.job.folder, (header) => ({ ...header, version: 1, listBytes: undefined }));
    const { runs, problems } = await journal.openRuns();
    expect(runs).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('another version of imsc')]);
    expect(await journal.resumeRun(run.header.runId, isJournalStep)).toMatchObject({
      problem: { message: expect.stringContaining('another version of imsc') as string },
    });
  });

  it.each([1, 2])('that has ended lies among the open ones, and is put away: version %s', async (version) => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.recordDone('dataset');
    await run.close();
    const { name, folder } = await asOlder(journal, run.job.folder);
    const at = '2025-03-04T05:06:07.000Z';
    await changeHeader(folder, (header) => ({ ...header, version, finished: { at, outcome: 'done' } }));
    expect(await journal.openRuns()).toEqual({ runs: [], unplanned: [], damaged: [], problems: [] });
    expect(await readdir(path.join(journal.folder, 'runs'))).toEqual([]);
    expect(await readdir(path.join(journal.folder, 'finished', '2025-03-04'))).toEqual([name]);
  });

  it('that knows the file by less is taken up', async () => {
    const { journal, start } = await setUp();
    const { path: file, size, mtimeMs, ino } = start.dataFile;
    const run = await journal.startRun({ ...start, dataFile: { path: file, size, mtimeMs, ino } }, steps);
    await run.recordStarted('dataset');
    await run.close();
    const { name } = await asOlder(journal, run.job.folder);
    const { runs } = await journal.openRuns();
    expect(runs.map(({ header }) => header.dataFile)).toEqual([{ path: file, size, mtimeMs, ino }]);
    const again = await resume(journal, name);
    expect(again.stateOf('dataset')).toBe('started');
    await again.finish('done');
    expect(await readdir(path.join(journal.folder, 'runs'))).toEqual([]);
  });
});

describe('a damaged entry', () => {
  it.each([
    ['run.json', 'not json'],
    ['run.json', 'null'],
    ['events.jsonl', 'not json\n{"step":"a","state":"done","at":""}\n'],
    ['events.jsonl', 'null\n'],
  ])('%s is reported, and the others are still listed', async (name, text) => {
    const { journal, start } = await setUp();
    const good = await journal.startRun(start, steps);
    await good.close();
    const bad = await journal.startRun(start, steps);
    await bad.close();
    await writeFile(path.join(bad.job.folder, name), text);
    const { runs, problems } = await journal.openRuns();
    expect(runs.map(({ header }) => header.runId)).toEqual([good.header.runId]);
    expect(problems.map(({ code, file }) => [code, file])).toEqual([
      ['journal-damaged', path.join(bad.job.folder, name)],
    ]);
  });

  it.runIf(process.platform === 'linux')(
    'is reported where a pipe, a device or a folder lies in place of a file, or of its folder, and nothing waits for it',
    async () => {
      const { journal, start } = await setUp();
      const good = await journal.startRun(start, steps);
      await good.close();
      const pipe = (file: string): unknown => execFileSync('mkfifo', [file]);
      const inPlace: readonly ((file: string) => unknown)[] = [
        pipe,
        (file) => symlink('/dev/zero', file),
        (file) => mkdir(file),
      ];
      const expected: string[] = [];
      for (const lay of inPlace) {
        for (const name of ['run.json', 'events.jsonl']) {
          const bad = await journal.startRun(start, steps);
          await bad.close();
          // Without the head of a plan nothing was sent.
          if (name !== 'run.json') expected.push(path.join(bad.job.folder, name));
          await rm(path.join(bad.job.folder, name));
          await lay(path.join(bad.job.folder, name));
        }
      }
      // Not even a folder of the job.
      pipe(path.join(journal.folder, 'jobs', '99'));
      await writeFile(path.join(journal.folder, 'open', '99'), '');
      expected.push(path.join(journal.folder, 'jobs', '99', 'run.json'));
      const { runs, problems } = await journal.openRuns();
      expect(runs.map(({ header }) => header.runId)).toEqual([good.header.runId]);
      expect(problems.map(({ code, file }) => [code, file])).toEqual(expected.map((file) => ['journal-damaged', file]));
    },
  );

  const planned = steps.map((step) => `${JSON.stringify(step)}\n`);
  it.each([
    ['is cut short', planned[0]],
    ['has a step twice', [...planned, ...planned].join('')],
    ['has a line that is no step', [...planned, '{"id":"block-2"}\n'].join('')],
    ['has a line that is nothing', [...planned, 'null\n'].join('')],
  ])('is not resumed when its plan %s', async (_, text = '') => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.close();
    await writeFile(path.join(run.job.folder, 'plan.jsonl'), text);
    expect(await journal.resumeRun(run.header.runId, isJournalStep)).toMatchObject({
      problem: { code: 'journal-damaged' },
    });
  });

  it('that never began is passed over silently', async () => {
    const { journal } = await setUp();
    const half = path.join(journal.folder, 'runs', unbegun);
    await mkdir(half, { recursive: true });
    // Killed between making its folder and writing its record.
    await mkdir(path.join(journal.folder, 'open'));
    await mkdir(path.join(journal.folder, 'jobs', '1'), { recursive: true });
    await writeFile(path.join(journal.folder, 'open', '1'), '');
    expect(await journal.openRuns()).toMatchObject({ runs: [], problems: [] });
    // Killed between making the files and filling them.
    for (const name of ['plan.jsonl', 'run.json', 'steps.jsonl']) await writeFile(path.join(half, name), '');
    expect(await journal.openRuns()).toMatchObject({ runs: [], problems: [] });
  });
});

describe('what does not belong among the runs', () => {
  it('is reported, and the others are still listed', async () => {
    const { journal, start } = await setUp();
    const good = await journal.startRun(start, steps);
    await good.close();
    const runs = path.join(journal.folder, 'runs');
    await mkdir(runs);
    await symlink(path.join(runs, 'nowhere'), path.join(runs, '20250101T000000Z-0badf00d'));
    await symlink(good.job.folder, path.join(runs, 'link'));
    await writeFile(path.join(runs, 'notes.txt'), 'x');
    await mkdir(path.join(runs, 'lost+found'));
    const found = await journal.openRuns();
    expect(found.runs.map(({ header }) => header.runId)).toEqual([good.header.runId]);
    expect(found.problems.map(({ code, file }) => [code, path.basename(file ?? '')])).toEqual([
      ['journal-damaged', '20250101T000000Z-0badf00d'],
      ['journal-damaged', 'link'],
      ['journal-damaged', 'lost+found'],
      ['journal-damaged', 'notes.txt'],
    ]);
    expect(await journal.tidy(-1, Infinity)).toEqual([]);
    expect((await readdir(runs)).length).toBe(4);
  });
});

describe('the copy of a run', () => {
  const copies = [
    ['beside one of the version before', 'runs', '20250304T050607Z-0000beef copy'],
    ['with a mark of its own', 'jobs', '99'],
  ] as const;
  it.each(copies)('%s is told of, and the run is listed and finished once', async (_, kind, name) => {
    const { journal, start } = await setUp();
    const run = await journal.startRun(start, steps);
    await run.recordDone('dataset', { pid: '20.500/abc' });
    await run.close();
    const is =
      kind === 'runs' ? await asOlder(journal, run.job.folder) : { name: run.header.runId, folder: run.job.folder };
    const copy = path.join(journal.folder, kind, name);
    await cp(is.folder, copy, { recursive: true });
    if (kind === 'jobs') await writeFile(path.join(journal.folder, 'open', name), '');
    const { runs, problems } = await journal.openRuns();
    expect(runs.map(({ header }) => header.runId)).toEqual([is.name]);
    const file = path.join(copy, 'run.json');
    expect(problems).toMatchObject([{ code: 'journal-damaged', severity: 'warning', file }]);
    expect(problems[0]?.message).toContain(`is the record of job ${is.name} and not of job ${name}`);
    await (await resume(journal, is.name)).finish('done');
    expect((await journal.openRuns()).runs).toEqual([]);
  });
});

describe('tidying', () => {
  it('deletes finished runs that are old, and keeps the others', async () => {
    const { journal, start } = await setUp();
    const finished = await journal.startRun(start, steps);
    await finished.finish('done');
    const open = await journal.startRun(start, steps);
    await open.close();
    const half = path.join(journal.folder, 'runs', unbegun);
    await mkdir(half, { recursive: true });
    await utimes(half, 0, 0);
    expect(await journal.tidy(1)).toEqual([unbegun]);
    expect(await journal.tidy(-1)).toEqual([finished.header.runId]);
    expect((await journal.openRuns()).runs.map(({ header }) => header.runId)).toEqual([open.header.runId]);
  });

  it('does a little at a time, whatever has gathered', async () => {
    const { journal } = await setUp();
    const day = path.join(journal.folder, 'finished', '2025-01-02');
    for (let index = 0; index < 4; index++) await mkdir(path.join(day, `run-${index}`), { recursive: true });
    const ended = path.join(journal.folder, 'ended', '2025-01-02');
    await mkdir(ended, { recursive: true });
    for (let id = 1; id <= 3; id++) {
      await writeFile(path.join(ended, String(id)), '');
      await mkdir(path.join(journal.folder, 'jobs', String(id)), { recursive: true });
    }
    const deleted = [];
    for (let turn = 0; turn < 4; turn++) deleted.push((await journal.tidy(30, 3)).length);
    expect(deleted).toEqual([3, 3, 1, 0]);
    for (const name of ['finished', 'ended', 'jobs'])
      expect(await readdir(path.join(journal.folder, name)), name).toEqual([]);
  });
});

describe('the time of an ingestion', () => {
  /** What an ingestion does with the journal. */
  async function once(journal: Journal, start: RunStart): Promise<number> {
    const before = performance.now();
    await journal.openRuns();
    await (await journal.startRun(start, steps)).finish('done');
    await journal.tidy();
    return performance.now() - before;
  }

  it('does not depend on how many there were', async () => {
    const { journal, start } = await setUp();
    const few: number[] = [];
    const many: number[] = [];
    const empty = new Journal({ folder: `${journal.folder}-empty` });
    for (let index = 0; index < 5000; index++) {
      const day = new Date(Date.now() - (index % 20) * 86_400_000).toISOString().slice(0, 10);
      await mkdir(path.join(journal.folder, 'ended', day), { recursive: true });
      await mkdir(path.join(journal.folder, 'jobs', String(index + 1)), { recursive: true });
      await writeFile(path.join(journal.folder, 'ended', day, String(index + 1)), '');
    }
    for (let turn = 0; turn < 7; turn++) {
      few.push(await once(empty, start));
      many.push(await once(journal, start));
    }
    // The quickest, because a busy machine makes some of them slow; looking at each run would take a hundred times as long.
    expect(Math.min(...many)).toBeLessThan(3 * Math.min(...few) + 5);
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

  it('is the same by every name of the file', async () => {
    const { journal, dataFile } = await setUp();
    const folder = path.dirname(dataFile);
    await symlink(folder, path.join(folder, 'other'));
    await symlink(dataFile, path.join(folder, 'link.hdf'));
    await link(dataFile, path.join(folder, 'hard.hdf'));
    const held = await journal.lockDataFile(dataFile, host);
    for (const name of ['other/run.hdf', 'link.hdf', 'hard.hdf', './run.hdf']) {
      const file = `${folder}/${name}`;
      await expect(journal.lockDataFile(file, host), name).rejects.toMatchObject({ code: 'journal-busy' });
    }
    await held.release();
  });

  it.each(['/proc/imsc/journal', '/dev/null/journal', 'run.hdf/journal'])(
    'in a folder that cannot be made is a problem of its own: %s',
    async (name) => {
      const { dataFile } = await setUp();
      const journal = new Journal({ folder: path.resolve(path.dirname(dataFile), name) });
      await expect(journal.lockDataFile(dataFile, host)).rejects.toMatchObject({ code: 'journal-unwritable' });
    },
  );

  it('of a killed process is taken over at once', async () => {
    const { journal, dataFile } = await setUp();
    const program = path.join(journal.folder, 'hold.mjs');
    await build({
      stdin: {
        contents: `import { Journal } from './core/jobs/store/journal.ts';
          const [folder, file, host] = process.argv.slice(2);
          await new Journal({ folder }).lockDataFile(file, host);
          setInterval(() => undefined, 1000);
          console.log('held');`,
        resolveDir: path.resolve(import.meta.dirname, '../../../..'),
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

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifyDataFile } from '../../../../core/files/dataFileIdentity.ts';
import type { Plan } from '../../../../core/ingest/plan/plan.ts';
import { stepsOf } from '../../../../core/ingest/plan/planSteps.ts';
import type { JobNews } from '../../../../core/jobs/events.ts';
import { execute } from '../../../../core/jobs/steps/load.ts';
import type { ExecuteOptions } from '../../../../core/jobs/steps/load.ts';
import { Journal } from '../../../../core/jobs/store/journal.ts';
import { createScicatClient } from '../../../../core/scicat/client.ts';
import type { ScicatClient } from '../../../../core/scicat/client.ts';
import { ScicatError } from '../../../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../../../core/scicat/errors.ts';
import { describeNothing, fileEntries, planOf } from '../../../support/plans.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const files = { entries: fileEntries(5), describe: describeNothing };

/** Carries out five files in two blocks with a SciCat that answers like this. */
async function run(answers: Partial<ScicatClient>, options: ExecuteOptions = {}, more: Partial<Plan> = {}) {
  const folder = await newFolder();
  const dataFile = path.join(folder, 'data.nxs');
  await writeFile(dataFile, '');
  const plan = planOf(dataFile, more);
  const journal = new Journal({ folder: path.join(folder, 'journal') });
  const start = { planId: 'p/1', host: plan.host, configFile: undefined, dataFile: await identifyDataFile(dataFile) };
  const news: JobNews[] = [];
  journal.stream.listen((told) => news.push(told));
  const opened = await journal.startRun(start, stepsOf(plan, files));
  const unused = createScicatClient({ baseUrl: plan.host, fetch: () => Promise.reject(new Error('not to be used')) });
  const client: ScicatClient = {
    ...unused,
    createDataset: (bodyText) => Promise.resolve({ pid: 'p/1', bodyText }),
    createOrigDatablock: () => Promise.resolve(),
    ...answers,
  };
  const result = await execute(opened, client, { attempts: 2, firstDelay: 0, delayAfterTimeout: 0, ...options });
  await opened.close();
  return { ...result, news, message: result.problems[0]?.message ?? '', code: result.problems[0]?.code };
}

const failing = (kind: ScicatErrorKind) => () => Promise.reject(new ScicatError(kind, `It is ${kind}.`));

/** Whether trying again may help. */
const kinds: readonly (readonly [kind: ScicatErrorKind, mayWorkLater: boolean])[] = [
  ['forbidden', false],
  ['not-found', false],
  ['conflict', false],
  ['invalid', false],
  ['moved', false],
  ['unauthorized', true],
  ['session-expired', true],
  ['rate-limited', true],
];

describe('what SciCat refuses', () => {
  it.each(kinds)('of the dataset as %s: nothing was sent, and later it may work: %j', async (kind, mayWorkLater) => {
    const result = await run({ createDataset: failing(kind) });
    expect(result).toMatchObject({ outcome: 'failed', nothingSent: true, mayWorkLater, pid: undefined, filesSent: 0 });
    expect(result.message).toMatch(/^SciCat failed while creating the dataset: It is .*\. No dataset was created\./);
    expect(result.message.endsWith('“imsc resume” goes on from here.')).toBe(mayWorkLater);
  });

  it.each(kinds)('of the second block as %s: it is told what SciCat holds', async (kind, mayWorkLater) => {
    let blocks = 0;
    const result = await run({ createOrigDatablock: () => (blocks++ === 0 ? Promise.resolve() : failing(kind)()) });
    expect(result).toMatchObject({ outcome: 'failed', nothingSent: false, mayWorkLater, pid: 'p/1', blocksSent: 1, filesSent: 3 }); // prettier-ignore
    expect(result.message).toContain('SciCat failed while sending origDatablock 2: ');
    expect(result.message).toContain('The dataset p/1 is in SciCat with 3 of its files.');
  });
});

describe('a dataset whose answer did not come', () => {
  const lost = { createDataset: failing('timeout'), datasetExists: () => Promise.resolve('exists' as const) };
  it.each([
    [true, 'ingested', undefined, ''],
    [false, 'failed', 'scicat', 'The dataset p/1 was in SciCat before.'],
    [undefined, 'failed', 'unclear-step', 'It is not known whether creating the dataset worked'],
  ])('and that is ours: %j', async (isOurs, outcome, code, says) => {
    const result = await run({ ...lost, isDatasetMadeOf: () => Promise.resolve(isOurs) });
    expect([result.outcome, result.code]).toEqual([outcome, code]);
    expect(result.message).toContain(says);
    if (code === 'unclear-step') expect(result.message).not.toContain('--pid');
  });

  it('is ours where its pid was free', async () => {
    expect((await run(lost, {}, { pidWasFree: true })).outcome).toBe('ingested');
  });

  it.each<[string, readonly { readonly pid: string }[] | undefined, number, string | undefined]>([
    ['none', [], 2, undefined],
    ['one', [{ pid: 'q' }], 1, undefined],
    ['several', [{ pid: 'q' }, { pid: 'r' }], 1, 'unclear-step'],
    ['what it may not see', undefined, 1, 'unclear-step'],
  ])('without a pid is looked for: there is %s', async (_title, found, sent, code) => {
    let asked = 0;
    const createDataset = (bodyText: string) =>
      asked++ === 0 ? failing('timeout')() : Promise.resolve({ pid: 'new', bodyText });
    const result = await run({ createDataset, findDatasetsLike: () => Promise.resolve(found) }, {}, { pid: undefined });
    expect([asked, result.code]).toEqual([sent, code]);
    if (code === undefined) expect(result.pid).toBe(found?.[0]?.pid ?? 'new');
    else expect(result.message).toContain('--assume-done --pid PID');
  });
});

describe('carrying out', () => {
  it('tells its progress, and what was sent', async () => {
    const blocks: number[] = [];
    const result = await run(
      {},
      {
        onBlock: ({ paths }) => (blocks.push(paths.length), Promise.resolve()),
      },
    );
    expect(result).toMatchObject({ outcome: 'ingested', blocksSent: 2, filesSent: 5, problems: [] });
    const told = result.news.flatMap((news) => (news.kind === 'sent' ? [[news.what, news.pid, news.filesSent]] : []));
    expect(told).toEqual([['dataset', 'p/1', 0], ['origdatablock', 'p/1', 3], ['origdatablock', 'p/1', 5]]); // prettier-ignore
    expect(blocks).toEqual([3, 2]);
  });

  it('sends a block that is too large in halves', async () => {
    const sizes: number[] = [];
    const createOrigDatablock = (text: string) => {
      const { dataFileList } = JSON.parse(text) as { dataFileList: unknown[] };
      sizes.push(dataFileList.length);
      return dataFileList.length > 2 ? failing('too-large')() : Promise.resolve();
    };
    expect(await run({ createOrigDatablock })).toMatchObject({ outcome: 'ingested', filesSent: 5, blocksSent: 3 });
    expect(sizes).toEqual([3, 2, 1, 2]);
  });

  it('that is called off says what is there', async () => {
    const controller = new AbortController();
    const createOrigDatablock = () => {
      controller.abort();
      return Promise.resolve();
    };
    const result = await run({ createOrigDatablock }, { signal: controller.signal });
    expect(result.code).toBe('cancelled');
    expect(result.message).toContain('The dataset p/1 is in SciCat with 3 of its files. “imsc resume” finishes it.');
  });
});

/** What the log says of the steps, in its order. */
const stepsIn = (news: readonly JobNews[]): string[] =>
  news.flatMap((told) => (told.kind === 'step' ? [`${told.step} ${told.state}`] : []));

describe('the log', () => {
  it('has each step before it is sent, and when it is done', async () => {
    const { news } = await run({});
    expect(stepsIn(news)).toEqual([
      'dataset started',
      'dataset done',
      'origdatablock-1 started',
      'origdatablock-1 done',
      'origdatablock-2 started',
      'origdatablock-2 done',
    ]);
  });

  it.each(kinds)('says of a dataset that was refused as %s that it was surely not made', async (kind) => {
    const { news } = await run({ createDataset: failing(kind) });
    expect(stepsIn(news)).toEqual(['dataset started', 'dataset planned']);
  });

  it('does not say so where no answer came, and nobody can look', async () => {
    const { news, mayWorkLater } = await run({ createDataset: failing('timeout'), datasetExists: failing('timeout') });
    expect(stepsIn(news)).toEqual(['dataset started']);
    expect(mayWorkLater).toBe(true);
  });
});

describe('a block whose answer did not come', () => {
  const filesOfFirst = ['/data/0', '/data/1', '/data/2'];
  it.each<[string, readonly (readonly string[])[], number]>([
    ['that is there is not sent again', [filesOfFirst], 2],
    ['of which there is only a part is sent again', [filesOfFirst.slice(1)], 3],
    ['that is not there is sent again', [], 3],
  ])('%s', async (_title, there, sent) => {
    let asked = 0;
    const result = await run({
      createOrigDatablock: () => (asked++ === 0 ? failing('timeout')() : Promise.resolve()),
      origDatablocksOf: () => Promise.resolve(there.map((paths) => ({ paths }))),
    });
    expect([asked, result.outcome, result.filesSent]).toEqual([sent, 'ingested', 5]);
  });

  it('and at which this account may not look is for a person', async () => {
    const result = await run({ createOrigDatablock: failing('timeout'), origDatablocksOf: failing('forbidden') });
    expect(result.code).toBe('unclear-step');
    expect(result.message).toContain('The dataset p/1 is in SciCat with 0 of its files.');
    expect(result.message).not.toContain('--pid');
  });
});

it('a list of one file that is too large is not cut any further', async () => {
  const sizes: number[] = [];
  const createOrigDatablock = (text: string) => {
    sizes.push((JSON.parse(text) as { dataFileList: unknown[] }).dataFileList.length);
    return failing('too-large')();
  };
  expect(await run({ createOrigDatablock })).toMatchObject({ outcome: 'failed', mayWorkLater: false, filesSent: 0 });
  expect(sizes).toEqual([3, 2, 1]);
});

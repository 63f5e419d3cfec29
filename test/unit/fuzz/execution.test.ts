import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { execute } from '../../../core/jobs/steps/load.ts';
import type { ExecutionResult } from '../../../core/jobs/steps/load.ts';
import { stepsOf } from '../../../core/ingest/plan/planSteps.ts';
import { isIngestionStep } from '../../../core/jobs/resuming/takeUp.ts';
import { Journal } from '../../../core/jobs/store/journal.ts';
import { identifyDataFile } from '../../../core/files/dataFileIdentity.ts';
import type { ScicatClient } from '../../../core/scicat/client.ts';
import { createScicatClient } from '../../../core/scicat/client.ts';
import { ScicatError } from '../../../core/scicat/errors.ts';
import { describeNothing, fileEntries, planOf } from '../../support/plans.ts';
import { fuzzing, patience } from './fuzzing.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-fuzz-'));
const dataFile = path.join(folder, 'data.nxs');
writeFileSync(dataFile, '');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const entries = fileEntries(10);
const plan = planOf(dataFile, { host: 'http://scicat.example/api/v3', pidWasFree: true });

/** What happens to one request: it goes well, or fails or ends the process before or after SciCat did it. */
const fate = fc.tuple(
  fc.constantFrom('well', 'well', 'well', 'server', 'unreachable', 'timeout', 'unsent', 'rate-limited', 'session-expired', 'killed'),
  fc.constantFrom('before', 'after'),
); // prettier-ignore
type Fate = readonly [kind: 'well' | 'server' | 'unreachable' | 'timeout' | 'unsent' | 'rate-limited' | 'session-expired' | 'killed', when: 'before' | 'after']; // prettier-ignore

class Killed extends Error {}

/** A SciCat in a few lines, with the fates of the requests to come. */
class SmallScicat {
  readonly datasets: string[] = [];
  readonly blocks: (readonly string[])[] = [];
  readonly fates: Fate[];
  readonly mayRead: boolean;

  constructor(fates: readonly Fate[], mayRead: boolean) {
    this.fates = [...fates];
    this.mayRead = mayRead;
  }

  client(): ScicatClient {
    const unused = createScicatClient({ baseUrl: plan.host, fetch: () => Promise.reject(new Error('not to be used')) });
    return {
      ...unused,
      createDataset: (body) =>
        this.meet(() => {
          if (this.datasets.includes('p/1')) throw new ScicatError('conflict', 'It exists.');
          this.datasets.push('p/1');
          return { pid: 'p/1', bodyText: body };
        }),
      datasetExists: () => this.meet(() => (this.datasets.length > 0 ? 'exists' : 'absent')),
      createOrigDatablock: (body) =>
        this.meet(() => {
          const { dataFileList } = JSON.parse(body) as { dataFileList: { path: string }[] };
          this.blocks.push(dataFileList.map((file) => file.path));
        }),
      origDatablocksOf: () =>
        this.meet(() => {
          if (!this.mayRead) throw new ScicatError('forbidden', 'Unauthorized access');
          return this.blocks.map((paths) => ({ paths }));
        }),
    };
  }

  private async meet<T>(carryOut: () => T): Promise<T> {
    const [kind, when] = this.fates.shift() ?? ['well', 'before'];
    await Promise.resolve();
    if (kind === 'well') return carryOut();
    // Refusals come before anything is done.
    if (kind === 'unsent') throw new ScicatError('unreachable', 'nobody there', { isUnsent: true });
    if (kind === 'rate-limited' || kind === 'session-expired') throw new ScicatError(kind, 'refused');
    if (when === 'after') carryOut();
    if (kind === 'killed') throw new Killed();
    throw new ScicatError(kind, 'no answer');
  }

  /** Whether the first block that the journal has not as done is there. */
  has(index: number): boolean {
    return this.blocks.length > index;
  }
}

let journals = 0;

async function run(fates: readonly Fate[], mayRead: boolean): Promise<void> {
  const scicat = new SmallScicat(fates, mayRead);
  const journal = new Journal({ folder: path.join(folder, `journal-${journals++}`) });
  const start = { planId: 'p/1', host: plan.host, configFile: undefined, dataFile: await identifyDataFile(dataFile) };
  const first = await journal.startRun(start, stepsOf(plan, { entries, describe: describeNothing }));
  const { runId } = first.header;
  await first.close();
  let decision: 'stop' | 'count as done' | 'send again' = 'stop';
  let result: ExecutionResult | undefined;
  // Each run uses up a fate at least.
  for (let runs = 0; result?.outcome !== 'ingested'; runs++) {
    assert(runs <= 3 * fates.length + 3, 'It never ends.');
    const taken = await journal.resumeRun(runId, isIngestionStep);
    assert('run' in taken);
    const unclearSteps = decision;
    decision = 'stop';
    try {
      result = await execute(taken.run, scicat.client(), {
        attempts: 3,
        firstDelay: 0,
        delayAfterTimeout: 0,
        unclearSteps,
      });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    const done = [1, 2, 3, 4].filter((number) => taken.run.stateOf(`origdatablock-${number}`) === 'done').length;
    // A process that is killed closes nothing, but its end frees what it held.
    await taken.run.close();
    if (result?.problems[0]?.code === 'unclear-step') {
      assert(!mayRead, 'An account that may look need not ask.');
      decision = scicat.has(done) ? 'count as done' : 'send again';
    }
  }
  expect(scicat.datasets).toEqual(['p/1']);
  expect(scicat.blocks.map((paths) => paths.length)).toEqual([3, 3, 3, 1]);
  expect(new Set(scicat.blocks.flat()).size).toBe(entries.length);
}

test('ingestions that are interrupted in any way, any number of times', { timeout: patience }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(fate, { maxLength: 14 }), fc.boolean(), run), fuzzing(100));
});

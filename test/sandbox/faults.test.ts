import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, describe, expect, test } from 'vitest';
import type { Fault, Sandbox, SandboxAccount, SandboxVersion } from '../../sandbox/sandbox.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import {
  catalogued,
  complete,
  makeMeasurement,
  newJournal,
  runIngest,
  runResume,
  timeoutSeconds,
} from './faultyIngestion.ts';
import type { Measurement, RunOptions } from './faultyIngestion.ts';

interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
}

const late = timeoutSeconds * 1000 + 200;
const faults: readonly FaultCase[] = [
  { name: 'No answer in time', fault: { kind: 'latency', milliseconds: late } },
  { name: '500, nothing was done', fault: { kind: 'error-before' } },
  { name: '500, although it was done', fault: { kind: 'error-after' } },
  { name: '429 with Retry-After', fault: { kind: 'rate-limit', retryAfterSeconds: 0.02 } },
  { name: '502 with a web page of a proxy', fault: { kind: 'proxy-html' } },
  { name: '200 with a web page of a proxy', fault: { kind: 'proxy-html', status: 200 } },
  { name: 'Connection reset, nothing was done', fault: { kind: 'reset-before' } },
  { name: 'Connection reset, although it was done', fault: { kind: 'reset-after' } },
  { name: 'The answer is cut short', fault: { kind: 'cut' } },
  { name: 'The token expires', fault: { kind: 'expire-tokens' } },
];

/** The two ways in which SciCat adds up sizes: it recomputes them, or it adds to what is there. */
const versions: readonly SandboxVersion[] = ['5.2', 'master'];

/** Reads the proposal, and creates datasets that it may not read back. */
const privileged: SandboxAccount = {
  username: 'privileged',
  password: 'sandbox',
  email: 'privileged@sandbox.example',
  groups: ['ingestor'],
  profile: 'privileged',
};
const admin: SandboxAccount = { ...privileged, username: 'admin', profile: 'admin' };

const filesPerBlock = 7000;
const many = makeMeasurement(20_000);
const few = makeMeasurement(7);
afterAll(() => {
  many.remove();
  few.remove();
}, 60_000);

/** The dataset, and an origDatablock for each so many files. */
const writesOf = ({ moreFiles }: Measurement, perBlock: number): number =>
  1 + Math.ceil((moreFiles.length + 1) / perBlock);

async function withSandbox<T>(version: SandboxVersion, run: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = await startSandbox({ version, accounts: [admin, privileged] });
  try {
    return await run(sandbox);
  } finally {
    await sandbox.close();
  }
}

/** Calls `strike` before a write is sent for the first time, with the number of the write: 0 is the dataset. */
function strikingAtWrites(sandbox: Sandbox, strike: (write: number) => void) {
  const seen = new Set<number>();
  const before = (): void => {
    const isDataset = sandbox.documents('datasets').length === 0;
    const write = isDataset ? 0 : 1 + sandbox.documents('origdatablocks').length;
    if (seen.has(write)) return;
    seen.add(write);
    strike(write);
  };
  return (client: ScicatClient): ScicatClient => ({
    ...client,
    createDataset: (body) => {
      before();
      return client.createDataset(body);
    },
    createOrigDatablock: (body) => {
      before();
      return client.createOrigDatablock(body);
    },
  });
}

const codesOf = (problems: readonly { readonly code: string; readonly severity: string }[]): string[] =>
  problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);

/** What became of each fault, for the table in docs/reliability.md. */
const outcomes = new Map<string, Map<string, string>>();
function note(fault: string, column: string, outcome: string): void {
  const row = outcomes.get(fault) ?? new Map<string, string>();
  outcomes.set(fault, row);
  const before = row.get(column);
  // Both ways of adding up sizes have the same outcome, or it is not worth a table.
  if (before !== undefined) expect(outcome, `${fault}, ${column}`).toBe(before);
  row.set(column, outcome);
}

describe.each(versions)('20,000 files, SciCat %s', (version) => {
  const measurement = many;
  const writes = writesOf(measurement, filesPerBlock);

  test.each(faults)('$name, once at each write: nothing doubled, nothing missing', async ({ name, fault }) => {
    await withSandbox(version, async (sandbox) => {
      let struck = 0;
      const client = strikingAtWrites(sandbox, () => {
        struck += 1;
        sandbox.faults.add({ ...fault, method: 'POST' });
      });
      const options: RunOptions = { sandbox, measurement, client, journal: newJournal(measurement) };
      const report = await runIngest(options);
      let ended = report.outcome as string;
      let runs = 0;
      for (; ended !== 'ingested' && runs < writes; runs++) {
        ended = (await runResume({ ...options, token: sandbox.tokenOf('admin') }))?.outcome ?? 'nothing to resume';
      }
      expect(struck).toBe(writes);
      expect(ended).toBe('ingested');
      expect(catalogued(sandbox)).toEqual(complete(measurement));
      note(name, 'once', runs === 0 ? 'ingested in the same run' : 'stops each time; `imsc resume` with a new token goes on'); // prettier-ignore
    });
  });

  test.each(faults)(
    '$name, from each write on, then resumed: nothing doubled, nothing missing',
    async ({ name, fault }) => {
      await withSandbox(version, async (sandbox) => {
        const journal = newJournal(measurement);
        const stops: string[] = [];
        let ended: string | undefined;
        for (let stage = 0; stage < writes; stage++) {
          // Each run comes as far as one write more.
          const client = strikingAtWrites(sandbox, (write) => {
            if (write === stage) sandbox.faults.add({ ...fault, times: fault.kind === 'expire-tokens' ? 1 : Infinity });
          });
          const token = sandbox.tokenOf('admin');
          const options: RunOptions = { sandbox, measurement, client, token, journal, execution: { attempts: 2 } };
          const run = stage === 0 ? await runIngest(options) : await runResume(options);
          sandbox.faults.clear();
          ended = run?.outcome;
          stops.push(...codesOf(run?.problems ?? []));
          expect(ended).toBe('failed');
        }
        const last = await runResume({ sandbox, measurement, journal, token: sandbox.tokenOf('admin') });
        expect(last).toMatchObject({ outcome: 'ingested', problems: [] });
        expect(catalogued(sandbox)).toEqual(complete(measurement));
        expect(await runResume({ sandbox, measurement, journal })).toBeUndefined();
        expect(new Set(stops)).toEqual(new Set(['scicat']));
        note(name, 'lasting', `stops at each of the ${writes} writes and says so; \`imsc resume\` finishes`);
      });
    },
  );
});

describe('while SciCat is only read', () => {
  const reads = ['get', 'datasetExists', 'findDatasetsByMetadata'] as const;

  /** Calls `strike` before each question. */
  const strikingAtReads =
    (strike: (read: (typeof reads)[number]) => void) =>
    (client: ScicatClient): ScicatClient => ({
      ...client,
      get: (url) => {
        strike('get');
        return client.get(url);
      },
      datasetExists: (pid) => {
        strike('datasetExists');
        return client.datasetExists(pid);
      },
      findDatasetsByMetadata: (key, value) => {
        strike('findDatasetsByMetadata');
        return client.findDatasetsByMetadata(key, value);
      },
    });

  const cases = reads.flatMap((read) => [1, Infinity].map((times) => ({ read, times })));

  test.each(faults)('$name: tried again, or nothing is sent', async ({ name, fault }) => {
    const outcomes: string[] = [];
    for (const { read, times } of cases) {
      await withSandbox('master', async (sandbox) => {
        const client = strikingAtReads((asked) => {
          if (asked === read) sandbox.faults.add({ ...fault, times: fault.kind === 'expire-tokens' ? 1 : times });
        });
        const journal = newJournal(few);
        const options = { sandbox, measurement: few, journal };
        const first = await runIngest({
          ...options,
          client,
          token: sandbox.tokenOf('admin'),
          execution: { attempts: 2 },
        });
        sandbox.faults.clear();
        outcomes.push(first.outcome);
        if (first.outcome === 'failed') expect(codesOf(first.problems)).not.toEqual([]);
        // Then all is well again: ingested, or there already.
        const again = await runIngest({ ...options, token: sandbox.tokenOf('admin') });
        expect(codesOf(again.problems)).toEqual([]);
        expect(catalogued(sandbox)).toEqual(complete(few));
      });
    }
    const once = outcomes.filter((_, index) => cases[index]?.times === 1);
    expect(new Set(once).size).toBe(1);
    expect(outcomes.filter((_, index) => cases[index]?.times === Infinity)).not.toContain('ingested');
    note(name, 'reading', once[0] === 'failed' ? 'stops and says so' : 'asked again; if it lasts, stops and says so');
  });

  test('a dataset of somebody else is not taken for one that this run has made', async () => {
    await withSandbox('master', async (sandbox) => {
      await runIngest({ sandbox, measurement: few, journal: newJournal(few), account: 'privileged' });
      const journal = newJournal(few);
      const client = strikingAtReads((asked) => {
        if (asked === 'datasetExists') sandbox.faults.add({ kind: 'error-before', times: Infinity });
      });
      const options = { sandbox, measurement: few, journal };
      await runIngest({ ...options, client, execution: { attempts: 2 } });
      sandbox.faults.clear();
      const resumed = await runResume(options);
      expect(resumed).toMatchObject({ outcome: 'failed', nothingSent: true });
      expect(resumed?.problems[0]?.message).toContain('was in SciCat before');
      expect((await runIngest(options)).outcome).toBe('already-present');
      expect(catalogued(sandbox)).toEqual(complete(few));
    });
  });
});

describe.each(versions)('an account that may not read back what it wrote, SciCat %s', (version) => {
  const perBlock = 3;
  const measurement = few;
  const writes = writesOf(measurement, perBlock);

  test.each(faults)('$name, once at each write: the journal decides, or a person', async ({ name, fault }) => {
    await withSandbox(version, async (sandbox) => {
      const asked: string[] = [];
      const client = strikingAtWrites(sandbox, () => {
        sandbox.faults.add({ ...fault, method: 'POST' });
      });
      const options = (): RunOptions & { readonly journal: typeof journal } => ({
        sandbox,
        measurement,
        client,
        journal,
        token: sandbox.tokenOf('privileged'),
        overrides: { 'ingestion.max_files_per_block': String(perBlock) },
      });
      const journal = newJournal(measurement);
      const first = await runIngest(options());
      let outcome: string = first.outcome;
      let unclear = codesOf(first.problems).includes('unclear-step');
      const messages = first.problems.map(({ message }) => message);
      for (let runs = 0; outcome !== 'ingested' && runs <= 2 * writes; runs++) {
        // Without an answer to the question nothing is sent.
        if (unclear) {
          const before = catalogued(sandbox);
          const stopped = await runResume(options());
          expect(codesOf(stopped?.problems ?? [])).toEqual(['unclear-step']);
          expect(catalogued(sandbox)).toEqual(before);
        }
        const done = (await blocksInJournal(journal)) < sandbox.documents('origdatablocks').length;
        if (unclear) asked.push(done ? 'done' : 'not done');
        const run = await runResume({
          ...options(),
          execution: { unclearSteps: unclear ? (done ? 'count as done' : 'send again') : 'stop' },
        });
        outcome = run?.outcome ?? 'nothing to resume';
        unclear = codesOf(run?.problems ?? []).includes('unclear-step');
        messages.push(...(run?.problems ?? []).map(({ message }) => message));
      }
      expect(outcome).toBe('ingested');
      expect(catalogued(sandbox)).toEqual(complete(measurement));
      if (asked.length > 0) expect(messages.join('\n')).toMatch(/--assume-done.*--send-again/s);
      const asks = 'the dataset is looked up; at an origDatablock it stops and asks a person';
      note(name, 'privileged', asked.length > 0 ? asks : 'goes on as above: it is known that nothing was done');
    });
  });

  async function blocksInJournal(journal: ReturnType<typeof newJournal>): Promise<number> {
    const { runs } = await journal.openRuns();
    const records = [...(runs.at(-1)?.records ?? [])];
    return records.filter(([id, { state }]) => id.startsWith('origdatablock') && state === 'done').length;
  }
});

const columns = {
  once: 'Once, at each write',
  lasting: 'From each write on, until it is over',
  reading: 'While SciCat is only read',
  privileged: 'Account that may not read what it writes',
};

test('docs/reliability.md says what becomes of each fault', async ({ skip }) => {
  const isWhole =
    outcomes.size === faults.length && [...outcomes.values()].every((row) => row.size === Object.keys(columns).length);
  skip(!isWhole, 'not all of them were tried');
  const rows = faults.map(({ name }) => [name, ...Object.keys(columns).map((column) => outcomes.get(name)?.get(column) ?? '')]); // prettier-ignore
  const table = [['Fault', ...Object.values(columns)], ['---', ...Object.keys(columns).map(() => '---')], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
  const page = path.resolve(import.meta.dirname, '../../docs/reliability.md');
  const marked = /(<!-- faults: begin[^>]*-->\n)([\s\S]*?)(\n<!-- faults: end -->)/;
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  if (process.env['UPDATE_DOCS'] === '1') {
    const renewed = text.replace(marked, (_, begin: string, __: string, end: string) => `${begin}\n${table}\n${end}`);
    writeFileSync(page, await format(renewed, { ...(await resolveConfig(page)), parser: 'markdown' }));
    return;
  }
  const bare = (written: string): string => written.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();
  const there = bare(marked.exec(text)?.[2] ?? '');
  expect(there, 'stale; run: UPDATE_DOCS=1 npx vitest run --project sandbox').toBe(bare(table));
});

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../core/config/config.ts';
import type { Config } from '../../core/config/config.ts';
import { Journal } from '../../core/jobs/store/journal.ts';
import { takeUp } from '../../core/jobs/resuming/takeUp.ts';
import { hasSent } from '../../core/jobs/store/jobRecord.ts';
import type { TakeUpOptions } from '../../core/jobs/resuming/takeUp.ts';
import type { ExecuteOptions, ExecutionResult } from '../../core/jobs/steps/load.ts';
import type { IngestionReport } from '../../core/jobs/report/report.ts';
import { executeAndClose } from '../../core/jobs/carryOutRun.ts';
import { ingest } from '../../core/jobs/runJob.ts';
import type { IngestionOptions } from '../../core/jobs/runJob.ts';
import { createScicatClient } from '../../core/scicat/client.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');

/** A measurement with many files, made once for many ingestions. */
export interface Measurement {
  readonly folder: string;
  readonly dataFile: string;
  readonly moreFiles: readonly string[];
  /** Bytes of the data file and all others. */
  readonly bytes: number;
  readonly remove: () => void;
}

/** The sample of CODA with `count` small files beside it. */
export function makeMeasurement(count: number): Measurement {
  const folder = mkdtempSync(path.join(tmpdir(), 'imsc-faults-'));
  cpSync(path.join(samples, 'data/coda'), path.join(folder, 'coda'), { recursive: true });
  const frames = path.join(folder, 'coda/2025/443604/frames');
  mkdirSync(frames);
  let bytes = 28_159;
  const moreFiles = Array.from({ length: count }, (_, index) => {
    const file = path.join(frames, `${String(index).padStart(6, '0')}.dat`);
    writeFileSync(file, 'x'.repeat(index % 5));
    bytes += index % 5;
    return file;
  });
  return {
    folder,
    dataFile: path.join(folder, 'coda/2025/443604/raw/443604_00001017.nxs'),
    moreFiles,
    bytes,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface RunOptions {
  readonly sandbox: Sandbox;
  readonly measurement: Measurement;
  readonly journal: Journal;
  /** Default: an account that may do everything. */
  readonly account?: string;
  readonly token?: string;
  readonly overrides?: Readonly<Record<string, string>>;
  /** Wraps what speaks with SciCat. */
  readonly client?: (client: ScicatClient) => ScicatClient;
  readonly execution?: Omit<ExecuteOptions, 'onProgress' | 'signal'> & Pick<IngestionOptions, 'confirm'>;
  readonly keepLists?: boolean;
  readonly signal?: AbortSignal;
}

/** Seconds after which an answer is not waited for any more. */
export const timeoutSeconds = 0.4;

const quick = { attempts: 4, firstDelay: 2, delayAfterTimeout: 5 };

export function newJournal({ folder }: Measurement): Journal {
  return new Journal({ folder: mkdtempSync(path.join(folder, 'journal-')) });
}

export function configOf({ sandbox, overrides = {} }: RunOptions, token: string): Config {
  const { config, problems } = loadConfig({
    file: path.join(samples, 'config.yml'),
    overrides: {
      'scicat.host': sandbox.baseUrl,
      'ingestion.max_files_per_block': '7000',
      'ingestion.file_handling.compute_file_hash': 'false',
      'ingestion.file_handling.save_file_hash': 'false',
      ...overrides,
    },
    env: { SCICAT_TOKEN: token },
  });
  const [wrong] = problems.filter(({ severity }) => severity === 'error');
  if (wrong) throw new Error(wrong.message);
  return config;
}

function clientFor({ sandbox, client: wrap = (client) => client }: RunOptions, token: string): ScicatClient {
  const retry = { tries: 2, firstDelaySeconds: 0.001, maxDelaySeconds: 1 };
  return wrap(createScicatClient({ baseUrl: sandbox.baseUrl, token, timeoutSeconds, retry }));
}

const tokenOf = ({ sandbox, account, token }: RunOptions): string =>
  token ?? (account === undefined ? sandbox.token : sandbox.tokenOf(account));

/** `imsc ingest`, in this process. */
export function runIngest(options: RunOptions): Promise<IngestionReport> {
  const token = tokenOf(options);
  const { keepLists, signal, measurement } = options;
  const { dataFile } = measurement;
  const common = { dataFile, config: configOf(options, token), moreFiles: [measurement.moreFiles], keepLists, signal };
  const request = { ...common, client: clientFor(options, token) };
  return ingest(request, options.journal, { ...quick, ...options.execution });
}

/** `imsc resume`, in this process: the one run that is not finished. */
export async function runResume(options: RunOptions & TakeUpOptions): Promise<ExecutionResult | undefined> {
  const { runs } = await options.journal.openRuns();
  const [entry] = runs.filter(({ header }) => header.finished === undefined);
  if (!entry) return undefined;
  const taken = await takeUp(options.journal, entry, options);
  if ('problem' in taken) {
    const { problem } = taken;
    return { outcome: 'failed', nothingSent: !hasSent(entry), mayWorkLater: true, pid: undefined, blocksSent: 0, filesSent: 0, refused: [], problems: [problem] }; // prettier-ignore
  }
  return executeAndClose(taken.run, clientFor(options, tokenOf(options)), { ...quick, ...options.execution });
}

/** What stands in SciCat, as far as something could be doubled, missing or miscounted. */
export interface Catalogued {
  readonly datasets: number;
  /** Files that are listed, each as often as it is. */
  readonly files: number;
  readonly distinctFiles: number;
  readonly numberOfFiles: unknown;
  readonly size: unknown;
}

export function catalogued(sandbox: Sandbox): Catalogued {
  const paths = sandbox.documents('origdatablocks').flatMap(({ dataFileList }) => {
    return (dataFileList as { path: string }[]).map((file) => file.path);
  });
  const datasets = sandbox.documents('datasets');
  return {
    datasets: datasets.length,
    files: paths.length,
    distinctFiles: new Set(paths).size,
    numberOfFiles: datasets[0]?.['numberOfFiles'],
    size: datasets[0]?.['size'],
  };
}

/** What stands in SciCat when all is well. */
export function complete({ moreFiles, bytes }: Measurement): Catalogued {
  const files = moreFiles.length + 1;
  return { datasets: 1, files, distinctFiles: files, numberOfFiles: files, size: bytes };
}

import path from 'node:path';
import { failureReason } from '../../files/failureReason.ts';
import { pathBelow } from '../../files/pathlibPath.ts';
import { readSmallFile } from '../../files/smallFile.ts';
import { filesBeside } from '../../ingest/plan/dataFileList.ts';
import { prepareIngestion } from '../../ingest/prepare.ts';
import type { IngestionRequest } from '../../ingest/prepare.ts';
import { chooseDataFile, choosePayload } from '../../ingest/sources/payload.ts';
import { readMetadataFile } from '../../packages/metadata/metadataFile.ts';
import { walkFolder } from '../../packages/walk.ts';
import { problem } from '../../problems/problem.ts';
import { details, publishedOf } from '../job.ts';
import type { Findings, JobRecord } from '../job.ts';
import { waitsForRetry } from '../retry.ts';
import type { LockOptions } from '../store/lock.ts';
import { madeOfFolder } from '../store/madeFolders.ts';
import { enter } from './enter.ts';
import { rejected } from './rejected.ts';
import type { Payload, Step, Stopped, Work } from './work.ts';

/** Chooses the data file and the schema, reads the one, and asks SciCat, as the other says. */
export const extract: Step = async (work) => {
  const stopped = (await enter(work)) ?? (await describedByFile(work));
  if (stopped) return stopped;
  work.payload ??= await folderPayload(work);
  const request = requestOf(work, work.payload);
  const { job, journal, payload } = work;
  const madeBefore = payload.folder && (await madeOfFolder(journal.store, payload.folder, request.config.scicat.host));
  const isOnlyLook = job.record.kind === 'extraction' || job.record.request.options.dryRun;
  work.prepared = await prepareIngestion({
    ...request,
    ...(madeBefore && { madeBefore }),
    ...(!isOnlyLook && { reserve: (pid) => journal.holdPid(job, pid, request.config.scicat.host, patience(work)) }),
  });
  return undefined;
};

/** What is given stands above what the schema makes. Where each field came from is kept. */
export const merge: Step = async ({ job, prepared }) => {
  if (!prepared?.dataset) return undefined;
  const from = Object.entries(prepared.dataset.provenance).map(([field, origin]) => [field, origin.from] as const);
  await job.notes({ provenance: Object.fromEntries(from) });
  return undefined;
};

/** How long the command line waits for another file with the same pid, in milliseconds. */
const samePidMs = 10_000;
/** Milliseconds until it is looked again whether a dataset that another ingestion may be at is complete. */
const underWayMs = 1000;

/** Judges what came of it: whether SciCat would take it, or has it already. */
export const check: Step = (work) => Promise.resolve(judge(work));

function judge(work: Work): Stopped | undefined {
  const { prepared, problems, job } = work;
  if (!prepared) return { event: { kind: 'fail' } };
  const statusDetail = details([...problems, ...prepared.problems]);
  const findings = { statusDetail, pid: prepared.existing?.pid };
  if (job.record.kind === 'extraction') return undefined;
  switch (prepared.verdict) {
    case 'already-present':
      return { event: { kind: 'finish', outcome: 'already-present' }, findings };
    case 'failed':
      return { event: { kind: 'reject' }, findings };
    case 'unanswered':
      return tryAgain(work, findings);
    case 'under-way':
      // Whoever asked at the command line is told, and looks for themselves.
      if (job.record.protocol === 'command-line') return { event: { kind: 'reject' }, findings };
      return tryAgain(work, findings, underWayMs);
    case 'ready':
      return prepared.plan ? undefined : { event: { kind: 'fail' }, findings };
  }
}

/** Nobody comes back to an ingestion of the command line by itself. */
function patience({ job, signal }: Work): LockOptions {
  return { waitMs: job.record.protocol === 'command-line' ? samePidMs : 0, signal };
}

/** @param firstMs the first pause, in milliseconds; default: that of `waitsForRetry` */
function tryAgain({ job, prepared }: Work, findings: Findings, firstMs?: number): Stopped {
  if (job.record.protocol === 'command-line') return { event: { kind: 'fail' }, findings };
  const waiting = waitsForRetry(job.record, prepared?.problems.at(-1)?.message ?? '', { firstMs });
  return { event: waiting.event, findings: { ...findings, ...waiting.findings } };
}

/** What a metadata file among the data says of the dataset, and of files that must be there. */
async function describedByFile(work: Work): Promise<Stopped | undefined> {
  const { job, problems, signal } = work;
  const { request, staged, given } = job.record;
  if (request.metadataFile === undefined) return undefined;
  const name = path.basename(request.metadataFile);
  let text: string;
  try {
    text = await readSmallFile(request.metadataFile);
  } catch (error) {
    return rejected(work, [problem('package', `${name} cannot be read: ${failureReason(error)}.`)]);
  }
  const files: string[] = [];
  if (staged?.folder !== undefined)
    for await (const { path: file, kind } of walkFolder(staged.folder, signal)) if (kind === 'file') files.push(file);
  const read = readMetadataFile(name, text, files);
  const found = read.findings.map(({ message, severity }) => problem('package', message, undefined, { severity }));
  if (found.some(({ severity }) => severity === 'error')) return rejected(work, found);
  problems.push(...found);
  // The step may be done again.
  const before = (given.deposited ?? []).filter(({ from }) => !from.startsWith(`${name} `));
  await job.notes({ given: { ...given, deposited: [...before, ...read.given] } });
  return undefined;
}

/** The files of a folder that is one dataset: which is the data file, and those that come behind it. */
async function folderPayload({ job, signal, problems, circumstances }: Work): Promise<Payload> {
  const { staged, request } = job.record;
  const folder = staged?.folder ?? '';
  const { leftOut: others = [], metadataFile } = request;
  const named = metadataFile === undefined ? others : [metadataFile, ...others];
  const leftOut = [...named, ...copiesOf(named, job.record)];
  const onProblem = (found: (typeof problems)[number]): number => problems.push(found);
  const payload = choosePayload(folder, { leftOut, signal, onProblem });
  const { dataFile, problems: found } = await chooseDataFile(folder, payload, request.dataFilePattern, signal);
  problems.push(...found);
  await job.notes({ staged: { ...staged, folder, dataFile } });
  // The data file and what is written beside it are listed first.
  const first = await filesBeside({ dataFile }, circumstances.config);
  return { dataFile, folder, moreFiles: choosePayload(folder, { leftOut, besides: first, signal }) };
}

/** Where files of a folder that was copied lie in the copy. */
function copiesOf(files: readonly string[], { request, staged, bag }: JobRecord): string[] {
  const { folder, options } = request;
  if (options.copyTo === undefined || folder === undefined || staged?.folder === undefined) return [];
  const copy = bag === undefined ? staged.folder : path.dirname(staged.folder);
  return files.flatMap((file) => {
    const below = pathBelow(file, folder);
    return below === undefined ? [] : [path.join(copy, below)];
  });
}

/** What is to be prepared. */
export function requestOf({ job, circumstances, signal }: Work, payload: Payload): IngestionRequest {
  const { request, given } = job.record;
  const { config, client, keepLists, schemaFile = request.schemaFile } = circumstances;
  const { dataFile, messageFile, folder, moreFiles } = payload;
  return {
    published: publishedOf(job.record),
    dataFile,
    messageFile,
    folder,
    moreFiles,
    schemaFile,
    given,
    config,
    client,
    keepLists,
    archives: request.options.archives,
    signal,
    onNews: (news) => {
      job.tell(news);
    },
  };
}

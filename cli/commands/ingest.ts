'load later';

import path from 'node:path';
import type { Config } from '../../core/config/configOptions.ts';
import { dryRunHere, failedReport } from '../../core/jobs/dryRun.ts';
import type { IngestionRequest } from '../../core/ingest/prepare.ts';
import { FileError } from '../../core/files/fileError.ts';
import { shareChecksums } from '../../core/files/sharedChecksums.ts';
import type { Given } from '../../core/ingest/dataset/given.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { reportJson } from '../../core/jobs/report/report.ts';
import type { IngestionReport } from '../../core/jobs/report/report.ts';
import type { JobNews } from '../../core/jobs/jobs.ts';
import type { JobStore } from '../../core/jobs/store/openStore.ts';
import type { AskedIngestion } from '../../core/jobs/runJob.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import type { CommandAction, Invocation } from '../command.ts';
import { exitCodeOf, exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { newsPrinter } from '../printNews.ts';
import { printReport } from '../printReport.ts';
import type { Terminal } from '../terminal.ts';
import { archiveNeeds, metadataNamed, notForFolders, openSubject } from '../subject.ts';
import type { OpenSubject } from '../subject.ts';
import { needsDataFile, readSettings } from './settings.ts';

/** `imsc ingest`: the ingestion; with `-d` or `ingestion.dry_run` only what it would do. */
export const ingestCommand: CommandAction = (invocation) => run(invocation, false);

/** `imsc dry-run`. */
export const dryRunCommand: CommandAction = (invocation) => run(invocation, true);

async function run(invocation: Invocation, dryOnly: boolean): Promise<number> {
  // Compiling the HDF5 library is much of the start-up; a quick compiler is better for one file.
  preferQuickStart();
  const { terminal, options } = invocation;
  const { config, dataFiles, problems, isWrong } = readSettings(invocation, true);
  const files = [...new Set(dataFiles.length > 0 ? dataFiles : [config.nexus_file])];
  const missing = [
    ...needsDataFile(config),
    ...(files.length > 1 ? onlyForOne(config, options) : []),
    ...(await notForFolders(files, options['include'])),
    ...(await archiveNeeds(files, { copyTo: options['copyTo'], isDry: dryOnly || config.ingestion.dry_run })),
  ];
  if (isWrong || missing.length > 0) {
    terminal.problems([...problems, ...missing]);
    if (terminal.isJson) await printJson(terminal, failedReport([...problems, ...missing]));
    return exitCodes.usage;
  }
  const metadata = await metadataNamed(options['metadata']);
  if ('problems' in metadata) {
    terminal.problems([...problems, ...metadata.problems]);
    if (terminal.isJson) await printJson(terminal, failedReport([...problems, ...metadata.problems]));
    return exitCodes.usage;
  }
  terminal.problems(problems);
  if (typeof options['shareChecksums'] === 'string') shareChecksums(path.resolve(options['shareChecksums']));
  const signal = interruptSignal();
  const onNews = newsPrinter(terminal);
  const offline = options['offline'] === true;
  const client = offline
    ? undefined
    : (await import('../../core/ingest/sources/connect.ts')).connect(config.scicat, {
        signal,
        onRequest: (line) => {
          onNews({ kind: 'request', line });
        },
      });
  const isDry = dryOnly || config.ingestion.dry_run;
  let opened: Promise<JobStore> | undefined;
  const store = (): Promise<JobStore> => (opened ??= storeFor(invocation, config));
  const one = async (file: string): Promise<IngestionReport> => {
    const report = await reportOn(file, config, client, {
      invocation,
      signal,
      isDry,
      given: { user: metadata.fields },
      onNews,
      store,
    });
    return terminal.isJson ? { ...report, problems: [...problems, ...report.problems] } : report;
  };
  return files.length > 1
    ? batch(terminal, files, { isDry, offline }, one)
    : single(terminal, await one(files[0] ?? ''), offline);
}

async function single(terminal: Terminal, report: IngestionReport, offline: boolean): Promise<number> {
  if (terminal.isJson) await printJson(terminal, report);
  else printReport(terminal, report);
  return exitCodeOf(report.outcome, offline);
}

/** Options that are about one file, given with several. */
function onlyForOne(config: Config, options: Invocation['options']): Problem[] {
  const given = [
    ...(options['include'] === undefined ? [] : ['--include']),
    ...(options['metadata'] === undefined ? [] : ['--metadata']),
    ...(config.done_writing_message_file === '' ? [] : ['--done-writing-message-file']),
  ];
  return given.map((flag) =>
    problem('usage', `${flag} belongs to one data file; ${flag} cannot be given with several.`),
  );
}

/** Several files, one after the other: what can be done is done, whatever becomes of the others. */
async function batch(
  terminal: Terminal,
  files: readonly string[],
  { isDry, offline }: { readonly isDry: boolean; readonly offline: boolean },
  one: (file: string) => Promise<IngestionReport>,
): Promise<number> {
  const counts = { new: 0, present: 0, failed: 0 };
  const count = ({ outcome }: IngestionReport): void => {
    const isFailed = exitCodeOf(outcome, offline) !== exitCodes.done;
    counts[isFailed ? 'failed' : outcome === 'already-present' ? 'present' : 'new'] += 1;
  };
  if (terminal.isJson) {
    async function* document(): AsyncGenerator<string, void> {
      yield '{\n"ingestions": [';
      for (const [index, file] of files.entries()) {
        const report = await one(file);
        count(report);
        yield `${index === 0 ? '' : ','}\n{ "file": ${JSON.stringify(file)}, "report":\n`;
        yield* reportJson(report, (found) => terminal.places.of(found));
        yield '\n}';
        await report.origDatablocks.close();
      }
      yield `\n],\n"summary": ${JSON.stringify(counts)},\n"outcome": "${counts.failed > 0 ? 'failed' : isDry ? 'planned' : 'ingested'}"\n}`;
    }
    await terminal.printPieces(document());
  } else {
    for (const file of files) {
      const report = await one(file);
      count(report);
      if (isDry) terminal.print(file);
      printReport(terminal, report);
    }
    const said = [
      `${counts.new} ${isDry ? 'would be new' : 'new'}`,
      `${counts.present} already there`,
      `${counts.failed} cannot be ingested`,
    ];
    terminal.print(`${files.length} files: ${said.join(', ')}.`);
  }
  return counts.failed > 0 ? exitCodes.failed : exitCodes.done;
}

interface Circumstances {
  readonly invocation: Invocation;
  readonly signal: AbortSignal;
  readonly isDry: boolean;
  readonly given: Given;
  readonly onNews: (news: JobNews) => void;
  /** Where jobs are kept, opened when that is needed. */
  readonly store: () => Promise<JobStore>;
}

/** What becomes of one data file, or of one folder. */
async function reportOn(
  name: string,
  config: Config,
  client: ScicatClient | undefined,
  { invocation: { terminal, options }, signal, isDry, given, onNews, store }: Circumstances,
): Promise<IngestionReport> {
  const include = Array.isArray(options['include'])
    ? options['include'].filter((item) => typeof item === 'string')
    : [];
  const message = config.done_writing_message_file;
  const metadataFile = typeof options['metadata'] === 'string' ? options['metadata'] : undefined;
  const copyTo = typeof options['copyTo'] === 'string' ? options['copyTo'] : undefined;
  let subject: OpenSubject;
  try {
    const looking = { metadataFile, signal, copyTo: isDry ? copyTo : undefined, onNews };
    subject = await openSubject(name, message === '' ? undefined : message, include, config, looking);
  } catch (error) {
    if (signal.aborted) return failedReport([calledOff]);
    if (error instanceof FileError) return failedReport([error.toProblem()]);
    throw error;
  }
  const { problems: leftOut, isRefused, close, ...named } = subject;
  if (isRefused) return failedReport(leftOut);
  const request: Omit<AskedIngestion, 'client'> & Pick<IngestionRequest, 'client'> = {
    ...named,
    include,
    copyTo,
    leftOut: metadataFile === undefined ? [] : [metadataFile],
    given,
    config,
    client,
    schemaFile: typeof options['schema'] === 'string' ? options['schema'] : undefined,
    replace: options['replace'] === true,
    keepLists: terminal.isJson,
    signal,
    onNews,
  };
  if (!isDry) terminal.say(`Ingesting ${name} into ${config.scicat.host}`);
  try {
    const report =
      isDry || !client
        ? await dryRunHere(request, store)
        : await ingestFor({ ...request, client }, await store(), onNews);
    return { ...report, problems: [...report.problems, ...leftOut] };
  } catch (error) {
    if (error instanceof FileError) return failedReport([error.toProblem()]);
    if (!signal.aborted) throw error;
    return failedReport([calledOff]);
  } finally {
    await close();
  }
}

const calledOff = problem('cancelled', 'Cancelled before anything was sent.');

async function printJson(terminal: Terminal, report: IngestionReport): Promise<void> {
  await terminal.printPieces(reportJson(report, (found) => terminal.places.of(found)));
  await report.origDatablocks.close();
}

// What a plain dry run does without is loaded when it is needed.

async function storeFor(invocation: Invocation, config: Config): Promise<JobStore> {
  const { openJobStore } = await import('../jobStore.ts');
  return openJobStore(invocation, config);
}

async function ingestFor(
  request: AskedIngestion,
  store: JobStore,
  onNews: (news: JobNews) => void,
): Promise<IngestionReport> {
  const { ingestHere } = await import('../../core/jobs/runJob.ts');
  return ingestHere(request, store, onNews);
}

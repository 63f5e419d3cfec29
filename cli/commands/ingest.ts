import type { Config } from '../../core/ingest/configOptions.ts';
import { filesBeside } from '../../core/ingest/dataFileList.ts';
import { dryRun, failedReport } from '../../core/ingest/dryRun.ts';
import type { Batches } from '../../core/ingest/expandPaths.ts';
import type { IngestionRequest } from '../../core/ingest/ingestion.ts';
import { problem } from '../../core/imsc/problems.ts';
import type { Problem } from '../../core/imsc/problems.ts';
import { reportJson } from '../../core/ingest/report.ts';
import type { IngestionReport } from '../../core/ingest/report.ts';
import type { IngestionOptions } from '../../core/ingest/runIngestion.ts';
import { preferQuickStart } from '../../core/nexus/h5wasm.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import type { CommandAction, Invocation } from '../commands.ts';
import { exitCodeOf, exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { printReport } from '../printReport.ts';
import type { Terminal } from '../terminal.ts';
import { needsDataFile, readSettings } from './settings.ts';

/** `imsc ingest`: the ingestion; with `-d` or `ingestion.dry_run` only what it would do. */
export const ingestCommand: CommandAction = (invocation) => run(invocation, false);

/** `imsc dry-run`. */
export const dryRunCommand: CommandAction = (invocation) => run(invocation, true);

async function run(invocation: Invocation, dryOnly: boolean): Promise<number> {
  // Compiling the HDF5 library is much of the start-up; a quick compiler is better for one file.
  preferQuickStart();
  const { terminal, options } = invocation;
  const { config, problems, isWrong } = readSettings(invocation);
  const missing = needsDataFile(config);
  if (isWrong || missing.length > 0) {
    terminal.problems([...problems, ...missing]);
    if (terminal.isJson) await printJson(terminal, failedReport([...problems, ...missing]));
    return exitCodes.usage;
  }
  terminal.problems(problems);
  const isDry = dryOnly || config.ingestion.dry_run;
  const signal = interruptSignal();
  const offline = options['offline'] === true;
  const client = offline
    ? undefined
    : (await import('../../core/ingest/connect.ts')).connect(config.scicat, {
        signal,
        onRequest: (line) => {
          terminal.detail(line);
        },
      });
  const include = Array.isArray(options['include'])
    ? options['include'].filter((item) => typeof item === 'string')
    : [];
  const leftOut: Problem[] = [];
  const request: IngestionRequest = {
    config,
    client,
    schemaFile: typeof options['schema'] === 'string' ? options['schema'] : undefined,
    moreFiles: include.length > 0 ? await expandInclude(include, config, signal, leftOut) : [],
    keepLists: terminal.isJson,
    signal,
    onRetry: (attempt, attempts, reason, seconds) => {
      terminal.say(`${reason} Attempt ${attempt} of ${attempts}; trying again in ${seconds} s.`);
    },
    onProgress: ({ bytesDone, file, fileBytesDone, fileBytes }) => {
      if (fileBytes > 0) terminal.progress(`checksum of ${file}: ${megabytes(bytesDone)}`, fileBytesDone / fileBytes);
    },
  };
  if (!isDry) terminal.say(`Ingesting ${config.nexus_file} into ${config.scicat.host}`);
  let report: IngestionReport;
  try {
    report =
      isDry || !client
        ? await dryRun(request)
        : await ingestFor(
            { ...request, client },
            {
              onExecution: ({ step, pid, filesSent }) => {
                if (step === 'dataset') terminal.say(`Created the dataset ${pid ?? ''}`);
                if (step === 'origdatablock')
                  terminal.say(`Registered ${filesSent} ${filesSent === 1 ? 'file' : 'files'}`);
              },
            },
          );
  } catch (error) {
    if (!signal.aborted) throw error;
    const cancelled = problem('cancelled', 'Cancelled before anything was sent.');
    terminal.problems([cancelled]);
    if (terminal.isJson) await printJson(terminal, failedReport([...problems, cancelled]));
    return exitCodes.failed;
  }
  report = { ...report, problems: [...report.problems, ...leftOut] };
  if (terminal.isJson) await printJson(terminal, { ...report, problems: [...problems, ...report.problems] });
  else printReport(terminal, report);
  return exitCodeOf(report.outcome, offline);
}

async function printJson(terminal: Terminal, report: IngestionReport): Promise<void> {
  await terminal.printPieces(reportJson(report, (found) => terminal.places.of(found)));
  await report.origDatablocks.close();
}

// What a plain dry run does without is loaded when it is needed.

async function ingestFor(
  request: IngestionRequest & { readonly client: ScicatClient },
  options: IngestionOptions,
): Promise<IngestionReport> {
  const { ingest } = await import('../../core/ingest/runIngestion.ts');
  const { Journal } = await import('../../core/ingest/journal.ts');
  return ingest(request, new Journal(), options);
}

async function expandInclude(
  include: readonly string[],
  config: Config,
  signal: AbortSignal,
  leftOut: Problem[],
): Promise<Batches<string>> {
  const { expandPaths } = await import('../../core/ingest/expandPaths.ts');
  const onProblem = (found: Problem): number => leftOut.push(found);
  return expandPaths(include, { signal, onProblem, besides: await filesBeside(config) });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

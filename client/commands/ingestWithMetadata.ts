import { basename } from 'node:path';
import { commands, l10n, ProgressLocation, Uri, ViewColumn, window, workspace } from 'vscode';
import { askChoices } from '../../server/protocol.ts';
import { withProgress } from '../dialogs.ts';
import { lastWords } from '../imscProgram.ts';
import { archivePlaces } from '../ingestions/archivePlaces.ts';
import { metadataFileFor, pickSubject, saved, subjectOf } from '../ingestions/metadataDocuments.ts';
import { messageOf } from '../ingestions/ingestion.ts';
import { runContext } from '../ingestions/runContext.ts';
import type { RunContext } from '../ingestions/runContext.ts';
import { isList, isRecord } from '../json.ts';
import { previewMetadata } from '../results/metadataPreviews.ts';
import { readProblems } from '../results/report.ts';
import type { Services } from '../services.ts';

/**
 * Asks for what only a person knows of a data file, a folder or an archive: extracts what is known, opens a document for the rest
 * with the preview beside, and completes it with what SciCat knows. Called with such a document, it ingests.
 */
export async function run(services: Services, ...from: readonly unknown[]): Promise<unknown> {
  const [first] = from.map((each) => (typeof each === 'string' ? Uri.parse(each) : each));
  if (first instanceof Uri && isMetadata(first)) return ingest(services, first);
  const subject = named(first) ?? (await pickSubject(l10n.t('Ingest with my metadata')));
  if (!subject) return undefined;
  const places = await archivePlaces(services, [subject]);
  if (!places) return undefined;
  const context = await runContext(services.connections, subject);
  if (!context) return undefined;
  const file = await metadataFileFor(services, subject);
  if (!(await extract(services, { subject, file, context, copyTo: places.get(subject.fsPath) }))) return undefined;
  await window.showTextDocument(await workspace.openTextDocument(file), { viewColumn: ViewColumn.One, preview: false });
  void askForChoices(services, context);
  await previewMetadata(services, file);
  return file;
}

function isMetadata({ path }: Uri): boolean {
  return /\.imsc\.metadata\.(?:ya?ml|json)$/.test(path);
}

/** What the explorer or another extension names: a resource, or `{ files: Uri[] }`. */
function named(first: unknown): Uri | undefined {
  if (first instanceof Uri) return first;
  if (!isRecord(first) || !isList(first['files'])) return undefined;
  const [file] = first['files'];
  return file instanceof Uri ? file : undefined;
}

async function ingest(services: Services, uri: Uri): Promise<unknown> {
  const { uri: file } = await saved(uri);
  const subject = await subjectOf(services, file);
  return subject && commands.executeCommand('imsc.ingest', { files: [subject], metadata: file });
}

interface Extraction {
  readonly subject: Uri;
  /** What is asked for is written there. */
  readonly file: Uri;
  readonly context: RunContext;
  /** Where the files of an archive stay. */
  readonly copyTo: string | undefined;
}

/** Writes what is asked for into the file; what stands there stays. @returns false if it was cancelled */
async function extract({ program }: Services, { subject, file, context, copyTo }: Extraction): Promise<boolean> {
  return withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Reading {0}', basename(subject.fsPath)),
      cancellable: true,
    },
    async (progress, cancellation) => {
      const { args, workingDirectory, secrets } = context;
      const stay = copyTo === undefined ? [] : ['--copy-to', copyTo];
      const answer = await program.run({
        args: ['metadata', ...args, '--nexus-file', subject.fsPath, '-o', file.fsPath, ...stay],
        workingDirectory,
        secrets,
        cancellation,
        onProgress: ({ text }) => {
          progress.report({ message: text });
        },
      });
      if (cancellation.isCancellationRequested) return false;
      if (answer.exitCode === 0) return true;
      throw new Error(messageOf(readProblems(answer.document)) ?? lastWords(answer));
    },
  );
}

/** SciCat's proposals, samples and groups, for completion; without them it offers less. */
async function askForChoices({ server, connections, log }: Services, { connection }: RunContext): Promise<void> {
  if (!connection) return;
  const { SCICAT_TOKEN: token } = await connections.secretsFor(connection.address);
  await server.request(askChoices, { address: connection.address, token }).catch((error: unknown) => {
    log.warn(String(error));
  });
}

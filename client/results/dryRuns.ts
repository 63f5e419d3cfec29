import { basename } from 'node:path';
import { commands, l10n, workspace } from 'vscode';
import type { CancellationToken, Uri } from 'vscode';
import type { RunContext } from '../ingestions/runContext.ts';
import type { ImscProgram, ImscProgress } from '../imscProgram.ts';
import { lastWords } from '../imscProgram.ts';
import type { JsonRecord } from '../json.ts';
import { parseForShowing } from '../json.ts';
import { stepDone } from '../views/walkthrough.ts';
import type { ResultDocuments } from './resultDocuments.ts';
import { resultText } from './resultText.ts';

export interface DryRunRequest {
  /** Absolute path. */
  readonly file: string;
  /** Used without asking selectors, if given. */
  readonly schema?: string | undefined;
  /** A file with what a person knows besides. */
  readonly metadata?: string | undefined;
  /** Where the files of an archive stay. */
  readonly copyTo?: string | undefined;
  readonly context: RunContext;
  /** Why SciCat is not asked; undefined if it is. */
  readonly offline?: string | undefined;
  /** Where its checksums are left for the ingestion; undefined where none follows. */
  readonly checksums?: string | undefined;
  /** Without checksums, which take long. */
  readonly isQuick?: boolean | undefined;
}

export interface DryRun {
  readonly request: DryRunRequest;
  readonly when: Date;
  /** Numbers print as they were written. */
  readonly document: JsonRecord;
  readonly uri: Uri;
}

const mostKept = 50;
const withoutChecksums = [
  '--ingestion.file-handling.compute-file-hash=false',
  '--ingestion.file-handling.save-file-hash=false',
];

/** The dry runs of this window, newest first. */
export class DryRuns {
  readonly #program: ImscProgram;
  readonly #results: ResultDocuments;
  #all: readonly DryRun[] = [];

  constructor(program: ImscProgram, results: ResultDocuments) {
    this.#program = program;
    this.#results = results;
  }

  get all(): readonly DryRun[] {
    return this.#all;
  }

  /** Dry-runs one file and keeps the result; undefined if it was cancelled. Rejects if the program said nothing. */
  async run(
    request: DryRunRequest,
    options: { readonly cancellation?: CancellationToken; readonly onProgress?: (progress: ImscProgress) => void } = {},
  ): Promise<DryRun | undefined> {
    const { file, schema, metadata, copyTo, context, offline, checksums, isQuick } = request;
    const answer = await this.#program.run({
      args: [
        'dry-run',
        ...context.args,
        '--nexus-file',
        file,
        ...(schema === undefined ? [] : ['--schema', schema]),
        ...(metadata === undefined ? [] : ['--metadata', metadata]),
        ...(copyTo === undefined ? [] : ['--copy-to', copyTo]),
        ...(offline === undefined ? [] : ['--offline']),
        ...(checksums === undefined ? [] : ['--share-checksums', checksums]),
        ...(isQuick === true ? withoutChecksums : []),
      ],
      workingDirectory: context.workingDirectory,
      secrets: context.secrets,
      ...options,
    });
    if (options.cancellation?.isCancellationRequested) return undefined;
    const document = parseForShowing(answer.text);
    if (document === undefined) throw new Error(lastWords(answer));
    const when = new Date();
    const head = {
      title: l10n.t('Dry run of {0}', basename(file)),
      file,
      shortPath,
      scicat: offline === undefined ? undefined : l10n.t('not asked: {0}', offline),
    };
    const uri = this.#results.add(
      `${l10n.t('{0} dry run {1}', basename(file), clock(when))}.md`,
      resultText(head, document),
    );
    const dryRun = { request, when, document, uri };
    this.#all = [dryRun, ...this.#all].slice(0, mostKept);
    await commands.executeCommand('setContext', 'imsc.hasDryRun', true);
    stepDone('dryRun');
    return dryRun;
  }
}

/** The path of a file as the person knows it: from the workspace folder, if it lies there. */
export function shortPath(file: string): string {
  return workspace.asRelativePath(file);
}

/** The time of day for titles. */
export function clock(date: Date): string {
  return date.toTimeString().slice(0, 8);
}

'load later';

import { stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { failureReason } from '../../core/files/failureReason.ts';
import { FileError } from '../../core/files/fileError.ts';
import { readSmallFile } from '../../core/files/smallFile.ts';
import { readMetadata } from '../../core/ingest/metadata/metadataFile.ts';
import { metadataTemplate } from '../../core/ingest/metadata/metadataTemplate.ts';
import { extractMetadata } from '../../core/ingest/prepare.ts';
import type { PreparedIngestion } from '../../core/ingest/prepare.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { newsPrinter } from '../printNews.ts';
import { archiveNeeds, openSubject } from '../subject.ts';
import type { OpenSubject } from '../subject.ts';
import { needsDataFile, readSettings, wrongUsage } from './settings.ts';

/** What a run says of its outcome, and what is asked for in the file itself. */
const askedInTheFile: ReadonlySet<string> = new Set(['mandatory-field-missing', 'field-failed', 'variable-failed']);

/** `imsc metadata`: a file for what only a person knows. */
export const metadataCommand: CommandAction = async (invocation) => {
  preferQuickStart();
  const { terminal, options } = invocation;
  const { config, dataFiles, problems, isWrong } = readSettings(invocation, true);
  const several = dataFiles.length > 1 ? [problem('usage', 'A file with metadata is of one data file or folder.')] : [];
  const name = dataFiles[0] ?? config.nexus_file;
  const { copyTo } = options;
  const missing = [...needsDataFile(config), ...several, ...(await archiveNeeds([name], { copyTo, isDry: false }))];
  if (isWrong || missing.length > 0) return wrongUsage(terminal, [...problems, ...missing]);
  const signal = interruptSignal();
  const out = typeof options['out'] === 'string' ? path.resolve(options['out']) : undefined;
  const failed = (found: readonly Problem[]): number => {
    wrongUsage(terminal, found);
    return exitCodes.failed;
  };
  let existing = '';
  let prepared: PreparedIngestion;
  let open: OpenSubject | undefined;
  try {
    if (out !== undefined && (await stat(out).catch(() => undefined))) existing = await readSmallFile(out);
    const typed = readMetadata(existing, out);
    if (typed.problems.length > 0) return failed(typed.problems);
    const onNews = newsPrinter(terminal);
    open = await openSubject(name, undefined, [], config, { metadataFile: out, signal, copyTo, onNews });
    const { problems: found, isRefused, ...subject } = open;
    if (isRefused) return failed(found);
    const client = options['offline'] === true ? undefined : connect(config.scicat, { signal });
    const schemaFile = typeof options['schema'] === 'string' ? options['schema'] : undefined;
    prepared = await extractMetadata({ ...subject, given: { user: typed.fields }, config, client, schemaFile, signal });
    prepared = { ...prepared, problems: [...found, ...prepared.problems] };
  } catch (error) {
    if (signal.aborted) return failed([problem('cancelled', 'Cancelled before anything was written.')]);
    if (error instanceof FileError) return failed([error.toProblem()]);
    if (out === undefined) throw error;
    return failed([
      problem('metadata-file', `${out} cannot be read: ${failureReason(error)}.`, undefined, { file: out }),
    ]);
  } finally {
    await open?.close();
  }
  if (!prepared.dataset) return failed([...problems, ...prepared.problems]);
  const { text, asked } = metadataTemplate(prepared, path.basename(name), existing);
  const told = [...problems, ...prepared.problems.filter(({ code }) => !askedInTheFile.has(code))];
  if (out !== undefined) {
    try {
      if (text !== existing) await writeFileAtomic(out, text);
    } catch (error) {
      return failed([
        problem('metadata-file', `${out} cannot be written: ${failureReason(error)}.`, undefined, { file: out }),
      ]);
    }
  }
  if (terminal.isJson) {
    const records = told.map((found) => terminal.problemRecord(found));
    terminal.printJson({ outcome: 'written', file: out ?? null, text, asked, problems: records });
    return exitCodes.done;
  }
  if (out === undefined) terminal.printDocument(text);
  terminal.problems(told);
  if (out !== undefined) {
    const kept =
      text === existing ? 'Nothing is to be added to' : existing === '' ? 'Wrote' : 'Added what was missing to';
    const open = asked.length === 1 ? '1 field is open' : `${asked.length} fields are open`;
    terminal.print(
      `${kept} ${terminal.places.shortName(out)}: ${open}, ${asked.filter(({ isMandatory }) => isMandatory).length} of them mandatory.`,
    );
  }
  return exitCodes.done;
};

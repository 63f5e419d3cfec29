import { l10n, Range, workspace, WorkspaceEdit } from 'vscode';
import type { Uri } from 'vscode';
import { runSchemaTest } from '../../server/protocol.ts';
import { isRecord } from '../json.ts';
import type { LanguageServer } from '../languageServer.ts';
import type * as node from './runTests.ts';

/** A thread runs one after the other, and what has come is shown. */
export const mostAtOnce = 1;

/** In a browser the language server runs them; what is to be written is written by the editor. */
export const runTests: typeof node.runTests = async ({ server }, files, update, cancellation) => {
  const answers: node.TestAnswer[] = [];
  for (const file of files) {
    if (cancellation.isCancellationRequested) break;
    answers.push(await runTest(server, file, update));
  }
  return answers;
};

async function runTest(server: LanguageServer, file: Uri, update: boolean): Promise<node.TestAnswer> {
  const ran = await server.request(runSchemaTest, { uri: file.toString(), update });
  if (ran?.newText !== undefined) {
    await write(file, ran.newText);
    return runTest(server, file, false);
  }
  return isRecord(ran?.record) ? { result: ran.record } : { notRun: l10n.t('The test was not run.') };
}

async function write(file: Uri, text: string): Promise<void> {
  const document = await workspace.openTextDocument(file);
  const edit = new WorkspaceEdit();
  edit.replace(file, new Range(document.positionAt(0), document.lineAt(document.lineCount - 1).range.end), text);
  if (!(await workspace.applyEdit(edit)) || !(await document.save()))
    throw new Error(l10n.t('{0} cannot be written.', file.path));
}

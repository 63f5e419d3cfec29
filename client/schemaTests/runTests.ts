import { l10n, Uri, workspace } from 'vscode';
import type { CancellationToken } from 'vscode';
import { pathOf } from '../files.ts';
import { configuredFile } from '../ingestions/runContext.ts';
import { isThere } from '../isThere.ts';
import type { ImscProgram } from '../imscProgram.ts';
import { recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import type { LanguageServer } from '../languageServer.ts';

/** What came of a test, as `imsc test --json` has it, or why it was not run. */
export type TestAnswer = { readonly result: JsonRecord } | { readonly notRun: string };

/** As many tests as one process runs: results come in between, and a command line is only so long. */
export const mostAtOnce = 20;

/**
 * Runs tests of schemas as they lie in their files, with the command line; a browser has none, and the file beside this
 * one is taken.
 * @param update whether what comes out is written as what is expected
 * @returns what came of each
 */
export async function runTests(
  { program }: { readonly program: ImscProgram; readonly server: LanguageServer },
  files: readonly Uri[],
  update: boolean,
  cancellation: CancellationToken,
): Promise<readonly TestAnswer[]> {
  const dialect = await dialectOptions(files[0]);
  const args = ['test', ...files.map(pathOf), ...(update ? ['--update'] : []), ...dialect];
  const answer = await program.run({ args, cancellation });
  const results = new Map(recordsAt(answer.document, 'tests').map((result) => [textAt(result, 'file'), result]));
  const notRun = answer.lastLines.join('\n') || l10n.t('The test was not run.');
  return files.map((file) => {
    const result = results.get(pathOf(file));
    return result ? { result } : { notRun };
  });
}

/** The dialect that is chosen for schemas that name none: by the setting, or by the configuration. */
async function dialectOptions(uri: Uri | undefined): Promise<string[]> {
  const dialect = workspace.getConfiguration('imsc', uri).get<string>('dialect', '');
  if (dialect !== '') return ['--dialect', dialect];
  const config = configuredFile(uri);
  if (config === undefined) return [];
  // A setting that names a file that is gone is told elsewhere.
  return (await isThere(Uri.file(config))) ? ['--config', config] : [];
}

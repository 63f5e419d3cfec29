import { basename, dirname } from 'node:path';
import { commands, l10n, ProgressLocation, workspace } from 'vscode';
import { showMessage, withProgress } from '../dialogs.ts';
import { lastWords } from '../imscProgram.ts';
import { configuredFile } from '../ingestions/runContext.ts';
import { numberAt } from '../json.ts';
import { nexusExtensions } from '../nexusFiles.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Shows what the open schema makes of all NeXus files of its folder, beside what it made in the last commit. */
export async function run({ program, differences }: Services): Promise<void> {
  const document = schemaEditor()?.document;
  if (document?.uri.scheme !== 'file') {
    void showMessage('information', l10n.t('Open a schema that lies in a folder.'));
    return;
  }
  // What is compared is what lies on disk.
  if (document.isDirty && !(await document.save())) return;
  const { fsPath } = document.uri;
  const folder = workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? dirname(fsPath);
  const config = configuredFile(document.uri);
  const answer = await withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Comparing with the last commit'), cancellable: true },
    (progress, cancellation) =>
      program.run({
        args: [
          ...['diff', fsPath, '--git', 'HEAD', '--samples', `**/*.{${nexusExtensions.join(',')}}`],
          ...(config === undefined ? [] : ['--config', config]),
        ],
        workingDirectory: folder,
        cancellation,
        onProgress: ({ text }) => {
          progress.report({ message: text });
        },
      }),
  );
  const { document: found } = answer;
  if (found === undefined || numberAt(found, 'samples') === undefined) {
    void showMessage('warning', l10n.t('{0} could not be compared. {1}', basename(fsPath), lastWords(answer)));
    return;
  }
  const [changed, samples] = [numberAt(found, 'changed') ?? 0, numberAt(found, 'samples') ?? 0];
  differences.show(found, l10n.t('{0}: {1} of {2} files come out differently.', basename(fsPath), changed, samples));
  await commands.executeCommand('setContext', 'imsc.hasDifferences', true);
  await commands.executeCommand('imsc.differences.focus');
}

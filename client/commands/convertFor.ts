import { basename } from 'node:path';
import { commands, l10n, ProgressLocation, workspace } from 'vscode';
import { pickOne, showMessage, withProgress } from '../dialogs.ts';
import { lastWords } from '../imscProgram.ts';
import type { ImscAnswer } from '../imscProgram.ts';
import { recordsAt, textAt } from '../json.ts';
import { openMade, schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Writes the open schema in words that another ingestor knows, and shows both beside each other; nothing is saved. */
export async function run({ program }: Services): Promise<void> {
  const editor = schemaEditor();
  const { document } = editor ?? {};
  if (editor === undefined || document?.uri.scheme !== 'file') {
    void showMessage('information', l10n.t('Open a schema that lies in a folder.'));
    return;
  }
  const { uri } = document;
  const file = basename(uri.fsPath);
  const ingestors = [
    { label: l10n.t('Today’s Python ingestor'), description: 'python-26' },
    { label: l10n.t('The next Python ingestor'), description: 'next' },
  ];
  const picked = await pickOne(ingestors, { title: l10n.t('For which ingestor shall {0} be written?', file) });
  // What is read is what lies on disk.
  if (picked === undefined || (document.isDirty && !(await document.save()))) return;
  const dialect = workspace.getConfiguration('imsc', uri).get<string>('dialect', '');
  const convert = (more: readonly string[]): Thenable<ImscAnswer> =>
    withProgress({ location: ProgressLocation.Window, title: l10n.t('Converting') }, () =>
      program.run({
        args: [
          ...['convert', uri.fsPath, '--for', picked.description],
          ...(dialect === '' ? [] : ['--dialect', dialect]),
          ...more,
        ],
      }),
    );
  let answer = await convert([]);
  if (textOf(answer) === undefined) {
    const partly = l10n.t('Write the Rest');
    if (recordsAt(answer.document, 'problems').length === 0) {
      void showMessage('error', l10n.t('{0} could not be converted. {1}', file, whyNot(answer)));
      return;
    }
    const question = l10n.t('Not all of {0} can be written so.', file);
    const options = { modal: true, detail: whyNot(answer) };
    if ((await showMessage('warning', question, [partly], options)) !== partly) return;
    answer = await convert(['--partly']);
  }
  const text = textOf(answer);
  if (text === undefined) {
    void showMessage('error', whyNot(answer));
    return;
  }
  const notation = textAt(answer.document, 'notation') === 'json' ? 'json' : 'yaml';
  const made = await openMade({ text, notation }, editor, `-${picked.description}`);
  await commands.executeCommand('vscode.diff', uri, made, `${file} → ${picked.description}`, { preview: false });
}

const textOf = ({ document }: ImscAnswer): string | undefined => textAt(document, 'text');

/** The first thing that stands in the way, with how many others there are. */
function whyNot(answer: ImscAnswer): string {
  const errors = recordsAt(answer.document, 'problems').filter((each) => textAt(each, 'severity') === 'error');
  const [first] = errors;
  const message = first && textAt(first, 'message');
  if (message === undefined) return lastWords(answer);
  return errors.length === 1 ? message : l10n.t('{0} And {1} more.', message, errors.length - 1);
}

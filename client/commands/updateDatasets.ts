import { basename } from 'node:path';
import { l10n, ProgressLocation } from 'vscode';
import { showMessage, withProgress } from '../dialogs.ts';
import { lastWords } from '../imscProgram.ts';
import type { ImscAnswer } from '../imscProgram.ts';
import { chosenFiles } from '../ingestions/chosenFiles.ts';
import { messageOf } from '../ingestions/ingestion.ts';
import { runContext } from '../ingestions/runContext.ts';
import { numberAt, printJson, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { readProblems } from '../results/report.ts';
import type { Services } from '../services.ts';

/** Shows what files and schemas say otherwise than SciCat now, and changes that once the person agrees. */
export async function run(services: Services, ...from: readonly unknown[]): Promise<void> {
  const { program, results, connections } = services;
  const chosen = await chosenFiles(services, l10n.t('Update datasets in SciCat'), from, { takesArchives: false });
  const [first] = chosen?.files ?? [];
  if (chosen === undefined || first === undefined) return;
  const context = await runContext(connections, first, { needsConfig: chosen.schema === undefined });
  if (context === undefined) return;
  const { secrets, workingDirectory } = context;
  const args = [
    'update',
    ...context.args,
    ...(chosen.schema === undefined ? [] : ['--schema', chosen.schema.fsPath]),
    ...chosen.files.map(({ fsPath }) => fsPath),
  ];
  const update = (title: string, more: readonly string[]): Thenable<ImscAnswer> =>
    withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, cancellation) =>
      program.run({
        args: [...args, ...more],
        secrets,
        workingDirectory,
        cancellation,
        onProgress: ({ text }) => {
          progress.report({ message: text });
        },
      }),
    );
  const planned = await update(l10n.t('Comparing with SciCat'), []);
  const { document } = planned;
  if (document === undefined || numberAt(document, 'planned') === undefined) {
    void showMessage('error', l10n.t('Nothing was updated. {0}', lastWords(planned)));
    return;
  }
  const uri = results.add(`${l10n.t('Update of {0}', basename(first.fsPath))}.md`, {
    text: pageOf(document),
    links: [],
  });
  await results.show(uri);
  const count = numberAt(document, 'planned') ?? 0;
  if (count === 0) {
    if ((numberAt(document, 'failed') ?? 0) > 0)
      void showMessage('error', l10n.t('Nothing was updated. {0}', whyNot(planned)));
    else void showMessage('information', l10n.t('Nothing is to be updated; the document says what differs and stays.'));
    return;
  }
  const yes = l10n.t('Update {0} Datasets', count);
  const answer = await showMessage(
    'warning',
    l10n.t('SciCat holds {0} datasets otherwise than their files.', count),
    [yes],
    {
      modal: true,
      detail: l10n.t('What is changed is recorded; “imsc update --undo” takes it back.'),
    },
  );
  if (answer !== yes) return;
  const done = await update(l10n.t('Updating datasets in SciCat'), ['--yes']);
  const [updated, failed] = [numberAt(done.document, 'updated') ?? 0, numberAt(done.document, 'failed') ?? 0];
  if (failed > 0 || done.document === undefined)
    void showMessage('warning', l10n.t('{0} datasets updated, {1} not. {2}', updated, failed, whyNot(done)));
  else void showMessage('information', l10n.t('{0} datasets updated.', updated));
}

/** The words of the last error of a file; where there is no document, of the process. */
function whyNot(answer: ImscAnswer): string {
  return messageOf(recordsAt(answer.document, 'files').flatMap(readProblems)) ?? lastWords(answer);
}

/** What would be changed, dataset by dataset. */
function pageOf(document: JsonRecord): string {
  const lines = recordsAt(document, 'files').flatMap((file) => {
    const row = (change: JsonRecord): string[] => [
      `  ${textAt(change, 'field') ?? ''}`,
      `    - ${printJson(change['stored'] ?? null)}`,
      `    + ${printJson(change['wanted'] ?? null)}`,
    ];
    const kept = recordsAt(file, 'kept');
    const problems = recordsAt(file, 'problems').map((found) => `  ${textAt(found, 'message') ?? ''}`);
    return [
      `${textAt(file, 'file') ?? ''} (${textAt(file, 'pid') ?? '–'})`,
      ...recordsAt(file, 'changes').flatMap(row),
      ...(kept.length === 0 ? [] : [`  ${l10n.t('These differ, and stay:')}`, ...kept.flatMap(row)]),
      ...problems,
      '',
    ];
  });
  // A block of code: nothing in it is taken for Markdown.
  return ['````diff', ...lines.map((line) => line.replaceAll('````', '``` `')), '````', ''].join('\n');
}

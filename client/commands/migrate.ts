import { basename } from 'node:path';
import { l10n, ProgressLocation, Uri, workspace } from 'vscode';
import { pickOne, showMessage, withProgress } from '../dialogs.ts';
import { lastWords } from '../imscProgram.ts';
import type { ImscAnswer } from '../imscProgram.ts';
import { configuredFile } from '../ingestions/runContext.ts';
import { isList, numberAt, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/**
 * Shows how a folder of schemas, and the configuration, are written for the other version of SciCat's API, and writes
 * that once the person agrees.
 */
export async function run({ program, results }: Services, ...from: readonly unknown[]): Promise<void> {
  const [given] = from;
  const open = schemaEditor()?.document.uri;
  const folder = given instanceof Uri ? given : open && Uri.joinPath(open, '..');
  if (folder?.scheme !== 'file') {
    void showMessage('information', l10n.t('Open a schema that lies in a folder.'));
    return;
  }
  const name = basename(folder.fsPath);
  const versions = [
    { label: 'v4', description: l10n.t('principalInvestigators, proposalIds, instrumentIds, sampleIds') },
    { label: 'v3', description: l10n.t('principalInvestigator, proposalId, instrumentId, sampleId') },
  ];
  const version = await pickOne(versions, { title: l10n.t('Write {0} for which version of SciCat’s API?', name) });
  if (version === undefined || !(await savedBelow(folder))) return;
  const config = configuredFile(folder);
  const migrate = (title: string, more: readonly string[]): Thenable<ImscAnswer> =>
    withProgress({ location: ProgressLocation.Window, title }, () =>
      program.run({
        args: [
          ...['migrate', folder.fsPath, '--to', version.label],
          ...(config === undefined ? [] : ['--config', config]),
          ...more,
        ],
      }),
    );
  const planned = await migrate(l10n.t('Looking through {0}', name), []);
  const { document } = planned;
  if (document === undefined) {
    void showMessage('error', l10n.t('Nothing was changed. {0}', lastWords(planned)));
    return;
  }
  const files = recordsAt(document, 'files');
  const problems = recordsAt(document, 'problems');
  if (files.length > 0 || problems.length > 0)
    await results.show(results.add(`${name} → ${version.label}.md`, { text: pageOf(document), links: [] }));
  if (problems.some((each) => textAt(each, 'severity') === 'error')) {
    void showMessage('error', l10n.t('Nothing is changed while there are errors; the document says which.'));
    return;
  }
  if (files.length === 0) {
    void showMessage('information', l10n.t('Nothing in {0} is to be changed for {1}.', name, version.label));
    return;
  }
  const yes = l10n.t('Change {0} Files', files.length);
  const question = l10n.t('{0} files are written for {1}.', files.length, version.label);
  if ((await showMessage('warning', question, [yes], { modal: true })) !== yes) return;
  const done = await migrate(l10n.t('Changing {0}', name), ['--yes']);
  const changed = done.document?.['written'] === true ? recordsAt(done.document, 'files').length : 0;
  if (done.exitCode === 0) void showMessage('information', l10n.t('{0} files changed.', changed));
  else void showMessage('warning', l10n.t('{0} files changed. {1}', changed, lastWords(done)));
}

/** What is read is what lies on disk. @returns false where the person did not save */
async function savedBelow(folder: Uri): Promise<boolean> {
  for (const document of workspace.textDocuments) {
    const { uri } = document;
    const isBelow = uri.scheme === 'file' && uri.path.startsWith(`${folder.path}/`);
    if (isBelow && document.isDirty && !(await document.save())) return false;
  }
  return true;
}

function textsAt(record: JsonRecord, key: string): string[] {
  const found = record[key];
  return isList(found) ? found.filter((each) => typeof each === 'string') : [];
}

/** What is changed, file by file and line by line, and what stays. */
function pageOf(document: JsonRecord): string {
  const lines = [
    ...recordsAt(document, 'files').flatMap((file) => [
      textAt(file, 'file') ?? '',
      ...recordsAt(file, 'changes').flatMap((change) => [
        `  ${l10n.t('line {0}', numberAt(change, 'line') ?? 1)}`,
        ...textsAt(change, 'before').map((each) => `- ${each}`),
        ...textsAt(change, 'after').map((each) => `+ ${each}`),
      ]),
      '',
    ]),
    ...recordsAt(document, 'problems').map((each) => `${textAt(each, 'file') ?? ''}: ${textAt(each, 'message') ?? ''}`),
  ];
  // A block of code: nothing in it is taken for Markdown.
  return ['````diff', ...lines.map((each) => each.replaceAll('````', '``` `')), '````', ''].join('\n');
}

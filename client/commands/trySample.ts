import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { isThere } from '../isThere.ts';
import type { Services } from '../services.ts';
import { sampleToShow, stepDone } from '../views/walkthrough.ts';

const name = 'scicat-sample';
/** Shipped with the extension, in walkthrough/sample. */
const schema = 'powder.imsc.yml';
const others = ['powder.nxs', 'config.yml'];

/** Puts a small NeXus file and a schema for it into a folder, and shows what the schema makes of the file. */
export async function run(services: Services): Promise<void> {
  const open = workspace.workspaceFolders?.[0]?.uri;
  const parent = open ?? (await askWhere());
  if (parent === undefined) return;
  const folder = Uri.joinPath(parent, name);
  for (const file of [...others, schema]) await putThere(services.context, folder, file);
  if (open !== undefined) return showSample(services, Uri.joinPath(folder, schema));
  // Opening a folder starts the extension anew.
  await services.context.globalState.update(sampleToShow, Uri.joinPath(folder, schema).toString());
  await commands.executeCommand('vscode.openFolder', folder, { forceReuseWindow: true });
}

/** Shows the sample for which this window was opened, if it was. */
export async function showPendingSample(services: Services): Promise<void> {
  const { globalState } = services.context;
  const wanted = globalState.get<string>(sampleToShow);
  if (wanted === undefined || !workspace.isTrusted) return;
  const uri = Uri.parse(wanted);
  if (workspace.getWorkspaceFolder(uri) === undefined) return;
  await globalState.update(sampleToShow, undefined);
  await showSample(services, uri);
}

async function askWhere(): Promise<Uri | undefined> {
  const [chosen] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: l10n.t('Where to put the folder “{0}”', name),
      openLabel: l10n.t('Put It Here'),
    })) ?? [];
  return chosen;
}

/** What is there already stays as the person has changed it. */
async function putThere(context: ExtensionContext, folder: Uri, file: string): Promise<void> {
  const place = Uri.joinPath(folder, file);
  if (await isThere(place)) return;
  // Read and written, because an extension and a workspace may lie on different file systems.
  const content = await workspace.fs.readFile(Uri.joinPath(context.extensionUri, 'walkthrough', 'sample', file));
  await workspace.fs.writeFile(place, content);
}

async function showSample({ preview }: Services, schemaFile: Uri): Promise<void> {
  await window.showTextDocument(schemaFile, { preview: false });
  preview.show();
  stepDone('try');
}

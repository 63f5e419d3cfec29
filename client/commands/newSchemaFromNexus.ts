import { basename, extname } from 'node:path';
import { l10n, SnippetString, Uri, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { pickMany, pickOne, showMessage } from '../dialogs.ts';
import { newSchema, nexusSearch } from '../../server/protocol.ts';
import type { NewSchema } from '../../server/protocol.ts';
import { pathOf } from '../files.ts';
import { localFile, pickNexusFile } from '../nexusFiles.ts';
import { openUnsaved } from '../schemaEditor.ts';
import type { Services } from '../services.ts';
import { describeNexus } from '../views/sampleView.ts';

/** How many values are offered; larger files are searched in the sample view. */
const mostOffered = 2000;

/** Lets the person pick values of a NeXus file and opens a schema that takes them, with the file as its sample. */
export async function run(services: Services, from?: unknown): Promise<void> {
  const { workspaceState } = services.context;
  const file = (await localFile(from)) ?? (await pickNexusFile(workspaceState, l10n.t('New schema from NeXus file')));
  if (file === undefined) return;
  const paths = await pickValues(services, file);
  if (paths === undefined) return;
  const notation = await pickNotation();
  if (notation === undefined) return;
  const name = basename(file.path, extname(file.path));
  const extension = notation === 'json' ? 'imsc.json' : 'imsc.yml';
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.joinPath(file, '..');
  const made = await services.server.request(newSchema, {
    file: pathOf(file),
    paths,
    notation,
    name,
    uri: Uri.joinPath(folder, `${name}.${extension}`).toString(),
  });
  if (made === undefined) return;
  const { document } = await openUnsaved(new SnippetString(made.snippet), folder, name, extension);
  await services.samples.choose(document.uri.toString(), pathOf(file));
  void sayHowItFits(made);
}

/** Says at once whether it fits the other files of the folder, and what the first has against it that it does not. */
async function sayHowItFits({ trial: { tried, passed, failed } }: NewSchema): Promise<void> {
  if (failed === undefined)
    await showMessage(
      'information',
      l10n.t(
        'The new schema passes on {0} of {1} files of the folder. Tab leads to what has to be filled in.',
        passed,
        tried,
      ),
      [],
    );
  else
    await showMessage(
      'warning',
      l10n.t(
        'The new schema passes on {0} of {1} files of the folder. {2}: {3}',
        passed,
        tried,
        failed.file,
        failed.message,
      ),
      [],
    );
}

async function pickValues({ server }: Services, file: Uri): Promise<readonly string[] | undefined> {
  const asked = server.request(nexusSearch, { file: pathOf(file), text: '', limit: mostOffered });
  const items = asked.then((result) =>
    (result?.found ?? [])
      // An image, a record and the like is no value of a dataset.
      .filter(({ valueType }) => valueType !== undefined)
      .map((node): QuickPickItem => ({
        label: node.path,
        description: describeNexus(node),
        picked: /^\/[^/]+\/(?:title|start_time|end_time)$/.test(node.path),
      })),
  );
  const picked = await pickMany(items, {
    title: l10n.t('Values of {0}', basename(file.path)),
    placeHolder: l10n.t('Values that go into the dataset'),
    matchOnDescription: true,
  });
  return picked?.map(({ label }) => label);
}

async function pickNotation(): Promise<'json' | 'yaml' | undefined> {
  const items = [
    { label: 'YAML', notation: 'yaml' as const },
    { label: 'JSON', notation: 'json' as const },
  ];
  return (await pickOne(items, { title: l10n.t('Notation of the new schema') }))?.notation;
}

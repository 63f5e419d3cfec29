import { basename, extname, join } from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { pickMany, pickOne } from '../dialogs.ts';
import { newSchema, nexusSearch } from '../../server/protocol.ts';
import { pathOf, uriOfPath } from '../files.ts';
import { localFile, pickNexusFile } from '../nexusFiles.ts';
import type { Services } from '../services.ts';
import { describeNexus } from '../views/sampleView.ts';

/** How many values are offered; larger files are searched in the sample view. */
const mostOffered = 2000;

/** Lets the person pick values of a NeXus file and opens a schema that takes them, with the file as its sample. */
export async function run(services: Services, from?: unknown): Promise<void> {
  const file = (await localFile(from)) ?? (await pickNexusFile(l10n.t('New schema from NeXus file')));
  if (file === undefined) return;
  const paths = await pickValues(services, file);
  if (paths === undefined) return;
  const notation = await pickNotation();
  if (notation === undefined) return;
  const name = basename(file.path, extname(file.path));
  const extension = notation === 'json' ? 'imsc.json' : 'imsc.yml';
  const folder = pathOf(workspace.workspaceFolders?.[0]?.uri ?? Uri.joinPath(file, '..'));
  const place = uriOfPath(join(folder, `${name}.${extension}`));
  const made = await services.server.request(newSchema, {
    file: pathOf(file),
    paths,
    notation,
    name,
    uri: place.toString(),
  });
  if (made === undefined) return;
  // Not on disk yet: the person decides where it goes when it is saved.
  const uri = place.with({ scheme: 'untitled' });
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document);
  await editor.edit((edit) => {
    edit.insert(document.positionAt(0), made.text);
  });
  await services.samples.choose(document.uri.toString(), pathOf(file));
}

async function pickValues({ server }: Services, file: Uri): Promise<readonly string[] | undefined> {
  const asked = server.request(nexusSearch, { file: pathOf(file), text: '', limit: mostOffered });
  const items = asked.then((result) =>
    (result?.found ?? [])
      .filter(({ kind }) => kind === 'dataset')
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

import { basename } from 'node:path';
import { l10n, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { selectedFiles } from '../../server/protocol.ts';
import { pickOne, showMessage } from '../dialogs.ts';
import { filesEndingIn, isReadable, uriOfPath } from '../files.ts';
import { pickSamples } from '../nexusFiles.ts';
import { openedFiles } from '../nexusPage/nexusPage.ts';
import { onSamples } from '../results/onSamples.ts';
import type { Earlier } from '../results/onSamples.ts';
import type { OpenedTexts } from '../results/openedTexts.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';
import { showComparison } from './compareWithCommit.ts';

/**
 * In a browser: shows what the open schema makes of the files that are chosen, beside what it made as it was opened, or
 * beside what another schema makes of them; from then on also while somebody types.
 */
export async function run({ comparison, openedTexts, samples, server }: Services): Promise<void> {
  const schema = schemaEditor()?.document.uri;
  if (schema === undefined || !isReadable(schema)) {
    void showMessage('information', l10n.t('Open a schema that lies in a folder.'));
    return;
  }
  const earlier = await askWhatBefore(schema, openedTexts);
  if (earlier === undefined) return;
  const inUse = await samples.fileOf(schema.toString());
  const atHand = [...(inUse === null ? [] : [inUse]), ...openedFiles()].map(uriOfPath);
  const chosen = await pickSamples(l10n.t('Compare on'), inUse, atHand, {
    title: l10n.t('Taken by {0}', basename(schema.path)),
    among: async (files) => (await server.request(selectedFiles, { uri: schema.toString(), files })) ?? [],
  });
  if (chosen.length === 0) return;
  const title = l10n.t('Comparing on {0} files', chosen.length);
  await showComparison(comparison, onSamples(server, schema, earlier, chosen), title);
}

async function askWhatBefore(schema: Uri, openedTexts: OpenedTexts | undefined): Promise<Earlier | undefined> {
  const others = (await filesEndingIn(['imsc.yml', 'imsc.yaml', 'imsc.json'])).filter(
    (uri) => uri.toString() !== schema.toString(),
  );
  const name = basename(schema.path);
  const text = openedTexts?.of(schema);
  const items = [
    ...(text === undefined
      ? []
      : [
          {
            label: l10n.t('As it was opened'),
            description: name,
            earlier: { schema, text, title: l10n.t('as it was opened') },
          },
        ]),
    ...others
      .map((uri) => ({
        label: basename(uri.path),
        description: workspace.asRelativePath(uri),
        earlier: { schema: uri, text: undefined, title: l10n.t('of {0}', basename(uri.path)) },
      }))
      .sort((one, other) => one.description.localeCompare(other.description)),
  ];
  const picked = await pickOne(items, {
    title: l10n.t('Compare {0} with', name),
    placeHolder: l10n.t('What the datasets were made with before'),
    matchOnDescription: true,
  });
  return picked?.earlier;
}

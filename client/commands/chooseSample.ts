import { basename } from 'node:path';
import { ConfigurationTarget, l10n, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { selectedFiles } from '../../server/protocol.ts';
import { pickOne } from '../dialogs.ts';
import { pathOf } from '../files.ts';
import { pickNexusFile } from '../nexusFiles.ts';
import { schemaEditor, schemaInFront } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Asks for a NeXus file, those that the schema takes first, and what it is the sample of: the schema, its folder or the workspace. */
export async function run(services: Services): Promise<void> {
  const schema = schemaEditor()?.document.uri;
  const first = schema && {
    title: l10n.t('Taken by {0}', basename(schema.path)),
    among: async (files: readonly string[]) =>
      (await services.server.request(selectedFiles, { uri: schema.toString(), files })) ?? [],
  };
  const file = await pickNexusFile(services.context.workspaceState, l10n.t('Sample file'), first);
  if (file !== undefined) await setSample(services, file);
}

/** Asks what the file is the sample of and says so to server and settings. */
export async function setSample({ samples }: Services, file: Uri): Promise<void> {
  const schema = (await schemaInFront())?.document.uri;
  const folder = workspace.getWorkspaceFolder(schema ?? file);
  const scopes = [
    ...(schema === undefined
      ? []
      : [{ label: l10n.t('This schema'), description: workspace.asRelativePath(schema), target: undefined }]),
    ...(folder === undefined || (workspace.workspaceFolders ?? []).length < 2
      ? []
      : [{ label: l10n.t('Folder'), description: folder.name, target: ConfigurationTarget.WorkspaceFolder }]),
    ...(workspace.workspaceFolders === undefined
      ? []
      : [
          {
            label: l10n.t('All schemas of the workspace'),
            description: 'imsc.samples',
            target: ConfigurationTarget.Workspace,
          },
        ]),
  ];
  const scope =
    scopes.length > 1 ? await pickOne(scopes, { title: l10n.t('Sample for'), placeHolder: file.fsPath }) : scopes[0];
  if (scope === undefined) return;
  if (scope.target !== undefined) {
    const settings = workspace.getConfiguration('imsc', schema ?? file);
    await settings.update('samples', [workspace.asRelativePath(file, false)], scope.target);
  } else if (schema !== undefined) {
    await samples.choose(schema.toString(), pathOf(file));
  }
}

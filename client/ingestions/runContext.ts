import { dirname, isAbsolute, join } from 'node:path';
import { ConfigurationTarget, l10n, ThemeIcon, Uri, window, workspace } from 'vscode';
import { pickOne } from '../dialogs.ts';
import type { Connection, Connections } from '../connections/connections.ts';

/** With what a file is ingested: the arguments that stand for configuration and connection, and the token. */
export interface RunContext {
  readonly args: readonly string[];
  readonly workingDirectory: string | undefined;
  readonly secrets: Readonly<Record<string, string>>;
  /** Undefined where the configuration file alone says where SciCat is. */
  readonly connection: Connection | undefined;
  readonly hasConfigFile: boolean;
}

const candidates = '**/{*ingestor*config*,config}.{yml,yaml,json}';

/**
 * Settings and the connection in use as arguments. Where no configuration file is set and some are there, the person
 * is asked once which it is; undefined if they change their mind.
 * @param needsConfig false where a schema is named, so that a configuration can be missing
 */
export async function runContext(
  connections: Connections,
  file: Uri,
  { needsConfig = true } = {},
): Promise<RunContext | undefined> {
  const folder = workspace.getWorkspaceFolder(file) ?? workspace.workspaceFolders?.[0];
  const config = configuredFile(file) ?? (needsConfig ? await askForConfig() : '');
  if (config === undefined) return undefined;
  const connection = connections.current;
  return {
    args: [
      ...(config === '' ? [] : ['-c', config]),
      ...(connection ? ['--scicat.host', connection.address] : []),
      ...(connection?.group ? ['--dataset.default-owner-group', connection.group] : []),
    ],
    workingDirectory: folder?.uri.scheme === 'file' ? folder.uri.fsPath : dirname(file.fsPath),
    secrets: await connections.secretsFor(connection?.address),
    connection,
    hasConfigFile: config !== '',
  };
}

/** The configuration file of the settings as an absolute path. */
export function configuredFile(resource?: Uri): string | undefined {
  const setting = workspace.getConfiguration('imsc', resource).get<string>('configFile', '').trim();
  if (setting === '') return undefined;
  if (isAbsolute(setting)) return setting;
  const folder = (resource && workspace.getWorkspaceFolder(resource)) ?? workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? join(folder.uri.fsPath, setting) : undefined;
}

/** Asks for the configuration file and keeps the answer in the workspace's settings; '' for none. */
async function askForConfig(): Promise<string | undefined> {
  const found = await workspace.findFiles(candidates, '**/node_modules/**', 50);
  const items = [
    ...found.map((uri) => ({ label: workspace.asRelativePath(uri), description: '', uri })),
    { label: l10n.t('Browse…'), iconPath: new ThemeIcon('folder-opened'), description: '', uri: 'browse' as const },
    {
      label: l10n.t('Without one'),
      description: l10n.t('defaults, and the schemas of the folder “schemas”'),
      uri: 'none' as const,
    },
  ];
  const picked = await pickOne(items, {
    title: l10n.t('Configuration of the ingestor'),
    placeHolder: l10n.t('Kept in the setting {0}', 'imsc.configFile'),
  });
  if (picked === undefined) return undefined;
  if (picked.uri === 'none') return '';
  const [browsed] = picked.uri === 'browse' ? ((await window.showOpenDialog({})) ?? []) : [];
  const uri = picked.uri instanceof Uri ? picked.uri : browsed;
  if (uri === undefined) return undefined;
  if (workspace.workspaceFolders !== undefined) {
    const settings = workspace.getConfiguration('imsc');
    await settings.update('configFile', workspace.asRelativePath(uri, false), ConfigurationTarget.Workspace);
  }
  return uri.fsPath;
}

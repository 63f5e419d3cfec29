import { basename } from 'node:path';
import { EventEmitter, l10n, ThemeColor, ThemeIcon, TreeItem, Uri, window, workspace } from 'vscode';
import type { Disposable, Event, TreeDataProvider } from 'vscode';
import type { Connection, Connections } from '../connections/connections.ts';
import { plainText } from '../dialogs.ts';
import { untilText } from '../connections/untilText.ts';
import { configuredFile } from '../ingestions/runContext.ts';

/** A connection, or the configuration file of the ingestor, which names a SciCat too. */
type Node = Connection | { readonly configFile: string };

/** The view with the SciCats: which is in use, and who is signed in. */
export class ConnectionsView implements TreeDataProvider<Node>, Disposable {
  readonly #connections: Connections;
  readonly #changed = new EventEmitter<undefined>();
  readonly #subscriptions: Disposable[];

  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(connections: Connections) {
    this.#connections = connections;
    const refresh = (): void => {
      this.#changed.fire(undefined);
    };
    this.#subscriptions = [
      window.createTreeView('imsc.connections', { treeDataProvider: this }),
      connections.onDidChange(refresh),
      workspace.onDidGrantWorkspaceTrust(refresh),
    ];
  }

  getChildren(parent?: Node): Node[] {
    if (parent !== undefined || !workspace.isTrusted) return [];
    const file = configuredFile();
    return [...this.#connections.all, ...(file === undefined ? [] : [{ configFile: file }])];
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    const { current } = this.#connections;
    if ('configFile' in node) {
      const item = new TreeItem(basename(node.configFile));
      item.description = current ? l10n.t('configuration file') : l10n.t('in use: address and token of the file');
      item.iconPath = new ThemeIcon(current ? 'file-code' : 'pass-filled');
      item.tooltip = plainText(node.configFile);
      item.contextValue = 'configFile';
      item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [Uri.file(node.configFile)] };
      return item;
    }
    const item = new TreeItem(node.name);
    const isUsed = node.name === current?.name;
    const account = await this.#connections.accountAt(node.address);
    const who = account === undefined ? l10n.t('not signed in') : `${account.username}${untilText(account.expires)}`;
    item.description = isUsed ? l10n.t('in use, {0}', who) : who;
    item.iconPath = isUsed
      ? new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed'))
      : new ThemeIcon('circle-large-outline');
    item.tooltip = plainText(
      [node.address, who, ...(node.group === undefined ? [] : [l10n.t('owner group {0}', node.group)])].join('\n'),
    );
    item.contextValue = node.isSandbox
      ? 'connectionSandbox'
      : account === undefined
        ? 'connectionSignedOut'
        : 'connectionSignedIn';
    item.command = { command: 'imsc.useConnection', title: l10n.t('Use'), arguments: [node] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

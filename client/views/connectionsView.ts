import { basename } from 'node:path';
import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Disposable, Event, TreeDataProvider } from 'vscode';
import type { Connection, Connections } from '../connections/connections.ts';
import { plainText } from '../dialogs.ts';
import { untilText } from '../connections/untilText.ts';
import { configuredFile } from '../ingestions/runContext.ts';
import { clientFor } from '../service/serviceIngestions.ts';
import { ServicePlace } from '../service/servicePlace.ts';
import { visibleLines } from '../../core/text/hiddenCharacters.ts';
import { spoken } from './spokenItem.ts';

/**
 * A connection, or the configuration file of the ingestor, which names a SciCat too; below an ingest service its
 * locations and what lies there, or why that is not known.
 */
type Node = Connection | { readonly configFile: string } | ServicePlace | { readonly note: string };

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

  async getChildren(parent?: Node): Promise<Node[]> {
    if (!workspace.isTrusted) return [];
    if (parent !== undefined) return this.#placesIn(parent);
    const file = configuredFile();
    return [...this.#connections.all, ...(file === undefined ? [] : [{ configFile: file }])];
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    const { current } = this.#connections;
    if ('configFile' in node) {
      const item = new TreeItem(visibleLines(basename(node.configFile)));
      item.description = current ? l10n.t('configuration file') : l10n.t('in use: address and token of the file');
      item.iconPath = new ThemeIcon(current ? 'file-code' : 'pass-filled');
      item.tooltip = plainText(node.configFile);
      item.contextValue = 'configFile';
      item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [Uri.file(node.configFile)] };
      return spoken(item);
    }
    if ('note' in node) {
      const item = new TreeItem(plainText(node.note));
      item.tooltip = plainText(node.note);
      item.iconPath = new ThemeIcon('info');
      return item;
    }
    if (node instanceof ServicePlace) return placeItem(node);
    if (node.kind === 'service') return this.#serviceItem(node);
    const item = new TreeItem(visibleLines(node.name));
    const isUsed = node.name === current?.name;
    const account = await this.#connections.accountAt(node.address);
    const who = account === undefined ? l10n.t('not signed in') : `${account.username}${untilText(account.expires)}`;
    item.description = visibleLines(isUsed ? l10n.t('in use, {0}', who) : who);
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
    return spoken(item);
  }

  async #serviceItem(service: Connection): Promise<TreeItem> {
    const item = new TreeItem(visibleLines(service.name), TreeItemCollapsibleState.Collapsed);
    const account = await this.#connections.accountAt(service.address);
    item.description =
      account === undefined ? l10n.t('ingest service') : l10n.t('ingest service, {0}', account.username);
    item.iconPath = new ThemeIcon('server');
    item.tooltip = plainText(service.address);
    item.contextValue = account === undefined ? 'serviceSignedOut' : 'serviceSignedIn';
    return spoken(item);
  }

  /** What a service shows of itself; that it does not is shown in its place. */
  async #placesIn(parent: Node): Promise<Node[]> {
    const isPlace = parent instanceof ServicePlace;
    if (!isPlace && !('address' in parent && parent.kind === 'service')) return [];
    const service = isPlace ? parent.service : parent;
    try {
      const client = await clientFor(this.#connections, service.address);
      if (!isPlace) {
        const locations = await client.locations();
        if (locations.length === 0) return [{ note: l10n.t('It has no locations.') }];
        return locations.map((name) => new ServicePlace(service, name, '', name, 'location'));
      }
      const { entries, hasMore } = await client.list(parent.location, parent.path);
      const places = entries.map(
        ({ name, path, isFolder, isData }) =>
          new ServicePlace(service, parent.location, path, name, isFolder ? 'folder' : isData ? 'data' : 'file'),
      );
      return [...places, ...(hasMore ? [{ note: l10n.t('There is more than is shown.') }] : [])];
    } catch (error) {
      return [{ note: error instanceof Error ? error.message : String(error) }];
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

const placeIcons = { location: 'root-folder', folder: 'folder', data: 'file-binary', file: 'file' } as const;

function placeItem({ service, location, path, label, kind }: ServicePlace): TreeItem {
  const isOpened = kind === 'location' || kind === 'folder';
  const item = new TreeItem(
    visibleLines(label),
    isOpened ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  item.id = JSON.stringify([service.name, location, path]);
  item.iconPath = new ThemeIcon(placeIcons[kind]);
  item.tooltip = plainText(path === '' ? location : `${location}/${path}`);
  // What is ingested is a folder or a data file; a location as a whole is neither.
  item.contextValue = kind === 'folder' || kind === 'data' ? 'servicePlaceIngestible' : 'servicePlace';
  return spoken(item);
}

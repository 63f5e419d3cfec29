import { basename } from 'node:path';
import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  workspace,
} from 'vscode';
import type { Disposable, Event, TreeDataProvider } from 'vscode';
import { plainText } from '../dialogs.ts';
import type { Connections } from '../connections/connections.ts';
import { ingestionStates, verbsOf } from '../ingestions/ingestion.ts';
import type { Ingestion } from '../ingestions/ingestion.ts';
import type { Ingestions } from '../ingestions/ingestions.ts';
import { visibleLines } from '../../core/text/hiddenCharacters.ts';
import { spoken } from './spokenItem.ts';

/** A line below an ingestion. */
interface Detail {
  readonly label: string;
  readonly text: string;
  readonly of: Ingestion;
}

type Node = Ingestion | Detail;

/** The view with the ingestions, as the record has them. */
export class IngestionsView implements TreeDataProvider<Node>, Disposable {
  readonly #ingestions: Ingestions;
  readonly #connections: Connections;
  readonly #changed = new EventEmitter<Node | undefined>();
  readonly #subscriptions: Disposable[];
  #watching: Pick<Disposable, 'dispose'> | undefined;

  readonly onDidChangeTreeData: Event<Node | undefined> = this.#changed.event;

  constructor(ingestions: Ingestions, connections: Connections) {
    this.#ingestions = ingestions;
    this.#connections = connections;
    const view = window.createTreeView('imsc.ingestions', { treeDataProvider: this });
    this.#subscriptions = [
      view,
      view.onDidChangeVisibility(({ visible }) => {
        this.#watchWhile(visible);
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.#watchWhile(view.visible);
      }),
      ingestions.onDidChange(() => {
        const { length } = ingestions.interrupted;
        view.badge = length === 0 ? undefined : { value: length, tooltip: l10n.t('{0} interrupted', length) };
        this.#changed.fire(undefined);
      }),
    ];
    this.#watchWhile(view.visible);
  }

  getChildren(parent?: Node): Node[] {
    if (parent === undefined) return [...this.#ingestions.all];
    return 'of' in parent ? [] : this.#detailsOf(parent);
  }

  getTreeItem(node: Node): TreeItem {
    if ('of' in node) {
      const item = new TreeItem(visibleLines(node.label));
      item.description = visibleLines(node.text);
      item.tooltip = plainText(node.text);
      item.contextValue = 'ingestionDetail';
      return spoken(item);
    }
    const { id, file, state, changed, message, doing, service } = node;
    const { text, icon, color } = ingestionStates[state];
    const item = new TreeItem(visibleLines(basename(file)), TreeItemCollapsibleState.Collapsed);
    item.id = id;
    const when = new Date(changed).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const standing =
      state === 'running' ? (doing ?? text) : state === 'waiting' ? `${text}: ${doing ?? ''}` : `${text} ${when}`;
    item.description = visibleLines(service === undefined ? standing : `${standing} · ${service.name}`);
    item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
    item.tooltip = plainText([file, message].filter((line) => line !== undefined).join('\n'));
    // Menus go by what can be done with it.
    item.contextValue = ['ingestion', ...verbsOf(node)].join(' ');
    item.command = { command: 'imsc.showIngestion', title: l10n.t('Show Details'), arguments: [node] };
    return spoken(item);
  }

  dispose(): void {
    this.#watching?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #watchWhile(isVisible: boolean): void {
    this.#watching?.dispose();
    this.#watching = isVisible && workspace.isTrusted ? this.#ingestions.watch() : undefined;
  }

  #detailsOf(ingestion: Ingestion): Detail[] {
    const { host, pid, message, started, file, steps, service } = ingestion;
    const connection = this.#connections.at(host)?.name;
    const lines: readonly (readonly [string, string | undefined])[] = [
      ['PID', pid],
      [l10n.t('Ingest service'), service && `${service.name} (${service.address})`],
      ['SciCat', connection === undefined ? host : `${connection} (${host})`],
      [l10n.t('File'), file],
      [l10n.t('Started'), new Date(started).toLocaleString()],
      ...steps.map(({ name, state, ended }): readonly [string, string] => [
        name,
        ended === undefined ? state : `${state} ${new Date(ended).toLocaleTimeString()}`,
      ]),
      [l10n.t('Message'), message],
    ];
    return lines.flatMap(([label, text]) =>
      text === undefined || text === '' ? [] : [{ label, text, of: ingestion }],
    );
  }
}

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
import type { Ingestion, IngestionState } from '../ingestions/ingestion.ts';
import { stateTexts } from '../ingestions/ingestion.ts';
import type { Ingestions } from '../ingestions/ingestions.ts';

/** A line below an ingestion. */
interface Detail {
  readonly label: string;
  readonly text: string;
  readonly of: Ingestion;
}

type Node = Ingestion | Detail;

const icons: Readonly<Record<IngestionState, readonly [icon: string, color: string | undefined]>> = {
  running: ['loading~spin', undefined],
  done: ['pass', 'testing.iconPassed'],
  'already-present': ['check-all', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', undefined],
  interrupted: ['debug-pause', 'list.warningForeground'],
};

/** What menus go by. */
const contextValues: Readonly<Record<IngestionState, string>> = {
  running: 'ingestionRunning',
  done: 'ingestionDone',
  'already-present': 'ingestionDone',
  failed: 'ingestionFailed',
  cancelled: 'ingestionFailed',
  interrupted: 'ingestionInterrupted',
};

/** The view with the ingestions: running, done, failed, interrupted. */
export class IngestionsView implements TreeDataProvider<Node>, Disposable {
  readonly #ingestions: Ingestions;
  readonly #changed = new EventEmitter<Node | undefined>();
  readonly #progress = new Map<string, string>();
  readonly #subscriptions: Disposable[];

  readonly onDidChangeTreeData: Event<Node | undefined> = this.#changed.event;

  constructor(ingestions: Ingestions) {
    this.#ingestions = ingestions;
    const view = window.createTreeView('imsc.ingestions', { treeDataProvider: this });
    this.#subscriptions = [
      view,
      // The journal may know of some that were interrupted elsewhere; it is asked when somebody looks.
      view.onDidChangeVisibility(({ visible }) => {
        if (visible && workspace.isTrusted) void ingestions.refreshJournal().catch(() => undefined);
      }),
      ingestions.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      ingestions.onNews(({ id, progress: { text } }) => {
        this.#progress.set(id, text);
        this.#changed.fire(ingestions.all.find((each) => each.id === id));
      }),
    ];
  }

  getChildren(parent?: Node): Node[] {
    if (parent === undefined) return [...this.#ingestions.all];
    return 'of' in parent ? [] : detailsOf(parent);
  }

  getTreeItem(node: Node): TreeItem {
    if ('of' in node) {
      const item = new TreeItem(node.label);
      item.description = node.text;
      item.tooltip = plainText(node.text);
      item.contextValue = 'ingestionDetail';
      return item;
    }
    const { id, file, state, started, ended, message } = node;
    const item = new TreeItem(basename(file), TreeItemCollapsibleState.Collapsed);
    const [icon, color] = icons[state];
    item.id = id;
    const when = new Date(ended ?? started).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    item.description =
      state === 'running' ? (this.#progress.get(id) ?? stateTexts.running) : `${stateTexts[state]} ${when}`;
    item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
    item.tooltip = plainText([file, message].filter((line) => line !== undefined).join('\n'));
    item.contextValue = contextValues[state];
    item.accessibilityInformation = { label: `${basename(file)}, ${item.description}` };
    item.command = { command: 'imsc.showIngestion', title: l10n.t('Show Details'), arguments: [node] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

function detailsOf(ingestion: Ingestion): Detail[] {
  const { host, pid, datasetName, message, started, file, connection } = ingestion;
  const lines: readonly (readonly [string, string | undefined])[] = [
    [l10n.t('Dataset'), datasetName],
    ['PID', pid],
    ['SciCat', connection === '' ? host : `${connection} (${host})`],
    [l10n.t('File'), file],
    [l10n.t('Started'), new Date(started).toLocaleString()],
    [l10n.t('Message'), message],
  ];
  return lines.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [{ label, text, of: ingestion }]));
}

import { basename } from 'node:path';
import {
  DataTransferItem,
  EventEmitter,
  l10n,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { DataTransfer, Disposable, Event, TreeDataProvider, TreeDragAndDropController, TreeView } from 'vscode';
import type { NexusChild } from '../../server/protocol.ts';
import { nexusChildren } from '../../server/protocol.ts';
import { plainError, plainText } from '../dialogs.ts';
import type { LanguageServer } from '../languageServer.ts';
import { isReadable, pathOf } from '../files.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { SampleChoice } from '../sampleChoice.ts';
import { visibleLines } from '../../core/text/hiddenCharacters.ts';
import { spoken } from './spokenItem.ts';

const pageLength = 200;
const icons = { group: 'symbol-namespace', dataset: 'symbol-field', broken: 'warning' } as const;

/** The row that stands for the children that are not shown yet. */
interface MoreNode {
  readonly more: string;
  readonly left: number;
}
type SampleNode = NexusChild | MoreNode;

/** Type, shape, units and value in one line. */
export function describeNexus({ kind, nxClass, type, shape, units, value, message }: NexusChild): string {
  if (kind === 'broken') return message ?? l10n.t('broken link');
  if (kind === 'group') return nxClass ?? '';
  const size = shape === undefined || shape.length === 0 ? '' : ` [${shape.join(' × ')}]`;
  return [`${type ?? ''}${size}`, value, units].filter((part) => part !== undefined && part !== '').join('  ');
}

/** The entry of the view that a command was called on. */
export function nexusNode(from: unknown): { readonly path: string } | undefined {
  const isNode = typeof from === 'object' && from !== null && 'path' in from && 'kind' in from;
  return isNode && typeof from.path === 'string' ? { path: from.path } : undefined;
}

/** The tree of the sample file in use; groups are asked for when they are opened, by pages. A file dropped is chosen. */
export class SampleView implements TreeDataProvider<SampleNode>, TreeDragAndDropController<SampleNode>, Disposable {
  readonly dropMimeTypes = ['text/uri-list'];
  readonly dragMimeTypes = ['text/plain'];
  readonly #server: LanguageServer;
  readonly #samples: SampleChoice;
  readonly #view: TreeView<SampleNode>;
  readonly #changed = new EventEmitter<SampleNode | undefined>();
  readonly #shown = new Map<string, number>();
  readonly #subscriptions: Disposable[];
  #file: string | null = null;

  readonly onDidChangeTreeData: Event<SampleNode | undefined> = this.#changed.event;

  constructor(server: LanguageServer, samples: SampleChoice) {
    this.#server = server;
    this.#samples = samples;
    this.#view = window.createTreeView('imsc.sample', { treeDataProvider: this, dragAndDropController: this });
    this.#subscriptions = [
      this.#view,
      samples.onDidChange(() => {
        this.refresh();
      }),
      this.#view.onDidChangeSelection(({ selection: [node] }) => {
        if (node === undefined || !('more' in node)) return;
        this.#shown.set(node.more, this.#pageEnd(node.more) + pageLength);
        this.#changed.fire(undefined);
      }),
    ];
  }

  /** Asks the server again for all that is shown. */
  refresh(): void {
    const { file, message } = this.#samples.current;
    if (file !== this.#file) this.#shown.clear();
    this.#file = file;
    this.#view.description = file === null ? '' : visibleLines(basename(file));
    // A message would take the place of the welcome text, which offers to choose a file.
    this.#view.message = file === null ? '' : plainText(message ?? '');
    this.#changed.fire(undefined);
  }

  async getChildren(parent?: SampleNode): Promise<SampleNode[]> {
    const { file, state } = this.#samples.current;
    if (file === null || state !== 'ready' || (parent !== undefined && 'more' in parent)) return [];
    const path = parent?.path ?? '/';
    const range = { offset: 0, limit: this.#pageEnd(path) };
    const page = await this.#server.request(nexusChildren, { file, path, ...range }).catch((error: unknown) => {
      // The file may have gone since it was found, as one of a page that was closed. VS Code would make a message of it
      // that comes again with each look.
      this.#view.message = plainError(error).message;
      return undefined;
    });
    if (page === undefined) return [];
    const left = page.total - page.children.length;
    return left > 0 ? [...page.children, { more: path, left }] : [...page.children];
  }

  getTreeItem(node: SampleNode): TreeItem {
    if ('more' in node) {
      const item = new TreeItem(l10n.t('{0} more…', node.left));
      item.iconPath = new ThemeIcon('ellipsis');
      return item;
    }
    const isGroup = node.kind === 'group';
    const item = new TreeItem(
      visibleLines(node.name),
      isGroup ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
    );
    item.id = `${this.#file ?? ''}:${node.path}`;
    item.description = visibleLines(describeNexus(node));
    item.iconPath = new ThemeIcon(icons[node.kind]);
    item.tooltip = plainText([node.path, describeNexus(node)].filter((line) => line !== '').join('\n'));
    item.contextValue = isGroup ? 'nexusGroup' : node.kind === 'dataset' ? 'nexusDataset' : 'nexusBroken';
    if (node.kind === 'dataset')
      item.command = { command: 'imsc.insertNexusPath', title: l10n.t('Insert Path'), arguments: [node] };
    return spoken(item);
  }

  handleDrag(source: readonly SampleNode[], data: DataTransfer): void {
    const paths = source.flatMap((node) => ('more' in node ? [] : [node.path]));
    data.set('text/plain', new DataTransferItem(paths.join('\n')));
  }

  async handleDrop(_target: SampleNode | undefined, data: DataTransfer): Promise<void> {
    const list = await data.get('text/uri-list')?.asString();
    const first = list?.split(/\r?\n/).find((line) => line !== '' && !line.startsWith('#'));
    const schema = schemaEditor()?.document.uri;
    if (first === undefined || schema === undefined || !workspace.isTrusted) return;
    const uri = Uri.parse(first);
    if (isReadable(uri)) await this.#samples.choose(schema.toString(), pathOf(uri));
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #pageEnd(path: string): number {
    return this.#shown.get(path) ?? pageLength;
  }
}

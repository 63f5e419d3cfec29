import { basename } from 'node:path';
import { EventEmitter, l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState, window } from 'vscode';
import type { Disposable, Event, TreeDataProvider } from 'vscode';
import { plainText, withProgress } from '../dialogs.ts';
import { recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { visibleLines } from '../../core/text/hiddenCharacters.ts';
import { spoken } from './spokenItem.ts';

/** A field of a file that comes out differently; null where there is none. */
export interface FieldDifference {
  readonly file: string;
  readonly name: string;
  /** What stands on the side before, as in `datasetName in the last commit`. */
  readonly beforeTitle: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface FileDifference {
  readonly file: string;
  readonly problem: string | undefined;
  readonly changes: readonly FieldDifference[];
}

type Node = FileDifference | FieldDifference;

/** What a change of schemas does to files, as the last comparison found it: files, and in each the fields. */
export class DifferencesView implements TreeDataProvider<Node>, Disposable {
  readonly #changed = new EventEmitter<undefined>();
  readonly #view;
  #files: readonly FileDifference[] = [];

  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor() {
    this.#view = window.createTreeView<Node>('imsc.differences', { treeDataProvider: this });
  }

  /** @param document what `imsc diff --json` says @param beforeTitle what a field is called before the change */
  show(document: JsonRecord, beforeTitle: string): void {
    this.#files = recordsAt(document, 'files').map((each): FileDifference => {
      const file = textAt(each, 'file') ?? '';
      const changes = recordsAt(each, 'changes').map((change): FieldDifference => {
        const name = textAt(change, 'name') ?? '';
        const isItem = textAt(change, 'part') === 'scientific_metadata';
        return {
          file,
          name: isItem ? `scientificMetadata.${name}` : name,
          beforeTitle,
          before: textAt(change, 'before') ?? null,
          after: textAt(change, 'after') ?? textAt(change, 'why') ?? null,
        };
      });
      return { file, problem: textAt(each, 'problem'), changes };
    });
    this.#changed.fire(undefined);
  }

  /** Says above the tree what it is, or what is at work. */
  say(message: string): void {
    this.#view.message = message;
  }

  get isVisible(): boolean {
    return this.#view.visible;
  }

  onDidChangeVisibility(listener: () => void): Disposable {
    return this.#view.onDidChangeVisibility(listener);
  }

  /** Shows in the view that something is at work, until it has ended. */
  whileWorking(work: Promise<void>): void {
    void withProgress({ location: { viewId: 'imsc.differences' } }, () => work);
  }

  getChildren(parent?: Node): Node[] {
    if (parent === undefined) return [...this.#files];
    return 'changes' in parent ? [...parent.changes] : [];
  }

  getTreeItem(node: Node): TreeItem {
    if ('changes' in node) {
      const item = new TreeItem(visibleLines(basename(node.file)), TreeItemCollapsibleState.Collapsed);
      item.description = visibleLines(node.problem ?? node.changes.map(({ name }) => name).join(', '));
      item.tooltip = plainText(node.file);
      item.iconPath = new ThemeIcon(node.problem === undefined ? 'diff-modified' : 'error');
      return spoken(item);
    }
    const item = new TreeItem(visibleLines(node.name));
    item.description = visibleLines(`${node.before ?? '–'} → ${node.after ?? '–'}`);
    item.tooltip = plainText(item.description);
    const isThere = node.before !== null && node.after !== null;
    item.iconPath = new ThemeIcon(isThere ? 'diff-modified' : node.before === null ? 'diff-added' : 'diff-removed');
    item.command = { command: 'imsc.showDifference', title: l10n.t('Compare'), arguments: [node] };
    return spoken(item);
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }
}

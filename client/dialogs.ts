import { window } from 'vscode';
import type {
  CancellationToken,
  Disposable,
  InputBoxOptions,
  MessageOptions,
  Progress,
  ProgressOptions,
  QuickInputButton,
  QuickPick,
  QuickPickItem,
  QuickPickOptions,
} from 'vscode';
import { visibleLines } from '../core/text/hiddenCharacters.ts';

/**
 * A text as VS Code shows it, whoever wrote it. In notifications and the like VS Code makes a link, and with
 * `command:` something that runs at a click, of `[text](address)`, and an icon of `$(name)`; a character without width
 * breaks both up. Marks that turn the direction of a text around are shown as escapes. Each way to show a text to a
 * person, here and wherever the linter lets one set it, passes through this.
 */
export function plainText(text: string): string {
  return visibleLines(text).replaceAll('](', ']\u200b(').replaceAll('$(', '$\u200b(');
}

function plain<Options extends object>(options: Options): Options {
  const entries = Object.entries(options).map(([name, value]: [string, unknown]): [string, unknown] => [
    name,
    // What stands in an input field is not text to look at, but a value.
    typeof value === 'string' && name !== 'value' ? plainText(value) : value,
  ]);
  return Object.assign({ ...options }, Object.fromEntries<unknown>(entries));
}

/** An error that VS Code shows in a notification, when it is thrown to it. */
export function plainError(error: unknown): Error {
  return new Error(plainText(error instanceof Error ? error.message : String(error)), { cause: error });
}

/** What is shown for an item to pick. */
export type PlainItem<Item> = QuickPickItem & { readonly item: Item };

export type MessageKind = 'information' | 'warning' | 'error';

/** Says something in a notification, or in a dialog. @returns the action that the person chose, if any */
export async function showMessage(
  kind: MessageKind,
  text: string,
  actions: readonly string[] = [],
  options: MessageOptions = {},
): Promise<string | undefined> {
  const shown = plainText(text);
  switch (kind) {
    case 'information':
      return window.showInformationMessage(shown, plain(options), ...actions);
    case 'warning':
      return window.showWarningMessage(shown, plain(options), ...actions);
    case 'error':
      return window.showErrorMessage(shown, plain(options), ...actions);
  }
}

/** Shows that something takes its time, while it does. */
export function withProgress<Result>(
  options: ProgressOptions,
  task: (progress: Progress<{ readonly message: string }>, cancellation: CancellationToken) => Thenable<Result>,
): Thenable<Result> {
  return window.withProgress(plain(options), (progress, cancellation) =>
    task(
      {
        report: ({ message }) => {
          progress.report({ message: plainText(message) });
        },
      },
      cancellation,
    ),
  );
}

/** Says something in the status bar for a while. */
export function showInStatusBar(text: string, milliseconds: number): Disposable {
  return window.setStatusBarMessage(plainText(text), milliseconds);
}

/** A list to pick from whose items change while the person types; `plainItems` makes them. */
export function createPick<Item extends QuickPickItem>(): QuickPick<PlainItem<Item>> {
  return window.createQuickPick<PlainItem<Item>>();
}

/** Items of a list to pick from, with the ones that they stand for. */
export function plainItems<Item extends QuickPickItem>(items: readonly Item[]): readonly PlainItem<Item>[] {
  return items.map((item) => ({ ...plain<QuickPickItem>(item), item }));
}

/** Lets the person pick one of several items. */
export async function pickOne<Item extends QuickPickItem>(
  items: readonly Item[],
  options: QuickPickOptions,
): Promise<Item | undefined> {
  return (await window.showQuickPick(plainItems(items), plain(options)))?.item;
}

/** Lets the person pick some of several items, which may still be on their way. */
export async function pickMany<Item extends QuickPickItem>(
  items: readonly Item[] | Promise<readonly Item[]>,
  options: QuickPickOptions,
): Promise<readonly Item[] | undefined> {
  const shown = Promise.resolve(items).then(plainItems);
  return (await window.showQuickPick(shown, { ...plain(options), canPickMany: true }))?.map(({ item }) => item);
}

/**
 * As `pickMany`, with a button in the title for who wants something else.
 * @returns the items, `other` where the button was pressed or there is nothing to pick, undefined for a change of mind
 */
export function pickManyOr<Item extends QuickPickItem>(
  items: Promise<readonly Item[]>,
  { title, placeHolder, matchOnDescription = false }: QuickPickOptions,
  button: QuickInputButton,
): Promise<readonly Item[] | 'other' | undefined> {
  const pick = createPick<Item>();
  pick.title = plainText(title ?? '');
  pick.placeholder = plainText(placeHolder ?? '');
  pick.matchOnDescription = matchOnDescription;
  pick.canSelectMany = true;
  pick.buttons = [{ ...button, tooltip: plainText(button.tooltip ?? '') }];
  pick.busy = true;
  return new Promise((resolve, reject) => {
    const end = (picked: readonly Item[] | 'other' | undefined): void => {
      resolve(picked);
      pick.dispose();
    };
    pick.onDidAccept(() => {
      // What is not there yet cannot be picked.
      if (!pick.busy) end(pick.selectedItems.map(({ item }) => item));
    });
    pick.onDidTriggerButton(() => {
      end('other');
    });
    pick.onDidHide(() => {
      end(undefined);
    });
    pick.show();
    items.then((all) => {
      if (all.length === 0) {
        end('other');
        return;
      }
      pick.items = plainItems(all);
      pick.busy = false;
    }, reject);
    items.catch(() => {
      pick.dispose();
    });
  });
}

/** Lets the person type a text. */
export function askText(options: InputBoxOptions): Thenable<string | undefined> {
  return window.showInputBox(plain(options));
}

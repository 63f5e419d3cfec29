import { Disposable, l10n, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import type { StatusBarItem } from 'vscode';
import { plainText } from '../dialogs.ts';
import type { Account } from './accounts.ts';
import type { Connection, Connections } from './connections.ts';
import { untilText } from './untilText.ts';

/** How long before its end a sign-in is shown as ending. */
const warnBeforeMs = 15 * 60_000;
const minuteMs = 60_000;
/** Node takes a longer time for none at all. */
const longestTimerMs = 2 ** 31 - 1;

/** Milliseconds after which what is shown may change, of a sign-in that lasts so many. */
export function nextLookMs(left: number): number {
  return left > warnBeforeMs ? Math.min(left - warnBeforeMs + 1, longestTimerMs) : Math.min(left, minuteMs) + 1;
}

/** Who is signed in to the SciCat in use, and until when, in the status bar; that it ends is said before it does. */
export function showAccountStatus(connections: Connections): Disposable {
  const item = window.createStatusBarItem('imsc.account', StatusBarAlignment.Right, 50);
  item.name = l10n.t('SciCat account');
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  const show = async (): Promise<void> => {
    clearTimeout(timer);
    const own = ++last;
    const { current } = connections;
    if (current === undefined || !workspace.isTrusted) {
      item.hide();
      return;
    }
    const account = await connections.accountAt(current.address);
    // Meanwhile something else may have come to be shown, or nothing any more.
    if (own !== last) return;
    present(item, current, account);
    const left = account?.expires === undefined ? 0 : account.expires.getTime() - Date.now();
    if (left > 0) timer = setTimeout(() => void show(), nextLookMs(left));
  };
  const subscription = connections.onDidChange(() => void show());
  void show();
  return new Disposable(() => {
    last += 1;
    clearTimeout(timer);
    subscription.dispose();
    item.dispose();
  });
}

function present(item: StatusBarItem, current: Connection, account: Account | undefined): void {
  const left = account?.expires === undefined ? Infinity : account.expires.getTime() - Date.now();
  const isEnding = left <= warnBeforeMs;
  item.text = account
    ? `$(account) ${plainText(`${account.username} @ ${current.name}${untilText(account.expires)}`)}`
    : `$(account) ${plainText(l10n.t('{0}: sign in', current.name))}`;
  const who = account
    ? l10n.t('Signed in as {0}', account.username + untilText(account.expires))
    : l10n.t('Not signed in');
  item.tooltip = plainText(`${current.address}\n${who}`);
  item.accessibilityInformation = { label: l10n.t('SciCat account, {0}', item.text.replace('$(account) ', '')) };
  if (isEnding) item.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
  else item.backgroundColor = undefined;
  if (current.isSandbox) item.command = 'imsc.connections.focus';
  else item.command = { command: 'imsc.signIn', title: l10n.t('Sign In'), arguments: [current] };
  item.show();
}

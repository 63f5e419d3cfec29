import { l10n } from 'vscode';

/** Until when somebody is signed in, with a comma before it; empty where the token does not say. */
export function untilText(expires: Date | undefined, now = new Date()): string {
  if (expires === undefined) return '';
  const minutes = Math.ceil((expires.getTime() - now.getTime()) / 60_000);
  if (minutes <= 0) return `, ${l10n.t('expired')}`;
  if (minutes <= 15) return `, ${l10n.t('{0} min left', minutes)}`;
  const isToday = expires.toDateString() === now.toDateString();
  const time = expires.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return `, ${l10n.t('until {0}', isToday ? time : expires.toLocaleDateString())}`;
}

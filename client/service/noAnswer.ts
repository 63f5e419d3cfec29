import { l10n } from 'vscode';

/** That a service gives no answer at all. */
export function noAnswer(address: string): string {
  return l10n.t('The ingest service {0} does not answer.', address);
}

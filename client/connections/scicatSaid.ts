import { l10n } from 'vscode';
import type { ImscAnswer } from '../imscProgram.ts';
import { textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';

/** The time under a key of what the command line prints. */
export function dateAt(document: JsonRecord | undefined, key: string): Date | undefined {
  const text = textAt(document, key);
  return text === undefined ? undefined : new Date(text);
}

/** What SciCat said instead of an answer. */
export function refusal({ document, lastLines }: Pick<ImscAnswer, 'document' | 'lastLines'>): string {
  return textAt(document?.['error'], 'message') ?? lastLines.at(-1) ?? l10n.t('SciCat did not answer.');
}

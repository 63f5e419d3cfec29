import { basename } from 'node:path';
import { commands, l10n } from 'vscode';
import { textAt } from '../json.ts';
import type { Services } from '../services.ts';

/** Shows a field of the view before and after the change beside each other. */
export async function run({ results }: Services, from: unknown): Promise<void> {
  const [file, name] = [textAt(from, 'file'), textAt(from, 'name')];
  const title = textAt(from, 'beforeTitle') ?? '';
  if (file === undefined || name === undefined) return;
  const side = (of: string, text: string | undefined) =>
    results.add(`${name} ${of}.json`, { text: text === undefined ? '' : `${text}\n`, links: [] });
  const before = side(title, textAt(from, 'before'));
  const after = side(l10n.t('now'), textAt(from, 'after'));
  await commands.executeCommand('vscode.diff', before, after, `${basename(file)}: ${name}`, { preview: true });
}

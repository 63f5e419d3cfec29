import { basename } from 'node:path';
import { commands, l10n } from 'vscode';
import { pickOne, showMessage } from '../dialogs.ts';
import type { DryRun } from '../results/dryRuns.ts';
import { clock } from '../results/dryRuns.ts';
import type { Services } from '../services.ts';

/** Shows two dry runs side by side: the last two, or those that the person picks. */
export async function run({ dryRuns }: Services, ...from: readonly unknown[]): Promise<void> {
  const [given, other] = from.map((each) => dryRuns.all.find((dryRun) => dryRun === each));
  if (dryRuns.all.length < 2) {
    void showMessage('information', l10n.t('Two dry runs are needed; make another one first.'));
    return;
  }
  const newer = given ?? (await pickDryRun(dryRuns.all, l10n.t('Compare this dry run')));
  if (newer === undefined) return;
  const rest = dryRuns.all.filter((dryRun) => dryRun !== newer);
  const older = other ?? (rest.length === 1 ? rest[0] : await pickDryRun(rest, l10n.t('with this one')));
  if (older === undefined) return;
  const title = `${titleOf(older)} ↔ ${titleOf(newer)}`;
  await commands.executeCommand('vscode.diff', older.uri, newer.uri, title, { preview: false });
}

export async function pickDryRun(all: readonly DryRun[], title: string): Promise<DryRun | undefined> {
  if (all.length <= 1) return all[0];
  const items = all.map((dryRun) => ({
    label: basename(dryRun.request.file),
    description: clock(dryRun.when),
    dryRun,
  }));
  return (await pickOne(items, { title }))?.dryRun;
}

function titleOf({ request, when }: DryRun): string {
  return `${basename(request.file)} ${clock(when)}`;
}

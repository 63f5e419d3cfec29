import { basename } from 'node:path';
import { l10n, ProgressLocation, TabInputText, ViewColumn, window, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { withProgress } from '../dialogs.ts';
import { archivePlaces } from '../ingestions/archivePlaces.ts';
import { subjectOf } from '../ingestions/metadataDocuments.ts';
import { runContext } from '../ingestions/runContext.ts';
import { scicatState } from '../ingestions/scicatState.ts';
import type { Services } from '../services.ts';
import { whileAskingScicat } from '../whileAskingScicat.ts';
import { shortPath } from './dryRuns.ts';
import { previewText } from './previewText.ts';

/** The previews that are shown, by the file with metadata. */
const shown = new Map<string, Uri>();
let isListening = false;

/**
 * Shows beside a file with metadata what would become of it: each value with where it comes from. Goes with the file
 * each time that it is saved, until it is closed.
 */
export async function previewMetadata(services: Services, file: Uri): Promise<Uri | undefined> {
  if (!isListening) {
    isListening = true;
    const listening = workspace.onDidSaveTextDocument(({ uri }) => {
      const preview = shown.get(uri.toString());
      if (preview && isOpen(preview)) void update(services, uri);
    });
    services.context.subscriptions.push(listening);
  }
  const uri = await update(services, file);
  if (uri) await services.results.show(uri, { viewColumn: ViewColumn.Beside, preserveFocus: true });
  return uri;
}

function isOpen(uri: Uri): boolean {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString());
}

async function update(services: Services, file: Uri): Promise<Uri | undefined> {
  const subject = await subjectOf(services, file);
  if (!subject) return undefined;
  const places = await archivePlaces(services, [subject], { isSaid: true });
  if (!places) return undefined;
  const context = await runContext(services.connections, subject);
  if (!context) return undefined;
  const name = basename(subject.fsPath);
  const scicat = await whileAskingScicat((cancellation) => scicatState(services, context, cancellation));
  if (!scicat) return undefined;
  const offline = scicat.state === 'known' ? undefined : scicat.message;
  const copyTo = places.get(subject.fsPath);
  const request = { file: subject.fsPath, metadata: file.fsPath, copyTo, context, offline, isQuick: true };
  const dryRun = await withProgress({ location: ProgressLocation.Window, title: l10n.t('Preview of {0}', name) }, () =>
    services.dryRuns.run(request),
  );
  if (!dryRun) return undefined;
  const result = previewText(l10n.t('Preview of {0}', name), dryRun.document, shortPath);
  const before = shown.get(file.toString());
  if (before) {
    services.results.replace(before, result);
    return before;
  }
  const uri = services.results.add(`${l10n.t('Preview of {0}', name)}.md`, result);
  shown.set(file.toString(), uri);
  return uri;
}

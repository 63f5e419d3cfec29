import { basename, join } from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { pickOne } from '../dialogs.ts';
import { isRecord, textAt } from '../json.ts';
import { archiveExtensions } from '../nexusFiles.ts';
import type { Services } from '../services.ts';

/** What the files with a person's metadata are about, by their path; kept with the extension. */
const kept = 'imsc.metadataOf';

/** The file for what a person knows of a data file or a folder; the same each time, so that nothing typed is lost. */
export async function metadataFileFor({ context }: Services, subject: Uri): Promise<Uri> {
  const folder = Uri.joinPath(context.globalStorageUri, 'metadata', await digest(subject.fsPath));
  await workspace.fs.createDirectory(folder);
  const file = Uri.file(join(folder.fsPath, `${basename(subject.fsPath)}.imsc.metadata.yml`));
  await remember({ context }, file, subject);
  return file;
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function remember({ context }: Pick<Services, 'context'>, file: Uri, subject: Uri): Promise<void> {
  const before: unknown = context.globalState.get(kept);
  await context.globalState.update(kept, { ...(isRecord(before) ? before : {}), [file.fsPath]: subject.fsPath });
}

/** What a file with metadata is about; a person is asked where that is not known. */
export async function subjectOf({ context }: Pick<Services, 'context'>, file: Uri): Promise<Uri | undefined> {
  const known = textAt(context.globalState.get(kept), file.fsPath);
  if (known !== undefined) return Uri.file(known);
  const picked = await pickSubject(l10n.t('What is this metadata of?'));
  if (picked) await remember({ context }, file, picked);
  return picked;
}

/** Lets a person pick a data file, a folder or an archive. */
export async function pickSubject(title: string): Promise<Uri | undefined> {
  const items = [
    { label: l10n.t('A NeXus File…'), canSelectFiles: true, canSelectFolders: false },
    { label: l10n.t('A Folder…'), canSelectFiles: false, canSelectFolders: true },
    { label: l10n.t('An Archive…'), canSelectFiles: true, canSelectFolders: false, extensions: archiveExtensions },
  ];
  const picked = await pickOne(items, { title });
  if (!picked) return undefined;
  const { canSelectFiles, canSelectFolders, extensions } = picked;
  const filters = extensions && { filters: { [l10n.t('Archives')]: extensions } };
  const [subject] = (await window.showOpenDialog({ title, canSelectFiles, canSelectFolders, ...filters })) ?? [];
  return subject;
}

/** The document, saved: what is on disk is ingested. */
export async function saved(file: Uri): Promise<TextDocument> {
  const document = await workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  return document;
}

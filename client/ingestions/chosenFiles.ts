import { l10n, Uri, workspace } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { isList, isRecord } from '../json.ts';
import { isArchive, isNexus, pickFiles } from '../nexusFiles.ts';
import { isSchema } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** What is to be dry-run or ingested. */
export interface ChosenFiles {
  readonly files: readonly Uri[];
  /** The schema to use without asking selectors; undefined lets the configuration decide. */
  readonly schema: Uri | undefined;
  /** A file with what a person knows besides. */
  readonly metadata?: Uri | undefined;
}

/**
 * The files that a command was called with, or that the person picks. From the explorer come one resource and all that
 * are selected; from a schema its own address, which means the sample of that schema; other extensions may pass
 * `{ files: Uri[], schema?: Uri }`. Undefined if there is nothing to do.
 * @param takesArchives whether archives are taken, too
 */
export async function chosenFiles(
  { samples, context }: Services,
  title: string,
  from: readonly unknown[],
  { takesArchives = true } = {},
): Promise<ChosenFiles | undefined> {
  const [first, selected] = from.map((each) => (typeof each === 'string' ? Uri.parse(each) : each));
  if (isRecord(first) && isList(first['files'])) {
    const { schema, metadata } = first;
    return checked({
      files: onDisk(first['files'].map(asUri)),
      schema: schema instanceof Uri ? schema : undefined,
      metadata: metadata instanceof Uri ? metadata : undefined,
    });
  }
  const resources = onDisk(isList(selected) && selected.length > 0 ? selected : [first]);
  const files = resources.filter((each) => isNexus(each) || (takesArchives && isArchive(each)));
  if (files.length > 0) return { files, schema: undefined };
  const schema = resources.find(({ path }) => /\.imsc\.(?:json|ya?ml)$/i.test(path));
  const sample = schema && (await samples.fileOf(schema.toString()));
  if (sample) return checked({ files: [Uri.file(sample)], schema });
  return checked({ files: await pickFiles(context.workspaceState, title, { takesArchives }), schema });
}

/** Saves the schema, because what is on disk is ingested, and looks whether the files can be read in place. */
async function checked(chosen: ChosenFiles): Promise<ChosenFiles | undefined> {
  const files = chosen.files.filter(({ scheme }) => scheme === 'file');
  if (files.length < chosen.files.length)
    void showMessage(
      'warning',
      l10n.t('NeXus files are read in place by pieces: only files on a real file system work.'),
    );
  if (files.length === 0) return undefined;
  await saveSchemas();
  return { ...chosen, files };
}

/** Saves all schemas that were edited: a run reads them from disk. */
async function saveSchemas(): Promise<void> {
  const edited = workspace.textDocuments.filter((document) => isSchema(document) && document.isDirty);
  await Promise.all(edited.filter(({ isUntitled }) => !isUntitled).map((document) => document.save()));
}

/** Plain paths are taken too. */
function asUri(resource: unknown): unknown {
  return typeof resource === 'string' ? Uri.file(resource) : resource;
}

function onDisk(resources: readonly unknown[]): readonly Uri[] {
  return resources.filter((each) => each instanceof Uri);
}

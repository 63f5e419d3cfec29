import { importFolders } from '../schemas/importFolders.ts';
import { listSchemaFiles } from '../schemas/schemaFiles.ts';
import type { SchemaSide } from './schemaDiff.ts';

/**
 * One schema as a side of a comparison; what it imports lies in its files.
 * @param file absolute path, where it is or will be saved
 * @param text what counts instead of what lies there
 */
export async function sideOfText(file: string, text: string): Promise<SchemaSide> {
  const others = await textsIn(importFolders(file));
  return { chosen: file, texts: [...others.filter(([other]) => other !== file), [file, text]] };
}

/** Paths and texts of the schemas in some folders; what cannot be read is left out. */
export async function textsIn(folders: readonly string[]): Promise<SchemaSide['texts']> {
  const texts: (readonly [string, string])[] = [];
  for (const folder of folders) {
    const { files } = await listSchemaFiles(folder, (each) => [each.path, each.text] as const);
    texts.push(...files);
  }
  return texts;
}

import path from 'node:path';
import type { FindSchema } from '../../imsc/schema/imports.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import { parseByContent } from '../../imsc/tree/parse.ts';
import { keyText } from '../../imsc/tree/tree.ts';
import { importFolders } from './importFolders.ts';
import { listSchemaFiles, readSchemaFile } from './schemaFiles.ts';

/**
 * Finds schemas by their ids. Each folder is listed once.
 * @param texts that are known otherwise than they lie on disk, by their absolute paths
 */
export function schemaFinder(texts: ReadonlyMap<string, string> = new Map()): FindSchema {
  const listed = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const idsIn = (folder: string): Promise<ReadonlyMap<string, string>> => {
    const known = listed.get(folder) ?? filesById(folder, texts);
    listed.set(folder, known);
    return known;
  };
  return async (id, from) => {
    const ids: string[] = [];
    for (const folder of importFolders(from)) {
      const known = await idsIn(folder);
      ids.push(...known.keys());
      const file = known.get(id);
      if (file === undefined) continue;
      const text = texts.get(file);
      if (text !== undefined) return { file, text };
      const read = await readSchemaFile(file);
      if ('text' in read) return { file, text: read.text };
    }
    return { ids };
  };
}

/** Finds schemas by their ids among texts that are at hand, by their absolute paths, and nowhere else. */
export function findAmong(texts: ReadonlyMap<string, string>): FindSchema {
  const known = [...texts].sort(([one], [other]) => (one < other ? -1 : 1));
  const ids = new Map<string, string | undefined>();
  // Most schemas import nothing, and then no other is read for its id.
  const idOf = (file: string, text: string): string | undefined => {
    if (!ids.has(file)) ids.set(file, idIn(text));
    return ids.get(file);
  };
  return (id, from) => {
    const near = importFolders(from).flatMap((folder) => known.filter(([file]) => path.dirname(file) === folder));
    const found = near.find(([file, text]) => idOf(file, text) === id);
    if (found) return Promise.resolve({ file: found[0], text: found[1] });
    return Promise.resolve({ ids: near.flatMap(([file, text]) => idOf(file, text) ?? []) });
  };
}

/** The schemas of a folder by their ids; of several with one id the first by name. */
async function filesById(folder: string, texts: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const { files } = await listSchemaFiles(folder, ({ path: file, text }) => ({
    file,
    id: idIn(texts.get(file) ?? text),
  }));
  const found = new Map<string, string>();
  for (const { file, id } of files) if (id !== undefined && !found.has(id)) found.set(id, file);
  return found;
}

function idIn(text: string): string | undefined {
  const { root } = parseByContent(text);
  return root?.kind === 'map' ? scalarText(root.entries.find((entry) => keyText(entry) === 'id')?.value) : undefined;
}

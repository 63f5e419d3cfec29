import path from 'node:path';

/** The folder, beside schemas, of those that are only there to be imported. */
export const modulesFolder = 'modules';

/** Whether a file lies where a schema without a selector is one that others import. */
export function mayBeModule(file: string): boolean {
  return path.basename(path.dirname(file)) === modulesFolder;
}

/** The folders in which a file looks for what it imports, in their order. */
export function importFolders(file: string): readonly string[] {
  const folder = path.dirname(file);
  return [folder, path.join(folder, modulesFolder), ...(mayBeModule(file) ? [path.dirname(folder)] : [])];
}

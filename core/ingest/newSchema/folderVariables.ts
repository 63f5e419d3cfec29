import { dirname } from 'node:path';
import type { Config } from '../../config/configOptions.ts';
import { computedVariable } from '../../imsc/language/sources.ts';
import { hashFilePath } from '../plan/besideData.ts';
import { pathBelow } from '../../files/pathlibPath.ts';

/** The variables of a new schema that make the folder of the dataset, by name. */
export type FolderVariables = readonly (readonly [name: string, keys: Readonly<Record<string, string>>])[];

/** How many folders above the data file are offered; higher up, a dataset would hold half a disk. */
const mostLevels = 4;

/**
 * The folder that a dataset of such a file can name: the nearest one that holds the data file and all that an ingestion
 * writes beside it, because the files are listed as seen from there.
 */
export async function folderVariables(file: string, config: Config): Promise<FolderVariables> {
  const levels = await levelsAbove(file, config.ingestion.file_handling);
  const of = (name: string, value: string, operator: string) =>
    [name, Object.fromEntries(computedVariable(value, 'string', operator))] as const;
  return levels <= 2
    ? [of('source_folder', '<data_file_path>', levels === 1 ? 'dirname' : 'dirname-2')]
    : [
        of('data_folder', '<data_file_path>', 'dirname-2'),
        of('source_folder', '<data_folder>', levels === 3 ? 'dirname' : 'dirname-2'),
      ];
}

async function levelsAbove(file: string, handling: Config['ingestion']['file_handling']): Promise<number> {
  const writes = handling.compute_file_hash && handling.save_file_hash;
  if (!writes || handling.file_path_type !== 'relative') return 1;
  const written = await hashFilePath(file, handling);
  let folder = dirname(file);
  for (let levels = 1; levels <= mostLevels && folder !== dirname(folder); levels++) {
    if (pathBelow(written, folder) !== undefined) return levels;
    folder = dirname(folder);
  }
  // Nothing that a schema could say helps; the dry run names the way out.
  return 1;
}

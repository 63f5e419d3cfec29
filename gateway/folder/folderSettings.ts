import path from 'node:path';
import { wrongOption } from '../../core/config/config.ts';
import type { Config, WrongOption } from '../../core/config/config.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { FolderSourceOptions } from './folderSource.ts';

export type FolderSettings = Pick<FolderSourceOptions, 'folders' | 'files' | 'ignore' | 'restMs' | 'lookMs'>;

/** What the section `watch` says, or what is wrong with it. */
export function folderSettings(
  watch: Config['watch'],
  wrong: WrongOption = wrongOption,
): { settings: FolderSettings } | { problems: readonly Problem[] } {
  const files = watch.files.filter((pattern) => pattern !== '');
  if (files.length === 0) return { problems: [wrong('watch.files', 'is needed to tell which files are data files.')] };
  return {
    settings: {
      folders: watch.folders.map((folder) => path.resolve(folder)),
      files,
      ignore: watch.ignore,
      restMs: watch.rest_seconds * 1000,
      lookMs: watch.look_seconds * 1000,
    },
  };
}

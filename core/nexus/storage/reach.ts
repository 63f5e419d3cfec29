import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/**
 * Where a file may lead: HDF5 files name other ones in links, virtual datasets and as the place of their values. Who
 * reads them may have more rights than those who wrote them, so only what lies below the data file's own folder is
 * followed, or below folders that are allowed by name.
 */
export class Reach {
  readonly #folders: readonly string[];

  /** @param allowed folders besides the file's own; relative ones are relative to the working directory */
  constructor(file: string, allowed: readonly string[] = []) {
    this.#folders = [dirname(file), dirname(real(file) ?? file), ...allowed].flatMap((folder) => real(folder) ?? []);
  }

  /** Why a file is not opened; undefined for one that may be, and for one that is not there. */
  refusal(path: string): string | undefined {
    const place = real(path);
    if (place === undefined) return undefined;
    if (!statSync(place).isFile()) return `${path} is not an ordinary file`;
    const isBelow = this.#folders.some((folder) => place.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`));
    return isBelow
      ? undefined
      : `${resolve(path)} lies outside of the folder of the data file, and ${OPTION} does not allow it`;
  }
}

/** The configuration's key for more folders. */
const OPTION = 'ingestion.file_handling.linked_data_folders';

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

export function isThere(path: string): boolean {
  return existsSync(path);
}

/** The folder in which a file really lies. @throws the file system's error */
export function realFolder(path: string): string {
  return dirname(realpathSync(path));
}

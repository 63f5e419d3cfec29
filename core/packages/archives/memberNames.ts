import { lstat, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveEntry } from './archiveEntry.ts';
import { PackageError } from '../packageError.ts';
import { memberPathMistake } from '../paths.ts';

/** Makes of a name what the file system takes it for: names with the same key are one file there. */
type NameKey = (name: string) => string;

/**
 * How the file system of a folder tells names apart, tried with one file.
 * @param folder empty
 * @throws what the system says of writing
 */
async function nameKeyOf(folder: string): Promise<NameKey> {
  const composed = 'imsc-\u00e4';
  await writeFile(path.join(folder, composed), '', { flag: 'wx' });
  const isThere = (name: string): Promise<boolean> =>
    lstat(path.join(folder, name)).then(
      () => true,
      () => false,
    );
  const foldsCase = await isThere(composed.toUpperCase());
  const foldsComposition = await isThere(composed.normalize('NFD'));
  await rm(path.join(folder, composed));
  return (name) => {
    const normal = foldsComposition ? name.normalize('NFC') : name;
    return foldsCase ? normal.toLowerCase() : normal;
  };
}

/** The members that an archive has so far; refuses what may not be one. */
export class MemberNames {
  readonly #key: NameKey;
  readonly #taken = new Map<string, 'file' | 'folder'>();

  private constructor(key: NameKey) {
    this.#key = key;
  }

  /** @param folder empty, where the members will lie */
  static async in(folder: string): Promise<MemberNames> {
    return new MemberNames(await nameKeyOf(folder));
  }

  /**
   * @returns where the member belongs, from the folder on; undefined for the folder itself
   * @throws PackageError `path`, `symlink`, `link`, `special-file`, `duplicate`
   */
  take({ name: told, kind }: ArchiveEntry): string | undefined {
    const name = told.replace(/^(\.\/+)+/, '');
    if (kind === 'folder' && (name === '' || name === '.')) return undefined;
    const place = { file: name };
    const mistake = memberPathMistake(name);
    if (mistake !== undefined) throw new PackageError('path', `The archive has a member “${name}”: ${mistake}.`, place);
    if (kind === 'symlink')
      throw new PackageError('symlink', `${name} is a symbolic link; pack the file itself.`, place);
    if (kind === 'link') throw new PackageError('link', `${name} is a hard link; pack the file itself.`, place);
    if (kind === 'special') throw new PackageError('special-file', `${name} is neither a file nor a folder.`, place);
    this.#note(name, kind);
    return name;
  }

  /** Keeps the name, and those of the folders above it. */
  #note(name: string, kind: 'file' | 'folder'): void {
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      const above = name.slice(0, slash);
      if (this.#taken.get(this.#key(above)) === 'file')
        throw new PackageError('duplicate', `${above} is a file and a folder.`, { file: above });
      this.#taken.set(this.#key(above), 'folder');
    }
    const before = this.#taken.get(this.#key(name));
    if (before !== undefined && (before !== 'folder' || kind !== 'folder'))
      throw new PackageError('duplicate', `The archive has ${name} twice.`, { file: name });
    this.#taken.set(this.#key(name), kind);
  }
}

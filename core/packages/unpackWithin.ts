import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unreadableFile } from '../files/fileError.ts';
import { budget } from '../limits/budget.ts';
import { Allowance } from './archives/allowance.ts';
import { isAmongArchives } from './formats.ts';
import { PackageError } from './packageError.ts';
import { finding } from './rules.ts';
import type { Finding } from './rules.ts';
import { unpackBy } from './unpack.ts';
import type { UnpackOptions } from './unpack.ts';
import { walkFolder } from './walk.ts';

/** What systems put beside the folder that somebody packed. */
const beside = new Set(['__MACOSX', '.DS_Store']);

/**
 * The folder that holds the content: if there is nothing but one folder, that one, otherwise the given one. Nothing is
 * moved.
 */
export async function stripRoot(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [first, ...others] = entries.filter(({ name }) => !beside.has(name));
  return first?.isDirectory() === true && others.length === 0 ? path.join(folder, first.name) : folder;
}

export interface UnpackWithinOptions extends UnpackOptions {
  /**
   * Whether an archive that lies in the folder itself stays beside the folder that it is unpacked into; default: true.
   * Not so where the folder has come out of an archive. Deeper ones are always replaced.
   */
  readonly keepInRoot?: boolean | undefined;
}

/** Where archives are unpacked before they come to their place. Names like this are no payload. */
const workplaceName = '.imsc-unpacking';

/**
 * Unpacks the archives that lie in a folder, and those inside of them: each becomes a folder of its name without the
 * ending, in which a single root folder is left out. One that cannot be unpacked stays as it is, with a warning. All of
 * them share the limits. If it is interrupted, it begins with a fresh copy of the folder, not with what was left.
 * @throws FileError `file-unreadable`; the signal's reason; what the system says of writing (`ENOSPC`)
 */
export async function unpackWithin(folder: string, options: UnpackWithinOptions = {}): Promise<Finding[]> {
  const { keepInRoot = true, signal, limits } = options;
  const findings: Finding[] = [];
  const depth = limits?.depth ?? budget.packages.depth;
  const allowance = await Allowance.in(folder, limits);
  const workplace = path.join(folder, workplaceName);
  let waiting = await archivesIn(folder, signal);
  for (let level = 1; waiting.length > 0; level += 1) {
    const made: string[] = [];
    for (const file of waiting) {
      signal?.throwIfAborted();
      const name = path.relative(folder, file).replaceAll(path.sep, '/');
      const stays = (found: Finding): void => {
        findings.push({ ...found, severity: 'warning', file: name });
      };
      if (level > depth) {
        stays(finding('limit', `${name} lies more than ${depth} archives deep and stays packed.`));
        continue;
      }
      const target = path.join(path.dirname(file), folderName(file));
      const isKept = keepInRoot && path.dirname(file) === folder;
      try {
        await unpackBy(file, target, workplace, allowance, options);
        await leaveOutRoot(target, workplace);
        made.push(target);
      } catch (error) {
        if (!(error instanceof PackageError)) throw error;
        if (error.found.code !== 'empty') {
          stays({ ...error.found, message: `${name} stays as it is: ${error.message}` });
          continue;
        }
      }
      if (!isKept) await rm(file);
    }
    waiting = [];
    for (const inner of made) waiting.push(...(await archivesIn(inner, signal)));
  }
  return findings;
}

/** The name of the folder that an archive is unpacked into, as its own without the ending. */
export function folderName(file: string): string {
  const name = path.basename(file).replace(/(\.tar)?\.(zip|tar|tgz|gz|7z)$/i, '');
  return name === '' || name === path.basename(file) ? `${path.basename(file)}.unpacked` : name;
}

/** Puts what is in the single root folder into its place. @param workplace nothing is there */
export async function leaveOutRoot(folder: string, workplace: string): Promise<void> {
  const root = await stripRoot(folder);
  if (root === folder) return;
  await rename(root, workplace);
  await rm(folder, { recursive: true });
  await rename(workplace, folder);
}

/** In the order of their names. */
async function archivesIn(folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { path: name, kind } of walkFolder(folder, signal)) {
      const file = path.join(folder, name);
      if (kind === 'file' && (await isAmongArchives(file))) found.push(file);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadableFile(folder, error);
  }
  return found;
}

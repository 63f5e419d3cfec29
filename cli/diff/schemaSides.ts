import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { failureReason } from '../../core/files/failureReason.ts';
import { importFolders, modulesFolder } from '../../core/ingest/schemas/importFolders.ts';
import { isSchemaFileName, listSchemaFiles, readSchemaFile } from '../../core/ingest/schemas/schemaFiles.ts';
import type { SchemaSide } from '../../core/ingest/trial/schemaDiff.ts';
import { budget } from '../../core/limits/budget.ts';

const run = promisify(execFile);

/** Why schemas cannot be had. */
export interface NoSide {
  readonly fault: string;
}

/** Schemas as they lie on disk. @param named a schema file, or a folder of them */
export async function sideOnDisk(named: string): Promise<SchemaSide | NoSide> {
  const file = path.resolve(named);
  try {
    const isFolder = (await stat(file)).isDirectory();
    const texts: (readonly [string, string])[] = [];
    const folders = isFolder ? [file, path.join(file, modulesFolder)] : importFolders(file);
    for (const folder of folders) {
      const { files } = await listSchemaFiles(folder, (each) => [each.path, each.text] as const);
      texts.push(...files);
    }
    if (isFolder) return texts.length > 0 ? { texts } : { fault: `${named} holds no schema files.` };
    const read = await readSchemaFile(file);
    if ('problem' in read) return { fault: read.problem.message };
    return { chosen: file, texts: [...texts.filter(([other]) => other !== file), [file, read.text]] };
  } catch (error) {
    return { fault: `${named} cannot be read: ${failureReason(error)}.` };
  }
}

/** The same schemas as they were in a commit. @param revision as git has it: `HEAD`, `main`, `v1.2` */
export async function sideInGit(named: string, revision: string): Promise<SchemaSide | NoSide> {
  const file = path.resolve(named);
  const found = await stat(file).catch(() => undefined);
  const isFolder = found?.isDirectory() === true;
  const folder = isFolder ? file : path.dirname(file);
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', ['-C', folder, ...args], { maxBuffer: budget.schemasFolder })).stdout;
  try {
    // What looks like an option is none.
    const commit = (await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim();
    const top = (await git('rev-parse', '--show-toplevel')).trim();
    const texts: (readonly [string, string])[] = [];
    for (const each of isFolder ? [file, path.join(file, modulesFolder)] : importFolders(file)) {
      const below = path.relative(top, each).split(path.sep).join('/');
      const listed = await git('ls-tree', '-z', '--full-tree', '--name-only', commit, below === '' ? '.' : `${below}/`);
      for (const name of listed.split('\0').filter((other) => isSchemaFileName(path.posix.basename(other))))
        texts.push([path.join(top, name), (await git('show', `${commit}:${name}`)).replace(/^\uFEFF/, '')]);
    }
    if (isFolder) return { texts };
    if (!texts.some(([other]) => other === file)) return { fault: `${named} is not in ${revision}.` };
    return { chosen: file, texts };
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const why = said === '' ? failureReason(error) : (said.split('\n')[0] ?? said);
    return { fault: `${named} cannot be had from ${revision}: ${why}.`.replace(/\.\.$/, '.') };
  }
}

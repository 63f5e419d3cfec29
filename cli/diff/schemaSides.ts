import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { failureReason } from '../../core/files/failureReason.ts';
import { importFolders, modulesFolder } from '../../core/ingest/schemas/importFolders.ts';
import { isSchemaFileName, readSchemaFile } from '../../core/ingest/schemas/schemaFiles.ts';
import { sideOfText, textsIn } from '../../core/ingest/trial/schemaSides.ts';
import type { SchemaSide } from '../../core/ingest/trial/schemaDiff.ts';
import { budget, megabytes } from '../../core/limits/budget.ts';

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
    if (isFolder) {
      const texts = await textsIn([file, path.join(file, modulesFolder)]);
      return texts.length > 0 ? { texts } : { fault: `${named} holds no schema files.` };
    }
    const read = await readSchemaFile(file);
    return 'problem' in read ? { fault: read.problem.message } : await sideOfText(file, read.text);
  } catch (error) {
    return { fault: `${named} cannot be read: ${failureReason(error)}.` };
  }
}

/**
 * A schema as an editor has it, not saved yet; what it imports lies on disk.
 * @param named where it will be saved; need not be there
 * @param input its text
 */
export async function sideFromInput(named: string, input: AsyncIterable<Buffer>): Promise<SchemaSide | NoSide> {
  const file = path.resolve(named);
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return { fault: `${named} is a folder: with --stdin one schema is named.` };
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of input) {
    bytes += part.length;
    if (bytes > budget.textFile) return { fault: `The text is larger than ${megabytes(budget.textFile)}.` };
    parts.push(part);
  }
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  return sideOfText(file, text);
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

import { existsSync, unwatchFile, watchFile } from 'node:fs';
import { readdir, readFile as read, realpath as real, stat as look } from 'node:fs/promises';
import path from 'node:path';
import { glob as find, isDynamicPattern } from 'tinyglobby';

/**
 * The files of the computer, as the language server and what it uses see them. A browser has others: there the file
 * beside this one with `.browser` in its name is taken (docs/architecture.md).
 */

/** Whether the editor can start programs, as a dry run and an ingestion are. */
export function runsPrograms(): boolean {
  return true;
}

/** What is known of a file without reading it. */
export interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
  /** Another one where another file has taken its place. */
  readonly ino: number;
  readonly isFolder: boolean;
}

export interface GlobOptions {
  /** The folder that the patterns are relative to. */
  readonly cwd: string;
}

/** What is never looked into. */
const ignored = ['**/node_modules/**', '**/.git/**'];

/** The text of a file as UTF-8. @throws the file system's error */
export function readText(file: string): Promise<string> {
  return read(file, 'utf8');
}

/** @throws the file system's error */
export async function fileState(file: string): Promise<FileState> {
  const found = await look(file);
  return { size: found.size, mtimeMs: found.mtimeMs, ino: found.ino, isFolder: found.isDirectory() };
}

/** Whether something is there, as far as that can be told at once. */
export function isThere(file: string): boolean {
  return existsSync(file);
}

/** The path without symbolic links. @throws the file system's error */
export function realPath(file: string): Promise<string> {
  return real(file);
}

/** Whether `glob` would find others than the file of that name. */
export function isPattern(text: string): boolean {
  return isDynamicPattern(text);
}

/** Files below a folder that match, as absolute paths, sorted; links are not followed. @throws the file system's error */
export async function glob(patterns: readonly string[], { cwd }: GlobOptions): Promise<string[]> {
  const found = await find([...patterns], {
    cwd,
    absolute: true,
    ignore: ignored,
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  return found.map((file) => path.normalize(file)).sort();
}

/** The names of what lies directly in a folder; in a browser of the files alone. @throws the file system's error */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder);
}

/** Looks at a file from time to time; works on network file systems too. */
export function watch(file: string, interval: number, changed: () => void): void {
  watchFile(file, { interval, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) changed();
  });
}

/** Stops looking. */
export function unwatch(file: string): void {
  unwatchFile(file);
}

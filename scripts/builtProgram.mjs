// The built programs in dist/, built first where they are missing or older than what they are made of.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The command line. */
export const imsc = join(root, 'dist', 'cli', 'main.cjs');

const sources = [
  ...['core', 'gateway', 'sandbox', 'server', 'client', 'cli'],
  ...['scripts/build.mjs', 'scripts/compiledCode.mjs', 'scripts/h5wasmPlugin.mjs', 'package.json', 'package-lock.json'],
];

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestIn(path) {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return changedAt(path);
  return Math.max(0, ...readdirSync(path, { recursive: true }).map((name) => changedAt(join(path, name))));
}

/**
 * Builds dist/ if it is missing or stale.
 * @returns whether it had to
 */
export function buildIfStale() {
  // What comes out the same is left alone by a build that watches.
  if (newestIn(join(root, 'dist')) > Math.max(...sources.map((path) => newestIn(join(root, path))))) return false;
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed; its messages are above.');
  return true;
}

// Brings the real VS Code that the tests and the tour run in: code-server (VS Code served to a browser), the Node that
// it asks for, and Chromium. `node scripts/vscodeServer.mjs` installs what is missing and says where everything is.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnPath, installDebianPackages } from './debianPackages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const codeServer = 'code-server@4.139.1';
const node = 'node@24';
const name = codeServer.replace('@', '-');

/** Debian packages whose headers the native modules of code-server are built against. */
const headers = ['libkrb5-dev', 'libsecret-1-dev', 'libx11-dev', 'libxkbfile-dev'];

const say = (text) => {
  console.log(`vscodeServer: ${text}`);
};

/**
 * The folders that may hold an installation, best first. It is 600 MB and the same for every checkout, so that, unless
 * IMSC_CACHE names a folder, it goes to the user's own cache and a fresh clone finds it there.
 */
function cacheFolders() {
  if (process.env.IMSC_CACHE) return [resolve(process.env.IMSC_CACHE)];
  const userCache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return [join(userCache, 'imsc-vscode'), join(root, '.cache')];
}

/** True if files can be made in the folder, which is made if need be. */
function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where what is large and the same for every checkout is installed. */
export const cacheFolder = () => cacheFolders().find(isWritable) ?? join(root, '.cache');

const findChromium = () =>
  process.env.IMSC_CHROMIUM ?? findOnPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);

/** Removes what installations that were killed have left behind. */
function removeAbandoned(cache) {
  for (const entry of readdirSync(cache)) {
    const pid = /\.partial-(\d+)$/.exec(entry)?.[1];
    if (pid === undefined || !entry.startsWith(name)) continue;
    try {
      process.kill(Number(pid), 0);
    } catch {
      rmSync(join(cache, entry), { recursive: true, force: true });
    }
  }
}

/** Installs into a folder of its own and moves it into place when it is complete, so that no half of it is ever used. */
function installCodeServer(cache) {
  removeAbandoned(cache);
  const partial = join(cache, `${name}.partial-${process.pid}`);
  const target = join(cache, name);
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
  const path = `${join(partial, 'node_modules', 'node', 'bin')}${delimiter}${process.env.PATH ?? ''}`;
  // What the npm that started this script has put into the environment is not meant for this other installation.
  const own = Object.entries(process.env).filter(
    ([key]) => !key.toLowerCase().startsWith('npm_') && key !== 'INIT_CWD',
  );
  const npmInstall = (what) =>
    execFileSync('npm', ['install', '--no-fund', '--no-audit', '--loglevel', 'error', what], {
      cwd: partial,
      env: { ...Object.fromEntries(own), PATH: path },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const started = performance.now();
  say(`installing ${node} and ${codeServer} into ${target} (about two minutes, once)`);
  npmInstall(node);
  npmInstall(codeServer);
  try {
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // else another run was quicker
  }
  say(`installed in ${Math.round((performance.now() - started) / 1000)} s`);
}

/**
 * Finds or installs Chromium alone.
 * @returns {string | undefined} absolute path; undefined, after saying so, where this user may not install it
 */
export function chromiumProgram() {
  if (!findChromium() && installDebianPackages(['chromium']).length > 0)
    say('missing: chromium. Install it first: sudo apt-get install chromium');
  return findChromium();
}

/**
 * Finds or installs code-server, its Node and Chromium.
 * @returns {{ node: string, codeServer: string, chromium: string } | undefined} absolute paths; undefined, after saying
 * what is missing, where this user may not install it.
 */
export function vscodeServer() {
  const caches = cacheFolders();
  const installed = () => caches.map((cache) => join(cache, name)).find((folder) => existsSync(folder));
  const wanted = [...(findChromium() ? [] : ['chromium']), ...(installed() ? [] : headers)];
  const missing = installDebianPackages(wanted, say);
  if (missing.length > 0) {
    say(`missing: ${missing.join(' ')}. Install them first: sudo apt-get install ${missing.join(' ')}`);
    return undefined;
  }
  if (!installed()) {
    const cache = caches.find(isWritable);
    if (cache === undefined) {
      say(`none of ${caches.join(', ')} can be written; name a folder in IMSC_CACHE`);
      return undefined;
    }
    installCodeServer(cache);
  }
  const folder = installed();
  const chromium = findChromium();
  if (folder === undefined || chromium === undefined) return undefined;
  return {
    node: join(folder, 'node_modules', 'node', 'bin', 'node'),
    codeServer: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    chromium,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const paths = vscodeServer();
  if (paths === undefined) process.exitCode = 1;
  else for (const [what, path] of Object.entries(paths)) say(`${what}: ${path}`);
}

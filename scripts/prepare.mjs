// What npm runs after an install in a checkout, and before it packs one: the build. Where npm has not put the
// developers' packages there, they are fetched first. So it is for `npm install --global` of the git address: the
// install inside npm's own clone inherits `global`, and then puts no packages into the clone at all.
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What an outer npm says about itself, and what leaves out the packages of developers. */
const notOurs = /^(npm_config_(global|location|omit|only|include|production|dry_run|package_lock_only)|NODE_ENV)$/i;

function run(program, args, env) {
  // Standard output belongs to whoever calls npm: `npm pack` prints the name of its file there.
  const { status, error } = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function hasPackages() {
  try {
    createRequire(import.meta.url).resolve('esbuild');
    return true;
  } catch {
    return false;
  }
}

/**
 * The install inside npm's clone, being global too, puts a link to the clone in place of the folder that the outer one
 * has made to unpack into; what is unpacked there would go with the clone.
 */
function takeBackLink() {
  const { npm_config_global: isGlobal, npm_config_prefix: prefix, _PACOTE_NO_PREPARE_: isClone } = process.env;
  if (isGlobal !== 'true' || prefix === undefined || isClone === undefined) return;
  const link = join(prefix, process.platform === 'win32' ? '' : 'lib', 'node_modules', 'imsc');
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (!found?.isSymbolicLink() || realpathSync(link) !== realpathSync(root)) return;
  rmSync(link);
  mkdirSync(link);
}

takeBackLink();
if (!hasPackages()) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !notOurs.test(name)));
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
  if (npm === undefined) run('npm', args, env);
  else run(process.execPath, [npm, ...args], env);
}
run(process.execPath, ['scripts/build.mjs'], process.env);

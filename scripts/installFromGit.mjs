// Installs this checkout as others get it who name its git repository: by npm, and as hooks of pre-commit. Both fetch
// developers' packages from the registry.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './builtProgram.mjs';

/** Everything npm and git would take from whoever runs this; what is tried must not depend on it. */
const outer = /^(npm_|INIT_CWD$|GIT_)/i;
const settings = Object.fromEntries(Object.keys(process.env).flatMap((name) => (outer.test(name) ? [[name, undefined]] : []))); // prettier-ignore
const signed = ['-c', 'user.name=imsc', '-c', 'user.email=imsc@example.org', '-c', 'commit.gpgsign=false'];

/**
 * What pre-commit asks of npm in its clone before it packs it, in the words of its versions.
 * https://github.com/pre-commit/pre-commit/blob/main/pre_commit/languages/node.py
 */
const preCommitInstalls = {
  4: ['--include=dev', '--include=prod', '--ignore-prepublish', '--no-progress', '--no-save'],
  '3.0': ['--dev', '--prod', '--ignore-prepublish', '--no-progress', '--no-save'],
};

/**
 * @param {string} folder an empty one
 * @param {(program: string, args: string[], options: object) => Promise<string>} run gives what a program prints
 * @returns steps by their names, which throw where something is wrong
 */
export function gitInstallSteps(folder, run) {
  const repository = join(folder, 'repository');
  const schemas = join(folder, 'schemas');
  const git = (cwd, ...args) => run('git', [...signed, ...args], { cwd, env: settings });
  const runsThere = async (prefix) => {
    const program = join(prefix, 'bin', 'imsc');
    await run(program, ['check', 'coda.imsc.yml'], { cwd: schemas, env: settings });
    return (await run(program, ['--version'], { cwd: folder, env: settings })).trim();
  };

  const steps = {
    'the checkout as a git repository': async () => {
      const listed = await git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate');
      const gone = new Set((await git(root, 'ls-files', '-z', '--deleted')).split('\0'));
      for (const name of listed.split('\0').filter((one) => one !== '' && !gone.has(one))) {
        mkdirSync(dirname(join(repository, name)), { recursive: true });
        cpSync(join(root, name), join(repository, name));
      }
      await git(repository, 'init', '--quiet');
      await git(repository, 'add', '--all', '--force');
      await git(repository, 'commit', '--quiet', '--message', 'as it is');
      mkdirSync(schemas);
      cpSync(join(root, 'samples', 'schemas', 'coda.imsc.yml'), join(schemas, 'coda.imsc.yml'));
    },
    'npm install --global of the git address': async () => {
      const prefix = join(folder, 'global');
      mkdirSync(prefix);
      const address = `git+${pathToFileURL(repository).href}`;
      await run('npm', ['install', '--global', '--prefix', prefix, address], { cwd: folder, env: settings });
      return runsThere(prefix);
    },
  };
  for (const [version, args] of Object.entries(preCommitInstalls)) {
    steps[`the steps of pre-commit ${version}`] = async () => {
      const clone = join(folder, `clone-${version}`);
      const prefix = join(folder, `hooks-${version}`);
      await git(folder, 'clone', '--quiet', repository, clone);
      mkdirSync(prefix);
      const options = { cwd: clone, env: { ...settings, npm_config_prefix: prefix, NPM_CONFIG_PREFIX: prefix } };
      await run('npm', ['install', ...args], options);
      const packed = (await run('npm', ['pack'], options)).trim();
      await run('npm', ['install', '-g', join(clone, packed)], options);
      return runsThere(prefix);
    };
  }
  steps['pre-commit itself'] = async () => {
    const home = join(folder, 'pre-commit');
    const options = { cwd: schemas, env: { ...settings, PRE_COMMIT_HOME: home } };
    try {
      await run('pre-commit', ['--version'], options);
    } catch {
      return 'not tried: it is not installed here';
    }
    const rev = (await git(repository, 'rev-parse', 'HEAD')).trim();
    const hooks = [{ repo: pathToFileURL(repository).href, rev, hooks: [{ id: 'imsc-check' }] }];
    writeFileSync(join(schemas, '.pre-commit-config.yaml'), JSON.stringify({ repos: hooks }));
    await git(schemas, 'init', '--quiet');
    await git(schemas, 'add', '--all');
    await run('pre-commit', ['run', '--all-files'], options);
    return undefined;
  };
  return steps;
}

// Debian's packages that tests and trials need beside Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of the first of some programs that is there. */
export function findOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((file) => folders.map((folder) => join(folder, file))).find((path) => existsSync(path));
}

function isPackageInstalled(debianPackage) {
  const query = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', debianPackage], { encoding: 'utf8' });
  return query.stdout === 'installed';
}

/** Installs packages that are missing, if this user may; returns those still missing. @param say told what is done */
export function installDebianPackages(packages, say = console.log) {
  const wanted = packages.filter((debianPackage) => !isPackageInstalled(debianPackage));
  if (wanted.length === 0) return [];
  if (process.getuid?.() !== 0 || !findOnPath(['apt-get'])) return wanted;
  say(`installing Debian packages: ${wanted.join(' ')}`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  // Another test may be installing at the same time.
  const patient = ['-o', 'DPkg::Lock::Timeout=120', '-qq'];
  const install = () =>
    spawnSync('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...wanted], options).status === 0;
  if (install()) return [];
  spawnSync('apt-get', [...patient, 'update'], options);
  return install() ? [] : wanted;
}

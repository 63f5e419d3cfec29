// Makes the .vsix: what the extension needs at run time, laid out in a folder of its own and packed by vsce. The same
// package.json also makes the npm package, whose `files` vsce would not accept beside a list of its own.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Everything that is shipped. */
const shipped = [
  ...['dist', 'schemas', 'syntaxes', 'language', 'snippets', 'walkthrough'],
  ...['images/icon.png', 'images/view.svg', 'images/schema-light.svg', 'images/schema-dark.svg'],
  ...['package.nls.json', 'docs/problems.md', 'README.md', 'CHANGELOG.md', 'LICENSE'],
];

const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (status !== 0) process.exit(1);

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packagePath = join(root, `${manifest.name}-${manifest.version}.vsix`);
const folder = mkdtempSync(join(tmpdir(), 'imsc-package-'));
try {
  for (const path of shipped.filter((path) => existsSync(join(root, path))))
    cpSync(join(root, path), join(folder, path), { recursive: true });
  // What is for npm and for developers alone has no place in the extension; everything it needs is bundled.
  for (const key of ['scripts', 'devDependencies', 'files', 'bin', 'private']) delete manifest[key];
  manifest.files = ['**'];
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const missing = manifest.repository === undefined;
  await createVSIX({
    cwd: folder,
    packagePath,
    dependencies: false,
    allowMissingRepository: missing,
    skipLicense: true,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${packagePath}: ${(statSync(packagePath).size / 1024).toFixed(0)} kB`);

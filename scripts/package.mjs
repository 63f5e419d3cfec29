// Makes the .vsix: what the extension needs at run time, laid out in a folder of its own and packed by vsce. The same
// package.json also makes the npm package, whose `files` vsce would not accept beside a list of its own.
// --out FILE writes it elsewhere.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Everything that is shipped beside dist/, which is built anew. */
const shipped = [
  ...['schemas', 'syntaxes', 'language', 'snippets', 'walkthrough', 'l10n'],
  ...['images/icon.png', 'images/view.svg', 'images/schema-light.svg', 'images/schema-dark.svg'],
  ...['author', 'preview', 'dry-run', 'ingest'].map((name) => `docs/images/${name}.png`),
  ...['package.nls.json', 'docs/problems.md', 'README.md', 'CHANGELOG.md', 'LICENSE'],
];

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const packagePath = out === undefined ? join(root, `${manifest.name}-${manifest.version}.vsix`) : resolve(out);
const folder = mkdtempSync(join(tmpdir(), 'imsc-package-'));
try {
  const args = [join(root, 'scripts', 'build.mjs'), '--outdir', join(folder, 'dist')];
  if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0) throw new Error('The build failed.');
  // Compiled for the Node that builds; VS Code has its own.
  rmSync(join(folder, 'dist', 'code'), { recursive: true, force: true });
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
    // The links of the README lead into the repository, once it is known where that is.
    rewriteRelativeLinks: !missing,
    skipLicense: true,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${packagePath}: ${(statSync(packagePath).size / 1024).toFixed(0)} kB`);

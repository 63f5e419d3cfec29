// Writes what is made from the registries: the JSON Schemas in schemas/, docs/reference/, docs/problems.md and
// docs/lsp-methods.md.
// `npm run generate`; a test fails while one of them is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Inside the project, so that the bundle finds the packages that it leaves out.
const outfile = join(root, '.cache', 'generate', 'generatedFiles.mjs');

await build({
  absWorkingDir: root,
  entryPoints: ['scripts/generate/generatedFiles.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
const { generatedFiles } = await import(pathToFileURL(outfile).href);
for (const [path, text] of await generatedFiles(root)) {
  const full = join(root, path);
  if (existsSync(full) && readFileSync(full, 'utf8') === text) continue;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  console.log(`wrote ${path}`);
}

// The extension in a VS Code that runs in a browser alone, as vscode.dev does: what is offered there is pressed.
// --required makes a machine that cannot run it a failure; --keep FOLDER keeps pictures of what was seen.
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vscodeServer } from '../../../scripts/vscodeServer.mjs';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { buildExtension } from '../buildExtension.mjs';
import { makeWorkspace } from '../workbench.mjs';
import { openServerless } from './serverless.mjs';

const programs = vscodeServer();
if (programs === undefined) {
  console.log('browser skipped: what it needs is missing (above).');
  process.exit(process.argv.includes('--required') ? 1 : 0);
}
const { keep } = parseArgs({ strict: false, options: { keep: { type: 'string' } } }).values;
buildExtension();

const folder = mkdtempSync(join(tmpdir(), 'imsc-web-'));
const workspace = join(folder, 'workspace');
makeWorkspace(workspace, false);

/** Eight gigabytes, nearly all of them a hole behind what is looked at. */
const large = join(folder, 'large.nxs');
await writeNexus(large, [
  { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Eight gigabytes' },
]);
truncateSync(large, 8_000_000_000);

const { page, close } = await openServerless(programs.chromium, workspace, {
  'workbench.startupEditor': 'none',
  'editor.minimap.enabled': false,
  'imsc.configFile': 'config.yml',
  'imsc.samples': ['data/**/*.nxs'],
});
page.setDefaultTimeout(60_000);

async function command(title) {
  await page.keyboard.press('F1');
  await page.keyboard.type(title);
  await page.getByRole('option', { name: title }).first().click();
}

/** In the page of an extension, which is a frame in a frame. */
const inPage = (title, selector) => page.frameLocator(`iframe.webview`).nth(0).frameLocator(`iframe[title^="${title}"]`).locator(selector); // prettier-ignore

const checks = {
  'a schema of a repository shows the values of a sample': async () => {
    await page.getByRole('treeitem', { name: 'schemas' }).click();
    await page.getByRole('treeitem', { name: 'coda.imsc.yml' }).dblclick();
    await page.getByText('MnF2 powder, 4 K, zero field').first().waitFor();
  },
  'nothing that runs a program is offered': async () => {
    await page.keyboard.press('F1');
    await page.keyboard.type('SciCat: ');
    await page.getByRole('option', { name: 'Open a NeXus File of This Computer' }).waitFor();
    const offered = await page.getByRole('option').allInnerTexts();
    const wrong = offered.filter((each) => /Ingest|Dry Run|Sandbox|Sign In|Connection/.test(each));
    await page.keyboard.press('Escape');
    if (wrong.length > 0) throw new Error(`offered: ${wrong.join(', ')}`);
    if (await page.getByText(/^(?:Dry run|Ingest)$/).count()) throw new Error('offered above the schema');
  },
  'the preview shows the dataset': async () => {
    await command('SciCat: Show Dataset Preview');
    await inPage('Dataset', '#content').getByText('MnF2 powder, 4 K, zero field').first().waitFor();
    await command('View: Close All Editors in Group');
  },
  'a file of 8 GB is read in a page, by pieces': async () => {
    await page.getByRole('treeitem', { name: 'coda.imsc.yml' }).dblclick();
    await command('SciCat: Open a NeXus File of This Computer');
    const input = inPage('NeXus File', '#file');
    await input.waitFor();
    const before = performance.now();
    await input.setInputFiles(large);
    await page.getByText('Eight gigabytes').first().waitFor();
    return `values after ${Math.round(performance.now() - before)} ms`;
  },
};

let failed = 0;
for (const [what, check] of Object.entries(checks)) {
  try {
    const seen = await check();
    console.log(`  ✔ ${what}${seen === undefined ? '' : ` (${seen})`}`);
  } catch (error) {
    failed += 1;
    console.error(`  ✘ ${what}: ${error.message}`);
  }
  if (keep) await page.screenshot({ path: join(keep, `${what.replaceAll(/\W+/g, '-')}.png`) });
}
await close();
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;

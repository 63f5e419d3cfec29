// The extension in a VS Code that runs in a browser alone, as vscode.dev does: what is offered there is pressed.
// --required makes a machine that cannot run it a failure; --keep FOLDER keeps pictures of what was seen.
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vscodeServer } from '../../../scripts/vscodeServer.mjs';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { buildExtension } from '../buildExtension.mjs';
import { paletteOffers } from '../person.mjs';
import { notPressed, pressable, pressPalette, pressViewTitle } from '../pressed.mjs';
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
    if (!(await paletteOffers(page, 'SciCat: Open a NeXus File of This Computer')))
      throw new Error('nothing is offered');
    for (const word of ['Ingest', 'Dry-Run', 'Start', 'Sign', 'Add', 'Update', 'Compare', 'Resume'])
      if (await paletteOffers(page, `SciCat: ${word}`)) throw new Error(`offered: ${word}`);
    if (await page.getByText(/^(?:Dry run|Ingest)$/).count()) throw new Error('offered above the schema');
  },
  'the preview shows the dataset': async () => {
    await command('SciCat: Show Dataset Preview');
    await inPage('Dataset', '#content').getByText('MnF2 powder, 4 K, zero field').first().waitFor();
    await command('View: Close All Editors in Group');
  },
  'the language server begins anew': async () => {
    await page.getByRole('treeitem', { name: 'coda.imsc.yml' }).dblclick();
    await command('SciCat: Restart Language Server');
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('nonsense: 1');
    await page.locator('.editor-instance .squiggly-error, .editor-instance .squiggly-warning').first().waitFor();
    // What is typed here is saved by itself, and the next look begins at the top.
    for (let turn = 0; turn < 'nonsense: 1'.length; turn++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+Home');
    await page.locator('.editor-instance .view-line', { hasText: 'selector:' }).first().waitFor();
  },
  'a file of 8 GB is read in a page, by pieces': async () => {
    await page.getByRole('treeitem', { name: 'coda.imsc.yml' }).dblclick();
    await pressPalette(page, 'imsc.openNexusFile');
    const input = inPage('NeXus File', '#file');
    await input.waitFor();
    const before = performance.now();
    await input.setInputFiles(large);
    await page.getByText('Eight gigabytes').first().waitFor();
    return `values after ${Math.round(performance.now() - before)} ms`;
  },
  'the page for a file is opened from the view, too': async () => {
    await command('View: Close All Editors');
    await pressViewTitle(page, 'imsc.sample', 'imsc.openNexusFile');
    await inPage('NeXus File', '#file').waitFor();
  },
  'all that is offered in a browser alone was pressed': () => {
    const left = notPressed({ inBrowser: true });
    if (left.length > 0) throw new Error(`never pressed: ${left.join(', ')}`);
    return `${pressable({ inBrowser: true }).length} commands and entries`;
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

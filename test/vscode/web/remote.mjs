// The extension's program for pages in a VS Code that is a page with a computer behind it (code-server), in the thread for
// such extensions: that it starts there, and gives the values of a file of the workspace and of one that is read in a page.
// --required makes a machine that cannot run it a failure; --keep FOLDER keeps a picture of each step.
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vscodeServer } from '../../../scripts/vscodeServer.mjs';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { noErrorIsShown, typeAndEnter } from '../answers.mjs';
import { buildExtension } from '../buildExtension.mjs';
import { goBehind, openFile, paletteOffers } from '../person.mjs';
import * as press from '../pressed.mjs';
import { openWorkbench } from '../workbench.mjs';
import { nexusPage } from './steps.mjs';

const programs = vscodeServer();
if (programs === undefined) {
  console.log('browser skipped: what it needs is missing (above).');
  process.exit(process.argv.includes('--required') ? 1 : 0);
}
const { keep } = parseArgs({ strict: false, options: { keep: { type: 'string' } } }).values;
buildExtension();

const folder = mkdtempSync(join(tmpdir(), 'imsc-web-remote-'));
/** Eight gigabytes, nearly all of them a hole behind what is looked at. */
const large = join(folder, 'large.nxs');
await writeNexus(large, [
  { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Eight gigabytes' },
]);
truncateSync(large, 8_000_000_000);

/** The values that stand beside the lines of a text. */
const beside = (page, text) => page.locator('.editor-instance .view-line', { hasText: text }).first();

const steps = {
  async 'It runs in the thread for pages'(page) {
    await openFile(page, 'coda.imsc.yml');
    await press.lens(page, 'Preview');
    if (!(await paletteOffers(page, 'SciCat: Open a NeXus File of This Computer'))) throw new Error('it does not');
    if (await paletteOffers(page, 'SciCat: Start')) throw new Error('programs are offered');
  },
  async 'A file of the workspace gives values'(page) {
    await press.pressPalette(page, 'imsc.chooseSample');
    await typeAndEnter(page, '443604_00001017.nxs');
    await typeAndEnter(page, 'This schema');
    await beside(page, /path:\s\/entry\/title.*MnF2/).waitFor();
  },
  async 'A file of 8 GB is read in a page, by pieces'(page) {
    await press.pressPalette(page, 'imsc.openNexusFile');
    const input = nexusPage(page, '#file');
    await input.waitFor();
    const before = performance.now();
    await input.setInputFiles(large);
    await beside(page, /path:\s\/entry\/title.*Eight\sgigabytes/).waitFor();
    return `values after ${Math.round(performance.now() - before)} ms`;
  },
  async 'Its paths are completed, and shown at the pointer'(page) {
    await beside(page, /path:\s\/entry\/title/).click();
    await goBehind(page, 'path: /entry/title');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'title' }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await page.locator('.monaco-hover:visible', { hasText: 'Eight gigabytes' }).first().waitFor();
    await page.keyboard.press('Escape');
  },
  async 'The preview shows it'(page) {
    await press.pressPalette(page, 'imsc.showPreview');
    await page
      .locator('iframe.webview.ready')
      .last()
      .contentFrame()
      .frameLocator('#active-frame')
      .locator('#content', { hasText: 'Eight gigabytes' })
      .first()
      .waitFor();
    await noErrorIsShown(page);
  },
};

const { page, close } = await openWorkbench(programs, {
  testFiles: false,
  settings: { 'remote.extensionKind': { 'imsc.imsc': ['web'] } },
});
let failed = 0;
for (const [what, step] of Object.entries(steps)) {
  try {
    const seen = await step(page);
    console.log(`  ✔ ${what}${seen === undefined ? '' : ` (${seen})`}`);
  } catch (error) {
    console.error(`  ✘ ${what}: ${error.message.split('\n', 3).join(' ')}`);
    failed += 1;
  }
  if (keep) await page.screenshot({ path: join(keep, `remote-${what.replaceAll(/\W+/g, '-')}.png`) });
  // What follows needs what was before.
  if (failed > 0) break;
}
await close();
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;

// Drives the workbench as a person would and makes the pictures of docs/images: `npm run tour [last step]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { vscodeServer } from '../../scripts/vscodeServer.mjs';
import { buildExtension } from './buildExtension.mjs';
import { output } from './buildSuite.mjs';
import { goBehind, openFile, openViews, pickItems, restPointer, runCommand, untilColoured } from './person.mjs';
import { openWorkbench, root } from './workbench.mjs';

const images = join(root, 'docs', 'images');
const run = '_00001017.nxs';

/** Takes a picture of the whole window, with nothing blinking or pointed at. */
async function photograph(page, name) {
  await restPointer(page);
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled', caret: 'hide' });
  console.log(`docs/images/${name}.png`);
}

/** What is in the page of the preview. */
function preview(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

async function closeEditors(page) {
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+W');
  await page.locator('.tab').first().waitFor({ state: 'hidden' });
}

/** The steps, in the order in which a person would take them; each leaves the workbench to the next. */
const steps = {
  async author({ page }) {
    await openFile(page, 'coda.imsc.yml', 'schemas/coda.imsc.yml');
    await untilColoured(page);
    await openViews(page, 'SciCat');
    await page.getByText('NeXus Sample').first().waitFor();
    await runCommand(page, 'SciCat: Choose Sample File');
    await pickItems(page, run);
    await pickItems(page, 'This schema');
    await page.getByRole('treeitem', { name: 'entry' }).first().click();
    await page.getByRole('treeitem', { name: 'end_time' }).first().waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await goBehind(page, 'path: /entry/sample/temperature');
    await photograph(page, 'author');
  },
  async preview({ page }) {
    await page.keyboard.press('Control+B');
    await runCommand(page, 'SciCat: Show Dataset Preview');
    await preview(page).getByRole('button', { name: 'datasetName' }).waitFor();
    await preview(page).getByRole('button', { name: 'sample_temperature' }).click();
    await preview(page).locator('tr.current', { hasText: 'sample_temperature' }).waitFor();
    await untilColoured(page);
    await photograph(page, 'preview');
    await preview(page).getByRole('tab', { name: 'JSON' }).click();
    await preview(page).locator('pre').waitFor();
    await photograph(page, 'preview-json');
    await closeEditors(page);
  },
  async dryRun({ page }) {
    await runCommand(page, 'SciCat: Start Local Sandbox');
    await page.locator('.statusbar-item', { hasText: 'Local sandbox' }).waitFor();
    await runCommand(page, 'SciCat: Dry-Run Ingestion');
    await pickItems(page, run, { many: true });
    await page.locator('.tab.active', { hasText: 'dry run' }).waitFor();
    await page.locator('.notifications-toasts .notification-toast').waitFor({ state: 'hidden' });
    await untilColoured(page);
    await photograph(page, 'dry-run');
  },
  async ingest({ page }) {
    await runCommand(page, 'SciCat: Ingest to SciCat');
    await pickItems(page, run, { many: true });
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await photograph(page, 'ingest');
    await dialog.getByRole('button', { name: 'Ingest', exact: true }).click();
  },
  async ingestions({ page }) {
    await openViews(page, 'SciCat');
    const done = page.getByRole('treeitem', { name: new RegExp(`${run}, done`) });
    await done.waitFor();
    await done.click();
    await page.locator('.tab.active', { hasText: 'ingestion' }).waitFor();
    await untilColoured(page);
    await photograph(page, 'ingestions');
  },
};

const programs = vscodeServer();
if (programs === undefined) process.exit(1);
buildExtension();
mkdirSync(images, { recursive: true });
mkdirSync(output, { recursive: true });
const [last] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const workbench = await openWorkbench(programs, { testFiles: false });
try {
  for (const [name, step] of Object.entries(steps)) {
    await step(workbench);
    if (name === last) break;
  }
} catch (error) {
  await workbench.page.screenshot({ path: join(output, 'tour-failed.png') });
  console.error(`${error.message}\nPicture of the failure: ${join(output, 'tour-failed.png')}`);
  process.exitCode = 1;
} finally {
  await workbench.close();
}

// Drives the workbench as a person would and makes the pictures of docs/images: `npm run tour [last step]`, `npm run tour service`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { vscodeServer } from '../../scripts/vscodeServer.mjs';
import { nameFile, tickFiles, typeAndEnter } from './answers.mjs';
import { output } from './buildSuite.mjs';
import { goBehind, openFile, openViews, pickItems, restPointer, runCommand, untilColoured } from './person.mjs';
import { photographService } from './serviceTour.mjs';
import { openWorkbench, root } from './workbench.mjs';

const images = join(root, 'docs', 'images');
const run = '_00001017.nxs';
/** Paths of the workspace are in the pictures; without the right to make this folder, those of a temporary one. */
const folder = '/data/samples';

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

/** Waits until a value stands beside what it is the value of; spaces there are no-break spaces. */
function inlayHint(page, text) {
  const pattern = new RegExp(text.replaceAll(/[.*+?]/g, '\\$&').replaceAll(' ', '\\s'));
  return page.locator('.editor-instance .view-line', { hasText: pattern }).first().waitFor();
}

/** Waits for the page of a dry run, or for the table of many. */
async function untilDryRun(page) {
  await page.locator('.tab.active', { hasText: 'dry run' }).waitFor();
  await preview(page).getByRole('button', { name: 'Show as Text' }).waitFor();
  await page.locator('.notifications-toasts .notification-toast').waitFor({ state: 'hidden' });
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
    await goBehind(page, 'path: /entry/sample/magnetic_field');
    await page.keyboard.press('Backspace');
    await page.locator('.editor-instance .squiggly-warning, .editor-instance .squiggly-error').first().waitFor();
    await inlayHint(page, 'There is no magnetic_fiel');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget').first().waitFor();
    await photograph(page, 'author');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Z');
    await page.locator('.tab.dirty').waitFor({ state: 'hidden' });
  },
  async preview({ page }) {
    await page.keyboard.press('Control+B');
    await runCommand(page, 'SciCat: Show Dataset Preview');
    await preview(page).getByRole('button', { name: 'datasetName' }).waitFor();
    // One that is near the top, so that what stands above the table is in the picture, too.
    await preview(page).getByRole('button', { name: 'keywords' }).click();
    await preview(page).locator('tr.current', { hasText: 'keywords' }).waitFor();
    await untilColoured(page);
    await inlayHint(page, '= MnF2 powder');
    await page.locator('.monaco-breadcrumbs', { hasText: 'keywords' }).waitFor();
    await photograph(page, 'preview');
    await closeEditors(page);
  },
  async dryRun({ page }) {
    await runCommand(page, 'SciCat: Start Local Sandbox');
    await page.locator('.statusbar-item', { hasText: 'Local sandbox' }).waitFor();
    await runCommand(page, 'SciCat: Dry-Run Ingestion');
    await pickItems(page, run, { many: true });
    await untilDryRun(page);
    await photograph(page, 'dry-run');
    await closeEditors(page);
    await runCommand(page, 'SciCat: Dry-Run Ingestion');
    await tickFiles(page, ['00001017.nxs', '00001018.nxs', '00000007.nxs', '00000291.nxs']);
    await untilDryRun(page);
    await photograph(page, 'dry-runs');
  },
  async metadata({ page, workspace }) {
    await closeEditors(page);
    // The file is kept with the extension, in a folder of this machine.
    await runCommand(page, 'View: Toggle Breadcrumbs');
    await runCommand(page, 'SciCat: Ingest with My Metadata');
    await typeAndEnter(page, 'A NeXus File');
    await nameFile(page, join(workspace, `data/coda/2025/443604/raw/443604${run}`));
    await page.locator('.tab', { hasText: `Preview of 443604${run}` }).waitFor({ timeout: 60_000 });
    await page.locator('.tab', { hasText: '.imsc.metadata.yml' }).click();
    await page.keyboard.press('Control+End');
    for (const typed of ['owner: Ada Lovelace', 'keywords: [vanadium, calibration]']) {
      await page.keyboard.press('Enter');
      await page.keyboard.type(typed);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Control+S');
    await page
      .locator('.editor-instance .view-line', { hasText: /you,\sline\s\d+\s+Ada/ })
      .waitFor({ timeout: 60_000 });
    await page.locator('.notifications-toasts .notification-toast').waitFor({ state: 'hidden' });
    await untilColoured(page);
    await photograph(page, 'metadata');
    await runCommand(page, 'View: Toggle Breadcrumbs');
    await closeEditors(page);
  },
  async ingest({ page }) {
    await runCommand(page, 'SciCat: Dry-Run Ingestion');
    await pickItems(page, run, { many: true });
    await untilDryRun(page);
    await runCommand(page, 'SciCat: Ingest to SciCat');
    await pickItems(page, run, { many: true });
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await photograph(page, 'ingest');
    await dialog.getByRole('button', { name: 'Ingest', exact: true }).click();
    await closeEditors(page);
  },
  async ingestions({ page }) {
    await openViews(page, 'SciCat');
    const done = page.getByRole('treeitem', { name: new RegExp(`${run}, done`) });
    await done.locator('.monaco-tl-twistie').click();
    await page.locator('.monaco-list-row', { hasText: 'PID' }).waitFor();
    await done.click();
    await page.locator('.tab.active', { hasText: 'ingestion' }).waitFor();
    await untilColoured(page);
    await photograph(page, 'ingestions');
  },
};

/** True for a folder at the root of the disk that is not there and may be made. */
function canMake(path) {
  return process.getuid?.() === 0 && !existsSync(path) && !existsSync(dirname(path));
}

const programs = vscodeServer();
if (programs === undefined) process.exit(1);
const [last] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (last === undefined || last === 'service') {
  await photographService(root, programs.chromium, join(images, 'service.png'));
  console.log('docs/images/service.png');
  if (last === 'service') process.exit();
}
const vsix = join(output, 'tour.vsix');
mkdirSync(images, { recursive: true });
mkdirSync(output, { recursive: true });
// As it is installed: the window's title tells of an extension under development.
const packing = spawnSync(process.execPath, [join(root, 'scripts', 'package.mjs'), '--out', vsix], {
  stdio: 'inherit',
});
if (packing.status !== 0) process.exit(1);
const workbench = await openWorkbench(programs, {
  testFiles: false,
  vsix,
  extension: null,
  ...(canMake(folder) && { folder }),
  settings: { 'editor.scrollbar.horizontal': 'hidden', 'editor.scrollbar.vertical': 'hidden' },
});
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

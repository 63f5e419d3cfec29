// Presses commands and buttons as a person does, from the palette and with the keyboard, and looks at what they did:
// what a test calls by itself says nothing of what happens between the key and the call.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ingestWithMyMetadata, input, openFile, pickItems, runCommand, typeAndEnter } from './person.mjs';
import { pressService } from './pressService.mjs';

/** Ticks files in a picker of many, and says OK. */
async function tickFiles(page, names) {
  const field = page.locator(input).first();
  for (const name of names) {
    await field.fill(name);
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().click();
  }
  await field.fill('');
  await field.press('Enter');
}

/** Whether a process runs whose command line has this text; Linux alone tells. */
function isRunning(text) {
  if (process.platform !== 'linux') return false;
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(text);
}

/** Waits for a notification with this text, in the list of all, because a toast may be gone before it is looked for. */
async function notified(page, text) {
  await runCommand(page, 'Notifications: Show Notifications');
  const all = page.locator('.notifications-center, .notifications-toasts');
  await all.locator('.notification-list-item', { hasText: text }).first().waitFor({ timeout: 40_000 });
  await runCommand(page, 'Notifications: Clear All Notifications');
}

async function noErrorIsShown(page) {
  const errors = page.locator('.notification-toast:has(.codicon-error), .monaco-dialog-box:has(.codicon-dialog-error)');
  const texts = await errors.allInnerTexts();
  if (texts.length > 0) throw new Error(`an error is shown: ${texts.join(' | ')}`);
}

const line = (page, text) => page.locator('.editor-instance .view-line', { hasText: text }).first();

/** The steps, in an order in which each leaves the workbench to the next. */
const steps = {
  async 'Ingest with My Metadata, called off while it reads'({ page, workspace }) {
    await openFile(page, 'coda.imsc.yml', 'schemas/coda.imsc.yml');
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const config = join(workspace, 'config.yml');
    const before = readFileSync(config, 'utf8');
    const own = before.replace('127.0.0.1:3000', `127.0.0.1:${silent.address().port}`);
    writeFileSync(config, own.replace("token: ''", 'token: any'));
    const file = join(workspace, 'data/coda/2025/443604/raw/443604_00001017.nxs');
    try {
      await ingestWithMyMetadata(page, 'A NeXus File', file);
      await runCommand(page, 'Notifications: Show Notifications');
      const reading = page.locator('.notification-list-item', { hasText: 'Reading 443604_00001017.nxs' }).first();
      await reading.locator('.monaco-button', { hasText: 'Cancel' }).click();
      await reading.waitFor({ state: 'hidden' });
      for (let turn = 0; turn < 40 && isRunning(`--nexus-file ${file}`); turn++) await page.waitForTimeout(250);
      if (isRunning(`--nexus-file ${file}`)) throw new Error('the process goes on');
      if ((await page.locator('.tab', { hasText: '.imsc.metadata.yml' }).count()) > 0) throw new Error('it opens all the same'); // prettier-ignore
      await noErrorIsShown(page);
    } finally {
      writeFileSync(config, before);
      silent.closeAllConnections();
      silent.close();
    }
  },
  async 'Ask SciCat for the Unknown Values'({ page }) {
    await openFile(page, 'coda.imsc.yml', 'schemas/coda.imsc.yml');
    await runCommand(page, 'SciCat: Start Local Sandbox');
    await page.locator('.statusbar-item', { hasText: 'Local sandbox' }).waitFor();
    await runCommand(page, 'SciCat: Choose Sample File');
    await typeAndEnter(page, '443604_00001017.nxs');
    await typeAndEnter(page, 'This schema');
    await runCommand(page, 'SciCat: Show Dataset Preview');
    const frame = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    const unknown = frame.locator('#counts, #summary, body').first();
    const ask = frame.locator('#ask');
    await ask.waitFor();
    const before = await unknown.innerText();
    await ask.focus();
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    for (let turn = 0; turn < 40 && (await unknown.innerText()) === before; turn++) await page.waitForTimeout(250);
    if ((await unknown.innerText()) === before) throw new Error('the preview stays as it was');
    await noErrorIsShown(page);
    await runCommand(page, 'View: Close All Editors');
  },
  async 'New Schema from NeXus File'({ page }) {
    await runCommand(page, 'SciCat: New Schema from NeXus File');
    await typeAndEnter(page, '443604_00001017.nxs');
    await typeAndEnter(page, '/entry/title');
    await typeAndEnter(page, 'YAML');
    await page.locator('.tab.active', { hasText: '443604_00001017.imsc.yml' }).waitFor();
    await line(page, 'source_folder:').waitFor();
    await noErrorIsShown(page);
  },
  async 'Enter after a key'({ page }) {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('extra:');
    await page.keyboard.press('Enter');
    await page.keyboard.type('# there');
    await page.locator('.statusbar-item', { hasText: /, Col 10$/ }).waitFor();
    await runCommand(page, 'View: Revert and Close Editor');
  },
  async 'Dry-Run Ingestion'({ page }) {
    await runCommand(page, 'SciCat: Dry-Run Ingestion');
    await tickFiles(page, ['443604_00001017.nxs']);
    await page.locator('.tab.active', { hasText: 'dry run' }).waitFor({ timeout: 60_000 });
    await line(page, 'Can be ingested').waitFor();
    await noErrorIsShown(page);
    await runCommand(page, 'View: Close All Editors');
  },
  async 'Ingest to SciCat, one file'({ page }) {
    await runCommand(page, 'SciCat: Ingest to SciCat');
    await tickFiles(page, ['443604_00001017.nxs']);
    await page.locator('.monaco-dialog-box', { hasText: 'Ingest this file to SciCat?' }).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, 'is in SciCat as');
  },
  async 'Ingest to SciCat, several files'({ page, workspace }) {
    writeFileSync(join(workspace, 'damaged.nxs'), 'this is not an HDF5 file');
    await runCommand(page, 'SciCat: Ingest to SciCat');
    await tickFiles(page, ['443604_00001017.nxs', 'damaged.nxs', '443604_00001018.nxs', '443618_00000291.nxs']);
    const dialog = page.locator('.monaco-dialog-box', { hasText: '2 new, 1 already there, 1 cannot be ingested' });
    await dialog.waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, '2 of 2 files are in SciCat now');
  },
  async 'The files of options are languages'({ page, workspace }) {
    writeFileSync(join(workspace, 'imsc-serve.yml'), 'prot: 1\n');
    await runCommand(page, 'View: Show Explorer');
    await page.locator('.explorer-viewlet .monaco-list-row', { hasText: 'imsc-serve.yml' }).first().dblclick();
    await page.locator('.tab.active', { hasText: 'imsc-serve.yml' }).waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await page.locator('.statusbar-item', { hasText: 'Ingest Service Configuration' }).waitFor();
    await page.locator('.editor-instance .squiggly-error').first().waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('loc');
    const offered = page.locator('.suggest-widget .monaco-list-row', { hasText: 'locations' }).first();
    await offered.waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('na');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'name' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('beamline');
    await line(page, /^\s\s-\sname:\sbeamline$/).waitFor();
    await page.locator('.editor-instance .view-line span', { hasText: 'locations' }).first().hover();
    await page.locator('.monaco-hover', { hasText: 'The folders whose data can be ingested' }).first().waitFor();
    await noErrorIsShown(page);
    await runCommand(page, 'View: Revert and Close Editor');
  },
  async 'An ingest service as a connection'(workbench) {
    await pressService(workbench);
    await noErrorIsShown(workbench.page);
  },
  async 'Ingest with My Metadata, a folder without a NeXus file'({ page, workspace }) {
    const folder = join(workspace, 'notes');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.txt'), 'a');
    await ingestWithMyMetadata(page, 'A Folder', `${folder}/`);
    await page.locator('.tab', { hasText: 'Preview of notes' }).waitFor({ timeout: 60_000 });
    await page.locator('.tab', { hasText: 'notes.imsc.metadata.yml' }).click();
    for (const [key, text] of [
      ['creationTime:', ' 2025-01-20T12:00:00Z'],
      ['datasetName:', ' Notes of a shift'],
    ]) {
      await line(page, new RegExp(`^${key}$`)).click();
      await page.keyboard.press('End');
      await page.keyboard.type(text);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Enter');
    await page.keyboard.type('owner: Ada');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+S');
    // Beside each other, what the person says and what the schema says.
    await line(page, /you,\sline\s\d+\s+Ada/).waitFor({ timeout: 60_000 });
    await line(page, /schema\sline\s\d+\s+data\scurators/).waitFor();
    await page.locator('.codelens-decoration a', { hasText: 'Ingest' }).first().click();
    await page.locator('.monaco-dialog-box', { hasText: 'Notes of a shift' }).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, 'is in SciCat as');
    await noErrorIsShown(page);
    await runCommand(page, 'View: Close All Editors');
  },
};

/**
 * Runs all steps in a workbench.
 * @param photograph is given the name of a step that failed
 * @returns the names of the steps that failed
 */
export async function pressCommands(workbench, photograph) {
  const failed = [];
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(workbench);
      console.log(`  ✔ ${name}`);
    } catch (error) {
      console.error(`  ✘ ${name}: ${error.message}`);
      await photograph(name);
      failed.push(name);
      for (let times = 0; times < 3; times += 1) await workbench.page.keyboard.press('Escape');
    }
  }
  return failed;
}

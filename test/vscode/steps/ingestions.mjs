// Dry runs, ingestions and metadata.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, asked, closeEditors, dialog, line, nameFile, noErrorIsShown, notified, tickFiles, typeAndEnter } from '../answers.mjs'; // prettier-ignore
import { openFile, restPointer, runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { silenceScicat } from '../scicat.mjs';
import { farIsGone, isIngested, openSchema, sample, sandboxRuns, schemaHasSample, wasDryRun } from './needs.mjs';

/** Asks for metadata of a file or a folder, which is named in the dialog for files. */
async function ingestWithMyMetadata(page, kind, path) {
  await press.pressPalette(page, 'imsc.ingestWithMetadata');
  await typeAndEnter(page, kind);
  await nameFile(page, path);
}

/** Whether a process runs whose command line has this text; Linux alone tells. */
function isRunning(text) {
  if (process.platform !== 'linux') return false;
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(text);
}

/** Waits for the dialog of an ingestion, and lets it be. */
async function leaveDialog(page, text) {
  await dialog(page, text).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await dialog(page, text).waitFor({ state: 'hidden' });
}

async function dryRunIsShown(page) {
  await activeTab(page, 'dry run');
  await noErrorIsShown(page);
  await closeEditors(page);
}

/** The steps, in an order in which each leaves the workbench to the next. */
export const ingestionSteps = {
  async 'Ingest with My Metadata, called off while it reads'({ page, workspace }) {
    await farIsGone(page);
    await openSchema(page);
    const answerAgain = await silenceScicat(workspace);
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
      answerAgain();
    }
  },
  async 'Ask SciCat for the Unknown Values'({ page }) {
    await sandboxRuns(page);
    await schemaHasSample(page);
    await press.pressPalette(page, 'imsc.showPreview');
    const unknown = press.previewPage(page).locator('#summary');
    await press.previewPage(page).locator('#ask').waitFor();
    const before = await unknown.innerText();
    await press.pressInPreview(page, 'ask');
    for (let turn = 0; turn < 40 && (await unknown.innerText()) === before; turn++) await page.waitForTimeout(250);
    if ((await unknown.innerText()) === before) throw new Error('the preview stays as it was');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'Dry-Run Ingestion'({ page, workspace }) {
    await sandboxRuns(page);
    await schemaHasSample(page);
    await press.pressPalette(page, 'imsc.dryRun');
    await tickFiles(page, [sample]);
    await activeTab(page, 'dry run');
    const result = press.previewPage(page);
    await result.getByText('Can be ingested').waitFor();
    await result.getByRole('tab', { name: 'Which Schema' }).click();
    await result.getByRole('row', { name: /^coda\.imsc\.yml .*yes$/ }).waitFor();
    await result.getByRole('tab', { name: 'Files' }).click();
    await result.getByRole('columnheader', { name: 'Size' }).waitFor();
    await result.getByRole('tab', { name: 'Requests' }).click();
    await result.getByText('/datasets').first().waitFor();
    await press.pressInPreview(page, 'asText');
    await line(page, 'Can be ingested').waitFor();
    await runCommand(page, 'View: Revert and Close Editor');
    await press.pressInPreview(page, 'again');
    await page.locator('.tab', { hasText: 'dry run' }).nth(1).waitFor();
    await press.pressInPreview(page, 'ingest');
    await leaveDialog(page, 'Ingest this file to SciCat?');
    // From a value to its place in the schema.
    await result.getByRole('tab', { name: 'Dataset' }).click();
    await result.getByRole('button', { name: 'creationLocation' }).click();
    await activeTab(page, 'coda.imsc.yml');
    await line(page, /creationLocation/).waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
    await press.pressPalette(page, 'imsc.dryRun');
    await tickFiles(page, [sample, '443604_00001018.nxs']);
    await activeTab(page, 'dry runs');
    await result.getByRole('button', { name: '443604_00001018.nxs' }).click();
    await activeTab(page, '443604_00001018.nxs dry run');
    await result.getByText('Can be ingested').waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
    await press.pressExplorer(page, 'at-the-top.nxs', 'imsc.dryRun');
    await dryRunIsShown(page);
    await openSchema(page);
    await press.pressEditorTitle(page, 'imsc.dryRun');
    await dryRunIsShown(page);
    await openSchema(page);
    await press.pressLens(page, 'Dry run', 'imsc.dryRun');
    await dryRunIsShown(page);
    // A file whose ending is one of a facility's own is found by browsing alone.
    const odd = join(workspace, 'data/coda/2025/443604/raw/443604_00001017.nxs.ngv');
    copyFileSync(join(workspace, 'data/coda/2025/443604/raw', sample), odd);
    await press.pressViewTitle(page, 'imsc.ingestions', 'imsc.dryRun');
    await page.locator('.quick-input-titlebar').getByRole('button', { name: 'Browse…' }).click();
    // What is said of the button would cover that of the dialog.
    await restPointer(page);
    await nameFile(page, odd);
    await dryRunIsShown(page);
    rmSync(odd);
    await press.pressWalkthrough(page, 'dryRun', 'imsc.dryRun');
    await asked(page, 'Dry-run ingestion');
    await closeEditors(page);
  },
  async 'Ingest to SciCat, one file'({ page }) {
    await isIngested(page);
    await press.pressExplorer(page, 'at-the-top.nxs', 'imsc.ingest');
    await leaveDialog(page, 'Ingest this file to SciCat?');
    await openFile(page, 'loki.imsc.json', 'schemas/loki.imsc.json');
    await press.pressPalette(page, 'imsc.chooseSample');
    await typeAndEnter(page, '443618_00000291.nxs');
    await typeAndEnter(page, 'This schema');
    await press.pressLens(page, 'Ingest', 'imsc.ingest');
    await leaveDialog(page, 'Ingest this file to SciCat?');
    await press.pressWalkthrough(page, 'ingest', 'imsc.ingest');
    await asked(page, 'Ingest to SciCat');
    await closeEditors(page);
  },
  async 'Update Datasets in SciCat'({ page, workspace }) {
    await isIngested(page);
    const schema = join(workspace, 'schemas', 'coda.imsc.yml');
    const before = readFileSync(schema, 'utf8');
    writeFileSync(schema, before.replace('value: <title>', 'value: Run of <title>'));
    const update = async (name) => {
      await press.pressPalette(page, 'imsc.updateDatasets');
      await tickFiles(page, [name]);
    };
    await update('443604_00001018.nxs');
    await notified(page, 'Nothing was updated. SciCat has no dataset');
    await update(sample);
    await dialog(page, 'SciCat holds 1 datasets otherwise').waitFor({ timeout: 60_000 });
    await activeTab(page, `Update of ${sample}`);
    await line(page, /\+\s"Run\sof\s/).waitFor();
    await page.keyboard.press('Enter');
    await notified(page, '1 datasets updated.');
    // What SciCat holds is what the file says now.
    await update(sample);
    await notified(page, 'Nothing is to be updated');
    writeFileSync(schema, before);
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'Ingest to SciCat, several files'({ page, workspace }) {
    await isIngested(page);
    writeFileSync(join(workspace, 'damaged.nxs'), 'this is not an HDF5 file');
    await press.pressPalette(page, 'imsc.ingest');
    await tickFiles(page, [sample, 'damaged.nxs', '443604_00001018.nxs', '443618_00000291.nxs']);
    await dialog(page, '2 new, 1 already there, 1 cannot be ingested').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, '2 of 2 files are in SciCat now');
  },
  async 'Compare dry runs, and with SciCat'({ page }) {
    await isIngested(page);
    for (const name of [sample, 'at-the-top.nxs']) await wasDryRun(page, name);
    await press.pressPalette(page, 'imsc.compareDryRuns');
    await typeAndEnter(page, sample);
    await typeAndEnter(page, 'at-the-top.nxs');
    await activeTab(page, '↔');
    await press.pressPalette(page, 'imsc.compareWithScicat');
    await typeAndEnter(page, sample);
    await activeTab(page, 'in SciCat ↔ dry run');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'Ingest with My Metadata, a folder without a NeXus file'({ page, workspace }) {
    await sandboxRuns(page);
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
    await press.pressLens(page, 'Ingest', 'imsc.ingestWithMetadata');
    await dialog(page, 'Notes of a shift').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, 'is in SciCat as');
    await noErrorIsShown(page);
    await page.locator('.tab', { hasText: 'Preview of notes' }).click();
    await runCommand(page, 'View: Revert and Close Editor');
    await press.pressLens(page, 'Preview', 'imsc.previewMetadata');
    await page.locator('.tab', { hasText: 'Preview of notes' }).waitFor({ timeout: 60_000 });
    await closeEditors(page);
    await press.pressExplorer(page, 'at-the-top.nxs', 'imsc.ingestWithMetadata');
    await page.locator('.tab', { hasText: 'at-the-top.nxs.imsc.metadata.yml' }).waitFor({ timeout: 60_000 });
    await noErrorIsShown(page);
    await closeEditors(page);
  },
};

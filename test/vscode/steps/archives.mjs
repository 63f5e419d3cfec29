// Archives: looked into, called off, and ingested with the place where their files stay.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { closeEditors, dialog, line, nameFile, noErrorIsShown, notified, typeAndEnter } from '../answers.mjs';
import { runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { silenceScicat } from '../scicat.mjs';
import { farIsGone, openSchema, sandboxRuns } from './needs.mjs';

/** A bag with a NeXus file of its own in it, packed, at the top of the workspace. */
function packBag(workspace, name, id) {
  const content = readFileSync(join(workspace, 'data/coda/2025/443604/raw/443604_00001017.nxs'));
  const before = '2f6f3f3e-8c0b-4b5e-9a43-6d1f6f2d7a10';
  content.write(before.replace('2f6f3f3e', id), content.indexOf(before), 'latin1');
  const text = (value) => new TextEncoder().encode(value);
  const sum = createHash('sha256').update(content).digest('hex');
  const bytes = zipSync(
    {
      'bag/bagit.txt': text('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
      'bag/manifest-sha256.txt': text(`${sum}  data/coda/443604_00001017.nxs\n`),
      'bag/data/coda/443604_00001017.nxs': new Uint8Array(content),
    },
    { level: 0 },
  );
  writeFileSync(join(workspace, `${name}.zip`), bytes);
}

/** What of an archive lies in a folder, finished or not. */
const unpacked = (folder, name) =>
  existsSync(folder)
    ? readdirSync(folder).filter((each) => each.startsWith('.imsc-') || each.startsWith(`${name}-`))
    : [];

async function until(page, what, check) {
  for (let turn = 0; turn < 80; turn++) {
    if (check()) return;
    await page.waitForTimeout(250);
  }
  throw new Error(what);
}

/** The steps, in an order in which each leaves the workbench to the next. */
export const archiveSteps = {
  async 'Ingest with My Metadata, an archive, called off'({ page, workspace }) {
    packBag(workspace, 'called-off', '22222222');
    await farIsGone(page);
    await openSchema(page);
    // It would answer so fast that the reading is over before it can be called off.
    const sandbox = page.locator('.statusbar-item', { hasText: 'Local sandbox' });
    if ((await sandbox.count()) > 0) await press.pressPalette(page, 'imsc.stopSandbox');
    await sandbox.waitFor({ state: 'hidden' });
    const answerAgain = await silenceScicat(workspace);
    try {
      await press.pressPalette(page, 'imsc.ingestWithMetadata');
      await typeAndEnter(page, 'An Archive');
      await nameFile(page, join(workspace, 'called-off.zip'));
      await typeAndEnter(page, 'beside the archive');
      await runCommand(page, 'Notifications: Show Notifications');
      const reading = page.locator('.notification-list-item', { hasText: 'Reading called-off.zip' }).first();
      await reading.waitFor();
      await until(page, 'nothing is unpacked', () => unpacked(workspace, 'called-off').length > 0);
      await reading.locator('.monaco-button', { hasText: 'Cancel' }).click();
      await reading.waitFor({ state: 'hidden' });
      await until(page, 'something is left', () => unpacked(workspace, 'called-off').length === 0);
      await noErrorIsShown(page);
    } finally {
      answerAgain();
    }
  },
  async 'Ingest to SciCat, an archive'({ page, workspace }) {
    packBag(workspace, 'delivery', '33333333');
    await sandboxRuns(page);
    const ingest = () => press.pressExplorer(page, 'delivery.zip', 'imsc.ingest');
    await ingest();
    await typeAndEnter(page, 'Browse');
    await nameFile(page, `${workspace}/`);
    const asked = dialog(page, 'Ingest this file to SciCat?');
    await asked.waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await asked.waitFor({ state: 'hidden' });
    if (unpacked(workspace, 'delivery').length > 0) throw new Error('something is left');
    await ingest();
    await typeAndEnter(page, 'beside the archive');
    await asked.waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, 'is in SciCat as');
    const [folder, ...more] = unpacked(workspace, 'delivery');
    if (folder === undefined || more.length > 0) throw new Error(`there are ${[folder, ...more].join(', ')}`);
    if (!existsSync(join(workspace, folder, 'data/coda/443604_00001017.nxs'))) throw new Error('it is not unpacked');
    await noErrorIsShown(page);
  },
  async 'Ingest with My Metadata, an archive'({ page, workspace }) {
    packBag(workspace, 'known', '44444444');
    await sandboxRuns(page);
    await press.pressExplorer(page, 'known.zip', 'imsc.ingestWithMetadata');
    await typeAndEnter(page, 'beside the archive');
    await page.locator('.tab', { hasText: 'Preview of known.zip' }).waitFor({ timeout: 60_000 });
    await page.locator('.tab', { hasText: 'known.zip.imsc.metadata.yml' }).click();
    await line(page, 'What only you know of known.zip').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('owner: Ada');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+S');
    // The place was said; nobody is asked again.
    await line(page, /you,\sline\s\d+\s+Ada/).waitFor({ timeout: 60_000 });
    if (unpacked(workspace, 'known').length > 0) throw new Error('something is left');
    // A lens that VS Code makes anew under the pointer does nothing: then it is clicked again.
    const asked = dialog(page, 'Unpacked in');
    for (let times = 0; times < 4 && !(await asked.isVisible()); times++) {
      await press.pressLens(page, 'Ingest', 'imsc.ingestWithMetadata');
      await asked.waitFor({ timeout: 20_000 }).catch(() => undefined);
    }
    await asked.waitFor();
    await page.keyboard.press('Enter');
    await notified(page, 'is in SciCat as');
    if (unpacked(workspace, 'known').length !== 1) throw new Error('it is not unpacked');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
};

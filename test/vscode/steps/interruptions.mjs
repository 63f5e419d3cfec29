// What does not go through to its end at once, and what is more than a few.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  activeTab,
  answerText,
  closeEditors,
  dialog,
  noErrorIsShown,
  quickFix,
  tickFiles,
  typeAndEnter,
} from '../answers.mjs';
import { openFile, runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { farIsInUse, sample, sandboxRuns, schemaHasSample } from './needs.mjs';

const ingestions = 'imsc.ingestions';
const uuid = '11111111-8c0b';

/** Makes files that the schema of CODA takes, each a measurement of its own. @returns their names */
function makeMeasurements(workspace, names) {
  const content = readFileSync(join(workspace, 'at-the-top.nxs'));
  const at = content.indexOf(uuid);
  return names.map((name, index) => {
    content.write(String(33_333_330 + index), at, 'latin1');
    const path = join(workspace, 'data/coda/2025/443604/raw', name);
    writeFileSync(path, content);
    return path;
  });
}

/** A notification of the list, once it is there. */
async function notification(page, text) {
  const item = page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
  for (let turn = 1; ; turn++) {
    await runCommand(page, 'Notifications: Show Notifications');
    try {
      await item.waitFor({ timeout: 5000 });
      return item;
    } catch (error) {
      if (turn === 8) throw error;
    }
  }
}

/** Calls off what a notification of this text waits for. */
async function callOff(page, text) {
  const running = await notification(page, text);
  await running.locator('.monaco-button', { hasText: 'Cancel' }).click();
  await running.waitFor({ state: 'hidden' });
}

/** The steps, each of which leaves the workbench to the next. */
export const interruptionSteps = {
  async 'A dry run that is called off'({ page, far }) {
    await farIsInUse(page, far);
    const waiting = far.hold('/proposals', 'GET');
    await press.pressPalette(page, 'imsc.dryRun');
    await tickFiles(page, [sample]);
    await waiting;
    await callOff(page, 'Dry run');
    if ((await page.locator('.tab', { hasText: 'dry run' }).count()) > 0)
      throw new Error('its page opens all the same');
    await noErrorIsShown(page);
  },
  async 'A SciCat that does not answer before a dry run is called off'({ page, far }) {
    await farIsInUse(page, far);
    const waiting = far.hold('/auth/whoami', 'GET');
    await press.pressPalette(page, 'imsc.dryRun');
    await tickFiles(page, [sample]);
    await waiting;
    await callOff(page, 'Asking SciCat');
    if ((await page.locator('.tab', { hasText: 'dry run' }).count()) > 0) throw new Error('it is dry-run all the same');
    await noErrorIsShown(page);
  },
  async 'A SciCat that does not answer the preview is called off'({ page, far }) {
    await farIsInUse(page, far);
    await schemaHasSample(page);
    await press.pressPalette(page, 'imsc.showPreview');
    const shown = press.previewPage(page);
    const waiting = far.hold('/proposals', 'GET');
    await shown.locator('#ask').waitFor();
    const before = await shown.locator('#summary').innerText();
    await press.pressInPreview(page, 'ask');
    await waiting;
    await callOff(page, 'Asking SciCat');
    if ((await shown.locator('#summary').innerText()) !== before) throw new Error('the preview has changed');
    // It can be asked again, and answers then.
    await press.pressInPreview(page, 'ask');
    await shown.locator('#summary', { hasNotText: before }).waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'A token that ends in the middle of an ingestion'({ page, workspace, far }) {
    await farIsInUse(page, far);
    const [file] = makeMeasurements(workspace, ['token-ends.nxs']);
    const ask = async (path) =>
      (
        await fetch(`${far.address}/${path}`, {
          headers: { Authorization: `Bearer ${far.token}` },
        })
      ).json();
    const before = (await ask('datasets')).length;
    far.cutOff(undefined);
    far.endTokens('origdatablocks');
    try {
      await press.pressPalette(page, 'imsc.ingest');
      await tickFiles(page, ['token-ends.nxs']);
      await dialog(page, 'Ingest this file to SciCat?').waitFor({
        timeout: 60_000,
      });
      await page.keyboard.press('Enter');
      await press.row(page, ingestions, /token-ends\.nxs.*interrupted/);
      // Who reads of it is led to the way out.
      const said = await notification(page, 'token-ends.nxs was not finished');
      far.endTokens(undefined);
      await said.locator('.monaco-button', { hasText: 'Sign In' }).click();
    } finally {
      far.endTokens(undefined);
    }
    await typeAndEnter(page, 'Token');
    await answerText(page, 'Token', far.token);
    await press.row(page, 'imsc.connections', /Far.*in use, ingestor/);
    await runCommand(page, 'Notifications: Clear All Notifications');
    await press.pressInline(page, ingestions, 'token-ends.nxs', 'imsc.resume');
    await press.row(page, ingestions, /token-ends\.nxs.*done/);
    const datasets = await ask('datasets');
    if (datasets.length !== before + 1) throw new Error(`there are ${datasets.length} datasets, and ${before} before`);
    const [{ pid }] = datasets.filter((each) => each.pid.includes('33333330'));
    const lists = await ask(`datasets/${encodeURIComponent(pid)}/origdatablocks`);
    if (lists.length !== 1) throw new Error(`the dataset has ${lists.length} lists of files`);
    rmSync(file);
    await noErrorIsShown(page);
  },
  async 'Eight files in one question'({ page, workspace }) {
    await sandboxRuns(page);
    const names = Array.from({ length: 8 }, (_, index) => `of-eight-${index + 1}.nxs`);
    const files = makeMeasurements(workspace, names);
    const size = page.viewportSize();
    await press.pressPalette(page, 'imsc.ingest');
    await tickFiles(page, names);
    const question = dialog(page, 'Ingest 8 files to SciCat?');
    await question.waitFor({ timeout: 60_000 });
    try {
      // Also where all is shown twice as large.
      for (const scale of [1, 2]) {
        const view = { width: size.width / scale, height: size.height / scale };
        await page.setViewportSize(view);
        for (const name of ['Ingest 8', 'Cancel']) {
          const { x, y, width, height } = await question.getByRole('button', { name, exact: true }).boundingBox();
          if (x < 0 || y < 0 || x + width > view.width || y + height > view.height)
            throw new Error(`“${name}” lies outside of a window of ${view.width} × ${view.height}`);
        }
      }
    } finally {
      await page.setViewportSize(size);
      await page.keyboard.press('Escape');
    }
    await question.waitFor({ state: 'hidden' });
    for (const file of files) rmSync(file);
    await noErrorIsShown(page);
  },
  async 'A key that is missing is added at the name of its entry'({ page, workspace }) {
    const file = join(workspace, 'lacking.imsc.yml');
    writeFileSync(
      file,
      'id: lacking\nname: Lacking\norder: 900\nselector: filename:contains:nowhere\nvariables:\n  title:\n    source: NXS\n    path: /entry/title\nschema: {}\n',
    );
    await openFile(page, 'lacking.imsc.yml');
    await page
      .locator('.editor-instance .view-line', { hasText: /^\s*title:/ })
      .first()
      .click();
    const item = await quickFix(page, 'Add “value_type”');
    await item.click();
    await page
      .locator('.editor-instance .view-line', { hasText: /value_type:/ })
      .first()
      .waitFor();
    await activeTab(page, 'lacking.imsc.yml');
    await closeEditors(page);
    rmSync(file);
    await noErrorIsShown(page);
  },
};

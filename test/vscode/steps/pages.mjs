// The pages of the extension in every theme, and as narrow as a telephone: what axe-core finds, what the focus and a
// finger meet.
import { rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, closeEditors, noErrorIsShown, tickFiles } from '../answers.mjs';
import { pageFaults, widths } from '../../support/pageFaults.mjs';
import * as press from '../pressed.mjs';
import { openSchema } from './needs.mjs';

/** By what VS Code writes into a page, so that it is known when one is there. */
const themes = {
  'vscode-light': 'Default Light Modern',
  'vscode-dark': 'Default Dark Modern',
  'vscode-high-contrast': 'Default High Contrast',
  'vscode-high-contrast-light': 'Default High Contrast Light',
};

/** Makes the window as wide as it takes for the page to have a width. */
async function setWidth(page, frame, width) {
  for (let turn = 0; turn < 20; turn++) {
    const there = await frame.evaluate(() => window.innerWidth);
    if (there === width) return;
    const size = page.viewportSize();
    await page.setViewportSize({ ...size, width: size.width + width - there });
    await page.waitForTimeout(250);
  }
  throw new Error(`the page does not become ${width} wide`);
}

/** Looks at each tab of a page, in each theme, at each width. */
async function lookAt(page, workspace, what) {
  const settings = join(workspace, '.vscode', 'settings.json');
  const size = page.viewportSize();
  const shown = press.previewPage(page);
  const found = [];
  for (const [name, theme] of Object.entries(themes)) {
    mkdirSync(join(workspace, '.vscode'), { recursive: true });
    writeFileSync(settings, JSON.stringify({ 'workbench.colorTheme': theme }));
    await shown.locator(`body.${name}`).waitFor();
    const frame = await (await shown.locator('body').elementHandle()).ownerFrame();
    for (const width of widths) {
      await setWidth(page, frame, width);
      const tabs = shown.getByRole('tab');
      for (let index = 0; index < (await tabs.count()); index++) {
        await tabs.nth(index).click();
        for (const fault of await pageFaults(frame)) found.push(`${what}, ${theme}, ${width}, tab ${index}: ${fault}`);
      }
      await tabs.first().click();
    }
    await page.setViewportSize(size);
  }
  rmSync(settings);
  await shown.locator('body.vscode-light').waitFor();
  if (found.length > 0) throw new Error(found.join('\n'));
}

/** The steps, each of which leaves the workbench to the next. */
export const pageSteps = {
  async 'The pages, in every theme and as narrow as a telephone'({ page, workspace }) {
    await openSchema(page);
    await press.pressPalette(page, 'imsc.showPreview');
    await press.previewPage(page).getByRole('button', { name: 'datasetName' }).waitFor();
    await lookAt(page, workspace, 'preview');
    await closeEditors(page);
    for (const files of [['443604_00001017.nxs'], ['443604_00001017.nxs', '443604_00001018.nxs']]) {
      await press.pressPalette(page, 'imsc.dryRun');
      await tickFiles(page, files);
      await activeTab(page, files.length === 1 ? 'dry run' : 'dry runs');
      await press.previewPage(page).getByRole('button', { name: 'Show as Text' }).waitFor();
      await lookAt(page, workspace, `dry run of ${files.length}`);
      await closeEditors(page);
    }
    await noErrorIsShown(page);
  },
};

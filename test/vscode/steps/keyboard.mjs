// Without a mouse, in a window of half the size, as one is where all is shown twice as large; and what a screen reader
// is told of what is reached.
import { activeTab, closeEditors, line, noErrorIsShown } from '../answers.mjs';
import { runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { sample, schemaHasSample } from './needs.mjs';

/** Goes on with Tab until something has the focus. */
async function tabTo(page, wanted) {
  await wanted.waitFor();
  for (let turn = 0; turn < 60; turn++) {
    if (await wanted.evaluate((element) => document.hasFocus() && element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    await page.waitForTimeout(100);
  }
  throw new Error('it is not reached with Tab');
}

/** Goes down in the view that has the focus, from its first row, until a row with this name has it. */
async function downTo(page, name) {
  const rows = page.locator('.part.sidebar .monaco-list-row');
  const wanted = rows.and(page.locator('.focused')).and(page.getByRole('treeitem', { name }));
  await page.keyboard.press('Home');
  for (let turn = 0; turn < 30; turn++) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(150);
  }
  throw new Error(`${name} is not reached: ${await rows.evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel))}`);
}

/** The steps, each of which leaves the workbench to the next. */
export const keyboardSteps = {
  async 'By keyboard alone, at twice the size'({ page }) {
    await schemaHasSample(page);
    const size = page.viewportSize();
    await page.setViewportSize({ width: size.width / 2, height: size.height / 2 });
    try {
      // The views: a row is named for what stands in it, not for the address or the path that a tooltip has.
      await runCommand(page, 'SciCat: Focus on Connections View');
      await downTo(page, /^config\.yml, /);
      await runCommand(page, 'SciCat: Focus on NeXus Sample View');
      await downTo(page, /^entry, NXentry/);
      await page.keyboard.press('ArrowRight');
      await downTo(page, /^end_time, /);
      await page.keyboard.press('Enter');
      await line(page, '/entry/end_time').waitFor();
      await runCommand(page, 'File: Revert File');
      // A list of many: the arrow goes into it, the space bar ticks.
      await press.pressPalette(page, 'imsc.dryRun');
      const row = page.locator('.quick-input-widget').getByRole('checkbox', { name: sample });
      await row.first().waitFor();
      await page.keyboard.type(sample);
      // Several files may have that name: what is ticked is the first of them.
      const others = page.locator('.quick-input-widget .monaco-list-row').filter({ hasNotText: sample });
      await others.first().waitFor({ state: 'detached' });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.locator('.quick-input-count', { hasText: '1 Selected' }).waitFor();
      await page.keyboard.press('Enter');
      // The page: its buttons and tabs with Tab and arrows, and back into the schema with Enter.
      await activeTab(page, 'dry run');
      const result = press.previewPage(page);
      await tabTo(page, result.getByRole('button', { name: 'Show as Text' }));
      await tabTo(page, result.getByRole('tab', { name: 'Dataset' }));
      for (const name of ['Variables', 'Which Schema']) {
        await page.keyboard.press('ArrowRight');
        await result.getByRole('tab', { name, selected: true }).waitFor();
      }
      const isCut = await result.locator('html').evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      if (isCut) throw new Error('the page is wider than its window');
      await tabTo(page, result.getByRole('button', { name: 'coda.imsc.yml' }));
      await page.keyboard.press('Enter');
      await activeTab(page, 'coda.imsc.yml');
    } finally {
      await page.setViewportSize(size);
    }
    await noErrorIsShown(page);
    await closeEditors(page);
  },
};

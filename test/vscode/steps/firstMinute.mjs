// What a person finds who has just installed the extension, before any schema is there.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, asked, closeEditors, line, noErrorIsShown } from '../answers.mjs';
import * as press from '../pressed.mjs';

const schema = 'powder.imsc.yml';

/** Waits for the values of the sample beside their paths, and for the preview. */
async function sampleIsShown(page) {
  await activeTab(page, schema);
  await line(page, /path:\s\/entry\/title.*Copper\spowder/).waitFor();
  await press.previewPage(page).locator('#content', { hasText: 'Toys:Toy Diffractometer' }).first().waitFor();
}

/** Waits until just these steps of the walkthrough are ticked. */
async function ticked(page, ...ids) {
  for (let turn = 0; ; turn++) {
    const found = await press.tickedSteps(page);
    if (found.join() === ids.join()) return;
    if (turn === 5) throw new Error(`ticked: ${found.join()}; should be: ${ids.join()}`);
    await page.waitForTimeout(500);
  }
}

export const firstMinuteSteps = {
  async 'Try It with a Sample, and what the walkthrough ticks'({ page, workspace }) {
    const folder = join(workspace, 'scicat-sample');
    // A look at our views, and a button whose question is not answered, tick nothing.
    await press.pressWelcome(page, 'imsc.sample', 'imsc.newSchemaFromNexus');
    await asked(page, 'New schema from NeXus file');
    await press.pressWalkthrough(page, 'author', 'imsc.newSchemaFromNexus');
    await asked(page, 'New schema from NeXus file');
    await ticked(page);
    await press.pressWelcome(page, 'imsc.sample', 'imsc.trySample');
    await sampleIsShown(page);
    await ticked(page, 'try', 'preview');
    await closeEditors(page);
    await press.pressWalkthrough(page, 'try', 'imsc.trySample');
    await sampleIsShown(page);
    // What the person has changed stays.
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+S');
    await ticked(page, 'try', 'author', 'preview');
    await closeEditors(page);
    await press.pressWelcome(page, 'imsc.ingestions', 'imsc.trySample');
    await sampleIsShown(page);
    await closeEditors(page);
    if (!readFileSync(join(folder, schema), 'utf8').startsWith('# mine')) throw new Error('what was typed is gone');
    rmSync(join(folder, 'powder.nxs'));
    await press.pressPalette(page, 'imsc.trySample');
    await sampleIsShown(page);
    if (!existsSync(join(folder, 'powder.nxs'))) throw new Error('the file is not there again');
    await noErrorIsShown(page);
    await closeEditors(page);
    rmSync(folder, { recursive: true });
  },
};

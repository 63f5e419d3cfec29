// The files of options, in the editor.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { line, noErrorIsShown } from '../answers.mjs';
import { openFile, runCommand } from '../person.mjs';

/** The steps, each of which leaves the workbench to the next. */
export const optionSteps = {
  async 'The files of options are languages'({ page, workspace }) {
    writeFileSync(join(workspace, 'imsc-serve.yml'), 'prot: 1\n');
    // Beside another editor, the first line of the window would be that one's.
    await runCommand(page, 'View: Close All Editors');
    await openFile(page, 'imsc-serve.yml');
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
};

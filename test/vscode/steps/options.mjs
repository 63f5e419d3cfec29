// The files beside the schemas, in the editor: options, and tests of schemas.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, closeEditors, line, noErrorIsShown } from '../answers.mjs';
import { openFile, runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';

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
  async 'The tests of schemas are a language'({ page, workspace }) {
    const file = join(workspace, 'schemas', 'coda.imsc.test.yml');
    const before = readFileSync(file, 'utf8');
    // Short enough to be in view as a whole.
    const short = before.slice(before.indexOf('sample:'), before.indexOf('# What SciCat'));
    writeFileSync(file, `${short}variables:\n  run_number: '1017'\n  sample_name: ice\n`);
    await runCommand(page, 'View: Close All Editors');
    await openFile(page, 'coda.imsc.test.yml');
    await page.locator('.statusbar-item', { hasText: 'SciCat Schema Test' }).waitFor();
    const gutter = (icon) => page.locator(`.editor-instance .margin .${icon}`);
    await press.pressLens(page, 'Run', 'imsc.runSchemaTest');
    // The file and one of its two expectations fail.
    await gutter('codicon-testing-failed-icon').nth(1).waitFor();
    await gutter('codicon-testing-passed-icon').first().waitFor();
    await line(page, /^sample:/).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.type('MnF2 powder');
    await page.keyboard.press('Control+S');
    // What is expected of one thing is run beside its line.
    await gutter('codicon-testing-failed-icon').nth(1).click();
    await gutter('codicon-testing-passed-icon').nth(1).waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('dataset:\n');
    await page.keyboard.type('  own');
    await page.keyboard.press('Escape');
    await page.keyboard.type('rr: x');
    await page.locator('.editor-instance .squiggly-error').first().waitFor();
    await page.keyboard.press('Control+Shift+ArrowLeft');
    for (let turn = 0; turn < 3; turn++) await page.keyboard.press('Control+Backspace');
    await page.locator('.editor-instance .view-line span', { hasText: 'run_number' }).first().hover();
    await page.locator('.monaco-hover', { hasText: '/entry/entry_identifier' }).first().waitFor();
    await press.pressLens(page, 'Update Expectations', 'imsc.updateSchemaTest');
    await line(page, /ownerGroup:\s'443604'/).waitFor();
    await press.pressLens(page, 'Schema: coda.imsc.yml', 'imsc.openTestedSchema');
    await activeTab(page, 'coda.imsc.yml');
    await noErrorIsShown(page);
    await closeEditors(page);
    writeFileSync(file, before);
  },
};

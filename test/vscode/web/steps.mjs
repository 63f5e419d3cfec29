// What a person presses in a VS Code that is a page: much is what they press on a computer, in the steps that are there.
import { join } from 'node:path';
import { activeTab, answerText, asked, closeEditors, line, noErrorIsShown, notified, tickFiles, typeAndEnter } from '../answers.mjs'; // prettier-ignore
import { openFile, openViews, paletteOffers, runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { pressService } from '../pressService.mjs';
import { dropFiles } from './dropFiles.mjs';
import { connectionSteps } from '../steps/connections.mjs';
import { schemaSteps } from '../steps/schemas.mjs';

const schema = ['coda.imsc.yml', 'schemas/coda.imsc.yml'];

/** The page in which a file of the computer is opened, a frame in a frame. */
export const nexusPage = (page, selector) =>
  page.frameLocator('iframe.webview').nth(0).frameLocator('iframe[title^="NeXus File"]').locator(selector);

/** Waits for the values of the sample that comes with the extension, and for its preview. */
async function sampleIsShown(page) {
  await activeTab(page, 'powder.imsc.yml');
  await line(page, /path:\s\/entry\/title.*Copper\spowder/).waitFor();
  await press.previewPage(page).locator('#content', { hasText: 'Toys:Toy Diffractometer' }).first().waitFor();
  await closeEditors(page);
}

/** The steps, in an order in which each leaves the workbench to the next. Some give back what they measured. */
export const webSteps = {
  async 'The page is as closed as vscode.dev is'({ page }) {
    await page.locator('.monaco-workbench').waitFor();
    const shared = await page.evaluate(() => globalThis.crossOriginIsolated || 'SharedArrayBuffer' in globalThis);
    if (shared) throw new Error('its threads could share memory');
  },
  async 'Nothing that runs a program is offered'({ page }) {
    await openFile(page, ...schema);
    await press.lens(page, 'Preview');
    if (!(await paletteOffers(page, 'SciCat: Open a NeXus File of This Computer')))
      throw new Error('nothing is offered');
    for (const word of ['Ingest', 'Dry-Run', 'Start', 'Update', 'Compare with', 'Resume'])
      if (await paletteOffers(page, `SciCat: ${word}`)) throw new Error(`offered: ${word}`);
    if (await page.getByText(/^(?:Dry run|Ingest)$/).count()) throw new Error('offered above the schema');
  },
  async 'Try It with a Sample'({ page }) {
    await closeEditors(page);
    await press.pressWelcome(page, 'imsc.sample', 'imsc.newSchemaFromNexus');
    await asked(page, 'New schema from NeXus file');
    await press.pressWelcome(page, 'imsc.sample', 'imsc.trySample');
    await sampleIsShown(page);
    await press.pressWalkthrough(page, 'try', 'imsc.trySample');
    await sampleIsShown(page);
    await press.pressPalette(page, 'imsc.trySample');
    await sampleIsShown(page);
    await noErrorIsShown(page);
  },
  ...steps(schemaSteps, [
    'Choose Sample File, forget it and find it again',
    'The sample view',
    'A file of the explorer as sample',
    'Show Dataset Preview',
    'Convert Schema, and the places of a variable',
    'Show Log, and Restart Language Server',
    'New Schema from NeXus File',
    'Enter after a key',
    'New Schema, from the explorer and the walkthrough',
  ]),
  async 'A schema with its imports'({ page }) {
    await openFile(page, ...schema);
    await press.pressPalette(page, 'imsc.showMergedSchema');
    await notified(page, 'The schema imports no others.');
    await closeEditors(page);
  },
  async 'A test of a schema is run beside its lines, and brought up to date'({ page }) {
    await openFile(page, 'coda.imsc.test.yml', 'schemas/coda.imsc.test.yml');
    const gutter = (icon) => page.locator(`.editor-instance .margin .${icon}`);
    await press.pressLens(page, 'Run', 'imsc.runSchemaTest');
    // The file and one of its two expectations fail.
    await gutter('codicon-testing-failed-icon').nth(1).waitFor();
    await gutter('codicon-testing-passed-icon').first().waitFor();
    await press.pressLens(page, 'Update Expectations', 'imsc.updateSchemaTest');
    await line(page, /sample_name:\sMnF2\spowder/).waitFor();
    await gutter('codicon-testing-passed-icon').nth(2).waitFor();
    await runCommand(page, 'Testing: Focus on Test Explorer View');
    // Also those that nobody has opened, once they are found.
    const rows = page.locator('.part.sidebar .monaco-list-row');
    await rows.filter({ hasText: 'loki' }).first().waitFor();
    await runCommand(page, 'Test: Run All Tests');
    await rows.locator('.codicon-testing-passed-icon').nth(2).waitFor();
    await runCommand(page, 'View: Hide Panel');
    await openViews(page, 'Explorer');
    await press.pressLens(page, 'Schema: coda.imsc.yml', 'imsc.openTestedSchema');
    await activeTab(page, 'coda.imsc.yml');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'A schema is compared on chosen samples, as it was opened and with another'({ page }) {
    await openFile(page, ...schema);
    await press.lens(page, 'Preview');
    await press.pressPalette(page, 'imsc.compareOnSamples');
    await typeAndEnter(page, 'As it was opened');
    await tickFiles(page, ['443604_00001017.nxs']);
    const view = await press.view(page, 'imsc.differences');
    await view.getByText(/coda\.imsc\.yml: 0 of \d files come out differently/).waitFor();
    // What is typed from then on is compared.
    await line(page, /<job_id>/).click();
    await page.keyboard.press('End');
    await page.keyboard.type('typed');
    await (await press.row(page, 'imsc.differences', '443604_00001017.nxs')).click();
    await press.clickRow(page, 'imsc.differences', /^pid.*typed/, 'imsc.showDifference');
    await activeTab(page, '443604_00001017.nxs: pid');
    await line(page, /typed/).waitFor();
    await closeEditors(page);
    await openFile(page, ...schema);
    await press.pressPalette(page, 'imsc.compareOnSamples');
    await typeAndEnter(page, 'fallback.imsc.yml');
    await tickFiles(page, ['443604_00001017.nxs']);
    await view.getByText(/coda\.imsc\.yml: 1 of 1 files come out differently/).waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'A file of 8 GB is read in a page, by pieces'({ page, large }) {
    await openFile(page, ...schema);
    await press.pressPalette(page, 'imsc.openNexusFile');
    const input = nexusPage(page, '#file');
    await input.waitFor();
    const before = performance.now();
    await input.setInputFiles(large);
    await page.getByText('Eight gigabytes').first().waitFor();
    const measured = `values after ${Math.round(performance.now() - before)} ms`;
    await closeEditors(page);
    await press.pressViewTitle(page, 'imsc.sample', 'imsc.openNexusFile');
    await nexusPage(page, '#file').waitFor();
    await closeEditors(page);
    return measured;
  },
  async 'Files that are dropped on the page, and opened once more'({ page, workspace, large }) {
    await openFile(page, ...schema);
    await press.pressLens(page, 'Open once more', 'imsc.openNexusFile');
    await nexusPage(page, '#place').waitFor();
    const names = nexusPage(page, '#opened li');
    await dropFiles(page, '#place', [workspace]);
    await names.filter({ hasText: 'A folder is not taken' }).waitFor();
    await dropFiles(page, '#place', [join(workspace, 'at-the-top.nxs'), large]);
    await page.getByText('Eight gigabytes').first().waitFor();
    // Each is the sample again when it is pressed.
    await names.filter({ hasText: 'at-the-top.nxs' }).getByRole('button').click();
    await page.locator('.codelens-decoration a', { hasText: 'Sample: at-the-top.nxs' }).first().waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'What only the HDF5 library reads'({ page, largeStored }) {
    await openFile(page, 'stored.imsc.yml', 'twins/stored.imsc.yml');
    let before = performance.now();
    await line(page, /path:\s\/entry\/virtual.*8,\s9,\s16,\s17/).waitFor();
    const inWorkspace = Math.round(performance.now() - before);
    await closeEditors(page);
    await openFile(page, 'opened.imsc.yml', 'twins/opened.imsc.yml');
    await press.pressPalette(page, 'imsc.openNexusFile');
    const input = nexusPage(page, '#file');
    await input.waitFor();
    before = performance.now();
    await input.setInputFiles(largeStored);
    await line(page, /path:\s\/entry\/virtual.*8,\s9,\s16,\s17/).waitFor();
    const measured = Math.round(performance.now() - before);
    await closeEditors(page);
    return `values after ${inWorkspace} ms in the workspace, ${measured} ms of 8 GB in the page`;
  },
  async 'An expression that does not end is left out'({ page }) {
    await openFile(page, 'slow.imsc.yml', 'twins/slow.imsc.yml');
    await line(page, /path:\s\/entry\/virtual.*8,\s9,\s16,\s17/).waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('$');
    const before = performance.now();
    await page
      .locator('.editor-instance .view-line', { hasText: /takes\stoo/ })
      .first()
      .waitFor();
    await line(page, /path:\s\/entry\/virtual.*8,\s9,\s16,\s17/).waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
    return `told after ${Math.round(performance.now() - before)} ms`;
  },
  async 'A SciCat that does not allow the page says so'({ page, closedScicat }) {
    await press.pressWelcome(page, 'imsc.connections', 'imsc.addConnection');
    await answerText(page, 'Address of the SciCat API', closedScicat.host);
    await answerText(page, 'Name to show', 'Closed');
    await answerText(page, 'Owner group of datasets', '');
    await typeAndEnter(page, 'Token');
    await answerText(page, 'Token', closedScicat.token);
    await notified(page, 'does not allow pages of http://127.0.0.1:');
    await press.pressRow(page, 'imsc.connections', 'Closed', 'imsc.removeConnection');
  },
  ...steps(connectionSteps, ['Connections, and signing in']),
  async 'SciCat is asked for values, and for what may fill metadata'({ page }) {
    await openFile(page, ...schema);
    await press.pressPalette(page, 'imsc.chooseSample');
    await typeAndEnter(page, '443604_00001017.nxs');
    await typeAndEnter(page, 'This schema');
    await press.pressPalette(page, 'imsc.showPreview');
    await press.pressInPreview(page, 'ask');
    await press.previewPage(page).locator('#content', { hasText: 'Solberg' }).first().waitFor();
    await closeEditors(page);
    await openFile(page, 'run.imsc.metadata.yml', 'twins/run.imsc.metadata.yml');
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('proposalId: ');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: '443604' }).first().waitFor();
    await page.keyboard.press('Escape');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'An ingest service as a connection'(workbench) {
    await pressService(workbench);
    await noErrorIsShown(workbench.page);
  },
};

function steps(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

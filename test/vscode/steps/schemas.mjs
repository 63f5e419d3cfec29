// Commands, menus and buttons around a schema and its sample.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, asked, closeEditors, line, noErrorIsShown, notified, typeAndEnter } from '../answers.mjs';
import { openFile, runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { openSchema, sample, schemaHasSample } from './needs.mjs';

const preview = (page) => page.locator('.tab', { hasText: 'Dataset of coda.imsc.yml' }).first();

async function closePreview(page) {
  await preview(page).click();
  await runCommand(page, 'View: Revert and Close Editor');
  await preview(page).waitFor({ state: 'detached' });
}

/** The steps, in an order in which each leaves the workbench to the next. */
export const schemaSteps = {
  async 'Choose Sample File, forget it and find it again'({ page }) {
    await openSchema(page);
    await press.pressPalette(page, 'imsc.chooseSample');
    // What the selector takes stands above all others, whatever its name.
    const picker = page.locator('.quick-input-widget');
    await picker.getByText('Taken by coda.imsc.yml').first().waitFor();
    await picker
      .locator('.monaco-list-row', { hasText: /^443604_/ })
      .first()
      .waitFor();
    const first = await picker.locator('.monaco-list-row').allInnerTexts();
    if (first.findIndex((text) => text.includes('at-the-top')) < first.findIndex((text) => text.includes(sample)))
      throw new Error(`the sample is not among the first: ${first.join(' | ')}`);
    await typeAndEnter(page, sample);
    await typeAndEnter(page, 'This schema');
    await press.row(page, 'imsc.sample', 'entry');
    await press.lens(page, `Sample: ${sample}`);
    await press.pressPalette(page, 'imsc.clearSample');
    await press.pressWelcome(page, 'imsc.sample', 'imsc.chooseSample');
    await typeAndEnter(page, sample);
    await typeAndEnter(page, 'This schema');
    await press.row(page, 'imsc.sample', 'entry');
    await press.pressEditorTitle(page, 'imsc.clearSample');
    await press.view(page, 'imsc.sample').then((pane) => pane.getByText('Choose Sample File').first().waitFor());
    await press.pressEditorTitle(page, 'imsc.chooseSample');
    await asked(page, 'Sample file');
    await press.pressLens(page, 'Choose a sample file', 'imsc.chooseSample');
    await typeAndEnter(page, sample);
    await typeAndEnter(page, 'This schema');
    await press.row(page, 'imsc.sample', 'entry');
    await press.pressViewTitle(page, 'imsc.sample', 'imsc.chooseSample');
    await asked(page, 'Sample file');
    await noErrorIsShown(page);
  },
  async 'The sample view'({ page, context }) {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await schemaHasSample(page);
    const entry = await press.row(page, 'imsc.sample', 'entry');
    // A tree that is being made anew takes no click.
    const isOpen = entry.and(page.locator('[aria-expanded="true"]'));
    for (let turn = 0; turn < 8 && (await isOpen.count()) === 0; turn++) {
      await entry.click();
      await isOpen.waitFor({ timeout: 4000 }).catch(() => undefined);
    }
    await press.row(page, 'imsc.sample', 'end_time');
    await press.pressViewTitle(page, 'imsc.sample', 'imsc.refreshSample');
    await press.row(page, 'imsc.sample', 'end_time');
    await press.pressRow(page, 'imsc.sample', 'end_time', 'imsc.copyNexusPath');
    for (let turn = 0; (await page.evaluate(() => navigator.clipboard.readText())) !== '/entry/end_time'; turn++) {
      if (turn === 20) throw new Error('the path is not on the clipboard');
      await page.waitForTimeout(100);
    }
    await line(page, /^id:/).click();
    await page.keyboard.press('Control+Home');
    await press.pressRow(page, 'imsc.sample', 'end_time', 'imsc.insertNexusPath');
    await line(page, /^\/entry\/end_time/).waitFor();
    await press.pressInline(page, 'imsc.sample', 'title', 'imsc.insertNexusPath');
    await line(page, /^\/entry\/end_time\/entry\/title/).waitFor();
    await press.clickRow(page, 'imsc.sample', 'end_time', 'imsc.insertNexusPath');
    await line(page, /^\/entry\/end_time\/entry\/title\/entry\/end_time/).waitFor();
    await press.pressPalette(page, 'imsc.findInSample');
    await typeAndEnter(page, '/entry/start_time');
    await line(page, /^\/entry\/end_time\/entry\/title\/entry\/end_time\/entry\/start_time/).waitFor();
    await press.pressViewTitle(page, 'imsc.sample', 'imsc.findInSample');
    await asked(page, 'Sample file');
    await runCommand(page, 'File: Revert File');
    await press.pressInline(page, 'imsc.sample', 'end_time', 'imsc.createVariableFromPath');
    await line(page, /^\s*path:\s\/entry\/end_time/).waitFor();
    await runCommand(page, 'File: Revert File');
    await press.pressRow(page, 'imsc.sample', 'end_time', 'imsc.createVariableFromPath');
    await line(page, /^\s*path:\s\/entry\/end_time/).waitFor();
    await runCommand(page, 'File: Revert File');
    await noErrorIsShown(page);
  },
  async 'A file in H5Web'({ page }) {
    await schemaHasSample(page);
    await press.pressViewTitle(page, 'imsc.sample', 'imsc.openInH5web');
    await activeTab(page, sample);
    await press.pressExplorer(page, 'at-the-top.nxs', 'imsc.openInH5web');
    await activeTab(page, 'at-the-top.nxs');
    await closeEditors(page);
    await noErrorIsShown(page);
  },
  async 'A file of the explorer as sample'({ page }) {
    await schemaHasSample(page);
    await press.pressViewTitle(page, 'imsc.sample', 'imsc.clearSample');
    await press.view(page, 'imsc.sample').then((pane) => pane.getByText('Choose Sample File').first().waitFor());
    await press.pressExplorer(page, 'at-the-top.nxs', 'imsc.useAsSample');
    await typeAndEnter(page, 'This schema');
    await press.row(page, 'imsc.sample', 'entry');
    await noErrorIsShown(page);
  },
  async 'Show Dataset Preview'({ page }) {
    await schemaHasSample(page, 'at-the-top.nxs');
    await press.pressPalette(page, 'imsc.showPreview');
    await preview(page).waitFor();
    await closePreview(page);
    await press.pressEditorTitle(page, 'imsc.showPreview');
    await preview(page).waitFor();
    await closePreview(page);
    await press.pressEditorContext(page, 'imsc.showPreview');
    await preview(page).waitFor();
    await closePreview(page);
    // Once it names the sample, what stands beside it moves no more.
    await press.lens(page, 'Sample: at-the-top.nxs');
    await press.pressLens(page, 'Preview', 'imsc.showPreview');
    await preview(page).waitFor();
    await page.getByRole('tab', { name: 'coda.imsc.yml', exact: true }).click();
    await press.pressPalette(page, 'imsc.clearSample');
    await press.pressInPreview(page, 'choose');
    await typeAndEnter(page, sample);
    await typeAndEnter(page, 'This schema');
    await press.previewPage(page).locator('#sample', { hasText: sample }).waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'Convert Schema, and the places of a variable'({ page }) {
    await openSchema(page);
    await press.pressPalette(page, 'imsc.convertNotation');
    await activeTab(page, 'coda.imsc.json');
    await line(page, '"variables": {').waitFor();
    await closeEditors(page);
    await openSchema(page);
    await press.pressEditorTitle(page, 'imsc.convertNotation');
    await activeTab(page, 'coda.imsc.json');
    await closeEditors(page);
    // Where there is a file of that name already, what is made gets a number.
    await openFile(page, 'twin.imsc.yml', 'twins/twin.imsc.yml');
    await line(page, /name/).click();
    await press.pressCodeAction(page, 'Convert', 'imsc.convertNotation');
    await activeTab(page, 'twin-2.imsc.json');
    await closeEditors(page);
    await openSchema(page);
    await press.pressLens(page, /^\d+ uses?$/, 'imsc.showReferences');
    await page.locator('.peekview-widget, .zone-widget .reference-zone-widget').first().waitFor();
    await page.keyboard.press('Escape');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'A schema with its imports, and since the last commit'({ page, workspace }) {
    await openSchema(page);
    await press.pressPalette(page, 'imsc.showMergedSchema');
    await notified(page, 'The schema imports no others.');
    const files = {
      shared: 'id: shared\nname: shared\norder: 900\nselector: filename:contains:shared\nvariables: {}\nschema: {}\n',
      importer: 'id: importer\nimport: [shared]\nvariables: {}\n',
    };
    const made = Object.keys(files).map((name) => join(workspace, `${name}.imsc.yml`));
    for (const [index, text] of Object.values(files).entries()) writeFileSync(made[index], text);
    await openFile(page, 'importer.imsc.yml');
    // Until the server has heard of the new files it says that there is no such schema.
    const merged = page.locator('.tab.active', { hasText: 'importer-merged.imsc.yml' });
    for (let times = 0; times < 4 && !(await merged.isVisible()); times++) {
      await press.pressPalette(page, 'imsc.showMergedSchema');
      await merged.waitFor({ timeout: 10_000 }).catch(() => undefined);
    }
    await activeTab(page, 'importer-merged.imsc.yml');
    await noErrorIsShown(page);
    await closeEditors(page);
    for (const file of made) rmSync(file);
    const schema = join(workspace, 'schemas', 'coda.imsc.yml');
    const before = readFileSync(schema, 'utf8');
    const git = (...args) => execFileSync('git', ['-C', workspace, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]); // prettier-ignore
    git('init', '-q');
    git('add', 'schemas');
    git('commit', '-q', '-m', 'schemas');
    writeFileSync(schema, before.replace('value: <title>', 'value: Run of <title>'));
    await openSchema(page);
    await press.pressPalette(page, 'imsc.compareWithCommit');
    await (await press.row(page, 'imsc.differences', '443604_00001017.nxs')).click();
    await press.clickRow(page, 'imsc.differences', /^datasetName/, 'imsc.showDifference');
    await activeTab(page, '443604_00001017.nxs: datasetName');
    await line(page, /Run\sof\s/).waitFor();
    // What is typed from then on is compared without being saved.
    await openSchema(page);
    await line(page, /<job_id>/).click();
    await page.keyboard.press('End');
    await page.keyboard.type('typed');
    const typed = await press.row(page, 'imsc.differences', /^pid.*typed/);
    await press.view(page, 'imsc.differences').then((pane) => pane.getByText('come out differently').waitFor());
    if (readFileSync(schema, 'utf8').includes('typed')) throw new Error('the schema was saved');
    await runCommand(page, 'View: Revert and Close Editor');
    await typed.waitFor({ state: 'detached' });
    await press.row(page, 'imsc.differences', /^datasetName/);
    await noErrorIsShown(page);
    writeFileSync(schema, before);
    rmSync(join(workspace, '.git'), { recursive: true });
    await closeEditors(page);
  },
  async 'Show Log, and Restart Language Server'({ page }) {
    await press.pressPalette(page, 'imsc.showLog');
    await page.getByRole('tab', { name: 'Output', selected: true }).waitFor();
    await runCommand(page, 'View: Hide Panel');
    await openSchema(page);
    await press.pressPalette(page, 'imsc.restartServer');
    // The new server tells what is wrong with what is typed from now on.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('nonsense: 1');
    await page.locator('.editor-instance .squiggly-error, .editor-instance .squiggly-warning').first().waitFor();
    await closeEditors(page);
  },
  async 'New Schema from NeXus File'({ page }) {
    await press.pressPalette(page, 'imsc.newSchemaFromNexus');
    await typeAndEnter(page, sample);
    await typeAndEnter(page, '/entry/title');
    await typeAndEnter(page, 'YAML');
    await activeTab(page, '443604_00001017.imsc.yml');
    // What has to be filled in is selected, and Tab goes on to the next.
    await line(page, /value:\sPREFIX\/<job_id>/).waitFor();
    await page.keyboard.type('20.500.12269');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Tab');
    await line(page, /value:\s20\.500\.12269\/<job_id>/).waitFor();
    await line(page, /value:\sAda/).waitFor();
    await page.keyboard.press('Escape');
    await notified(page, 'passes on 2 of 2 files of the folder');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'Enter after a key'({ page }) {
    await openSchema(page);
    // What the server offers is there after the rules of the language, which a window just opened does not have at once.
    await press.lens(page, 'Preview');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('extra:');
    await line(page, /^extra:/).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('# there');
    await page.locator('.statusbar-item', { hasText: /, Col 10$/ }).waitFor();
    await runCommand(page, 'View: Revert and Close Editor');
  },
  async 'New Schema, from the explorer and the walkthrough'({ page }) {
    await press.pressExplorer(page, 'at-the-top.nxs', 'imsc.newSchemaFromNexus');
    await asked(page, 'Values of at-the-top.nxs');
    await press.pressWalkthrough(page, 'author', 'imsc.newSchemaFromNexus');
    await asked(page, 'New schema from NeXus file');
    await openSchema(page);
    await press.pressWalkthrough(page, 'preview', 'imsc.chooseSample');
    await asked(page, 'Sample file');
    await press.pressWalkthrough(page, 'preview', 'imsc.showPreview');
    await preview(page).waitFor();
    await noErrorIsShown(page);
    await closeEditors(page);
  },
};

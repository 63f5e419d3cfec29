// What steps find that others have made before them. A step that stands alone, as one does that is pressed again in a
// fresh window, has it made.
import { activeTab, answerText, closeEditors, dialog, notified, tickFiles, typeAndEnter } from '../answers.mjs';
import { openFile } from '../person.mjs';
import * as press from '../pressed.mjs';

export const sample = '443604_00001017.nxs';
const scicats = 'imsc.connections';

/** By page what was made in its window. */
const made = new WeakMap();

/** Makes something in a window once; what fails is made again when it is needed next. */
async function once(page, what, make) {
  const there = made.get(page) ?? new Set();
  made.set(page, there);
  if (there.has(what)) return;
  await make();
  there.add(what);
}

/** Opens the schema of CODA. */
export function openSchema(page) {
  return openFile(page, 'coda.imsc.yml', 'schemas/coda.imsc.yml');
}

/** Opens the schema of CODA, with a sample of its own. */
export async function schemaHasSample(page, name = sample) {
  await openSchema(page);
  await press.pressPalette(page, 'imsc.chooseSample');
  await typeAndEnter(page, name);
  await typeAndEnter(page, 'This schema');
  await press.row(page, 'imsc.sample', 'entry');
}

/** Starts the sandbox, where it does not run, and has it in use. */
export async function sandboxRuns(page) {
  await farIsGone(page);
  const item = page.locator('.statusbar-item', { hasText: 'Local sandbox' });
  if (!(await item.isVisible())) {
    // One that runs may have been left for another connection.
    const sandbox = (await press.view(page, scicats)).locator('.monaco-list-row', { hasText: 'Local sandbox' });
    if (await sandbox.isVisible()) await press.clickRow(page, scicats, 'Local sandbox', 'imsc.useConnection');
    else await press.pressPalette(page, 'imsc.startSandbox');
  }
  await item.waitFor();
}

/** Answers the questions of a new connection up to that for signing in. */
export async function answerConnection(page, address, name) {
  await answerText(page, 'Address of the SciCat API', address);
  await answerText(page, 'Name to show', name);
  await answerText(page, 'Owner group of datasets', '');
}

/** Adds the SciCat that is far away, where it is none of the connections, and signs in there. */
export function farIsInUse(page, far) {
  return once(page, 'far', async () => {
    await press.pressPalette(page, 'imsc.addConnection');
    await answerConnection(page, far.address, 'Far');
    await typeAndEnter(page, 'Token');
    await answerText(page, 'Token', far.token);
    await press.row(page, scicats, /Far.*in use, ingestor/);
  });
}

/** Says that the step itself has signed in at the SciCat that is far away. */
export function farWasMade(page) {
  return once(page, 'far', () => Promise.resolve());
}

/** Leaves what is asked to the configuration or the sandbox. */
export async function farIsGone(page) {
  if (!made.get(page)?.has('far')) return;
  await press.pressRow(page, scicats, 'Far', 'imsc.removeConnection');
  const far = (await press.view(page, scicats)).locator('.monaco-list-row', { hasText: 'Far' });
  await far.waitFor({ state: 'detached' });
  made.get(page).delete('far');
}

/** Ingests the sample into the sandbox. */
export async function isIngested(page) {
  await sandboxRuns(page);
  await once(page, 'ingested', async () => {
    await press.pressPalette(page, 'imsc.ingest');
    await tickFiles(page, [sample]);
    await dialog(page, 'Ingest this file to SciCat?').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await notified(page, 'is in SciCat as');
  });
}

/** Has a dry run of a file in the list of those that can be compared. */
export async function wasDryRun(page, name) {
  await once(page, `dry run of ${name}`, async () => {
    await press.pressPalette(page, 'imsc.dryRun');
    await tickFiles(page, [name]);
    await activeTab(page, 'dry run');
    await closeEditors(page);
  });
}

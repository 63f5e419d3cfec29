// The SciCats: the sandbox, connections, who is signed in there, and what becomes of an ingestion when one is away.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeTab, answerText, asked, closeEditors, dialog, noErrorIsShown, notified, tickFiles, typeAndEnter } from '../answers.mjs'; // prettier-ignore
import { runCommand } from '../person.mjs';
import * as press from '../pressed.mjs';
import { slowScicat, startSandbox } from '../scicat.mjs';
import { answerConnection, farIsGone, farIsInUse, farWasMade } from './needs.mjs';

const scicats = 'imsc.connections';
const ingestions = 'imsc.ingestions';
const sandboxItem = (page) => page.locator('.statusbar-item', { hasText: 'Local sandbox' });

const tapeJob = `jobs:
  tape:
    type: archive
    job_params:
      datasetList:
        - pid: <pid>
          files: []
    owner_user: ingestor
    owner_group: '443604'
    contact_email: archive@example.org
`;

async function isStopped(page) {
  await sandboxItem(page).waitFor({ state: 'hidden' });
}

/** Who signs in where no connection is known adds one; who then gives the sign-in up is not asked for it again. */
async function onceAskedToSignIn(page) {
  await press.pressPalette(page, 'imsc.signIn');
  await answerConnection(page, 'http://127.0.0.1:9/api/v3', 'First');
  const question = page.locator('.quick-input-widget', { hasText: 'Sign in to First' }).first();
  await question.locator('.monaco-list-row', { hasText: 'User name and password' }).waitFor();
  await page.keyboard.press('Escape');
  await press.row(page, scicats, /First.*in use, not signed in/);
  await press.pressRow(page, scicats, 'First', 'imsc.removeConnection');
  const first = (await press.view(page, scicats)).locator('.monaco-list-row', { hasText: 'First' });
  await first.waitFor({ state: 'detached' });
  if (await question.isVisible()) throw new Error('It is asked a second time how to sign in');
}

/** Picks the ingestion to resume where it is not the only one that was interrupted, and waits until it is finished. */
async function resumed(page, file) {
  const finished = press.row(page, ingestions, new RegExp(`${file}.*done`));
  const question = page.locator('.quick-input-title', { hasText: 'Resume interrupted ingestion' }).first();
  const picked = question.waitFor().then(() => typeAndEnter(page, file));
  await Promise.race([finished, picked]);
  picked.catch(() => undefined);
  await finished;
}

/** The steps, in an order in which each leaves the workbench to the next. */
export const connectionSteps = {
  async 'The sandbox and connections, where none is known'({ page, workspace }) {
    const settings = join(workspace, '.vscode');
    mkdirSync(settings, { recursive: true });
    writeFileSync(join(settings, 'settings.json'), '{ "imsc.configFile": "" }');
    await press.pressWelcome(page, ingestions, 'imsc.dryRun');
    await asked(page, 'Dry-run ingestion');
    await press.pressWelcome(page, ingestions, 'imsc.ingest');
    await asked(page, 'Ingest to SciCat');
    await press.pressWelcome(page, scicats, 'imsc.addConnection');
    await asked(page, 'Add connection');
    await onceAskedToSignIn(page);
    await press.pressWelcome(page, scicats, 'imsc.startSandbox');
    await sandboxItem(page).waitFor();
    await press.pressViewTitle(page, scicats, 'imsc.stopSandbox');
    await isStopped(page);
    await press.pressViewTitle(page, scicats, 'imsc.startSandbox');
    await sandboxItem(page).waitFor();
    await press.pressPalette(page, 'imsc.stopSandbox');
    await isStopped(page);
    await press.pressWalkthrough(page, 'ingest', 'imsc.startSandbox');
    await sandboxItem(page).waitFor();
    await press.pressPalette(page, 'imsc.stopSandbox');
    await isStopped(page);
    rmSync(settings, { recursive: true });
    await press.row(page, scicats, 'config.yml');
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'Connections, and signing in'({ page, far }) {
    await press.pressViewTitle(page, scicats, 'imsc.addConnection');
    await answerConnection(page, 'http://127.0.0.1:9/api/v3', 'Other');
    await asked(page, 'Sign in to Other');
    await press.row(page, scicats, /Other.*in use, not signed in/);
    await press.pressPalette(page, 'imsc.addConnection');
    await answerConnection(page, far.address, 'Far');
    await typeAndEnter(page, 'User name and password');
    await answerText(page, 'User name', 'user');
    await answerText(page, 'Password of user', 'sandbox');
    await press.row(page, scicats, /Far.*in use, user/);
    await press.pressPalette(page, 'imsc.signOut');
    await press.row(page, scicats, /Far.*in use, not signed in/);
    await press.pressPalette(page, 'imsc.signIn');
    await typeAndEnter(page, 'Far');
    await typeAndEnter(page, 'Token');
    await answerText(page, 'Token', far.token);
    await press.row(page, scicats, /Far.*in use, ingestor/);
    await press.pressInline(page, scicats, 'Far', 'imsc.signOut');
    await press.row(page, scicats, /Far.*in use, not signed in/);
    await press.pressRow(page, scicats, 'Other', 'imsc.useConnection');
    await press.row(page, scicats, /Other.*in use/);
    await press.clickRow(page, scicats, 'Far', 'imsc.useConnection');
    await press.row(page, scicats, /Far.*in use/);
    await press.pressInline(page, scicats, 'Far', 'imsc.signIn');
    // A row that VS Code is making anew gives its command nothing, which then asks where to sign in.
    const title = page.locator('.quick-input-title', { hasText: 'Sign in to' }).first();
    await title.waitFor();
    if (!(await title.innerText()).includes('Far')) await typeAndEnter(page, 'Far');
    await typeAndEnter(page, 'Token');
    await answerText(page, 'Token', far.token);
    await press.row(page, scicats, /Far.*in use, ingestor/);
    await press.pressRow(page, scicats, 'Other', 'imsc.removeConnection');
    const other = (await press.view(page, scicats)).locator('.monaco-list-row', { hasText: 'Other' });
    await other.waitFor({ state: 'detached' });
    await farWasMade(page);
    await noErrorIsShown(page);
  },
  async 'Dry-Run Ingestion, while SciCat does not answer'({ page, far }) {
    await farIsInUse(page, far);
    // What that leaves open is said, with the way out beside it.
    far.cutOff('/');
    try {
      await press.pressPalette(page, 'imsc.dryRun');
      await tickFiles(page, ['443604_00001017.nxs']);
      await press.previewPage(page).getByText('Cannot be told').waitFor({ timeout: 60_000 });
      await press.pressInPreview(page, 'signIn');
      await asked(page, 'Sign in to');
    } finally {
      far.cutOff(undefined);
    }
    await noErrorIsShown(page);
    await closeEditors(page);
  },
  async 'A job of the schema that SciCat takes only when it is asked again'({ page, workspace, far }) {
    await farIsInUse(page, far);
    const schema = join(workspace, 'schemas', 'coda.imsc.yml');
    const before = readFileSync(schema, 'utf8');
    writeFileSync(schema, before + tapeJob);
    const content = readFileSync(join(workspace, 'at-the-top.nxs'));
    content.write('22222222', content.indexOf('11111111-8c0b'), 'latin1');
    // Where the schema takes it.
    const file = join(workspace, 'data', 'coda', '2025', '443604', 'raw', 'to-tape.nxs');
    writeFileSync(file, content);
    far.cutOff('/jobs');
    await press.pressPalette(page, 'imsc.ingest');
    await tickFiles(page, ['to-tape.nxs']);
    await dialog(page, 'Ingest this file to SciCat?').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await press.row(page, ingestions, /to-tape\.nxs.*done/);
    far.cutOff(undefined);
    await runCommand(page, 'Notifications: Clear All Notifications');
    await press.pressInline(page, ingestions, 'to-tape.nxs', 'imsc.sendJobs');
    await notified(page, 'SciCat has the jobs of to-tape.nxs.');
    const answer = await fetch(`${far.address}/jobs`, { headers: { Authorization: `Bearer ${far.token}` } });
    if ((await answer.json()).length !== 1) throw new Error('SciCat has not one job');
    writeFileSync(schema, before);
    rmSync(file);
    await noErrorIsShown(page);
  },
  async 'An ingestion that is called off, interrupted, given up, resumed'({ page, far }) {
    await farIsInUse(page, far);
    const waiting = far.hold('origdatablocks');
    await press.pressViewTitle(page, ingestions, 'imsc.ingest');
    await tickFiles(page, ['443604_00001018.nxs']);
    await dialog(page, 'Ingest this file to SciCat?').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await waiting;
    await press.pressInline(page, ingestions, '443604_00001018.nxs', 'imsc.cancelIngestion');
    await notified(page, '443604_00001018.nxs');
    for (const [file, next] of [
      ['443618_00000291.nxs', () => press.pressRow(page, ingestions, '443618_00000291.nxs', 'imsc.giveUpIngestion')],
      ['443604_00000007.nxs', () => press.pressInline(page, ingestions, '443604_00000007.nxs', 'imsc.resume')],
      ['443604_00001017.nxs', (file) => press.pressPalette(page, 'imsc.resume').then(() => resumed(page, file))],
      [
        'at-the-top.nxs',
        (file) => press.pressViewTitle(page, ingestions, 'imsc.resume').then(() => resumed(page, file)),
      ],
    ]) {
      far.cutOff('origdatablocks');
      await press.pressPalette(page, 'imsc.ingest');
      await tickFiles(page, [file]);
      await dialog(page, 'Ingest this file to SciCat?').waitFor({ timeout: 60_000 });
      await page.keyboard.press('Enter');
      await press.row(page, ingestions, new RegExp(`${file}.*interrupted`));
      await runCommand(page, 'Notifications: Clear All Notifications');
      far.cutOff(undefined);
      await next(file);
      await press.row(page, ingestions, new RegExp(`${file}.*(?:done|cancelled)`));
    }
    await runCommand(page, 'Notifications: Clear All Notifications');
    await press.pressRow(page, ingestions, '443604_00000007.nxs', 'imsc.showIngestion');
    await activeTab(page, '443604_00000007.nxs ingestion');
    await press.openDataset(page, '443604_00000007.nxs');
    await press.pressRow(page, ingestions, '443604_00000007.nxs', 'imsc.removeIngestion');
    const gone = (await press.view(page, ingestions)).locator('.monaco-list-row', { hasText: '443604_00000007.nxs' });
    await gone.waitFor({ state: 'detached' });
    await farIsGone(page);
    await closeEditors(page);
  },
};

/** A SciCat behind a way that can be held back or cut off, with a token for it. */
export async function farScicat() {
  const sandbox = await startSandbox();
  const slow = await slowScicat(sandbox.host);
  const close = async () => {
    await slow.close();
    await sandbox.stop();
  };
  return { ...slow, token: sandbox.token, close };
}

/** An answer of SciCat that does not come is waited for once. */
export function tryOnce(workspace) {
  const config = join(workspace, 'config.yml');
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^scicat:$/m, 'scicat:\n  max_tries: 1'));
}

// An ingest service as a connection, pressed as a person does: it is added, signed in to, browsed, and ingests.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imsc } from '../../scripts/builtProgram.mjs';
import { startSandbox, startServing } from '../../scripts/sandboxProcess.mjs';
import { activeTab, answerText } from './answers.mjs';
import { runCommand } from './person.mjs';
import { clickRow, openDataset, pressInline, pressPalette, pressRow, row as listRow, view } from './pressed.mjs';

/**
 * @param {object} workbench of workbench.mjs; with `origins`, those of its pages where it is one that runs in a browser
 * @param {(name: string) => Promise<void>} [photograph] takes a picture of a step
 */
export async function pressService({ page, workspace, origins = [] }, photograph = async () => {}) {
  const made = mkdtempSync(join(tmpdir(), 'imsc-service-'));
  const children = [];
  for (const name of ['jobs', 'deposits']) mkdirSync(join(made, name));
  try {
    const sandbox = await startSandbox(join(made, 'catalogue'));
    children.push(sandbox.child);
    const settings = join(made, 'imsc-serve.yml');
    const options = {
      ...{ port: 0, store: join(made, 'jobs'), storage: join(made, 'deposits'), allow_origins: origins },
      ...{ auth: 'accounts', accounts_file: join(made, 'accounts'), protocols: { native: { enabled: true } } },
      locations: [{ name: 'location', path: join(workspace, 'data', 'coda') }],
    };
    writeFileSync(settings, JSON.stringify(options));
    const config = ['-c', join(workspace, 'config.yml'), '--scicat.host', sandbox.host];
    const args = ['serve', ...config, '--serve-config', settings];
    const added = execFileSync(process.execPath, [imsc, ...args, '--add-account', 'ada', '--json'], {
      encoding: 'utf8',
    });
    const { token } = JSON.parse(added);
    const service = await startServing(args, { ...process.env, SCICAT_TOKEN: sandbox.token });
    children.push(service.child);

    await pressPalette(page, 'imsc.addConnection');
    await answerText(page, 'Address of the SciCat API, or of an ingest service', service.url);
    await answerText(page, 'ingestions of this computer write there', 'Ingest service');
    await answerText(page, 'Name to show', 'Beamline service');
    await answerText(page, 'Token of your account there', 'ada.wrong');
    // In the list of all, because a toast may be gone before it is looked for.
    await runCommand(page, 'Notifications: Show Notifications');
    const refused = page.locator('.notification-list-item', { hasText: 'asks for a sign-in' }).first();
    await refused.locator('.monaco-button', { hasText: 'Try Again' }).click();
    await answerText(page, 'Token of your account there', token);

    await view(page, 'imsc.connections');
    const row = (text) =>
      page.locator('.pane', { hasText: 'Connections' }).locator('.monaco-list-row', { hasText: text });
    await row('ingest service, ada').first().waitFor();
    await row('Beamline service').first().click();
    // By keyboard: the arrow opens what has the focus, and then goes into it.
    for (const name of ['location', '2025', '443604']) {
      await row(new RegExp(`^${name}`)).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
    }
    await photograph('service-places');
    await pressInline(page, 'imsc.connections', /^443604/, 'imsc.ingestAtService');
    const dialog = page.locator('.monaco-dialog-box', { hasText: 'Ingest 443604 at Beamline service?' });
    await dialog.waitFor();
    await photograph('service-dialog');
    await page.keyboard.press('Enter');

    const done = page.getByRole('treeitem', { name: /443604_\d+\.nxs, done .*Beamline service/ });
    await done.waitFor({ timeout: 60_000 });
    await clickRow(page, 'imsc.ingestions', /443604_\d+\.nxs *done .*Beamline service/, 'imsc.showIngestion');
    await activeTab(page, 'ingestion');
    await photograph('service-done');
    // Elsewhere these are pressed with ingestions of the computer itself.
    const inBrowser = origins.length > 0;
    if (inBrowser) {
      await pressRow(page, 'imsc.ingestions', /443604_\d+\.nxs *done/, 'imsc.showIngestion');
      await openDataset(page, /443604_\d+\.nxs *done/);
    }
    await pressRow(page, 'imsc.ingestions', /443604_\d+\.nxs *done .*Beamline service/, 'imsc.removeIngestion');
    await done.waitFor({ state: 'detached' });
    const left = await fetch(`${service.url}/api/v1/jobs`, { headers: { Authorization: `Bearer ${token}` } });
    if ((await left.json()).total !== 0) throw new Error('the service has the record still');
    const written = await (await fetch(`${sandbox.host}/datasets`, { headers: { Authorization: `Bearer ${sandbox.token}` } })).json(); // prettier-ignore
    if (written.length !== 1) throw new Error(`there are ${written.length} datasets`);
    if (inBrowser) {
      sandbox.child.kill();
      await pressInline(page, 'imsc.connections', /^443604/, 'imsc.ingestAtService');
      await dialog.waitFor();
      await page.keyboard.press('Enter');
      await pressInline(page, 'imsc.ingestions', /443604.*wait(?:s|ing)/, 'imsc.cancelIngestion');
      await pressInline(page, 'imsc.ingestions', /443604.*cancelled/, 'imsc.resume');
      await listRow(page, 'imsc.ingestions', /443604.*wait(?:s|ing)/);
    }
    service.child.kill();
    await pressInline(page, 'imsc.connections', 'Beamline service', 'imsc.refreshService');
    await page
      .getByRole('treeitem', { name: /does not answer/ })
      .first()
      .waitFor();
    await runCommand(page, 'View: Close All Editors');
  } finally {
    for (const child of children) child.kill();
    rmSync(made, { recursive: true, force: true, maxRetries: 10 });
  }
}

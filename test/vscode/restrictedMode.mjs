// What must hold in a workspace that is not trusted. VS Code trusts every workspace that it runs tests in, so that
// this is looked at from outside, in the workbench.
import { openFile, openViews, paletteOffers, runCommand } from './person.mjs';
import { pressWelcome } from './pressed.mjs';

/** Rejects with what does not hold. */
export async function checkRestrictedMode(page) {
  await page.getByText('Restricted Mode').first().waitFor();
  await openFile(page, 'coda.imsc.yml');
  await page.locator('.statusbar-item', { hasText: 'SciCat Schema (YAML)' }).waitFor();
  for (const command of ['SciCat: Ingest to SciCat', 'SciCat: Choose Sample File'])
    if (await paletteOffers(page, command)) throw new Error(`the command palette offers "${command}"`);
  if (!(await paletteOffers(page, 'SciCat: Show Log'))) throw new Error('the extension is not active at all');
  await runCommand(page, 'SciCat: Show Log');
  await page.getByRole('tab', { name: 'Output', selected: true }).waitFor();
  for (const view of ['imsc.sample', 'imsc.ingestions', 'imsc.connections']) {
    await pressWelcome(page, view, 'workbench.trust.manage', 'Manage Workspace Trust');
    const trust = page.getByText('You are in Restricted Mode').first();
    await trust.waitFor();
    await page.keyboard.press('Escape');
    await trust.waitFor({ state: 'hidden' });
  }
  await openViews(page, 'Explorer');
}

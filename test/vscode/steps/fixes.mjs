// What the editor finds in schemas and rules of a facility, mended by its quick fixes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noErrorIsShown, quickFix } from '../answers.mjs';
import { openFile, runCommand } from '../person.mjs';

const rules = 'rules:\n  - rule: allowed\n    fields: [type]\n    values: [raw, derived]\n';
const schema = (source, type) => `id: of-the-rules
name: Of the rules
order: 900
selector: filename:contains:nowhere
variables:
  title:
    source: ${source}
    path: /entry/title
    value_type: string
schema:
  type:
    field_type: high_level
    machine_name: type
    value: ${type}
    type: string
  title:
    field_type: scientific_metadata
    machine_name: title
    value: <titel>
    type: string
`;

/** Goes to a problem from the list of all, takes the fix of this name, and waits until the problem is gone. */
async function mend(page, file, message, fix) {
  await runCommand(page, 'Problems: Focus on Problems View');
  const panel = page.locator('.part.panel');
  await panel.locator('.viewpane-filter input').first().fill(file);
  const row = panel.locator('.monaco-list-row', { hasText: message });
  await row.first().waitFor();
  const goThere = async () => {
    await row.first().dblclick();
    // Until the editor has the keys, Enter for the palette may come to it late, in place of what is selected.
    await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
  };
  await goThere();
  await page.locator('.tab.active', { hasText: file }).waitFor();
  const item = await quickFix(page, fix, goThere);
  await item.click();
  await row.first().waitFor({ state: 'detached' });
}

async function shows(page, text) {
  await page.locator('.editor-instance .view-line', { hasText: text }).first().waitFor();
}

/** The steps, each of which leaves the workbench to the next. */
export const fixSteps = {
  async 'Rules of a facility and misspelt words are mended by quick fixes'({ page, workspace }) {
    const folder = join(workspace, 'ruled');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'imsc-rules.yml'), rules.replace('allowed', 'alowed'));
    writeFileSync(join(folder, 'ruled.imsc.yml'), schema('NXSS', 'rav'));
    await openFile(page, 'imsc-rules.yml', 'ruled/imsc-rules.yml');
    await mend(page, 'imsc-rules.yml', 'alowed', 'allowed');
    await shows(page, 'rule: allowed');
    await page.keyboard.press('Control+S');
    await page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
    await openFile(page, 'ruled.imsc.yml');
    await mend(page, 'ruled.imsc.yml', 'NXSS', 'NXS');
    await shows(page, 'source: NXS');
    await mend(page, 'ruled.imsc.yml', 'titel', 'title');
    await shows(page, 'value: <title>');
    await mend(page, 'ruled.imsc.yml', 'rav', 'raw');
    await shows(page, 'value: raw');
    await noErrorIsShown(page);
    await page.locator('.part.panel .viewpane-filter input').first().fill('');
    await runCommand(page, 'View: Toggle Panel Visibility');
    for (const name of ['ruled.imsc.yml', 'imsc-rules.yml']) {
      await openFile(page, name, `ruled/${name}`);
      await runCommand(page, 'View: Revert and Close Editor');
    }
    rmSync(folder, { recursive: true });
  },
};

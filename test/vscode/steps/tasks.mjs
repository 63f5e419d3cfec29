// Tasks of the extension, and what the list of problems takes from their output.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noErrorIsShown, typeAndEnter } from '../answers.mjs';
import { runCommand, typeIntoPalette } from '../person.mjs';

const file = 'of-a-task.imsc.yml';
/** Alone at its place: of what a task finds at the same place VS Code keeps one. */
const message = 'The order is “first” and no number';

/** The steps, each of which leaves the workbench to the next. */
export const taskSteps = {
  async 'The task imsc: check fills the list of problems'({ page, workspace }) {
    writeFileSync(join(workspace, file), 'order: first\n');
    await runCommand(page, 'Problems: Focus on Problems View');
    const panel = page.locator('.part.panel');
    await panel.locator('.viewpane-filter input').first().fill(file);
    const found = panel.locator('.monaco-list-row', { hasText: message });
    // The language server knows the file as well; what the task finds is there besides.
    await found.first().waitFor();
    if ((await found.count()) !== 1) throw new Error('the problem is there more than once before the task has run');
    // Others, such as “Run Build Task”, stand above it.
    await typeIntoPalette(page, 'F1', '>Tasks: Run Task');
    await page.locator('.quick-input-widget').getByText('Tasks: Run Task', { exact: true }).first().click();
    await typeAndEnter(page, 'imsc');
    await typeAndEnter(page, 'imsc: check');
    await page.locator('.terminal-wrapper.active, .terminal-groups-container').first().waitFor();
    await runCommand(page, 'Problems: Focus on Problems View');
    await found.nth(1).waitFor();
    await found.nth(1).dblclick();
    await page.locator('.tab.active', { hasText: file }).waitFor();
    await noErrorIsShown(page);
    await runCommand(page, 'View: Revert and Close Editor');
    await panel.locator('.viewpane-filter input').first().fill('');
    await runCommand(page, 'View: Toggle Panel Visibility');
    rmSync(join(workspace, file));
  },
};

// That the extension starts with a schema and marks its problems, and how long VS Code says that its start took.
import { openFile, runCommand } from './person.mjs';

/** Rejects if no problem is marked; gives the time of the activation as VS Code shows it. */
export async function checkActivation(page) {
  await openFile(page, 'long-name.imsc.yaml');
  await page.locator('.editor-instance .squiggly-error').first().waitFor();
  await runCommand(page, 'Developer: Show Running Extensions');
  const list = page.locator('.runtime-extensions-editor .monaco-list');
  await list.locator('.monaco-list-row').first().waitFor();
  await list.hover();
  // One under development stands under its id.
  const row = list.locator('.monaco-list-row', { hasText: /SciCat|imsc\.imsc/ });
  // Only what can be seen is there, and the slowest stand first.
  for (let turn = 0; turn < 20 && (await row.count()) === 0; turn++) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(100);
  }
  const text = await row.locator('.activation-time').innerText();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  return text;
}

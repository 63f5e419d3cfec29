// How a person answers what the workbench asks, and what they see of it.
import { runCommand } from './person.mjs';

const input = '.quick-input-widget input[type=text], .quick-input-widget input[type=password]';

/** Answers a picker with the keyboard: types, waits for the row, and takes it. */
export async function typeAndEnter(page, text) {
  const field = page.locator(input).first();
  await field.waitFor();
  await field.fill(text);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first().waitFor();
  await page.keyboard.press('Enter');
  await taken(field, text);
}

/** Waits until an answer is no longer there: what is asked next is asked in the same place. */
async function taken(field, text) {
  for (let turn = 0; turn < 100; turn++) {
    if (!(await field.isVisible()) || (await field.inputValue()) !== text) return;
    await field.page().waitForTimeout(100);
  }
  throw new Error(`“${text}” is not taken`);
}

/** Answers a question for a text, once it is the one that is asked. */
export async function answerText(page, question, text) {
  await page.locator('.quick-input-widget', { hasText: question }).first().waitFor();
  await page.locator(input).first().fill(text);
  await page.keyboard.press('Enter');
}

/** Waits for a picker with this title, and leaves it unanswered. */
export async function asked(page, title) {
  await page.locator('.quick-input-widget .quick-input-title', { hasText: title }).first().waitFor();
  const widget = page.locator('.quick-input-widget').first();
  // A picker whose items are still on their way takes no key.
  for (let turn = 0; turn < 20 && (await widget.isVisible()); turn++) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(250);
  }
  await widget.waitFor({ state: 'hidden' });
}

/** Ticks files in a picker of many, and says OK. */
export async function tickFiles(page, names) {
  const field = page.locator(input).first();
  for (const name of names) {
    await field.fill(name);
    const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first();
    // What is in use may be ticked from the beginning.
    const isTicked = await row.evaluate(
      (found) => found.ariaChecked === 'true' || found.querySelector('[aria-checked="true"], :checked') !== null,
    );
    if (!isTicked) await row.click();
  }
  await field.fill('');
  await field.press('Enter');
}

/** Answers the dialog for files with a path, and presses its button. */
export async function nameFile(page, path, button = 'OK') {
  const dialog = page.locator('.quick-input-widget', { hasText: button }).first();
  await dialog.waitFor();
  const field = page.locator(input).first();
  // The dialog writes the folder that it begins with once it knows it, also over what was typed before.
  for (let turn = 0, kept = 0; turn < 60 && kept < 3; turn++) {
    await page.waitForTimeout(250);
    const shown = await field.inputValue();
    if (shown === path) kept++;
    else if (shown.includes('/')) await field.fill(path);
  }
  // While it looks what there is in the folder it takes no OK; and it looks for the file before it is gone: what is
  // typed into it meanwhile, as the answer to the next question, would be looked for instead.
  for (let turn = 1; ; turn++) {
    await dialog.locator('.monaco-text-button, .monaco-button', { hasText: button }).first().click();
    try {
      return await taken(field, path);
    } catch (error) {
      if (turn === 3) throw error;
    }
  }
}

/** Waits for a notification with this text, in the list of all, because a toast may be gone before it is looked for. */
export async function notified(page, text) {
  const all = page.locator('.notifications-center, .notifications-toasts');
  const wanted = all.locator('.notification-list-item', { hasText: text }).first();
  // The list closes with the last of them, such as the progress that comes before.
  for (let turn = 1; ; turn++) {
    await runCommand(page, 'Notifications: Show Notifications');
    try {
      await wanted.waitFor({ timeout: 5000 });
      break;
    } catch (error) {
      if (turn === 8) throw error;
    }
  }
  await runCommand(page, 'Notifications: Clear All Notifications');
}

export async function noErrorIsShown(page) {
  const errors = page.locator('.notification-toast:has(.codicon-error), .monaco-dialog-box:has(.codicon-dialog-error)');
  const texts = await errors.allInnerTexts();
  if (texts.length > 0) throw new Error(`an error is shown: ${texts.join(' | ')}`);
}

/** A line of the texts that are open. */
export const line = (page, text) => page.locator('.editor-instance .view-line', { hasText: text }).first();

/** The tab of the active editor, once it has this in its name. */
export const activeTab = (page, text) =>
  page.locator('.tab.active', { hasText: text }).first().waitFor({ timeout: 60_000 });

/** The modal dialog with this text. */
export const dialog = (page, text) => page.locator('.monaco-dialog-box', { hasText: text }).first();

/** Closes all editors, without keeping what is not saved. */
export async function closeEditors(page) {
  for (let turn = 0; turn < 12 && (await page.locator('.tab').count()) > 0; turn++)
    await runCommand(page, 'View: Revert and Close Editor');
}

/**
 * The quick fix of this name, offered at the cursor.
 * @param again what goes to the place once more: what the editor knows of it comes a moment after the cursor
 */
export async function quickFix(page, name, again = () => undefined) {
  const item = page.locator('.action-widget .monaco-list-row', { hasText: name }).first();
  for (let attempt = 1; ; attempt++) {
    await runCommand(page, 'Quick Fix...');
    try {
      await item.waitFor({ timeout: 20_000 });
      return item;
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
      await again();
    }
  }
}

// What a person does in the workbench, as steps for the tour and for tests from outside. All wait for what they caused.

const palette = '.quick-input-widget';

/** Waits until the workbench can be used and the extension has started. */
export async function untilReady(page) {
  await page.locator('.monaco-workbench .part.sidebar .pane-header').first().waitFor({ timeout: 60_000 });
}

/** Opens the palette and types; again if something else took the focus meanwhile, which closes the palette. */
async function typeIntoPalette(page, key, text) {
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press(key);
    try {
      await page.locator(`${palette} input`).first().fill(text, { timeout: 3000 });
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Waits until the texts of the active editor have their colours, which come a moment after the texts. */
export async function untilColoured(page) {
  await page.waitForFunction(() => {
    const spans = [...document.querySelectorAll('.editor-instance .view-line span[class*=mtk]')];
    return new Set(spans.map((span) => getComputedStyle(span).color)).size > 2;
  });
}

/** Opens a file of the workspace by its name, or by what else is typed to find it among others of that name. */
export async function openFile(page, name, typed = name) {
  await untilReady(page);
  await typeIntoPalette(page, 'Control+P', typed);
  await takeFirst(page, name);
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
  await page.locator('.editor-instance .view-line').first().waitFor();
}

/** Takes the best match once it is the one looked for: a click could land on what moves to its place meanwhile. */
async function takeFirst(page, text) {
  await page.locator(`${palette} .monaco-list-row.focused`, { hasText: text }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Runs a command by its title. */
export async function runCommand(page, title) {
  await typeIntoPalette(page, 'F1', `>${title}`);
  await takeFirst(page, title);
  // The command may ask something itself, in the same place.
  await page.locator(`${palette} input[aria-label^='Type the name of a command']`).waitFor({ state: 'hidden' });
}

/** Picks the entry of a list that has the text: clicks it, or, where many can be picked, ticks it and says OK. */
export async function pickItems(page, text, { many = false } = {}) {
  const input = page.locator(`${palette} input[type=text]`).first();
  const row = page.locator(`${palette} .monaco-list-row`, { hasText: text }).first();
  await row.waitFor();
  await row.click();
  if (many) await input.press('Enter');
}

/** True if the command palette lists a command with this title. */
export async function paletteOffers(page, title) {
  await typeIntoPalette(page, 'F1', `>${title}`);
  const row = page.locator(`${palette} .monaco-list-row`);
  await row.first().waitFor();
  const offered = (await row.filter({ hasText: title }).count()) > 0;
  await page.keyboard.press('Escape');
  return offered;
}

/** Opens a view container of the activity bar. */
export async function openViews(page, name) {
  await page.locator('.activitybar').getByRole('tab', { name }).first().click();
}

/** Puts the cursor behind the first occurrence of a text in the active editor. */
export async function goBehind(page, text) {
  await page.keyboard.press('Control+F');
  const find = page.locator('.find-widget.visible textarea').first();
  await find.waitFor();
  await find.fill(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
}

/** Lets the person move the pointer away, so that no tooltip is in the picture. */
export async function restPointer(page) {
  await page.mouse.move(1279, 799);
}

/** Where something is typed into a picker or a dialog for files. */
export const input = `${palette} input[type=text]`;

/** Answers a picker with the keyboard: types, waits for the row, and takes it. */
export async function typeAndEnter(page, text) {
  const field = page.locator(input).first();
  await field.waitFor();
  await field.fill(text);
  await page.locator(`${palette} .monaco-list-row`, { hasText: text }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Asks for metadata of a file or a folder, which is named in the dialog for files. */
export async function ingestWithMyMetadata(page, kind, path) {
  await runCommand(page, 'SciCat: Ingest with My Metadata');
  await typeAndEnter(page, kind);
  const dialog = page.locator(palette, { hasText: 'OK' }).first();
  await dialog.waitFor();
  const field = page.locator(input).first();
  // The dialog writes the folder that it begins with once it knows it, also over what was typed before.
  for (let turn = 0, kept = 0; turn < 60 && kept < 3; turn++) {
    await page.waitForTimeout(250);
    const shown = await field.inputValue();
    if (shown === path) kept++;
    else if (shown.includes('/')) await field.fill(path);
  }
  await dialog.locator('.monaco-text-button, .monaco-button', { hasText: 'OK' }).first().click();
}

// What a person does in the workbench, as steps for the tour and for tests from outside. All wait for what they caused.

const palette = '.quick-input-widget';

/** Waits until the workbench can be used and the extension has started. */
export async function untilReady(page) {
  await page.locator('.monaco-workbench .part.sidebar .pane-header').first().waitFor({ timeout: 60_000 });
}

/** Opens the palette and types; again if something else took the focus meanwhile, which closes the palette. */
export async function typeIntoPalette(page, key, text) {
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

/** The pages in which VS Code cannot look for files by their names. */
const withoutSearch = new WeakSet();

/** Has files opened from the explorer: no file system of a browser has to know how to look for them. */
export function openFromExplorer(page) {
  withoutSearch.add(page);
}

/** Opens each folder on the way, and the file. @param path from the folder of the workspace */
async function takeFromExplorer(page, path) {
  await openViews(page, 'Explorer');
  for (const [index, part] of path.split('/').entries()) {
    const row = page.locator(`.explorer-folders-view .monaco-list-row[aria-level="${index + 1}"]`);
    const found = row.filter({ has: page.getByText(part, { exact: true }) }).first();
    await found.waitFor();
    const isFolded = await found.getAttribute('aria-expanded');
    if (isFolded === 'false') await found.click();
    else if (isFolded === null) await found.dblclick();
  }
}

/** Opens a file of the workspace by its name, or by what else is typed to find it among others of that name. */
export async function openFile(page, name, typed = name) {
  await untilReady(page);
  if (withoutSearch.has(page)) await takeFromExplorer(page, typed);
  // A file that was just made is not always found at once, and a list that lacks it stays without it.
  for (let attempt = 1; !withoutSearch.has(page); attempt++) {
    await typeIntoPalette(page, 'Control+P', typed);
    try {
      await takeFirst(page, name, attempt < 5 ? 5000 : undefined);
      break;
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
  await page.locator('.editor-instance .view-line').first().waitFor();
}

/** Takes the best match once it is the one looked for: a click could land on what moves to its place meanwhile. */
async function takeFirst(page, text, timeout = undefined) {
  await page.locator(`${palette} .monaco-list-row.focused`, { hasText: text }).first().waitFor({ timeout });
  await page.keyboard.press('Enter');
}

/** Runs a command by its title. */
export async function runCommand(page, title) {
  // What takes the focus meanwhile closes the palette, as a page does that has just been opened.
  for (let attempt = 1; ; attempt++) {
    await typeIntoPalette(page, 'F1', `>${title}`);
    try {
      await takeFirst(page, title, attempt < 4 ? 8000 : undefined);
      break;
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
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
  // The list of what was typed comes a moment after that of all commands.
  const row = page.locator(`${palette} .monaco-list-row`, { hasText: title }).first();
  const offered = await row.waitFor({ timeout: 1000 }).then(
    () => true,
    () => false,
  );
  await page.keyboard.press('Escape');
  return offered;
}

/** Opens a view container of the activity bar; a click on one that is open would close it. */
export async function openViews(page, name) {
  const tab = page.locator('.activitybar').getByRole('tab', { name }).first();
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
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

// What of the extension a person can press, made from package.json and the sources, and how each is pressed: with the
// mouse or from the palette. Each helper writes down what it pressed, and what was never pressed fails the suite.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typeAndEnter } from './answers.mjs';
import { openViews, runCommand } from './person.mjs';
import { root } from './workbench.mjs';

const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
const text = (key) => key.replaceAll(/%([^%]+)%/g, (_, name) => texts[name]);
const titles = new Map(contributes.commands.map(({ command, title }) => [command, text(title)]));
const viewNames = new Map(contributes.views.imsc.map(({ id, name }) => [id, text(name)]));

const pressedKeys = new Set();
const note = (...words) => pressedKeys.add(words.join(' '));

const linksIn = (content) => [...text(content).matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command);

/** The sources below a folder, as one text. */
function sourcesBelow(folder) {
  const files = readdirSync(join(root, folder), { recursive: true }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(root, folder, name), 'utf8')).join('\n');
}

/** What the language server offers above lines and as code actions: its sources name the command. */
function offeredByServer() {
  const known = sourcesBelow('client/commands');
  const named = [...sourcesBelow('server').matchAll(/'(imsc\.\w+)'/g)].map(([, command]) => command);
  return [...new Set(named)].filter((command) => known.includes(`'${command}': {`));
}

/** The buttons of the preview by their ids; those that act on a dry run are not where there is none. */
function buttonsOfPreview(inBrowser) {
  const found = sourcesBelow('client/preview/webview').matchAll(/\bbutton\('(\w+)', [^,]+, \{ type: '(\w+)'/g);
  return [...found].filter(([, , type]) => !inBrowser || type !== 'act').map(([, id]) => id);
}

/** What a click on a row of a view runs: the sources of the views name the command. */
function runByRows() {
  const found = sourcesBelow('client/views').matchAll(/item\.command = \{ command: '(imsc\.\w+)'/g);
  return [...found].map(([, command]) => command);
}

/** What holds nowhere but in a VS Code that is a page, and what never holds there: no program runs that could do it. */
const onlyInBrowser = ['imsc.inBrowser'];
const neverInBrowser = [
  ...['!imsc.inBrowser', 'imsc.sandboxRunning', 'imsc.hasDryRun', 'imsc.hasInterrupted'],
  // What ingest services do is neither given up nor sent again from here; and nobody has the other extension.
  ...['viewItem =~ /\\bgiveUp\\b/', 'viewItem =~ /\\bsend\\b/', 'imsc.h5web'],
  // What waits for trust is pressed on the computer.
  '!isWorkspaceTrusted',
];
/** Of what the palette never has, what needs a program. */
const needProgram = ['imsc.previewMetadata'];

/** All that can be pressed on a computer; with `inBrowser`, in a VS Code that is a page. */
export function pressable({ inBrowser = false } = {}) {
  const { commandPalette, ...menus } = contributes.menus;
  const missing = inBrowser ? neverInBrowser : onlyInBrowser;
  const elsewhere = ({ when = '' }) => when.split(' && ').some((each) => missing.includes(each));
  const conditions = new Map(commandPalette.map((entry) => [entry.command, entry]));
  const inPalette = contributes.commands.filter(({ command }) => {
    const entry = conditions.get(command) ?? {};
    return entry.when !== 'false' && !elsewhere(entry);
  });
  const offered = [
    ...inPalette.map(({ command }) => `palette ${command}`),
    ...Object.entries(menus).flatMap(([menu, entries]) =>
      entries
        .filter((entry) => !elsewhere(entry))
        .map(({ command, when = '', group = '' }) => {
          const view = /\bview == ([\w.]+)/.exec(when)?.[1];
          return [menu, ...(view ? [view] : []), ...(group.startsWith('inline') ? ['inline'] : []), command].join(' ');
        }),
    ),
  ];
  // What is not in the palette of one of the two is not offered by the server or a row there either.
  const isThere = (command) =>
    !elsewhere(conditions.get(command) ?? {}) && !(inBrowser && needProgram.includes(command));
  return [
    ...offered,
    ...contributes.viewsWelcome
      .filter((entry) => !elsewhere(entry))
      .flatMap(({ view, contents }) => linksIn(contents).map((command) => `welcome ${view} ${command}`)),
    ...contributes.walkthroughs.flatMap(({ steps }) =>
      steps
        .filter((step) => !elsewhere(step))
        .flatMap(({ id, description }) => linksIn(description).map((command) => `walkthrough ${id} ${command}`)),
    ),
    ...offeredByServer()
      .filter(isThere)
      .map((command) => `offered ${command}`),
    ...runByRows()
      .filter(isThere)
      .map((command) => `row ${command}`),
    ...buttonsOfPreview(inBrowser).map((id) => `preview ${id}`),
  ];
}

/** What was not pressed by anybody, of what `pressable` lists. */
export function notPressed(where) {
  return pressable(where).filter((key) => !pressedKeys.has(key));
}

/** Runs a command of the extension from the palette. */
export async function pressPalette(page, command) {
  await runCommand(page, `SciCat: ${titles.get(command)}`);
  note('palette', command);
}

/** Opens the menu of a row; again if the rows moved meanwhile and it is the menu of another one. */
async function openMenu(page, row) {
  for (let turn = 1; ; turn++) {
    await row.click({ button: 'right' });
    await page.locator('.monaco-menu .action-menu-item').first().waitFor();
    if (/\b(?:focused|selected)\b/.test((await row.getAttribute('class')) ?? '')) return;
    if (turn === 5) throw new Error('the menu is that of another row');
    await page.keyboard.press('Escape');
    await page.locator('.monaco-menu').first().waitFor({ state: 'hidden' });
  }
}

/** Clicks an entry of the menu that is open. */
async function clickEntry(page, command) {
  const name = titles.get(command);
  const entries = page.locator('.monaco-menu .action-menu-item');
  await entries.first().waitFor();
  const entry = entries.filter({ has: page.getByText(name, { exact: true }) }).first();
  // VS Code takes no click in the first moment of a menu, so that nobody clicks what they did not aim at.
  for (let turn = 1; ; turn++) {
    await page.waitForTimeout(250);
    await entry.click();
    try {
      return await page.locator('.monaco-menu').first().waitFor({ state: 'hidden', timeout: 2000 });
    } catch (error) {
      if (turn === 5) throw error;
    }
  }
}

/** Clicks an entry of the explorer's menu of a file or folder that lies in the workspace's folder itself. */
export async function pressExplorer(page, name, command) {
  const tab = page.locator('.activitybar').getByRole('tab', { name: 'Explorer' }).first();
  if ((await tab.getAttribute('aria-selected')) !== 'true') await openViews(page, 'Explorer');
  await openMenu(page, page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first());
  await clickEntry(page, command);
  note('explorer/context', command);
}

/** Clicks a button of the active editor, or the entry in its menu. */
export async function pressEditorTitle(page, command) {
  const actions = page.locator('.editor-group-container.active .title .editor-actions');
  await clickAction(page, actions, command, 'More Actions');
  note('editor/title', command);
}

/** Clicks an entry of the menu of the text. */
export async function pressEditorContext(page, command) {
  await page
    .locator('.editor-group-container.active .editor-instance .view-line:visible')
    .nth(2)
    .click({ button: 'right' });
  await clickEntry(page, command);
  note('editor/context', command);
}

async function clickAction(page, actions, command, more) {
  const button = actions.locator('.action-label').and(page.locator(`[aria-label^="${titles.get(command)}"]`));
  if ((await button.count()) > 0) return void (await button.first().click());
  await actions.locator(`.action-label[aria-label*="${more}"]`).first().click();
  await clickEntry(page, command);
}

/** A view of the extension, opened and unfolded. */
export async function view(page, id) {
  await openOurViews(page);
  const name = viewNames.get(id);
  const pane = page.locator('.pane').filter({ has: page.locator(`.pane-header[aria-label^="${name}"]`) });
  const header = pane.locator('.pane-header').first();
  await header.waitFor({ state: 'attached' });
  if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  return pane;
}

async function openOurViews(page) {
  const tab = page.locator('.activitybar').getByRole('tab', { name: 'SciCat' }).first();
  await tab.waitFor();
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  // Where it is the only view, its head is that of all.
  await page.locator(`.pane-header[aria-label^="${viewNames.get('imsc.sample')}"]`).waitFor({ state: 'attached' });
}

/** Clicks a button in the head of a view, or the entry in its menu. */
export async function pressViewTitle(page, id, command) {
  const pane = await view(page, id);
  await pane.hover({ position: { x: 20, y: 10 } });
  const isAlone = await pane.locator('.pane-header.hidden').count();
  const actions = isAlone ? page.locator('.part.sidebar .title-actions') : pane.locator('.pane-header .actions');
  await clickAction(page, actions, command, 'More Actions');
  note('view/title', id, command);
}

/** The row of a view whose text this is. */
export async function row(page, id, name) {
  const found = (await view(page, id)).locator('.monaco-list-row', { hasText: name }).first();
  await found.waitFor({ timeout: 40_000 });
  return found;
}

/** Clicks a button in a row of a view. */
export async function pressInline(page, id, name, command) {
  const found = await row(page, id, name);
  await found.hover();
  await found
    .locator(`.actions .action-label[aria-label^="${titles.get(command)}"]`)
    .first()
    .click();
  note('view/item/context', id, 'inline', command);
}

/** Opens the dataset of an ingestion in SciCat's pages, and closes the page again. */
export async function openDataset(page, name) {
  const opened = page.context().waitForEvent('page');
  await pressInline(page, 'imsc.ingestions', name, 'imsc.openInScicat');
  const question = page.locator('.monaco-dialog-box', { hasText: 'external website' }).first();
  await Promise.race([opened, question.waitFor().then(() => question.getByText('Open', { exact: true }).click())]);
  const datasetPage = await opened;
  if (!datasetPage.url().includes('/datasets/')) throw new Error(`${datasetPage.url()} is opened`);
  await datasetPage.close();
}

/** Clicks an entry of the menu of a row. */
export async function pressRow(page, id, name, command) {
  await openMenu(page, await row(page, id, name));
  await clickEntry(page, command);
  note('view/item/context', id, command);
}

/** Clicks a row itself. */
export async function clickRow(page, id, name, command) {
  await (await row(page, id, name)).click();
  note('row', command);
}

/** Clicks a button of an empty view; `label` where it is not a command of the extension. */
export async function pressWelcome(page, id, command, label = titles.get(command).replace('…', '')) {
  const pane = await view(page, id);
  await pane.locator('.welcome-view-content .monaco-button', { hasText: label }).first().click();
  note('welcome', id, command);
}

/** Opens the walkthrough. @returns its steps by their ids, each as the place where it stands */
async function openWalkthrough(page) {
  const [{ title, steps }] = contributes.walkthroughs;
  await runCommand(page, 'Welcome: Open Walkthrough...');
  await typeAndEnter(page, text(title));
  const heads = steps.map((step) => {
    const head = page.locator('.getting-started-step', { hasText: text(step.title) }).first();
    return [step.id, { ...step, head }];
  });
  const found = new Map(heads);
  await found.get(steps[0].id).head.waitFor();
  return found;
}

/** Which steps of the walkthrough are ticked, by their ids. */
export async function tickedSteps(page) {
  const ticked = [];
  for (const [id, { head }] of await openWalkthrough(page))
    if ((await head.locator('.codicon-getting-started-step-checked.complete').count()) > 0) ticked.push(id);
  return ticked;
}

/** Opens the walkthrough and clicks a button of a step. */
export async function pressWalkthrough(page, step, command) {
  const { head, description } = (await openWalkthrough(page)).get(step);
  if (!(await head.getAttribute('class')).includes('expanded')) await head.click();
  const link = new RegExp(`\\[([^\\]]+)\\]\\(command:${command.replace('.', '\\.')}\\)`).exec(text(description));
  await head.locator('.monaco-button', { hasText: link[1] }).first().click();
  note('walkthrough', step, command);
}

/**
 * What the language server offers above a line, with the text at its top, where most of it is.
 * @param {object} [options] how long to wait for it
 */
export async function lens(page, name, options = {}) {
  // A file is shown where it was left, and the lines that come first in the page may be above what is in view.
  const editor = page.locator('.editor-group-container.active .editor-instance');
  await editor.locator('.native-edit-context, textarea.inputarea').first().focus();
  await page.keyboard.press('Control+Home');
  // The first line is in view, and what stands above it may still not be.
  for (let times = 0; times < 3; times++) await page.keyboard.press('Control+ArrowUp');
  const found = page.locator('.editor-instance .codelens-decoration a:visible', { hasText: name }).first();
  await found.waitFor(options);
  return found;
}

/**
 * Clicks what the language server offers above a line of the active editor. It comes a moment after the text, and what
 * comes above the first line stays out of view, or under the tabs: then the text is brought to its top again.
 */
export async function pressLens(page, name, command) {
  for (let turn = 1; ; turn++) {
    try {
      await (await lens(page, name, { timeout: 10_000 })).click({ timeout: 3000 });
      break;
    } catch (error) {
      if (turn === 5) throw error;
    }
  }
  note('offered', command);
}

/** Takes a code action at the cursor. */
export async function pressCodeAction(page, name, command) {
  const action = page.locator('.action-widget .monaco-list-row', { hasText: name }).first();
  // Of a text just opened there is none yet: VS Code says so, and a person tries again.
  for (let turn = 1; ; turn++) {
    await page.keyboard.press('Control+.');
    try {
      await action.waitFor({ timeout: 8000 });
      break;
    } catch (error) {
      if (turn === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
  // The list that was opened by key is gone through by key: it may be under what keeps a stray click from it.
  for (let turn = 0; !/\bfocused\b/.test((await action.getAttribute('class')) ?? ''); turn++) {
    if (turn === 30) throw new Error(`the action ${name} is not reached`);
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  note('offered', command);
}

/** The page of the preview. */
export function previewPage(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** Presses a button of the preview with the keyboard. */
export async function pressInPreview(page, id) {
  const button = previewPage(page).locator(`#${id}`);
  await button.waitFor();
  await button.focus();
  await page.keyboard.press('Enter');
  note('preview', id);
}

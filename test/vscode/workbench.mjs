// A real VS Code with the extension under development, opened in headless Chromium: for the test suite and the tour.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Quiet and the same everywhere: nothing but what is tested shall be in the pictures. */
export const settings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  // A step of the walkthrough takes the focus once more when it has moved to its place, a quarter of a second after it
  // was clicked, and with it closes what one of its buttons asks.
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'window.title': '${activeEditorShort}${separator}${rootName}',
  'editor.minimap.enabled': false,
  // In the browser VS Code saves after a second, in the middle of a test that takes back what it typed.
  'files.autoSave': 'off',
  // Folders stay as they were opened.
  'explorer.autoReveal': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.showReleaseNotes': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'imsc.configFile': 'config.yml',
};

/** A copy of the sample workspace and, with `testFiles`, of what the tests add to it; all of it may be changed. */
export function makeWorkspace(folder, testFiles = true) {
  const samples = join(root, 'samples');
  // What earlier ingestions left beside the samples is none of them.
  const isSample = (path) => !/[/\\](?:\.scicat|ingestor)$/.test(path);
  if (existsSync(samples)) cpSync(samples, folder, { recursive: true, filter: isSample });
  if (testFiles) cpSync(join(root, 'test', 'vscode', 'workspace'), folder, { recursive: true });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilHealthy(port, isAlive) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    if (!isAlive()) break;
    await wait(100);
  }
  throw new Error('code-server did not start');
}

/** A built VS Code runs the tests that a page's address names only if the page's configuration allows it. */
async function allowTests(page) {
  await page.route(
    (url) => url.pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const configuration = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;
      const body = html.replace(configuration, (_, head, escaped) => {
        const options = JSON.parse(escaped.replaceAll('&quot;', '"'));
        options.developmentOptions = { ...options.developmentOptions, enableSmokeTestDriver: true };
        return `${head}${JSON.stringify(options).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
      });
      await route.fulfill({ response, body });
    },
  );
}

/**
 * Starts VS Code.
 * @param {{ node: string, codeServer: string, chromium: string }} programs from scripts/vscodeServer.mjs
 * @param {object} [options]
 * @param {boolean} [options.trusted] false to open the workspace restricted
 * @param {boolean} [options.testFiles] false for the samples alone
 * @param {string} [options.folder] where the workspace is put, e.g. a path fit for pictures; it must not be there yet
 * @param {string} [options.tests] absolute path of a test entry for the extension host to run
 * @param {string | null} [options.extension] folder of the extension under development; null for none
 * @param {boolean} [options.standIns] true for the stand-ins of extensions that this one works with
 * @param {string} [options.vsix] a packaged extension to install first
 * @param {Record<string, unknown>} [options.settings] user settings
 * @param {Record<string, string>} [options.env] environment of the extension host
 * @returns the Playwright page, the workspace folder, the number of the server's process, the suite's exit code as a
 * promise, and `close`
 */
export async function openWorkbench(programs, options = {}) {
  const { trusted = true, tests, extension = root, vsix } = options;
  const state = mkdtempSync(join(tmpdir(), 'imsc-vscode-'));
  const workspace = options.folder ?? join(state, 'workspace');
  const made = options.folder && mkdirSync(options.folder, { recursive: true });
  makeWorkspace(workspace, options.testFiles);
  mkdirSync(join(state, 'data', 'User'), { recursive: true });
  writeFileSync(join(state, 'data', 'User', 'settings.json'), JSON.stringify({ ...settings, ...options.settings }));
  const folders = ['--user-data-dir', join(state, 'data'), '--extensions-dir', join(state, 'extensions')];
  if (options.standIns)
    cpSync(join(root, 'test', 'vscode', 'standIns'), join(state, 'extensions'), { recursive: true });
  // A journal of its own, so that nothing of the machine's user is touched or offered for resuming.
  const env = { ...process.env, IMSC_JOURNAL_DIR: join(state, 'journal'), ...options.env };
  const run = (args) => spawn(programs.node, [programs.codeServer, ...folders, ...args], { stdio: 'ignore', env });
  if (vsix) {
    const [code] = await once(run(['--install-extension', vsix]), 'exit');
    if (code !== 0) throw new Error(`code-server could not install ${vsix}`);
  }
  const port = await freePort();
  const own = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--config', join(state, 'config.yaml')];
  const quiet = ['--disable-telemetry', '--disable-update-check', ...(trusted ? ['--disable-workspace-trust'] : [])];
  const server = run([...own, ...quiet, workspace]);
  const browser = await chromium.launch({
    executablePath: programs.chromium,
    // Without the feature switched off, the page may not open its own WebSocket once it was changed on the way.
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-features=LocalNetworkAccessChecks'],
  });
  const close = async () => {
    await browser.close();
    if (server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    // The extension host may still be writing its last lines.
    for (const folder of [state, ...(made ? [made] : [])])
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    await untilHealthy(port, () => server.exitCode === null);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
    page.setDefaultTimeout(30_000);
    await allowTests(page);
    const exit = new Promise((done) => void page.exposeFunction('codeAutomationExit', done));
    await page.exposeFunction('codeAutomationLog', (type, args) => options.onLog?.(type, args));
    const remote = (path) => `vscode-remote://localhost:${port}${path}`;
    const payload = [
      ...(extension === null ? [] : [['extensionDevelopmentPath', remote(extension)]]),
      ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
    ];
    const address = new URL(`http://localhost:${port}/`);
    address.searchParams.set('folder', workspace);
    if (payload.length > 0) address.searchParams.set('payload', JSON.stringify(payload));
    await page.goto(address.href);
    return { page, workspace, server: server.pid, exit, close };
  } catch (error) {
    await close();
    throw error;
  }
}

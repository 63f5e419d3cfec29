import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { TerminalSession } from './terminalSession.ts';
import { asShown, stepsOf } from './tutorialPage.ts';

const checkout = path.resolve(import.meta.dirname, '../..');
const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-tutorial-')));

const env = {
  IMSC: checkout,
  HOME: home,
  IMSC_JOURNAL_DIR: path.join(home, 'journal'),
  NO_COLOR: '1',
  // The programs are built already, and other tests are running them.
  npm_config_ignore_scripts: 'true',
  npm_config_pack_destination: home,
  npm_config_audit: 'false',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  // What npm thinks of its settings on this computer is not part of the tutorial.
  npm_config_loglevel: 'error',
};

let terminals: TerminalSession[] = [];
afterEach(async () => {
  for (const terminal of terminals) await terminal.close();
  terminals = [];
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}

/** What a reader does on one day: all that a page says, from its first line on, in terminals of that day. */
async function follow(name: string, port: string): Promise<void> {
  const page = readFileSync(path.join(checkout, 'docs', name), 'utf8');
  // The page packs into the checkout; a test leaves nothing there.
  const changed = page.replaceAll('3000', port).replaceAll('$IMSC/imsc-', '$HOME/imsc-');
  const steps = stepsOf(changed);
  expect(steps.length).toBeGreaterThan(9);
  const first = new TerminalSession(home, env);
  terminals.push(first);
  let folder = home;
  for (const step of steps) {
    const where = `docs/${name}, line ${step.line}`;
    if (step.kind === 'file') {
      const file = path.join(folder, step.path);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, step.text);
    } else if (step.stays) {
      const terminal = new TerminalSession(path.join(home, 'first-dataset'), env);
      terminals.push(terminal);
      await terminal.start(step.commands, asShown(step.shown ?? ''));
    } else {
      const result = await first.run(step.commands);
      expect(result.code === 0, `${where}:\n${result.output}`).toBe(!step.fails);
      if (step.shown !== undefined) expect(result.output, where).toMatch(asShown(step.shown));
      folder = result.folder;
    }
  }
}

// Each goes on where the one before has ended.
const pages = ['tutorial.md', 'second-day.md', 'other-files.md'];

// The configuration of the first day names it.
const port = freePort();

test.for(pages)('every command of %s does what the page shows', { timeout: 120_000 }, async (page) => {
  await follow(page, String(await port));
});

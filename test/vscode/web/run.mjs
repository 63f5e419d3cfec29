// The extension in a VS Code that runs in a browser alone, as vscode.dev does: what is offered there is pressed.
// --required makes a machine that cannot run it a failure; --keep FOLDER keeps pictures of what was seen; --step=TEXT
// takes the steps with that in their name alone.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vscodeServer } from '../../../scripts/vscodeServer.mjs';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { closeEditors } from '../answers.mjs';
import { buildExtension } from '../buildExtension.mjs';
import { openFromExplorer, untilReady } from '../person.mjs';
import { addFiles } from '../pressCommands.mjs';
import { notPressed, pressable } from '../pressed.mjs';
import { startSandbox } from '../scicat.mjs';
import { makeWorkspace, root, settings } from '../workbench.mjs';
import { openServerless } from './serverless.mjs';
import { webSteps } from './steps.mjs';

const programs = vscodeServer();
if (programs === undefined) {
  console.log('browser skipped: what it needs is missing (above).');
  process.exit(process.argv.includes('--required') ? 1 : 0);
}
const options = { keep: { type: 'string' }, step: { type: 'string', multiple: true } };
const { keep, step: chosen } = parseArgs({ strict: false, options }).values;
buildExtension();

const folder = mkdtempSync(join(tmpdir(), 'imsc-web-'));
const workspace = join(folder, 'workspace');
makeWorkspace(workspace, false);
addFiles(workspace);
writeFileSync(join(workspace, 'twins', 'run.imsc.metadata.yml'), '# what I know\n');

/** A test short enough to be in view as a whole, of which one value is another. */
const test = join(workspace, 'schemas', 'coda.imsc.test.yml');
const whole = readFileSync(test, 'utf8');
writeFileSync(test, `${whole.slice(whole.indexOf('sample:'), whole.indexOf('# What SciCat'))}variables:\n  run_number: '1017'\n  sample_name: ice\n`); // prettier-ignore

/** What only the HDF5 library reads: in the workspace, and as a file of 8 GB. */
const stored = join(root, 'test', 'server', 'library', 'stored.h5');
copyFileSync(stored, join(workspace, 'twins', 'stored.nxs'));
const largeStored = join(folder, 'large-stored.nxs');
copyFileSync(stored, largeStored);
truncateSync(largeStored, 8_000_000_000);
const virtual = `  virtual:\n    source: NXS\n    path: /entry/virtual\n    value_type: integer[]\n`;
writeFileSync(join(workspace, 'twins', 'stored.imsc.yml'), `# imsc-sample: stored.nxs\nvariables:\n${virtual}`);
/** An expression that goes back and forth for ever with one more letter. */
const slow = `  slow:\n    source: VALUE\n    value_type: string\n    operator: regex\n    value: ${'a'.repeat(40)}!\n    pattern: (a+)+`; // prettier-ignore
writeFileSync(join(workspace, 'twins', 'slow.imsc.yml'), `# imsc-sample: stored.nxs\nvariables:\n${virtual}${slow}`);
writeFileSync(join(workspace, 'twins', 'opened.imsc.yml'), `variables:\n${virtual}`);

/** Eight gigabytes, nearly all of them a hole behind what is looked at. */
const large = join(folder, 'large.nxs');
await writeNexus(large, [
  { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Eight gigabytes' },
]);
truncateSync(large, 8_000_000_000);

const { page, origin, close } = await openServerless(programs.chromium, workspace, settings);
page.setDefaultTimeout(30_000);
openFromExplorer(page);
const scicat = await startSandbox([origin]);
const closedScicat = await startSandbox();
const far = { address: scicat.host, token: scicat.token };
const workbench = {
  page,
  workspace,
  large,
  largeStored,
  far,
  closedScicat,
  origins: [origin],
  context: page.context(),
};

let failed = 0;
const report = (what, seen) => console.log(`  ✔ ${what}${seen === undefined ? '' : ` (${seen})`}`);
/** Runs a step; one that fails is pressed once more in a fresh window, as in the other suite. */
async function tried(what, step, isAgain = false) {
  const began = performance.now();
  try {
    report(isAgain ? `${what}, pressed again` : what, await step(workbench));
  } catch (error) {
    console.error(`  ${isAgain ? '✘' : '…'} ${what}: ${error.message.split('\n', 3).join(' ')}`);
    if (!isAgain) {
      await picture(`${what} at first`);
      await page.goto(origin);
      await untilReady(page);
      // What was typed is kept for the next window.
      await closeEditors(page);
      return tried(what, step, true);
    }
    failed += 1;
    for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape');
  }
  if (keep) console.log(`    ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await picture(what);
}
async function picture(what) {
  if (keep) await page.screenshot({ path: join(keep, `${what.replaceAll(/\W+/g, '-')}.png`) });
}
for (const [what, step] of Object.entries(webSteps))
  if (chosen === undefined || chosen.some((text) => what.includes(text))) await tried(what, step);
if (chosen === undefined)
  await tried('All that is offered in a browser was pressed', () => {
    const left = notPressed({ inBrowser: true });
    if (left.length > 0) throw new Error(`never pressed: ${left.join(', ')}`);
    return `${pressable({ inBrowser: true }).length} commands and entries`;
  });

await close();
await scicat.stop();
await closedScicat.stop();
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;

// Runs the suite in a real VS Code that needs no download of VS Code: `npm run test:vscode`.
// --vsix=FILE looks at a packaged extension instead, installed into an empty profile; --without-steps leaves what is
// pressed to such a run.
// --required makes a machine that cannot run it a failure; TEST_GREP=text runs the tests with that name alone;
// --step=TEXT, also several times, presses the steps with that in their name alone; VERBOSE=1 shows all that VS Code
// says.
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { format, parseArgs } from 'node:util';
import { vscodeServer } from '../../scripts/vscodeServer.mjs';
import { checkActivation } from './activation.mjs';
import { buildExtension } from './buildExtension.mjs';
import { buildSuite, output } from './buildSuite.mjs';
import { checkColours } from './colours.mjs';
import { pressCommands } from './pressCommands.mjs';
import { notPressed, pressable } from './pressed.mjs';
import { checkRestrictedMode } from './restrictedMode.mjs';
import { checkResumeAfterKill } from './resumeAfterKill.mjs';
import { openWorkbench } from './workbench.mjs';

const limit = 300_000;

/** Exit code of the mocha suite in a trusted workspace. */
async function runSuite(programs) {
  const tests = await buildSuite();
  const workbench = await openWorkbench(programs, { tests, onLog: print });
  const code = await Promise.race([workbench.exit, wait(limit, 124, { ref: false })]);
  if (code === 124) console.error(`The suite has not ended after ${limit / 1000} s.`);
  if (code !== 0) await photograph(workbench.page, 'suite-failed.png');
  await workbench.close();
  return code;
}

/** A picker that loses the focus while the workbench still starts closes itself: such a look is taken once more. */
async function lookTwice(check, page) {
  try {
    return await check(page);
  } catch {
    for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape');
    return await check(page);
  }
}

/** Exit code of what is looked at from outside, in a workspace that is not trusted. */
async function runFromOutside(programs, options = {}) {
  const workbench = await openWorkbench(programs, { ...options, trusted: false });
  let code = 0;
  const checks = { activation: checkActivation, colours: checkColours, 'restricted mode': checkRestrictedMode };
  for (const [what, check] of Object.entries(checks)) {
    try {
      const seen = await lookTwice(check, workbench.page);
      console.log(`  ✔ ${what}${seen === undefined ? '' : ` (${seen})`}`);
    } catch (error) {
      console.error(`  ✘ ${what}: ${error.message}`);
      await photograph(workbench.page, `${what.replace(' ', '-')}-failed.png`);
      code = 1;
    }
  }
  await workbench.close();
  return code;
}

/** Presses all steps, or the chosen ones, in a window of its own. @returns the names of those that failed */
async function pressInWindow(programs, options, chosen) {
  const workbench = await openWorkbench(programs, { ...options, standIns: true });
  const picture = (name) => photograph(workbench.page, `${name.replaceAll(/\W+/g, '-')}-failed.png`);
  const failed = await pressCommands(workbench, picture, chosen);
  await workbench.close();
  return failed;
}

/**
 * Exit code of commands and buttons that are pressed as a person presses them. A step that fails is pressed once more
 * in a fresh window, where no step before it has left anything and nothing else is at work: what fails there, too, is
 * no chance.
 */
async function runCommands(programs, options = {}, step = undefined) {
  const first = await pressInWindow(programs, options, step);
  if (first.length > 0) console.error(`  Once more, in a fresh window: ${first.join('; ')}`);
  const failed = first.length > 0 ? await pressInWindow(programs, options, first) : [];
  if (step !== undefined) return failed.length === 0 ? 0 : 1;
  const left = failed.length === 0 ? notPressed() : [];
  if (left.length > 0) console.error(`  ✘ never pressed: ${left.join(', ')}`);
  else if (failed.length === 0) console.log(`  ✔ all ${pressable().length} commands, entries and buttons were pressed`);
  return failed.length === 0 && left.length === 0 ? 0 : 1;
}

/** Exit code of an ingestion that goes on in a window that is opened again; only Linux lists processes as it needs. */
async function runResume(programs) {
  if (process.platform !== 'linux') return 0;
  try {
    await checkResumeAfterKill((options) => openWorkbench(programs, options));
    console.log('  ✔ resume after the extension host was killed');
    return 0;
  } catch (error) {
    console.error(`  ✘ resume after the extension host was killed: ${error.message}`);
    return 1;
  }
}

/** Exit code of a part of the suite, which is run once more, in a fresh window, where it fails. */
async function twice(part, ...args) {
  const code = await part(...args);
  if (code === 0) return code;
  console.error('  Once more, in a fresh window:');
  return part(...args);
}

/** Prints what the tests say, and with VERBOSE=1 all that VS Code says. */
function print(type, args) {
  const text = format(...args);
  if (text.startsWith('[test] ')) console.log(text.slice('[test] '.length));
  else if (process.env.VERBOSE) console.log(`${type}: ${text}`);
}

async function photograph(page, name) {
  const path = join(output, name);
  await page.screenshot({ path });
  console.error(`Picture of the failure: ${path}`);
}

const programs = vscodeServer();
if (programs === undefined) {
  console.log('test:vscode skipped: what it needs is missing (above).');
  process.exit(process.argv.includes('--required') ? 1 : 0);
}
const { vsix, step, ...flags } = parseArgs({
  strict: false,
  options: { vsix: { type: 'string' }, step: { type: 'string', multiple: true }, 'without-steps': { type: 'boolean' } },
}).values;
if (vsix === undefined) buildExtension();
const started = performance.now();
let codes;
if (process.env.TEST_GREP) codes = [await runSuite(programs)];
else if (step !== undefined) codes = [await runCommands(programs, {}, step)];
else if (vsix === undefined)
  codes = [
    await twice(runSuite, programs),
    await twice(runFromOutside, programs),
    flags['without-steps'] ? 0 : await runCommands(programs),
    await twice(runResume, programs),
  ];
else {
  const packaged = { vsix: resolve(vsix), extension: null };
  codes = [await twice(runFromOutside, programs, packaged), await runCommands(programs, packaged)];
}
console.log(`test:vscode took ${((performance.now() - started) / 1000).toFixed(1)} s`);
process.exit(codes.find((code) => code !== 0) ?? 0);

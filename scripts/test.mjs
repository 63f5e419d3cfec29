// `npm test`: everything, one suite after the other. A suite that fails does not stop the others; the end is a table,
// and the last line the sum. `npm test -- unit cli` runs these suites only.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', name);

/** No suite takes nearly that long; one that hangs is ended. */
const limit = 15 * 60_000;

/** @returns {Promise<{ code: number, output: string }>} what it prints is shown as it comes */
async function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const show = (stream) => (text) => {
    output += text;
    stream.write(text);
  };
  child.stdout.setEncoding('utf8').on('data', show(process.stdout));
  child.stderr.setEncoding('utf8').on('data', show(process.stderr));
  // With everything that it has started.
  const end = () => process.kill(-child.pid, 'SIGKILL');
  const timer = setTimeout(() => {
    console.error(`It has not ended after ${limit / 60_000} minutes and is ended now.`);
    end();
  }, limit);
  process.once('SIGINT', () => {
    end();
    process.exit(130);
  });
  const code = await new Promise((done) => child.on('close', (status) => done(status ?? 1)));
  clearTimeout(timer);
  process.removeAllListeners('SIGINT');
  return { code, output: stripVTControlCharacters(output) };
}

/** A program that only says yes or no. */
const check =
  (...args) =>
  async () => {
    const { code } = await run(args);
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };

const all =
  (...checks) =>
  async () => {
    const results = [];
    for (const each of checks) results.push(await each());
    const sum = (key) => results.reduce((total, result) => total + result[key], 0);
    return { passed: sum('passed'), failed: sum('failed') };
  };

/** @returns {Promise<{ code: number, tests: { file: string, name: string, state: string, why: string }[] }>} */
async function runProject(project, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'imsc-test-'));
  const results = join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  try {
    const { code } = await run([bin('vitest/vitest.mjs'), 'run', '--project', project, ...reporters, ...args]);
    const tests = JSON.parse(readFileSync(results, 'utf8')).testResults.flatMap((file) => {
      const common = { file: relative(root, file.name) };
      const each = file.assertionResults.map(({ fullName, status, failureMessages }) => ({
        ...common,
        name: fullName,
        state: status,
        why: failureMessages?.[0] ?? '',
      }));
      // A file that cannot be loaded has no tests that could fail.
      const isFailed = file.status === 'failed' && each.every(({ state }) => state !== 'failed');
      return isFailed ? [...each, { ...common, name: '', state: 'failed', why: file.message ?? '' }] : each;
    });
    return { code, tests };
  } catch (error) {
    return { code: 1, tests: [{ file: project, name: '', state: 'failed', why: `No results: ${error.message}` }] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isFailed = ({ state }) => state === 'failed';

/**
 * A project of vitest.config.ts. Its tests start programs side by side, and some wait for what comes in time: a file
 * that fails is tried once more, alone, and the end says which passed only then.
 */
const vitest = (project) => async () => {
  let { code, tests } = await runProject(project);
  const files = [...new Set(tests.filter(isFailed).map(({ file }) => file))];
  let again = [];
  if (files.length > 0 && files.length <= 3) {
    again = tests.filter(isFailed).map((test) => ({ ...test, state: 'passed only when tried again, alone' }));
    const second = await runProject(project, ...files);
    code = second.code;
    tests = [...tests.filter(({ file }) => !files.includes(file)), ...second.tests];
    const failing = new Set(second.tests.filter(isFailed).map(({ name }) => name));
    again = again.filter(({ name }) => !failing.has(name));
  }
  const failures = tests.filter(isFailed);
  const passed = tests.filter(({ state }) => state === 'passed').length;
  return {
    passed,
    failed: code === 0 ? failures.length : Math.max(failures.length, 1),
    skipped: tests.length - passed - failures.length,
    told: [...failures, ...again],
  };
};

/** What is shipped, installed into empty places; the extension also into a VS Code, where there is one. */
async function shipped() {
  const folder = mkdtempSync(join(tmpdir(), 'imsc-test-'));
  const vsix = join(folder, 'imsc.vsix');
  try {
    const { code, output } = await run(['scripts/smoke.mjs', `--keep-vsix=${vsix}`]);
    const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [0, 0, 1];
    if (code !== 0) return { passed: Number(passed), failed: Math.max(Number(failed), 1) };
    const looked = await run(['test/vscode/run.mjs', `--vsix=${vsix}`]);
    if (looked.output.includes('test:vscode skipped'))
      return { passed: Number(passed), failed: 0, note: 'not tried in VS Code' };
    const seen = [...looked.output.matchAll(/^\s*✔/gm)].length;
    return { passed: Number(passed) + seen, failed: looked.code === 0 ? 0 : 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function vscode() {
  // What can be pressed is pressed once: where the package is tried, in the extension as people get it.
  const isPressedThere = wanted.length === 0 || wanted.includes('package');
  const { code, output } = await run(['test/vscode/run.mjs', ...(isPressedThere ? ['--without-steps'] : [])]);
  if (output.includes('test:vscode skipped'))
    return { passed: 0, failed: 0, note: 'skipped: no VS Code here, see above' };
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
  // What fails in one window is tried once more in a fresh one, and counted there.
  return { passed: sum(/^\s*(\d+) passing/gm), failed: code === 0 ? 0 : Math.max(sum(/^\s*(\d+) failing/gm), 1) };
}

/** The extension's program for pages: in a VS Code that runs in a browser alone, and in one with a computer behind it. */
async function browser() {
  let [passed, failed] = [0, 0];
  for (const suite of ['test/vscode/web/run.mjs', 'test/vscode/web/remote.mjs']) {
    const look = () => run([suite]);
    let { code, output } = await look();
    // Once more, from an empty profile.
    if (code !== 0) ({ code, output } = await look());
    if (output.includes('browser skipped'))
      return { passed: 0, failed: 0, note: 'skipped: no browser here, see above' };
    passed += [...output.matchAll(/^\s*✔/gm)].length;
    failed += code === 0 ? 0 : Math.max([...output.matchAll(/^\s*✘/gm)].length, 1);
  }
  return { passed, failed };
}

const suites = {
  format: check(bin('prettier/bin/prettier.cjs'), '--check', '.', '--log-level', 'warn'),
  lint: check(bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'),
  typecheck: all(
    check(bin('typescript/bin/tsc'), '--noEmit'),
    ...['client/preview/webview', 'client/nexusPage/webview', 'server/browser'].map((part) =>
      check(bin('typescript/bin/tsc'), '--noEmit', '-p', part),
    ),
  ),
  unit: vitest('unit'),
  sandbox: vitest('sandbox'),
  cli: vitest('cli'),
  server: vitest('server'),
  package: shipped,
  vscode,
  browser,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

const seconds = (since) => (performance.now() - since) / 1000;
const started = performance.now();
const results = [];
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n=== ${name}`);
  const begun = performance.now();
  results.push({ name, ...(await suite()), time: seconds(begun) });
}

// What failed is far above by now.
for (const { file, name, state, why } of results.flatMap(({ told = [] }) => told)) {
  const [message = ''] = stripVTControlCharacters(why).split('\n');
  console.log(`\n${state}: ${file}${name === '' ? '' : ` > ${name}`}\n    ${message}`);
}

const row = (cells) => cells.map((cell, index) => (index === 0 ? String(cell).padEnd(10) : String(cell).padStart(8))).join(' '); // prettier-ignore
console.log(`\n${row(['suite', 'passed', 'failed', 'skipped', 'seconds'])}`);
for (const { name, passed, failed, skipped = 0, time, note = '' } of results) {
  console.log(`${row([name, passed, failed, skipped, time.toFixed(1)])}  ${failed > 0 ? 'FAILED' : note}`.trimEnd());
}
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`${row(['all', total('passed'), total('failed'), '', seconds(started).toFixed(1)])}\n`);
process.exitCode = total('failed') > 0 ? 1 : 0;
console.log(`${total('passed')} passed, ${total('failed')} failed`);

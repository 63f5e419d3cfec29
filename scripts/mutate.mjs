// `npm run mutate`: can the tests fail? Changes a random sample of places in the sources, one at a time, and tells which
// changes the fast suite does not notice.
//   npm run mutate -- --sample 200 --seed 1 core/imsc server/features
//   npm run mutate -- --since v0.1.0        only files that have changed since a revision
//   npm run mutate -- --quick               without what is run once when a file is loaded: that takes the whole suite
//   npm run mutate -- --tests 'test/unit/scicat/**' core/scicat       tried by these tests only
//   npm run mutate -- --tests 'test/unit/jobs/**' --then 'test/sandbox/**' core/jobs
//                                           what the first do not notice is tried by slower ones
// What changes nothing that anybody could notice is listed in test/mutation/equivalent.json, and not counted.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Stryker } from '@stryker-mutator/core';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { globSync } from 'tinyglobby';
import { buildIfStale } from './builtProgram.mjs';
import { keyOf, listVariable } from './chosenMutants.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    since: { type: 'string' },
    quick: { type: 'boolean', default: false },
    tests: { type: 'string', multiple: true },
    then: { type: 'string', multiple: true },
    concurrency: { type: 'string', default: '2' },
  },
});
const rooms = positionals.length > 0 ? positionals : ['core', 'server/features'];

/** The same numbers for the same seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sources() {
  const inRoom = rooms.flatMap((room) =>
    statSync(join(root, room)).isDirectory() ? globSync(`${room}/**/*.ts`, { cwd: root }) : [room],
  );
  const files = [...new Set(inRoom)].filter((file) => !file.endsWith('.d.ts')).sort();
  if (values.since === undefined) return files;
  const changed = execFileSync('git', ['diff', '--name-only', values.since], { cwd: root, encoding: 'utf8' });
  return files.filter((file) => changed.split('\n').includes(file));
}

const silent = new Proxy({}, { get: () => () => false });

/** Every mutant that there could be, in a fixed order. */
async function everyMutant(files) {
  const texts = files.map((file) => ({ name: file, mutate: true, content: readFileSync(join(root, file), 'utf8') }));
  const { mutants } = await new Instrumenter(silent).instrument(texts, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  return mutants;
}

/** Some of a list, each equally likely. */
function sampleOf(list, count, next) {
  const left = [...list];
  for (let index = 0; index < Math.min(count, left.length); index += 1) {
    const other = index + Math.floor(next() * (left.length - index));
    [left[index], left[other]] = [left[other], left[index]];
  }
  return left.slice(0, count);
}

/** The result counts lines and columns from one, the mutant from zero. */
const fromZero = ({ line, column }) => ({ line: line - 1, column: column - 1 });

const files = sources();
const all = await everyMutant(files);
// A whole body cannot be named without all that is in it, and its loss is noticed nearly always.
const single = all.filter(({ location }) => location.end.line - location.start.line <= 2);
const chosen = sampleOf(single, Number(values.sample), random(Number(values.seed)));
console.log(
  `${files.length} files, ${all.length} mutants; ${chosen.length} of ${single.length} small ones, seed ${values.seed}`,
);

const absolute = ({ fileName, location, replacement }) => ({ fileName: join(root, fileName), location, replacement });
const list = join(root, '.cache/mutants.json');
mkdirSync(join(root, '.cache'), { recursive: true });
process.env[listVariable] = list;

/** Tries mutants on tests. @param tests their files; the fast suite without them. @returns what Stryker says of each */
async function tryOn(mutants, tests) {
  const wanted = new Set(mutants.map((mutant) => keyOf(absolute(mutant))));
  writeFileSync(list, JSON.stringify([...wanted]));
  if (tests) process.env.IMSC_MUTATION_TESTS = tests.join();
  const results = await new Stryker({
    // Stryker counts lines from one and columns from zero.
    mutate: [
      ...new Set(
        mutants.map(({ fileName, location: { start, end } }) => {
          return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
        }),
      ),
    ],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', './scripts/chosenMutants.mjs'],
    vitest: { configFile: 'test/mutation/vitest.config.ts' },
    coverageAnalysis: 'perTest',
    ignoreStatic: values.quick,
    warnings: { slow: false },
    concurrency: Number(values.concurrency),
    reporters: ['progress'],
    ignorePatterns: ['.cache', 'samples/.scicat', '*.vsix'],
    // On a busy machine what is slow is not what hangs.
    timeoutMS: 120_000,
    dryRunTimeoutMinutes: 30,
    logLevel: 'warn',
    tempDirName: '.cache/mutate',
    checkers: ['chosen'],
    allowConsoleColors: false,
  }).runMutationTest();
  rmSync(join(root, '.cache/mutate'), { recursive: true, force: true });
  return results
    .map((result) => ({
      ...result,
      location: { start: fromZero(result.location.start), end: fromZero(result.location.end) },
    }))
    .filter((result) => wanted.has(keyOf(result)) && result.status !== 'Ignored');
}

const unnoticed = new Set(['Survived', 'NoCoverage']);

buildIfStale();
const started = performance.now();
const byFirst = await tryOn(chosen, values.tests);
const leftOver = new Set(byFirst.filter(({ status }) => unnoticed.has(status)).map(keyOf));
const byThen =
  values.then && leftOver.size > 0
    ? await tryOn(
        chosen.filter((mutant) => leftOver.has(keyOf(absolute(mutant)))),
        values.then,
      )
    : [];
const tried = [
  ...new Map([
    ...byFirst.map((result) => [keyOf(result), result]),
    ...byThen.map((result) => {
      // Whom the slower tests do not reach the first may have reached.
      const first = byFirst.find((each) => keyOf(each) === keyOf(result));
      return [keyOf(result), result.status === 'NoCoverage' ? first : { ...result, later: true }];
    }),
  ]).values(),
];

const texts = new Map();
const linesOf = (file) => {
  if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8').split('\n'));
  return texts.get(file);
};

/** What a mutant changes, as it is written. */
function changedText({ fileName, location: { start, end } }) {
  const lines = linesOf(fileName).slice(start.line, end.line + 1);
  return lines.length === 1 ? lines[0].slice(start.column, end.column) : lines.join('\n');
}

const equivalent = JSON.parse(readFileSync(join(root, 'test/mutation/equivalent.json'), 'utf8'));
for (const { file, line } of equivalent) {
  if (!linesOf(join(root, file)).some((each) => each.includes(line)))
    console.log(`test/mutation/equivalent.json: there is no line “${line}” in ${file} any more`);
}
const isEquivalent = (mutant) =>
  equivalent.some(
    ({ file, line, from, to }) =>
      join(root, file) === mutant.fileName &&
      linesOf(mutant.fileName)[mutant.location.start.line].includes(line) &&
      changedText(mutant) === from &&
      mutant.replacement === to,
  );

const counted = tried.filter((result) => !isEquivalent(result));
const withStatus = (...states) => counted.filter(({ status }) => states.includes(status));
const noticed = withStatus('Killed', 'Timeout', 'RuntimeError', 'CompileError');
const noticedLater = noticed.filter(({ later }) => later);

for (const mutant of withStatus(...unnoticed)) {
  const { fileName, location, status, mutatorName, replacement } = mutant;
  const reached = status === 'NoCoverage' ? ' (no test comes here)' : '';
  console.log(
    `${relative(root, fileName)}:${location.start.line + 1}:${location.start.column + 1} ${mutatorName}${reached}`,
  );
  console.log(`    ${changedText(mutant).replaceAll('\n', '\n    ')}\n  → ${replacement.replaceAll('\n', '\n    ')}`);
}
const share = (100 * noticed.length) / Math.max(1, counted.length);
for (const { fileName, location, replacement, statusReason } of noticedLater) {
  const place = `${relative(root, fileName)}:${location.start.line + 1}:${location.start.column + 1}`;
  console.log(`${place} → ${replacement.split('\n')[0]}  noticed later: ${String(statusReason).split('\n')[0]}`);
}
console.log(
  `\n${noticed.length} of ${counted.length} noticed: ${share.toFixed(1)} %` +
    (values.then ? `, ${noticedLater.length} of them only by the tests that come then` : '') +
    `, ${tried.length - counted.length} equivalent ones left out` +
    ` (${Math.round((performance.now() - started) / 1000)} s, seed ${values.seed})`,
);

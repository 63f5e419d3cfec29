// `npm run fuzz`: tens of thousands of generated and mutated configurations, schemas, NeXus files, answers of SciCat and
// interrupted ingestions. `npm run fuzz -- --runs 100000 --seed 7` tries more, or repeats what failed.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
  allowPositionals: true,
});
console.log(`Seed ${values.seed}, ${values.runs} cases and more for each kind.`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...(positionals.length > 0 ? positionals : ['test/unit/fuzz'])], // prettier-ignore
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, FUZZ_RUNS: values.runs, FUZZ_SEED: values.seed },
    stdio: 'inherit',
  },
);
/**
 * The long forms of tests of the command line: kills at any moment, 500 times in the usual run, and of the service at each
 * of its writes; wrong names in all places; damaged data for plug-ins.
 */
const longer = [
  ['test/cli/randomKills.test.ts', { FUZZ_KILLS: String(Math.ceil(Number(values.runs) / 40)), FUZZ_SEED: values.seed }],
  ['test/cli/serveKillWrites.test.ts', { FUZZ_SERVICE: 'all' }],
  ['test/cli/misuse.test.ts', { FUZZ_MISUSE: 'all' }],
  ['test/cli/filters.test.ts', { FUZZ_FILTERS: '50' }],
];
const statuses = [status];
for (const [file, env] of positionals.length > 0 ? [] : longer) {
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'cli', file], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  statuses.push(run.status);
}
const worst = statuses.find((each) => each !== 0) ?? 0;
console.log(worst === 0 ? `Nothing found with the seed ${values.seed}.` : `Repeat it with --seed ${values.seed}.`);
process.exitCode = worst;

import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { unit } from '../../vitest.config.ts';

/** Test files to which `--tests` limits it; of a folder its tests, and not what they read. */
const only = process.env['IMSC_MUTATION_TESTS']?.split(',').map((each) => each.replace(/\*\*$/, '**/*.test.ts'));

/**
 * The fast suite, for `npm run mutate`. Left out is what would measure the instrumented code or read the sources as
 * text: a mutant is in them whether it is switched on or not.
 */
export default mergeConfig(
  only === undefined ? unit : { ...unit, test: { ...unit.test, include: only } },
  defineConfig({
    // Stryker asks for threads, in which no test may change the folder that it stands in.
    plugins: [{ name: 'processes', configureVitest: ({ project }) => void (project.config.pool = 'forks') }],
    root: fileURLToPath(new URL('../..', import.meta.url)),
    test: {
      exclude: [
        'test/unit/docs*.test.ts',
        'test/unit/fuzz/**',
        'test/unit/generated.test.ts',
        'test/unit/server/growth.test.ts',
        'test/unit/server/memory.test.ts',
      ],
    },
  }),
);

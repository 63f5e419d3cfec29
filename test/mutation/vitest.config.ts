import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { unit } from '../../vitest.config.ts';
import { inThisProcess } from '../support/inThisProcess.ts';

/** Test files to which `--tests` limits it; of a folder its tests, and not what they read. */
const only = process.env['IMSC_MUTATION_TESTS']?.split(',').map((each) => each.replace(/\*\*$/, '**/*.test.ts'));

const workers = pathToFileURL(fileURLToPath(new URL('../../dist/workers', import.meta.url))).href;

/**
 * The fast suite, for `npm run mutate`. Left out is what would measure the instrumented code or read the sources as
 * text: a mutant is in them whether it is switched on or not.
 */
export default mergeConfig(
  only === undefined ? unit : { ...unit, test: { ...unit.test, include: only } },
  defineConfig({
    plugins: [
      // Stryker asks for threads, in which no test may change the folder that it stands in.
      { name: 'processes', configureVitest: ({ project }) => void (project.config.pool = 'forks') },
      // The server reads samples in a thread of its own, which is a program that was built.
      { name: 'threads', transform: (code) => code.replaceAll('../workers/', `${workers}/`) },
    ],
    root: fileURLToPath(new URL('../..', import.meta.url)),
    test: {
      provide: { serverProgram: inThisProcess },
      exclude: [
        // What concerns the program itself.
        'test/server/browser*.test.ts',
        'test/unit/docs*.test.ts',
        'test/unit/fuzz/**',
        'test/unit/generated.test.ts',
        'test/unit/server/growth.test.ts',
        'test/unit/server/memory.test.ts',
      ],
    },
  }),
);

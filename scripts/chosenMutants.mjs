// A plugin of Stryker's for `npm run mutate`: what is in the same place as a chosen mutant, and is not chosen, is not
// tried. Stryker itself can be told places only.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a mutant is known by. @param location with lines and columns from zero */
export function keyOf({ fileName, location: { start, end }, replacement }) {
  const file = relative(root, fileName).replaceAll('\\', '/');
  return `${file}:${start.line}:${start.column}-${end.line}:${end.column}:${replacement}`;
}

/** Names the file with the keys of the chosen ones to the processes of Stryker. */
export const listVariable = 'IMSC_CHOSEN_MUTANTS';

function chosenOnly() {
  let chosen = new Set();
  return {
    init: () => {
      chosen = new Set(JSON.parse(readFileSync(process.env[listVariable], 'utf8')));
      return Promise.resolve();
    },
    // All of one mind: nothing is gained by asking for each alone.
    group: (mutants) => Promise.resolve([mutants.map(({ id }) => id)]),
    check: (mutants) =>
      Promise.resolve(
        Object.fromEntries(
          mutants.map((mutant) => [
            mutant.id,
            chosen.has(keyOf(mutant)) ? { status: 'passed' } : { status: 'compileError', reason: 'not chosen' },
          ]),
        ),
      ),
  };
}

export const strykerPlugins = [{ kind: 'Checker', name: 'chosen', factory: chosenOnly }];

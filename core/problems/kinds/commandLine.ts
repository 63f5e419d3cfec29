import type { ProblemKind } from '../problemKind.ts';

/** How a command was called. */
export const commandLineKinds = {
  usage: {
    severity: 'error',
    summary: 'The command line is wrong.',
    explanation: 'An option or an argument is missing or not understood; `imsc COMMAND --help` lists them.',
  },
  'nexus-path': {
    severity: 'error',
    summary: 'There is no such path in the NeXus file.',
    explanation: 'Paths begin at the root, e.g. `/entry/sample/name`; `imsc inspect FILE` shows what there is.',
  },
  'cannot-start': {
    severity: 'error',
    summary: 'The sandbox or the ingest service cannot start.',
    explanation:
      'Mostly another program listens on the port, often the same one in another terminal. End that one, or give a number with `--port`; `--port 0` takes any that is free, and what is printed tells which.',
  },
} as const satisfies Record<string, ProblemKind>;

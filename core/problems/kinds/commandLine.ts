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
} as const satisfies Record<string, ProblemKind>;

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
  'cannot-write': {
    severity: 'error',
    summary: 'A folder that was named cannot be written.',
    explanation: 'The message says why. Name another folder, or ask for the right to write there.',
  },
  'sample-outside': {
    severity: 'information',
    summary: 'The sample of a new folder lies outside of it.',
    explanation:
      'The test that `imsc init` writes names the file by where it lies from there, which another computer, such as one of CI, does not have. Copy a small file into the folder, and name that one.',
  },
} as const satisfies Record<string, ProblemKind>;

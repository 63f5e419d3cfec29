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
  'not-translated': {
    severity: 'error',
    summary: 'A line of a schema cannot be written for another ingestor.',
    explanation:
      '`imsc convert --for` writes what the other ingestor does not know in words that it knows, where no value becomes another by that. The message says why that cannot be done here. Change the line, or leave it out of the schema that the other ingestor reads; `--partly` writes the rest.',
  },
  'translated-by-samples': {
    severity: 'information',
    summary: 'A line was written for another ingestor as the samples have it.',
    explanation:
      'What `imsc convert --for` wrote here is right for the files that were named with `--samples`, and for those like them. Look whether all files are.',
  },
  'translation-differs': {
    severity: 'error',
    summary: 'A dataset would come out differently after the translation.',
    explanation:
      '`imsc convert --for --samples` evaluates the schema before and after the change on each of the files. The message says what differs; nothing is written.',
  },
  'sample-outside': {
    severity: 'information',
    summary: 'The sample of a new folder lies outside of it.',
    explanation:
      'The test that `imsc init` writes names the file by where it lies from there, which another computer, such as one of CI, does not have. Copy a small file into the folder, and name that one.',
  },
} as const satisfies Record<string, ProblemKind>;

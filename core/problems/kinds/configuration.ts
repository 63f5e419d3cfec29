import type { ProblemKind } from '../problemKind.ts';

/** The configuration of the ingestor. */
export const configurationKinds = {
  'config-file': {
    severity: 'error',
    summary: 'The configuration file cannot be read.',
    explanation: 'Give the path of an existing JSON or YAML file with `-c`.',
  },
  'config-unknown-key': {
    severity: 'warning',
    summary: 'A key of the configuration that is not known.',
    explanation: 'It has no effect. Often it is a misspelt option, or one in the wrong section.',
  },
  'config-value': {
    severity: 'error',
    summary: 'An option of the configuration has a value that it cannot have.',
    explanation: 'Nothing is ingested until it is mended, because a guess could go wrong for every dataset.',
  },
  'config-no-effect': {
    severity: 'warning',
    summary: 'An option of the configuration that has no effect beside another one.',
    explanation: 'For example `save_file_hash` without `compute_file_hash`: there is no checksum to save.',
  },
  'config-insecure': {
    severity: 'warning',
    summary: 'The configuration gives away a token or trusts any server.',
    explanation:
      'With `scicat.verify: false`, or an address of another computer that begins with `http://`, anybody between here and SciCat can read the token. A token on the command line is seen by every user of the machine: use `SCICAT_TOKEN` or `scicat.token_file`.',
  },
  'token-file': {
    severity: 'error',
    summary: 'The file with the token cannot be read or is empty.',
    explanation: '`scicat.token_file` must name a file that holds the token and nothing else.',
  },
  'hash-algorithm': {
    severity: 'error',
    summary: 'The checksum algorithm is not known.',
    explanation: "`file_hash_algorithm` takes the names of Python's hashlib, such as `blake2b`, `sha256` or `md5`.",
  },
} as const satisfies Record<string, ProblemKind>;

import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** The schemas of a folder together. */
export const folderKinds = {
  'schema-duplicate-id': {
    severity: 'error',
    summary: 'Two schemas of one folder share an id.',
    explanation: 'Only the first in order is used.',
  },
  'import-unknown': {
    severity: 'error',
    summary: 'A schema that is imported is not there, or cannot be used.',
    explanation:
      '`import` has ids of schemas, not names of files. They lie beside the schema, or in the folder `modules` beside it. A schema whose imports cannot be taken in is not used.',
  },
  'import-circle': {
    severity: 'error',
    summary: 'A schema imports itself, perhaps by way of others.',
    explanation:
      'What each of them has would depend on the other. Move what both need into a schema that imports none.',
  },
  'schema-same-order': {
    severity: 'information',
    summary: 'Two schemas with one order may take the same file.',
    explanation:
      'Which of them is asked first is then a matter of their names. Give them orders that say what is meant; lower is earlier.' +
      example('# a.imsc.yml and b.imsc.yml\norder: 1', '# a.imsc.yml\norder: 1\n# b.imsc.yml\norder: 2'),
  },
  'schema-shadowed': {
    severity: 'warning',
    summary: 'A schema that is never reached.',
    explanation:
      'A schema that is asked earlier takes every file that this one could take. Give the more special one the lower order.' +
      example(
        '# general.imsc.yml\nselector: filename:starts_with:/data\norder: 1\n# coda.imsc.yml\nselector: filename:starts_with:/data/coda\norder: 2',
        '# general.imsc.yml\nselector: filename:starts_with:/data\norder: 2\n# coda.imsc.yml\nselector: filename:starts_with:/data/coda\norder: 1',
      ),
  },
  'selector-other-instrument': {
    severity: 'warning',
    summary: "A selector that names another schema's instrument.",
    explanation:
      'The selector was probably copied and not changed. The schema then describes the files of the wrong instrument.' +
      example(
        'instrument: loki\nselector: filename:contains:dream',
        'instrument: loki\nselector: filename:contains:loki',
      ),
  },
  'no-fallback': {
    severity: 'hint',
    summary: 'No schema for the files that no selector takes.',
    explanation:
      'Such files are not ingested, and the run fails. A schema with the selector `*` and a high order, or a fallback schema in the configuration, takes them.' +
      example('selector: filename:contains:coda', "selector: '*'\norder: 9999"),
  },
} as const satisfies Record<string, ProblemKind>;

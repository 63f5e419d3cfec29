import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** Selectors, and the name of the file. */
export const selectorKinds = {
  'selector-invalid': {
    severity: 'error',
    summary: 'A selector that cannot be understood.',
    explanation: 'It never matches, so the schema is never used.',
  },
  'selector-always': {
    severity: 'warning',
    summary: 'A selector that takes every file.',
    explanation: 'If that is meant, `*` says it plainly.' + example("selector: 'filename:contains:'", "selector: '*'"),
  },
  'selector-never': {
    severity: 'error',
    summary: 'A selector that takes no file.',
    explanation:
      'Its parts contradict each other, or nothing is in it. The schema is never used.' +
      example(
        'selector:\n  and:\n    - filename:starts_with:/data/a\n    - filename:starts_with:/data/b',
        'selector:\n  or:\n    - filename:starts_with:/data/a\n    - filename:starts_with:/data/b',
      ),
  },
  'selector-not-portable': {
    severity: 'warning',
    summary: 'A selector that the Python ingestor understands differently.',
    explanation:
      'There, a selector written as an object takes every file; `datafile`, `nexusfile` and a `:` in the operand take none.' +
      example(
        'selector:\n  source: filename\n  operator: contains\n  operand_2: coda',
        'selector: filename:contains:coda',
      ),
  },
  'order-no-number': {
    severity: 'warning',
    summary: 'An `order` that is not a number.',
    explanation:
      'Schemas are asked in the order of these numbers. Here numbers come first, then texts; the Python ingestor cannot compare the two, and ingests nothing with such a folder.' +
      example('order: "10"', 'order: 10'),
  },
  'schema-file-name': {
    severity: 'warning',
    needs: 'file name',
    summary: 'A file in the folder of schemas is almost named like one.',
    explanation:
      'Schema files end in `.imsc.json`, `.imsc.yml` or `.imsc.yaml`; this one is passed over. The Python ingestor reads every file with such a text anywhere in its name, backups too, and stops if one of them is broken.',
  },
} as const satisfies Record<string, ProblemKind>;

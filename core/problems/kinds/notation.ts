import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** How a schema file is written: its syntax, JSON and YAML, its structure, and its comments. */
export const notationKinds = {
  syntax: {
    severity: 'error',
    summary: 'The text is not valid JSON or YAML.',
    explanation: 'The file cannot be read as a whole until this is mended; what could be read is still checked.',
  },
  'pyyaml-refuses': {
    severity: 'warning',
    summary: 'The Python ingestor cannot read this, although it is understood here.',
    explanation:
      'The Python ingestor reads YAML with PyYAML, which refuses some of what other programs take, such as a tab behind a key or a name of an anchor with letters other than A to Z. With such a file in its folder it ingests nothing. The message says what to write instead.',
  },
  'duplicate-key': {
    severity: 'warning',
    summary: 'A key stands twice in the same object.',
    explanation:
      'Only the last one counts, as in the Python ingestor, which does not say so. Rename or remove the others.',
  },
  'json-comment': {
    severity: 'information',
    summary: 'A comment in a JSON file.',
    explanation:
      'Standard JSON has no comments. They are understood here, but the Python ingestor and other programs refuse the file. Schemas in YAML may have comments.',
  },
  'json-trailing-comma': {
    severity: 'warning',
    summary: 'A comma before a closing bracket in a JSON file.',
    explanation:
      'Standard JSON does not allow it. It is understood here, but other programs refuse the file or read it as YAML. Remove the comma.',
  },
  'json-byte-order-mark': {
    severity: 'warning',
    summary: 'A byte order mark before the text of a JSON file.',
    explanation:
      'Some editors write this invisible character at the beginning. It is passed over here, but Python does not read such a file as JSON, so the Python ingestor reads it as YAML, in which `1e5` is a text.',
  },
  'json-read-as-yaml': {
    severity: 'warning',
    summary: 'A file that is called `.json` is not JSON, and is read as YAML.',
    explanation:
      'The content of a schema file decides its notation, as in the Python ingestor. What JSON refuses, such as a tab inside of a text, YAML may read, and differently: `1e5` or `NaN` is a text there. Mend what the message names, or call the file `.imsc.yml`.',
  },
  'json-notation': {
    severity: 'hint',
    summary: 'A schema in JSON.',
    explanation:
      'It works. The Python ingestor warns that JSON is going to be dropped; a command converts the schema to YAML.' +
      example('{"id": "…", "name": "…"}', 'id: …\nname: …'),
  },
  structure: {
    severity: 'error',
    summary: 'The schema is not built as a schema must be.',
    explanation:
      'A schema file is a map with a general section, `variables` and `schema`; each variable and each field is a map of its own. A file without that shape is refused by every ingestor.',
  },
  'missing-key': {
    severity: 'error',
    summary: 'A mandatory key is missing.',
    explanation: 'Without this key the schema is refused when an ingestion starts, and no file is ingested with it.',
  },
  'unknown-key': {
    severity: 'warning',
    summary: 'A key that is not known here.',
    explanation:
      'It is ignored here; the Python ingestor refuses the whole file because of it. Often it is a misspelt key.',
  },
  'wrong-shape': {
    severity: 'error',
    summary: 'A value of the wrong kind under a key.',
    explanation: 'A text, a map or a list stands where something else is needed.',
  },
  'schema-and-schemas': {
    severity: 'error',
    summary: 'Both `schema` and `schemas` are there.',
    explanation: 'They are two spellings of one key. Only `schema` is used; move everything there.',
  },
  'other-dialect': {
    severity: 'information',
    summary: 'The schema uses what not every ingestor understands.',
    explanation:
      'There are several ingestors, and each understands a few things that the others do not: see [dialects](reference/dialects.md). This program understands them all; a schema that another one is to read as well must do without. A comment says for which one a schema is written, and then this is only told of what that one does not know. The setting `imsc.dialect` and `ingestion.schemas_dialect` of the configuration say it for all schemas.' +
      example('selector: dirname:contains:d17', '# imsc-dialect: ill\nselector: dirname:contains:d17'),
  },
  'unknown-dialect': {
    severity: 'warning',
    summary: 'The comment `imsc-dialect` names no dialect.',
    explanation:
      'The comment is passed over, so that the schema counts as written for the ingestor that is configured. [Dialects](reference/dialects.md) lists what there is.',
  },
  'unused-suppression': {
    severity: 'hint',
    summary: 'A comment that silences nothing.',
    explanation:
      'The problem that it was written for is gone, or its code is misspelt. Such a comment could hide the next mistake.' +
      example(
        '# imsc-ignore-file no-such-code',
        '# imsc-ignore-next-line literal-is-variable -- the word itself is meant',
      ),
  },
} as const satisfies Record<string, ProblemKind>;

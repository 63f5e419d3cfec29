import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A schema with everything that the writers of schemas use, in YAML. */
export const yamlSample = `# Who may see the data is decided at the facility.
id: 0b1c7a52-1111-2222-3333-444455556666 # any text
name: 'It''s a sample'
instrument: "caf\\u00e9, dream"
order: 012
selector:
  or:
    - filename:starts_with:/ess/data
    - source: filename
      operator: contains
      operand_2: coda
variables:

  pid:
    source: NXS
    path: /entry/entry_identifier_uuid # inline
    value_type: string
  names: {source: NXS, path: '/entry/*/name', value_type: 'string[]'}
  text:
    source: VALUE
    value: >-
      folded <pid>
      text

      with two paragraphs
    value_type: string
  # between
  literal:
    value: |
      first
        second <pid>
  list:
    value:
    - <pid>
    - 5.0
    - 12345678901234567890
    -
    - [a, "b", {c: d}]
    value_type: string[]
  long: one text
    over two lines
schema:
  a:
    field_type: high_level
    value: <pid>
    unit:
  "quoted key": 1_000
`;

export const jsonSample = `{
  // a comment
  "id": "x", /* two
   lines */
  "order": 5.0,
  "big": 12345678901234567890,
  "variables": {
    "pid": { "source": "NXS", "path": "/entry/\\u00e5\\n", "value_type": "string" },
    "list": ["a", 1, -2.50e3, true, null, [], {}]
  },
  "schema": {}
}
`;

/** Real schemas, for those who have them at hand: beside the checkout, or in the folder that the variable names. */
export function corpusSchemas(): { name: string; text: string }[] {
  const folder = process.env['IMSC_CORPUS'] ?? path.resolve(import.meta.dirname, '../../../../shared/corpus/imsc');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.(?:json|ya?ml)$/.test(name))
    .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
}

/** The schemas that tests walk through: our own, and the real ones where there are any. */
export function allSchemas(): { name: string; text: string }[] {
  return [
    { name: 'sample.imsc.yml', text: yamlSample },
    { name: 'sample.imsc.json', text: jsonSample },
    ...corpusSchemas(),
  ];
}

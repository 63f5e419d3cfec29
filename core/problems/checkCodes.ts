import type { ProblemKind } from './problemCodes.ts';

/** A piece of YAML that has the problem, and one that has not. */
function example(wrong: string, right: string): string {
  return `\n\n\`\`\`yaml\n# wrong\n${wrong}\n\n# right\n${right}\n\`\`\``;
}

/** The kinds of problem that are found in the text of a schema alone, without a data file and without SciCat. */
export const checkKinds = {
  'used-before-definition': {
    severity: 'error',
    summary: 'A variable is used above its definition.',
    explanation:
      'Variables are evaluated from top to bottom. What refers to one further down finds nothing and is left out. Move the definition up.' +
      example(
        'variables:\n  pid: {source: VALUE, value: 20.500/<job_id>, value_type: string}\n  job_id: {source: NXS, path: /entry/entry_identifier, value_type: string}',
        'variables:\n  job_id: {source: NXS, path: /entry/entry_identifier, value_type: string}\n  pid: {source: VALUE, value: 20.500/<job_id>, value_type: string}',
      ),
  },
  'self-reference': {
    severity: 'error',
    summary: 'A variable refers to itself.',
    explanation:
      'It has no value yet while it is computed, so it never gets one. Often another name with a similar beginning was meant.' +
      example('members: {source: VALUE, value: <members>, …}', 'members: {source: VALUE, value: <members_list>, …}'),
  },
  'depends-on-failed': {
    severity: 'warning',
    summary: 'A reference to a variable that certainly has no value.',
    explanation:
      'The variable exists, but something is wrong with it whatever the data file holds. Mend that one, and this problem goes away.' +
      example(
        'variables:\n  number: {source: VALUE, value: twelve, value_type: integer}\nschema:\n  run: {value: <number>, …}',
        'variables:\n  number: {source: VALUE, value: 12, value_type: integer}\nschema:\n  run: {value: <number>, …}',
      ),
  },
  'redefines-built-in': {
    severity: 'warning',
    summary: 'A variable has the name of a built-in one.',
    explanation:
      'From there on the name stands for the new value. Readers of the schema will expect the built-in one; choose another name.' +
      example('now: {source: NXS, path: /entry/end_time, …}', 'end_time: {source: NXS, path: /entry/end_time, …}'),
  },
  'unused-variable': {
    severity: 'hint',
    summary: 'A variable that nothing uses.',
    explanation:
      'It is read or asked for in every ingestion, and a failure of it is reported, for nothing. Remove it, or use it. A variable `source_folder` counts as used, because the ingestor itself looks for it.' +
      example(
        'variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\nschema: {}',
        'variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\nschema:\n  name: {value: <title>, …}',
      ),
  },
  'variable-name': {
    severity: 'warning',
    summary: 'A name that templates cannot hold.',
    explanation:
      'Inside `<…>` a name ends at the first `>`, and blanks around it count. Use letters, digits and `_`.' +
      example('a>b: {source: VALUE, value: x, …}', 'a_over_b: {source: VALUE, value: x, …}'),
  },
  'stray-bracket': {
    severity: 'error',
    summary: 'Angle brackets that belong to no variable.',
    explanation:
      'A text with both a `<` and a `>` outside of its variables is never filled in: the variable or field has no value. There is no way to escape them.' +
      example('value: 1 < <x> > 0', 'value: between 0 and 1, here <x>'),
  },
  'unclosed-reference': {
    severity: 'warning',
    summary: 'A variable with only one of its brackets.',
    explanation:
      'It is taken as plain text, and is stored like that.' +
      example('value: ESS:<instrument', 'value: ESS:<instrument>'),
  },
  'literal-is-variable': {
    severity: 'warning',
    summary: 'A text that is the name of a variable, without brackets.',
    explanation:
      'Without `<` and `>` the name itself is stored in SciCat, not the value. If it really is meant as text, silence this line.' +
      example(
        'instrument:\n  machine_name: instrumentId\n  value: instrument_id',
        'instrument:\n  machine_name: instrumentId\n  value: <instrument_id>',
      ),
  },
  'placeholder-left': {
    severity: 'warning',
    summary: 'A text that is still to be filled in.',
    explanation:
      'New schemas and configurations hold texts such as `OWNER_GROUP`, `PREFIX` or `ACCESS_GROUP_1` where a person has to write something of their own. Left as they are, they go into the dataset.' +
      example(
        'owner_group: {machine_name: ownerGroup, value: OWNER_GROUP, …}',
        'owner_group: {machine_name: ownerGroup, value: <proposal_id>, …}',
      ),
  },
  'not-a-template': {
    severity: 'warning',
    summary: 'A variable in a place where none is filled in.',
    explanation:
      'Only `value` and `url` are templates. Elsewhere, such as in `path`, `<name>` is taken as it is written.' +
      example('source: NXS\npath: /entry/<name>/title', 'source: NXS\npath: /entry/instrument/title'),
  },
  'operator-spelling': {
    severity: 'warning',
    summary: 'A spelling of an operator that only the documentation knows.',
    explanation:
      'It works here. The Python ingestor knows the other spelling only, and with this one leaves the value as it is without saying so.' +
      example('operator: to_lower', 'operator: to-lower'),
  },
  'missing-argument': {
    severity: 'error',
    summary: 'An argument that the operator needs is missing.',
    explanation:
      '`getitem` without `field` has no value. `str-replace` without `pattern` or `replacement` leaves the value as it is.' +
      example('operator: getitem\nvalue: <names>', 'operator: getitem\nvalue: <names>\nfield: 0'),
  },
  'operator-value': {
    severity: 'error',
    summary: 'A value that the operator cannot take.',
    explanation:
      'The variable has no value, whatever the data file holds.' +
      example('operator: sum\nvalue: twelve', 'operator: sum\nvalue: [<first>, <second>]'),
  },
  'value-too-large': {
    severity: 'error',
    summary: 'A value that is larger than any that belongs into a dataset.',
    explanation:
      'A value has at most 4 million characters and items, and all values of a schema together have at most 64 million. ' +
      'The variable or field is left out.' +
      example('value: "<a><a>"   # where a has three million characters', 'value: <a>'),
  },
  'unknown-value-type': {
    severity: 'error',
    summary: 'A value type that does not exist.',
    explanation:
      'Nothing can be turned into it, so the variable or field is left out. Types are written in lower case.' +
      example('value_type: String', 'value_type: string'),
  },
  'type-conflict': {
    severity: 'error',
    summary: 'A value that can never be turned into the type that is asked for.',
    explanation:
      'What the source, the operator or the variable gives is known from the schema, and the type does not take it: the variable or field is left out.' +
      example('value: about twelve\nvalue_type: integer', 'value: 12\nvalue_type: integer'),
  },
  'type-doubtful': {
    severity: 'warning',
    summary: 'A value that can hardly be turned into the type that is asked for.',
    explanation:
      'Names say that the value is of another kind, for example a UUID where a number is wanted. A sample file tells for sure.' +
      example(
        'variables:\n  job: {source: NXS, path: /entry/entry_identifier_uuid, value_type: string}\nschema:\n  job: {value: <job>, type: integer, …}',
        'variables:\n  job: {source: NXS, path: /entry/entry_identifier_uuid, value_type: string}\nschema:\n  job: {value: <job>, type: string, …}',
      ),
  },
  'number-cut': {
    severity: 'information',
    summary: 'A float is cut to an integer.',
    explanation:
      'Conversion to `integer` drops what is behind the decimal point: 2.9 becomes 2. Use `float` to keep it.' +
      example(
        'source: VALUE\noperator: sum\nvalue: <floats>\nvalue_type: integer',
        'source: VALUE\noperator: sum\nvalue: <floats>\nvalue_type: float',
      ),
  },
  'template-item': {
    severity: 'error',
    summary: 'An item of a list or an object that is no text.',
    explanation:
      'In a `value` every item of a list and every value of an object is a template, so it must be text; numbers and true or false go in quotes, and nothing can be nested. Otherwise the variable or field has no value.' +
      example('value: [1, 2]\nvalue_type: integer[]', "value: ['1', '2']\nvalue_type: integer[]"),
  },
  'invalid-date': {
    severity: 'error',
    summary: 'A text that is no date.',
    explanation:
      'Dates are written as in ISO 8601. What cannot be read as one is dropped, or refused by SciCat.' +
      example("value: '20.01.2025 12:00'", "value: '2025-01-20T12:00:00Z'"),
  },
  'date-without-time-zone': {
    severity: 'warning',
    summary: 'A date and time without a time zone.',
    explanation:
      'SciCat takes it for the local time of the server in `creationTime` and `endTime`, so the same data mean different moments at different places, and stores it as it stands elsewhere. A day alone needs no zone. What a data file or SciCat gives is looked at when it is read.' +
      example("value: '2025-01-20T12:00:00'", "value: '2025-01-20T12:00:00+01:00'"),
  },
  'unquoted-date': {
    severity: 'warning',
    summary: 'A date in YAML without quotes.',
    explanation:
      'YAML makes a date of it. Here it is read as text, as it was meant; the Python ingestor crashes.' +
      example('value: 2025-01-20', "value: '2025-01-20'"),
  },
  'unit-ignored': {
    severity: 'warning',
    summary: 'A unit that is never used.',
    explanation:
      'Variables with source `VALUE` take the unit of the variables that they are made from, and fields of the dataset itself have no unit. Write the unit at the field of the scientific metadata.' +
      example('source: VALUE\nvalue: <length>\nunit: mm', 'field_type: scientific_metadata\nvalue: <length>\nunit: mm'),
  },
  'unit-dropped': {
    severity: 'information',
    summary: 'A unit is lost on the way.',
    explanation:
      'Most operators give a value without a unit, and a list of values with different units has none. Write the unit at the field if it matters.' +
      example(
        'source: VALUE\noperator: getitem\nvalue: <lengths>\nfield: 0\nvalue_type: float',
        'field_type: scientific_metadata\nvalue: <first_length>\nunit: mm',
      ),
  },
  'unit-contradiction': {
    severity: 'warning',
    summary: 'A field says another unit than its value.',
    explanation:
      'Units are labels: nothing is converted. A value in `mm` that is labelled `m` is wrong by a factor of a thousand.' +
      example('length: {value: <length_in_mm>, unit: m, …}', 'length: {value: <length_in_mm>, unit: mm, …}'),
  },
  'path-empty': {
    severity: 'error',
    summary: 'An empty NeXus path.',
    explanation: 'It names no dataset, so the variable has no value.' + example("path: ''", 'path: /entry/title'),
  },
  'wildcard-value-type': {
    severity: 'warning',
    summary: 'A wildcard with a type that knows none.',
    explanation:
      'Only with `value_type: string[]` a `*` in a path is a wildcard; otherwise a group with a star in its name is looked for.' +
      example('path: /entry/user_*/name\nvalue_type: string', "path: /entry/user_*/name\nvalue_type: 'string[]'"),
  },
  'wildcard-last': {
    severity: 'warning',
    summary: 'A path that ends in a wildcard.',
    explanation:
      'Here the matching datasets are read. The Python ingestor drops the variable: there the last part must be a name.' +
      example('path: /entry/notes/*', 'path: /entry/*/notes'),
  },
  'wildcard-relative': {
    severity: 'warning',
    summary: 'A path with a wildcard and without a leading slash.',
    explanation:
      'The Python ingestor throws away what stands before the first slash of such a path, so it looks in the wrong group.' +
      example('path: entry/user_1*/name', 'path: /entry/user_1*/name'),
  },
  'wildcard-invalid': {
    severity: 'error',
    summary: 'A wildcard that is no regular expression.',
    explanation:
      'A part of a path with a `*` (other than a lone `*`) is a regular expression, and there a star repeats what stands before it.' +
      example('path: /entry/*_detector/name', 'path: /entry/.*_detector/name'),
  },
  'wildcard-pattern': {
    severity: 'information',
    summary: 'A wildcard that means something else than in a shell.',
    explanation:
      'Parts of a path with a `*` are regular expressions that are searched anywhere in the name: `user_*` takes every name with `user` in it, such as `superuser`. Often that is the same in the end; with `^` and `.*` it is certain.' +
      example('path: /entry/user_*/name', 'path: /entry/^user_.*$/name'),
  },
  'unknown-endpoint': {
    severity: 'warning',
    summary: 'A url that the Python ingestor has no address for.',
    explanation:
      'A relative `url` begins with `datasets`, `proposals`, `origdatablocks`, `instruments` or `samples`, without a slash before it.' +
      example('url: /proposal/<proposal_id>', 'url: proposals/<proposal_id>'),
  },
  'filter-not-json': {
    severity: 'error',
    summary: 'A filter in a url that is no JSON object.',
    explanation:
      'SciCat refuses the question. Percent signs are decoded first, and variables may stand for texts and numbers in it.' +
      example('url: instruments?filter=name:coda', 'url: instruments?filter={"where":{"name":"coda"}}'),
  },
  'filter-ignored': {
    severity: 'warning',
    summary: 'A filter that SciCat does not look at.',
    explanation:
      'The list of proposals is filtered with `filters`; with `filter` SciCat answers with all proposals that can be read.' +
      example('url: proposals?filter={"where":{"title":"x"}}', 'url: proposals?filters={"where":{"title":"x"}}'),
  },
  'field-leading-colon': {
    severity: 'error',
    summary: 'A `field` that begins with a colon.',
    explanation:
      "No key of SciCat's answers does, so the variable has no value." +
      example('field: :pi_lastname', 'field: pi_lastname'),
  },
  'field-of-list': {
    severity: 'warning',
    summary: 'A key is taken from an answer that is a list.',
    explanation:
      'A question for a whole collection is answered with a list, even if only one item matches. Here the item is taken if it is the only one; the Python ingestor drops the variable.' +
      example(
        'id: {source: SC, url: \'instruments?filter={"where":{"name":"coda"}}\', field: id, value_type: string}',
        'found: {source: SC, url: \'instruments?filter={"where":{"name":"coda"}}\', field: \'\', value_type: list}\nfirst: {source: VALUE, operator: getitem, value: <found>, field: 0, value_type: dict}\nid: {source: VALUE, operator: getitem, value: <first>, field: id, value_type: string}',
      ),
  },
  'field-set-twice': {
    severity: 'warning',
    summary: 'A field of the dataset is set more than once.',
    explanation:
      'The last assignment that has a value is used, the others are lost. The key of the entry does not matter, only `machine_name` does.' +
      example(
        'name: {machine_name: datasetName, value: <title>, …}\ntitle: {machine_name: datasetName, value: <file>, …}',
        'name: {machine_name: datasetName, value: <title>, …}',
      ),
  },
  'field-value-type': {
    severity: 'error',
    summary: 'A field of the dataset gets a value that SciCat refuses.',
    explanation:
      'SciCat converts nothing: a number for a field of text is an error, and the dataset is not made.' +
      example(
        'run: {machine_name: runNumber, value: <run>, type: integer, …}',
        'run: {machine_name: runNumber, value: <run>, type: string, …}',
      ),
  },
  'field-empty': {
    severity: 'warning',
    summary: 'A mandatory field of the dataset is empty.',
    explanation:
      'It counts as present, but SciCat refuses many empty fields, and nobody finds a dataset without an owner.' +
      example(
        "folder: {machine_name: sourceFolder, value: '', …}",
        'folder: {machine_name: sourceFolder, value: <source_folder>, …}',
      ),
  },
  'invalid-email': {
    severity: 'error',
    summary: 'A text that is no e-mail address.',
    explanation:
      'SciCat checks addresses and refuses the dataset. `contactEmail` may hold several, separated by `;`, `ownerEmail` exactly one; the domain needs a dot.' +
      example(
        'mail: {machine_name: ownerEmail, value: beamline@localhost, …}',
        'mail: {machine_name: ownerEmail, value: beamline@example.org, …}',
      ),
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
  'json-notation': {
    severity: 'hint',
    summary: 'A schema in JSON.',
    explanation:
      'It works. The Python ingestor warns that JSON is going to be dropped; a command converts the schema to YAML.' +
      example('{"id": "…", "name": "…"}', 'id: …\nname: …'),
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
    summary: "A selector that speaks of another schema's instrument.",
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

import { checkKinds } from './checkCodes.ts';
import type { Severity } from './problem.ts';

/** What the registry says of one kind of problem; `docs/problems.md` is made from it. */
export interface ProblemKind {
  readonly severity: Severity;
  /** One line, for tables and settings. */
  readonly summary: string;
  /** Why it matters and what to do; Markdown. */
  readonly explanation: string;
}

/**
 * Every kind of problem that the project can report. A code is stable: it is used in settings, in suppressing
 * comments and in links. New codes are added here and nowhere else.
 */
export const problemKinds = {
  ...checkKinds,
  syntax: {
    severity: 'error',
    summary: 'The text is not valid JSON or YAML.',
    explanation: 'The file cannot be read as a whole until this is mended; what could be read is still checked.',
  },
  'pyyaml-refuses': {
    severity: 'warning',
    summary: 'The Python ingestor cannot read this, although it is understood here.',
    explanation:
      'The Python ingestor reads YAML with PyYAML, which refuses some of what other programs take, such as a tab behind a key or a name of an anchor with other letters than those from A to Z. With such a file in its folder it ingests nothing. The message says what to write instead.',
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
  'unknown-source': {
    severity: 'error',
    summary: 'A source that does not exist.',
    explanation: 'Variables come from `NXS` (the data file), `SC` (SciCat) or `VALUE` (computed); in upper case.',
  },
  'unknown-operator': {
    severity: 'error',
    summary: 'An operator that does not exist.',
    explanation: 'The value is left as it is, here and in the Python ingestor, which does not say so.',
  },
  'unknown-variable': {
    severity: 'error',
    summary: 'A reference to a variable that nothing defines.',
    explanation: 'The field or variable that refers to it is left out. Check the spelling, or define it further up.',
  },
  'variable-failed': {
    severity: 'warning',
    summary: 'A variable has no value.',
    explanation:
      'It could not be read, computed or converted, so it is left out together with everything that refers to it.',
  },
  'field-failed': {
    severity: 'warning',
    summary: 'A dataset field has no value.',
    explanation: 'Its value could not be computed or converted, so it is left out of the dataset.',
  },
  'field-not-json': {
    severity: 'warning',
    summary: 'A dataset field holds what JSON cannot say.',
    explanation: 'Infinity, not-a-number and the like cannot be sent; the field is left out.',
  },
  'mandatory-field-missing': {
    severity: 'error',
    summary: 'A mandatory dataset field is missing.',
    explanation: 'SciCat or the ingestor needs it for every dataset; the ingestion stops before anything is sent.',
  },
  'unknown-field': {
    severity: 'warning',
    summary: 'A dataset field that SciCat or the ingestor does not know.',
    explanation: 'It is left out of the dataset.',
  },
  'reserved-field': {
    severity: 'warning',
    summary: 'A dataset field that the ingestor fills itself.',
    explanation:
      '`size`, `numberOfFiles`, `isPublished` and `scientificMetadata` are set by the ingestor; the assignment is ignored.',
  },
  'unknown-field-type': {
    severity: 'error',
    summary: 'A `field_type` that does not exist.',
    explanation: 'Use `high_level` or `scientific_metadata`; the assignment is ignored otherwise.',
  },
  'null-metadata': {
    severity: 'warning',
    summary: 'A metadata item without a value.',
    explanation: 'SciCat fails on an empty item of scientific metadata, so it is left out.',
  },
  'selector-invalid': {
    severity: 'error',
    summary: 'A selector that cannot be understood.',
    explanation: 'It never matches, so the schema is never used.',
  },
  'schema-duplicate-id': {
    severity: 'error',
    summary: 'Two schemas of one folder share an id.',
    explanation: 'Only the first in order is used.',
  },
  'schema-refused': {
    severity: 'error',
    summary: 'A schema file cannot be used.',
    explanation: 'It is left out, and the others go on. Mend its errors to have it back.',
  },
  'no-schema': {
    severity: 'error',
    summary: 'No schema applies to the data file.',
    explanation: 'No selector is true for it and there is no fallback schema. `imsc select` tells why each said no.',
  },
  'schemas-directory': {
    severity: 'error',
    summary: 'The folder of schemas cannot be read.',
    explanation: 'Set `ingestion.schemas_directory` in the configuration to an existing folder.',
  },
  'data-file': {
    severity: 'error',
    summary: 'The data file cannot be read.',
    explanation: 'It is missing, damaged, still being written or no HDF5 file.',
  },
  'sample-query': {
    severity: 'warning',
    summary: 'The sample could not be looked up in SciCat.',
    explanation: 'The dataset is made without the samples that the query would have found.',
  },
  'already-present': {
    severity: 'information',
    summary: 'The dataset is already in SciCat.',
    explanation: 'Nothing was sent. Delete the old dataset first if the file is to be ingested again.',
  },
  'existence-unknown': {
    severity: 'warning',
    summary: 'It could not be found out whether the dataset is already in SciCat.',
    explanation: 'The ingestion goes on: SciCat itself refuses a second dataset with the same pid.',
  },
  scicat: {
    severity: 'error',
    summary: 'SciCat refused or did not answer.',
    explanation: 'The message says what was and what was not done.',
  },
  'file-path': {
    severity: 'error',
    summary: 'A file path cannot be made relative.',
    explanation: 'With `file_path_type: relative` every file must lie below `sourceFolder`.',
  },
  checksum: {
    severity: 'warning',
    summary: 'A checksum could not be computed.',
    explanation: 'The algorithm is unknown or the file changed while it was read.',
  },
  cancelled: {
    severity: 'error',
    summary: 'The run was cancelled.',
    explanation: 'What was done is in the journal; `imsc resume` finishes it.',
  },
  'wildcard-skipped': {
    severity: 'information',
    summary: 'A group that a wildcard matched was passed over.',
    explanation: 'It lacks the dataset that the path asks for. The Python ingestor gives up the whole variable here.',
  },
  'slash-in-url': {
    severity: 'warning',
    summary: 'A value puts a slash into a url.',
    explanation:
      'What is behind the slash is another part of the path, so that SciCat is asked for something else than one item. The operator `urlsafe` keeps the value in one part. What leads further away fails: an empty value, `.` and `..`, `?` and `#`, control characters, a host.',
  },
  'unused-argument': {
    severity: 'warning',
    summary: 'An argument that its operator does not use.',
    explanation: 'It has no effect.',
  },
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
  'config-default-used': {
    severity: 'warning',
    summary: 'An example of a value goes into the dataset.',
    explanation:
      'The defaults of the configuration are those of the Python ingestor, and some only show what a value looks like: `ID_OF_FALLBACK_INSTRUMENT`, `DEFAULT_PROPOSAL_ID`, `DEFAULT_OWNER_GROUP`, `ACCESS_GROUP_1`. Give the field in the schema, or set the option in the configuration; `null` leaves the field out.',
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
  'schema-file-name': {
    severity: 'warning',
    summary: 'A file in the folder of schemas is almost named like one.',
    explanation:
      'Schema files end in `.imsc.json`, `.imsc.yml` or `.imsc.yaml`; this one is passed over. The Python ingestor reads every file with such a text anywhere in its name, backups too, and stops if one of them is broken.',
  },
  'schema-file': {
    severity: 'error',
    summary: 'A schema file cannot be read.',
    explanation: 'It is left out, and the others go on. It must be readable, and its text must be UTF-8.',
  },
  'file-unreadable': {
    severity: 'error',
    summary: 'A file of the dataset cannot be read.',
    explanation: 'Every file that the dataset lists must exist and be readable while its checksum is computed.',
  },
  'file-changed': {
    severity: 'error',
    summary: 'A file of the dataset changed while its checksum was computed.',
    explanation: 'It is probably still being written. Nothing was sent; try again when it is complete.',
  },
  'hash-algorithm': {
    severity: 'error',
    summary: 'The checksum algorithm is not known.',
    explanation: "`file_hash_algorithm` takes the names of Python's hashlib, such as `blake2b`, `sha256` or `md5`.",
  },
  'dataset-incomplete': {
    severity: 'error',
    summary: 'The dataset is in SciCat, but files of it are not.',
    explanation:
      'An ingestion that the journal of this computer does not know has left it so, or is still at it. What is missing is added where the dataset has its pid from the schema, says the same as it would now, was made by this account, and has not been changed for ten minutes; then this is a warning.',
  },
  'journal-damaged': {
    severity: 'warning',
    summary: 'An entry of the journal cannot be read.',
    explanation: 'It is left as it is. If the run was not finished, look in SciCat what it had sent.',
  },
  'journal-busy': {
    severity: 'error',
    summary: 'Another process is ingesting this file right now.',
    explanation: 'Wait until it is done: two runs of one file would make two datasets.',
  },
  'journal-unwritable': {
    severity: 'error',
    summary: 'The journal of ingestions cannot be written.',
    explanation:
      'Without it a run that is interrupted could not be finished. Make room, or name another folder in the environment variable `IMSC_JOURNAL_DIR`.',
  },
  'pid-not-allowed': {
    severity: 'information',
    summary: 'The pid of the schema is not sent.',
    explanation: 'The configuration has `dataset.allow_dataset_pid: false`, so SciCat assigns the pid of the dataset.',
  },
  'pid-by-scicat': {
    severity: 'information',
    summary: 'The dataset has no pid of its own.',
    explanation: 'SciCat assigns one. A pid in the schema makes sure that a file is ingested once only.',
  },
  'data-file-changed': {
    severity: 'error',
    summary: 'The data file has changed since its ingestion was interrupted.',
    explanation:
      'What SciCat has of it describes the file as it was. Nothing is sent until a person decides: `imsc resume --as-planned` finishes the run as it began, `imsc resume --give-up` leaves it as it is.',
  },
  'run-resumed': {
    severity: 'information',
    summary: 'An interrupted ingestion of this file was finished.',
    explanation: 'Starting another one would make a second dataset, or leave the first one without its files.',
  },
  'field-refused': {
    severity: 'error',
    summary: 'SciCat refused the value of a field.',
    explanation: 'The problem stands where the schema makes the field; the message is what SciCat says about it.',
  },
  'token-expired': {
    severity: 'error',
    summary: 'The token for SciCat has expired.',
    explanation:
      'Nothing is sent with it. Sign in again, with `imsc login` or in the editor. It is a warning while the token lasts a few minutes more.',
  },
  'unclear-step': {
    severity: 'error',
    summary: 'It is not known whether an interrupted step was done.',
    explanation:
      'The process was killed or the connection lost after a request was sent and before it was answered, and the account may not read what it wrote. Look in SciCat, then tell `imsc resume` what you saw.',
  },
  'sample-unreadable': {
    severity: 'warning',
    summary: 'A sample file cannot be read.',
    explanation:
      'It is missing, damaged, still being written or no HDF5 file. What it would show is unknown; everything else goes on.',
  },
  'sample-not-taken': {
    severity: 'warning',
    summary: 'No schema takes a sample file.',
    explanation:
      'A sample is tried on the schema that it would be given to: the first by order whose selector is true for its path. Here there is none, so nothing was compared.',
  },
  'sample-unreadable-data': {
    severity: 'warning',
    summary: 'A dataset of the sample file cannot be read.',
    explanation: 'The file that holds its data is missing, or it is packed in a way that this reader does not know.',
  },
  'sample-path-missing': {
    severity: 'warning',
    summary: 'A NeXus path that the sample file does not have.',
    explanation:
      'For a file like the sample the variable has no value, and what refers to it is left out. Check the spelling, or choose another sample.',
  },
  'sample-path-is-group': {
    severity: 'warning',
    summary: 'A NeXus path that leads to a group.',
    explanation: 'A variable takes the value of a dataset; a group has none. Name a dataset in it.',
  },
  'sample-wildcard-empty': {
    severity: 'warning',
    summary: 'A path with wildcards that matches nothing in the sample file.',
    explanation: 'The variable is then an empty list, without any warning in an ingestion.',
  },
  'sample-wildcard-accident': {
    severity: 'warning',
    summary: 'A wildcard that takes others than it seems to.',
    explanation:
      'A component with `*` is a regular expression that is searched anywhere in the names, as in the Python ingestor: `user_*` takes every name with `user` in it. Write `^user_.*$` for names that begin with `user_`.',
  },
  'sample-wrong-data': {
    severity: 'warning',
    summary: 'The data in the sample file does not fit the value type.',
    explanation: 'Its kind, its shape or its content cannot become what `value_type` asks for, so the variable fails.',
  },
  'sample-number-cut': {
    severity: 'warning',
    summary: 'A number of the sample file loses its fraction.',
    explanation: 'The type `integer` cuts off what stands behind the decimal point and does not say so. Use `float`.',
  },
  'sample-unit-conflict': {
    severity: 'warning',
    summary: 'The schema and the sample file name different units.',
    explanation:
      'A variable takes the unit of the file, and the one in the schema has no effect. The unit of a field is written as it stands; no value is ever converted.',
  },
  'samples-disagree': {
    severity: 'information',
    summary: 'Something is wrong with some of the sample files only.',
    explanation: 'The schema fits one sample and not another. Files like the latter will lack this value.',
  },
  'nexus-path': {
    severity: 'error',
    summary: 'There is no such path in the NeXus file.',
    explanation: 'Paths begin at the root, e.g. `/entry/sample/name`; `imsc inspect FILE` shows what there is.',
  },
  'does-not-fit': {
    severity: 'warning',
    summary: 'The dataset says more than this version of the API holds.',
    explanation:
      'v3 of SciCat has one sample, one proposal and one instrument for a raw dataset. Set `scicat.apiVersion: auto` to use v4 where it is needed.',
  },
  'scicat-refuses': {
    severity: 'error',
    summary: 'SciCat will refuse the value of a field.',
    explanation:
      'SciCat checks types, e-mail addresses and dates, and converts nothing; it also refuses what it does not know and datasets without what it needs. The message says what it wants. A dry run fails with it; an ingestion asks SciCat all the same, which has the last word.',
  },
  'pid-unusable': {
    severity: 'error',
    summary: 'The pid of the dataset cannot be part of an address.',
    explanation:
      'A dataset is asked for by its pid. One that is empty, `.` or `..`, or that holds control characters leads elsewhere, so that nobody would find the dataset again.',
  },
  'relative-source-folder': {
    severity: 'warning',
    summary: 'The source folder of the dataset is no whole path.',
    explanation:
      'SciCat shows `sourceFolder` to people on other machines, so it should begin at the root. It is often made from `<data_file_path>`, which is the path as it was given.',
  },
  'test-file': {
    severity: 'error',
    summary: 'A test of a schema cannot be run.',
    explanation:
      'A file `*.imsc.test.yml` names a sample file, and says what a schema makes of it. The message says what is missing or not understood in it.',
  },
  usage: {
    severity: 'error',
    summary: 'The command line is wrong.',
    explanation: 'An option or an argument is missing or not understood; `imsc COMMAND --help` lists them.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

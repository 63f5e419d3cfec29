import type { ProblemKind } from '../problemKind.ts';

/** A schema tried on a sample file. */
export const sampleKinds = {
  'sample-unreadable': {
    severity: 'warning',
    summary: 'A sample file cannot be read.',
    explanation:
      'It is missing, damaged, still being written, or not an HDF5 file. What it would show is unknown; everything else goes on.',
  },
  'sample-not-taken': {
    severity: 'warning',
    summary: 'No schema takes a sample file.',
    explanation:
      'A sample is tried on the schema that it would be given to: the first by order whose selector is true for its path. Here there is none, so nothing was compared.',
  },
  'sample-not-selected': {
    severity: 'information',
    summary: 'A sample file that the selector of the schema does not take.',
    explanation:
      'An ingestion would never give such a file to this schema, so what else does not fit between the two is told with this hint, not each at its place. Its values are shown all the same. Choose a sample that the selector takes, or change the selector if it is to take this one. A sample that was chosen by command is compared wherever it lies.',
  },
  'sample-unreadable-data': {
    severity: 'warning',
    toldBy: 'run',
    summary: 'A dataset of the sample file cannot be read.',
    explanation: 'The file that holds its data is missing, or it is packed in a way that this reader does not know.',
  },
  'sample-path-missing': {
    severity: 'warning',
    toldBy: 'run',
    summary: 'A NeXus path that the sample file does not have.',
    explanation:
      'For a file like the sample the variable has no value, and what refers to it is left out. Check the spelling, or choose another sample.',
  },
  'sample-path-is-group': {
    severity: 'warning',
    toldBy: 'run',
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
    toldBy: 'run',
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
  'sample-unit-unread': {
    severity: 'warning',
    summary: 'A unit in the sample file that SciCat does not read as it is meant.',
    explanation:
      'SciCat does not know it, or takes it for another one; see `unit-unknown` and `unit-misread`. A `unit` at the field of the scientific metadata is written in its place.',
  },
  'samples-disagree': {
    severity: 'information',
    summary: 'Something is wrong with some of the sample files only.',
    explanation: 'The schema fits one sample and not another. Files like the latter will lack this value.',
  },
  'variable-failed': {
    severity: 'warning',
    toldBy: 'run',
    summary: 'A variable has no value.',
    explanation:
      'It could not be read, computed or converted, so it is left out together with everything that refers to it.',
  },
  'field-failed': {
    severity: 'warning',
    toldBy: 'run',
    summary: 'A dataset field has no value.',
    explanation: 'Its value could not be computed or converted, so it is left out of the dataset.',
  },
  'wildcard-skipped': {
    severity: 'information',
    toldBy: 'run',
    summary: 'Not all that a path stands for was read.',
    explanation:
      'Either a group that a wildcard matched lacks the dataset that the path asks for, and was passed over; the Python ingestor gives up the whole variable here. Or a path by class (`:NXdetector`) stands for several places, and one value was asked for: the first of them was read. `value_type: string[]` reads them all, and the name of the group only the one that is meant.',
  },
  'test-file': {
    severity: 'error',
    summary: 'A test of a schema cannot be run.',
    explanation:
      'A file `*.imsc.test.yml` names a sample file, and says what a schema makes of it. The message says what is missing or not understood in it.',
  },
} as const satisfies Record<string, ProblemKind>;

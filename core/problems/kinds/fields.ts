import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** The fields of the dataset. */
export const fieldKinds = {
  'mandatory-field-missing': {
    severity: 'error',
    needs: 'dataset fields',
    toldBy: 'run',
    summary: 'A mandatory dataset field is missing.',
    explanation: 'SciCat or the ingestor needs it for every dataset; the ingestion stops before anything is sent.',
  },
  'unknown-field': {
    severity: 'warning',
    needs: 'dataset fields',
    toldBy: 'run',
    summary: 'A dataset field that SciCat or the ingestor does not know.',
    explanation: 'It is left out of the dataset.',
  },
  'reserved-field': {
    severity: 'warning',
    needs: 'dataset fields',
    toldBy: 'run',
    summary: 'A dataset field that the ingestor fills itself.',
    explanation:
      '`size`, `numberOfFiles`, `isPublished` and `scientificMetadata` are set by the ingestor; the assignment is ignored.',
  },
  'unknown-field-type': {
    severity: 'error',
    toldBy: 'run',
    summary: 'A `field_type` that does not exist.',
    explanation: 'Use `high_level` or `scientific_metadata`; the assignment is ignored otherwise.',
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
    needs: 'refusals',
    toldBy: 'refusal',
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
    needs: 'dataset fields',
    toldBy: 'refusal',
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
    needs: 'refusals',
    toldBy: 'refusal',
    summary: 'A text that is not an e-mail address.',
    explanation:
      'SciCat checks addresses and refuses the dataset. `contactEmail` may hold several, separated by `;`, `ownerEmail` exactly one; the domain needs a dot.' +
      example(
        'mail: {machine_name: ownerEmail, value: beamline@localhost, …}',
        'mail: {machine_name: ownerEmail, value: beamline@example.org, …}',
      ),
  },
} as const satisfies Record<string, ProblemKind>;

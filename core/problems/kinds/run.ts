import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** An ingestion up to its plan, its files and its journal. */
export const runKinds = {
  'field-not-json': {
    severity: 'warning',
    summary: 'A dataset field holds what JSON cannot express.',
    explanation: 'Infinity, not-a-number and the like cannot be sent; the field is left out.',
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
    explanation:
      'It is missing, damaged, still being written, or not an HDF5 file. So is a file that could be opened, and of which an answer does not come: not in time, because the disk or the network fails, or because the file changed meanwhile. A dataset is not made without that value, because another time it may be there.',
  },
  'several-data-files': {
    severity: 'warning',
    summary: 'A folder holds several NeXus files.',
    explanation:
      'One folder makes one dataset. The values of its schema come from the first of them, in the order in which people count (`run2` before `run10`); all are listed. Ingest the files themselves if each is to become a dataset of its own, or say which one it is.',
  },
  'file-path': {
    severity: 'error',
    summary: 'A file path cannot be made relative.',
    explanation: 'With `file_path_type: relative` every file must lie below `sourceFolder`.',
  },
  cancelled: {
    severity: 'error',
    summary: 'The run was cancelled.',
    explanation: 'What was done is in the journal; `imsc resume` finishes it.',
  },
  'config-default-used': {
    severity: 'warning',
    summary: 'An example of a value goes into the dataset.',
    explanation:
      'The defaults of the configuration are those of the Python ingestor, and some only show what a value looks like: `ID_OF_FALLBACK_INSTRUMENT`, `DEFAULT_PROPOSAL_ID`, `DEFAULT_OWNER_GROUP`, `ACCESS_GROUP_1`. Give the field in the schema, or set the option in the configuration; `null` leaves the field out.',
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
    summary: 'A file of the dataset changed while it was read or its checksum was computed.',
    explanation: 'It is probably still being written. Nothing was sent; try again when it is complete.',
  },
  'journal-damaged': {
    severity: 'warning',
    summary: 'An entry of the journal cannot be read.',
    explanation: 'It is left as it is. If the run was not finished, look in SciCat for what it had sent.',
  },
  'journal-busy': {
    severity: 'error',
    summary: 'Another process is ingesting this file right now.',
    explanation: 'Wait until it is done: two runs of one file would make two datasets.',
  },
  package: {
    severity: 'error',
    summary: 'What was sent, or a bag or an archive among it, cannot be used as it is.',
    explanation:
      'A bag must be complete and unchanged, an archive whole and of a kind that is known, and nothing of it may lead outside of its folder. `imsc bag check` tells all that is wrong with a bag.',
  },
  message: {
    severity: 'error',
    summary: 'A message about a new file cannot be understood, or its file is not there.',
    explanation:
      'It is put aside as a job that is rejected, with its bytes, where it came from and why; `imsc jobs show` tells that. Nothing else waits for it.',
  },
  'draft-expires': {
    severity: 'warning',
    summary: 'A draft that nobody has changed for long will expire within a day.',
    explanation:
      'What was sent for it is removed then; the record stays for a while, and `imsc jobs reopen` begins anew. It is kept for longer with each change, and for good once it is complete.',
  },
  'amendment-unclear': {
    severity: 'warning',
    summary: 'A change of a dataset was interrupted, and SciCat does not tell whether it was made.',
    explanation:
      'Of an interrupted change it is looked in SciCat what became of it: what was wanted is there, or what was there before, and then it is made now. If somebody else has changed the same fields since, or SciCat refuses the change, only a person can say what is right. `imsc jobs show` tells which fields, and the log of the job holds what they were.',
  },
  'job-refused': {
    severity: 'error',
    summary: 'This cannot be done with this job.',
    explanation:
      'There is no job of that name, or what is asked for does not fit how it stands: one that is done is not resumed, one that has not ended is not dropped. `imsc jobs` lists them all.',
  },
  'journal-unwritable': {
    severity: 'error',
    summary: 'The journal of ingestions cannot be written.',
    explanation:
      'Without it a run that is interrupted could not be finished. Make room, or name another folder in the environment variable `IMSC_JOURNAL_DIR`. Where the journal is kept in a database, this also means that it cannot be reached or signed in to: the message says why, and nothing is sent meanwhile.',
  },
  'data-file-changed': {
    severity: 'error',
    summary: 'The data file has changed since its ingestion was interrupted.',
    explanation:
      'What SciCat has of it describes the file as it was. Nothing is sent until a person decides: `imsc resume --as-planned` finishes the run as it began, `imsc resume --give-up` leaves it as it is.',
  },
  'not-replaced': {
    severity: 'error',
    summary: 'The dataset of this file is not replaced.',
    explanation:
      '`imsc ingest --replace` takes a dataset out of a sandbox, with its lists of files, and makes it anew: while a schema is written, that is the way to see what became of a change. It does so only in a sandbox (`imsc sandbox`), and only where the file can be ingested. In a SciCat of other people `imsc update` changes the fields that are to change.',
  },
  replaced: {
    severity: 'information',
    summary: 'The dataset that a file had in the sandbox was removed before it was ingested again.',
    explanation: 'Its lists of files were removed with it, so that no file stands there twice.',
  },
  'run-resumed': {
    severity: 'information',
    summary: 'An interrupted ingestion of this file was finished.',
    explanation: 'Starting another one would make a second dataset, or leave the first one without its files.',
  },
  'unclear-step': {
    severity: 'error',
    summary: 'It is not known whether an interrupted step was done.',
    explanation:
      'The process was killed or the connection lost after a request was sent and before it was answered, and the account may not read what it wrote. Look in SciCat, then tell `imsc resume` what you saw.',
  },
  'relative-source-folder': {
    severity: 'warning',
    summary: 'The source folder of the dataset is not a whole path.',
    explanation:
      'SciCat shows `sourceFolder` to people on other machines, so it should begin at the root. It is often made from `<data_file_path>`, which is the path as it was given.',
  },
  'metadata-file': {
    severity: 'error',
    summary: 'A file with metadata cannot be read.',
    explanation:
      'It must be there, be UTF-8, and hold a map in YAML or JSON: fields of the dataset, and below `scientificMetadata` everything else. `imsc metadata` writes one.',
  },
  'given-field': {
    severity: 'error',
    summary: 'Metadata that was given has no place in a dataset.',
    explanation:
      'Metadata that a person or a deposit gives beside the schema may fill every field of a SciCat dataset but those that the ingestor or SciCat fill themselves; everything else goes below `scientificMetadata`. Nothing is sent until that is mended: what somebody has written must not get lost.' +
      example('datasetNmae: Vanadium', 'datasetName: Vanadium'),
  },
  'given-key': {
    severity: 'error',
    summary: 'A key of given metadata that SciCat could not be asked for.',
    explanation:
      'The characters `. [ ] $ < >` have a meaning in questions to SciCat and in schemas, so they are refused in the keys of metadata, however deep they stand. So are keys called `__proto__`, `constructor` or `prototype`, because what stands below them gets lost on the way.' +
      example('scientificMetadata:\n  sample.temperature: 5', 'scientificMetadata:\n  sample_temperature: 5'),
  },
} as const satisfies Record<string, ProblemKind>;

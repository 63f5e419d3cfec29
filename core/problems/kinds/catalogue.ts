import type { ProblemKind } from '../problemKind.ts';

/** What SciCat answers or would answer. */
export const catalogueKinds = {
  scicat: {
    severity: 'error',
    summary: 'SciCat refused or did not answer.',
    explanation: 'The message says what was and what was not done.',
  },
  'sample-query': {
    severity: 'warning',
    summary: 'The sample could not be looked up in SciCat.',
    explanation: 'The dataset is made without the samples that the query would have found.',
  },
  'slash-in-url': {
    severity: 'warning',
    summary: 'A value puts a slash into a url.',
    explanation:
      'What follows the slash is another part of the path, so SciCat is asked for something other than one item. The operator `urlsafe` keeps the value in one part. What leads further away fails: an empty value, `.` and `..`, `?` and `#`, control characters, a host.',
  },
  'token-expired': {
    severity: 'error',
    summary: 'The token for SciCat has expired.',
    explanation:
      'Nothing is sent with it. Sign in again, with `imsc login` or in the editor. It is a warning while the token lasts a few minutes more.',
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
  'dataset-incomplete': {
    severity: 'error',
    summary: 'The dataset is in SciCat, but files of it are not.',
    explanation:
      'An ingestion that the journal of this computer does not know has left it like this, or is still working on it. What is missing is added where the dataset has its pid from the schema, says the same as it would now, was made by this account, and has not been changed for ten minutes; then this is a warning. A service and `imsc online` wait that long by themselves.',
  },
  'not-updated': {
    severity: 'error',
    summary: 'A dataset in SciCat was not updated.',
    explanation:
      'It is not there, nobody knows which it is, somebody has changed it while it was looked at, or SciCat refuses the change. The others are updated all the same; run the command again for those that are left. A field that the schema makes and that has no value now, because its path is missing or its operator fails, stays as it is in SciCat; that is a warning.',
  },
  'archive-job': {
    severity: 'warning',
    summary: 'A job that the schema asks SciCat for was not taken.',
    explanation:
      'The dataset and its files are there all the same. What could not be sent, or was refused, can be sent again with `imsc jobs send`; a job whose texts have a value that is not known is not asked for at all.',
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
      'SciCat checks types, e-mail addresses and dates, and converts nothing; it also refuses what it does not know and datasets without what it needs. The message says what it wants. A dry run fails because of it; an ingestion asks SciCat all the same, because SciCat has the last word.',
  },
  'field-refused': {
    severity: 'error',
    summary: 'SciCat refused the value of a field.',
    explanation: 'The problem stands where the schema makes the field; the message is what SciCat says about it.',
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
  'pid-unusable': {
    severity: 'error',
    summary: 'The pid of the dataset cannot be part of an address.',
    explanation:
      'A dataset is asked for by its pid. One that is empty, `.` or `..`, or that holds control characters leads elsewhere, so that nobody would find the dataset again.',
  },
} as const satisfies Record<string, ProblemKind>;

import { jobOutcomes, jobStatuses } from '../../../core/jobs/lifecycle.ts';
import { verbNames } from './jobBody.ts';

const text = { type: 'string' } as const;
const orNull = (type: string, description: string): object => ({ type: [type, 'null'], description });
const time = { type: 'string', format: 'date-time' } as const;
const listOf = (items: object, description: string): object => ({ type: 'array', items, description });
/** An object that has all of these members, and no others. */
const object = (properties: Readonly<Record<string, object>>): object => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

const job = {
  id: { ...text, description: 'its number' },
  status: { enum: jobStatuses },
  step: orNull('string', 'what it is at'),
  progress: {
    oneOf: [{ type: 'null' }, object({ done: { type: 'number' }, total: { type: ['number', 'null'] }, unit: text })],
  },
  hold: {
    description: 'why it waits though it could go on',
    oneOf: [
      { type: 'null' },
      {
        type: 'object',
        properties: { for: { enum: ['approval', 'credentials', 'retry'] }, until: time, reason: text },
        required: ['for'],
        additionalProperties: false,
      },
    ],
  },
  outcome: { enum: [...jobOutcomes, null] },
  running: { type: 'boolean', description: 'whether a process is at it' },
  pid: orNull('string', 'of the dataset in SciCat'),
  page: orNull('string', 'address of the dataset among SciCat’s pages, where that is known'),
  dataFile: orNull('string', 'absolute path at the service'),
  folder: orNull('string', 'absolute path at the service'),
  protocol: { ...text, description: 'the way it came' },
  owner: { ...text, description: 'the account that it belongs to' },
  tag: orNull('string', 'as its sender calls it'),
  host: { ...text, description: 'address of SciCat' },
  created: time,
  changed: time,
  ended: { type: ['string', 'null'], format: 'date-time' },
  problems: listOf(object({ code: text, severity: { enum: ['error', 'warning'] }, message: text }), 'what was found'),
  steps: listOf(
    object({
      name: text,
      state: { enum: ['planned', 'started', 'done'] },
      attempts: { type: 'integer' },
      started: { type: ['string', 'null'], format: 'date-time' },
      ended: { type: ['string', 'null'], format: 'date-time' },
    }),
    'what is done for it, in this order',
  ),
  swhid: orNull('string', 'identifier of the content'),
  parent: orNull('string', 'the job that was reopened as this one'),
  files: listOf(
    object({ name: text, size: { type: 'integer', description: 'bytes' }, sha256: { type: ['string', 'null'] } }),
    'what was uploaded',
  ),
  can: listOf({ enum: verbNames }, 'what can be done with it as it is now'),
} as const;

/** What the API gives, as its description has it (JSON Schema 2020-12). */
export const schemas = {
  Job: object(job),
  WholeJob: object({
    ...job,
    provenance: { type: 'object', additionalProperties: text, description: 'where each field of the dataset is from' },
    amendments: listOf({ type: 'object' }, 'how the dataset was changed since'),
  }),
  Jobs: object({ jobs: listOf(ref('Job'), 'newest first'), total: { type: 'integer' } }),
  Listing: object({
    entries: listOf(
      object({
        name: text,
        path: { ...text, description: 'below the location' },
        folder: { type: 'boolean' },
        size: { type: ['integer', 'null'], description: 'bytes, of a file' },
        changed: { ...time, description: 'its last change' },
        data: { type: 'boolean', description: 'whether it is called as data files are' },
      }),
      'folders first, then files, by their names',
    ),
    total: { type: 'integer' },
    more: { type: 'boolean', description: 'whether the folder has so many that some were not looked at' },
  }),
  About: object({
    version: text,
    address: { ...text, description: 'where clients reach the service' },
    protocols: listOf(text, 'that are spoken'),
    locations: listOf(object({ name: text }), 'folders whose data can be ingested where they lie'),
    deposits: { type: 'boolean', description: 'whether files can be uploaded' },
    signedInAs: {
      type: ['string', 'null'],
      description: 'whose session it is that was begun by signing in at the page',
    },
  }),
  Refusal: {
    type: 'object',
    properties: { error: text, message: text, details: listOf(text, 'all that is wrong, where it is more') },
    required: ['error', 'message'],
    additionalProperties: false,
  },
} as const;

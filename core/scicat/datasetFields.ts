import { placeholders } from '../text/placeholders.ts';

/** How SciCat treats a field: `ignored` is accepted without effect, `refused` makes it answer 400. */
export type FieldNeed = 'required' | 'optional' | 'ignored' | 'refused';

/** What the value must be; `strings` is a list of texts, for which SciCat also takes a single text. */
export type FieldType =
  'string' | 'strings' | 'integer' | 'number' | 'boolean' | 'object' | 'techniques' | 'relationships';

/** `luxon-date-time` is read by another library than `date-time` and takes no blank between date and time. */
export type FieldFormat = 'email' | 'email-list' | 'date-time' | 'luxon-date-time' | 'url' | 'web-address';

/** Keys of the `dataset` section of the ingestor's configuration that give defaults. */
export type FieldDefault =
  'default_instrument_id' | 'default_proposal_id' | 'default_owner_group' | 'default_access_groups';

/** One field of a SciCat dataset. */
export interface DatasetField {
  readonly name: string;
  /** One line, for completion and tables. */
  readonly summary: string;
  readonly type: FieldType;
  /** Raw datasets in v3 of the API, derived ones in v3, and all in v4. */
  readonly raw: FieldNeed;
  readonly derived: FieldNeed;
  readonly v4: FieldNeed;
  /** An imsc schema must give it. */
  readonly mandatory: boolean;
  /** An imsc schema may give it; what may not be given is left out. */
  readonly assignable: boolean;
  /** The ingestor fills it and ignores what a schema says. */
  readonly setByIngestor: boolean;
  /** May not be the empty text. */
  readonly notEmpty: boolean;
  /** The database cannot do without, although the rules call it optional. */
  readonly neededByDatabase?: boolean;
  /** The v4 field that holds a list of what this v3 field holds one of. */
  readonly plural?: string;
  /**
   * The ingestors that send it, where not all do: those that speak v3 of the API, those that speak v4, or only this
   * program.
   */
  readonly sentBy?: 'v3' | 'v4' | 'imsc';
  readonly format?: FieldFormat;
  /** Where the value comes from if the schema gives none. */
  readonly default?: FieldDefault;
  /** What the ingestor sends if the schema does not mention the field. */
  readonly unassigned?: string | readonly string[];
  /** What fills it in most schemas: the first of these texts whose variables all exist. */
  readonly usual?: readonly string[];
  /** SciCat writes or counts it by itself, whatever was sent. */
  readonly madeByScicat?: true;
  /** What else SciCat or the ingestor demands or does, in a sentence. */
  readonly rule?: string;
  readonly example?: unknown;
}

type Notes = Partial<
  Pick<
    DatasetField,
    | 'notEmpty'
    | 'neededByDatabase'
    | 'plural'
    | 'sentBy'
    | 'format'
    | 'default'
    | 'unassigned'
    | 'usual'
    | 'madeByScicat'
    | 'rule'
    | 'example'
  >
>;
type Needs = readonly [raw: FieldNeed, derived: FieldNeed, v4: FieldNeed];
type Role = 'mandatory' | 'assignable' | 'set-by-ingestor' | 'not-assignable';

const required: Needs = ['required', 'required', 'required'];
const optional: Needs = ['optional', 'optional', 'optional'];
const notDerived: Needs = ['optional', 'refused', 'optional'];
const onlyV4: Needs = ['refused', 'refused', 'optional'];

function field(
  name: string,
  role: Role,
  type: FieldType,
  [raw, derived, v4]: Needs,
  summary: string,
  notes: Notes = {},
): DatasetField {
  return {
    name,
    summary,
    type,
    raw,
    derived,
    v4,
    mandatory: role === 'mandatory',
    assignable: role === 'mandatory' || role === 'assignable',
    setByIngestor: role === 'set-by-ingestor',
    notEmpty: false,
    ...notes,
  };
}

const { pidPrefix, facility } = placeholders;
/** How the names of a person stand in most schemas. */
const names = ['<pi_firstname> <pi_lastname>', '<pi_name>'];

const serverCounts = 'SciCat adds up the files itself; sending a number makes it count twice. Never sent.';

/**
 * Every field of a SciCat dataset, in the order in which SciCat checks them. What an imsc schema may fill is the list
 * of the Python ingestor, and what SciCat demands of derived datasets; the rest is accepted by SciCat and not filled by ingestors.
 */
export const datasetFields: readonly DatasetField[] = [
  field('ownerGroup', 'assignable', 'string', required, 'Group with full rights to the dataset.', {
    usual: ['<owner_group>', '<proposal_id>', placeholders.ownerGroup],
    notEmpty: true,
    default: 'default_owner_group',
    rule: 'The account must be in this group unless it may create datasets for others.',
    example: '443503',
  }),
  field('accessGroups', 'assignable', 'strings', optional, 'Groups that may read the dataset.', {
    default: 'default_access_groups',
    example: ['ess', 'coda'],
  }),
  field('instrumentGroup', 'not-assignable', 'string', optional, 'A further group, of those who run the instrument.'),
  field(
    'owner',
    'mandatory',
    'string',
    ['required', 'required', 'optional'],
    'Name of the person who is responsible for the data.',
    {
      usual: ['<owner>', ...names, '<team>', placeholders.owner],
      neededByDatabase: true,
      rule: 'v4 of the API calls it optional and fails without it.',
      example: 'Ada Lovelace',
    },
  ),
  field('ownerEmail', 'mandatory', 'string', optional, 'E-mail address of the owner.', {
    usual: ['<owner_email>', '<pi_email>', placeholders.ownerEmail],
    format: 'email',
    rule: 'Exactly one address, with a full domain.',
    example: 'ada@example.org',
  }),
  field('orcidOfOwner', 'not-assignable', 'string', optional, 'ORCID of the owner.'),
  field('contactEmail', 'mandatory', 'string', required, 'E-mail address to ask about the data.', {
    usual: ['<contact_email>', '<pi_email>', '<owner_email>', placeholders.contactEmail],
    format: 'email-list',
    rule: 'Several addresses are separated by semicolons (SciCat 4.26 and later).',
    example: 'ada@example.org',
  }),
  field('sourceFolder', 'mandatory', 'string', required, 'Folder that the paths of the files are relative to.', {
    usual: ['<source_folder>'],
    notEmpty: true,
    rule: 'A slash at the end is removed.',
    example: '/ess/data/coda/443503/raw',
  }),
  field('sourceFolderHost', 'not-assignable', 'string', optional, 'Computer that holds the source folder.', {
    format: 'url',
    rule: 'A host with its domain, or a URL.',
  }),
  field('size', 'set-by-ingestor', 'integer', optional, 'Bytes of all files together.', {
    madeByScicat: true,
    rule: serverCounts,
  }),
  field('packedSize', 'not-assignable', 'integer', optional, 'Bytes in the archive.', { madeByScicat: true }),
  field('numberOfFiles', 'set-by-ingestor', 'integer', optional, 'Number of files.', {
    madeByScicat: true,
    rule: serverCounts,
  }),
  field('numberOfFilesArchived', 'not-assignable', 'integer', optional, 'Number of files in the archive.'),
  field('creationTime', 'mandatory', 'string', required, 'When the data became complete.', {
    usual: ['<creation_time>', '<end_time>', '<start_time>', '<now>'],
    format: 'luxon-date-time',
    rule: 'ISO 8601; without an offset SciCat takes the zone of its own server.',
    example: '2025-01-20T12:00:00.000Z',
  }),
  field('validationStatus', 'not-assignable', 'string', optional, 'How far the data can be trusted.'),
  field('keywords', 'assignable', 'strings', optional, 'Words to find the dataset by.', { example: ['vanadium'] }),
  field('description', 'assignable', 'string', optional, 'What the dataset contains, in free text.', {
    example: 'Calibration with a vanadium rod',
  }),
  field('datasetName', 'mandatory', 'string', ['optional', 'optional', 'required'], 'Short title for people.', {
    usual: ['<dataset_name>', '<title>', '<data_file_name>'],
    rule: 'v3 makes one from the source folder if it is missing.',
    example: 'Vanadium calibration',
  }),
  field('classification', 'not-assignable', 'string', optional, 'Availability, confidentiality and integrity class.', {
    madeByScicat: true,
    rule: 'SciCat always writes its own.',
  }),
  field('license', 'not-assignable', 'string', optional, 'Licence of the data.'),
  field('isPublished', 'set-by-ingestor', 'boolean', optional, 'Whether everybody may read the dataset.', {
    madeByScicat: true,
    rule: 'Ingestors always send false.',
  }),
  field('techniques', 'assignable', 'techniques', optional, 'Experimental techniques, each with pid and name.', {
    unassigned: [],
    rule: 'Each has a pid (best a term of PaNET) and a name, and nothing else. An empty list if not given.',
    example: [{ pid: 'http://purl.org/pan-science/PaNET/PaNET01098', name: 'SANS' }],
  }),
  field('sharedWith', 'not-assignable', 'strings', optional, 'E-mail addresses of people who may read it besides.'),
  field('relationships', 'not-assignable', 'relationships', optional, 'Links to other datasets and things.', {
    rule: 'Each has an identifier (a pid before SciCat 4.28).',
  }),
  field('datasetlifecycle', 'not-assignable', 'object', optional, 'State of archiving and publishing.', {
    madeByScicat: true,
  }),
  field('scientificMetadata', 'set-by-ingestor', 'object', optional, 'Everything measured: name, value, unit.', {
    rule: 'Made of the fields with field_type scientific_metadata. An item that is null makes SciCat fail.',
  }),
  field('scientificMetadataSchema', 'not-assignable', 'string', optional, 'JSON Schema for the scientific metadata.', {
    format: 'web-address',
  }),
  field('scientificMetadataValid', 'not-assignable', 'boolean', optional, 'Whether the metadata fits its schema.'),
  field('comment', 'not-assignable', 'string', optional, 'Remark of a user.'),
  field('dataQualityMetrics', 'not-assignable', 'number', optional, 'Rating by users.'),
  field(
    'proposalId',
    'assignable',
    'string',
    ['optional', 'optional', 'refused'],
    'Proposal that the data were taken for.',
    {
      plural: 'proposalIds',
      sentBy: 'v3',
      default: 'default_proposal_id',
      rule: 'SciCat does not check that the proposal exists.',
      example: '443503',
    },
  ),
  field('runNumber', 'assignable', 'string', optional, 'Number of the run at the facility.', {
    rule: 'A text, also where it is a number.',
    example: '31010',
  }),
  field(
    'principalInvestigator',
    'mandatory',
    'string',
    ['required', 'refused', 'refused'],
    'Who leads the experiment.',
    {
      usual: ['<principal_investigator>', ...names, '<owner>', '<team>', placeholders.principalInvestigator],
      plural: 'principalInvestigators',
      sentBy: 'v3',
      rule: 'Several names are separated by semicolons in v3.',
      example: 'Ada Lovelace',
    },
  ),
  field('principalInvestigators', 'assignable', 'strings', onlyV4, 'Those who lead the experiment.', {
    sentBy: 'v4',
    rule: 'In place of principalInvestigator.',
    example: ['Ada Lovelace'],
  }),
  field('startTime', 'assignable', 'string', notDerived, 'When the measurement began.', {
    format: 'date-time',
    rule: 'ISO 8601.',
    example: '2025-01-20T11:00:00.000Z',
  }),
  field('endTime', 'assignable', 'string', notDerived, 'When the measurement ended.', {
    format: 'luxon-date-time',
    rule: 'ISO 8601.',
    example: '2025-01-20T12:00:00.000Z',
  }),
  field(
    'creationLocation',
    'mandatory',
    'string',
    ['required', 'refused', 'optional'],
    'Where the data were taken: site, facility, instrument.',
    {
      usual: [
        '<creation_location>',
        `${facility}:<instrument_name>`,
        '<instrument_name>',
        `${facility}:${placeholders.instrument}`,
      ],
      example: 'ESS:CODA',
    },
  ),
  field('dataFormat', 'not-assignable', 'string', notDerived, 'Format of the files.'),
  field('sampleId', 'assignable', 'string', ['optional', 'refused', 'refused'], 'Sample that was measured.', {
    plural: 'sampleIds',
    rule: 'v3 holds one sample; several need v4.',
    example: '28f866ee-2ecb-4770-86e2-3885d07e7edc',
  }),
  field(
    'instrumentId',
    'assignable',
    'string',
    ['optional', 'refused', 'refused'],
    'Pid of the instrument in SciCat.',
    {
      plural: 'instrumentIds',
      sentBy: 'v3',
      default: 'default_instrument_id',
      rule: 'SciCat does not check that the instrument exists.',
      example: '20.500.12269/cdf13be5-d2d6-4dae-b1a7-4ea5a4bd33ef',
    },
  ),
  field('proposalIds', 'assignable', 'strings', onlyV4, 'Proposals that the data were taken for.', {
    sentBy: 'v4',
    rule: 'In place of proposalId.',
    example: ['443503'],
  }),
  field('sampleIds', 'assignable', 'strings', onlyV4, 'Samples that were measured.', {
    sentBy: 'imsc',
    rule: 'In place of sampleId.',
    example: ['28f866ee-2ecb-4770-86e2-3885d07e7edc'],
  }),
  field('instrumentIds', 'assignable', 'strings', onlyV4, 'Pids of the instruments in SciCat.', {
    sentBy: 'v4',
    rule: 'In place of instrumentId.',
    example: ['20.500.12269/cdf13be5-d2d6-4dae-b1a7-4ea5a4bd33ef'],
  }),
  field('investigator', 'assignable', 'string', ['ignored', 'required', 'refused'], 'Who made a derived dataset.', {
    sentBy: 'imsc',
    rule: 'Of derived datasets only; without it the principalInvestigator is taken.',
  }),
  field(
    'inputDatasets',
    'assignable',
    'strings',
    ['ignored', 'required', 'optional'],
    'Pids that it is derived from.',
    {
      sentBy: 'imsc',
      rule: 'Of derived datasets only.',
      example: ['20.500.12269/0b1ea9a0-0000-4000-8000-000000000001'],
    },
  ),
  field('usedSoftware', 'assignable', 'strings', ['ignored', 'required', 'optional'], 'Software that made it.', {
    sentBy: 'imsc',
    rule: 'Of derived datasets only.',
    example: ['https://github.com/scipp/esssans'],
  }),
  field(
    'jobParameters',
    'not-assignable',
    'object',
    ['ignored', 'optional', 'optional'],
    'Parameters of the processing.',
  ),
  field('jobLogData', 'not-assignable', 'string', ['ignored', 'optional', 'optional'], 'Log of the processing.'),
  field('pid', 'mandatory', 'string', optional, 'Permanent identifier of the dataset.', {
    // A run number counts on one instrument.
    usual: [
      '<pid>',
      `${pidPrefix}/<job_id>`,
      `${pidPrefix}/<instrument_name>-<run_number>`,
      `${pidPrefix}/<ingestor_run_id>`,
    ],
    rule: 'Taken as it is. Without one SciCat makes one; the empty text makes it fail.',
    example: '20.500.12269/0b1ea9a0-0000-4000-8000-000000000001',
  }),
  field(
    'version',
    'not-assignable',
    'string',
    ['optional', 'optional', 'refused'],
    'Version of the API that wrote it.',
    { madeByScicat: true, rule: 'SciCat always writes its own.' },
  ),
  field('type', 'assignable', 'string', required, 'Kind of dataset: raw, derived, or one of the facility’s own.', {
    unassigned: 'raw',
    usual: ['raw'],
    rule: 'It decides which other fields SciCat takes. raw if not given.',
    example: 'raw',
  }),
];

const byName: ReadonlyMap<string, DatasetField> = new Map(datasetFields.map((item) => [item.name, item]));

/** The field of this name, if SciCat has one. */
export function datasetField(name: string): DatasetField | undefined {
  return byName.get(name);
}

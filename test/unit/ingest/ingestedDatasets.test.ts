import { testIngestions } from '../../support/ingestionCases.ts';

const field = (machineName: string, value: unknown, type = 'string', more: object = {}): object => ({
  field_type: 'high_level',
  machine_name: machineName,
  value,
  type,
  ...more,
});
const item = (machineName: string, value: unknown, type = 'string', more: object = {}): object => ({
  ...field(machineName, value, type, more),
  field_type: 'scientific_metadata',
});
const sc = (name: string, type = 'none'): object => ({
  source: 'SC',
  url: 'proposals/1',
  field: name,
  value_type: type,
});
const answers = { 'GET proposals/1': { nothing: null, list: ['a', 'b'], empty: '', name: 'Ada' } };
const dataset = {
  default_instrument_id: 'AN_INSTRUMENT',
  default_proposal_id: 'PROPOSAL',
  default_owner_group: 'OWNERS',
  default_access_groups: ['GROUP'],
};
const raw = '{{ROOT}}/ess/data/coda/2025/123321/raw/123321_00031010.hdf';

testIngestions([
  {
    name: 'fields: field types that do not exist, later assignments, labels',
    fields: {
      a: { field_type: 'low_level', machine_name: 'description', value: 'no', type: 'string' },
      b: { field_type: '', machine_name: 'description', value: 'no', type: 'string' },
      c: field('runNumber', '1'),
      d: field('runNumber', '2'),
      e: field('runNumber', '<nope>'),
      f: item('x', '1', 'integer', { human_name: 'Ex' }),
      g: item('x', 'word', 'integer'),
      h: item('y', '1', 'integer', { human_name: '' }),
      i: item('y', '2', 'float', { human_name: null }),
    },
    expect: {
      dataset: {
        description: undefined,
        runNumber: '2',
        scientificMetadata: {
          x: { value: 1, type: 'integer', human_name: 'Ex', unit: '' },
          y: { value: 2, type: 'float', human_name: 'y', unit: '' },
        },
      },
      problems: ['unknown-field-type', 'field-failed'],
    },
  },
  {
    name: 'fields: the names of v4 of the API, which take the place of defaults and of what is mandatory',
    config: { dataset },
    fields: {
      principal_investigator: field('principalInvestigators', '["Ada", "Alan"]', 'string[]'),
      instrument: field('instrumentIds', '["coda"]', 'string[]'),
      proposal: field('proposalIds', '[]', 'string[]'),
      sample: field('sampleIds', '["s"]', 'string[]'),
    },
    expect: {
      dataset: {
        principalInvestigator: ['Ada', 'Alan'],
        instrumentId: ['coda'],
        proposalId: [],
        sampleId: ['s'],
        principalInvestigators: undefined,
      },
    },
  },
  {
    name: 'fields: nulls of SciCat, kept in the metadata, left out on top, replaced by defaults where there are some',
    config: { dataset },
    variables: { nothing: sc('nothing'), list: sc('list', 'list'), empty: sc('empty', 'string') },
    answers,
    fields: {
      a: field('instrumentId', '<nothing>', 'none'),
      b: field('proposalId', '<empty>'),
      c: field('accessGroups', '<list>', 'string[]'),
      d: field('ownerGroup', '<nothing>', 'none'),
      e: field('description', '<nothing>', 'none'),
      f: field('type', '<nothing>', 'none'),
      g: field('techniques', '<nothing>', 'none'),
      h: item('nothing', '<nothing>', 'none'),
      i: item('as_text', '<nothing>'),
    },
    expect: {
      dataset: {
        instrumentId: 'AN_INSTRUMENT',
        proposalId: '',
        accessGroups: ['a', 'b'],
        ownerGroup: 'OWNERS',
        description: undefined,
        type: undefined,
        techniques: undefined,
        isPublished: false,
        scientificMetadata: {
          nothing: { value: null, type: 'none', human_name: 'nothing', unit: '' },
          as_text: { value: 'None', type: 'string', human_name: 'as_text', unit: '' },
        },
      },
    },
  },
  {
    name: 'defaults: examples of values go into the dataset, and are told',
    config: { dataset: { ...dataset, default_owner_group: 'DEFAULT_OWNER_GROUP' } },
    expect: { dataset: { ownerGroup: 'DEFAULT_OWNER_GROUP' }, problems: ['config-default-used'] },
  },
  {
    name: 'defaults: an example is not told where the schema gives the field',
    config: { dataset: { ...dataset, default_owner_group: 'DEFAULT_OWNER_GROUP' } },
    fields: { group: field('ownerGroup', 'ess') },
    expect: { dataset: { ownerGroup: 'ess' }, noProblems: ['config-default-used'] },
  },
  {
    name: 'defaults: null means none',
    config: {
      dataset: {
        default_instrument_id: null,
        default_proposal_id: null,
        default_owner_group: null,
        default_access_groups: null,
      },
    },
    expect: {
      dataset: {
        instrumentId: undefined,
        proposalId: undefined,
        ownerGroup: undefined,
        accessGroups: undefined,
        type: 'raw',
        techniques: [],
      },
    },
  },
  {
    name: 'fields: what the ingestor sets, what SciCat does not know',
    fields: {
      a: field('size', '5', 'integer'),
      b: field('numberOfFiles', '5', 'integer'),
      c: field('isPublished', '1', 'integer'),
      d: field('scientificMetadata', '{}', 'dict'),
      e: field('pi', 'x'),
      f: field('__proto__', 'x'),
      g: item('constructor', 'x'),
      h: item('__proto__', 'y'),
      i: item('10', 'ten'),
      j: item('ключ', 'ä'),
    },
    expect: {
      dataset: {
        numberOfFiles: 1,
        isPublished: false,
        pi: undefined,
        scientificMetadata: JSON.parse(
          '{"constructor":{"value":"x","type":"string","human_name":"constructor","unit":""},"__proto__":{"value":"y","type":"string","human_name":"__proto__","unit":""},"10":{"value":"ten","type":"string","human_name":"10","unit":""},"ключ":{"value":"ä","type":"string","human_name":"ключ","unit":""}}',
        ) as unknown,
      },
      problems: ['reserved-field', 'unknown-field'],
    },
  },
  {
    name: 'mandatory: a field whose variable failed is missing, and nothing is asked or sent',
    fields: { owner: field('owner', '<nope>') },
    expect: { exit: 1, problems: ['field-failed', 'mandatory-field-missing'], requests: [] },
  },
  {
    name: 'mandatory: an empty text is there',
    fields: { owner: field('owner', '') },
    expect: { dataset: { owner: '' } },
  },
  {
    name: 'pid: generated in place of that of the schema',
    config: { dataset: { generate_dataset_pid: true } },
    fields: { pid: field('pid', 'not-this') },
    expect: { exit: 0 },
  },
  {
    name: 'pid: not allowed, so SciCat assigns it and the files are registered with it',
    config: { dataset: { allow_dataset_pid: false } },
    expect: { dataset: { pid: undefined }, problems: ['pid-not-allowed'], requests: [] },
  },
  {
    name: 'existence: by pid, with what must be encoded',
    fields: { pid: field('pid', '20.500.12269/ä+b') },
    answers: { 'GET datasets/20.500.12269%2F%C3%A4%2Bb': { pid: 'x' } },
    expect: {
      problems: ['already-present'],
      requests: ['GET datasets/20.500.12269%2F%C3%A4%2Bb', 'GET datasets/20.500.12269%2F%C3%A4%2Bb/origdatablocks'],
    },
  },
  {
    name: 'the configuration: an owner group that is empty, or is not given at all, will be refused',
    config: { dataset: { default_owner_group: '' } },
    expect: { problems: ['scicat-refuses'] },
  },
  {
    name: 'the configuration: files without sizes will be refused',
    config: { ingestion: { file_handling: { compute_file_stats: false } } },
    expect: { problems: ['scicat-refuses'] },
  },
  {
    name: 'existence: by metadata, only where the item is there and not null',
    variables: { nothing: sc('nothing') },
    answers: { ...answers, 'GET datasets': [{ pid: 'found' }] },
    fields: { job: item('job_id', '<nothing>', 'none') },
    expect: { requests: ['GET proposals/1', 'GET datasets/20.500.12269%2Fspec'] },
  },
  {
    name: 'existence: by metadata, of a false-like value',
    answers: { 'GET datasets': [{ pid: 'found' }] },
    fields: { job: item('job_id', '0', 'integer') },
    expect: { problems: ['already-present'] },
  },
  {
    name: 'existence: by metadata, by another key, and an empty list is a no',
    config: { ingestion: { check_if_dataset_exists_by_metadata_key: 'run', check_if_dataset_exists_by_pid: false } },
    answers: { 'GET datasets': [] },
    fields: { job: item('run', 'a&b#c%25') },
    expect: { dataset: { pid: '20.500.12269/spec' } },
  },
  {
    name: 'existence: answers that say nothing are warnings',
    scicat: {
      'GET datasets': { status: 500, body: 'oops' },
      'GET datasets/20.500.12269%2Fspec': { status: 418, body: '{}' },
    },
    fields: { job: item('job_id', 'x') },
    expect: { problems: ['existence-unknown'] },
  },
  {
    name: 'files: relative to sourceFolder, in spite of a variable source_folder, with the checksum file',
    config: { ingestion: { file_handling: { file_path_type: 'relative', save_file_hash: true } } },
    variables: {
      source_folder: { source: 'VALUE', value: '<data_file_path>', operator: 'dirname-2', value_type: 'string' },
    },
    fields: { sourceFolder: field('sourceFolder', '<source_folder>/') },
    expect: { paths: ['raw/123321_00031010.hdf', 'ingestor/123321_00031010.b2b'], dataset: { numberOfFiles: 2 } },
  },
  {
    name: 'files: a checksum file outside of sourceFolder cannot be relative',
    config: { ingestion: { file_handling: { file_path_type: 'relative', save_file_hash: true } } },
    variables: {
      folder: { source: 'VALUE', value: '<data_file_path>', operator: 'dirname', value_type: 'string' },
    },
    fields: { sourceFolder: field('sourceFolder', '<folder>') },
    expect: { exit: 1, problems: ['file-path'] },
  },
  {
    name: 'files: not below a sourceFolder whose name only begins alike',
    config: { ingestion: { file_handling: { file_path_type: 'relative' } } },
    fields: { sourceFolder: field('sourceFolder', '{{ROOT}}/ess/dat') },
    expect: { exit: 1, problems: ['file-path'] },
  },
  {
    name: 'files: names of checksum files, an ingestor folder of its own, non-ASCII',
    file_path: 'ess/dätä/run 1.nxs.hdf',
    mkdirs: [],
    config: {
      ingestion: {
        file_handling: {
          save_file_hash: true,
          hash_file_extension: 'blake2',
          ingestor_files_directory: '{{ROOT}}/out/deep',
        },
      },
    },
    expect: { paths: ['{{ROOT}}/ess/dätä/run 1.nxs.hdf', '{{ROOT}}/out/deep/run 1.nxs.blake2'] },
  },
  {
    name: 'files: a dry run lists the checksum file and does not write it',
    config: { ingestion: { dry_run: true, file_handling: { save_file_hash: true } } },
    expect: { paths: [raw, '{{ROOT}}/ess/data/coda/2025/123321/ingestor/123321_00031010.b2b'] },
  },
  {
    name: 'files: the message that announced the file',
    extra_arguments: ['--done-writing-message-file', '{{ROOT}}/config.json'],
    expect: { paths: [raw, '{{ROOT}}/config.json'] },
  },
  {
    name: 'files: a message that is not there is left out',
    extra_arguments: ['--done-writing-message-file', '{{ROOT}}/no-message.json'],
    expect: { paths: [raw], problems: ['file-unreadable'] },
  },
  {
    name: 'files: no file, no schema, no requests',
    nexus_file_argument: '{{ROOT}}/missing.hdf',
    expect: { exit: 1, problems: ['data-file'], requests: [] },
  },
  {
    name: 'files: a folder in place of the data file',
    nexus_file_argument: '{{ROOT}}/schemas',
    expect: { exit: 1, problems: ['data-file'], requests: [] },
  },
  {
    name: 'files: an empty file',
    raw_file: '',
    expect: { exit: 1, problems: ['data-file'], requests: [] },
  },
  {
    name: 'samples: asked once, merged with that of the schema, each id once',
    head: { sample_attachment: { query_sample_name: true } },
    nexus_items: [
      { path: '/entry/sample/name', kind: 'dataset', value: 'Ni "powder" & ä' },
      { path: '/entry/experiment_identifier', kind: 'dataset', value: ['123'] },
    ],
    fields: { sample: field('sampleId', 'a') },
    answers: {
      'GET samples': [{ sampleId: 'b' }, { sampleId: 'a' }, { sampleId: '' }, { other: 1 }, 'x', { sampleId: 'b' }],
    },
    expect: { dataset: { sampleId: ['a', 'b'] } },
  },
  {
    name: 'samples: without a proposal in the file nothing is asked',
    head: { sample_attachment: { query_sample_name: true, sample_name_path: '/entry/title' } },
    expect: {
      dataset: { sampleId: undefined },
      problems: ['sample-query'],
      requests: ['GET datasets/20.500.12269%2Fspec'],
    },
  },
  {
    name: 'samples: with a blank name nothing is asked, as samples without a description would be found by it',
    head: { sample_attachment: { query_sample_name: true } },
    nexus_items: [
      { path: '/entry/sample/name', kind: 'dataset', value: ' ' },
      { path: '/entry/experiment_identifier', kind: 'dataset', value: ['123'] },
    ],
    answers: { 'GET samples': [{ sampleId: 'of another file' }] },
    expect: {
      dataset: { sampleId: undefined },
      problems: ['sample-query'],
      requests: ['GET datasets/20.500.12269%2Fspec'],
    },
  },
  {
    name: 'samples: switched off, nothing is asked',
    head: { sample_attachment: { query_sample_name: false } },
    expect: { dataset: { sampleId: undefined }, requests: ['GET datasets/20.500.12269%2Fspec'] },
  },
  {
    name: 'samples: a server that fails stops the run',
    head: {
      sample_attachment: {
        query_sample_name: true,
        sample_name_path: '/entry/title',
        proposal_id_path: '/entry/title',
      },
    },
    scicat: { 'GET samples': { status: 500, body: 'oops' } },
    expect: { exit: 1, problems: ['sample-query'] },
  },
  {
    name: 'posts: a refused dataset is not followed by its files',
    scicat: { 'POST datasets': { status: 400, body: '{"message":["ownerEmail must be an email"],"statusCode":400}' } },
    expect: { exit: 1 },
  },
]);

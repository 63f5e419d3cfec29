import { placeholders } from '../text/placeholders.ts';
import {
  boolean,
  integer,
  number,
  text,
  textOrNull,
  texts,
  names,
  list,
  textsOrNull,
  numbers,
  secret,
  headers,
  section,
} from './options.ts';
import type { Values } from './options.ts';
import { defaultDialect, dialectNames } from '../imsc/language/dialects.ts';
import { Secret } from './secret.ts';

const onlineOnly = true;
const withoutEffect = true;

const dataset = section('What the dataset gets when the schema does not say it.', {
  allow_dataset_pid: boolean(true, {
    summary: 'Send the pid that the schema gives. If false, SciCat gives the dataset its pid.',
  }),
  generate_dataset_pid: boolean(false, {
    summary: 'Make a new random pid (32 hexadecimal digits) instead of the one that the schema gives.',
  }),
  dataset_pid_prefix: text('20.500.12269', {
    summary: 'Prefix of the pids of this SciCat. The Python ingestor does not use it either: SciCat adds its own.',
  }),
  default_instrument_id: textOrNull(placeholders.defaultInstrumentId, {
    summary: 'instrumentId of a dataset whose schema gives none. null: leave it out.',
    whenNull: null,
  }),
  default_proposal_id: textOrNull(placeholders.defaultProposalId, {
    summary: 'proposalId of a dataset whose schema gives none. null: leave it out.',
    whenNull: null,
  }),
  default_owner_group: textOrNull(placeholders.defaultOwnerGroup, {
    summary: 'ownerGroup of a dataset whose schema gives none.',
    whenNull: null,
  }),
  default_access_groups: textsOrNull([placeholders.defaultAccessGroup], {
    summary: 'accessGroups of a dataset whose schema gives none. null: leave them out.',
    whenNull: null,
  }),
});

const fileHandling = section('What is recorded about the files of a dataset.', {
  compute_file_stats: boolean(true, {
    summary: 'Record size, time, owner and permissions of each file.',
    explanation: 'SciCat needs the sizes: without them it may refuse the list of files.',
  }),
  compute_file_hash: boolean(true, { summary: 'Compute a checksum of each file.' }),
  file_hash_algorithm: text('blake2b', {
    summary: 'Algorithm of the checksum, by its name in Python: blake2b, sha256, md5, …',
    explanation: 'The Python ingestor refuses every algorithm but blake2b; here all those of `hashlib` work.',
  }),
  save_file_hash: boolean(true, {
    summary: 'Write the checksum of the data file into a file beside it, and list that file in the dataset.',
    explanation:
      'The file is `<ingestor_files_directory>/<data file name without suffix>.<hash_file_extension>`. ' +
      'Without `compute_file_hash` there is nothing to write: a warning says so, and no file is made.',
  }),
  hash_file_extension: text('b2b', { summary: 'Suffix of the checksum file, without the dot.' }),
  ingestor_files_directory: text('../ingestor', {
    summary: 'Folder of the files that an ingestion writes: absolute, or relative to the folder of the data file.',
    explanation: 'It is created when needed; the Python ingestor stops if it is missing.',
  }),
  message_to_file: boolean(true, {
    summary:
      'Whether the online ingestor writes the message that announced the file; if false it is not listed either.',
  }),
  message_file_extension: text('message.json', { summary: 'Suffix of that message file.', onlineOnly }),
  file_path_type: text('relative', {
    summary: 'How paths are written in the list of files: relative (to sourceFolder) or absolute.',
    explanation: 'The Python ingestor takes any other word for `absolute`; here it is an error.',
    allowed: ['absolute', 'relative'],
  }),
  data_directory: text('', {
    summary: 'Folder that the data files lie below: names of files that are not absolute begin here.',
    explanation: '`/health` tells whether it can be listed.',
    onlineOnly,
  }),
  data_file_open_max_tries: integer(3, {
    summary: 'How often opening the data file is tried again before giving up.',
    explanation: 'As in the Python ingestor the first attempt is not counted: 3 means up to four attempts.',
    minimum: 0,
  }),
  data_file_open_retry_delay: numbers([], {
    summary: 'Seconds to wait before each further attempt; the last one is repeated. Empty: 3 seconds each.',
    explanation: 'Each is brought between 1 and 120 seconds. A list longer than the tries means more tries.',
    minimum: 0,
  }),
  linked_data_folders: texts([], {
    summary: 'Folders into which a data file may lead, besides its own.',
    explanation:
      'By its links, as a virtual dataset, or because its values lie in other files. What lies elsewhere is not opened: ' +
      'who ingests may often read more than those who write the files.',
  }),
});

const ingestion = section('How an ingestion goes about it.', {
  dry_run: boolean(false, { summary: 'Do everything but writing: nothing is sent, no file is made.', short: 'd' }),
  offline_ingestor_executable: texts(['scicat_background_ingestor'], {
    summary: 'Command that the Python ingestor starts for each file. Without effect: `imsc online` ingests by itself.',
    onlineOnly,
    withoutEffect,
  }),
  max_offline_ingestors: integer(10, {
    summary: 'How many files are ingested at the same time.',
    minimum: 1,
    onlineOnly,
  }),
  offline_ingestors_wait_time: number(10, {
    summary:
      'Seconds that the Python ingestor waits for a free place. Without effect: messages never wait for ingestions.',
    minimum: 0,
    onlineOnly,
    withoutEffect,
  }),
  schemas_directory: text('schemas', {
    summary: 'Folder with the schema files (*.imsc.json, *.imsc.yml, *.imsc.yaml). Not recursive.',
  }),
  schemas_dialect: text(defaultDialect, {
    summary: `Which ingestor schemas are written for that do not say so: ${dialectNames.join(', ')}.`,
    explanation:
      'A comment `# imsc-dialect: name` in a schema comes first. See [dialects](dialects.md). The Python ingestor does not know this option, and warns of it.',
    allowed: dialectNames,
  }),
  schemas_rules: text('', {
    summary: 'File with the rules of the facility that the editor holds schemas to.',
    explanation:
      'Empty: `imsc-rules.yml` beside a schema or above it. See [rules](../rules.md). An ingestion does not read it, and the Python ingestor does not know this option, and warns of it.',
  }),
  fallback_schema_file_path: text('', {
    summary: 'Schema file to use when no other one matches the data file.',
    explanation: 'The Python ingestor loads it and never uses it.',
  }),
  check_if_dataset_exists_by_pid: boolean(true, { summary: 'Ask SciCat for the pid before creating the dataset.' }),
  check_if_dataset_exists_by_metadata: boolean(true, {
    summary: 'Ask SciCat for a dataset with the same value of one scientific metadata field.',
    explanation: 'An empty answer means that there is none; the Python ingestor takes every answer for a yes.',
  }),
  check_if_dataset_exists_by_metadata_key: text('job_id', { summary: 'machine_name of that field.' }),
  max_files_per_block: integer(5000, {
    summary: 'Most files in one origDatablock; longer lists become several.',
    explanation: 'Not in the Python ingestor, which always sends one.',
    minimum: 1,
  }),
  max_block_bytes: integer(4_000_000, {
    summary: 'Most bytes of one origDatablock as it is sent.',
    explanation: 'SciCat refuses bodies beyond 16 MB unless it is configured otherwise. Not in the Python ingestor.',
    minimum: 1000,
  }),
  file_handling: fileHandling,
});

const kafka = section('Where `imsc online` hears of new files.', {
  topics: names(['KAFKA_TOPIC_1', 'KAFKA_TOPIC_2'], { summary: 'Topics.', onlineOnly }),
  group_id: text('GROUP_ID', { summary: 'Consumer group.', onlineOnly }),
  bootstrap_servers: names(['localhost:9093'], { summary: 'Servers, each as `host:port`.', onlineOnly }),
  security_protocol: text('sasl_ssl', {
    summary: 'How the servers are spoken with: plaintext, ssl, sasl_plaintext or sasl_ssl.',
    onlineOnly,
  }),
  sasl_mechanism: text('SCRAM-SHA-256', {
    summary: 'How to sign in: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.',
    onlineOnly,
  }),
  sasl_username: text('USERNAME', { summary: 'User name to sign in with.', onlineOnly }),
  sasl_password: secret(new Secret(''), {
    summary: 'Password to sign in with. It is never printed.',
    pythonDefault: 'PASSWORD',
    differsBecause: 'a placeholder is not a password',
    onlineOnly,
  }),
  ssl_ca_location: text('FULL_PATH_TO_CERTIFICATE_FILE', {
    summary: 'File with the certificates of the authorities that the servers are known by.',
    whenNull: '',
    onlineOnly,
  }),
  session_timeout_ms: integer(10_000, {
    summary: 'Milliseconds after which the group counts a member as gone that gave no sign of life.',
    explanation:
      'What it had heard is heard by the others then. Brokers usually take 6,000 to 300,000. Not in the Python ingestor, which keeps to the 45 s of its client.',
    minimum: 1000,
    maximum: 86_400_000,
    onlineOnly,
  }),
  individual_message_commit: boolean(true, {
    summary: 'Without effect: a message is committed once its ingestion is recorded.',
    onlineOnly,
    withoutEffect,
  }),
  enable_auto_commit: boolean(true, {
    summary: 'Without effect: a message is committed once its ingestion is recorded.',
    onlineOnly,
    withoutEffect,
  }),
  auto_offset_reset: text('earliest', {
    summary: 'Where a group begins that has read nothing yet: earliest or latest.',
    onlineOnly,
  }),
});

const watch = section(
  'Folders in which `imsc online` looks for new files. The Python ingestor does not know this section.',
  {
    folders: texts([], {
      summary: 'Folders; what is below them is looked at, too. Empty: none is watched.',
      onlineOnly,
    }),
    files: texts(['**/*.{nxs,nx5,h5,hdf,hdf5,nexus}'], {
      summary: 'Patterns for the files that are data files, below each folder.',
      explanation: '`**` stands for any folders, `*` for anything in a name, `{a,b}` for one of several.',
      onlineOnly,
    }),
    ignore: texts([], { summary: 'Patterns for what is passed over, below each folder.', onlineOnly }),
    rest_seconds: number(10, {
      summary: 'Seconds for which size and time of a file must stay as they are before it counts as complete.',
      explanation: 'A file that is marked as open for writing is waited for beyond that, up to an hour.',
      minimum: 0,
      onlineOnly,
    }),
    look_seconds: number(5, {
      summary:
        'Seconds between two looks at the folders. Longer where a look takes long: no more than a tenth of the time is spent with it.',
      minimum: 0.1,
      maximum: 86_400,
      onlineOnly,
    }),
  },
);

const rabbitmq = section('RabbitMQ, as the ILL’s ingestor reads it, for `imsc online`.', {
  enabled: boolean(false, { summary: 'Whether messages are taken from RabbitMQ.', onlineOnly }),
  host: text('localhost', { summary: 'Host.', onlineOnly }),
  port: integer(5672, { summary: 'Port.', minimum: 1, maximum: 65_535, onlineOnly }),
  use_tls: boolean(false, {
    summary: 'Whether it is spoken with by TLS (amqps), most often at port 5671; who answers must prove who it is.',
    onlineOnly,
  }),
  ssl_ca_location: text('', {
    summary: 'File with the certificate of an authority of one’s own (PEM), for `use_tls`.',
    onlineOnly,
  }),
  virtual_host: text('/', { summary: 'Virtual host.', onlineOnly }),
  username: text('guest', { summary: 'User to sign in as; the variable RABBITMQ_USERNAME comes first.', onlineOnly }),
  password: secret(new Secret('guest'), {
    summary: 'Password to sign in with; the variable RABBITMQ_PASSWORD comes first. It is never printed.',
    onlineOnly,
  }),
  queue_name: text('filewriter', { summary: 'Queue. One that is not there is made, durable.', onlineOnly }),
  exchange_name: text('', {
    summary: 'Topic exchange that the queue is bound to; empty: it is not bound.',
    onlineOnly,
  }),
  routing_key: text('', { summary: 'Routing key with which it is bound.', onlineOnly }),
  auto_ack: boolean(false, {
    summary: 'Without effect: a message is acknowledged once its ingestion is recorded.',
    onlineOnly,
    withoutEffect,
  }),
  individual_message_acknowledge: boolean(true, {
    summary: 'Without effect: each message is acknowledged once its ingestion is recorded.',
    onlineOnly,
    withoutEffect,
  }),
  prefetch_count: integer(1, { summary: 'Messages that are fetched ahead.', minimum: 1, maximum: 65_535, onlineOnly }),
  direct_data_ingestion: boolean(false, {
    summary: 'Without effect: a message that names no file is put aside.',
    onlineOnly,
    withoutEffect,
  }),
});

const logging = section('What is logged, and where to.', {
  verbose: boolean(false, { summary: 'Log more.' }),
  file_log: boolean(false, { summary: 'Log into a file as well.' }),
  file_log_base_name: text('scicat_ingestor_log', { summary: 'Name of the log file, without its suffix.' }),
  file_log_timestamp: boolean(false, { summary: 'Add the time of the start to the name of the log file.' }),
  logging_level: text('INFO', { summary: 'Least level that is logged: DEBUG, INFO, WARNING, ERROR or CRITICAL.' }),
  log_message_prefix: text('SFI', { summary: 'Put before each message.' }),
  system_log: boolean(false, { summary: 'Log to syslog.', onlineOnly }),
  system_log_facility: text('mail', { summary: 'Facility in syslog.', onlineOnly }),
  graylog: boolean(false, { summary: 'Log to Graylog.', onlineOnly }),
  graylog_host: text('', { summary: 'Host of Graylog.', onlineOnly }),
  graylog_port: text('', { summary: 'Port of Graylog.', onlineOnly }),
  graylog_facility: text('scicat.ingestor', { summary: 'Facility in Graylog.', onlineOnly }),
  graylog_enabled: boolean(false, { summary: 'Log to those of `graylogs`.', onlineOnly }),
  graylogs: list('Several Graylogs.', 'Graylog', {
    host: text('', { summary: 'Host.', onlineOnly, isRequired: true }),
    port: text('12201', { summary: 'Port for GELF over UDP.', onlineOnly }),
    facility: text('scicat.ingestor', { summary: 'Facility.', onlineOnly }),
  }),
});

const endpointNotes = (name: string) => ({ summary: `Path of the ${name} below the host.` });

const scicat = section('The SciCat to write to.', {
  host: text('https://scicat.host', {
    summary: 'Address of the API, with its version: https://…/api/v3',
    explanation:
      'Without a version, `https://…/api`, it is that of the next Python ingestor: datasets are written in v4, and a version before one of the paths of `api_endpoints` counts for nothing here.',
  }),
  apiVersion: text('v3', {
    summary: 'Version of the API: v3, v4, or auto to ask the server.',
    explanation: 'Not in the Python ingestor, which speaks v3.',
    allowed: ['v3', 'v4', 'auto'],
    spellings: ['api_version', 'api-version'],
  }),
  token: secret(new Secret(''), {
    summary: 'Token to sign in with. Prefer SCICAT_TOKEN or token_file: this text lies in a file.',
    explanation:
      'The first of these that is given wins: `--scicat.token`, `--scicat.token-file`, the environment variable ' +
      '`SCICAT_TOKEN`, `token_file` in the configuration, `token` in the configuration. It is never printed.',
    pythonDefault: 'JWT_TOKEN',
    differsBecause: 'a placeholder is not a token',
  }),
  token_file: text('', {
    summary: 'File that holds the token and nothing else.',
    explanation:
      'In a configuration file relative to its folder, on the command line to the working directory. ' +
      'Not in the Python ingestor.',
    spellings: ['token-file'],
  }),
  additional_headers: headers(
    {},
    {
      summary: 'More HTTP headers for each request. Their values are never printed.',
      fileOnly: true,
    },
  ),
  timeout: number(60, {
    summary: 'Seconds to wait for an answer. 0 or null: no limit.',
    pythonDefault: 0,
    differsBecause: 'the Python ingestor cannot send anything with its own default',
    minimum: 0,
    whenNull: 0,
  }),
  max_tries: integer(5, {
    summary: 'How often a request is sent at most, where sending it again is safe.',
    explanation: 'Not in the Python ingestor, which sends each once.',
    minimum: 1,
  }),
  max_retry_delay: number(30, {
    summary: 'Longest wait between two tries, in seconds.',
    explanation: 'Not in the Python ingestor.',
    minimum: 0,
  }),
  stream: boolean(true, { summary: 'Accepted, without effect, as in the Python ingestor.' }),
  verify: boolean(true, {
    summary: 'Check the certificate of the server.',
    pythonDefault: false,
    differsBecause: 'a token must not go to an unknown server by default',
  }),
  health_endpoint: text('health', { summary: 'Path that answers whether SciCat is well, or a whole address.' }),
  api_endpoints: section('Paths of the API, where they are not the usual ones.', {
    datasets: text('datasets', endpointNotes('datasets')),
    proposals: text('proposals', endpointNotes('proposals')),
    origdatablocks: text('origdatablocks', endpointNotes('origDatablocks')),
    instruments: text('instruments', endpointNotes('instruments')),
    samples: text('samples', endpointNotes('samples')),
    health: text('', {
      summary: 'health_endpoint, as the next Python ingestor has it: v3/health.',
      explanation: 'Counts where `host` has no version. Not in the Python ingestor of today.',
    }),
    jobs: text('jobs', { ...endpointNotes('jobs'), explanation: 'Not in the Python ingestor of today.' }),
  }),
});

const jobs = section('Where the records of ingestions are kept. The Python ingestor does not know this section.', {
  store: secret(new Secret(''), {
    summary: 'A folder, or a PostgreSQL database as `postgres://USER@HOST/NAME`. Empty: a folder of the user.',
    explanation:
      'Computers that ingest for one SciCat name the same one, so that each ingestion is made once and an interrupted one is finished by any of them. ' +
      'The first of these that is given wins: `--store`, this option, the environment variable `IMSC_JOURNAL_DIR`. ' +
      'The address is never printed with its password, which may also come from `PGPASSWORD` or `~/.pgpass`. A folder is relative to that of this file.',
    fileOnly: true,
  }),
  folder: text('', {
    summary: 'With a database: the folder of what is sent for jobs, such as uploads. Empty: a folder of the user.',
    explanation:
      'Streams of bytes do not go into the database. Computers that share the database share this folder, too. Relative to the folder of this file.',
    fileOnly: true,
  }),
});

const healthCheck = section('Where `imsc online` answers whether it is well.', {
  host: text('0.0.0.0', { summary: 'Address to listen on.', onlineOnly }),
  port: integer(8080, { summary: 'Port to listen on.', minimum: 0, maximum: 65_535, onlineOnly }),
});

/**
 * Every option of the ingestor's configuration, with the names and nesting of the Python ingestor's file. Parsing,
 * defaults, the command line, the JSON Schema, completion and the reference pages are made from this table.
 */
export const configOptions = section('Configuration of the ingestor.', {
  nexus_file: text('', { summary: 'The data file to ingest.' }),
  done_writing_message_file: text('', {
    summary: 'The message that announced the data file; listed in the dataset when given.',
  }),
  config_file: text('', { summary: 'The configuration file.', short: 'c' }),
  id: text('', { summary: 'A name for this configuration; without effect.' }),
  dataset,
  ingestion,
  kafka,
  rabbitmq,
  watch,
  logging,
  scicat,
  jobs,
  health_check: healthCheck,
});

/** A complete configuration, every option with a value. Printing it shows no secret. */
export type Config = Values<(typeof configOptions)['options']>;

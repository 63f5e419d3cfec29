import { Argument, Option } from 'commander';
import type { CommandEntry } from './command.ts';
import { dialectNames } from '../core/imsc/language/dialects.ts';
import { jobStatuses } from '../core/jobs/lifecycle.ts';

const configUsage = '-c CONFIG --nexus-file FILE [options]';
const subjectUsage = '-c CONFIG FILE|FOLDER|ARCHIVE [options]';

const schemaOption = new Option('--schema <file>', 'use this schema without asking the selectors');
const includeOption = new Option('--include <path...>', 'further files or folders that belong to the dataset');
const copyOption = new Option(
  '--copy-to <folder>',
  'copy a folder there first, checksummed, or unpack an archive there; SciCat is told of what is there then',
);
const replaceOption = new Option(
  '--replace',
  'in a sandbox only: remove the dataset that the file has there first, with its lists of files',
);
const metadataOption = new Option('--metadata <file>', 'what you know besides, as “imsc metadata” asks for it');
const checksumsOption = new Option(
  '--share-checksums <file>',
  'take the checksums of unchanged files from there, and leave those that are made',
);
const offlineOption = new Option('--offline', 'ask SciCat nothing; what would come from it is unknown');

/** For options that may be given more than once. */
const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

const storeOption = new Option(
  '--store <place>',
  'where the jobs are kept: a folder, or postgres://… (default: as jobs.store says)',
);
/** What a person decides about an ingestion that is to go on. */
const decisions = [
  new Option('--send-again', 'send again a step that may have been done'),
  new Option('--assume-done', 'count as done a step that may have been done'),
  new Option('--pid <pid>', 'with --assume-done: the pid that SciCat gave the dataset'),
  new Option('--as-planned', 'finish it with what was read then, even if the data file has changed'),
];

/** Every command, in the order in which help lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'ingest',
    summary: 'ingest a NeXus file, or a folder, into SciCat',
    usage: subjectUsage,
    takesConfig: true,
    options: [schemaOption, includeOption, metadataOption, copyOption, checksumsOption, storeOption, replaceOption],
    examples: [
      ['imsc ingest -c config.yml --nexus-file run.nxs', 'ingest one file'],
      ['imsc ingest -c config.yml data/*.nxs', 'several files; those that can be ingested are'],
      ['imsc ingest -c config.yml run-17/', 'a folder: one dataset of all that is in it'],
      ['imsc ingest -c config.yml run.nxs --metadata run.imsc.metadata.yml', 'with what you have written there'],
      [
        'imsc ingest -c config.yml --nexus-file run.nxs --replace',
        'anew, after a change of its schema; in a sandbox only',
      ],
      ['imsc ingest -c config.yml --nexus-file run.nxs -d', 'only show what would be done'],
    ],
    load: async () => (await import('./commands/ingest.ts')).ingestCommand,
  },
  {
    name: 'dry-run',
    summary: 'show what an ingestion would do; nothing is sent, no file is made',
    usage: subjectUsage,
    takesConfig: true,
    options: [schemaOption, includeOption, metadataOption, copyOption, offlineOption, checksumsOption, storeOption],
    examples: [
      ['imsc dry-run -c config.yml --nexus-file run.nxs', 'every field and where it comes from'],
      ['imsc dry-run --nexus-file run.nxs --schema my.imsc.yml --offline', 'try a schema without a SciCat'],
    ],
    load: async () => (await import('./commands/ingest.ts')).dryRunCommand,
  },
  {
    name: 'metadata',
    summary: 'write a file for what only you know of a NeXus file or a folder',
    usage: subjectUsage,
    takesConfig: true,
    options: [
      new Option('-o, --out <file>', 'where to write; what stands there already stays (default: standard output)'),
      schemaOption,
      copyOption,
      offlineOption,
    ],
    examples: [
      ['imsc metadata -c config.yml run.nxs -o run.imsc.metadata.yml', 'fill it in, then ingest with --metadata'],
      ['imsc metadata -c config.yml run-17/', 'a folder, also one without a NeXus file'],
    ],
    exits: ['written', 'the data file or the schema cannot be read', 'wrong usage or configuration'],
    load: async () => (await import('./commands/metadata.ts')).metadataCommand,
  },
  {
    name: 'check',
    summary: 'find the mistakes in schema files and folders',
    arguments: [new Argument('<path...>', 'schema files, or folders with schema files')],
    options: [
      new Option('--sample <nexus...>', 'NeXus files; each is tried on the schema that it would be given to'),
      new Option('--format <form>', 'how to print problems; text if not given')
        .choices(['text', 'json', 'sarif', 'github'])
        .conflicts('json'),
      new Option('--dialect <name>', 'the ingestor that schemas are written for that do not say so').choices(
        dialectNames,
      ),
      new Option('--rules <file>', 'the rules of the facility (default: imsc-rules.yml beside the schemas, or above)'),
      new Option('--fix', 'mend in the files what can be mended in one way only'),
      new Option('--max-warnings <number>', 'fail if there are more warnings than this'),
      new Option('--severity <code=level>', 'error, warning, information, hint or off; may be given again').argParser(
        collect,
      ),
      new Option('--baseline <file>', 'do not report the problems that this file knows'),
      new Option('--update-baseline', 'write the problems that are there now into the baseline'),
    ],
    examples: [
      ['imsc check schemas/', 'check a folder'],
      ['imsc check my.imsc.yml --sample run.nxs', 'also look whether the paths are in the file'],
      ['imsc check schemas/ --dialect next', 'what the next Python ingestor would not understand'],
      ['imsc check schemas/ --fix', 'mend misspelt names and the like'],
      ['imsc check schemas/ --format sarif > imsc.sarif', 'for code scanning'],
      ['imsc check schemas/ --baseline imsc-baseline.json', 'only what is new'],
    ],
    exits: [
      'no errors, and no more warnings than --max-warnings',
      'errors, too many warnings, or files that cannot be read',
      'wrong usage, or a baseline that cannot be read',
    ],
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'test',
    summary: 'run the tests of schemas: *.imsc.test.yml',
    arguments: [new Argument('[path...]', 'tests, or folders with tests (default: the working directory)')],
    options: [
      new Option('--update', 'write what came out as what is expected, and show what that changes'),
      new Option('--dialect <name>', 'the ingestor that schemas are written for that do not say so').choices(
        dialectNames,
      ),
      new Option('-c, --config <file>', 'the configuration of the ingestor, for its dialect (default: none)'),
    ],
    examples: [
      ['imsc test', 'run every test below the working directory'],
      ['imsc test my.imsc.test.yml --update', 'expect what comes out now'],
    ],
    exits: [
      'every test has passed',
      'a test has failed or cannot be run, or there is none',
      'wrong usage or configuration',
    ],
    load: async () => (await import('./commands/test.ts')).testCommand,
  },
  {
    name: 'diff',
    summary: 'tell which datasets would come out differently after a change of schemas',
    usage: 'OLD NEW --samples FILE… | NEW --git REVISION --samples FILE…',
    arguments: [
      new Argument('<schemas>', 'a schema file, or a folder of them: before the change; with --git, after it'),
      new Argument('[after]', 'after the change'),
    ],
    options: [
      new Option('--samples <nexus...>', 'NeXus files, or patterns of them').makeOptionMandatory(),
      new Option('--git <revision>', 'compare with the schemas as they were in this commit'),
      new Option('--stdin', 'the text of the schema after the change comes from standard input: it is not saved yet'),
      new Option('-c, --config <file>', 'the configuration of the ingestor (default: none)'),
      new Option('--markdown', 'for the description of a pull request').conflicts('json'),
      new Option('--exit-code', 'fail if any dataset comes out differently'),
    ],
    examples: [
      ['imsc diff old.imsc.yml new.imsc.yml --samples "data/**/*.nxs"', 'one schema'],
      ['imsc diff schemas --git HEAD --samples data/*.nxs', 'a folder, and its last commit'],
      ['imsc diff schemas --git main --samples data/*.nxs --markdown', 'for a pull request'],
    ],
    exits: [
      'compared',
      'a schema or a file cannot be used, or with --exit-code a dataset comes out differently',
      'wrong usage',
    ],
    load: async () => (await import('./commands/diff.ts')).diffCommand,
  },
  {
    name: 'update',
    summary: 'change datasets in SciCat to what their files and schemas say now; shows it first',
    usage: '-c CONFIG FILE… [--yes] [--undo] [options]',
    takesConfig: true,
    options: [
      new Option('--yes', 'send what is shown'),
      new Option('--undo', 'take back the last update of each file instead'),
      new Option('--overwrite', 'also what somebody has changed in SciCat since'),
      new Option('--rate <number>', 'changes in a second, at most (default: 10)'),
      schemaOption,
      storeOption,
    ],
    examples: [
      ['imsc update -c config.yml data/*.nxs', 'what would be changed'],
      ['imsc update -c config.yml data/*.nxs --yes', 'and change it'],
      ['imsc update -c config.yml data/*.nxs --undo --yes', 'take it back'],
    ],
    exits: ['shown, or changed', 'a dataset could not be updated', 'wrong usage or configuration'],
    load: async () => (await import('./commands/update.ts')).updateCommand,
  },
  {
    name: 'select',
    summary: 'tell which schema a file gets, and why',
    usage: configUsage,
    takesConfig: true,
    examples: [['imsc select -c config.yml --nexus-file run.nxs', 'each schema that was asked, and its answer']],
    load: async () => (await import('./commands/select.ts')).selectCommand,
  },
  {
    name: 'inspect',
    summary: 'show what is in a NeXus file',
    arguments: [new Argument('<nexus>', 'the file'), new Argument('[path]', 'a group or dataset in it')],
    options: [
      new Option('--depth <levels>', 'how deep to look').default('8'),
      new Option('--attributes', 'show the attributes too'),
    ],
    examples: [
      ['imsc inspect run.nxs', 'the whole tree'],
      ['imsc inspect run.nxs /entry/sample', 'one group'],
    ],
    load: async () => (await import('./commands/inspect.ts')).inspectCommand,
  },
  {
    name: 'convert',
    summary: 'write a schema in the other notation, or for another ingestor, on standard output',
    usage: 'SCHEMA --to yaml|json | --for python-26|next [--samples FILE…] [options]',
    arguments: [new Argument('<schema>', 'a schema file')],
    options: [
      new Option('--to <notation>', 'the notation to write').choices(['yaml', 'json']),
      new Option('--merged', 'with all that the schema imports in it'),
      new Option('--for <name>', 'in words that this ingestor knows; no value becomes another').choices([
        'python-26',
        'next',
      ]),
      new Option('--samples <nexus...>', 'with --for: files to learn names from, and to prove the result on'),
      new Option('--partly', 'with --for: write what can be written where not all can'),
      new Option(
        '--dialect <name>',
        'with --for: the ingestor that the schema is written for, if it says none',
      ).choices(dialectNames),
    ],
    examples: [
      ['imsc convert my.imsc.json --to yaml > my.imsc.yml', 'JSON to YAML, comments kept'],
      ['imsc convert my.imsc.yml --to yaml --merged', 'one schema of it and what it imports'],
      ['imsc convert my.imsc.yml --for python-26 --samples data/*.nxs', 'for today’s Python ingestor'],
    ],
    exits: ['written', 'it cannot be read, or not all of it can be written', 'wrong usage'],
    load: async () => (await import('./commands/convert.ts')).convertCommand,
  },
  {
    name: 'migrate',
    summary: 'rewrite schemas and their configuration for v4 of SciCat’s API, or back; shows it first',
    usage: '--to v4|v3 [SCHEMA|FOLDER…] [-c CONFIG] [--yes]',
    arguments: [new Argument('[path...]', 'schemas, or folders of them (default: those of the configuration)')],
    options: [
      new Option('--to <version>', 'the version that is to be spoken').choices(['v4', 'v3']).makeOptionMandatory(),
      new Option('-c, --config <file>', 'the configuration of the ingestor, which is rewritten, too'),
      new Option('--yes', 'change the files as it is shown'),
    ],
    examples: [
      ['imsc migrate --to v4 -c config.yml', 'what would be changed in the configuration and its schemas'],
      ['imsc migrate --to v4 -c config.yml --yes', 'and change it'],
      ['imsc migrate --to v3 schemas', 'schemas alone, the way back'],
    ],
    exits: ['shown, or changed', 'something cannot be rewritten, and nothing is', 'wrong usage'],
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  {
    name: 'bag',
    summary: 'check bags (BagIt), in folders or archives, and make them',
    arguments: [
      new Argument('<action>', 'what to do').choices(['check', 'make']),
      new Argument('<path...>', 'folders; to be checked also zip, tar and tar.gz'),
    ],
    options: [
      new Option('--strict', 'check: refuse checksums that can be forged, such as md5'),
      new Option('--algorithm <name...>', 'make: the checksums (default: sha256)'),
      new Option('--info <label=value>', 'make: a line of bag-info.txt; may be given again').argParser(collect),
    ],
    examples: [
      ['imsc bag check delivery/', 'is everything there, and as its checksums say?'],
      ['imsc bag check delivery.zip --json', 'the same of an archive, for programs'],
      ['imsc bag make run-17/ --info Contact-Name=me', 'put what is in the folder into a bag'],
    ],
    exits: ['every bag is valid, or made', 'a bag is not valid or cannot be made', 'wrong usage'],
    load: async () => (await import('./commands/bag.ts')).bagCommand,
  },
  {
    name: 'sandbox',
    summary: 'run a SciCat for one person on this computer',
    options: [
      new Option('--port <number>', 'port to listen on').default('3000'),
      new Option('--data <folder>', 'where to keep the data; without it, they are gone at the end'),
      new Option('--proposal <id>', 'a proposal that it knows besides; may be given again').argParser(collect),
      new Option('--allow-origin <url>', 'a web page that may ask it; may be given again').argParser(collect),
    ],
    examples: [
      ['imsc sandbox --data my-scicat', 'prints its address and a token'],
      ['imsc sandbox --proposal 2025-117', 'with the proposal that your file names'],
    ],
    exits: ['ended by Ctrl-C', 'it cannot start, e.g. because the port is taken', 'wrong usage'],
    load: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
  },
  {
    name: 'serve',
    summary: 'run the ingest service: for web pages, scripts and deposits by http',
    usage: '-c CONFIG [--location NAME=FOLDER…] [options]',
    takesConfig: true,
    options: [
      new Option('--serve-config <file>', 'what belongs to the service: imsc-serve.yml'),
      new Option('--port <number>', 'port to listen on (default: 8888)'),
      new Option('--host <address>', 'address to listen on (default: 127.0.0.1)'),
      storeOption,
      new Option('--location <name=folder>', 'a folder with data; may be given again').argParser(collect),
      new Option('--allow-origin <url>', 'a web page that may use it; may be given again').argParser(collect),
      new Option('--protocols <names>', 'only these: openem, arkivum, sword, with commas between them'),
      new Option('--add-account <name>', 'add an account, show its secret once, and end'),
      new Option('--admin', 'with --add-account: it sees the jobs of all'),
    ],
    examples: [
      ['imsc serve -c config.yml --location data=/data', 'for this computer, without accounts'],
      ['imsc serve -c config.yml --serve-config imsc-serve.yml', 'everything else stands in that file'],
      ['imsc serve --serve-config imsc-serve.yml --add-account ada', 'a new account, or a new secret for it'],
    ],
    exits: ['ended by Ctrl-C, or the account is added', 'it cannot start', 'wrong usage or configuration'],
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    name: 'online',
    summary: 'ingest files as Kafka tells of them, or as they come into a folder, until it is interrupted',
    usage: '-c CONFIG [options]',
    takesConfig: true,
    options: [
      new Option('--watch <folder>', 'ingest the files that come to lie below it; may be given again').argParser(
        collect,
      ),
      storeOption,
    ],
    examples: [
      ['imsc online -c config.yml', 'in the place of the Python online ingestor, with its configuration'],
      ['imsc online -c config.yml --watch /data/raw', 'the files that come to lie there, without Kafka'],
    ],
    exits: [
      'ended by Ctrl-C or SIGTERM',
      'Kafka, or the folder, cannot be reached, or stands still',
      'wrong usage or configuration',
    ],
    load: async () => (await import('./commands/online.ts')).onlineCommand,
  },
  {
    name: 'resume',
    summary: 'finish ingestions that were interrupted',
    takesConfig: true,
    options: [
      new Option('--list', 'only list them'),
      new Option('--run <id>', 'only this one, as --list --json names it'),
      ...decisions,
      storeOption,
      new Option('--give-up', 'do not finish the run that --run names, and do not offer it again'),
    ],
    examples: [
      ['imsc resume -c config.yml', 'finish all of them'],
      ['imsc resume --list', 'what was interrupted, and where'],
    ],
    load: async () => (await import('./commands/resume.ts')).resumeCommand,
  },
  {
    name: 'jobs',
    summary: 'list ingestions and what became of them; show, watch, resume, cancel or drop one',
    usage: '[list|show|watch|resume|send|submit|approve|reopen|cancel|drop] [ID] [options]',
    takesConfig: true,
    options: [
      new Option('--status <status...>', 'list only jobs that stand so').choices(jobStatuses),
      new Option('--file <file>', 'list only jobs of this data file'),
      new Option('--page <number>', 'the page of the list (default: 1)'),
      new Option('--page-size <number>', 'jobs on a page (default: 100)'),
      storeOption,
      ...decisions,
    ],
    examples: [
      ['imsc jobs', 'what was ingested, newest first'],
      ['imsc jobs --status failed loading --page 2', 'some of them'],
      ['imsc jobs show ID', 'each step with its times, what SciCat holds, what was found'],
      ['imsc jobs watch --json', 'a line for each change, until Ctrl-C'],
      ['imsc jobs resume ID', 'go on with one that was interrupted'],
      ['imsc jobs send ID', 'ask SciCat again for the jobs of a schema that it has not taken'],
      ['imsc jobs approve ID', 'let one go on that waits'],
      ['imsc jobs reopen ID', 'a new draft in the place of one that was rejected or has expired'],
      ['imsc jobs submit ID', 'say that a draft is complete'],
      ['imsc jobs cancel ID', 'give one up; nothing is deleted in SciCat'],
      ['imsc jobs drop ID', 'delete the record of one that has ended'],
    ],
    exits: ['done', 'it cannot be done with this job, or it failed', 'wrong usage or configuration'],
    load: async () => (await import('./commands/jobs.ts')).jobsCommand,
  },
  {
    name: 'init',
    summary: 'make a folder to begin with: configuration, schema, a test of it, a check for CI',
    arguments: [new Argument('[folder]', 'where; what is there stays (default: the working directory)')],
    options: [new Option('--sample <nexus>', 'a NeXus file that the schema is made for, and tested with')],
    examples: [
      ['imsc init my-schemas --sample run.nxs', 'a schema with the values of that file'],
      ['imsc init', 'a schema to fill in, here'],
    ],
    exits: ['everything is there', 'the sample cannot be read, or something cannot be written', 'wrong usage'],
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'doctor',
    summary: 'tell what of all that an ingestion needs works: configuration, SciCat, token, groups, proposals, schemas',
    takesConfig: true,
    examples: [
      ['imsc doctor -c config.yml', 'a line for each, with the way out where something does not work'],
      ['imsc doctor -c config.yml --json', 'the same for programs'],
    ],
    exits: ['nothing that does not work was found', 'something does not work', 'wrong usage'],
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'explain',
    summary: 'tell what a problem means and what to do, by its code',
    arguments: [new Argument('<code>', 'what stands in brackets behind the message')],
    examples: [['imsc explain sample-path-missing', 'as docs/problems.md has it']],
    exits: ['explained', 'it cannot be printed', 'there is no such code'],
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'login',
    summary: 'sign in to SciCat and print the token',
    takesConfig: true,
    options: [
      new Option('--user <name>', 'the user name; the password is read from SCICAT_PASSWORD'),
      new Option('--ldap', 'sign in by LDAP'),
    ],
    examples: [['imsc login --scicat.host https://scicat.example.org/api/v3 --user me', 'prints a token']],
    load: async () => (await import('./commands/account.ts')).loginCommand,
  },
  {
    name: 'whoami',
    summary: 'tell whose token it is, and until when it is good',
    takesConfig: true,
    examples: [['imsc whoami -c config.yml', 'asks SciCat']],
    load: async () => (await import('./commands/account.ts')).whoamiCommand,
  },
  {
    name: 'dataset',
    summary: 'print a dataset and its files as they stand in SciCat',
    takesConfig: true,
    options: [new Option('--pid <pid>', 'the dataset')],
    examples: [['imsc dataset -c config.yml --pid 20.500.12269/1234', 'what became of an ingestion']],
    load: async () => (await import('./commands/account.ts')).datasetCommand,
  },
  {
    name: 'lsp',
    summary: 'run the language server, for editors',
    options: [new Option('--stdio', 'speak over standard input and output (the default)')],
    examples: [['imsc lsp --stdio', 'started by the editor']],
    load: async () => (await import('./commands/lsp.ts')).lspCommand,
  },
];

export const commandNames: readonly string[] = commands.map(({ name }) => name);

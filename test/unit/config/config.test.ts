import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { commandLineOptions, splitConfigArguments } from '../../../core/config/configArguments.ts';
import { ingestorConfigSchema } from '../../../core/config/configSchema.ts';
import { optionEntries } from '../../../core/config/configTable.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const baseText = readFileSync(
  path.resolve(import.meta.dirname, '../../conformance/base-config.json'),
  'utf8',
).replaceAll('{{HOST}}', 'http://localhost:3000');

/** Each problem as code, severity and the text it points at. */
function problemsOf(text: string, overrides = {}): unknown[] {
  return loadConfig({ text, overrides }).problems.map(({ code, severity, range }) => [
    code,
    severity,
    range && text.slice(range.start, range.end),
  ]);
}

describe('a configuration file', () => {
  it('of the Python ingestor is read as it is', () => {
    const { config, problems } = loadConfig({ text: baseText });
    expect(problems.filter(({ code }) => code !== 'placeholder-left')).toEqual([]);
    expect(config.ingestion.file_handling).toMatchObject({
      save_file_hash: false,
      file_path_type: 'absolute',
      data_file_open_retry_delay: [],
    });
    expect(config.scicat.timeout).toBe(10);
    expect(config.scicat.token.reveal()).toBe('TEST-TOKEN');
    expect(config.dataset.default_access_groups).toEqual(['ACCESS_GROUP_1']);
  });

  it('may be YAML, and may lack whole sections', () => {
    const text = 'scicat:\n  host: http://h/api/v3\n  timeout: 2.5\nkafka:\nid: 007\n';
    const { config, problems } = loadConfig({ text });
    expect(problems).toEqual([]);
    expect([config.scicat.host, config.scicat.timeout, config.id]).toEqual(['http://h/api/v3', 2.5, '007']);
    expect(config.ingestion.schemas_directory).toBe('schemas');
    expect(config.health_check.port).toBe(8080);
  });

  it('that is empty gives defaults that can work', () => {
    const { config, problems } = loadConfig({ text: '' });
    expect(problems).toEqual([]);
    expect(config.scicat).toMatchObject({ apiVersion: 'v3', timeout: 60, verify: true, max_tries: 5 });
    expect(config.ingestion).toMatchObject({ max_files_per_block: 5000, max_block_bytes: 4_000_000 });
  });

  it.each([
    ['scicat: {timeout: 0}', 0],
    ['scicat: {timeout: null}', 0],
    ['scicat: {}', 60],
  ])('%s means a limit of %i seconds', (text, seconds) => {
    expect(loadConfig({ text }).config.scicat.timeout).toBe(seconds);
  });

  it.each<[string, string[]]>([
    ['dataset:\n  default_owner_group: DEFAULT_OWNER_GROUP\n', ['DEFAULT_OWNER_GROUP']],
    ['dataset: {default_access_groups: [ess, ACCESS_GROUP_1]}', ['[ess, ACCESS_GROUP_1]']],
    ['{"dataset": {"default_instrument_id": "ID_OF_FALLBACK_INSTRUMENT"}}', ['"ID_OF_FALLBACK_INSTRUMENT"']],
    ['dataset: {default_owner_group: OWNER_GROUP, default_proposal_id: null}', ['OWNER_GROUP']],
    ['dataset: {default_owner_group: ess, default_access_groups: [staff]}', []],
    ['ingestion: {schemas_directory: INSTRUMENT/schemas}', []],
  ])('that holds examples of values is warned of: %s', (text, places) => {
    expect(problemsOf(text)).toEqual(places.map((place) => ['placeholder-left', 'warning', place]));
  });

  it('can leave a default out by null', () => {
    const { config } = loadConfig({ text: 'dataset: {default_proposal_id: null, allow_dataset_pid: null}' });
    expect(config.dataset).toMatchObject({ default_proposal_id: null, allow_dataset_pid: true });
  });

  it.each<[string, unknown[]]>([
    [
      '{"colour": "red", "scicat": {"colour": 1}}',
      [
        ['config-unknown-key', 'warning', '"colour"'],
        ['config-unknown-key', 'warning', '"colour"'],
      ],
    ],
    ['ingestion:\n  dry_run: yep\n', [['config-value', 'error', 'yep']]],
    ['ingestion: {file_handling: {file_path_type: Relative}}', [['config-value', 'error', 'Relative']]],
    ['dataset: {default_access_groups: all}', [['config-value', 'error', 'all']]],
    ['scicat: {timeout: -1}', [['config-value', 'error', '-1']]],
    ['scicat: {host: scicat.example}', [['config-value', 'error', 'scicat.example']]],
    ['scicat: [1]', [['config-value', 'error', '[1]']]],
    ['kafka: {group_id: [a]}', [['config-value', 'warning', '[a]']]],
    ['- a', [['config-value', 'error', '- a']]],
    ['scicat: {host: "https://h", verify: false}', [['config-insecure', 'warning', 'false']]],
    [
      'ingestion: {file_handling: {save_file_hash: true, compute_file_hash: false}}',
      [['config-no-effect', 'warning', 'true']],
    ],
    ['ingestion: {file_handling: {file_hash_algorithm: crc32}}', [['hash-algorithm', 'error', 'crc32']]],
  ])('%s is told', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it.each([
    ['ingestion: {dryrun: true}', "Did you mean 'ingestion.dry_run'?"],
    ['file_path_type: absolute', "There is 'ingestion.file_handling.file_path_type'."],
  ])('%s gets a hint', (text, hint) => {
    expect(loadConfig({ text }).problems[0]?.message).toContain(hint);
  });

  it('with a syntax error says where, and gives a complete configuration all the same', () => {
    const { config, problems } = loadConfig({ text: '{"scicat": {"timeout": 3,, }' });
    expect(problems.some(({ code, severity }) => code === 'syntax' && severity === 'error')).toBe(true);
    expect(config.ingestion.dry_run).toBe(false);
  });

  it('names itself in its problems, and says when it is missing', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'config.yml');
    await writeFile(file, 'colour: red\n');
    expect(loadConfig({ file }).problems).toMatchObject([{ code: 'config-unknown-key', file }]);
    expect(loadConfig({ file: path.join(folder, 'gone.yml') }).problems).toMatchObject([
      { code: 'config-file', message: expect.stringContaining('does not exist') as string },
    ]);
  });
});

describe('the command line', () => {
  it('wins over the file', () => {
    const { overrides, rest, problems } = splitConfigArguments([
      'ingest',
      '-c',
      'config.json',
      '--nexus-file=run.hdf',
      '-d',
      '--ingestion.file_handling.file-path-type',
      'absolute',
      '--dataset.default-access-groups',
      'a',
      'b',
      '--scicat.verify=false',
      '--ingestion.file-handling.data-file-open-retry-delay',
      '1',
      '2',
      '--json',
      '--scicat.api-version',
      'v4',
    ]);
    expect(rest).toEqual(['ingest', '--json']);
    expect(problems).toEqual([]);
    const { config } = loadConfig({ text: baseText, overrides });
    expect(config).toMatchObject({
      config_file: 'config.json',
      nexus_file: 'run.hdf',
      dataset: { default_access_groups: ['a', 'b'] },
      ingestion: { dry_run: true, file_handling: { file_path_type: 'absolute', data_file_open_retry_delay: [1, 2] } },
      scicat: { verify: false, apiVersion: 'v4' },
    });
  });

  it('offers every option of the file in the spelling of the Python ingestor', () => {
    const flags = commandLineOptions().map(({ flag }) => flag);
    expect(flags).toEqual(
      expect.arrayContaining(['--nexus-file', '--ingestion.dry-run', '--ingestion.file-handling.message-to-file']),
    );
    expect(flags).toHaveLength(optionEntries.filter(({ option }) => option.fileOnly !== true).length);
  });

  it('says what is wrong with a flag', () => {
    expect(splitConfigArguments(['--scicat.host', '--json']).problems).toEqual([
      '--scicat.host needs a value: a text.',
    ]);
    expect(loadConfig({ overrides: { 'scicat.timeout': 'soon' } }).problems).toMatchObject([
      { code: 'config-value', severity: 'error', message: '--scicat.timeout must be a number, at least 0.' },
    ]);
    expect(splitConfigArguments(['--ingestion.dry_run', 'false', '-v']).problems).toEqual([
      '“false” behind --ingestion.dry_run means nothing: it is a switch; --ingestion.dry-run=false turns it off.',
    ]);
    expect(splitConfigArguments(['--scicat.hots', 'x']).rest).toEqual(['--scicat.hots', 'x']);
    expect(loadConfig({ overrides: { 'scicat.hots': 'x' } }).problems[0]?.message).toContain('--scicat.host?');
  });
});

describe('the token', () => {
  it('comes from the first source that is given', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'config.yml');
    await writeFile(path.join(folder, 'beside'), 'from-file-option\n');
    await writeFile(path.join(folder, 'other'), ' from-command-line-file ');
    const tokenOf = async (text: string, overrides = {}, env = {}): Promise<string> => {
      await writeFile(file, text);
      return loadConfig({ file, overrides, env }).config.scicat.token.reveal();
    };
    const inFile = 'scicat: {token: from-file}';
    const both = 'scicat: {token: from-file, token-file: beside}';
    const env = { SCICAT_TOKEN: 'from-env' };
    const tokenFile = { 'scicat.token_file': path.join(folder, 'other') };
    expect(await tokenOf('id: x')).toBe('');
    expect(await tokenOf(inFile)).toBe('from-file');
    expect(await tokenOf(both)).toBe('from-file-option');
    expect(await tokenOf(both, {}, env)).toBe('from-env');
    expect(await tokenOf(both, tokenFile, env)).toBe('from-command-line-file');
    expect(await tokenOf(both, { ...tokenFile, 'scicat.token': 'given' }, env)).toBe('given');
  });

  it.each([
    ['http://scicat.example.org/api/v3', 'x', true],
    ['http://192.168.1.4:3000/api/v3', 'x', true],
    ['http://127.0.0.1.example.org/api/v3', 'x', true],
    ['http://scicat.example.org/api/v3', '', false],
    ['https://scicat.example.org/api/v3', 'x', false],
    ['http://localhost:3000/api/v3', 'x', false],
    ['http://127.0.0.1:3000/api/v3', 'x', false],
    ['http://[::1]:3000/api/v3', 'x', false],
  ])('in the clear to %s (token %j): %j', (host, token, isToldOf) => {
    const { problems } = loadConfig({ overrides: { 'scicat.host': host }, env: { SCICAT_TOKEN: token } });
    expect(problems.some(({ code }) => code === 'config-insecure')).toBe(isToldOf);
  });

  it('is left out, its file unread, for who asks nobody', () => {
    const text = 'scicat: {token: from-file, token_file: /nowhere}';
    const { config, problems } = loadConfig({ text, withToken: false, env: { SCICAT_TOKEN: 'x' } });
    expect(config.scicat.token.isEmpty).toBe(true);
    expect(problems).toEqual([]);
  });

  it('is never printed', () => {
    const text =
      '{"scicat": {"token": "SESAME", "additional_headers": {"x-key": "SESAME"}}, "kafka": {"sasl_password": "SESAME"}}';
    const { config } = loadConfig({ text });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config.scicat.token),
    ];
    expect(printed.join('\n')).not.toContain('SESAME');
    expect(config.scicat.additional_headers['x-key']?.reveal()).toBe('SESAME');
    const wrong = loadConfig({ text: 'scicat: {token: [SESAME], additional_headers: {a: [SESAME]}}' });
    expect(wrong.problems).toHaveLength(2);
    expect(JSON.stringify(wrong.problems)).not.toContain('SESAME');
  });

  it.each([
    ['a colon that is missing', '{"scicat": {"token" "SESAME-SESAME"}}'],
    ['no quotes, in braces', '{"scicat": {"host": "http://a", SESAME-SESAME"}}'],
    ['a quote that is missing', '{"scicat": {"token": "SESAME-SESAME}}'],
    ['a star before it', 'scicat:\n  token: *SESAME-SESAME\n'],
    ['a bracket that is missing', 'scicat:\n  token: [SESAME-SESAME\n  host: a\n'],
    ['an indent that is missing', 'scicat:\n token: "a\nSESAME-SESAME: 1\n'],
    ['the place of a key, as the tokens of SciCat look', 'scicat:\n  eyJhbGciOiJIUzI1NiJ9.SESAME.SESAME: 1\n'],
  ])('is not told by a broken configuration: %s', (_, text) => {
    const { problems } = loadConfig({ text });
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain('SESAME');
  });

  it('is a problem when its file is missing or empty', async () => {
    const file = path.join(await newFolder(), 'token');
    const codes = () => loadConfig({ overrides: { 'scicat.token-file': file } }).problems.map(({ code }) => code);
    expect(codes()).toEqual(['token-file']);
    await writeFile(file, '\n');
    expect(codes()).toEqual(['token-file']);
  });
});

describe('the JSON Schema', () => {
  const validate = new Ajv({ allowUnionTypes: true, strict: true, keywords: ['markdownDescription'] }).compile(
    ingestorConfigSchema(),
  );

  it('accepts the configuration of the Python ingestor', () => {
    expect(validate(JSON.parse(baseText))).toBe(true);
  });

  it.each([
    { colour: 1 },
    { scicat: { timeout: 'x' } },
    { ingestion: { file_handling: { file_path_type: 'Relative' } } },
  ])('refuses %j', (value) => {
    expect(validate(value)).toBe(false);
  });
});

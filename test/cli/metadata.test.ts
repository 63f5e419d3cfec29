import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-metadata-')));
const at = (...parts: string[]): string => path.join(root, ...parts);
let sandbox: Sandbox;

beforeAll(async () => {
  mkdirSync(at('notes/deep'), { recursive: true });
  writeFileSync(at('notes/a.txt'), 'a');
  writeFileSync(at('notes/deep/b.txt'), 'b');
  cpSync(path.join(samples, 'data/loki/2025/443618/raw'), at('loki/443618/raw'), { recursive: true });
  writeFileSync(at('loki/443618/notes.txt'), 'n');
  sandbox = await startSandbox({});
});
afterAll(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

const run = (command: string, ...args: string[]) => {
  const config = ['-c', path.join(samples, 'config.yml'), '--scicat.host', sandbox.baseUrl];
  return imsc([command, ...config, ...args], { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: at('journal') }, root);
};
const stored = (name: string) => sandbox.documents('datasets').find((dataset) => dataset['datasetName'] === name) ?? {};

describe('a folder that does not lie in its final place', () => {
  test('is copied there first, and SciCat is told of the copy', async () => {
    mkdirSync(at('final'));
    mkdirSync(at('here'));
    cpSync(path.join(samples, 'data/coda/2025/443604'), at('here/443604'), { recursive: true });
    writeFileSync(at('here/443604/notes.txt'), 'n');
    const done = await run('ingest', 'here/443604', '--copy-to', at('final'), '--json');
    expect(done.code, done.stderr).toBe(0);
    const { dataset } = JSON.parse(done.stdout) as { dataset: { sourceFolder: string } };
    expect(dataset.sourceFolder).toContain(at('final/443604'));
    expect(readFileSync(at('final/443604/notes.txt'), 'utf8')).toBe('n');
  });

  test('has a file that describes it, which is none of its files there either', async () => {
    mkdirSync(at('described'));
    writeFileSync(at('described/a.txt'), 'a');
    const file = at('described/given.yml');
    writeFileSync(file, 'datasetName: Described\npid: 20.500.12269/described\ncreationTime: 2025-01-20T12:00:00Z\n');
    const done = await run('ingest', 'described', '--metadata', file, '--copy-to', at('final'), '--json');
    expect(done.code, done.stderr).toBe(0);
    const { files } = JSON.parse(done.stdout) as { files: { path: string }[] };
    expect(files.map((each) => each.path)).toEqual(['a.txt']);
  });
});

describe('an archive', () => {
  const given = (pid: string): string =>
    `datasetName: Delivery\npid: 20.500.12269/${pid}\ncreationTime: 2025-01-20T12:00:00Z\n`;
  const packed = (name: string, files: Readonly<Record<string, string>>): void => {
    const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
    writeFileSync(at(name), zipSync(Object.fromEntries(bytes), { level: 0 }));
  };
  beforeEach(() => {
    packed('delivery.zip', { 'delivery/notes.txt': 'written by night', 'delivery/deep/b.txt': 'b' });
    writeFileSync(at('given.yml'), given('delivery'));
  });

  test('is unpacked where its files stay, and ingested with what a person knows', async () => {
    const done = await run('ingest', 'delivery.zip', '--copy-to', at('stay'), '--metadata', at('given.yml'), '--json');
    expect(done.code, done.stderr).toBe(0);
    const { dataset } = JSON.parse(done.stdout) as { dataset: { sourceFolder: string; datasetName: string } };
    expect(dataset.datasetName).toBe('Delivery');
    expect(dataset.sourceFolder).toContain(at('stay'));
    expect(readFileSync(path.join(dataset.sourceFolder, 'notes.txt'), 'utf8')).toBe('written by night');
    const kept = readdirSync(at('stay'));
    const again = await run('ingest', 'delivery.zip', '--copy-to', at('stay'), '--metadata', at('given.yml'));
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Already in SciCat')]);
    expect(readdirSync(at('stay'))).toEqual(kept);
  });

  test('that is damaged leaves nothing', async () => {
    const bytes = readFileSync(at('delivery.zip'));
    bytes[bytes.indexOf('written')] = 0x57;
    writeFileSync(at('delivery.zip'), bytes);
    const done = await run('ingest', 'delivery.zip', '--copy-to', at('elsewhere'), '--metadata', at('given.yml'));
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining('delivery/notes.txt')]);
    expect(readdirSync(at('elsewhere'))).toEqual([]);
  });

  test('touches nothing of others in the folder where its files stay', async () => {
    // Everybody counts the own jobs from 1.
    for (const number of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '.imsc-1', '.imsc-2', '.imsc-3']) {
      mkdirSync(at('shared', number), { recursive: true });
      writeFileSync(at('shared', number, 'theirs.txt'), 'not ours');
    }
    const theirs = readdirSync(at('shared'));
    const options = ['--copy-to', at('shared'), '--metadata', at('given.yml')];
    writeFileSync(at('given.yml'), 'datasetName: Ours\ncreationTime: 2025-01-20T12:00:00Z\n');
    const own = (...args: string[]) => run('ingest', 'delivery.zip', ...options, ...args, '--store', at('first'));
    const done = await own('--json');
    expect(done.code, done.stderr).toBe(0);
    const { files } = JSON.parse(done.stdout) as { files: { path: string }[] };
    expect(files.map((file) => file.path)).toEqual(['deep/b.txt', 'notes.txt']);
    const kept = readdirSync(at('shared')).sort();
    expect(kept).toHaveLength(theirs.length + 1);
    writeFileSync(at('given.yml'), 'datasetName: Ours\npid: 20.500.12269/delivery\ncreationTime: 2025-01-20T12:00:00Z\n'); // prettier-ignore
    expect((await own()).stdout).toContain('Already in SciCat');
    expect(readdirSync(at('shared')).sort()).toEqual(kept);
    for (const number of theirs) expect(readdirSync(at('shared', number))).toEqual(['theirs.txt']);
  });

  test('that SciCat refuses leaves nothing', async () => {
    writeFileSync(at('given.yml'), 'datasetName: Refused\nownerEmail: nobody\ncreationTime: 2025-01-20T12:00:00Z\n');
    const done = await run('ingest', 'delivery.zip', '--copy-to', at('refused'), '--metadata', at('given.yml'));
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining('ownerEmail')]);
    expect(readdirSync(at('refused'))).toEqual([]);
  });

  test('stays unpacked where SciCat may have a dataset of it, also when it is called off', async () => {
    const own = { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: at('journal-later') };
    const jobs = async (...args: string[]) => {
      const config = ['-c', path.join(samples, 'config.yml'), '--scicat.host', sandbox.baseUrl, '--json'];
      const { code, stdout, stderr } = await imsc(['jobs', ...args, ...config], own, root);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as object;
    };
    sandbox.faults.add({ kind: 'error-before', method: 'POST', path: '/datasets' });
    const options = ['--copy-to', at('later'), '--metadata', at('given.yml'), '--scicat.max-tries', '1'];
    writeFileSync(at('given.yml'), 'datasetName: Later\npid: 20.500.12269/later\ncreationTime: 2025-01-20T12:00:00Z\n');
    const failed = await run('ingest', 'delivery.zip', ...options, '--store', at('journal-later'));
    expect(failed.code, failed.stderr).toBe(1);
    const [kept = ''] = readdirSync(at('later'));
    expect(kept).toMatch(/^delivery-/);
    expect(await jobs('list')).toMatchObject({ jobs: [{ id: '1', hold: { for: 'retry' }, running: false }] });
    expect(await jobs('cancel', '1')).toMatchObject({ status: 'cancelled' });
    // SciCat may have it, and it may be gone on with.
    expect(readdirSync(at('later'))).toEqual([kept]);
    expect(await jobs('resume', '1')).toMatchObject({ status: 'done', folder: at('later', kept) });
  });

  test('is looked into by a dry run and for what is not known, where its files would stay, and nothing is left there', async () => {
    const place = ['--copy-to', at('not/there')];
    writeFileSync(at('given.yml'), given('looked-into'));
    const dry = await run('dry-run', 'delivery.zip', ...place, '--metadata', at('given.yml'), '--json');
    expect(dry.code, dry.stderr).toBe(0);
    const planned = JSON.parse(dry.stdout) as { dataset: { sourceFolder: string }; files: { path: string }[] };
    expect(planned.dataset.sourceFolder).toBe(at('not/there/delivery'));
    expect(planned.files.map(({ path: name }) => name)).toEqual(['deep/b.txt', 'notes.txt']);
    const asked = await run('metadata', 'delivery.zip', ...place, '-o', at('asked.yml'));
    expect(asked.code, asked.stderr).toBe(0);
    expect(readFileSync(at('asked.yml'), 'utf8')).toContain(`# sourceFolder: ${at('not/there/delivery')}`);
    expect(existsSync(at('not'))).toBe(false);
  });

  test('that is a bag is looked into as it is ingested: its payload, once it was checked', async () => {
    const bag = (sum: string): void => {
      packed('bag.zip', {
        'bag/bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
        'bag/manifest-sha256.txt': `${sum}  data/notes.txt\n`,
        'bag/data/notes.txt': 'written by night',
      });
    };
    writeFileSync(at('given.yml'), given('bag'));
    bag(createHash('sha256').update('written by night').digest('hex'));
    const place = ['--copy-to', at('bags'), '--metadata', at('given.yml')];
    const dry = await run('dry-run', 'bag.zip', ...place, '--json');
    expect(dry.code, dry.stderr).toBe(0);
    expect((JSON.parse(dry.stdout) as { files: { path: string }[] }).files).toMatchObject([{ path: 'notes.txt' }]);
    bag('0'.repeat(64));
    const damaged = await run('dry-run', 'bag.zip', ...place);
    expect([damaged.code, damaged.stderr + damaged.stdout]).toEqual([1, expect.stringContaining('data/notes.txt')]);
    expect(existsSync(at('bags'))).toBe(false);
  });

  test.each([
    { command: 'metadata', said: 'Say where its files are to stay: --copy-to FOLDER' },
    { command: 'ingest', said: 'Say where its files are to stay: --copy-to FOLDER' },
    { command: 'dry-run', said: 'a dry run unpacks nothing' },
  ])('needs a place, and a dry run has none ($command)', async ({ command, said }) => {
    const known = command === 'metadata' ? [] : ['--metadata', at('given.yml')];
    const done = await run(command, 'delivery.zip', ...known);
    expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe('what only a person knows', () => {
  test('is asked for, typed, and ingested with a folder without a NeXus file', async () => {
    const file = at('notes/notes.imsc.metadata.yml');
    const asked = await run('metadata', 'notes', '-o', file);
    expect([asked.code, asked.stdout]).toEqual([0, expect.stringContaining('2 of them mandatory')]);
    const missing = await run('ingest', 'notes', '--metadata', file);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('The dataset has no creationTime')]);
    const typed = readFileSync(file, 'utf8')
      .replace('creationTime:\n', 'creationTime: 2025-01-20T12:00:00Z\n')
      .replace('datasetName:\n', 'datasetName: Notes of a shift\nownerEmail: nobody\n')
      .replace('scientificMetadata:\n', 'scientificMetadata:\n  temperature: { value: 4.5, unit: K }\n');
    writeFileSync(file, typed);
    const refused = await run('ingest', 'notes', '--metadata', file);
    const line = typed.split('\n').indexOf('ownerEmail: nobody') + 1;
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      new RegExp(`notes\\.imsc\\.metadata\\.yml:${line}:\\d+: error: SciCat refuses ownerEmail`),
    );
    writeFileSync(file, typed.replace('nobody', 'ada@example.org'));
    const planned = await run('dry-run', 'notes', '--metadata', file);
    expect(planned.stdout).toMatch(
      /ownerEmail +ada@example\.org {2}← notes\.imsc\.metadata\.yml line \d+\n +instead of data\.curators/,
    );
    const done = await run('ingest', 'notes', '--metadata', file, '--json');
    expect(done.code).toBe(0);
    const report = JSON.parse(done.stdout) as { files: { path: string }[] };
    expect(report).toMatchObject({
      outcome: 'ingested',
      provenance: { ownerEmail: { layer: 'user', file, line }, ownerGroup: { layer: 'configuration' } },
      conflicts: [{ field: 'ownerEmail', taken: { value: 'ada@example.org' }, overruled: [{ layer: 'schema' }] }],
    });
    // The file that describes the data is none of them.
    expect(report.files.map((each) => each.path)).toEqual(['a.txt', 'deep/b.txt']);
    expect(stored('Notes of a shift')).toMatchObject({
      sourceFolder: at('notes'),
      scientificMetadata: { temperature: { value: 4.5, unit: 'K' } },
    });
    const again = await run('metadata', 'notes', '-o', file);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('0 of them mandatory')]);
    expect(readFileSync(file, 'utf8')).toContain('datasetName: Notes of a shift\n');
  });

  test('a folder with a NeXus file is one dataset, with the values of the file', async () => {
    const { code, stdout } = await run('ingest', 'loki/443618', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { files: { path: string }[]; dataset: { datasetName: string } };
    expect(report).toMatchObject({ outcome: 'ingested', dataset: { numberOfFiles: 3 } });
    expect(report.files.map((each) => path.basename(each.path))).toEqual([
      '443618_00000291.nxs',
      '443618_00000291.b2b',
      'notes.txt',
    ]);
    const again = await run('ingest', 'loki/443618');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Already in SciCat')]);
  });

  test.each([
    ['a field that is none', 'datasetNmae: x\n', 'Did you mean datasetName?'],
    ['a key that cannot be stored', 'scientificMetadata: { a.b: 1 }\n', 'scientificMetadata/a.b'],
    ['no YAML', 'owner: [}', 'error'],
  ])('%s is told before anything is done', async (_name, text, said) => {
    const file = at('wrong.imsc.metadata.yml');
    writeFileSync(file, text);
    const { code, stderr } = await run('ingest', 'notes', '--metadata', file);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(stderr).toContain('wrong.imsc.metadata.yml:1:');
  });

  test('a folder has all that is in it, and nothing besides', async () => {
    const { code, stderr } = await run('ingest', 'notes', '--include', 'loki');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--include belongs to a data file')]);
  });

  test('belongs to one file or folder', async () => {
    const { code, stderr } = await run('ingest', 'notes', 'loki', '--metadata', 'x');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--metadata belongs to one data file')]);
  });
});

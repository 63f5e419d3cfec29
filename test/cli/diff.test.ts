import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { imsc, startImsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-diff-')));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');
const data = path.join(root, 'coda');
cpSync(path.join(samples, 'data/coda/2025/443604/raw'), data, { recursive: true });
cpSync(path.join(samples, 'data/loki/2025/443618/raw'), path.join(root, 'loki'), { recursive: true });
writeFileSync(path.join(root, 'broken.nxs'), 'no NeXus');

interface Compared {
  readonly samples: number;
  readonly changed: number;
  readonly untaken: number;
  readonly failed: number;
  readonly fields: Readonly<Record<string, number>>;
  readonly files: readonly { readonly file: string; readonly changes: readonly object[] }[];
}

const git = (...args: readonly string[]): void => {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', root, ...who, ...args], { stdio: 'ignore' });
};
git('init', '-q');

describe.each(notations)('a change of a schema in %s', (notation) => {
  const folder = path.join(root, notation);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, fileName('coda', notation));
  const old = path.join(folder, `old-${fileName('coda', notation)}`);
  const write = (to: string, text: string): void => {
    writeFileSync(to, inNotation(text, notation));
  };
  const changedText = coda.replace('measured by', 'Measured by');
  const diff = async (...args: readonly string[]) => {
    const ended = await imsc(['diff', ...args, '--json'], {}, root);
    return { code: ended.code, found: JSON.parse(ended.stdout) as Compared };
  };

  it('is told field by field, on the files that the schema takes', async () => {
    write(old, coda);
    write(file, changedText);
    const { code, found } = await diff(old, file, '--samples', 'coda/*.nxs', 'loki/*.nxs');
    expect({ code, ...found }).toMatchObject({
      code: 0,
      samples: 3,
      changed: 2,
      untaken: 1,
      fields: { description: 2 },
    });
    expect(found.files[0]).toMatchObject({
      file: path.join(data, '443604_00001017.nxs'),
      changes: [
        {
          part: 'dataset',
          name: 'description',
          before: expect.stringContaining('measured by') as string,
          after: expect.stringContaining('Measured by') as string,
        },
      ],
    });
  });

  it('is told against a commit, and fails where that is asked for', async () => {
    write(file, coda);
    git('add', '-A');
    git('commit', '-qm', notation);
    expect(await diff(file, '--git', 'HEAD', '--samples', 'coda/*.nxs', '--exit-code')).toMatchObject({
      code: 0,
      found: { changed: 0 },
    });
    write(file, changedText);
    expect(await diff(file, '--git', 'HEAD', '--samples', 'coda/*.nxs', '--exit-code')).toMatchObject({
      code: 1,
      found: { changed: 2, fields: { description: 2 } },
    });
    rmSync(old);
    expect(await diff(folder, '--git', 'HEAD', '--samples', 'coda/*.nxs')).toMatchObject({
      code: 0,
      found: { changed: 2 },
    });
  });

  it('is told of a text that is not saved yet, with what it imports', async () => {
    const importing = [
      ...['id: unsaved', 'name: Unsaved', 'order: 1', 'selector: filename:contains:/coda/'],
      ...['import: [5b1c6f0e-3d0a-4a57-8b58-0a7cfb0a4c11]', 'variables: {}', 'schema: {}'],
    ].join('\n');
    const unsaved = path.join(folder, fileName('unsaved', notation));
    const typed = async (named: string, text: string, ...args: readonly string[]) => {
      const all = ['diff', ...args, named, '--stdin', '--samples', 'coda/*.nxs', '--json'];
      const { code, stdout, stderr } = await startImsc(all, {}, root, undefined, inNotation(text, notation)).finished;
      return { code, stderr, found: JSON.parse(stdout === '' ? '{}' : stdout) as Compared };
    };
    write(file, coda);
    git('add', '-A');
    git('commit', '-qm', 'before it was typed', '--allow-empty');
    expect(await typed(file, changedText, '--git', 'HEAD')).toMatchObject({
      code: 0,
      found: { changed: 2, fields: { description: 2 } },
    });
    expect(await typed(file, coda, '--git', 'HEAD')).toMatchObject({ code: 0, found: { changed: 0 } });
    // It need not be there; what it imports is found where it will be.
    expect(await typed(unsaved, importing, file)).toMatchObject({ code: 0, found: { samples: 2, changed: 0 } });
    expect(await typed(folder, coda, '--git', 'HEAD')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('with --stdin one schema is named') as string,
    });
  });

  it('is told for many files by several threads as by one', async () => {
    const many = path.join(root, `many-${notation}/coda`);
    mkdirSync(many, { recursive: true });
    for (let index = 0; index < 40; index++)
      cpSync(path.join(data, '443604_00001017.nxs'), path.join(many, `${index}.nxs`));
    write(old, coda);
    write(file, changedText);
    const { found } = await diff(old, file, '--samples', `${many}/*.nxs`);
    expect(found).toMatchObject({ samples: 40, changed: 40, fields: { description: 40 } });
    const names = found.files.map((each) => path.basename(each.file));
    expect(names).toEqual([...names].sort());
  });

  it('says why a field is gone, and what could not be read', async () => {
    write(old, coda);
    write(file, coda.replaceAll('/entry/title', '/entry/nothing'));
    const { stdout } = await imsc(['diff', old, file, '--samples', 'coda/*.nxs'], {}, root);
    expect(stdout).toMatch(/datasetName\n +- "MnF2 powder[^]*nothing/);
    cpSync(path.join(root, 'broken.nxs'), path.join(data, 'broken.nxs'));
    const { code, found } = await diff(old, file, '--samples', 'coda/*.nxs');
    expect({ code, failed: found.failed }).toEqual({ code: 1, failed: 1 });
    rmSync(path.join(data, 'broken.nxs'));
  });

  it('is written for a pull request', async () => {
    write(old, coda);
    write(file, coda.replace('measured by', 'measured <b>by</b> | @all'));
    const { stdout } = await imsc(['diff', old, file, '--samples', 'coda/*.nxs', '--markdown'], {}, root);
    expect(stdout).toContain('2 files: 2 come out differently');
    expect(stdout).toContain('| description | 2 |');
    expect(stdout).not.toContain('<b>');
    expect(stdout).not.toContain('@all');
  });
});

it.each([
  [['coda.imsc.yml', '--samples', 'x'], /Name the schemas before and after/],
  [['yaml', '--git', 'no-such-revision', '--samples', 'coda/*.nxs'], /cannot be had from no-such-revision/],
  [['yaml', '--git', '--output=x', '--samples', 'coda/*.nxs'], /cannot be had from|needs/],
  [['yaml', 'yaml', '--samples', 'nowhere/*.nxs'], /No file matches/],
  [['nowhere', 'yaml', '--samples', 'coda/*.nxs'], /cannot be read/],
])('%j is wrong usage', async (args, why) => {
  const { code, stderr } = await imsc(['diff', ...args], {}, root);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(why) as string });
});

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleFile } from '../support/snapshots.ts';
import { imsc } from './imsc.ts';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-init-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'new-'));
});

/** A copy of the sample below the folder. */
function sampleWithin(): string {
  const file = path.join(folder, 'data', 'coda', 'raw', 'my run.nxs');
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(sampleFile, file);
  return file;
}

const filesIn = (of: string): string[] =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(of, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();

const read = (...parts: string[]): string => readFileSync(path.join(folder, ...parts), 'utf8');

describe('imsc init', () => {
  it('with a sample makes a schema of it that passes its test, and names the sample', async () => {
    const sample = sampleWithin();
    const { code, stdout } = await imsc(['init', '--sample', sample], {}, folder);
    expect(code).toBe(0);
    expect(stdout.match(/^wrote {2}/gm)).toHaveLength(4);
    const made = ['.github/workflows/schemas.yml', 'config.yml', 'data/coda/raw/my run.nxs', 'schemas/my-run.imsc.test.yml', 'schemas/my-run.imsc.yml']; // prettier-ignore
    expect(filesIn(folder)).toEqual(made);
    expect(read('schemas', 'my-run.imsc.yml')).toMatch(/^# imsc-sample: \.\.\/data\/coda\/raw\/my run\.nxs\nid: /);
    expect(read('schemas', 'my-run.imsc.test.yml')).toContain('datasetName: ');
    expect(read('.github', 'workflows', 'schemas.yml')).toContain('imsc test schemas');

    const tested = await imsc(['test'], {}, folder);
    expect(tested.code, tested.stdout).toBe(0);
    const dry = await imsc(['dry-run', '-c', 'config.yml', '--nexus-file', sample, '--offline', '--json'], {}, folder);
    expect(JSON.parse(dry.stdout)).toMatchObject({ outcome: 'planned' });
  });

  it('a folder above that has the name of the instrument has no part in the selector', async () => {
    const project = path.join(folder, 'coda', 'project');
    mkdirSync(project, { recursive: true });
    copyFileSync(sampleFile, path.join(project, 'run.nxs'));
    expect((await imsc(['init', '--sample', 'run.nxs'], {}, project)).code).toBe(0);
    const moved = path.join(folder, 'elsewhere');
    renameSync(project, moved);
    const tested = await imsc(['test'], {}, moved);
    expect(tested.code, tested.stdout).toBe(0);
  });

  it('without a sample the schema has no errors, and says what is to be filled in', async () => {
    const { code } = await imsc(['init', 'a/b'], {}, folder);
    expect(code).toBe(0);
    expect(filesIn(folder)).toEqual(['a/b/.github/workflows/schemas.yml', 'a/b/config.yml', 'a/b/schemas/first.imsc.yml']); // prettier-ignore
    const checked = await imsc(['check', 'a/b/schemas', '--json'], {}, folder);
    expect(checked.code, checked.stdout).toBe(0);
    expect(checked.stdout).toContain('placeholder-left');
    expect(read('a', 'b', '.github', 'workflows', 'schemas.yml')).not.toContain('imsc test');
  });

  it('leaves what is there as it is, also a link, and adds the rest', async () => {
    writeFileSync(path.join(folder, 'config.yml'), 'mine');
    mkdirSync(path.join(folder, 'schemas'));
    symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'schemas', 'first.imsc.yml'));
    const { code, stdout } = await imsc(['init', folder, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { files: { state: string }[] };
    expect(document).toMatchObject({ outcome: 'made', folder, problems: [] });
    expect(document.files.map(({ state }) => state)).toEqual(['kept', 'kept', 'written']);
    expect(read('config.yml')).toBe('mine');
    expect(readdirSync(folder)).not.toContain('nowhere');
  });

  it('writes nothing where the sample cannot be read', async () => {
    writeFileSync(path.join(folder, 'no.nxs'), 'text');
    const { code, stderr } = await imsc(['init', '--sample', 'no.nxs'], {}, folder);
    expect(code).toBe(1);
    expect(stderr).toContain('[data-file]');
    expect(filesIn(folder)).toEqual(['no.nxs']);
  });

  it('says that a sample outside is not there on other computers', async () => {
    const { code, stderr } = await imsc(['init', '--sample', sampleFile], {}, folder);
    expect(code).toBe(0);
    expect(stderr).toContain('[sample-outside]');
  });

  it('a file in place of the folder is said', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const { code, stderr } = await imsc(['init', 'file'], {}, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: The folder .*file cannot be filled: .* \[cannot-write\]$/m);
  });
});

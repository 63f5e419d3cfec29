import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const run = '443604_00001017.nxs';

describe('a data file that is not named by its whole path', () => {
  const select = async (folder: string, file: string) => {
    // The last schema of the samples takes every file.
    const config = ['-c', path.join(samples, 'config.yml'), '--ingestion.fallback_schema_file_path', ''];
    const only = ['--ingestion.schemas_directory', path.join(import.meta.dirname, '../vscode/workspace')];
    return imsc(['select', ...config, ...only, '--nexus-file', file], {}, folder);
  };

  it.each([
    [
      'samples/data/coda/2025/443604/raw',
      run,
      `Give the whole path: ${path.join(samples, 'data/coda/2025/443604/raw', run)} gets “`,
    ],
    ['samples', run, 'Give the whole path.'],
  ])('is told so where no schema takes it: in %s', async (folder, file, said) => {
    const ended = await select(path.resolve(samples, '..', folder), file);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(said) as string });
  });

  it('and one that is, is not', async () => {
    const ended = await select(samples, path.join(path.sep, 'elsewhere', run));
    expect(ended.code).toBe(1);
    expect(ended.stderr).not.toContain('whole path');
  });
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { goneFiles, keyOfFile } from '../../../../gateway/folder/goneFiles.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-gone-')));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const at = (...names: string[]): string => path.join(root, ...names);
for (const folder of ['watched/day', 'watched/empty', 'disk', 'beside']) mkdirSync(at(folder), { recursive: true });
for (const file of ['watched/there.nxs', 'watched/day/there.nxs', 'beside/there.nxs']) writeFileSync(at(file), 'a');
symlinkSync(at('watched'), at('link'));

describe('a file that was taken from a watched folder', () => {
  it.each([
    { what: 'lies there', file: 'watched/there.nxs', isGone: false },
    { what: 'was deleted, and others lie there', file: 'watched/day/gone@1@2.nxs', isGone: true },
    { what: 'was deleted with its folder', file: 'watched/deep/deeper/gone.nxs', isGone: true },
    {
      what: 'lay in a folder that is empty, as one of a disk that is away',
      file: 'watched/empty/a.nxs',
      isGone: false,
    },
    { what: 'lay below one', file: 'watched/empty/day/a.nxs', isGone: false },
    { what: 'lay in a watched folder that is empty', file: 'disk/a.nxs', isGone: false },
    { what: 'lay in a watched folder that is away', file: 'away/a.nxs', isGone: false },
    { what: 'lay where nobody watches', file: 'beside/gone.nxs', isGone: false },
  ])('$what', async ({ file, isGone }) => {
    const gone = await goneFiles([at('link'), at('disk'), at('away')]);
    expect(await gone(keyOfFile(at(file), 12, 1_700_000_000_000.5))).toBe(isGone);
  });

  it('is not told from a message', async () => {
    const gone = await goneFiles([at('watched')]);
    expect(await gone('loki/0/4@1700000000000')).toBe(false);
    expect(await gone('')).toBe(false);
  });
});

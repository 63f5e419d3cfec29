import { expect, it, vi } from 'vitest';
import { BatchProgress } from '../../../client/ingestions/batchProgress.ts';

const sizes = new Map<string, number>();

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
  },
  Uri: { file: (path: string) => path },
  workspace: {
    fs: {
      stat: (path: string) => {
        const size = sizes.get(path);
        return size === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve({ size });
      },
    },
  },
}));

const fileOf = (name: string, bytes: number): string => {
  sizes.set(`/data/${name}`, bytes);
  return `/data/${name}`;
};

async function followed(files: readonly string[]) {
  let now = 0;
  const told: string[] = [];
  let sum = 0;
  const report = ({ message = '', increment = 0 }: { message?: string; increment?: number }): void => {
    told.push(message);
    sum += increment;
  };
  const batch = await BatchProgress.of(files, { report }, () => now);
  return {
    at: (seconds: number, ...news: Parameters<BatchProgress['tell']>) => {
      now = seconds * 1000;
      batch.tell(...news);
      return told.at(-1);
    },
    percent: () => Math.round(sum),
  };
}

it('says which of several files it is, how fast it goes and how long the rest takes', async () => {
  const three = [fileOf('a.nxs', 99_000_000), fileOf('b.nxs', 99_000_000), fileOf('c.nxs', 199_000_000)];
  const { at, percent } = await followed(three);
  expect(at(0, 0)).toBe('1 of 3: a.nxs');
  expect(at(1, 0, { text: 'checksum', fraction: 0.5 })).toBe('1 of 3: a.nxs: checksum');
  expect(at(10, 1)).toBe('2 of 3: b.nxs · about 30 s left');
  expect(percent()).toBe(25);
  expect(at(20, 2, { text: 'checksum', fraction: 0.5 })).toBe('3 of 3: c.nxs: checksum · 14.9 MB/s · about 7 s left');
  expect(percent()).toBe(75);
});

it('does not count a single file, and goes on without one that is gone', async () => {
  expect((await followed([fileOf('a.nxs', 1000)])).at(0, 0)).toBe('a.nxs');
  const { at } = await followed(['/data/gone.nxs', fileOf('d.nxs', 0)]);
  expect(at(600, 1)).toBe('2 of 2: d.nxs · about 10 min left');
});

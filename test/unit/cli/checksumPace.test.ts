import { expect, it } from 'vitest';
import { ChecksumPace } from '../../../cli/checksumPace.ts';

const file = { filesDone: 0, file: '/data/a.nxs', fileBytes: 5_000_000_000 };

/** What is told at each of the moments, by seconds and bytes. */
const cases: readonly (readonly [string, readonly (readonly [seconds: number, bytes: number])[], string])[] = [
  ['the first moment', [[0, 0]], ''],
  ['too early to tell', [[0, 0], [0.9, 450_000_000]], ''], // prettier-ignore
  ['seconds', [[0, 0], [2, 1_000_000_000]], ', 500.0 MB/s, 8 s left'], // prettier-ignore
  ['minutes', [[0, 0], [10, 100_000_000]], ', 10.0 MB/s, 8 min left'], // prettier-ignore
  ['hours', [[0, 0], [10, 1_000_000]], ', 100.0 kB/s, 14 h left'], // prettier-ignore
  ['the end', [[0, 0], [10, 5_000_000_000]], ', 500.0 MB/s'], // prettier-ignore
  ['nothing read', [[0, 0], [10, 0]], ''], // prettier-ignore
  ['the next ingestion', [[0, 0], [10, 5_000_000_000], [60, 0], [62, 2_000_000_000]], ', 1.0 GB/s, 3 s left'], // prettier-ignore
];

it.each(cases)('%s', (_title, moments, expected) => {
  let now = 1000;
  const pace = new ChecksumPace(() => now);
  let said = '';
  for (const [seconds, bytesDone] of moments) {
    now = 1000 + seconds * 1000;
    said = pace.tell({ ...file, bytesDone, fileBytesDone: bytesDone });
  }
  expect(said).toBe(expected);
});

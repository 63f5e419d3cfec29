import { expect, it } from 'vitest';
import { newsLine } from '../../../cli/printNews.ts';
import type { NewsLine } from '../../../cli/printNews.ts';
import type { JobNews } from '../../../core/jobs/events.ts';

const checksum = { kind: 'checksum', filesDone: 0, bytesDone: 2_500_000, file: '/data/a.nxs' } as const;
const at = '2026-01-01T00:00:00.000Z';

const cases: readonly (readonly [title: string, news: JobNews, line: NewsLine | undefined])[] = [
  [
    'a file that is not there yet',
    { kind: 'retry', attempt: 1, attempts: 3, reason: 'It is locked.', seconds: 2 },
    { as: 'say', text: 'It is locked. Attempt 1 of 3; trying again in 2 s.' },
  ],
  [
    'a checksum under way',
    { ...checksum, fileBytesDone: 1_350_000_000, fileBytes: 5_400_000_000 },
    { as: 'progress', text: 'checksum of a.nxs: 1.4 GB of 5.4 GB', fraction: 0.25 },
  ],
  ['an empty file', { ...checksum, fileBytesDone: 0, fileBytes: 0 }, undefined],
  [
    'the dataset',
    { kind: 'sent', what: 'dataset', pid: 'p/1', filesSent: 0 },
    { as: 'say', text: 'Created the dataset p/1' },
  ],
  [
    'one file',
    { kind: 'sent', what: 'origdatablock', pid: 'p/1', filesSent: 1 },
    { as: 'say', text: 'Registered 1 file' },
  ],
  [
    'several files',
    { kind: 'sent', what: 'origdatablock', pid: 'p/1', filesSent: 7 },
    { as: 'say', text: 'Registered 7 files' },
  ],
  ['a file beside the data', { kind: 'sent', what: 'write-file', pid: undefined, filesSent: 0 }, undefined],
  ['a request', { kind: 'request', line: 'GET / → 200 (3 ms)' }, { as: 'detail', text: 'GET / → 200 (3 ms)' }],
  ['a line of the log', { kind: 'event', at, event: 'load', status: 'loading', revision: 3 }, undefined],
];

it.each(cases)('%s', (_title, news, line) => {
  expect(newsLine(news)).toEqual(line);
});

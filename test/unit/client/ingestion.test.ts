import { describe, expect, it, vi } from 'vitest';
import { readIngestion } from '../../../client/ingestions/ingestion.ts';
import { jobJson } from '../../../core/jobs/job.ts';
import type { Job } from '../../../core/jobs/job.ts';

vi.mock('vscode', () => ({ l10n: { t: (text: string) => text } }));

const job: Job = {
  schemaVersion: 1,
  id: '20260504T120000Z-00000000',
  kind: 'ingest',
  protocol: 'command-line',
  owner: '',
  parts: [],
  given: {},
  amendments: [],
  status: 'loading',
  revision: 3,
  submitted: true,
  hasLoaded: true,
  request: { dataFile: '/data/run.nxs', include: [], host: 'https://scicat.example.org', options: { dryRun: false } },
  statusDetail: [],
  scicat: { pid: 'p/1' },
  created: '2026-05-04T12:00:00.000Z',
  changed: '2026-05-04T12:00:01.000Z',
  times: {},
  steps: [
    { name: 'dataset', state: 'done', attempts: 1 },
    { name: 'files', state: 'started', attempts: 1 },
  ],
  isRunning: false,
};

const read = (change: Partial<Job>) =>
  readIngestion(JSON.parse(JSON.stringify(jobJson({ ...job, ...change }))) as Record<string, unknown>);

describe('an ingestion is what its record says', () => {
  it.each<[string, Partial<Job>, string | undefined]>([
    ['interrupted', {}, 'files'],
    ['running', { isRunning: true, progress: { done: 5, total: 20, unit: 'files' } }, 'files 5/20'],
    ['running', { isRunning: true, progress: { done: 5, total: null, unit: 'files' } }, 'files 5'],
    ['interrupted', { status: 'verified', hold: { for: 'retry', until: '', reason: '' } }, 'files'],
    ['waiting', { status: 'deposited', hold: { for: 'credentials' } }, 'needs a sign-in'],
    ['waiting', { status: 'verified', hold: { for: 'approval' } }, 'needs approval'],
    ['done', { status: 'done', outcome: 'ingested' }, undefined],
    ['already-present', { status: 'done', outcome: 'already-present' }, undefined],
    ['failed', { status: 'failed' }, 'files'],
    ['failed', { status: 'rejected' }, 'files'],
    ['cancelled', { status: 'cancelled' }, 'files'],
    ['cancelled', { status: 'expired' }, 'files'],
  ])('%s: %j', (state, change, doing) => {
    expect(read(change)).toMatchObject({ state, doing, pid: 'p/1', file: '/data/run.nxs', id: job.id });
  });

  it('tells the error, whatever was found besides', () => {
    const statusDetail = [
      { code: 'scicat', severity: 'error', message: 'SciCat is away.' },
      { code: 'variable-failed', severity: 'warning', message: 'No value.' },
    ] as const;
    expect(read({ status: 'failed', statusDetail })?.message).toBe('SciCat is away.');
    expect(read({ statusDetail: [] })?.message).toBeUndefined();
  });

  it('is none where there is no record', () => {
    expect(readIngestion(undefined)).toBeUndefined();
    expect(readIngestion({ id: 'x', dropped: true })).toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import { JobFigures, Metrics } from '../../../gateway/metrics.ts';

it('tells what failed by what was wrong, and how long the oldest waits', () => {
  const figures = new JobFigures();
  const wrong = { severity: 'error', code: 'file-unreadable' };
  figures.ran({ status: 'done', outcome: 'ingested', statusDetail: [] }, 500);
  figures.ran({ status: 'failed', statusDetail: [{ severity: 'warning', code: 'unused-variable' }, wrong] }, 1500);
  figures.ran({ status: 'deposited', hold: { for: 'retry' }, statusDetail: [wrong] }, 0);
  const metrics = new Metrics();
  figures.addTo(metrics, { count: 3, since: new Date(Date.now() - 90_000).toISOString() });
  const lines = metrics.text.split('\n');
  for (const line of [
    'imsc_jobs_total{state="ingested"} 1',
    'imsc_jobs_total{state="waits for retry"} 1',
    'imsc_jobs_failed_total{reason="file-unreadable"} 1',
    'imsc_job_seconds_total 2',
    'imsc_jobs_waiting 3',
  ])
    expect(lines).toContain(line);
  expect(metrics.text).toMatch(/imsc_jobs_oldest_seconds 9\d\n/);
});

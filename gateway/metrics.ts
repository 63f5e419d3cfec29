import type { Waiting } from '../core/jobs/jobs.ts';

/** Figures as text for Prometheus. */
export class Metrics {
  readonly #lines: string[] = [];

  /** @param values what stands behind the name: labels, a blank and the value; ` 3` where there are no labels */
  add(name: string, type: 'counter' | 'gauge', help: string, values: readonly string[]): void {
    this.#lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map((value) => `${name}${value}`));
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

export const metricsType = 'text/plain; version=0.0.4';

/** How often each of some names was counted. @param label what the names are; they are ours, and no texts of others */
export function countsBy(label: string, counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([name, count]) => `{${label}="${name}"} ${count}`);
}

/** A job that was let go of. */
interface RanJob {
  readonly status: string;
  readonly outcome?: string | undefined;
  readonly hold?: { readonly for: string } | undefined;
  readonly statusDetail: readonly { readonly severity: string; readonly code: string }[];
}

/** How long the oldest job waits that has not ended, in seconds. */
export function waitingSeconds({ since }: Waiting): number {
  return since === undefined ? 0 : Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
}

/** The jobs that were worked at since the process began. */
export class JobFigures {
  /** By how they stood when they were let go of. */
  readonly #counts = new Map<string, number>();
  /** Those that failed or were rejected, by the code of what was wrong first. */
  readonly #failed = new Map<string, number>();
  #seconds = 0;
  /** Milliseconds since 1970. */
  #last: number | undefined;

  ran({ hold, outcome, status, statusDetail }: RanJob, milliseconds: number): void {
    const state = hold ? `waits for ${hold.for}` : (outcome ?? status);
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + 1);
    if (status === 'failed' || status === 'rejected') {
      const code = statusDetail.find(({ severity }) => severity === 'error')?.code ?? 'unknown';
      this.#failed.set(code, (this.#failed.get(code) ?? 0) + 1);
    }
    this.#seconds += milliseconds / 1000;
    this.#last = Date.now();
  }

  /** @param waiting jobs of the store that have not ended */
  addTo(metrics: Metrics, waiting: Waiting): void {
    const runs = [...this.#counts.values()].reduce((sum, each) => sum + each, 0);
    metrics.add('imsc_jobs_total', 'counter', 'Jobs that were worked at, by how they stood then.', countsBy('state', this.#counts)); // prettier-ignore
    metrics.add('imsc_job_seconds_total', 'counter', 'Seconds in which jobs were worked at.', [` ${this.#seconds}`]);
    metrics.add('imsc_job_runs_total', 'counter', 'How often jobs were worked at.', [` ${runs}`]);
    metrics.add('imsc_jobs_waiting', 'gauge', 'Jobs of the store that have not ended.', [` ${waiting.count}`]);
    metrics.add('imsc_jobs_failed_total', 'counter', 'Jobs that failed or were rejected, by what was wrong.', countsBy('reason', this.#failed)); // prettier-ignore
    metrics.add('imsc_jobs_oldest_seconds', 'gauge', 'How long the oldest of them waits; 0 where none does.', [` ${waitingSeconds(waiting)}`]); // prettier-ignore
    if (this.#last !== undefined)
      metrics.add('imsc_jobs_last_run_seconds', 'gauge', 'When a job was let go of last.', [` ${this.#last / 1000}`]);
  }
}

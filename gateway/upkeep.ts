import { stat } from 'node:fs/promises';
import { connect } from '../core/ingest/sources/connect.ts';
import type { Waiting } from '../core/jobs/jobs.ts';
import type { RequestLine } from './http/frontDoor.ts';
import type { Handler, Route } from './http/routes.ts';
import { countsBy, JobFigures, Metrics, metricsType } from './metrics.ts';
import { json } from './protocol.ts';
import type { Services } from './protocol.ts';

/** What happened since the service was started. */
export class ServiceFigures {
  readonly jobs = new JobFigures();
  readonly #requests = new Map<string, number>();
  #seconds = 0;

  /** @param protocol whose request it was */
  answered({ status, ms }: Pick<RequestLine, 'status' | 'ms'>, protocol: string): void {
    const key = `${protocol}",status="${Math.floor(status / 100)}xx`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    this.#seconds += ms / 1000;
  }

  /** @param waiting jobs of the store that have not ended */
  text(waiting: Waiting): string {
    const metrics = new Metrics();
    metrics.add('imsc_requests_total', 'counter', 'Requests, by protocol and how they were answered.', countsBy('protocol', this.#requests)); // prettier-ignore
    metrics.add('imsc_request_seconds_total', 'counter', 'Seconds until requests were answered, without bodies of answers.', [` ${this.#seconds}`]); // prettier-ignore
    this.jobs.addTo(metrics, waiting);
    metrics.add('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [` ${process.memoryUsage.rss()}`]);
    const began = Date.now() / 1000 - process.uptime();
    metrics.add('process_start_time_seconds', 'gauge', 'When the process began.', [` ${began.toFixed(3)}`]);
    return metrics.text;
  }
}

/**
 * What whoever runs the service asks it, whichever protocols it speaks: whether it is well, and figures. `/health` is as
 * the page of OpenEM wants it, with 200 always; figures are for those who may use the service.
 */
export function upkeepRoutes(services: Services, figures: ServiceFigures): readonly Route[] {
  return [
    { path: '/health', on: { GET: healthOf(services) }, isOpen: true },
    {
      path: '/metrics',
      on: {
        GET: async () =>
          new Response(figures.text(await services.jobs.waiting()), { headers: { 'Content-Type': metricsType } }),
      },
    },
  ];
}

/** Whether a path is one of these. */
export const isUpkeep = (path: string): boolean => /^\/(?:health|metrics)\/*$/.test(path);

/** How long what was found out of others is told again. */
const healthMs = 10_000;

function healthOf({ config, settings }: Services): Handler {
  let known: { readonly at: number; readonly errors: Promise<Readonly<Record<string, string>>> } | undefined;
  const look = async (): Promise<Readonly<Record<string, string>>> => {
    const errors: Record<string, string> = {};
    const client = connect({ ...config.scicat, timeout: 2, max_tries: 1 });
    const scicat = await client.health(config.scicat.health_endpoint).catch(() => undefined);
    if (scicat?.isHealthy !== true) errors['scicat'] = scicat?.message ?? 'SciCat does not answer';
    for (const { name, path } of settings.locations) {
      const found = await stat(path).catch(() => undefined);
      if (found?.isDirectory() !== true) errors[`location ${name}`] = 'cannot be read';
    }
    return errors;
  };
  return async () => {
    if (!known || Date.now() - known.at > healthMs) known = { at: Date.now(), errors: look() };
    const errors = await known.errors;
    return json(200, Object.keys(errors).length === 0 ? { status: 'ok' } : { status: 'error', errors });
  };
}

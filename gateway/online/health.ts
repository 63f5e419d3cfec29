import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readdir } from 'node:fs/promises';
import type { Config } from '../../core/config/config.ts';
import type { Jobs } from '../../core/jobs/jobs.ts';
import { countsBy, JobFigures, Metrics, metricsType, waitingSeconds } from '../metrics.ts';
import { fates } from './inbox.ts';
import type { Fate } from './inbox.ts';
import type { OnlineProtocol } from './protocols.ts';
import type { SourceHealth } from './source.ts';

const answerMs = 5_000;

/** What happened since the process began. */
export class Figures {
  /** Each from the beginning: what counts only from its first time on is missed by whoever watches for changes. */
  readonly heard = new Map<Fate, number>(fates.map((fate) => [fate, 0]));
  readonly jobs = new JobFigures();

  hears(fate: Fate): void {
    this.heard.set(fate, (this.heard.get(fate) ?? 0) + 1);
  }
}

export interface HealthOptions {
  readonly config: Config;
  readonly jobs: Jobs;
  readonly figures: Figures;
  readonly sources: () => ReadonlyMap<OnlineProtocol, SourceHealth>;
}

/**
 * Answers `/health` (as the Python ingestor, and more), `/ready` and `/metrics` (Prometheus). Well means that the source
 * gives signs of life, not that it is connected. No secret is in any of it.
 * @throws an error of the system if the port is taken
 */
export async function listenForHealth(options: HealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(options, request.url ?? '').then(
      ({ status, type, text }) => response.writeHead(status, { 'Content-Type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const { host, port } = options.config.health_check;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server.unref();
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function answer(options: HealthOptions, url: string): Promise<Answer> {
  const json = (status: number, body: object): Answer => ({
    status,
    type: 'application/json',
    text: JSON.stringify(body),
  });
  switch (url.replace(/\?.*$/s, '')) {
    case '/health': {
      const health = await healthOf(options);
      const areWell = Object.values(health.sources).every(({ well }) => well);
      return json(areWell && health.storage && health.scicat ? 200 : 503, health);
    }
    case '/ready': {
      const isReady = [...options.sources().values()].every(isWell);
      return json(isReady ? 200 : 503, { ready: isReady });
    }
    case '/metrics':
      return { status: 200, type: metricsType, text: await metrics(options) };
    default:
      return json(404, { error: 'There are /health, /ready and /metrics.' });
  }
}

function isWell({ isConnected, lastSign, patienceMs }: SourceHealth): boolean {
  return isConnected && lastSign !== undefined && Date.now() - lastSign < patienceMs;
}

function healthOfSource(health: SourceHealth) {
  const { isPaused, restarts, lag, lastSign } = health;
  return {
    well: isWell(health),
    paused: isPaused,
    restarts,
    lag: lag ?? null,
    last_sign: lastSign === undefined ? null : new Date(lastSign).toISOString(),
  };
}

async function healthOf({ config, jobs, sources }: HealthOptions) {
  const { data_directory: folder } = config.ingestion.file_handling;
  const [storage, scicat, waiting] = await Promise.all([
    // The Python ingestor calls a folder that nobody named not well, always.
    folder === '' ? true : inTime(readdir(folder)),
    inTime(scicatAnswers(config)),
    jobs.waiting(),
  ]);
  const all = [...sources()];
  const kafka = all.find(([protocol]) => protocol === 'kafka')?.[1];
  // Beside Kafka's, what older versions said of it.
  const { well, ...ofKafka } = kafka ? healthOfSource(kafka) : { well: undefined };
  return {
    ...(well !== undefined && { kafka: well }),
    storage,
    scicat,
    waiting: waiting.count,
    oldest_waiting_seconds: waitingSeconds(waiting),
    ...ofKafka,
    sources: Object.fromEntries(all.map(([protocol, health]) => [protocol, healthOfSource(health)])),
  };
}

async function scicatAnswers({ scicat }: Config): Promise<void> {
  const base = scicat.host.endsWith('/') ? scicat.host : `${scicat.host}/`;
  const { ok } = await fetch(new URL(scicat.health_endpoint, base), { signal: AbortSignal.timeout(answerMs) });
  if (!ok) throw new Error('not well');
}

/** Whether something comes to a good end in time. */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(resolve, answerMs, false).unref();
  });
  return Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}

async function metrics({ figures, jobs, sources }: HealthOptions): Promise<string> {
  const metrics = new Metrics();
  metrics.add(
    'imsc_messages_total',
    'counter',
    'What was heard, by what became of it.',
    countsBy('fate', figures.heard),
  );
  figures.jobs.addTo(metrics, await jobs.waiting());
  const all = [...sources()];
  const source = (name: string, help: string, figure: (health: SourceHealth) => number | undefined): void => {
    const values = all.flatMap(([protocol, health]) => {
      const value = figure(health);
      return value === undefined ? [] : [`{source="${protocol}"} ${value}`];
    });
    metrics.add(`imsc_source_${name}`, name.endsWith('_total') ? 'counter' : 'gauge', help, values);
  };
  source('connected', 'Whether the source is connected.', ({ isConnected }) => Number(isConnected));
  source('paused', 'Whether nothing is taken from it at present.', ({ isPaused }) => Number(isPaused));
  source('restarts_total', 'How often the connection was made anew.', ({ restarts }) => restarts);
  source('lag', 'Messages, or files, that were not taken yet.', ({ lag }) => lag);
  source('last_sign_seconds', 'Time of the last sign of life.', ({ lastSign }) => lastSign && lastSign / 1000);
  return metrics.text;
}

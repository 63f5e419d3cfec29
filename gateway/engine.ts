import { loadConfig } from '../core/config/config.ts';
import type { Config } from '../core/config/config.ts';
import { Secret } from '../core/config/secret.ts';
import { connect, tokenProblems } from '../core/ingest/sources/connect.ts';
import type { ExpireOptions, Jobs } from '../core/jobs/jobs.ts';
import { Queue } from '../core/jobs/queue.ts';
import { keepTidy } from './keepTidy.ts';
import { isOnline } from './online/protocols.ts';
import type { CircumstancesOf } from '../core/jobs/queue.ts';

/** Tokens of those who asked for jobs, in memory and nowhere else; after a restart they are asked for again. */
export class JobTokens {
  readonly #tokens = new Map<string, Secret>();

  keep(id: string, token: string): void {
    this.#tokens.set(id, new Secret(token));
  }

  of(id: string): Secret | undefined {
    return this.#tokens.get(id);
  }
}

export interface EngineOptions {
  readonly jobs: Jobs;
  /** The service's own configuration, with its token. */
  readonly config: Config;
  /** Where deposited data stay; empty without. */
  readonly storage: string;
  readonly running: number;
  /** How long what has ended is kept. */
  readonly keeps: ExpireOptions;
  readonly tokens: JobTokens;
  readonly onBug: (error: unknown) => void;
}

/** Carries out the jobs of the store while the service runs. */
export class Engine {
  readonly #queue: Queue;
  readonly #jobs: Jobs;
  readonly #onBug: (error: unknown) => void;
  readonly #keeps: EngineOptions['keeps'];
  #stopTidying: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#jobs = options.jobs;
    this.#onBug = options.onBug;
    this.#keeps = options.keeps;
    this.#queue = new Queue(options.jobs, {
      circumstancesOf: circumstancesOf(options),
      running: options.running,
      takes: ({ protocol }) => !isOnline(protocol),
      onBug: options.onBug,
    });
  }

  start(): void {
    this.#queue.start();
    this.#stopTidying = keepTidy(this.#jobs, this.#keeps, this.#onBug);
  }

  /** Takes nothing new; returns when what runs has come to a stop. */
  async stop(): Promise<void> {
    this.#stopTidying?.();
    await this.#queue.stop();
  }
}

function circumstancesOf({ config: own, storage, tokens }: EngineOptions): CircumstancesOf {
  return ({ id, request, kind }) => {
    const { configFile, host, options } = request;
    const isOwn = configFile === undefined || configFile === own.config_file;
    const { config: read, problems } = isOwn
      ? { config: own, problems: [] }
      : loadConfig({ file: configFile, env: process.env });
    const wrong = problems.filter(({ severity }) => severity === 'error');
    if (wrong.length > 0) return Promise.resolve(wrong);
    const token = options.ownToken === true ? tokens.of(id) : read.scicat.token;
    // An extraction writes nothing; what SciCat tells nobody stays unknown.
    if ((token === undefined || token.isEmpty) && kind !== 'extraction') return Promise.resolve('credentials');
    const config: Config = { ...read, scicat: { ...read.scicat, host, token: token ?? new Secret('') } };
    // An expired one is as good as none: the job waits for another.
    if (tokenProblems(config.scicat).some(({ severity }) => severity === 'error'))
      return Promise.resolve('credentials');
    return Promise.resolve({
      config,
      client: connect(config.scicat),
      attempts: config.scicat.max_tries,
      ...(storage !== '' && { storage }),
    });
  };
}

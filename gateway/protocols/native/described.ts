import type { Job } from '../../../core/jobs/jobs.ts';
import type { GatewayContext } from '../../http/environment.ts';
import type { Method } from '../../http/routes.ts';
import type { Services } from '../../protocol.ts';
import type { NewestJobs } from './newestJobs.ts';
import type { schemas } from './schemas.ts';

/** What the handlers of the API work with. */
export interface Serving extends Services {
  readonly newest: NewestJobs;
}

/** A member of a JSON body. */
export type Member = readonly [name: string, type: 'string' | 'boolean' | 'object', meaning: string];

/** A route of the API: what answers it, and what its description says of it. */
export interface Described {
  readonly path: string;
  readonly method: Method;
  readonly summary: string;
  readonly query?: readonly (readonly [name: string, meaning: string])[];
  /** Members of its JSON body. */
  readonly body?: readonly Member[];
  /** Those without which it is none. */
  readonly required?: readonly string[];
  /** What it takes besides JSON, or instead of it. */
  readonly takes?: 'form' | 'bytes';
  /** What it gives where it does what was asked; a stream gives it in each of its events. */
  readonly gives?: keyof typeof schemas | undefined;
  /** Media type of what it gives, where that is not JSON. */
  readonly answersIn?: string;
  readonly answers: Readonly<Record<number, string>>;
  readonly handler: (serving: Serving, context: GatewayContext) => Response | Promise<Response>;
}

/** What answers for one job. */
export type OneJob = (serving: Serving, job: Job, context: GatewayContext) => Response | Promise<Response>;

import { wrongOption } from '../../core/config/config.ts';
import type { Config, WrongOption } from '../../core/config/config.ts';
import { Secret } from '../../core/config/secret.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { readAuthorities } from '../online/authorities.ts';

/** How RabbitMQ is spoken with, from the section `rabbitmq` of the configuration. */
export interface RabbitSettings {
  readonly host: string;
  readonly port: number;
  /** Undefined: in the clear. */
  readonly tls: { readonly ca: string | undefined } | undefined;
  readonly virtualHost: string;
  readonly user: string;
  readonly password: Secret;
  readonly queue: string;
  /** What the queue is bound to. */
  readonly binding: { readonly exchange: string; readonly routingKey: string } | undefined;
  /** Messages that are fetched ahead. */
  readonly prefetch: number;
}

/** What the section says, or what is wrong with it. */
export function rabbitSettings(
  rabbitmq: Config['rabbitmq'],
  wrong: WrongOption = wrongOption,
  env: NodeJS.ProcessEnv = process.env,
): { settings: RabbitSettings } | { problems: readonly Problem[] } {
  const problems: Problem[] = (['host', 'queue_name'] as const)
    .filter((name) => rabbitmq[name] === '')
    .map((name) => wrong(`rabbitmq.${name}`, 'is needed to hear of new files.'));
  const { use_tls: isEncrypted, ssl_ca_location: authorities } = rabbitmq;
  const read = isEncrypted && authorities !== '' ? readAuthorities(authorities) : { ca: undefined };
  if ('wrong' in read) problems.push(wrong('rabbitmq.ssl_ca_location', read.wrong));
  if (problems.length > 0 || 'wrong' in read) return { problems };
  const { RABBITMQ_USERNAME: user, RABBITMQ_PASSWORD: password } = env;
  return {
    settings: {
      host: rabbitmq.host,
      port: rabbitmq.port,
      tls: isEncrypted ? { ca: read.ca } : undefined,
      virtualHost: rabbitmq.virtual_host,
      user: user === undefined || user === '' ? rabbitmq.username : user,
      password: password === undefined || password === '' ? rabbitmq.password : new Secret(password),
      queue: rabbitmq.queue_name,
      binding:
        rabbitmq.exchange_name === ''
          ? undefined
          : { exchange: rabbitmq.exchange_name, routingKey: rabbitmq.routing_key },
      prefetch: rabbitmq.prefetch_count,
    },
  };
}

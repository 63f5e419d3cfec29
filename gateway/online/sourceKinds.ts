import { wrongOption } from '../../core/config/config.ts';
import type { Config, WrongOption } from '../../core/config/config.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { folderSettings } from '../folder/folderSettings.ts';
import { kafkaSettings, namesNoTopic } from '../kafka/kafkaSettings.ts';
import { announcedByWrdn } from '../kafka/wrdn.ts';
import { announcedByJson } from '../rabbitmq/jsonMessage.ts';
import { rabbitSettings } from '../rabbitmq/rabbitSettings.ts';
import { brokerTrouble } from './brokerTrouble.ts';
import type { Inbox } from './inbox.ts';
import type { OnlineProtocol } from './protocols.ts';
import type { Announced, Heard, Source, SourceOptions } from './source.ts';

/** A source that the configuration asks for, and nothing is wrong with that. */
export interface PreparedSource {
  readonly protocol: OnlineProtocol;
  /** Where it hears, for a person: topics, folders. */
  readonly hears: string;
  /** The message where it cannot be begun. */
  readonly isAway: (error: unknown) => string;
  readonly announced: (heard: Heard) => Announced;
  /** Makes it, with the inbox that it fills; loads what it needs. */
  readonly make: (options: SourceOptions, inbox: Inbox) => Promise<Source>;
}

type Prepared = PreparedSource | { readonly problems: readonly Problem[] };

/** Where one may hear of new files. Each says what the configuration asks of it; undefined where that is nothing. */
const sourceKinds: Readonly<Record<OnlineProtocol, (config: Config, wrong: WrongOption) => Prepared | undefined>> = {
  folder: ({ watch }, wrong) => {
    if (watch.folders.length === 0) return undefined;
    const found = folderSettings(watch, wrong);
    if ('problems' in found) return found;
    const { settings } = found;
    return {
      protocol: 'folder',
      hears: settings.folders.join(', '),
      isAway: (error) => `The folder cannot be watched: ${failureReason(error)}.`,
      announced: ({ place }) => ({ kind: 'file', file: String(place['file']) }),
      make: async (options, inbox) => {
        const { FolderSource } = await import('../folder/folderSource.ts');
        return new FolderSource({ ...options, ...settings, isKnown: (heard, file) => inbox.isKnown(heard, file) });
      },
    };
  },
  rabbitmq: ({ rabbitmq }, wrong) => {
    if (!rabbitmq.enabled) return undefined;
    const found = rabbitSettings(rabbitmq, wrong);
    if ('problems' in found) return found;
    const { settings } = found;
    return {
      protocol: 'rabbitmq',
      hears: `the queue ${settings.queue}`,
      isAway: (error) =>
        `RabbitMQ cannot be reached at ${settings.host}:${settings.port}: ${brokerTrouble('rabbitmq', error)}`,
      announced: ({ bytes }) => announcedByJson(bytes),
      make: async (options) => {
        const { RabbitSource } = await import('../rabbitmq/rabbitSource.ts');
        return new RabbitSource({ ...options, settings });
      },
    };
  },
  kafka: ({ kafka }, wrong) => {
    const found = kafkaSettings(kafka, wrong);
    if ('problems' in found) return found;
    const { settings } = found;
    return {
      protocol: 'kafka',
      hears: settings.topics.join(', '),
      isAway: (error) => `Kafka cannot be reached at ${settings.servers.join(', ')}: ${brokerTrouble('kafka', error)}`,
      announced: ({ bytes }) => announcedByWrdn(bytes),
      make: async (options) => {
        const { KafkaSource } = await import('../kafka/kafkaSource.ts');
        return new KafkaSource({ ...options, settings });
      },
    };
  },
};

/**
 * The sources that a configuration asks for. Kafka is one of them unless there is another and no topic is named.
 * @param wrong says of an option what is wrong with it
 */
export function preparedSources(
  config: Config,
  wrong: WrongOption = wrongOption,
): {
  sources: readonly PreparedSource[];
  problems: readonly Problem[];
} {
  const others = Object.values({ ...sourceKinds, kafka: () => undefined }).flatMap((kind) => kind(config, wrong) ?? []);
  const isKafkaMeant = others.length === 0 || !namesNoTopic(config.kafka);
  const all = [...(isKafkaMeant ? [sourceKinds.kafka(config, wrong)] : []), ...others].filter(
    (each) => each !== undefined,
  );
  return {
    sources: all.filter((each) => 'make' in each),
    problems: all.flatMap((each) => ('problems' in each ? each.problems : [])),
  };
}

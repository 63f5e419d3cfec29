import { wrongOption } from '../../core/config/config.ts';
import type { Config, WrongOption } from '../../core/config/config.ts';
import type { Secret } from '../../core/config/secret.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { shortened } from '../../core/text/shortened.ts';
import { readAuthorities } from '../online/authorities.ts';

/** How the servers are spoken with, from the section `kafka` of the configuration. */
export interface KafkaSettings {
  readonly topics: readonly string[];
  readonly groupId: string;
  /** Each `host:port`. */
  readonly servers: readonly string[];
  /** Undefined: in the clear. */
  readonly tls: { readonly ca: string | undefined } | undefined;
  readonly signIn:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
        readonly user: string;
        readonly password: Secret;
      }
    | undefined;
  /** Where a group begins that has read nothing yet. */
  readonly begins: 'earliest' | 'latest';
  /** Milliseconds after which the group counts a member as gone that gave no sign. */
  readonly sessionMs: number;
}

const protocols = ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'];
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
/** What librdkafka calls the same. */
const beginnings: Readonly<Record<string, 'earliest' | 'latest'>> = {
  earliest: 'earliest',
  smallest: 'earliest',
  beginning: 'earliest',
  latest: 'latest',
  largest: 'latest',
  end: 'latest',
};

/** Texts of an example that were left as they are. */
const examples = [
  'KAFKA_TOPIC_1',
  'KAFKA_TOPIC_2',
  'GROUP_ID',
  'USERNAME',
  'PASSWORD',
  'FULL_PATH_TO_CERTIFICATE_FILE',
];

/** Whether the section was left as it is in an example, or is not there. */
export function namesNoTopic({ topics }: Config['kafka']): boolean {
  return topics.every((topic) => topic === '' || examples.includes(topic));
}

/** What the section says, or what is wrong with it. Texts are spelt as librdkafka takes them: upper case or lower. */
export function kafkaSettings(
  kafka: Config['kafka'],
  tell: WrongOption = wrongOption,
): { settings: KafkaSettings } | { problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const wrong = (name: string, message: string): void => {
    problems.push(tell(`kafka.${name}`, message));
  };
  const given = (name: string, texts: readonly string[]): void => {
    const example = texts.find((text) => examples.includes(text));
    if (example !== undefined) wrong(name, `is ${example}, an example. Write the one that is meant.`);
    else if (texts.every((text) => text === '')) wrong(name, 'is needed to hear of new files.');
  };
  given('topics', kafka.topics);
  given('group_id', [kafka.group_id]);
  given('bootstrap_servers', kafka.bootstrap_servers);
  for (const topic of kafka.topics)
    if (topic.startsWith('^')) wrong('topics', `has the pattern “${topic}”. Name each topic.`);
    else if (!/^[\w.-]{1,249}$/.test(topic))
      wrong('topics', `has “${shortened(topic, 60)}”; topics are called by letters, digits, “.”, “_” and “-”.`);
  // With a protocol before each, as librdkafka takes them, too.
  const servers = kafka.bootstrap_servers.map((server) => server.replace(/^\w+:\/\//, ''));
  for (const server of servers)
    if (!/^\S+:\d{1,5}$/.test(server)) wrong('bootstrap_servers', `has “${server}”, which is not host:port.`);
  const protocol = kafka.security_protocol.toLowerCase();
  if (!protocols.includes(protocol)) wrong('security_protocol', `must be one of ${protocols.join(', ')}.`);
  const mechanism = mechanisms.find((each) => each === kafka.sasl_mechanism.toLowerCase());
  const begins = beginnings[kafka.auto_offset_reset.toLowerCase()];
  if (begins === undefined) wrong('auto_offset_reset', 'must be earliest or latest.');
  const signsIn = protocol.startsWith('sasl_');
  if (signsIn) {
    if (mechanism === undefined) wrong('sasl_mechanism', 'must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.');
    given('sasl_username', [kafka.sasl_username]);
    given('sasl_password', [kafka.sasl_password.reveal()]);
  }
  const encrypted = protocol === 'ssl' || protocol === 'sasl_ssl';
  let ca: string | undefined;
  const { ssl_ca_location: authorities } = kafka;
  if (encrypted && authorities !== '') {
    given('ssl_ca_location', [authorities]);
    const read = examples.includes(authorities) ? { ca: undefined } : readAuthorities(authorities);
    if ('wrong' in read) wrong('ssl_ca_location', read.wrong);
    else ca = read.ca;
  }
  if (problems.length > 0 || begins === undefined) return { problems };
  return {
    settings: {
      topics: kafka.topics,
      groupId: kafka.group_id,
      servers,
      tls: encrypted ? { ca } : undefined,
      signIn:
        signsIn && mechanism ? { mechanism, user: kafka.sasl_username, password: kafka.sasl_password } : undefined,
      begins,
      sessionMs: kafka.session_timeout_ms,
    },
  };
}

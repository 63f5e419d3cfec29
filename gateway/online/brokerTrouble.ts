import { failureReason } from '../../core/files/failureReason.ts';

/** Something that a broker, its client or TLS says, and what a person does about it. */
interface Known {
  readonly says: RegExp;
  /** In its place, where that says little to a person. */
  readonly why?: string;
  readonly wayOut: string;
}

const ofEach: readonly Known[] = [
  { says: /ECONNREFUSED/, wayOut: 'Nothing listens there: see that the broker runs, and at which port.' },
  { says: /ENOTFOUND|EAI_AGAIN/, wayOut: 'No host of that name is known here: see how it is written.' },
  {
    says: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timeout/i,
    wayOut: 'Nothing answers: see host and port, and whether a firewall lies between.',
  },
  {
    says: /unable to (?:verify|get)|self[- ]signed/i,
    wayOut: "Name the certificate of the authority that it is known by in 'SECTION.ssl_ca_location'.",
  },
  { says: /certificate has expired/, wayOut: 'Whoever runs the broker must renew it.' },
  { says: /certificate is not yet valid/, wayOut: 'See that the clock of this computer is right.' },
  { says: /altnames/, wayOut: 'Write the name of the host as its certificate has it.' },
];

const ofSection: Readonly<Record<'kafka' | 'rabbitmq', readonly Known[]>> = {
  kafka: [
    {
      says: /wrong version number|packet length too long/,
      why: 'it does not speak TLS there',
      wayOut: "Take the port for TLS, or a 'kafka.security_protocol' without ssl.",
    },
    {
      says: /SASL .*failed|SASLAuth/i,
      wayOut: "See 'kafka.sasl_username', 'kafka.sasl_password' and 'kafka.sasl_mechanism'.",
    },
    { says: /not authorized/i, wayOut: 'This user needs the permission to read the topics, and to be in the group.' },
    {
      says: /does not host this topic/,
      why: 'it has no such topic',
      wayOut: "Have the topic made, or see how it is written in 'kafka.topics'.",
    },
    {
      says: /Closed connection|socket hang up|ECONNRESET/,
      wayOut: "If it wants TLS or a password there, say so in 'kafka.security_protocol'.",
    },
  ],
  rabbitmq: [
    {
      says: /wrong version number|packet length too long/,
      why: 'it does not speak TLS there',
      wayOut: "Take the port for TLS, or 'rabbitmq.use_tls: false'.",
    },
    {
      says: /Socket closed abruptly during opening handshake|ECONNRESET/,
      wayOut: "If it wants TLS there, say 'rabbitmq.use_tls: true'.",
    },
    {
      says: /ACCESS_REFUSED - Login|ACCESS-REFUSED.*Login/,
      why: 'it does not know this user with this password',
      wayOut:
        "See 'rabbitmq.username' and 'rabbitmq.password'; the variables RABBITMQ_USERNAME and RABBITMQ_PASSWORD come first.",
    },
    {
      // The client keeps the reason to itself.
      says: /Expected ConnectionOpenOk/,
      why: 'there is no such virtual host, or this user may not use it',
      wayOut: "See 'rabbitmq.virtual_host'.",
    },
    {
      says: /QueueDeclare; 403/,
      why: 'the queue is not there, and this user may not make it',
      wayOut: "Have it made, or see 'rabbitmq.queue_name'.",
    },
    { says: /BasicConsume; 403/, why: 'this user may not read the queue', wayOut: 'Have it permitted.' },
    { says: /40[35] \(/, wayOut: 'Somebody else may hold the queue, or this user lacks a permission.' },
    {
      says: /inequivalent arg 'type' for exchange/,
      why: 'the exchange is there, and is no topic exchange',
      wayOut: "Have the queue bound by whoever made it, and leave 'rabbitmq.exchange_name' empty.",
    },
    {
      says: /Frame size|Expected ConnectionStart|Invalid frame/,
      why: 'what answers there is no RabbitMQ',
      wayOut: "See 'rabbitmq.port'.",
    },
  ],
};

/**
 * Why a broker cannot be spoken with, in words for a person, and what to do about it where that is known. Clients keep
 * passwords out of what they throw, and so does this.
 * @param section of the configuration
 */
export function brokerTrouble(section: 'kafka' | 'rabbitmq', error: unknown): string {
  const said = failureReason(error);
  const known = [...ofSection[section], ...ofEach].find(({ says }) => says.test(said));
  // OpenSSL says in which of its lines it found what is wrong.
  const reason = known?.why ?? /SSL routines:[^:]*:([^:]+):/.exec(said)?.[1] ?? said.replace(/[.:\s]+$/, '');
  return `${reason}.${known ? ` ${known.wayOut.replaceAll('SECTION', section)}` : ''}`;
}

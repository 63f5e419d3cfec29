import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { hostname } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { Config } from '../core/config/config.ts';
import { problem } from '../core/problems/problem.ts';
import type { Problem } from '../core/problems/problem.ts';

/** How bad what is said is; syslog's numbers. */
export const severities = { error: 3, info: 6 } as const;
export type Severity = keyof typeof severities;

export interface GraylogTarget {
  readonly host: string;
  readonly port: number;
  readonly facility: string;
}

/** Bytes of a datagram that passes everywhere; longer messages go in pieces (GELF 1.1, “Chunked GELF”). */
const chunkBytes = 1_420;
const chunksAtMost = 128;
const textAtMost = 32_000;

/** The Graylogs of the section `logging`: the one of the Python ingestor, or those of its list. */
export function graylogTargets(logging: Config['logging']): {
  targets: readonly GraylogTarget[];
  problems: readonly Problem[];
} {
  const { graylog_host: host, graylog_port: port, graylog_facility: facility } = logging;
  const wanted = [
    ...(logging.graylog ? [{ name: 'logging.graylog', host, port: port === '' ? '12201' : port, facility }] : []),
    ...(logging.graylog_enabled ? logging.graylogs.map((each) => ({ name: 'logging.graylogs', ...each })) : []),
  ];
  const problems = wanted.flatMap(({ name, host: at, port: number }) => {
    if (at === '') return [problem('config-value', `'${name}' needs a host.`)];
    return isPort(number) ? [] : [problem('config-value', `'${name}' has the port “${number}”, which is none.`)];
  });
  return {
    targets: wanted.map((each) => ({ host: each.host, port: Number(each.port), facility: each.facility })),
    problems,
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
}

/** Tells Graylogs what happens, by GELF over UDP. What is lost on the way is lost. */
export class Graylog {
  readonly #targets: readonly GraylogTarget[];
  readonly #logging: Config['logging'];
  #socket: Socket | undefined;

  constructor(targets: readonly GraylogTarget[], logging: Config['logging']) {
    this.#targets = targets;
    this.#logging = logging;
  }

  /** @param text never a secret */
  say(text: string, severity: Severity): void {
    const { logging_level: level, log_message_prefix: prefix } = this.#logging;
    if (this.#targets.length === 0 || (severity === 'info' && /^(?:WARN|ERR|CRIT|FATAL)/i.test(level))) return;
    const said = `${prefix === '' ? '' : `${prefix}: `}${text}`;
    for (const { host, port, facility } of this.#targets) {
      const message = {
        version: '1.1',
        host: hostname(),
        short_message: said.slice(0, textAtMost),
        timestamp: Date.now() / 1000,
        level: severities[severity],
        _facility: facility,
      };
      for (const datagram of datagramsOf(gzipSync(JSON.stringify(message)))) this.#send(datagram, port, host);
    }
  }

  /** Lets go when what was said is on its way. */
  close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return Promise.resolve();
    return new Promise((resolve) => {
      // Datagrams that were given to it before are sent before it closes.
      setImmediate(() => {
        socket.close(() => {
          resolve();
        });
      });
    });
  }

  #send(datagram: Uint8Array, port: number, host: string): void {
    if (!this.#socket) {
      this.#socket = createSocket({ type: 'udp4' }).unref();
      this.#socket.on('error', () => undefined);
    }
    // A Graylog that is away, or of no such name, stops nothing.
    this.#socket.send(datagram, port, host, () => undefined);
  }
}

function datagramsOf(message: Uint8Array): readonly Uint8Array[] {
  if (message.length <= chunkBytes) return [message];
  const count = Math.ceil(message.length / chunkBytes);
  if (count > chunksAtMost) return [];
  const id = randomBytes(8);
  return Array.from({ length: count }, (_, index) =>
    Buffer.concat([
      Buffer.of(0x1e, 0x0f),
      id,
      Buffer.of(index, count),
      message.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    ]),
  );
}

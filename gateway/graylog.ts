import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { gzipSync } from 'node:zlib';
import { wrongOption } from '../core/config/config.ts';
import type { Config, WrongOption } from '../core/config/config.ts';
import type { Problem } from '../core/problems/problem.ts';
import { shortened } from '../core/text/shortened.ts';

/** How bad what is said is; syslog's numbers. */
export const severities = { error: 3, warning: 4, info: 6 } as const;
export type Severity = keyof typeof severities;

export interface GraylogTarget {
  readonly host: string;
  readonly port: number;
  readonly facility: string;
}

/** What is told from a level of Python's logging on: what is no worse than this. */
const leastSevere: readonly (readonly [RegExp, number])[] = [
  [/^WARN/i, severities.warning],
  [/^(?:ERR|CRIT|FATAL)/i, severities.error],
];

/** Bytes of a datagram that passes everywhere; longer messages go in pieces (GELF 1.1, “Chunked GELF”). */
const chunkBytes = 1_420;
const chunksAtMost = 128;
const textAtMost = 32_000;
/** So long the address of a host counts, also that there is none. */
const addressMs = 60_000;
/** Messages that wait for an address, or for the network; the next ones are not told. */
const waitingAtMost = 1_000;
/** So long what was said last is given to be on its way. */
const lastMs = 1_000;

/** The Graylogs of the section `logging`: the one of the Python ingestor, or those of its list. */
export function graylogTargets(
  logging: Config['logging'],
  wrong: WrongOption = wrongOption,
): {
  targets: readonly GraylogTarget[];
  problems: readonly Problem[];
} {
  const { graylog_host: host, graylog_port: port, graylog_facility: facility } = logging;
  const wanted = [
    ...(logging.graylog ? [{ name: 'logging.graylog', host, port: port === '' ? '12201' : port, facility }] : []),
    ...(logging.graylog_enabled
      ? logging.graylogs.map((each, at) => ({ name: `logging.graylogs[${at}]`, ...each }))
      : []),
  ];
  const problems = wanted.flatMap(({ name, host: at, port: number }) => {
    if (at === '') return [wrong(name, 'needs a host.')];
    return isPort(number) ? [] : [wrong(name, `has the port “${number}”, which is none.`)];
  });
  return {
    targets: wanted.map((each) => ({ host: each.host, port: Number(each.port), facility: each.facility })),
    problems,
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
}

/** Tells Graylogs what happens, by GELF over UDP. What is lost on the way is lost; it stops nothing. */
export class Graylog {
  readonly #receivers: readonly Receiver[];
  readonly #logging: Config['logging'];

  /** @param onTrouble told once of each that has no address */
  constructor(targets: readonly GraylogTarget[], logging: Config['logging'], onTrouble?: (text: string) => void) {
    this.#receivers = targets.map((target) => new Receiver(target, onTrouble));
    this.#logging = logging;
  }

  /** @param text never a secret */
  say(text: string, severity: Severity): void {
    const { logging_level: level, log_message_prefix: prefix } = this.#logging;
    const least = leastSevere.find(([names]) => names.test(level))?.[1] ?? severities.info;
    if (severities[severity] > least) return;
    const said = {
      version: '1.1',
      host: hostname(),
      short_message: shortened(`${prefix === '' ? '' : `${prefix}: `}${text}`, textAtMost),
      timestamp: Date.now() / 1000,
      level: severities[severity],
    };
    for (const receiver of this.#receivers) receiver.tell(said);
  }

  /** Lets go when what was said is on its way, or it is too late. */
  async close(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.close()));
  }
}

/** One Graylog. Its messages keep their order. */
class Receiver {
  readonly #target: GraylogTarget;
  readonly #onTrouble: ((text: string) => void) | undefined;
  #socket: Socket | undefined;
  #address: { readonly until: number; readonly found: Awaited<ReturnType<typeof lookup>> | undefined } | undefined;
  #hasTold = false;
  #isClosed = false;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(target: GraylogTarget, onTrouble: ((text: string) => void) | undefined) {
    this.#target = target;
    this.#onTrouble = onTrouble;
  }

  tell(said: object): void {
    if (this.#isClosed || this.#waiting >= waitingAtMost) return;
    this.#waiting += 1;
    const datagrams = datagramsOf(gzipSync(JSON.stringify({ ...said, _facility: this.#target.facility })));
    this.#last = this.#last
      .then(() => this.#send(datagrams))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async close(): Promise<void> {
    const late = new Promise<void>((resolve) => {
      setTimeout(resolve, lastMs).unref();
    });
    await Promise.race([this.#last, late]);
    this.#isClosed = true;
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #send(datagrams: readonly Uint8Array[]): Promise<void> {
    const to = await this.#addressOf(this.#target.host);
    for (const datagram of datagrams) {
      if (this.#isClosed || !to) return;
      const socket = (this.#socket ??= newSocket(to.family));
      await new Promise<void>((resolve) => {
        socket.send(datagram, this.#target.port, to.address, () => {
          resolve();
        });
      });
    }
  }

  /** Asked seldom: names that nobody knows take long, and keep files waiting, which Node asks for in the same threads. */
  async #addressOf(host: string): Promise<Awaited<ReturnType<typeof lookup>> | undefined> {
    if (!this.#address || this.#address.until < Date.now()) {
      const found = await lookup(host).catch(() => undefined);
      if (found?.family !== this.#address?.found?.family) {
        this.#socket?.close();
        this.#socket = undefined;
      }
      this.#address = { until: Date.now() + addressMs, found };
      if (!found && !this.#hasTold)
        this.#onTrouble?.(
          `Graylog cannot be told at ${host}: no host of that name is known here. See how it is written in the section 'logging'.`,
        );
      this.#hasTold = !found;
    }
    return this.#address.found;
  }
}

function newSocket(family: number): Socket {
  return createSocket({ type: family === 6 ? 'udp6' : 'udp4' })
    .unref()
    .on('error', () => undefined);
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

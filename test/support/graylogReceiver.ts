import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';

/** A message as a Graylog has it. */
export interface GelfMessage {
  readonly version: string;
  readonly host: string;
  readonly short_message: string;
  readonly timestamp: number;
  readonly level: number;
  readonly _facility: string;
}

/** A Graylog's input for GELF over UDP: puts pieces together, and keeps what it is told. */
export interface GraylogReceiver {
  readonly port: number;
  readonly heard: GelfMessage[];
  /** What is not as GELF 1.1 wants it. */
  readonly faults: string[];
  /** Datagrams that came. */
  readonly datagrams: number;
  close(): void;
}

export async function startGraylog(host = '127.0.0.1'): Promise<GraylogReceiver> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const pieces = new Map<string, Buffer[]>();
  const heard: GelfMessage[] = [];
  const faults: string[] = [];
  let datagrams = 0;
  socket.on('message', (datagram) => {
    datagrams += 1;
    if (datagram.length > 1_432) faults.push(`a datagram of ${datagram.length} bytes`);
    let whole = datagram;
    if (datagram.readUInt16BE(0) === 0x1e0f) {
      const id = datagram.subarray(2, 10).toString('hex');
      const [number = 0, count = 0] = datagram.subarray(10, 12);
      if (count < 2 || count > 128 || number >= count) faults.push(`piece ${number} of ${count}`);
      const all = pieces.get(id) ?? [];
      pieces.set(id, all);
      all[number] = datagram.subarray(12);
      if (Object.keys(all).length < count) return;
      whole = Buffer.concat(all);
    }
    const message = JSON.parse(gunzipSync(whole).toString()) as GelfMessage;
    faults.push(...faultsOf(message));
    heard.push(message);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    heard,
    faults,
    get datagrams() {
      return datagrams;
    },
    close: () => socket.close(),
  };
}

/** What of a message is not as https://go2docs.graylog.org/current/getting_in_log_data/gelf.html has it. */
function faultsOf(message: object): string[] {
  const rules: Readonly<Record<string, (value: unknown) => boolean>> = {
    version: (value) => value === '1.1',
    host: (value) => typeof value === 'string' && value !== '',
    short_message: (value) => typeof value === 'string' && value !== '' && !/\p{Cs}/u.test(value),
    timestamp: (value) => typeof value === 'number' && Math.abs(value - Date.now() / 1000) < 3_600,
    level: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 7,
  };
  const isMore = (name: string, value: unknown): boolean =>
    /^_[\w.-]+$/.test(name) && name !== '_id' && ['string', 'number'].includes(typeof value);
  const fields = new Map<string, unknown>(Object.entries(message));
  const odd = [...fields].filter(([name, value]) => !(rules[name]?.(value) ?? isMore(name, value)));
  const missing = Object.keys(rules).filter((name) => !fields.has(name));
  return [...odd.map(([name, value]) => `${name}: ${JSON.stringify(value)}`), ...missing.map((name) => `no ${name}`)];
}

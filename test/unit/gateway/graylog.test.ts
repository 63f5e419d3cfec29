import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { Graylog, graylogTargets } from '../../../gateway/graylog.ts';

let sockets: Socket[];
let heard: unknown[];
beforeEach(() => {
  [sockets, heard] = [[], []];
});
afterEach(() => {
  for (const socket of sockets) socket.close();
});

/** A Graylog: puts pieces together, and keeps what it is told. @returns its port */
async function listen(): Promise<number> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const pieces = new Map<string, Buffer[]>();
  socket.on('message', (datagram) => {
    let whole = datagram;
    if (datagram.readUInt16BE(0) === 0x1e0f) {
      const id = datagram.subarray(2, 10).toString('hex');
      const all = pieces.get(id) ?? [];
      pieces.set(id, all);
      all[datagram[10] ?? 0] = datagram.subarray(12);
      if (Object.keys(all).length < (datagram[11] ?? 0)) return;
      whole = Buffer.concat(all);
    }
    heard.push(JSON.parse(gunzipSync(whole).toString()));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

function read(section: string) {
  const { config, problems } = loadConfig({ text: `logging: ${section}`, isOnline: true });
  expect(problems).toEqual([]);
  const { targets, problems: found } = graylogTargets(config.logging);
  return { graylog: new Graylog(targets, config.logging), targets, messages: found.map(({ message }) => message) };
}

it('tells the Graylog of the Python ingestor, and those of the list', async () => {
  const [one, two] = [await listen(), await listen()];
  const { graylog } = read(
    `{graylog: true, graylog_host: 127.0.0.1, graylog_port: ${one}, graylog_enabled: true, graylogs: [{host: 127.0.0.1, port: ${two}, facility: second}]}`,
  );
  graylog.say('Recorded: /data/µ.nxs', 'info');
  await vi.waitFor(() => {
    expect(heard).toHaveLength(2);
  });
  for (const facility of ['scicat.ingestor', 'second'])
    expect(heard).toContainEqual(
      expect.objectContaining({
        version: '1.1',
        short_message: 'SFI: Recorded: /data/µ.nxs',
        level: 6,
        _facility: facility,
      }),
    );
  await graylog.close();
});

it('sends what is long in pieces, and from the level that is asked for', async () => {
  const port = await listen();
  const { graylog } = read(
    `{logging_level: ERROR, log_message_prefix: "", graylog_enabled: true, graylogs: [{host: 127.0.0.1, port: ${port}}]}`,
  );
  const long = randomBytes(6_000).toString('hex');
  graylog.say('news', 'info');
  graylog.say(long, 'error');
  await graylog.close();
  await vi.waitFor(() => {
    expect(heard).toEqual([expect.objectContaining({ short_message: long, level: 3 })]);
  });
});

it('that is away stops nothing, and none is told that nobody asked for', async () => {
  const { graylog } = read('{graylog: true, graylog_host: host.invalid}');
  graylog.say('a', 'error');
  await graylog.close();
  expect(read('{graylog: false, graylog_host: a, graylogs: [{host: b}]}').targets).toEqual([]);
});

it.each([
  ['{graylog: true}', "'logging.graylog' needs a host."],
  [
    '{graylog_enabled: true, graylogs: [{host: a, port: "7x"}]}',
    "'logging.graylogs' has the port “7x”, which is none.",
  ],
])('%s is wrong', (section, message) => {
  expect(read(section).messages).toEqual([message]);
});

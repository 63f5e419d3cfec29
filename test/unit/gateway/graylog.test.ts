import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { Graylog, graylogTargets } from '../../../gateway/graylog.ts';
import { startGraylog } from '../../support/graylogReceiver.ts';
import type { GraylogReceiver } from '../../support/graylogReceiver.ts';

let receivers: GraylogReceiver[];
let troubles: string[];
beforeEach(() => {
  [receivers, troubles] = [[], []];
});
afterEach(() => {
  for (const receiver of receivers) {
    receiver.close();
    expect(receiver.faults).toEqual([]);
  }
});

async function listen(host?: string): Promise<GraylogReceiver> {
  const receiver = await startGraylog(host);
  receivers.push(receiver);
  return receiver;
}

function read(section: string) {
  const { config, problems } = loadConfig({ text: `logging: ${section}`, isOnline: true });
  expect(problems).toEqual([]);
  const { targets, problems: found } = graylogTargets(config.logging);
  return {
    graylog: new Graylog(targets, config.logging, (text) => troubles.push(text)),
    targets,
    messages: found.map(({ message }) => message),
  };
}

/** By the other internet protocol, where this computer has it. */
const other = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')) ? '::1' : '127.0.0.1'; // prettier-ignore

it('tells the Graylog of the Python ingestor, and those of the list', async () => {
  const [one, two, three] = [await listen(), await listen(), await listen(other)];
  const { graylog } = read(
    `{graylog: true, graylog_host: 127.0.0.1, graylog_port: ${one.port}, graylog_enabled: true, graylogs: [{host: localhost, port: ${two.port}, facility: second}, {host: "${other}", port: ${three.port}}]}`,
  );
  const texts = ['Recorded: /data/µ.nxs', 'second', 'third'];
  for (const text of texts) graylog.say(text, 'info');
  await graylog.close();
  for (const [receiver, facility] of [
    [one, 'scicat.ingestor'],
    [two, 'second'],
    [three, 'scicat.ingestor'],
  ] as const)
    // prettier-ignore
    await vi.waitFor(() => {
      expect(receiver.heard).toEqual(
        texts.map((text): unknown => expect.objectContaining({ short_message: `SFI: ${text}`, level: 6, _facility: facility })), // prettier-ignore
      );
    }, { timeout: 15_000 });
});

it('sends what is long in pieces, and from the level that is asked for', async () => {
  const receiver = await listen();
  const { graylog } = read(
    `{logging_level: ERROR, log_message_prefix: "", graylog_enabled: true, graylogs: [{host: 127.0.0.1, port: ${receiver.port}}]}`,
  );
  const long = randomBytes(6_000).toString('hex');
  graylog.say('news', 'info');
  graylog.say('bad news', 'warning');
  graylog.say(long, 'error');
  await graylog.close();
  await vi.waitFor(
    () => {
      expect(receiver.heard).toEqual([expect.objectContaining({ short_message: long, level: 3 })]);
    },
    { timeout: 15_000 },
  );
  expect(receiver.datagrams).toBeGreaterThan(1);
});

it('shortens what is too long for any, between whole characters', async () => {
  const receiver = await listen();
  const { graylog } = read(`{log_message_prefix: "", graylog: true, graylog_host: 127.0.0.1, graylog_port: ${receiver.port}}`); // prettier-ignore
  // Such characters take most when they are compressed.
  const text = Array.from(randomBytes(100_000), (byte) => String.fromCodePoint(0x1f300 + byte)).join('');
  graylog.say(text, 'warning');
  graylog.say(`.${text}`, 'warning');
  await graylog.close();
  await vi.waitFor(
    () => {
      expect(receiver.heard.map(({ short_message: said }) => [said.length, said.at(-1)])).toEqual([
        [31_999, '…'],
        [32_000, '…'],
      ]);
    },
    { timeout: 15_000 },
  );
});

it('that is away, or of no such name, stops nothing, is told of once, and keeps nobody else from hearing', async () => {
  const receiver = await listen();
  const gone = await startGraylog();
  gone.close();
  const { graylog } = read(
    `{graylog_enabled: true, graylogs: [{host: host.invalid}, {host: 127.0.0.1, port: ${gone.port}}, {host: 127.0.0.1, port: ${receiver.port}}]}`,
  );
  const many = 3_000;
  for (let at = 0; at < many; at++) {
    graylog.say(`${at}`, 'error');
    // As much as it takes at once.
    if (at % 100 === 99) await vi.waitFor(() => { expect(receiver.heard).toHaveLength(at + 1); }, { timeout: 15_000 }); // prettier-ignore
  }
  await graylog.close();
  expect(troubles).toEqual([
    "Graylog cannot be told at host.invalid: no host of that name is known here. See how it is written in the section 'logging'.",
  ]);
});

it('is told nothing that nobody asked for', () => {
  expect(read('{graylog: false, graylog_host: a, graylogs: [{host: b}]}').targets).toEqual([]);
});

it.each([
  ['{graylog: true}', "'logging.graylog' needs a host."],
  [
    '{graylog_enabled: true, graylogs: [{host: a, port: "7x"}]}',
    "'logging.graylogs[0]' has the port “7x”, which is none.",
  ],
])('%s is wrong', (section, message) => {
  expect(read(section).messages).toEqual([message]);
});

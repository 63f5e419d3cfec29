import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { buildMockBroker, startMockBroker } from '../../scripts/online/mockBroker.mjs';
import { wrdnMessage } from '../../scripts/online/wrdnMessage.mjs';
import { corpus } from '../unit/gateway/kafka/corpus.ts';
import { imsc } from './imsc.ts';
import { freePort, OnlineTrial, samples, says } from './onlineTrial.ts';

const built = buildMockBroker();
if (!built) console.warn('Skipped: imsc online against Kafka needs gcc and librdkafka-dev.');
afterAll(() => {
  built?.remove();
});

/** What one test is tried with: each has its own, so that they wait for their brokers at the same time. */
async function begin({ onTestFinished }: TestContext) {
  const trial = await OnlineTrial.begin();
  onTestFinished(() => trial.end());
  const broker = await startMockBroker(built?.program ?? '', 2);
  onTestFinished(() => {
    broker.stop();
  });
  const configFile = (topics: string, options = {}): string =>
    trial.configFile(
      `kafka: {topics: "${topics}", group_id: g, bootstrap_servers: "${broker.servers}", security_protocol: plaintext}`,
      options,
    );
  return { trial, broker, configFile };
}

async function producerFor(servers: string, context?: TestContext): Promise<Producer> {
  const kafka = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  context?.onTestFinished(() => producer.disconnect());
  return producer;
}

describe.skipIf(!built).concurrent('imsc online', () => {
  it('ingests what Kafka tells of, puts aside what cannot be used, and leaves when it is told to', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    await broker.command('topic loki 1');
    const file = trial.measured(0);
    await broker.send('loki', corpus.find((each) => each.file === '18-string-length-huge.bin')?.bytes ?? Buffer.of());
    await broker.send('loki', wrdnMessage(file));
    await broker.send('loki', wrdnMessage('/nowhere/at/all.nxs'));
    // It is there, and no folder can be made beside it.
    await broker.send('loki', wrdnMessage('/proc/self/environ'));
    const port = await freePort();
    const { child, finished } = trial.online(configFile('loki', { healthPort: port }));
    await trial.ended(4);
    const { jobs: all } = await trial.jobs.list();
    expect(all.map(({ status }) => status).sort()).toEqual(['done', 'failed', 'failed', 'rejected']);
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    expect(trial.listed()).toEqual(['443604_00001017.nxs', '443604_00001017.b2b', '443604_00001017.message.json']);
    const message = path.join(path.dirname(file), '../ingestor/443604_00001017.message.json');
    expect(JSON.parse(readFileSync(message, 'utf8'))).toEqual([
      'filewriter:1',
      '00000000-0000-4000-8000-000000000000',
      false,
      file,
      null,
      null,
    ]);
    const url = `http://127.0.0.1:${port}`;
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toMatchObject([
      200,
      { kafka: true, storage: true, scicat: true, waiting: 0, paused: false },
    ]);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect((await fetch(`${url}/anything`)).status).toBe(404);
    const figures = await (await fetch(`${url}/metrics`)).text();
    for (const line of [
      'imsc_messages_total{fate="recorded"} 3',
      'imsc_messages_total{fate="aside"} 1',
      'imsc_jobs_total{state="ingested"} 1',
      'imsc_jobs_total{state="failed"} 2',
      'imsc_jobs_waiting 0',
      'imsc_jobs_failed_total{reason="message"} 2',
      'imsc_jobs_oldest_seconds 0',
    ])
      expect(figures.split('\n')).toContain(line);
    expect(figures).not.toContain(trial.sandbox.token);
    child.kill('SIGTERM');
    const { code, stderr } = await finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Put aside: loki/0/0@');
    expect(stderr).not.toContain(trial.sandbox.token);
    // What is committed is not heard again.
    const again = trial.online(configFile('loki'));
    await broker.send('loki', wrdnMessage('/nowhere/else.nxs'));
    await trial.ended(5);
    again.child.kill('SIGTERM');
    expect((await again.finished).stderr).not.toMatch(/Known already|Put aside: loki/);
  }, 120_000);

  it('killed at any moment, loses nothing and does nothing twice', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    await broker.command('topic loki 1');
    const files = [0, 1, 2, 3].map((index) => trial.measured(index));
    for (const file of files) await broker.send('loki', wrdnMessage(file));
    const config = configFile('loki');
    const first = trial.online(config);
    await vi.waitFor(
      async () => {
        expect((await trial.jobs.list()).total).toBeGreaterThan(0);
      },
      { timeout: 40_000, interval: 5 },
    );
    first.child.kill('SIGKILL');
    trial.online(config);
    await trial.ended(4);
    const { jobs: all } = await trial.jobs.list();
    expect(all.map(({ request }) => request.dataFile).sort()).toEqual([...files].sort());
    expect(all.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
    // Two of the files have the same pid as the others: they are there already.
    expect(trial.sandbox.documents('datasets')).toHaveLength(2);
    expect(trial.sandbox.documents('origdatablocks')).toHaveLength(2);
  }, 120_000);

  it('without a token records, and ingests when it is started with one', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    await broker.command('topic loki 1');
    await broker.send('loki', wrdnMessage(trial.measured(0)));
    const config = configFile('loki');
    const without = trial.online(config, { token: '' });
    const holds = async (): Promise<(string | undefined)[]> =>
      (await trial.jobs.list()).jobs.map(({ hold, isRunning }) => (isRunning ? 'running' : hold?.for));
    await vi.waitFor(
      async () => {
        expect(await holds()).toEqual(['credentials']);
      },
      { timeout: 40_000, interval: 100 },
    );
    without.child.kill('SIGTERM');
    await without.finished;
    trial.online(config);
    await trial.ended(1);
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
  }, 120_000);

  it('told to end while it waits for a file, ends at once and leaves the job to the next one', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    await broker.command('topic loki 1');
    const file = trial.measured(0);
    const whole = readFileSync(file);
    rmSync(file);
    await broker.send('loki', wrdnMessage(file));
    const first = trial.online(configFile('loki', { delay: 120 }));
    await says(first, 'Recorded');
    await vi.waitFor(
      async () => {
        expect((await trial.jobs.list()).jobs.map(({ isRunning }) => isRunning)).toEqual([true]);
      },
      { timeout: 40_000, interval: 50 },
    );
    const told = Date.now();
    first.child.kill('SIGTERM');
    const { code, stderr } = await first.finished;
    expect(code, stderr).toBe(0);
    expect(Date.now() - told).toBeLessThan(15_000);
    expect(stderr).toContain('Left to go on later');
    expect((await trial.jobs.list()).jobs.map(({ status }) => status)).toEqual(['deposited']);
    writeFileSync(file, whole);
    trial.online(configFile('loki'));
    await trial.ended(1);
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
  }, 120_000);

  it('ingests what is compressed by gzip, and has keys and headers; puts aside what is empty; passes over what was removed', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    await broker.command('topic loki 1');
    const value = Buffer.from(wrdnMessage(trial.measured(0)));
    const large = Buffer.from(wrdnMessage(trial.measured(1), 'j'.repeat(2_000_000)));
    const producer = await producerFor(broker.servers, context);
    await producer.send({
      topic: 'loki',
      compression: CompressionTypes.GZIP,
      messages: [
        { key: 'removed', value: null },
        { key: null, value: Buffer.alloc(0) },
        { key: 'k'.repeat(10_000), value, headers: { from: 'a writer', many: ['a', 'b'] } },
        { key: null, value: null, headers: {} },
      ],
    });
    await producer.send({ topic: 'loki', messages: [{ value: large }] });
    trial.online(configFile('loki'));
    await trial.ended(3);
    const { jobs } = await trial.jobs.list();
    expect(jobs.map(({ status, tag }) => [status, (tag ?? '').length]).sort()).toEqual([
      ['done', 200],
      ['done', 36],
      ['rejected', 0],
    ]);
    expect(jobs.find(({ status }) => status === 'rejected')?.statusDetail[0]?.message).toContain('It has 0 bytes');
    expect(trial.sandbox.documents('datasets')).toHaveLength(2);
  }, 120_000);

  it('ingests what is compressed by each codec that Kafka knows, as librdkafka sends it', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    await broker.command('topic loki 1');
    const codecs = ['gzip', 'snappy', 'lz4', 'zstd'];
    for (const [index, codec] of codecs.entries()) {
      await broker.command(`codec ${codec}`);
      await broker.send('loki', wrdnMessage(trial.measured(index), `${codec} `.repeat(20_000)));
    }
    trial.online(configFile('loki'));
    await trial.ended(codecs.length);
    const { jobs } = await trial.jobs.list();
    expect(jobs.map(({ status, tag }) => [status, (tag ?? '').split(' ')[0]]).sort()).toEqual(
      codecs.map((codec) => ['done', codec]).sort(),
    );
    // The last two are copies of the first two, and have their identifiers.
    expect(trial.sandbox.documents('datasets')).toHaveLength(2);
  }, 120_000);

  it('says that it cannot decompress messages, waits there and loses nothing', async () => {
    const trial = await OnlineTrial.begin();
    const broker = await startMockBroker(built?.program ?? '', 1);
    try {
      await broker.command('topic loki 1');
      const producer = await producerFor(broker.servers);
      CompressionCodecs[CompressionTypes.LZ4] = () => ({ compress: () => Promise.resolve(Buffer.from('no LZ4')) });
      await producer.send({ topic: 'loki', messages: [{ value: Buffer.from(wrdnMessage(trial.measured(0))) }] });
      await producer.send({ topic: 'loki', compression: CompressionTypes.LZ4, messages: [{ value: 'a' }] });
      await producer.disconnect();
      const port = await freePort();
      const config = trial.configFile(
        `kafka: {topics: loki, group_id: g, bootstrap_servers: "${broker.servers}", security_protocol: plaintext}`,
        { healthPort: port },
      );
      const running = trial.online(config);
      await says(running, 'Kafka has messages that are compressed by LZ4, and cannot be read: invalid magic number');
      expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(503);
      await trial.ended(1);
      running.child.kill('SIGTERM');
      const { code, stderr } = await running.finished;
      expect(code, stderr).toBe(0);
      const admin = new Kafka({ brokers: broker.servers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const [committed] = await admin.fetchOffsets({ groupId: 'g', topics: ['loki'] });
      await admin.disconnect();
      expect(Number(committed?.partitions[0]?.offset)).toBeLessThanOrEqual(1);
    } finally {
      await trial.end();
      broker.stop();
    }
  }, 120_000);

  it('says what is wrong with its configuration, and where Kafka is not', async (context) => {
    const { trial, broker, configFile } = await begin(context);
    const wrong = await imsc(['online', '-c', path.join(samples, 'config.yml')]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("'kafka.topics' is KAFKA_TOPIC_1, an example.");
    broker.stop();
    const away = await imsc(['online', '-c', configFile('loki'), '--store', trial.jobs.folder]);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain(`Kafka cannot be reached at ${broker.servers.replaceAll(',', ', ')}`);
  }, 60_000);
});

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { buildMockBroker, startMockBroker } from '../support/mockBroker.ts';
import type { MockBroker } from '../support/mockBroker.ts';
import { wrdnMessage } from '../support/wrdnMessage.ts';
import { corpus } from '../unit/gateway/kafka/corpus.ts';
import { imsc, startImsc } from './imsc.ts';
import type { Running } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-online-'));
const built = buildMockBroker();
if (!built) console.warn('Skipped: imsc online against Kafka needs gcc and librdkafka-dev.');
afterAll(() => {
  built?.remove();
  rmSync(root, { recursive: true, force: true });
});

let sandbox: Sandbox;
let broker: MockBroker;
let jobs: Jobs;
let running: Running[];
beforeEach(async () => {
  sandbox = await startSandbox({});
  broker = await startMockBroker(built?.program ?? '', 2);
  jobs = new Jobs({ folder: mkdtempSync(path.join(root, 'store-')) });
  running = [];
});
afterEach(async () => {
  for (const { child, finished } of running) {
    child.kill('SIGKILL');
    await finished;
  }
  broker.stop();
  await sandbox.close();
});

/** A data file of its own below a folder of its own. */
function measured(index: number): string {
  const folder = path.join(root, `data-${process.pid}-${index}-${Date.now()}`, 'coda/2025/443604/raw');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `443604_0000${1017 + (index % 2)}.nxs`);
  cpSync(path.join(samples, 'data/coda/2025/443604/raw', path.basename(file)), file);
  return file;
}

function configFile(topics: string, { healthPort = 0, delay = 1 } = {}): string {
  const file = path.join(mkdtempSync(path.join(root, 'config-')), 'config.yml');
  const own = readFileSync(path.join(samples, 'config.yml'), 'utf8')
    .replace('http://127.0.0.1:3000/api/v3', sandbox.baseUrl)
    .replace('schemas_directory: schemas', `schemas_directory: ${path.join(samples, 'schemas')}`)
    .replace('schemas/fallback', `${path.join(samples, 'schemas')}/fallback`)
    .replace(
      '    compute_file_stats: true',
      `    data_file_open_retry_delay: [${delay}]\n    data_file_open_max_tries: 1\n    compute_file_stats: true`,
    ) // prettier-ignore
    .replace('health_check: {}', `health_check: {host: 127.0.0.1, port: ${healthPort}}`)
    .replace(
      'kafka: {}',
      `kafka: {topics: "${topics}", group_id: g, bootstrap_servers: "${broker.servers}", security_protocol: plaintext}`,
    );
  writeFileSync(file, own);
  return file;
}

function online(file: string, token = sandbox.token): Running {
  const started = startImsc(['online', '-c', file, '--store', jobs.folder], { SCICAT_TOKEN: token });
  running.push(started);
  return started;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function ended(count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { jobs: all } = await jobs.list({ status: ['done', 'rejected', 'failed'] });
      if (all.length < count) throw new Error(JSON.stringify((await jobs.list()).jobs.map((each) => each.status)));
    },
    { timeout: 60_000, interval: 200 },
  );
}

describe.skipIf(!built)('imsc online', () => {
  it('ingests what Kafka tells of, puts aside what cannot be used, and leaves when it is told to', async () => {
    await broker.command('topic loki 1');
    const file = measured(0);
    await broker.send('loki', corpus.find((each) => each.file === '18-string-length-huge.bin')?.bytes ?? Buffer.of());
    await broker.send('loki', wrdnMessage(file));
    await broker.send('loki', wrdnMessage('/nowhere/at/all.nxs'));
    const port = await freePort();
    const { child, finished } = online(configFile('loki', { healthPort: port }));
    await ended(3);
    const { jobs: all } = await jobs.list();
    expect(all.map(({ status }) => status).sort()).toEqual(['done', 'failed', 'rejected']);
    expect(sandbox.documents('datasets')).toHaveLength(1);
    const names = sandbox
      .documents('origdatablocks')
      .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((each) => path.basename(each.path)));
    expect(names).toEqual(['443604_00001017.nxs', '443604_00001017.b2b', '443604_00001017.message.json']);
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
      'imsc_messages_total{fate="recorded"} 2',
      'imsc_messages_total{fate="aside"} 1',
      'imsc_jobs_total{state="ingested"} 1',
      'imsc_jobs_total{state="failed"} 1',
      'imsc_jobs_waiting 0',
    ])
      expect(figures.split('\n')).toContain(line);
    expect(figures).not.toContain(sandbox.token);
    child.kill('SIGTERM');
    const { code, stderr } = await finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Put aside: loki/0/0@');
    expect(stderr).not.toContain(sandbox.token);
    // What is committed is not heard again.
    const again = online(configFile('loki'));
    await broker.send('loki', wrdnMessage('/nowhere/else.nxs'));
    await ended(4);
    again.child.kill('SIGTERM');
    expect((await again.finished).stderr).not.toMatch(/Known already|Put aside: loki/);
  }, 120_000);

  it('killed at any moment, loses nothing and does nothing twice', async () => {
    await broker.command('topic loki 1');
    const files = [0, 1, 2, 3].map(measured);
    for (const file of files) await broker.send('loki', wrdnMessage(file));
    const config = configFile('loki');
    const first = online(config);
    await vi.waitFor(
      async () => {
        expect((await jobs.list()).total).toBeGreaterThan(0);
      },
      { timeout: 40_000, interval: 5 },
    );
    first.child.kill('SIGKILL');
    online(config);
    await ended(4);
    const { jobs: all } = await jobs.list();
    expect(all.map(({ request }) => request.dataFile).sort()).toEqual([...files].sort());
    expect(all.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
    // Two of the files have the same pid as the others: they are there already.
    expect(sandbox.documents('datasets')).toHaveLength(2);
    expect(sandbox.documents('origdatablocks')).toHaveLength(2);
  }, 120_000);

  it('without a token records, and ingests when it is started with one', async () => {
    await broker.command('topic loki 1');
    await broker.send('loki', wrdnMessage(measured(0)));
    const config = configFile('loki');
    const without = online(config, '');
    const holds = async (): Promise<(string | undefined)[]> =>
      (await jobs.list()).jobs.map(({ hold, isRunning }) => (isRunning ? 'running' : hold?.for));
    await vi.waitFor(
      async () => {
        expect(await holds()).toEqual(['credentials']);
      },
      { timeout: 40_000, interval: 100 },
    );
    without.child.kill('SIGTERM');
    await without.finished;
    online(config);
    await ended(1);
    expect(sandbox.documents('datasets')).toHaveLength(1);
  }, 120_000);

  it('told to end while it waits for a file, ends at once and leaves the job to the next one', async () => {
    await broker.command('topic loki 1');
    const file = measured(0);
    const whole = readFileSync(file);
    rmSync(file);
    await broker.send('loki', wrdnMessage(file));
    const first = online(configFile('loki', { delay: 120 }));
    await vi.waitFor(
      async () => {
        expect((await jobs.list()).jobs.map(({ isRunning }) => isRunning)).toEqual([true]);
      },
      { timeout: 40_000, interval: 50 },
    );
    const told = Date.now();
    first.child.kill('SIGTERM');
    const { code, stderr } = await first.finished;
    expect(code, stderr).toBe(0);
    expect(Date.now() - told).toBeLessThan(15_000);
    expect(stderr).toContain('Left to go on later');
    expect((await jobs.list()).jobs.map(({ status }) => status)).toEqual(['deposited']);
    writeFileSync(file, whole);
    online(configFile('loki'));
    await ended(1);
    expect(sandbox.documents('datasets')).toHaveLength(1);
  }, 120_000);

  it('says what is wrong with its configuration, and where Kafka is not', async () => {
    const wrong = await imsc(['online', '-c', path.join(samples, 'config.yml')]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("'kafka.topics' is KAFKA_TOPIC_1, an example.");
    broker.stop();
    const away = await imsc(['online', '-c', configFile('loki'), '--store', jobs.folder]);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain(`Kafka cannot be reached at ${broker.servers.replaceAll(',', ', ')}`);
  }, 60_000);
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildMockBroker, startMockBroker } from '../../../scripts/online/mockBroker.mjs';
import { jobIdOf, writeRun } from '../../../scripts/online/runs.mjs';
import { wrdnMessage } from '../../../scripts/online/wrdnMessage.mjs';
import type { Bench } from '../bench.ts';
import { memoryOf, startProgram } from '../inputs/served.ts';
import type { Program } from '../inputs/served.ts';
import { elapsed } from '../measure.ts';

const area = 'online';
const partitions = 4;
/** As the Python ingestor's default. */
const running = 10;

/** Many messages at once while SciCat is away, and what comes of them when it is back, beside the sandbox alone. */
export async function onlineArea(bench: Bench): Promise<void> {
  const built = buildMockBroker();
  if (!built) {
    console.warn('The area online needs gcc and librdkafka-dev.');
    return;
  }
  const many = bench.large ? 10_000 : 500;
  const awayMs = bench.large ? 120_000 : 20_000;
  const folder = mkdtempSync(join(bench.folder, 'online-'));
  const [port, healthPort] = [await freePort(), await freePort()];
  const sandboxAt = (name: string): Promise<Program> =>
    startProgram([bench.imsc, 'sandbox', '--json', '--port', String(port), '--data', join(folder, name)]);
  const before = await sandboxAt('scicat');
  const { host = '', token = '' } = before.said;
  await before.end();
  const broker = await startMockBroker(built.program, 1);
  await broker.command(`topic coda ${partitions}`);
  const config = configFile(bench, folder, { host, servers: broker.servers, healthPort });
  for (let number = 1; number <= many; number += 1)
    await broker.send('coda', wrdnMessage(writeRun(folder, number), jobIdOf(number)), number % partitions);
  const online = spawn(process.execPath, [bench.imsc, 'online', '-c', config, '--store', join(folder, 'jobs')], {
    env: { ...process.env, SCICAT_TOKEN: token },
    stdio: 'ignore',
  });
  const figure = (name: string): Promise<number> => figureOf(healthPort, name);
  let scicat: Program | undefined;
  try {
    await until(async () => (await figure('imsc_source_connected{source="kafka"}')) === 1);
    await until(async () => (await figure('imsc_messages_total{fate="recorded"}')) > 0);
    const first = memoryOf(online)?.now ?? NaN;
    const recording = await elapsed(() => until(async () => (await figure('imsc_messages_total{fate="recorded"}')) >= many)); // prettier-ignore
    const add = (what: string, unit: string, ours: number, more: object = {}): void => {
      bench.add({ area, what, unit, ours, ...more });
    };
    add(`${many} messages at once, SciCat away: recorded`, '1/s', (many * 1000) / recording);
    await delay(awayMs);
    const waiting = memoryOf(online)?.now ?? NaN;
    add(`… memory with all of them waiting, beside ${first.toFixed(0)} MB with the first`, 'MB', waiting);
    const idle = processorTime(online);
    await delay(5_000);
    add('… processor time while they wait', '%', (processorTime(online) - idle) / 50);
    add('… connections to Kafka made anew', '', await figure('imsc_source_restarts_total{source="kafka"}'));
    scicat = await sandboxAt('scicat');
    const left = (): Promise<number> => figure('imsc_jobs_waiting');
    const resting = await elapsed(() => until(async () => (await left()) <= many - running - 10));
    add('SciCat is back: until ten more are ingested', 'ms', resting);
    const some = await left();
    const [busy, busyScicat] = [processorTime(online), processorTime(scicat.child)];
    const time = await elapsed(() => until(async () => (await left()) <= many * 0.1));
    const ours = ((some - many * 0.1) * 1000) / time;
    add('processor time for each', 'ms', (processorTime(online) - busy) / (some - many * 0.1), { peer: { name: 'what the sandbox takes for it', value: (processorTime(scicat.child) - busyScicat) / (some - many * 0.1) } }); // prettier-ignore
    await until(async () => (await left()) === 0);
    const done = await figure('imsc_jobs_total{state="ingested"}');
    if (done !== many) throw new Error(`${done} of ${many} are ingested.`);
    await scicat.end();
    scicat = await sandboxAt('alone');
    const writes = plansIn(join(folder, 'jobs'), Math.min(many, 1_000));
    const alone = await elapsed(() => sendAll(host, scicat?.said['token'] ?? '', writes));
    add('ingested, up to the last tenth', '1/s', ours, { peer: { name: 'the sandbox alone, the same writes', value: (writes.length * 1000) / alone }, target: { ratioAtLeast: 0.9 } }); // prettier-ignore
    add('memory at most', 'MB', memoryOf(online)?.most ?? NaN);
  } finally {
    online.kill('SIGKILL');
    if (online.exitCode === null && online.signalCode === null) await once(online, 'exit');
    await scicat?.end();
    broker.stop();
    built.remove();
  }
}

function configFile(
  bench: Bench,
  folder: string,
  about: { host: string; servers: string; healthPort: number },
): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.yml');
  const kafka = { topics: 'coda', group_id: 'g', bootstrap_servers: about.servers, security_protocol: 'plaintext' };
  const schemas = join(bench.root, 'samples', 'schemas');
  writeFileSync(
    file,
    readFileSync(join(bench.root, 'samples', 'config.yml'), 'utf8')
      .replace('http://127.0.0.1:3000/api/v3', about.host)
      .replace('kafka: {}', `kafka: ${JSON.stringify(kafka)}`)
      .replace('schemas_directory: schemas', `schemas_directory: ${schemas}`)
      .replace('schemas/fallback', `${schemas}/fallback`)
      .replace('\ningestion:\n', `\ningestion:\n  max_offline_ingestors: ${running}\n`)
      .replace('health_check: {}', `health_check: { host: 127.0.0.1, port: ${about.healthPort} }`),
  );
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** A figure of `/metrics`; 0 where there is none yet. */
async function figureOf(port: number, name: string): Promise<number> {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

/** Milliseconds of a processor that a process has taken. */
function processorTime({ pid }: ChildProcess): number {
  const fields =
    readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(250);
}

/** What was sent for the first jobs: a dataset and its list. */
function plansIn(store: string, many: number): readonly (readonly (readonly [path: string, body: string])[])[] {
  return Array.from({ length: many }, (_, index) => {
    const lines = readFileSync(join(store, 'jobs', String(index + 1), 'plan.jsonl'), 'utf8').split('\n');
    const line = lines.find((each) => each.includes('"kind":"dataset"')) ?? '';
    const dataset = (JSON.parse(line) as { plan: { datasetJson: string } }).plan.datasetJson;
    const { pid, ownerGroup } = JSON.parse(dataset) as { pid: string; ownerGroup: string };
    const dataFileList = [1, 2].map((number) => ({ path: `${number}`, size: 1000, time: '2026-01-01T00:00:00.000Z' }));
    return [
      ['datasets', dataset],
      ['origdatablocks', JSON.stringify({ datasetId: pid, ownerGroup, accessGroups: [], size: 2000, dataFileList })],
    ];
  });
}

/** Sends them, as many at once as there are ingestions. */
async function sendAll(host: string, token: string, all: ReturnType<typeof plansIn>): Promise<void> {
  const left = [...all];
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const one = async (): Promise<void> => {
    for (let writes = left.shift(); writes; writes = left.shift())
      for (const [path, body] of writes) {
        const answer = await fetch(`${host}/${path}`, { method: 'POST', headers, body });
        if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      }
  };
  await Promise.all(Array.from({ length: running }, one));
}

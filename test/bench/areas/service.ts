import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Jobs } from '../../../core/jobs/jobs.ts';
import type { Bench } from '../bench.ts';
import { memoryOf, startPlace, startProgram } from '../inputs/served.ts';
import type { Place } from '../inputs/served.ts';
import { elapsed, interleaved, repeated } from '../measure.ts';

const area = 'service';

/** `imsc serve` beside a server that only writes an upload to the disk, and beside the sandbox alone. */
export async function serviceArea(bench: Bench): Promise<void> {
  await uploads(bench);
  await ingestions(bench);
  await followers(bench);
  await waitingJobs(bench);
}

/** Sends so many bytes. @returns the place that the answer names */
async function send(url: string, path: string, bytes: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment; filename=big.bin',
    'Content-Length': String(bytes),
    'In-Progress': 'true',
    Authorization: 'Basic YTpi',
  };
  const piece = Buffer.alloc(1024 * 1024, 'bench');
  const asked = request({ hostname, port, path, method: 'POST', headers, agent: false });
  const answered = once(asked, 'response');
  for (let sent = 0; sent < bytes; sent += piece.length) {
    const isRoom = asked.write(bytes - sent < piece.length ? piece.subarray(0, bytes - sent) : piece);
    if (!isRoom) await once(asked, 'drain');
  }
  asked.end();
  const [answer] = (await answered) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  if (answer.statusCode !== 200 && answer.statusCode !== 201) throw new Error(`${url}: ${String(answer.statusCode)}`);
  return answer.headers.location ?? '';
}

async function uploads(bench: Bench): Promise<void> {
  const bytes = bench.large ? 2e9 : 5e8;
  const place = await startPlace(bench, {});
  const bare = await startProgram([bench.script('bareUpload.mjs'), bench.folder]);
  const before = memoryOf(place.service.child);
  try {
    const found = await interleaved(bench.large ? 3 : 5, {
      ours: async () => {
        let made = '';
        const time = await elapsed(async () => {
          made = await send(place.url, '/1/deposits/', bytes);
        });
        await fetch(made, { method: 'DELETE', headers: { Authorization: 'Basic YTpi' } });
        return bytes / 1e3 / time;
      },
      peer: async () => bytes / 1e3 / (await elapsed(() => send(bare.said['url'] ?? '', '/', bytes))),
    });
    const what = `upload of ${bytes / 1e9} GB, on the disk and with its checksums`;
    bench.add({ area, what, unit: 'MB/s', ours: found.ours, peer: { name: 'a server that only writes', value: found.peer }, target: { ratioAtLeast: 0.8 } }); // prettier-ignore
    const after = memoryOf(place.service.child);
    const most = memoryOf(bare.child)?.most;
    if (!before || !after || most === undefined) return;
    bench.add({ area, what: 'memory that uploads take besides', unit: 'MB', ours: after.most - before.now, target: { atMost: 60 } }); // prettier-ignore
    bench.add({ area, what: 'memory of the service at most', unit: 'MB', ours: after.most, peer: { name: 'the other server', value: most } }); // prettier-ignore
  } finally {
    await bare.end();
    await place.end();
  }
}

const folders = 100;
const filesEach = 200;

/** The job that the sample's data file is of. */
const sampleJob = '2f6f3f3e-8c0b-4b5e-9a43-6d1f6f2d7a10';

/** A folder with a data file of a job of its own, and others beside it. */
function makeFolder(bench: Bench, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const bytes = readFileSync(join(bench.root, 'samples/data/coda/2025/443604/raw/443604_00001017.nxs'));
  bytes.write(randomUUID(), bytes.indexOf(sampleJob), 'latin1');
  writeFileSync(join(folder, 'run.nxs'), bytes);
  for (let index = 1; index < filesEach; index += 1) writeFileSync(join(folder, `${index}.dat`), String(index));
}

async function ingestions(bench: Bench): Promise<void> {
  const place = await startPlace(bench, { limits: { running: 8 } });
  const alone = await startPlace(bench, {});
  try {
    for (let index = 0; index < folders; index += 1) makeFolder(bench, join(place.data, 'coda', String(index)));
    const ours = await elapsed(async () => {
      const ask = async (index: number): Promise<void> => {
        const body = JSON.stringify({ path: `coda/${index}` });
        const answer = await fetch(`${place.url}/api/v1/jobs`, { method: 'POST', body });
        if (!answer.ok) throw new Error(await answer.text());
      };
      await Promise.all(Array.from({ length: folders }, (_, index) => ask(index)));
      await until(async () => (await count(place, 'deposited,verified,loading')) === 0);
    });
    const done = await count(place, 'done');
    if (done !== folders) throw new Error(`${done} of ${folders} are done.`);
    const writes = await written(place);
    const peer = await elapsed(() => sendAll(alone, writes));
    const what = `${folders} ingestions of ${filesEach} files, asked for at once`;
    bench.add({ area, what, unit: 'ms', ours, peer: { name: 'the sandbox alone, the same writes', value: peer }, target: { ratioAtMost: 1.3 } }); // prettier-ignore
  } finally {
    await place.end();
    await alone.end();
  }
}

async function count({ url }: Place, statuses: string): Promise<number> {
  const query = statuses.split(',').map((status) => `status=${status}&`);
  const answer = await fetch(`${url}/api/v1/jobs?${query.join('')}pageSize=1`);
  return ((await answer.json()) as { total: number }).total;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(100);
}

/** What the service has written, as bodies of requests. */
async function written({ scicat, token, store }: Place): Promise<readonly (readonly [string, string])[][]> {
  const answer = await fetch(`${scicat}/origdatablocks?filter={"limit":1000}`, { headers: { Authorization: `Bearer ${token}` } }); // prettier-ignore
  const blocks = (await answer.json()) as Record<string, unknown>[];
  const plans = readdirSync(join(store, 'jobs')).map((id) => {
    const [line = ''] = readFileSync(join(store, 'jobs', id, 'plan.jsonl'), 'utf8').split('\n', 1);
    return (JSON.parse(line) as { plan: { datasetJson: string } }).plan.datasetJson;
  });
  const sent = ['datasetId', 'size', 'chkAlg', 'dataFileList', 'ownerGroup', 'accessGroups'];
  return plans.map((dataset) => {
    const { pid } = JSON.parse(dataset) as { pid: string };
    const own = blocks.filter(({ datasetId }) => datasetId === pid);
    return [['datasets', dataset], ...own.map((block) => ['origdatablocks', JSON.stringify(block, sent.concat('path', 'time', 'chk', 'uid', 'gid', 'perm'))] as const)]; // prettier-ignore
  });
}

/** Sends them as many at once as the service has jobs. */
async function sendAll(
  { scicat, token }: Place,
  all: readonly (readonly (readonly [string, string])[])[],
): Promise<void> {
  const left = [...all];
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const one = async (): Promise<void> => {
    for (let writes = left.shift(); writes; writes = left.shift())
      for (const [path, body] of writes) {
        const answer = await fetch(`${scicat}/${path}`, { method: 'POST', headers, body });
        if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

async function followers(bench: Bench): Promise<void> {
  const many = 200;
  const place = await startPlace(bench, {}, { withToken: false });
  try {
    makeFolder(bench, join(place.data, 'run'));
    await fetch(`${place.url}/api/v1/jobs`, { method: 'POST', body: JSON.stringify({ path: 'run' }) });
    await until(async () => (await count(place, 'deposited')) === 1);
    const before = memoryOf(place.service.child);
    const heard = Array.from({ length: many }, async () => {
      const { body } = await fetch(`${place.url}/api/v1/jobs/1/events`);
      let text = '';
      for await (const piece of body ?? []) {
        text += Buffer.from(piece).toString();
        if (text.includes('"status":"cancelled"')) return performance.now();
      }
      throw new Error(`It was not told of the end: ${text.slice(-300)}`);
    });
    await delay(2000);
    const began = performance.now();
    await fetch(`${place.url}/api/v1/jobs/1/cancel`, { method: 'POST' });
    const last = Math.max(...(await Promise.all(heard)));
    bench.add({ area, what: `the end of a job, until the last of ${many} that follow it has heard`, unit: 'ms', ours: last - began }); // prettier-ignore
    const after = memoryOf(place.service.child);
    if (before && after) bench.add({ area, what: `memory for ${many} that follow`, unit: 'MB', ours: Math.max(0, after.most - before.now) }); // prettier-ignore
  } finally {
    await place.end();
  }
}

async function waitingJobs(bench: Bench): Promise<void> {
  const many = bench.large ? 10_000 : 1_000;
  const place = await startPlace(bench, {}, { withToken: false });
  try {
    const jobs = new Jobs({ folder: place.store });
    // Ingestions of the command line are carried out by nobody else: they wait.
    const make = (index: number): Promise<unknown> =>
      jobs.create({ protocol: 'command-line', owner: 'local', request: { folder: join(place.data, String(index)), include: [], host: place.scicat, options: { dryRun: false } } }); // prettier-ignore
    for (let index = 0; index < many; index += 50)
      await Promise.all(Array.from({ length: 50 }, (_, more) => make(index + more)));
    const list = (query: string): Promise<number> =>
      elapsed(async () => {
        const answer = (await (await fetch(`${place.url}/api/v1/jobs${query}`)).json()) as { total: number };
        if (answer.total !== many) throw new Error(`${answer.total} of ${many} are listed.`);
      });
    const first = await list('');
    bench.add({
      area,
      what: `${many} waiting jobs: the first page, asked for the first time`,
      unit: 'ms',
      ours: first,
    });
    const [page, byStatus] = [await repeated(9, () => list('')), await repeated(5, () => list('?status=deposited'))];
    bench.add({ area, what: `${many} waiting jobs: the first page`, unit: 'ms', ours: page, target: { atMost: 50 } });
    bench.add({ area, what: `${many} waiting jobs: the first page of a status`, unit: 'ms', ours: byStatus });
  } finally {
    await place.end();
  }
}

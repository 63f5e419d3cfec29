// `node scripts/online/speed.mjs [--messages 300] [--members 1] [--workers 10] [--python FOLDER] [--rounds 3]`: how many
// files a second `imsc online` ingests, from the first message to the last file, by turns with
// - a bare client that sends the requests of it again, as many at a time, to a SciCat of its own;
// - the Python ingestor, a process for each file, as many at a time: FOLDER is a clone of SciCatProject/scicat-ingestor, which
//   IMSC_PYTHON (default python3) can run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../builtProgram.mjs';
import { startSandbox } from '../sandboxProcess.mjs';
import { buildMockBroker, startMockBroker } from './mockBroker.mjs';
import { fileOf, jobIdOf, writeRun } from './runs.mjs';
import { datasetCount, startIngestor, until, writeConfig } from './trial.mjs';
import { wrdnMessage } from './wrdnMessage.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '300' },
    members: { type: 'string', default: '1' },
    workers: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string' },
  },
});
const [messages, members, workers, rounds] = ['messages', 'members', 'workers', 'rounds'].map((name) => Number(values[name])); // prettier-ignore
const topics = ['a', 'b', 'c', 'd'];
const root = mkdtempSync(join(tmpdir(), 'imsc-speed-'));
const say = (text) => console.log(`load ${loadavg()[0]?.toFixed(0)}  ${text}`);

/** Milliseconds of a processor that a process has taken. */
function processorTime({ pid }) {
  const [, stat = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = stat.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The same of all processes that this one has waited for. */
function processorTimeOfChildren() {
  const [, stat = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
  const fields = stat.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function ended(child, signal) {
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Does something with a folder and a SciCat of its own. */
async function withSandbox(work) {
  const folder = mkdtempSync(join(root, 'round-'));
  const sandbox = await startSandbox(join(folder, 'catalogue'));
  try {
    return await work(folder, sandbox);
  } finally {
    await ended(sandbox.child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns milliseconds, and those of processors: of ours, of SciCat */
async function timed(sandbox, ours, work) {
  const [began, own, scicat] = [performance.now(), ours(), processorTime(sandbox.child)];
  await work();
  return { wall: performance.now() - began, own: ours() - own, scicat: processorTime(sandbox.child) - scicat };
}

/** @param host where SciCat is asked, if not directly */
async function online(folder, sandbox, host = sandbox.host) {
  const broker = await startMockBroker(built.program, 1);
  const group = [];
  try {
    for (const topic of topics) await broker.command(`topic ${topic} 1`);
    const config = writeConfig(folder, { servers: broker.servers, host, topics: topics.join(','), workers });
    for (let number = 1; number <= messages; number++) writeRun(folder, number);
    for (let index = 0; index < members; index++) {
      const shares = group.map((member) => member.shares);
      group.push(startIngestor({ config, store: join(folder, 'jobs'), token: sandbox.token }, () => undefined));
      await until('all share the topics', () => group.every((member, at) => member.shares > (shares[at] ?? 0)));
    }
    return await timed(
      sandbox,
      () => group.reduce((sum, { child }) => sum + processorTime(child), 0),
      async () => {
        for (let number = 1; number <= messages; number++)
          await broker.queue(topics[number % topics.length], wrdnMessage(fileOf(folder, number), jobIdOf(number)));
        await broker.command('flush');
        await until('all are done', () => group.reduce((sum, { done }) => sum + done, 0) >= messages, { patienceMs: messages * 2000, lookMs: 10 }); // prettier-ignore
      },
    );
  } finally {
    for (const { child } of group) await ended(child, 'SIGTERM');
    broker.stop();
  }
}

/** Every request of a run through it. */
async function recorder(target) {
  const heard = [];
  const { hostname, port, pathname } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const body = [];
    incoming.on('data', (piece) => body.push(piece));
    incoming.on('end', () => {
      heard.push({ method, path, headers, body: Buffer.concat(body) });
      const forwarded = request({ hostname, port, method, path, headers, agent }, (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.destroy());
      forwarded.end(Buffer.concat(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { host: `http://127.0.0.1:${server.address().port}${pathname}`, heard, close: () => server.closeAllConnections() || server.close() }; // prettier-ignore
}

/** The requests of each ingestion, in their order. Questions that name none come first, as many for each. */
function byIngestion(heard) {
  const of = new Map();
  const others = [];
  for (const each of heard) {
    const id = /2f6f3f3e-8c0b-4b5e-9a43-\d{12}/.exec(decodeURIComponent(each.path) + each.body.toString('latin1'))?.[0];
    if (id === undefined) others.push(each);
    else of.set(id, [...(of.get(id) ?? []), each]);
  }
  return [...of.values()].map((own, index) => {
    const part = (at) => Math.floor((at * others.length) / of.size);
    return [...others.slice(part(index), part(index + 1)), ...own];
  });
}

/** Sends them again, each ingestion's one after the other, as many ingestions at a time as there were. */
async function bare(groups, sandbox) {
  const { hostname, port } = new URL(sandbox.host);
  const agent = new Agent({ keepAlive: true, maxSockets: workers * members });
  const left = [...groups];
  const send = ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const own = { ...headers, host: `${hostname}:${port}`, authorization: `Bearer ${sandbox.token}` };
      request({ hostname, port, method, path, headers: own, agent }, (answer) => {
        answer.resume();
        answer.on('end', () => (answer.statusCode < 500 ? resolve() : reject(new Error(`${path}: ${answer.statusCode}`)))); // prettier-ignore
      })
        .on('error', reject)
        .end(body);
    });
  const worker = async () => {
    for (let group = left.shift(); group; group = left.shift()) for (const each of group) await send(each);
  };
  const own = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
  const found = await timed(sandbox, own, () => Promise.all(Array.from({ length: workers * members }, worker)));
  agent.destroy();
  return found;
}

/** The Python ingestor with the same configuration, a process for each file. */
async function python(folder, sandbox, count) {
  const config = writeConfig(folder, { servers: '', host: sandbox.host, topics: '', workers });
  const text = readFileSync(config, 'utf8')
    .replace("token: ''", `token: ${sandbox.token}`)
    // It takes the answer that there is no such dataset for one.
    .replaceAll(/(check_if_dataset_exists_by_(?:pid|metadata)): true/g, '$1: false');
  // It wants these to be there, and makes no folder for what it writes.
  writeFileSync(config, `${text}\nnexus_file: ''\ndone_writing_message_file: ''\nconfig_file: ''\n`);
  const files = Array.from({ length: count }, (_, index) => writeRun(folder, index + 1));
  mkdirSync(join(folder, 'coda/2025/443604/ingestor'), { recursive: true });
  const program = join(values.python, 'src', 'scicat_offline_ingestor.py');
  const run = async (file) => {
    const args = [program, '-c', config, '--nexus-file', file];
    const child = spawn(process.env.IMSC_PYTHON ?? 'python3', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: folder,
    });
    let said = '';
    child.stderr.on('data', (piece) => (said += piece));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`The Python ingestor ended with ${code}: ${said.slice(-2000)}`);
  };
  const found = await timed(sandbox, processorTimeOfChildren, async () => {
    const worker = async () => {
      for (let file = files.shift(); file; file = files.shift()) await run(file);
    };
    await Promise.all(Array.from({ length: workers }, worker));
  });
  const held = await datasetCount(sandbox);
  if (held !== count) throw new Error(`The Python ingestor has made ${held} datasets of ${count} files.`);
  return found;
}

const median = (all) => [...all].sort((one, other) => one - other)[all.length >> 1];
const rates = new Map();
function tell(name, count, { wall, own, scicat }) {
  const rate = (count * 1000) / wall;
  rates.set(name, [...(rates.get(name) ?? []), rate]);
  say(`${name}: ${rate.toFixed(1)} a second; ${(own / count).toFixed(1)} ms of processor time each, SciCat's ${(scicat / count).toFixed(1)}`); // prettier-ignore
}

buildIfStale();
const built = buildMockBroker();
if (!built) throw new Error('The broker cannot be built: it needs gcc and librdkafka-dev.');
try {
  const groups = await withSandbox(async (folder, sandbox) => {
    const recording = await recorder(sandbox.host);
    await online(folder, sandbox, recording.host);
    recording.close();
    return byIngestion(recording.heard);
  });
  say(`${groups.flat().length} requests for ${messages} messages`);
  for (const { method, path } of groups[0] ?? []) say(`  ${method} ${decodeURIComponent(path)}`);
  for (let round = 0; round < rounds; round++) {
    tell('imsc online', messages, await withSandbox((folder, sandbox) => online(folder, sandbox)));
    tell('a bare client', messages, await withSandbox((_, sandbox) => bare(groups, sandbox)));
    const few = Math.ceil(messages / 5);
    if (values.python !== undefined)
      tell('the Python ingestor', few, await withSandbox((folder, sandbox) => python(folder, sandbox, few)));
  }
  const ours = median(rates.get('imsc online'));
  for (const [name, all] of rates) say(`${name}: ${median(all).toFixed(1)} a second; imsc online takes ${(ours / median(all)).toFixed(2)} times as many`); // prettier-ignore
} finally {
  built.remove();
  rmSync(root, { recursive: true, force: true });
}

// `npm run online`: Kafka (librdkafka's mock cluster), a SciCat of your own, and two `imsc online` of one group and one
// store. Twenty messages are sent, one of the two is killed in the middle, and what stands in SciCat then is printed.
// --data FOLDER keeps everything there, to look at.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale, imsc, root } from './builtProgram.mjs';
import { brokerPackages, buildMockBroker, startMockBroker } from './online/mockBroker.mjs';
import { jobIdOf, writeRun } from './online/runs.mjs';
import { wrdnMessage } from './online/wrdnMessage.mjs';
import { startSandbox } from './sandboxProcess.mjs';

const messages = 20;
const partitions = 4;
const topic = 'coda';
const patienceMs = 120_000;

const { data } = parseArgs({ options: { data: { type: 'string' } } }).values;
const folder = data === undefined ? mkdtempSync(join(tmpdir(), 'imsc-online-')) : resolve(data);
const say = (text = '') => {
  console.log(text);
};
const began = performance.now();
const at = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`;

function configFile(servers, host) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'samples', 'schemas'), join(folder, 'schemas'), { recursive: true });
  const file = join(folder, 'config.yml');
  const kafka = {
    topics: topic,
    group_id: 'ingestors',
    bootstrap_servers: servers,
    security_protocol: 'plaintext',
    session_timeout_ms: 6000,
  };
  const text = readFileSync(join(root, 'samples', 'config.yml'), 'utf8')
    .replace('http://127.0.0.1:3000/api/v3', host)
    .replace('kafka: {}', `kafka: ${JSON.stringify(kafka)}`)
    // Two at a time, so that there is time to kill one.
    .replace('\ningestion:\n', '\ningestion:\n  max_offline_ingestors: 2\n')
    .replace('health_check: {}', 'health_check: { host: 127.0.0.1, port: 0 }');
  writeFileSync(file, text);
  return file;
}

/** An `imsc online`, whose words are printed behind its name. */
function startIngestor(name, config, token) {
  const child = spawn(process.execPath, [imsc, 'online', '-c', config, '--store', join(folder, 'jobs')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SCICAT_TOKEN: token },
  });
  const ingestor = { name, child, said: [] };
  createInterface({ input: child.stderr }).on('line', (line) => {
    ingestor.said.push(line);
    say(`${at()}  ${name}  ${line.replaceAll(`${folder}/`, '')}`);
  });
  return ingestor;
}

const count = ({ said }, word) => said.filter((line) => line.startsWith(word)).length;
const hears = ({ said }) => said.findLast((line) => line.startsWith('Kafka: hears '))?.includes(`${topic} `) === true;

async function until(what, isSo) {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`In two minutes it did not come to this: ${what}.`);
    await wait(50);
  }
}

async function get({ host, token }, path) {
  const response = await fetch(`${host}/${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${response.url} was answered with ${response.status}.`);
  return await response.json();
}

/** What SciCat holds of each run: datasets, and files in their lists. */
async function standing(sandbox) {
  const datasets = await get(sandbox, `datasets?filter=${encodeURIComponent('{"limit":1000}')}`);
  return await Promise.all(
    datasets.map(async ({ pid, runNumber }) => {
      const blocks = await get(sandbox, `datasets/${encodeURIComponent(pid)}/origdatablocks`);
      const files = blocks.flatMap(({ dataFileList }) => dataFileList.map((file) => file.path));
      return { pid, runNumber, blocks: blocks.length, files };
    }),
  );
}

if (buildIfStale()) say('Built dist/.');
const built = buildMockBroker(say);
if (!built) {
  console.error(`The broker cannot be built. Install first: sudo apt-get install ${brokerPackages.join(' ')}`);
  process.exit(1);
}
const broker = await startMockBroker(built.program, 2);
const sandbox = await startSandbox(join(folder, 'catalogue'));
const ingestors = [];
let isRight = false;
try {
  await broker.command(`topic ${topic} ${partitions}`);
  const config = configFile(broker.servers, sandbox.host);
  say(`${at()}  Kafka is at ${broker.servers}, a SciCat of your own at ${sandbox.url}`);
  const first = startIngestor('A', config, sandbox.token);
  ingestors.push(first);
  await until('A hears of new files', () => hears(first));
  const second = startIngestor('B', config, sandbox.token);
  ingestors.push(second);
  await until('A and B share the partitions', () => hears(second) && count(first, 'Kafka: hears ') > 1);
  for (let number = 1; number <= messages; number++)
    await broker.send(topic, wrdnMessage(writeRun(folder, number), jobIdOf(number)), number % partitions);
  say(`${at()}  Sent ${messages} messages`);
  await until('A has ingested a file', () => count(first, 'Done') > 0);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  say(`${at()}  Killed A (kill -9), when ${count(first, 'Done') + count(second, 'Done')} of ${messages} were done`);
  // B hears the last of A's messages when the group has missed A.
  const done = () => count(first, 'Done') + count(second, 'Done');
  await until('all are ingested', async () => done() >= messages - 2 && (await standing(sandbox)).length >= messages);
  await until('B has nothing left to do', async () => (await openJobs()) === 0);
  second.child.kill('SIGTERM');
  await once(second.child, 'exit');
  isRight = print(await standing(sandbox));
} catch (error) {
  console.error(error.message);
} finally {
  for (const { child } of ingestors) child.kill('SIGKILL');
  broker.stop();
  built.remove();
  sandbox.child.kill();
  await once(sandbox.child, 'exit');
  if (data === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isRight ? 0 : 1;

/** Jobs of the store that have not ended. */
async function openJobs() {
  const args = [
    imsc,
    'jobs',
    '--store',
    join(folder, 'jobs'),
    '--json',
    '--status',
    'deposited',
    'verified',
    'loading',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const piece of child.stdout) printed += piece;
  return JSON.parse(printed).total;
}

/** @returns whether each file is there once, in one dataset, with a whole list */
function print(found) {
  say('\nWhat stands in SciCat\n');
  for (const { pid, blocks, files } of [...found].sort((one, other) => (one.pid < other.pid ? -1 : 1)))
    say(`  ${pid}  ${blocks} list of ${files.length} files, ${files[0]}`);
  const names = found.flatMap(({ files }) => files);
  const once = new Set(names).size === names.length;
  const whole = found.every(({ blocks, files }) => blocks === 1 && files.length === 3);
  const right = found.length === messages && once && whole;
  say(`\n${found.length} datasets for ${messages} messages; ${once ? 'each file once' : 'FILES TWICE'}; ${whole ? 'every list whole' : 'LISTS NOT WHOLE'}; nothing waits.`); // prettier-ignore
  say(
    right ? 'One of the two ingestors was killed, and nothing is lost or there twice.' : 'That is not as it should be.',
  );
  if (data !== undefined) say(`All of it is in ${folder}.`);
  return right;
}

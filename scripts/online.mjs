// `npm run online`: Kafka (librdkafka's mock cluster), a SciCat of your own, and two `imsc online` of one group and one
// store. Twenty messages are sent, one of the two is killed in the middle, and what stands in SciCat then is printed.
// --data FOLDER keeps everything there, to look at.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './builtProgram.mjs';
import { brokerPackages, buildMockBroker, startMockBroker } from './online/mockBroker.mjs';
import { jobIdOf, writeRun } from './online/runs.mjs';
import { openJobs, standing, startIngestor, until, writeConfig } from './online/trial.mjs';
import { wrdnMessage } from './online/wrdnMessage.mjs';
import { startSandbox } from './sandboxProcess.mjs';

const messages = 20;
const partitions = 4;
const topic = 'coda';

const { data } = parseArgs({ options: { data: { type: 'string' } } }).values;
const folder = data === undefined ? mkdtempSync(join(tmpdir(), 'imsc-online-')) : resolve(data);
const say = (text = '') => {
  console.log(text);
};
const began = performance.now();
const at = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`;

const store = join(folder, 'jobs');

/** An `imsc online`, whose words are printed behind its name. */
function startNamed(name, config, token) {
  return startIngestor({ config, store, token }, (line) => {
    say(`${at()}  ${name}  ${line.replaceAll(`${folder}/`, '')}`);
  });
}

const hears = (ingestor) => ingestor.hears.includes(`${topic} `);

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
  // Two at a time, so that there is time to kill one.
  const config = writeConfig(folder, { servers: broker.servers, host: sandbox.host, topics: topic, workers: 2 });
  say(`${at()}  Kafka is at ${broker.servers}, a SciCat of your own at ${sandbox.url}`);
  const first = startNamed('A', config, sandbox.token);
  ingestors.push(first);
  await until('A hears of new files', () => hears(first));
  const second = startNamed('B', config, sandbox.token);
  ingestors.push(second);
  await until('A and B share the partitions', () => hears(second) && first.shares > 1);
  for (let number = 1; number <= messages; number++)
    await broker.send(topic, wrdnMessage(writeRun(folder, number), jobIdOf(number)), number % partitions);
  say(`${at()}  Sent ${messages} messages`);
  await until('A has ingested a file', () => first.done > 0);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  say(`${at()}  Killed A (kill -9), when ${first.done + second.done} of ${messages} were done`);
  // B hears the last of A's messages when the group has missed A.
  const done = () => first.done + second.done;
  await until('all are ingested', async () => done() >= messages - 2 && (await standing(sandbox)).length >= messages);
  await until('B has nothing left to do', async () => (await openJobs(store)) === 0);
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

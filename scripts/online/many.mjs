// `node scripts/online/many.mjs [--messages 10000] [--away 60] [--data FOLDER]`: as many messages at once for two
// `imsc online` of one group and one store. SciCat is away for a while after a third of them; after a half one of the two
// is killed (kill -9), and a third one comes. In the end the whole catalogue is compared. Where other work is on the machine, say
// `nice -n -19` before it; all that it starts is as nice.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../builtProgram.mjs';
import { startServing } from '../sandboxProcess.mjs';
import { brokerPackages, buildMockBroker, startMockBroker } from './mockBroker.mjs';
import { fileOf, jobIdOf, writeRun } from './runs.mjs';
import { datasetCount, openJobs, standing, startIngestor, until, writeConfig } from './trial.mjs';
import { wrdnMessage } from './wrdnMessage.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    away: { type: 'string', default: '60' },
    data: { type: 'string' },
  },
});
const messages = Number(values.messages);
const topics = ['a', 'b', 'c', 'd'];
const folder = values.data === undefined ? mkdtempSync(join(tmpdir(), 'imsc-many-')) : resolve(values.data);
const store = join(folder, 'jobs');
const catalogue = join(folder, 'catalogue');
const members = [];
let sandbox;
// How long is waited for all of them: a machine on which others work carries out two or three a second.
const patience = { patienceMs: 60_000 + messages * 1000, lookMs: 250 };

const began = performance.now();
const seconds = () => (performance.now() - began) / 1000;
const say = (text) => console.log(`${seconds().toFixed(1).padStart(7)} s  load ${loadavg()[0]?.toFixed(0)}  ${text}`);

/** Megabytes of a process now, and at most since it began; milliseconds of a processor that it took. */
function figuresOf({ pid }) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
    const [, stat = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = stat.split(' ');
    return { now: megabytes('VmRSS'), most: megabytes('VmHWM'), cpu: (Number(fields[11]) + Number(fields[12])) * 10 };
  } catch {
    return undefined;
  }
}

function sample(member) {
  const { child } = member;
  if (child.exitCode === null && child.signalCode === null) member.figures = figuresOf(child) ?? member.figures;
}

const done = () => members.reduce((sum, member) => sum + member.done, 0);

function tell() {
  const each = members.map(({ name, figures, hears }) => `${name} ${figures?.now} MB (at most ${figures?.most}), hears ${hears.match(/\b[a-d] 0/g)?.length ?? 0}`); // prettier-ignore
  say(`${done()} done; ${each.join('; ')}; SciCat ${sandbox ? `${figuresOf(sandbox.child)?.now} MB` : 'is away'}`);
}

/** Starts one more; resolves when it shares the topics with the others. */
async function addMember(name, config, token) {
  const others = members.filter(({ isKilled }) => !isKilled).map((member) => ({ member, shares: member.shares }));
  const member = Object.assign(
    startIngestor({ config, store, token }, (line) => {
      // What it says of each job is counted only.
      if (!/^(Recorded|Done|Waits|Known)/.test(line)) say(`${name}: ${line}`);
      if (line.startsWith('Kafka: ') && !line.startsWith('Kafka: hears ')) member.trouble += 1;
    }),
    { name, trouble: 0, isKilled: false },
  );
  members.push(member);
  await until(
    `${name} and the others share the topics`,
    () => member.hears !== '' && others.every(({ member: other, shares }) => other.shares > shares),
    patience,
  );
  return member;
}

const sandboxArgs = (port) => ['sandbox', '--port', String(port), '--data', catalogue];

buildIfStale();
const built = buildMockBroker();
if (!built)
  throw new Error(`The broker cannot be built. Install first: sudo apt-get install ${brokerPackages.join(' ')}`);
mkdirSync(folder, { recursive: true });
const broker = await startMockBroker(built.program, 2);
let isRight = false;
const sampling = setInterval(() => members.forEach(sample), 1000);
const telling = setInterval(tell, 30_000);
try {
  sandbox = await startServing(sandboxArgs(0));
  const { host, token } = sandbox;
  for (const topic of topics) await broker.command(`topic ${topic} 1`);
  const config = writeConfig(folder, { servers: broker.servers, host, topics: topics.join(','), workers: 10 });
  for (let number = 1; number <= messages; number++) writeRun(folder, number);
  const first = await addMember('A', config, token);
  await addMember('B', config, token);
  say('A and B share the topics');
  const start = seconds();
  for (let number = 1; number <= messages; number++)
    await broker.queue(topics[number % topics.length], wrdnMessage(fileOf(folder, number), jobIdOf(number)));
  await broker.command('flush');
  say(`sent ${messages} messages`);

  await until('a third is done', () => done() >= messages / 3, patience);
  sandbox.child.kill('SIGKILL');
  await once(sandbox.child, 'exit');
  sandbox = undefined;
  say(`SciCat is away, ${done()} done`);
  await wait(Number(values.away) * 1000);
  sandbox = await startServing(sandboxArgs(new URL(host).port));
  const before = done();
  say(`SciCat is back, ${before} done`);
  await until('ten more are done', () => done() >= before + 10, patience);
  say('ten more are done');

  await until('half is done', () => done() >= messages / 2, patience);
  sample(first);
  first.isKilled = true;
  first.child.kill('SIGKILL');
  say(`killed A, ${done()} done`);
  await addMember('C', config, token);
  say(`B and C share the topics, ${done()} done`);

  await until('all are in SciCat', async () => done() >= messages - 20 && (await datasetCount(sandbox)) >= messages, { ...patience, lookMs: 1000 }); // prettier-ignore
  await until('nothing waits', async () => (await openJobs(store)) === 0, { ...patience, lookMs: 1000 });
  const took = seconds() - start;
  tell();
  members.forEach(sample);
  for (const { child, isKilled } of members)
    if (!isKilled) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  isRight = compare(await standing(sandbox));
  const cpu = members.reduce((sum, { figures }) => sum + (figures?.cpu ?? NaN), 0);
  say(`${messages} messages in ${took.toFixed(0)} s, ${(messages / took).toFixed(1)} a second, ${(cpu / messages).toFixed(1)} ms of processor time each`); // prettier-ignore
  for (const { name, figures, trouble, shares } of members)
    say(`${name}: at most ${figures?.most} MB; shared the topics ${shares} times, said something else of Kafka ${trouble} times`); // prettier-ignore
} finally {
  clearInterval(sampling);
  clearInterval(telling);
  for (const { child } of members) child.kill('SIGKILL');
  broker.stop();
  built.remove();
  sandbox?.child.kill();
  if (values.data === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isRight ? 0 : 1;

/** @returns whether SciCat holds just what was sent: each file in one list of one dataset, that of its own run */
function compare(found) {
  const wrong = [];
  const ofFile = new Map();
  for (const { pid, blocks, files } of found) {
    if (blocks !== 1 || files.length !== 3) wrong.push(`${pid} has ${blocks} lists of ${files.length} files`);
    for (const file of files) {
      if (ofFile.has(file)) wrong.push(`${file} is listed by ${ofFile.get(file)} and by ${pid}`);
      ofFile.set(file, pid);
    }
  }
  for (let number = 1; number <= messages; number++) {
    const name = `raw/${basename(fileOf(folder, number))}`;
    const pid = ofFile.get(name);
    if (pid?.endsWith(jobIdOf(number)) !== true) wrong.push(`${name} belongs to ${pid}`);
  }
  if (found.length !== messages) wrong.push(`${found.length} datasets`);
  say(
    wrong.length === 0
      ? `${found.length} datasets, each with its one list, each file once`
      : wrong.slice(0, 20).join('\n'),
  );
  return wrong.length === 0;
}

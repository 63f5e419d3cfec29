// Kafka for tests and trials: librdkafka's mock cluster, in a process of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { installDebianPackages } from '../debianPackages.mjs';

/** What it is built with. */
export const brokerPackages = ['gcc', 'libc6-dev', 'librdkafka-dev'];

/** Builds it, and installs what that needs if this user may; undefined where it cannot be built. */
export function buildMockBroker(say = () => undefined) {
  const folder = mkdtempSync(path.join(tmpdir(), 'imsc-broker-'));
  const program = path.join(folder, 'broker');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const source = path.join(import.meta.dirname, 'mockBroker.c');
  const compile = () => execFileSync('gcc', ['-o', program, source, '-lrdkafka'], { stdio: 'ignore' });
  try {
    try {
      compile();
    } catch {
      installDebianPackages(brokerPackages, say);
      compile();
    }
    return { program, remove };
  } catch {
    remove();
    return undefined;
  }
}

/** Starts a cluster of some brokers. */
export async function startMockBroker(program, brokers = 1) {
  const child = spawn(program, [String(brokers)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => String((await lines.next()).value);
  const servers = (await answer()).replace('BROKERS=', '');
  let last = Promise.resolve();
  const command = (line) => {
    const done = last.then(async () => {
      child.stdin.write(`${line}\n`);
      const said = await answer();
      if (said !== 'done') throw new Error(`${line}: ${said}`);
    });
    last = done.catch(() => undefined);
    return done;
  };
  return {
    servers,
    command,
    send: (topic, bytes, partition = 0) => command(`send ${topic} ${partition}\n${Buffer.from(bytes).toString('hex')}`),
    queue: (topic, bytes, partition = 0) =>
      command(`queue ${topic} ${partition}\n${Buffer.from(bytes).toString('hex')}`),
    stop: () => {
      child.stdin.end();
      child.kill('SIGKILL');
    },
  };
}

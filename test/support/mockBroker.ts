import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Kafka for tests, in a process of its own. */
export interface MockBroker {
  /** `host:port`, with commas between them. */
  readonly servers: string;
  /** A command of mockBroker.c; answered when it is done. */
  command(line: string): Promise<void>;
  send(topic: string, bytes: Uint8Array, partition?: number): Promise<void>;
  stop(): void;
}

/** Builds it; undefined where gcc or librdkafka-dev are not installed. */
export function buildMockBroker(): { program: string; remove: () => void } | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'imsc-broker-'));
  const program = path.join(folder, 'broker');
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const source = path.join(import.meta.dirname, 'mockBroker.c');
    execFileSync('gcc', ['-o', program, source, '-lrdkafka'], { stdio: 'ignore' });
    return { program, remove };
  } catch {
    remove();
    return undefined;
  }
}

export async function startMockBroker(program: string, brokers = 1): Promise<MockBroker> {
  const child = spawn(program, [String(brokers)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => String((await lines.next()).value);
  const servers = (await answer()).replace('BROKERS=', '');
  let last: Promise<unknown> = Promise.resolve();
  const command = (line: string): Promise<void> => {
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
    stop: () => {
      child.stdin.end();
      child.kill('SIGKILL');
    },
  };
}

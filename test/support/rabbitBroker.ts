import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'amqplib';
import type { ChannelModel, Options } from 'amqplib';
import { vi } from 'vitest';
import { installDebianPackages } from '../../scripts/debianPackages.mjs';
import type { Certificate } from './certificates.ts';

/** Debian's RabbitMQ, in processes of its own that nobody else can reach. */
export interface RabbitBroker {
  readonly port: number;
  /** Where it speaks by TLS; 0 where it does not. */
  readonly tlsPort: number;
  /** Calls its own `rabbitmqctl`: users, virtual hosts. */
  control(...args: readonly string[]): void;
  /** Puts a message into a queue, which is made where it is not there. */
  send(queue: string, body: string | Uint8Array, properties?: Options.Publish): Promise<void>;
  /** Gives a message to an exchange. */
  publish(exchange: string, routingKey: string, body: string): Promise<void>;
  /** Messages that wait in a queue, and are in nobody's hands. */
  waiting(queue: string): Promise<number>;
  /** Ends it, as by a loss of power. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const program = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const controller = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** Whether it is there, or could be installed. */
export function hasRabbit(): boolean {
  return existsSync(program) || installDebianPackages(['rabbitmq-server']).length === 0;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  });
  for (const server of servers) server.close();
  return ports;
}

/** @param certificate of `localhost`, with which it speaks by TLS as well */
export async function startRabbit(certificate?: Certificate): Promise<RabbitBroker> {
  const [port = 0, dist = 0, names = 0, secure = 0] = await freePorts(4);
  const folder = mkdtempSync(path.join(tmpdir(), 'imsc-rabbit-'));
  writeFileSync(path.join(folder, 'plugins'), '[].\n');
  if (certificate) {
    const { key, cert } = certificate;
    const own = {
      'listeners.ssl.default': `127.0.0.1:${secure}`,
      'ssl_options.certfile': cert,
      'ssl_options.keyfile': key,
    };
    const lines = Object.entries(own).map(([name, value]) => `${name} = ${value}\n`);
    writeFileSync(path.join(folder, 'rabbitmq.conf'), lines.join(''));
  }
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    RABBITMQ_NODENAME: `imsc${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(dist),
    RABBITMQ_BASE: folder,
    RABBITMQ_CONFIG_FILE: path.join(folder, 'rabbitmq'),
    RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_PID_FILE: path.join(folder, 'pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(names),
  };
  const namer = spawn('epmd', ['-port', String(names), '-address', '127.0.0.1'], { env, stdio: 'ignore' });
  let server: ChildProcess | undefined;
  let connection: ChannelModel | undefined;
  const open = async (): Promise<void> => {
    connection = await connect({ hostname: '127.0.0.1', port });
    connection.on('error', () => undefined);
  };
  const begin = async (): Promise<void> => {
    // A group of its own: the virtual machine of Erlang is started by a script.
    server = spawn(program, [], { env, stdio: 'ignore', detached: true });
    await vi.waitFor(open, { timeout: 60_000, interval: 300 });
  };
  const kill = async (): Promise<void> => {
    const pid = server?.pid;
    if (pid === undefined || server?.exitCode !== null) return;
    const ended = once(server, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  };
  await begin();
  return {
    port,
    tlsPort: certificate ? secure : 0,
    control: (...args) => {
      execFileSync(controller, [...args], { env, stdio: 'ignore' });
    },
    send: async (queue, body, properties) => {
      const channel = await connection?.createConfirmChannel();
      await channel?.assertQueue(queue, { durable: true });
      channel?.sendToQueue(queue, Buffer.from(body), { persistent: true, ...properties });
      await channel?.waitForConfirms();
      await channel?.close();
    },
    publish: async (exchange, routingKey, body) => {
      const channel = await connection?.createConfirmChannel();
      channel?.publish(exchange, routingKey, Buffer.from(body), { persistent: true });
      await channel?.waitForConfirms();
      await channel?.close();
    },
    waiting: async (queue) => {
      const channel = await connection?.createChannel();
      const { messageCount } = (await channel?.checkQueue(queue)) ?? { messageCount: -1 };
      await channel?.close();
      return messageCount;
    },
    kill,
    restart: async () => {
      await kill();
      spawnSync('epmd', ['-port', String(names), '-names'], { env });
      await begin();
    },
    stop: async () => {
      await connection?.close().catch(() => undefined);
      await kill();
      namer.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { cpSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate } from '../support/fakeKafka.ts';
import { hasRabbit, startRabbit } from '../support/rabbitBroker.ts';
import type { RabbitBroker } from '../support/rabbitBroker.ts';
import { imsc } from './imsc.ts';
import { freePort, OnlineTrial, says } from './onlineTrial.ts';

const canTry = hasRabbit();
if (!canTry) console.warn('Skipped: imsc online against RabbitMQ needs Debian’s rabbitmq-server.');
const certificate = makeCertificate();
const otherCertificate = makeCertificate();
if (!certificate || !otherCertificate) console.warn('Skipped: RabbitMQ by TLS needs openssl.');
afterAll(() => {
  certificate?.remove();
  otherCertificate?.remove();
});

/** A door with TLS, behind which the broker stands. */
async function tlsDoor(): Promise<{ readonly port: number; close(): void }> {
  const { key, cert } = certificate ?? {};
  const server = createTlsServer({ key, cert }, (socket) => {
    const behind = connectTo(rabbit.port, '127.0.0.1');
    for (const each of [socket, behind]) each.on('error', () => undefined);
    socket.pipe(behind).pipe(socket);
  }).listen(0, 'localhost');
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, close: () => server.close() };
}

let trial: OnlineTrial;
let rabbit: RabbitBroker;
beforeAll(async () => {
  if (canTry) rabbit = await startRabbit();
}, 90_000);
afterAll(async () => {
  if (canTry) await rabbit.stop();
});
beforeEach(async () => {
  trial = await OnlineTrial.begin();
});
afterEach(() => trial.end());

let queues = 0;
const section = (queue: string, more = ''): string =>
  `rabbitmq: {enabled: true, host: 127.0.0.1, port: ${rabbit.port}, queue_name: ${queue}${more}}`;
const message = (file: string, job: string): string => JSON.stringify({ job_id: job, file_name: file });

describe.skipIf(!canTry)('imsc online with RabbitMQ', () => {
  let queue: string;
  beforeEach(() => {
    queue = `q${++queues}`;
  });

  it('ingests what the queue tells of, and puts aside what cannot be used', async () => {
    const file = trial.measured(0);
    await rabbit.send(queue, message(file, 'ill-0001'));
    await rabbit.send(queue, JSON.stringify({ pid: 'x-1', title: 'no file at all' }));
    const port = await freePort();
    const { child, finished } = trial.online(trial.configFile(section(queue), { healthPort: port }));
    await trial.ended(2);
    const { jobs } = await trial.jobs.list();
    expect(jobs).toMatchObject([
      {
        protocol: 'rabbitmq',
        status: 'rejected',
        statusDetail: [{ code: 'message' }],
      },
      { protocol: 'rabbitmq', status: 'done', tag: 'ill-0001', request: { dataFile: file } },
    ]);
    expect(jobs[0]?.statusDetail[0]?.message).toContain('It names no file');
    expect(trial.listed()).toContain('443604_00001017.message.json');
    const health: unknown = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
    expect(health).toMatchObject({ sources: { rabbitmq: { well: true } } });
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
    expect(await rabbit.waiting(queue)).toBe(0);
  }, 60_000);

  it('killed before it has recorded a message, leaves it to the next one', async () => {
    const file = trial.measured(0);
    const moved = `${file}.away`;
    cpSync(file, moved);
    rmSync(file);
    const config = trial.configFile(section(queue), { delay: 100 });
    const first = trial.online(config);
    await says(first, 'Hears of new files');
    await rabbit.send(queue, message(file, 'a'));
    first.child.kill('SIGKILL');
    await first.finished;
    cpSync(moved, file);
    trial.online(config);
    await trial.ended(1);
    await vi.waitFor(async () => {
      expect((await trial.jobs.list({ status: ['deposited', 'verified', 'loading'] })).total).toBe(0);
    });
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    expect(trial.sandbox.documents('origdatablocks')).toHaveLength(1);
  }, 60_000);

  it('goes on when the broker was away', async () => {
    const running = trial.online(trial.configFile(section(queue, ', prefetch_count: 10')));
    await says(running, 'Hears of new files');
    const back = says(running, 'RabbitMQ is heard again.');
    await rabbit.restart();
    await back;
    await rabbit.send(queue, message(trial.measured(0), 'a'));
    await trial.ended(1);
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
  }, 90_000);

  it.skipIf(!certificate || !otherCertificate)(
    'by TLS hears one that proves who it is, and no other',
    async () => {
      const door = await tlsDoor();
      const more = (authority: string): string =>
        section(queue, `, use_tls: true, ssl_ca_location: ${authority}`)
          .replace('127.0.0.1', 'localhost')
          .replace(String(rabbit.port), String(door.port));
      await rabbit.send(queue, message(trial.measured(0), 'a'));
      const doubted = await imsc(['online', '-c', trial.configFile(more(otherCertificate?.file ?? ''))]);
      expect([doubted.code, doubted.stderr]).toMatchObject([
        1,
        expect.stringMatching(/RabbitMQ cannot be reached at localhost.*certificate/s),
      ]);
      const unread = await imsc(['online', '-c', trial.configFile(more('/nowhere/ca.pem'))]);
      expect([unread.code, unread.stdout + unread.stderr]).toMatchObject([
        2,
        expect.stringContaining("'rabbitmq.ssl_ca_location' names /nowhere/ca.pem, which cannot be read"),
      ]);
      const running = trial.online(trial.configFile(more(certificate?.file ?? '')));
      await trial.ended(1);
      expect(trial.sandbox.documents('datasets')).toHaveLength(1);
      running.child.kill('SIGTERM');
      expect((await running.finished).code).toBe(0);
      door.close();
    },
    90_000,
  );

  it('says where it is not, or does not let it in, without the password', async () => {
    const wrong = await imsc(['online', '-c', trial.configFile(section(queue, ', password: s3cret'))]);
    expect([wrong.code, wrong.stderr]).toMatchObject([
      1,
      expect.stringContaining('RabbitMQ cannot be reached at 127.0.0.1'),
    ]);
    const away = trial.configFile(section(queue).replace(String(rabbit.port), String(await freePort())));
    const gone = await imsc(['online', '-c', away]);
    expect([gone.code, gone.stderr]).toMatchObject([1, expect.stringContaining('RabbitMQ cannot be reached')]);
    expect(wrong.stderr + wrong.stdout + gone.stderr).not.toContain('s3cret');
  }, 60_000);
});

import { cpSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { budget } from '../../core/limits/budget.ts';
import { makeAuthority } from '../support/certificates.ts';
import type { Certificate } from '../support/certificates.ts';
import { hasRabbit, startRabbit } from '../support/rabbitBroker.ts';
import type { RabbitBroker } from '../support/rabbitBroker.ts';
import { imsc } from './imsc.ts';
import { freePort, OnlineTrial, says } from './onlineTrial.ts';

const authority = makeAuthority();
const stranger = makeAuthority();
const canTry = authority !== undefined && stranger !== undefined && hasRabbit();
if (!canTry) console.warn('Skipped: imsc online against RabbitMQ needs Debian’s rabbitmq-server, and openssl.');
afterAll(() => {
  authority?.remove();
  stranger?.remove();
});

/**
 * A door with TLS, behind which the broker stands.
 * @param cutAt bytes of a client at which the connection breaks, once, before the broker has them
 */
async function tlsDoor(certificate: Certificate, cutAt?: Buffer): Promise<{ readonly port: number; close(): void }> {
  const [key, cert] = [readFileSync(certificate.key), readFileSync(certificate.cert)];
  let isWhole = cutAt === undefined;
  const server = createTlsServer({ key, cert }, (socket) => {
    const behind = connectTo(rabbit.port, '127.0.0.1');
    for (const each of [socket, behind]) each.on('error', () => undefined);
    for (const [one, other] of [[socket, behind], [behind, socket]] as const) one.on('close', () => other.destroy()); // prettier-ignore
    socket.on('data', (bytes: Buffer) => {
      if (isWhole || cutAt === undefined || !bytes.includes(cutAt)) behind.write(bytes);
      else {
        isWhole = true;
        behind.destroy();
      }
    });
    behind.pipe(socket);
  }).listen(0, 'localhost');
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, close: () => server.close() };
}

let trial: OnlineTrial;
let rabbit: RabbitBroker;
beforeAll(async () => {
  if (!canTry) return;
  rabbit = await startRabbit(authority.issue('localhost'));
  rabbit.control('add_user', 'reader', 's3cret');
  rabbit.control('set_permissions', 'reader', '^q', '.*', '.*');
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
    await vi.waitFor(
      async () => {
        expect((await trial.jobs.list({ status: ['deposited', 'verified', 'loading'] })).total).toBe(0);
      },
      { timeout: 15_000 },
    );
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

  it('by TLS, with a password of the environment, goes on when the broker was away', async () => {
    const secure = `rabbitmq: {enabled: true, host: localhost, port: ${rabbit.tlsPort}, use_tls: true, ssl_ca_location: "${authority?.file ?? ''}", username: reader, password: other, queue_name: ${queue}}`;
    const running = trial.online(trial.configFile(secure), { env: { RABBITMQ_PASSWORD: 's3cret' } });
    await says(running, 'Hears of new files');
    await rabbit.send(queue, message(trial.measured(0), 'a'));
    await trial.ended(1);
    const back = says(running, 'RabbitMQ is heard again.');
    await rabbit.restart();
    await back;
    await rabbit.send(queue, message(trial.measured(1), 'b'));
    // The broker may send the first message again, which has a job of its own then.
    await vi.waitFor(() => {
      expect(trial.sandbox.documents('datasets')).toHaveLength(2);
    }, 30_000);
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/s3cret|other/);
  }, 90_000);

  it('makes one dataset of a message whose acknowledgement was lost on the way', async () => {
    // The head of basic.ack: class 60, method 80.
    const door = await tlsDoor(authority?.issue('localhost') ?? { key: '', cert: '' }, Buffer.of(0, 60, 0, 80));
    await rabbit.send(queue, message(trial.measured(0), 'a'));
    const running = trial.online(
      trial.configFile(
        `rabbitmq: {enabled: true, host: localhost, port: ${door.port}, use_tls: true, ssl_ca_location: "${authority?.file ?? ''}", queue_name: ${queue}}`,
      ),
    );
    let said = '';
    running.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await vi.waitFor(async () => {
      // It comes twice, and is heard of so.
      expect(said.match(/^(?:Recorded|Known already): /gm)).toHaveLength(2);
      expect((await trial.jobs.list({ status: ['deposited', 'verified', 'loading'] })).total).toBe(0);
    }, 30_000);
    expect(said).toContain('RabbitMQ is heard again.');
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    expect(trial.sandbox.documents('origdatablocks')).toHaveLength(1);
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
    door.close();
    expect(await rabbit.waiting(queue)).toBe(0);
  }, 60_000);

  it('ingests what comes twice once, and puts aside each message that it cannot use', async () => {
    const file = trial.measured(0);
    const wrong: readonly [content: string | Buffer, reason: string][] = [
      ['', 'It is empty.'],
      ['not JSON', 'It is not JSON in UTF-8.'],
      [Buffer.from('{"job_id": "a", "file_name": "/\xff"}', 'latin1'), 'It is not JSON in UTF-8.'],
      ['[1, 2]', 'It is no JSON object.'],
      ['{"job_id": "a", "file_name": {"a": 1}}', 'It names no file: its file_name is no text.'],
      [`{"job_id": ["a"], "file_name": "${file}"}`, 'Its job_id is neither a text nor a number.'],
      [`{"file_name": "${file}"}`, 'It has no job_id.'],
      ['{"job_id": "a", "file_name": "run.nxs"}', 'Its file_name is relative'],
      [String.raw`{"job_id": "a", "file_name": "/a\u0000.nxs"}`, 'Its file name has a zero byte.'],
      [Buffer.alloc(budget.kafka.message + 1, '{'), 'It is larger than 16 MB.'],
    ];
    for (const id of ['twice', 'twice', 'other']) await rabbit.send(queue, message(file, 'a'), { messageId: id });
    for (const [content] of wrong) await rabbit.send(queue, content);
    const odd = { messageId: 'a\0b/\u{1F41B}', timestamp: 0, headers: { many: 'x'.repeat(10_000) } };
    await rabbit.send(queue, 'odd', odd);
    const running = trial.online(trial.configFile(section(queue, ', prefetch_count: 5')));
    await trial.ended(wrong.length + 2);
    await vi.waitFor(async () => {
      expect((await trial.jobs.list({ status: ['deposited', 'verified', 'loading'] })).total).toBe(0);
    }, 30_000);
    const { jobs } = await trial.jobs.list();
    const aside = jobs.flatMap(({ status, statusDetail }) => (status === 'rejected' ? [statusDetail[0]?.message] : []));
    for (const [, reason] of wrong) expect(aside).toContainEqual(expect.stringContaining(reason));
    expect(aside).toHaveLength(wrong.length + 1);
    for (const { status, outcome, request } of jobs.filter((each) => each.status !== 'rejected')) {
      expect([status, request.dataFile]).toEqual(['done', file]);
      expect(['ingested', 'already-present']).toContain(outcome);
    }
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    expect(trial.sandbox.documents('origdatablocks')).toHaveLength(1);
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
    expect(await rabbit.waiting(queue)).toBe(0);
  }, 90_000);

  it('reads the section of the ILL’s ingestor as it is', async () => {
    const file = trial.measured(0);
    const asThere = {
      ...{ enabled: true, host: '127.0.0.1', port: rabbit.port, virtual_host: '/', username: 'guest' },
      ...{ password: 'guest', queue_name: queue, exchange_name: 'scicat', routing_key: 'nomad.scicat.publish' },
      ...{ auto_ack: false, individual_message_acknowledge: true, prefetch_count: 1, direct_data_ingestion: false },
    };
    const running = trial.online(trial.configFile(`rabbitmq: ${JSON.stringify(asThere)}`));
    await says(running, 'Hears of new files');
    await rabbit.publish('scicat', 'nomad.scicat.publish', JSON.stringify({ job_id: 7, nexus_file: file }));
    await trial.ended(1);
    expect(trial.sandbox.documents('datasets')).toHaveLength(1);
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.finished;
    expect([code, stderr]).toMatchObject([0, expect.not.stringContaining('warning')]);
  }, 60_000);

  it.each<[name: string, more: (at: { expired: number }) => object, reason: string]>([
    ['nobody', () => ({ port: 1 }), 'Nothing listens there'],
    ['no such host', () => ({ host: 'nowhere.invalid' }), 'No host of that name is known here'],
    ['a wrong password', () => ({ username: 'reader', password: 'wr0ng' }), "does not know this user with this password. See 'rabbitmq.username'"], // prettier-ignore
    ['no such virtual host', () => ({ virtual_host: 'none' }), "See 'rabbitmq.virtual_host'"],
    ['no queue, and no leave to make it', () => ({ username: 'reader', password: 's3cret', queue_name: 'none' }), "Have it made, or see 'rabbitmq.queue_name'"], // prettier-ignore
    ['an exchange of another kind', () => ({ exchange_name: 'amq.direct' }), "leave 'rabbitmq.exchange_name' empty"],
    ['an authority that is not named', () => ({ port: rabbit.tlsPort, use_tls: true, ssl_ca_location: '' }), "the authority that it is known by in 'rabbitmq.ssl_ca_location'"], // prettier-ignore
    ['another authority', () => ({ port: rabbit.tlsPort, use_tls: true, ssl_ca_location: stranger?.file }), "the authority that it is known by in 'rabbitmq.ssl_ca_location'"], // prettier-ignore
    ['another name', () => ({ host: '127.0.0.1', port: rabbit.tlsPort, use_tls: true }), 'Write the name of the host as its certificate has it'], // prettier-ignore
    ['a certificate that has expired', ({ expired }) => ({ port: expired, use_tls: true }), 'certificate has expired. Whoever runs the broker must renew it'], // prettier-ignore
    ['TLS where none is expected', () => ({ port: rabbit.tlsPort }), "say 'rabbitmq.use_tls: true'"],
    ['no TLS', () => ({ use_tls: true }), "it does not speak TLS there. Take the port for TLS, or 'rabbitmq.use_tls: false'"], // prettier-ignore
    ['something else', () => ({ port: Number(new URL(trial.sandbox.baseUrl).port) }), 'what answers there is no RabbitMQ'], // prettier-ignore
    ['an authority in no file', () => ({ use_tls: true, ssl_ca_location: '/nowhere/ca.pem' }), "'rabbitmq.ssl_ca_location' names /nowhere/ca.pem, which cannot be read: it does not exist"], // prettier-ignore
    ['an authority that is none', () => ({ use_tls: true, ssl_ca_location: import.meta.filename }), 'which holds no certificate in PEM'], // prettier-ignore
  ])(
    'where there is %s, says so and what to do, without the password',
    async (_, more, reason) => {
      const door = await tlsDoor(authority?.issue('localhost', -1) ?? { key: '', cert: '' });
      const usual = { enabled: true, host: 'localhost', port: rabbit.port, password: 'guest', queue_name: queue };
      const all = { ...usual, ssl_ca_location: authority?.file, ...more({ expired: door.port }) };
      const { code, stdout, stderr } = await imsc([
        ...['online', '-c', trial.configFile(`rabbitmq: ${JSON.stringify(all)}`)],
        ...['--store', trial.store],
      ]);
      door.close();
      expect(stderr).toContain(reason);
      expect(code).toBe(reason.includes("ssl_ca_location' names") || reason.includes('PEM') ? 2 : 1);
      expect(stdout + stderr).not.toMatch(/wr0ng|s3cret|\n\s+at /);
    },
    30_000,
  );
});

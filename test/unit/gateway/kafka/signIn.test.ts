import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { kafkaSettings } from '../../../../gateway/kafka/kafkaSettings.ts';
import { KafkaSource } from '../../../../gateway/kafka/kafkaSource.ts';
import { FakeKafka, makeCertificate } from '../../../support/fakeKafka.ts';

const certificate = makeCertificate();
const other = makeCertificate();
if (!certificate || !other) console.warn('Skipped: signing in to Kafka needs openssl.');
afterAll(() => {
  certificate?.remove();
  other?.remove();
});

const password = 'pa$$,w=örd';
let broker: FakeKafka;
let source: KafkaSource | undefined;
afterEach(async () => {
  broker.close();
  await source?.stop();
});

/** Begins to hear from the fake; all that it says and fails with is given as it comes. */
async function begin(options: { mechanism?: string; password?: string; ca?: string }): Promise<string[]> {
  broker = new FakeKafka({ key: certificate?.key ?? '', cert: certificate?.cert ?? '' }, password);
  const section = {
    topics: 'loki',
    group_id: 'g',
    bootstrap_servers: await broker.listen(),
    security_protocol: 'SASL_SSL',
    sasl_mechanism: options.mechanism ?? 'SCRAM-SHA-256',
    sasl_username: 'ingestor',
    sasl_password: options.password ?? password,
    ssl_ca_location: options.ca ?? certificate?.file,
  };
  const { config } = loadConfig({ text: JSON.stringify({ kafka: section }), isOnline: true });
  const found = kafkaSettings(config.kafka);
  if (!('settings' in found)) throw new Error(JSON.stringify(found));
  const said: string[] = [];
  const say = (text: string): void => {
    said.push(text);
  };
  source = new KafkaSource({ settings: found.settings, say, onDead: say, take: () => Promise.resolve(true) });
  source.start().catch((error: unknown) => {
    said.push(`failed: ${error instanceof Error ? `${error.message} ${error.stack ?? ''}` : 'unknown'}`);
  });
  return said;
}

describe.skipIf(!certificate || !other)('signing in to Kafka', () => {
  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'by %s, over TLS with an authority of its own, lets it in',
    async (mechanism) => {
      const said = await begin({ mechanism });
      await vi.waitFor(
        () => {
          expect(broker.attempts).toContainEqual({ mechanism, user: 'ingestor', isIn: true });
        },
        { timeout: 20_000 },
      );
      // Not even the broker learns it.
      expect(broker.heard.toString()).not.toContain(password);
      expect(said.join()).not.toContain(password);
    },
    30_000,
  );

  it('with a wrong password is refused, and nothing says the password', async () => {
    const said = await begin({ password: 'an0ther-s3cret' });
    await vi.waitFor(
      () => {
        expect(said.find((text) => text.startsWith('failed: '))).toContain('SASL SCRAM SHA256 authentication failed');
      },
      { timeout: 20_000 },
    );
    expect(broker.attempts[0]).toEqual({ mechanism: 'SCRAM-SHA-256', user: 'ingestor', isIn: false });
    expect(said.join()).not.toContain('an0ther-s3cret');
  }, 30_000);

  it('tells nothing to a broker whose authority it does not know', async () => {
    const said = await begin({ ca: other?.file ?? '' });
    await vi.waitFor(
      () => {
        expect(said.find((text) => text.startsWith('failed: '))).toContain('self-signed certificate');
      },
      { timeout: 40_000 },
    );
    expect(broker.heard).toHaveLength(0);
    expect(said.join()).not.toContain(password);
  }, 60_000);
});

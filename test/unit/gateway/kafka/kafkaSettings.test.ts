import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { kafkaSettings } from '../../../../gateway/kafka/kafkaSettings.ts';

const read = (section: string) => {
  const { config, problems } = loadConfig({ text: `kafka: ${section}`, isOnline: true });
  expect(problems).toEqual([]);
  return kafkaSettings(config.kafka);
};

/** As a facility has it. */
const ofPython = '{topics: "freia_filewriter, loki_filewriter", group_id: ingestor, bootstrap_servers: "k1:9093,k2:9093", security_protocol: SASL_SSL, sasl_mechanism: SCRAM-SHA-512, sasl_username: ingestor, sasl_password: s3cret, ssl_ca_location: "", auto_offset_reset: Latest}'; // prettier-ignore

describe('the section kafka', () => {
  it('is read as the Python ingestor reads it', () => {
    expect(read(ofPython)).toMatchObject({
      settings: {
        topics: ['freia_filewriter', 'loki_filewriter'],
        groupId: 'ingestor',
        servers: ['k1:9093', 'k2:9093'],
        tls: { ca: undefined },
        signIn: { mechanism: 'scram-sha-512', user: 'ingestor' },
        begins: 'latest',
      },
    });
  });

  it('takes lists, and needs no password where nobody asks for one', () => {
    const section = '{topics: [a, b], group_id: g, bootstrap_servers: ["k:1"], security_protocol: plaintext}';
    expect(read(section)).toMatchObject({ settings: { topics: ['a', 'b'], tls: undefined, signIn: undefined } });
  });

  it('keeps its password out of every print', () => {
    const printed = JSON.stringify(read(ofPython)) + inspect(read(ofPython), { depth: 9 });
    expect(printed).not.toContain('s3cret');
  });

  it.each([
    ['{}', ['topics', 'group_id', 'sasl_username', 'sasl_password', 'ssl_ca_location']],
    [ofPython.replace('SASL_SSL', 'sals_ssl'), ['security_protocol']],
    [ofPython.replace('SCRAM-SHA-512', 'GSSAPI'), ['sasl_mechanism']],
    [ofPython.replace('k2:9093', 'k2'), ['bootstrap_servers']],
    [ofPython.replace('ssl_ca_location: ""', 'ssl_ca_location: /nowhere/ca.pem'), ['ssl_ca_location']],
    [ofPython.replace('ssl_ca_location: ""', `ssl_ca_location: "${import.meta.filename}"`), ['ssl_ca_location']],
    [ofPython.replace('Latest', 'sometimes'), ['auto_offset_reset']],
    [ofPython.replace('s3cret', 'PASSWORD'), ['sasl_password']],
  ])('%s: what is wrong is named', (section, names) => {
    const result = read(section);
    const problems = 'problems' in result ? result.problems : [];
    expect(problems.map(({ message }) => /^'kafka\.(\w+)' .*\.$/.exec(message)?.[1])).toEqual(names);
  });

  it('must be right for who reads it, and stops nobody else', () => {
    const severities = (isOnline: boolean) =>
      loadConfig({ text: 'kafka: {group_id: [a]}\nlogging: {graylogs: [{port: 1}]}', isOnline }).problems.map(
        ({ severity }) => severity,
      );
    expect(severities(false)).toEqual(['warning', 'warning']);
    expect(severities(true)).toEqual(['error', 'error']);
  });

  it('several Graylogs are read as the Python ingestor will name them', () => {
    const text = 'logging: {graylog_enabled: true, graylogs: [{host: a, port: 12201, facility: f}, {host: b}]}';
    const { config, problems } = loadConfig({ text, isOnline: true });
    expect(problems).toEqual([]);
    expect(config.logging.graylogs).toEqual([
      { host: 'a', port: '12201', facility: 'f' },
      { host: 'b', port: '12201', facility: 'scicat.ingestor' },
    ]);
  });
});

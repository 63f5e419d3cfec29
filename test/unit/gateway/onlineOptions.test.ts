import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { optionEntries } from '../../../core/config/configTable.ts';
import type { OptionEntry } from '../../../core/config/configTable.ts';
import { graylogTargets } from '../../../gateway/graylog.ts';
import { preparedSources } from '../../../gateway/online/sourceKinds.ts';

/** What is wrong with a configuration, for `imsc online`. */
function read(text: string) {
  const { config, problems, wrong } = loadConfig({ text, file: '/etc/imsc/config.yml', isOnline: true });
  const { sources, problems: ofSources } = preparedSources(config, wrong);
  const { problems: ofGraylogs } = graylogTargets(config.logging, wrong);
  return { config, sources, problems: [...problems, ...ofSources, ...ofGraylogs] };
}

/** In YAML, as a person writes it: wrong types, odd numbers, tags, what a shell would replace. */
const odd = ['null', '""', '"7"', '0', '-1', '1e30', '9007199254740993', '1.5', 'yes', '"true"', '[]', '[[]]', '[null]', '[a, 1]', '{a: 1}', '!include x.yml', '!!binary aGk=', '${HOME}', '.inf', '.nan', '1_000', '"a\\0b"', '&a [*a]', '1:30', '"s3cr3t"', '{s3cr3t: 1}', '[s3cr3t, {}]']; // prettier-ignore

const under = (path: string, value: string): string =>
  `${path.split('.').map((name, depth) => `${'  '.repeat(depth)}${name}:`).join('\n')} ${value}\n`; // prettier-ignore

const sections = /^(?:kafka|rabbitmq|watch|health_check|logging|jobs|ingestion|scicat)\./;
const entries = optionEntries.filter(({ path }) => sections.test(path)).map((entry) => [entry.path, entry] as const);

describe.each(entries)('%s', (path, { option }: OptionEntry) => {
  it('with anything in it stops nothing but by a problem with its line, which tells no secret', () => {
    for (const value of odd) {
      // What would be read only if it were asked for is asked for.
      const more = path.startsWith('rabbitmq.') && path !== 'rabbitmq.enabled' ? '  enabled: true\n  use_tls: true\n' : ''; // prettier-ignore
      const text = under(path, value) + (path === 'rabbitmq.use_tls' ? '  enabled: true\n' : more);
      for (const { message, range, file, code } of read(text).problems) {
        if (option.type === 'secret' || option.type === 'headers') expect(message, text).not.toContain('s3cr3t');
        if (!message.includes(`'${path}'`)) continue;
        expect([code, file], text).toEqual(['config-value', '/etc/imsc/config.yml']);
        expect(range, text).toBeDefined();
        expect(message, text).toMatch(/\.$/);
      }
    }
  });

  it('where nothing comes of it stops nothing at all', () => {
    if (option.withoutEffect !== true) return;
    const severities = odd.flatMap((value) => read(under(path, value)).problems.filter(({ message }) => message.includes(`'${path}'`))); // prettier-ignore
    expect(severities.length).toBeGreaterThan(0);
    expect(new Set(severities.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });
});

const kafka = 'topics: a, group_id: g, bootstrap_servers: "k:9092", security_protocol: plaintext';

describe('what the Python ingestor takes is taken:', () => {
  it.each([
    ['words of YAML 1.1', `kafka: {${kafka}, enable_auto_commit: no, individual_message_commit: off}`],
    ['texts for what only librdkafka reads', `kafka: {${kafka}, enable_auto_commit: "false"}`],
    ['servers with a protocol', `kafka: {${kafka.replace('k:9092', 'PLAINTEXT://k:9092, SASL_SSL://[::1]:9093')}}`],
    ['lists', 'kafka: {topics: [a, b], group_id: 7, bootstrap_servers: ["k:9092"], security_protocol: PLAINTEXT}'],
    ['no authority of one’s own', `kafka: {${kafka.replace('plaintext', 'ssl')}, ssl_ca_location: null}`],
    ['parts of a second', `kafka: {${kafka}}\ningestion: {offline_ingestors_wait_time: 0.5}`],
    [
      'numbers for ports of Graylog',
      `kafka: {${kafka}}\nlogging: {graylog: true, graylog_host: g, graylog_port: 12201}`,
    ],
    ['keys of other versions', `kafka: {${kafka}, sasl_kerberos_service_name: kafka}`],
  ])('%s', (_, text) => {
    const { sources, problems } = read(text);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(sources.map(({ protocol }) => protocol)).toEqual(['kafka']);
  });
});

it.each([
  ['a pattern', `kafka: {${kafka.replace('topics: a', 'topics: "^loki.*"')}}`, "'kafka.topics' has the pattern “^loki.*”. Name each topic."],
  ['a variable of the shell', `kafka: {${kafka.replace('topics: a', 'topics: "${TOPIC}"')}}`, 'topics are called by letters, digits'],
  ['a port that there is not', 'health_check: {port: 70000}', "'health_check.port' must be a whole number, at least 0, at most 65535, not 70000."],
  ['a session of a year', 'kafka: {session_timeout_ms: 31536000000}', 'at most 86400000, not 31536000000'],
  ['a file that is included', 'kafka: !include kafka.yml', 'The tag “!include” cannot be used with this; remove it.'],
])('%s is told where it stands, and what to do', (_, text, message) => {
  const found = read(text).problems.find((each) => each.message.includes(message));
  expect(found).toMatchObject({ severity: 'error', file: '/etc/imsc/config.yml' });
  expect(found?.range).toBeDefined();
}); // prettier-ignore

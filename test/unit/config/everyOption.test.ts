import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { commandLineOptions, splitConfigArguments } from '../../../core/config/configArguments.ts';
import { ingestorConfigSchema } from '../../../core/config/configSchema.ts';
import { optionEntries } from '../../../core/config/configTable.ts';
import type { OptionEntry } from '../../../core/config/configTable.ts';
import { Secret } from '../../../core/config/secret.ts';

const accepts = new Ajv({ allowUnionTypes: true, strict: true, keywords: ['markdownDescription'] }).compile(
  ingestorConfigSchema(),
);

/** What every option is tried with. */
const values: readonly unknown[] = [null, true, 0, 1, 100_000, -1, 1.5, 'a', '1', [], ['a'], [1], [-1], [0.5], [[1]], [true], {}, { a: 'b' }, { a: ['b'] }]; // prettier-ignore

/** A configuration in which only this is said. */
function nested(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((inside: unknown, name) => ({ [name]: inside }), value);
}

function valueAt(config: unknown, path: string): unknown {
  return path.split('.').reduce((inside: unknown, name) => {
    const found = typeof inside === 'object' && inside !== null ? Object.entries(inside) : [];
    return found.find(([key]) => key === name)?.[1] as unknown;
  }, config);
}

const plain = (value: unknown): unknown =>
  value instanceof Secret
    ? value.reveal()
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
      : value;

// An address has rules of its own.
const entries = optionEntries.filter(({ path }) => path !== 'scicat.host').map((entry) => [entry.path, entry] as const);

describe.each(entries)('%s', (path, { option }: OptionEntry) => {
  const refusals = (text: string, overrides = {}) =>
    loadConfig({ text, overrides, env: {} }).problems.filter(({ message }) => message.includes(' must be '));

  it('takes in a file what its JSON Schema takes, and nothing else', () => {
    const tried = option.allowed ? [...values, ...option.allowed] : values;
    for (const value of tried) {
      // Digits alone are taken for a password; an editor may well ask for quotes.
      if (option.type === 'secret' && typeof value === 'number') continue;
      const content = nested(path, value);
      const said = `${path}: ${JSON.stringify(value)}`;
      // An integer that is written 1.0 is one to JSON Schema only; here are none.
      expect(refusals(JSON.stringify(content)).length === 0, said).toBe(accepts(content));
    }
  });

  it('says what it takes, and how bad it is', () => {
    const [refused] = refusals(JSON.stringify(nested(path, [{}])));
    const expected = commandLineOptions().find((each) => each.path === path)?.expected;
    const severity = option.onlineOnly ? 'warning' : 'error';
    expect(refused).toMatchObject({ code: 'config-value', severity });
    if (expected !== undefined) expect(refused?.message).toContain(`'${path}' must be ${expected}`);
  });

  it('has its value from the file, by each spelling, and null or nothing means what its entry says', () => {
    const tried = option.type === 'names' ? [['a']] : values;
    const given = tried.find((value) => value !== null && accepts(nested(path, value)) && refusals(JSON.stringify(nested(path, value))).length === 0); // prettier-ignore
    const value = given ?? option.allowed?.at(-1);
    const last = path.split('.').at(-1) ?? '';
    for (const name of [last, ...(option.spellings ?? [])]) {
      const named = [...path.split('.').slice(0, -1), name].join('.');
      const { config, problems } = loadConfig({ text: JSON.stringify(nested(named, value)), env: {} });
      expect(problems.filter(({ code }) => code === 'config-unknown-key')).toEqual([]);
      const found = plain(valueAt(config, path));
      // A number where a text is wanted is taken as it is written.
      if (path !== 'config_file' && value !== undefined)
        expect(JSON.stringify([found]).replaceAll('"', '')).toBe(JSON.stringify([value]).replaceAll('"', ''));
    }
    const { config } = loadConfig({ text: JSON.stringify(nested(path, null)), env: {} });
    const byDefault = option.whenNull === undefined ? option.default : option.whenNull;
    if (path !== 'config_file') expect(plain(valueAt(config, path))).toEqual(plain(byDefault));
  });

  it('is taken from the command line as it is from a file', () => {
    const found = commandLineOptions().find((each) => each.path === path);
    expect(found === undefined).toBe(option.fileOnly === true);
    if (!found) return;
    const { flag, short, takes } = found;
    const words: readonly string[] = option.allowed
      ? [String(option.allowed.at(-1))]
      : takes === 'several'
        ? ['100001', '100002']
        : [String(option.maximum ?? 100_003)];
    const ways =
      takes === 'nothing'
        ? [[flag], [`${flag}=true`], ...(short ? [[short]] : [])]
        : [
            [flag, ...words],
            ...(words.length === 1 ? [[`${flag}=${words[0] ?? ''}`]] : []),
            ...(short ? [[short, ...words]] : []),
          ];
    const read = ways.map((args) => {
      const { overrides, rest, problems } = splitConfigArguments([...args, '--json']);
      expect([rest, problems]).toEqual([['--json'], []]);
      return plain(valueAt(loadConfig({ overrides, env: {} }).config, path));
    });
    for (const each of read) {
      if (takes === 'nothing') expect(each).toBe(true);
      else expect(String(each)).toBe(words.join());
    }
    const one = splitConfigArguments([flag, '-5']);
    if (takes !== 'nothing') expect(one.overrides[path]).toEqual(takes === 'several' ? ['-5'] : '-5');
    if (takes === 'nothing') {
      const { overrides } = splitConfigArguments([`${flag}=false`]);
      expect(valueAt(loadConfig({ overrides, env: {} }).config, path)).toBe(false);
      expect(refusals('', { [path]: 'yes' })).toHaveLength(1);
    } else expect(splitConfigArguments([flag, '--json']).problems[0]).toContain(`${flag} needs a value: `);
  });
});

describe('hosts of this computer', () => {
  it.each([
    ['http://localhost./api/v3', false],
    ['http://scicat.localhost/api/v3', false],
    ['http://127.1.2.3/api/v3', false],
    ['http://[::ffff:127.0.0.1]/api/v3', false],
    ['http://notlocalhost/api/v3', true],
    ['http://localhost.example.org/api/v3', true],
    ['http://[::2]/api/v3', true],
    ['http://128.0.0.1/api/v3', true],
  ])('%s lets others read the token: %j', (host, isTold) => {
    const { problems } = loadConfig({ overrides: { 'scicat.host': host }, env: { SCICAT_TOKEN: 'x' } });
    expect(problems.some(({ code }) => code === 'config-insecure')).toBe(isTold);
  });
});

it('says nothing of blanks', () => {
  expect(loadConfig({ text: ' \n\t\n' }).problems).toEqual([]);
});

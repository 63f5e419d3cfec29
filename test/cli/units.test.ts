import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');

interface Stored {
  readonly valueSI?: unknown;
  readonly unitSI?: unknown;
}

/** Items of the metadata, what SciCat keeps beside them, and what is said of their units. */
const items: readonly { name: string; value: string; type: string; unit: string; stored: Stored; said?: string }[] = [
  { name: 'gap', value: "'1.5'", type: 'float', unit: 'mm', stored: { valueSI: 0.0015, unitSI: 'm' } },
  { name: 'heat', value: "'20'", type: 'float', unit: 'degC', stored: { valueSI: 293.15, unitSI: 'K' } },
  { name: 'slits', value: "['1', '2']", type: 'float[]', unit: 'mm', stored: { valueSI: [0.001, 0.002], unitSI: 'm' } },
  {
    name: 'chill',
    value: "'4'",
    type: 'integer',
    unit: 'C',
    stored: { valueSI: 4, unitSI: 's A' },
    said: 'unit-misread',
  },
  {
    name: 'pulse',
    value: "'5'",
    type: 'integer',
    unit: 'µs',
    stored: { valueSI: 5, unitSI: 'µs' },
    said: 'unit-unknown',
  },
  {
    name: 'hits',
    value: "'7'",
    type: 'integer',
    unit: 'counts',
    stored: { valueSI: 7, unitSI: 'counts' },
    said: 'unit-unknown',
  },
  { name: 'bare', value: "'7'", type: 'integer', unit: "''", stored: {} },
];
const convert = (name: string, from: string, to: string, type: string): string =>
  `  ${name}: {source: VALUE, operator: convert_unit, value: <${from}>, to: ${to}, value_type: '${type}'}\n`;
const conversions = `${convert('celsius', 'sample_temperature', 'degC', 'float')}${convert('log', 'temperature_log', 'mK', 'float[]')}${convert('wrong', 'sample_temperature', 'mm', 'float')}`;
const schema = `${coda.replace(/^schema:\n/m, `${conversions}\nschema:\n`)}${['celsius', 'log', 'wrong']
  .map(
    (name) =>
      `  ${name}: {field_type: scientific_metadata, machine_name: ${name}, value: <${name}>, type: '${name === 'log' ? 'float[]' : 'float'}'}\n`,
  )
  .join('')}${items
  .map(
    ({ name, value, type, unit }) =>
      `  ${name}: {field_type: scientific_metadata, machine_name: ${name}, value: ${value}, type: '${type}', unit: ${unit}}\n`,
  )
  .join('')}`;

let root: string;
let sandbox: Sandbox;
let data: string;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'imsc-units-'));
  cpSync(path.join(samples, 'data/coda'), path.join(root, 'coda'), { recursive: true });
  data = path.join(root, 'coda/2025/443604/raw/443604_00001017.nxs');
  sandbox = await startSandbox();
});
afterEach(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

describe.each(notations)('units of a schema in %s', (notation) => {
  const run = (verb: string, ...more: readonly string[]) => {
    const file = path.join(root, fileName('coda', notation));
    writeFileSync(file, inNotation(schema, notation));
    const environment = { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') };
    const of = ['-c', 'config.yml', '--nexus-file', data, '--schema', file, '--scicat.host', sandbox.baseUrl];
    return imsc(verb === 'check' ? [verb, file, ...more] : [verb, ...of, ...more], environment, samples);
  };

  it('that SciCat does not read as they are meant are told', async () => {
    const { problems } = JSON.parse((await run('check', '--json')).stdout) as { problems: { code: string }[] };
    expect(problems.map(({ code }) => code).filter((code) => code.startsWith('unit-'))).toEqual(
      items.flatMap(({ said }) => said ?? []),
    );
  });

  it('are told by a dry run as SciCat then stores them', async () => {
    const { fields } = JSON.parse((await run('dry-run', '--json')).stdout) as { fields: Record<string, Stored> };
    const text = (await run('dry-run')).stdout;
    expect(text).toMatch(/gap .*1\.5 mm = 0\.0015 m in SciCat/);
    expect(text).toMatch(/hits .*7 counts *(?:←|\n)/);

    const ended = await run('ingest', '--dataset.allow-dataset-pid=false', '--json');
    expect(ended, ended.stdout).toMatchObject({ code: 0 });
    const metadata = sandbox.documents('datasets').at(-1)?.['scientificMetadata'] as Record<string, Stored>;
    expect(metadata).toMatchObject({
      celsius: { value: -269.13, unit: 'degC', valueSI: 273.15 - 269.13, unitSI: 'K' },
      log: { value: [4230, 4060, 4000, 4010], unit: 'mK' },
    });
    expect(metadata).not.toHaveProperty('wrong');
    for (const { name, stored, unit } of items) {
      expect(metadata[name]?.valueSI, name).toEqual(stored.valueSI);
      expect(metadata[name]?.unitSI, name).toBe(stored.unitSI);
      const isConverted = stored.unitSI !== undefined && stored.unitSI !== unit;
      expect(fields[name], name).toMatchObject(isConverted ? stored : {});
      expect('valueSI' in (fields[name] ?? {}), name).toBe(isConverted);
    }
  });
});

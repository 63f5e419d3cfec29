import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetWithTotals } from '../../core/ingest/plan/plan.ts';
import type { Value } from '../../core/imsc/values/values.ts';
import { deviating } from './deviating.ts';
import { differing } from './differing.ts';
import { blocksOf, isRecord, runVector, tagged } from '../support/runVector.ts';
import type { IngestionInputs } from '../support/runVector.ts';
import { startStubScicat } from '../support/stubScicat.ts';
import type { StubScicat } from '../support/stubScicat.ts';

const here = import.meta.dirname;

interface Vector extends IngestionInputs {
  readonly name: string;
  readonly about: string;
  readonly recommend: string;
  readonly policy: 'match' | 'deviate' | 'match-as-patched' | 'optional';
  readonly unordered?: readonly string[];
  readonly expect: {
    readonly exit_code: number;
    readonly variables: Record<
      string,
      { readonly value: unknown; readonly unit: unknown; readonly pytype: string }
    > | null;
    readonly dataset: Record<string, unknown> | null;
    readonly origdatablock: Record<string, unknown> | null;
  };
}

const vectors = readdirSync(path.join(here, 'vectors'))
  .filter((name) => name !== 'INDEX.json')
  .map((name) => JSON.parse(readFileSync(path.join(here, 'vectors', name), 'utf8')) as Vector);

let stub: StubScicat;
let folder: string;
const workingDirectory = process.cwd();

beforeAll(async () => {
  stub = await startStubScicat();
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-vectors-')));
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('recorded cases of the Python ingestor', () => {
  const same = vectors.filter(({ policy }) => policy === 'match' || policy === 'match-as-patched');

  test.each(same)('$name: $about', async (vector) => {
    const difference = await differenceOf(vector);
    const known = differing[vector.name];
    // A listed case that has come to agree must leave the list.
    if (known) expect(difference, `listed as differing: ${known}`).not.toBe('');
    else expect(difference).toBe('');
  });

  const others = vectors.filter(({ policy }) => policy === 'deviate');

  test.each(others)('$name, where we differ: $recommend', async (vector) => {
    const wanted = deviating[vector.name];
    expect(wanted, 'test/conformance/deviating.ts says what must happen').toBeDefined();
    if (!wanted) return;
    const root = path.join(folder, vector.name);
    const report = await runVector(vector, root, stub);
    const codes = new Set<string>(report.problems.map(({ code }) => code));
    expect(report.outcome === 'failed' ? 1 : 0).toBe(wanted.exit);
    for (const code of wanted.problems ?? []) expect([...codes]).toContain(code);
    for (const [name, value] of Object.entries(wanted.variables ?? {})) {
      const outcome = report.prepared.evaluation?.variables.get(name)?.outcome;
      expect(outcome?.state === 'known' ? { value: tagged(outcome.value), unit: outcome.unit } : null).toEqual(value);
    }
    const fields = report.prepared.dataset?.fields;
    for (const [name, value] of Object.entries(wanted.dataset ?? {})) {
      const field = fields?.get(name);
      expect(field && tagged(field)).toEqual(value);
    }
    const paths = (await blocksOf(report)).flatMap(({ dataFileList }) => dataFileList.map((file) => file.path));
    if (wanted.paths) expect(paths).toEqual(wanted.paths.map((item) => item.replace('{{ROOT}}', root)));
    if (wanted.schema !== undefined) expect(report.prepared.schema?.schema.id).toBe(wanted.schema);
  });

  test('at least 95 % of them come out the same', () => {
    const listed = same.filter(({ name }) => differing[name] !== undefined);
    expect(listed.length / same.length).toBeLessThanOrEqual(0.05);
  });
});

/** What differs from the recording, one line each; empty where nothing does. */
async function differenceOf(vector: Vector): Promise<string> {
  const root = path.join(folder, vector.name);
  const report = await runVector(vector, root, stub);
  const { prepared } = report;
  const { expect: expected } = vector;
  const differences: string[] = [];
  const compare = (what: string, wanted: unknown, actual: unknown): void => {
    if (!agrees(wanted, actual, root, what, vector)) {
      differences.push(`${what}: recorded ${JSON.stringify(wanted)}, here ${JSON.stringify(actual)}`);
    }
  };
  const exitCode = report.outcome === 'failed' ? 1 : 0;
  compare('exit_code', expected.exit_code, exitCode);
  if (expected.variables !== null && prepared.evaluation) {
    const names = new Set([
      ...Object.keys(expected.variables),
      ...prepared.evaluation.schema.variables.map(({ name }) => name),
    ]);
    for (const name of names) {
      const outcome = prepared.evaluation.variables.get(name)?.outcome;
      const wanted = Object.hasOwn(expected.variables, name) ? expected.variables[name] : undefined;
      const actual = outcome?.state === 'known' ? { value: tagged(outcome.value), unit: outcome.unit } : null;
      compare(`variable ${name}`, wanted ? { value: wanted.value, unit: wanted.unit } : null, actual);
      if (wanted && outcome?.state === 'known')
        compare(`type of ${name}`, wanted.pytype.replace(/\[.*/, ''), pythonType(outcome.value));
    }
  }
  if (expected.dataset !== null) {
    const dataset = prepared.dataset ? tagged(datasetWithTotals(prepared.dataset, report.origDatablocks)) : null;
    compare('dataset', expected.dataset, dataset);
  }
  if (expected.origdatablock !== null) {
    const blocks = await blocksOf(report);
    compare('origdatablock', expected.origdatablock, blocks.length === 1 ? blocks[0] : blocks);
  }
  return differences.join('\n');
}

function pythonType(value: Value): string {
  const names = {
    none: 'NoneType',
    boolean: 'bool',
    integer: 'int',
    float: 'float',
    string: 'str',
    list: 'list',
    dict: 'dict',
    bytes: 'bytes',
  } as const;
  return value.kind === 'list' && value.flavour !== undefined ? value.flavour : names[value.kind];
}

/** Whether a result is what was recorded, placeholders and order of keys apart. */
function agrees(wanted: unknown, actual: unknown, root: string, where: string, vector: Vector): boolean {
  if (typeof wanted === 'string' && wanted.includes('{{'))
    return typeof actual === 'string' && pattern(wanted, root).test(actual);
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual) || actual.length !== wanted.length) return false;
    // Samples come out of a set in the Python ingestor.
    if (vector.unordered?.includes(where) || where === 'dataset.sampleId')
      return wanted.every((item) => actual.some((other) => agrees(item, other, root, where, vector)));
    return wanted.every((item, index) => agrees(item, actual[index], root, where, vector));
  }
  if (isRecord(wanted)) {
    if (!isRecord(actual)) return false;
    const keys = Object.keys(wanted);
    return (
      keys.length === Object.keys(actual).length &&
      keys.every(
        (key) => Object.hasOwn(actual, key) && agrees(wanted[key], actual[key], root, `${where}.${key}`, vector),
      )
    );
  }
  return Object.is(wanted, actual);
}

const placeholders: Readonly<Record<string, string>> = {
  UUID: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  UUID_HEX: '[0-9a-f]{32}',
  NOW: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00`,
  CTIME: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z`,
  NOW_SECONDS: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z`,
  UID: String(process.getuid?.() ?? 0),
  GID: String(process.getgid?.() ?? 0),
};

function pattern(wanted: string, root: string): RegExp {
  const source = wanted
    .split(/(\{\{\w+\}\})/)
    .map((part) => {
      const name = /^\{\{(\w+)\}\}$/.exec(part)?.[1];
      if (name === 'ROOT') return escaped(root);
      if (name === 'HOST') return escaped(stub.origin);
      return placeholders[name ?? ''] ?? escaped(part);
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

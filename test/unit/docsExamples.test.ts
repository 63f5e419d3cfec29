import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import { pythonRepr } from '../../core/imsc/values/pythonText.ts';
import { bindSchema } from '../../core/imsc/schema/schema.ts';
import { selects } from '../../core/imsc/schema/selector.ts';
import { catalogueReader } from '../../core/ingest/sources/catalogueReader.ts';
import { loadConfig } from '../../core/config/config.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import { evaluate } from '../../core/imsc/evaluation/evaluate.ts';
import type { Outcome } from '../../core/imsc/evaluation/evaluation.ts';
import { nexusReader } from '../../core/ingest/sources/nexusReader.ts';
import { openNexus } from '../../core/nexus/file.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'samples/data/coda/2025/443604/raw/443604_00001017.nxs');
const page = readFileSync(join(root, 'docs/language.md'), 'utf8');

/** The fenced examples with their lines in the page. */
const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(({ 1: text = '', index }) => ({
  line: page.slice(0, index).split('\n').length,
  text,
}));

/** `name: … # → result` in the sections of an example, and where each stands. */
function expectations(text: string): { section: string; name: string; result: string }[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    const [, name, result] = /^ {2}(\w+):.*# → (.*)$/.exec(line) ?? [];
    return name === undefined || result === undefined ? [] : [{ section, name, result }];
  });
}

/** An outcome as the page writes it. */
function written(outcome: Outcome | undefined, expected: string): string {
  if (outcome?.state !== 'known') return outcome?.state === 'failed' ? 'no value' : (outcome?.state ?? 'not there');
  const { value, unit } = outcome;
  if (expected === 'an object') return value.kind === 'dict' ? 'an object' : value.kind;
  if (expected.startsWith('a list')) return `a ${value.kind}${unit === '' ? '' : `, in ${unit}`}`;
  return `${pythonRepr(value)}${unit === '' ? '' : ` ${unit}`}`;
}

describe('examples of docs/language.md', () => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let file: NexusFile;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0 });
    file = await openNexus(sample);
  });
  afterAll(async () => {
    await file.close();
    await sandbox.close();
  });

  const withResults = examples.filter(({ text }) => expectations(text).length > 0);
  test('there are some', () => {
    expect(withResults.length).toBeGreaterThan(10);
  });

  test.each(withResults)('line $line', async ({ text }) => {
    const { config } = loadConfig({
      overrides: { 'scicat.host': sandbox.baseUrl, 'scicat.token': sandbox.token },
    });
    const data_file_path = '/data/coda/2025/443604/raw/443604_00001017.nxs';
    const evaluation = await evaluate(bindSchema(parseTree(text, 'yaml')), {
      data: nexusReader(file),
      catalogue: catalogueReader(connect(config.scicat), config.scicat),
      builtIns: { data_file_path, data_file_name: '443604_00001017.nxs' },
    });
    for (const { section, name, result } of expectations(text)) {
      const outcome =
        section === 'schema'
          ? evaluation.fields.find(({ field }) => field.label === name)?.outcome
          : evaluation.variables.get(name)?.outcome;
      expect(written(outcome, result), name).toBe(result);
    }
  });

  const selectors = examples.flatMap(({ line, text }) =>
    [...text.matchAll(/^# (takes|passes) (.*)$/gm)].map(([, verb, path = '']) => ({ line, text, verb, path })),
  );
  test.each(selectors)('line $line: $verb $path', ({ text, verb, path }) => {
    const { selector } = bindSchema(parseTree(text, 'yaml'));
    expect(selector && selects(selector, path)).toBe(verb === 'takes');
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { test } from 'vitest';
import { checkText } from '../../../core/imsc/checks/checkSchema.ts';
import { jsonText } from '../../../core/imsc/values/jsonText.ts';
import { operators } from '../../../core/imsc/language/operators.ts';
import { problemKinds } from '../../../core/problems/problemCodes.ts';
import { explainSelector } from '../../../core/imsc/schema/selector.ts';
import { ReadFailure } from '../../../core/imsc/evaluation/readers.ts';
import type { CatalogueReader, DataReader } from '../../../core/imsc/evaluation/readers.ts';
import { valueTypes } from '../../../core/imsc/language/valueTypes.ts';
import { dict, float, integer, list, none, string } from '../../../core/imsc/values/values.ts';
import type { Value } from '../../../core/imsc/values/values.ts';
import { buildDataset, datasetValue } from '../../../core/ingest/dataset/dataset.ts';
import { evaluate } from '../../../core/imsc/evaluation/evaluate.ts';
import { loadConfig } from '../../../core/config/config.ts';
import { checkDatasetField } from '../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../core/scicat/datasetFields.ts';
import { fuzzing, longest, mutated, patience } from './fuzzing.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const textsIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(path.join(root, folder))
    .filter((name) => pattern.test(name))
    .map((name) => readFileSync(path.join(root, folder, name), 'utf8'));
const recorded = textsIn('test/conformance/vectors', /^(?!INDEX).*\.json$/).flatMap((text) => {
  const { schema } = JSON.parse(text) as { schema?: unknown };
  return schema === undefined ? [] : [JSON.stringify(schema, null, 1)];
});
const real = [...textsIn('samples/schemas', /\.imsc\./), ...recorded];

const { config } = loadConfig({ env: {} });

/** What a file or a catalogue could hold, chosen by the path that is asked for. */
const answers: readonly Value[] = [
  string('text'),
  string(''),
  string('2025-01-20T12:00:00Z'),
  integer(7),
  integer(2n ** 63n),
  float(Number.NaN),
  float(300),
  list([string('a'), string('b')]),
  list([]),
  none,
  dict([[string('pi_firstname'), string('Ada')]]),
  list([dict([[string('id'), none]])]),
];
const answerTo = (asked: string): Value => {
  const chosen = answers[createHash('md5').update(asked).digest().readUInt16LE() % (answers.length + 1)];
  if (!chosen) throw new ReadFailure('path-missing', 'It is not there.');
  return chosen;
};
const data: DataReader = {
  read: (asked) =>
    Promise.resolve().then(() => ({
      value: answerTo(asked),
      unit: '',
      paths: [asked],
      notes: [],
      unitFromFile: false,
    })),
};
const catalogue: CatalogueReader = {
  get: (url) => Promise.resolve().then(() => ({ url, answer: answerTo(url) })),
};

/** All that happens to a schema, from its text to the dataset. */
async function check(text: string): Promise<void> {
  const before = performance.now();
  const { schema, problems } = checkText(text, undefined, { datasetFields, refusalOf: checkDatasetField });
  for (const { code, message, range, fixes = [] } of problems) {
    assert(code in problemKinds, code);
    assert.doesNotMatch(message, /\n +at |\[object Object\]/);
    const ranges = [range ?? { start: 0, end: 0 }, ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.range))];
    for (const { start, end } of ranges) assert(start >= 0 && start <= end && end <= text.length, message);
  }
  if (schema.selector) explainSelector(schema.selector, '/ess/data/coda/2025/443503/raw/coda_443503.hdf');
  const evaluation = await evaluate(schema, { data, catalogue, builtIns: { now: 'now', data_file_path: '/x/y.nxs' } });
  const dataset = buildDataset(evaluation, config, [], () => 'pid');
  // What is sent is JSON, whatever the values were.
  JSON.parse(jsonText(datasetValue(dataset, 1, 1)));
  for (const { message } of dataset.problems) assert.doesNotMatch(message, /\n +at |\[object Object\]/);
  assert(performance.now() - before < longest, 'It hangs.');
}

test('schemas that are mutated, from the samples and the recorded cases', { timeout: patience }, async () => {
  await fc.assert(fc.asyncProperty(mutated(real), check), fuzzing(2000));
});

const name = fc.constantFrom('a', 'b', 'c', 'pid', 'start_time', '__proto__', 'constructor', '', 'ä b');
const scalar = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '<a>',
    '<b> and <c>',
    '<a',
    '<unknown>',
    '<a><a>',
    '/entry/*/x',
    '/entry/x',
    '/*/',
    '2025-13-45',
    '[1, 2',
    "{'a': 1}",
    '1e400',
  ),
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(name, scalar, { maxKeys: 3 }),
  fc.jsonValue(),
);
const operator = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...operators.map((item) => item.name), 'dirname-3', 'nothing') },
  { weight: 1, arbitrary: value },
);
const type = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...valueTypes.map((item) => item.name)) },
  { weight: 1, arbitrary: value },
);
const variable = fc.record(
  { source: fc.constantFrom('NXS', 'SC', 'VALUE', 'nxs', 'X'), path: value, url: value, value, operator, field: value, value_type: type, pattern: value, replacement: value, length: value },
  { requiredKeys: ['source'] },
); // prettier-ignore
const field = fc.record(
  { field_type: fc.constantFrom('high_level', 'scientific_metadata', 'x'), machine_name: fc.oneof(fc.constantFrom(...datasetFields.map((item) => item.name)), value), value, type, human_name: value, unit: value },
  { requiredKeys: ['field_type', 'machine_name', 'value'] },
); // prettier-ignore
const schema = fc.record(
  {
    id: value,
    name: value,
    instrument: value,
    selector: fc.oneof(value, fc.constantFrom('*', 'filename:contains:coda', 'filename:regex:(a+)+$', ':::', 'and:')),
    order: value,
    variables: fc.oneof(
      { weight: 9, arbitrary: fc.dictionary(name, variable, { maxKeys: 6 }) },
      { weight: 1, arbitrary: value },
    ),
    schema: fc.oneof(
      { weight: 9, arbitrary: fc.dictionary(name, field, { maxKeys: 6 }) },
      { weight: 1, arbitrary: value },
    ),
    sample_attachment: value,
  },
  { requiredKeys: ['variables', 'schema'] },
);

test('schemas that are generated', { timeout: patience }, async () => {
  await fc.assert(
    fc.asyncProperty(schema, (made) => check(JSON.stringify(made))),
    fuzzing(2000),
  );
});

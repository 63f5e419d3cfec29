import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import type { Problem } from '../../../../core/problems/problem.ts';
import { buildDataset } from '../../../../core/ingest/dataset/dataset.ts';
import { loadConfig } from '../../../../core/config/config.ts';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import { nexusReader } from '../../../../core/ingest/sources/nexusReader.ts';
import { problemsOfEvaluation } from '../../../../core/ingest/trial/sampleProblems.ts';
import { openNexus } from '../../../../core/nexus/file.ts';
import type { NexusFile } from '../../../../core/nexus/model.ts';
import { checkDatasetField } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { writeNexus } from '../../../../scripts/writeNexus.mjs';
import { inNotation, notations } from '../../../support/markers.ts';
import { temporaryFolder } from '../../../support/nexusFiles.ts';
import { schemaText } from '../../../support/schemaTexts.ts';

const file = path.join(temporaryFolder(), 'run.nxs');
let nexus: NexusFile;

const quantity = (name: string, units: string) =>
  ({ path: `/entry/${name}`, kind: 'dataset', value: 1.5, attrs: { units } }) as const;
const text = (name: string, value: string) => ({ path: `/entry/${name}`, kind: 'dataset', value }) as const;

beforeAll(async () => {
  await writeNexus(file, [
    quantity('period', '\u00b5s'),
    quantity('length', '\u212b'),
    quantity('gap', 'mm'),
    quantity('heat', 'C'),
    quantity('hits', 'counts'),
    text('naive', '2024-03-02T10:11:12'),
    text('blank', '2024-03-02 10:11:12'),
    text('fraction', '2024-03-02T10:11:12.5'),
    text('zulu', '2024-03-02T10:11:12Z'),
    text('offset', '2024-03-02T10:11:12.250-0530'),
    text('hours', '2024-03-02T10:11:12+01'),
    text('day', '2024-03-02'),
    text('words', 'on 2024-03-02T10:11:12'),
    { path: '/entry/epoch', kind: 'dataset', value: 1709374272.5 },
  ]);
  nexus = await openNexus(file);
});
afterAll(() => nexus.close());

/** What is said of a schema with the file at hand: by its text, and by the file. */
async function said(yaml: string, notation: 'json' | 'yaml'): Promise<{ problems: Problem[]; dataset: string }> {
  const written = inNotation(yaml, notation);
  const schema = bindSchema(parseTree(written, notation));
  const evaluation = await evaluate(schema, {
    data: nexusReader(nexus),
    catalogue: { unavailable: 'SciCat is not asked.' },
    builtIns: { now: '2024-03-02T10:11:12.5+00:00' },
  });
  const ofText = checkText(written, notation, { datasetFields, refusalOf: checkDatasetField }).problems;
  const dataset = buildDataset(evaluation, loadConfig({}).config, [], () => 'id');
  const created = dataset.fields.get('creationTime');
  return {
    problems: [...ofText, ...(await problemsOfEvaluation(evaluation, nexus))],
    dataset: created?.kind === 'string' ? created.value : '',
  };
}

describe.each(notations)('in %s', (notation) => {
  describe('a unit', () => {
    test.each([
      ['period', '\u03bcs', undefined],
      ['period', 'ms', '“ms”'],
      ['period', '\u00b5s', undefined],
      ['length', '\u00c5', undefined],
      ['length', 'A\u030a', undefined],
      ['length', 'nm', '“nm”'],
      ['gap', 'mm', undefined],
      ['gap', '\u043c\u043c', '(U+043C U+043C against U+006D U+006D)'],
    ])('of %s that is written %j: %s', async (name, unit, message) => {
      const variables = `x: {source: NXS, path: /entry/${name}, value_type: float, unit: '${unit}'}`;
      const field = `f: {field_type: scientific_metadata, machine_name: f, value: <x>, type: float, unit: '${unit}'}`;
      const { problems } = await said(schemaText({ variables, fields: field }), notation);
      const found = problems.filter(({ code }) => code.includes('unit-conflict'));
      expect(found.map(({ code }) => code)).toEqual(message === undefined ? [] : Array(2).fill('sample-unit-conflict'));
      for (const each of found) expect(each.message).toContain(message);
    });
  });

  describe('a unit of the file that gets into the metadata', () => {
    const shown = (name: string, more = '', machineName = 'f') =>
      schemaText({
        variables: `x: {source: NXS, path: /entry/${name}, value_type: float}`,
        fields: `f: {field_type: scientific_metadata, machine_name: ${machineName}, value: <x>, type: float${more}}`,
      });
    test.each([
      ['that SciCat knows otherwise', shown('period'), 'warning', 'unit: us'],
      ['that it takes for another', shown('heat'), 'warning', 'unit: degC'],
      ['that it knows not at all', shown('hits'), 'information', undefined],
    ])('%s', async (_what, yaml, severity, added) => {
      const { problems } = await said(yaml, notation);
      const found = problems.filter(({ code }) => code === 'sample-unit-unread');
      expect(found.map((each) => each.severity)).toEqual([severity]);
      const text = inNotation(yaml, notation);
      const [edit] = found[0]?.fixes?.[0]?.edits ?? [];
      expect(edit === undefined).toBe(added === undefined);
      if (!edit || added === undefined) return;
      const mended = text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
      expect(mended.replaceAll('"', '')).toContain(added);
      const after = (await said(mended, notation)).problems.map(({ code }) => code);
      expect(after).not.toContain('sample-unit-unread');
      // Only where it is another spelling is it the same unit.
      expect(after.includes('sample-unit-conflict')).toBe(added === 'unit: degC');
    });
    test.each([
      ['that it knows', shown('gap')],
      ['with Å', shown('length')],
      ['with a unit at the field', shown('period', ', unit: us')],
      ['whose name says that it is right', shown('heat', '', 'proton_charge')],
      ['of a text', shown('hits').replaceAll('float', 'string')],
    ])('%s: nothing', async (_what, yaml) => {
      const { problems } = await said(yaml, notation);
      expect(problems.map(({ code }) => code).filter((code) => code.includes('unit-unread'))).toEqual([]);
    });
  });

  describe('a date', () => {
    const withTime = (name: string, type: string, field = 'creationTime', fieldType = 'high_level', as = 'date') =>
      schemaText({
        variables: `t: {source: NXS, path: /entry/${name}, value_type: ${type}}`,
        fields: `t: {field_type: ${fieldType}, machine_name: ${field}, value: <t>, type: ${as}}`,
      });
    const local = 'local time of its server';
    const stored = 'stores it as it stands';
    test.each([
      ['naive', withTime('naive', 'date'), local],
      ['naive text', withTime('naive', 'string', 'endTime', 'high_level', 'string'), local],
      ['with a blank, as a date', withTime('blank', 'date'), local],
      ['with a fraction', withTime('fraction', 'date'), local],
      ['naive, as the start', withTime('naive', 'date', 'startTime'), stored],
      ['naive, in the metadata', withTime('naive', 'date', 'creationTime', 'scientific_metadata'), stored],
      ['in UTC', withTime('zulu', 'date'), undefined],
      ['with an offset', withTime('offset', 'string'), undefined],
      ['with hours', withTime('hours', 'date'), undefined],
      ['a day', withTime('day', 'date'), undefined],
      ['seconds', withTime('epoch', 'date'), undefined],
      ['a text in a field of texts', withTime('naive', 'string', 'description', 'high_level', 'string'), undefined],
      ['a text in the metadata', withTime('naive', 'string', 't', 'scientific_metadata', 'string'), undefined],
      ['no date at all', withTime('words', 'string', 'creationTime', 'high_level', 'string'), undefined],
      ['of now', withTime('zulu', 'date').replace('value: <t>', 'value: <now>'), undefined],
    ])('%s', async (_what, yaml, message) => {
      const { problems } = await said(yaml, notation);
      const found = problems.filter(({ code }) => code === 'date-without-time-zone');
      expect(found).toHaveLength(message === undefined ? 0 : 1);
      if (message !== undefined) expect(found[0]?.message).toContain(message);
      expect(found[0]?.severity ?? 'warning').toBe('warning');
    });

    test('that is written in the schema is told of once, where it stands', async () => {
      for (const type of ['date', 'string']) {
        const yaml = schemaText({
          variables: `t: {source: VALUE, value: '2024-03-02T10:11:12', value_type: ${type}}`,
          fields: 't: {field_type: high_level, machine_name: creationTime, value: <t>, type: date}',
        });
        const { problems } = await said(yaml, notation);
        expect(problems.filter(({ code }) => code === 'date-without-time-zone')).toHaveLength(1);
      }
    });

    test('is right with the offset that the message proposes', async () => {
      const before = withTime('naive', 'date');
      const { problems } = await said(before, notation);
      const advice = /“(<t>[^”]*)”/.exec(problems.find(({ code }) => code === 'date-without-time-zone')?.message ?? '');
      const after = await said(before.replace('value: <t>', `value: ${advice?.[1] ?? ''}`), notation);
      expect(after.problems.map(({ code }) => code)).not.toContain('date-without-time-zone');
      expect(after.dataset).toBe('2024-03-02T10:11:12+01:00');
    });

    test.runIf(notation === 'yaml')('that is silenced is not a reason to call the comment unused', () => {
      const quiet = withTime('naive', 'date').replace(
        '  t: {field_type',
        '  # imsc-ignore-next-line date-without-time-zone\n  t: {field_type',
      );
      expect(checkText(quiet, 'yaml').problems.map(({ code }) => code)).not.toContain('unused-suppression');
    });
  });
});

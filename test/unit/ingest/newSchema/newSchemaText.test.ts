import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import { checkDatasetField } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { newSchemaText } from '../../../../core/ingest/newSchema/newSchemaText.ts';
import { explainSelector } from '../../../../core/imsc/schema/selector.ts';
import { notations } from '../../../support/markers.ts';
import { openNexus } from '../../../../core/nexus/file.ts';
import type { NexusFile } from '../../../../core/nexus/model.ts';
import { evaluateWith, openSample } from '../../../support/snapshots.ts';

const file = await openSample();
const reactorFile = join(import.meta.dirname, '../../../../samples/elsewhere/reactor/sans2025n004217.hdf');
afterAll(() => file.close());

describe.each(notations)('a new schema in %s', (notation) => {
  it.each([
    { name: 'the usual values of a file', paths: [] },
    {
      name: 'chosen values',
      paths: ['/entry/sample/temperature', '/entry/sample/temperature_log/value', '/entry/title'],
    },
    { name: 'a value that says little', paths: ['/entry/monitor_1/data'] },
  ])('passes all checks: $name', async ({ paths }) => {
    const text = await newSchemaText(file, paths, notation, 'run');
    const { schema, problems } = checkText(text, notation, { datasetFields, refusalOf: checkDatasetField });
    const told = problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
    expect(told.filter(({ code }) => code !== 'placeholder-left')).toEqual([]);
    // What a person has to fill in, and nothing that the file has.
    const left = told.map(({ range }) => text.slice(range?.start, range?.end).replaceAll('"', ''));
    const capitals = /^(?:PREFIX\/<\w+>|PRINCIPAL INVESTIGATOR|OWNER(?:_GROUP)?|FACILITY:(?:INSTRUMENT|<\w+>))$/;
    expect(left.filter((each) => !capitals.test(each))).toEqual(['owner@example.org', 'contact@example.org']);
    expect(text.match(/\b(?:PREFIX|PRINCIPAL|OWNER|OWNER_GROUP|FACILITY)\b/g)).toHaveLength(left.length - 2);
    expect(schema.selector && explainSelector(schema.selector, file.path).matches).toBe(true);
    const evaluation = await evaluateWith(text, notation, file);
    const failed = [...evaluation.variables.values(), ...evaluation.fields].filter(
      ({ outcome }) => outcome.state === 'failed',
    );
    expect(failed).toEqual([]);
  });

  it('knows the people, the proposal and the instrument of a file', async () => {
    const text = await newSchemaText(file, [], notation, 'run');
    const { fields } = await evaluateWith(text, notation, file);
    const valueOf = (name: string): unknown => {
      const outcome = fields.find(({ machineName }) => machineName === name)?.outcome;
      return outcome?.state === 'known' && 'value' in outcome.value ? outcome.value.value : outcome;
    };
    expect(valueOf('proposalId')).toBe('443604');
    expect(valueOf('creationLocation')).toBe('FACILITY:CODA');
    expect(String(valueOf('principalInvestigator'))).toContain(', ');
    expect(String(valueOf('datasetName')).length).toBeGreaterThan(3);
  });

  it('makes the pid of the identifier in the file, also where nobody asked for that', async () => {
    const text = await newSchemaText(file, ['/entry/title'], notation, 'run');
    const { fields } = await evaluateWith(text, notation, file);
    const shown = Object.fromEntries(fields.map(({ machineName, outcome }) => [machineName, JSON.stringify(outcome)]));
    expect(shown['pid']).toContain('PREFIX/2f6f3f3e-8c0b-4b5e-9a43-6d1f6f2d7a10');
    expect(shown['ownerGroup']).toContain('443604');
    expect(shown['creationLocation']).toContain('FACILITY:CODA');
    // What was not asked for is no metadata.
    expect(Object.keys(shown)).not.toContain('job_id');
  });

  it('finds the instrument by its class, whatever the group is called', async () => {
    const other = await openNexus(reactorFile);
    const text = await newSchemaText(other, [], notation, 'run');
    const { fields } = await evaluateWith(text, notation, other);
    const place = fields.find(({ machineName }) => machineName === 'creationLocation');
    expect(JSON.stringify(place?.outcome)).toContain('FACILITY:SANS at a reactor');
    await other.close();
  });

  it('leaves out what no value type holds', async () => {
    const text = await newSchemaText(file, ['/entry/detector_image/data', '/entry/title'], notation, 'run');
    expect(text).toContain('/entry/title');
    expect(text).not.toContain('detector_image');
  });

  it.each(['type', 'startTime', 'owner'])(
    'keeps a value that is called %s beside the field of that name',
    async (name) => {
      const path = `/entry/log/${name}`;
      const text = await newSchemaText(withDataset(path), ['/entry/start_time', path], notation, 'run');
      const { schema } = checkText(text, notation);
      const names = schema.fields.map(({ machineName }) => machineName);
      expect(new Set(names)).toContain(name === 'type' ? 'log_type' : `${name}_2`);
      expect(names).toEqual(expect.arrayContaining(['type', 'startTime', 'owner']));
    },
  );
});

/** The sample, with one more dataset in it. */
function withDataset(added: string): NexusFile {
  return {
    path: file.path,
    read: (...args) => file.read(...args),
    children: (...args) => file.children(...args),
    describe: async (path) =>
      path === added ? { ...(await file.describe('/entry/sample/temperature')), path } : file.describe(path),
  } as Partial<NexusFile> as NexusFile;
}

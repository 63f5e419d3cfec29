import { describe, expect, it } from 'vitest';
import { previewModel } from '../../../client/preview/previewModel.ts';
import type { DatasetData, EvaluationData } from '../../../server/protocol.ts';

const evaluation: EvaluationData = {
  version: 3,
  sample: { file: '/data/run.nxs', state: 'ready' },
  variables: [
    {
      name: 'now',
      valueType: 'string',
      isFromScicat: false,
      outcome: { state: 'unknown', reason: 'only known in a run' },
    },
    {
      name: 'title',
      valueType: 'string',
      isFromScicat: false,
      position: { line: 2, character: 2 },
      outcome: { state: 'known', json: '"Run"', text: 'Run', unit: '', notes: [] },
    },
  ],
  fields: [
    {
      machineName: 'ownerEmail',
      fieldType: 'high_level',
      valueType: 'email',
      position: { line: 10, character: 2 },
      outcome: { state: 'known', json: '"nobody"', text: 'nobody', unit: '', notes: [] },
    },
    {
      machineName: 'temperature',
      fieldType: 'scientific_metadata',
      valueType: 'float',
      position: { line: 15, character: 2 },
      outcome: { state: 'failed', message: 'there is no such path' },
    },
    {
      machineName: 'gap',
      fieldType: 'scientific_metadata',
      valueType: 'float',
      position: { line: 18, character: 2 },
      outcome: { state: 'known', json: '1.5', text: '1.5', unit: 'mm', notes: [] },
      stored: '0.0015 m',
    },
  ],
  jobs: [
    {
      name: 'to tape',
      position: { line: 20, character: 2 },
      outcome: { state: 'known', json: '{}', text: "{'type': 'archive'}", unit: '', notes: [] },
    },
  ],
};

const dataset: DatasetData = {
  version: 3,
  json: '{}',
  problems: [
    { severity: 'error', message: 'no address of e-mail', position: { line: 13, character: 11 } },
    { severity: 'warning', message: 'left out', position: { line: 16, character: 4 } },
    { severity: 'error', message: 'The dataset has no owner' },
  ],
};

describe('what the preview shows', () => {
  const model = previewModel('coda.imsc.yml', evaluation, dataset);
  const row = (name: string) => model.tables.flatMap(({ rows }) => rows).find((each) => each.name === name);

  it('puts what SciCat would refuse with the field that is to blame', () => {
    expect(row('ownerEmail')?.notes).toEqual([{ severity: 'error', text: 'no address of e-mail' }]);
  });

  it('offers to ask SciCat where that has something to say, and nowhere else', () => {
    const outcome = { state: 'unknown', reason: 'SciCat was not asked' } as const;
    const proposal = { name: 'proposal', valueType: 'string', isFromScicat: true, outcome };
    const withProposal = { ...evaluation, variables: [...evaluation.variables, proposal] };
    expect(model.canAskScicat).toBe(false);
    expect(previewModel('coda.imsc.yml', withProposal, dataset).canAskScicat).toBe(true);
  });

  it('says what SciCat converts by itself', () => {
    expect(row('gap')).toMatchObject({ unit: 'mm', stored: '0.0015 m in SciCat' });
    expect(row('ownerEmail')?.stored).toBe('');
  });

  it('says a failure once', () => {
    expect(row('temperature')).toMatchObject({ state: 'failed', text: 'there is no such path', notes: [] });
  });

  it('shows what SciCat is asked for once the dataset is there', () => {
    expect(row('to tape')).toMatchObject({ state: 'known', text: "{'type': 'archive'}" });
  });

  it('keeps what belongs to no field on top', () => {
    expect(model.notes.map(({ text }) => text)).toEqual(['The dataset has no owner']);
  });

  it('keeps fields, metadata, jobs and variables apart', () => {
    expect(model.tables.map(({ id, rows }) => [id, rows.map(({ name }) => name)])).toEqual([
      ['fields', ['ownerEmail']],
      ['metadata', ['temperature', 'gap']],
      ['jobs', ['to tape']],
      ['variables', ['now', 'title']],
    ]);
  });

  it.each([
    [{ file: null, state: 'none' as const }, /No sample/],
    [{ file: '/a', state: 'unreadable' as const, message: 'It is damaged.' }, /damaged/],
    [{ file: null, state: 'untrusted' as const }, /trust/],
  ])('says why a sample shows nothing: %j', (sample, expected) => {
    expect(previewModel('a', { ...evaluation, sample }, dataset).sampleMessage).toMatch(expected);
  });
});

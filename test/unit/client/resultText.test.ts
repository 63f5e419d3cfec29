import { describe, expect, it } from 'vitest';
import { parseForShowing } from '../../../client/json.ts';
import type { DryRun } from '../../../client/results/dryRuns.ts';
import { resultModel } from '../../../client/results/resultModel.ts';
import { resultText } from '../../../client/results/resultText.ts';

const document = parseForShowing(`{
  "outcome": "planned",
  "schema": {"id": "1", "name": "CODA", "file": "/schemas/coda.imsc.yml"},
  "selection": {"usedFallback": false, "asked": [
    {"name": "LOKI", "file": "/schemas/loki.imsc.yml", "matches": false, "reason": "no /loki/ in it"},
    {"name": "CODA", "file": "/schemas/coda.imsc.yml", "matches": true, "reason": "it contains /coda/"}
  ]},
  "variables": {"t": {"error": {"code": "path-missing", "message": "there is no /entry/t"}}},
  "fields": {"temperature": {"value": 300.0, "unit": "K", "type": "float", "from": {"source": "VALUE"}},
    "gap": {"value": 1.5, "unit": "mm", "type": "float", "valueSI": 0.0015, "unitSI": "m", "from": {"source": "VALUE"}}},
  "dataset": {"pid": "p/1", "scientificMetadata": {"temperature": {"value": 300.0},
    "counts": {"value": [1, 2.0, 12345678901234567890]}, "note": {"value": "at 300.0 K, \\"300.0\\""}}},
  "files": [{"path": "a", "size": 1500}],
  "requests": [{"method": "POST", "url": "https://scicat.example/api/v3/datasets", "body": {}}],
  "problems": [{"code": "variable-failed", "severity": "warning", "message": "<t> has no value",
    "file": "/schemas/coda.imsc.yml", "range": {"start": {"line": 7, "column": 3}, "end": {"line": 7, "column": 4}}}]
}`);

describe('result of a dry run as text', () => {
  const { text, links } = resultText({ title: 'Dry run', file: '/data/a.nxs' }, document ?? {});
  const lines = text.split('\n');
  const linked = links.map(({ at, to, line, column }) => ({
    text: lines[at.line]?.slice(at.start, at.end),
    to,
    line,
    column,
  }));

  it.each([
    ['the outcome', /Outcome:.*Can be ingested/],
    ['where it would go', /SciCat:.*https:\/\/scicat\.example\/api\/v3/],
    ['the files', /Files:.*1, 1\.5 kB/],
    ['why a schema was not chosen', /no LOKI .*no \/loki\/ in it/],
    ['why one was', /\*\*yes\*\* CODA .*it contains \/coda\//],
    ['a value as it is written', /temperature \| 300\.0 +\| K +\| float/],
    ['what SciCat converts by itself', /gap +\| 1\.5 +\| mm \(0\.0015 m in SciCat\) \| float/],
    ['why a variable has none', /✗ there is no \/entry\/t/],
    ['the dataset as JSON', /"value": 300\.0\n/],
    ['numbers as they were written', /\[\n +1,\n +2\.0,\n +12345678901234567890\n/],
    ['texts with numbers as they are', /"at 300\.0 K, \\"300\.0\\""/],
  ])('says %s', (_, expected) => {
    expect(text).toMatch(expected);
  });

  it('leads from a problem to its place in the schema', () => {
    expect(linked).toContainEqual({
      text: '/schemas/coda.imsc.yml:7:3',
      to: '/schemas/coda.imsc.yml',
      line: 7,
      column: 3,
    });
  });

  it('leads from a selection to the schemas', () => {
    expect(linked).toContainEqual({ text: 'loki.imsc.yml', to: '/schemas/loki.imsc.yml' });
  });
});

describe('result of a dry run as a page', () => {
  const dryRun = { request: { file: '/data/a.nxs', context: {} }, when: new Date(0), document } as unknown as DryRun;
  const { model, places } = resultModel(dryRun);
  const rowsOf = (id: string) =>
    [...model.tables, ...(model.more ?? []).flatMap(({ tables }) => tables)].find((table) => table.id === id)?.rows ??
    [];

  it.each([
    ['problems', ['variable-failed', 'known', '<t> has no value', 'warning']],
    ['metadata', ['temperature', 'known', '300.0', 'float']],
    ['variables', ['t', 'failed', 'there is no /entry/t', '']],
    ['files', ['a', 'known', '', '']],
    ['schemas', ['loki.imsc.yml', 'known', 'no /loki/ in it', 'no']],
    ['requests', ['POST', 'known', 'https://scicat.example/api/v3/datasets', '']],
  ])('has %s, with values as they are written', (id, expected) => {
    const [first] = rowsOf(id);
    expect([first?.name, first?.state, first?.text.trim(), first?.type]).toEqual(expected);
  });

  it('has a head above each thing that stands in a row, and none above nothing', () => {
    const tables = [...model.tables, ...(model.more ?? []).flatMap((tab) => tab.tables)];
    const told = tables.filter(({ columns }) => columns);
    expect(told.map(({ id }) => id)).toEqual(['problems', 'schemas', 'files', 'requests']);
    for (const { id, columns, rows } of told)
      for (const key of ['name', 'text', 'unit', 'type'] as const)
        if (rows.some((row) => row[key].trim() !== '')) expect(columns?.[key], `${id}: ${key}`).toMatch(/\w/);
    expect(model.more?.map(({ title }) => title)).toEqual(['Which Schema', 'Files', 'Requests']);
  });

  it('says what SciCat holds otherwise, where the file is there already', () => {
    const differences = [{ field: 'datasetName', stored: 'old', wanted: 'new' }];
    const there = resultModel({ ...dryRun, document: { ...dryRun.document, outcome: 'already-present', differences } });
    expect(there.model.tables.find(({ id }) => id === 'differences')?.rows).toEqual([
      expect.objectContaining({
        name: 'datasetName',
        text: 'new',
        notes: [{ severity: 'information', text: 'In SciCat: old' }],
      }),
    ]);
  });

  it('leads from each value into the schema, and from a problem to its place', () => {
    expect(places.get(rowsOf('metadata')[0]?.opens ?? '')).toEqual({
      kind: 'named',
      name: 'temperature',
      isField: true,
    });
    expect(places.get(rowsOf('variables')[0]?.opens ?? '')).toEqual({ kind: 'named', name: 't', isField: false });
    expect(places.get(rowsOf('problems')[0]?.opens ?? '')).toEqual({
      kind: 'file',
      file: '/schemas/coda.imsc.yml',
      line: 7,
      column: 3,
    });
  });

  it.each([
    ['planned', undefined, 'information', /^Can be ingested/, ['ingest', 'again', 'asText']],
    [
      'unknown',
      'nothing answers there',
      'warning',
      /^Cannot be told.*nothing answers there$/,
      ['signIn', 'again', 'asText'],
    ],
    ['failed', undefined, 'error', /^Failed\. <t> has no value$/, ['again', 'asText']],
  ])('says of %s in a line what is known and what can be done', (outcome, offline, severity, text, actions) => {
    const request = { ...dryRun.request, offline };
    const { outcome: said } = resultModel({ ...dryRun, request, document: { ...dryRun.document, outcome } }).model;
    expect(said).toMatchObject({ severity, actions });
    expect(said?.text).toMatch(text);
  });
});

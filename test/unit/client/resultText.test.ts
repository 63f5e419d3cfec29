import { describe, expect, it } from 'vitest';
import { parseForShowing } from '../../../client/json.ts';
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

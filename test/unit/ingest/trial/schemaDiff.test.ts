import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SchemaComparison } from '../../../../core/ingest/trial/schemaDiff.ts';
import { fileName, inNotation, notations } from '../../../support/markers.ts';
import { schemaText } from '../../../support/schemaTexts.ts';

const sample = path.resolve(import.meta.dirname, '../../../../samples/data/coda/2025/443604/raw/443604_00001017.nxs');
const title = 'title: {source: NXS, path: /entry/title, value_type: string}';
const item = (label: string, keys: string): string => `${label}: {field_type: scientific_metadata, ${keys}}\n`;
const mode = item('mode', 'machine_name: mode, value: white, type: string');
const others = item('other', 'machine_name: other, value: <title>, type: string, unit: m');

describe.each(notations)('what changes of the scientific metadata, with schemas in %s', (notation) => {
  it.each<[string, string, string, readonly string[]]>([
    ['nothing', mode, mode, []],
    ['the label alone', mode, mode.replace('mode:', 'way:'), []],
    ['a value', mode, mode.replace('white', 'pulsed'), ['mode']],
    ['what people call it', mode, mode.replace('value:', 'human_name: Mode, value:'), ['mode']],
    ['a unit', mode, mode.replace('type: string', 'type: string, unit: K'), ['mode']],
    ['a type', item('n', 'machine_name: n, value: 3, type: integer'), item('n', 'machine_name: n, value: 3, type: float'), ['n']], // prettier-ignore
    ['one that is gone', mode, '', ['mode']],
    ['one that has come', '', mode, ['mode']],
    ['one that has no value any more', mode, mode.replace('white', '<nothing>'), ['mode']],
    ['the second of two of one name', mode + mode.replace('mode:', 'two:'), mode + mode.replace('mode:', 'two:').replace('white', 'x'), ['mode']], // prettier-ignore
    ['where it stands', mode + others, others + mode, []],
  ])('%s', async (_, before, after, changed) => {
    const file = path.resolve(fileName('a', notation));
    const side = (fields: string) => ({
      chosen: file,
      texts: [[file, inNotation(schemaText({ variables: title, fields: others + fields }), notation)]] as const,
    });
    const found = await SchemaComparison.of({ before: side(before), after: side(after) }).compare(sample);
    expect(found.changes.map(({ part, name }) => `${part} ${name}`)).toEqual(
      changed.map((name) => `scientific_metadata ${name}`),
    );
  });
});

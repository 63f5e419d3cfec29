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

const a = 'a: {source: VALUE, value: white, value_type: string}\n';
const b = 'b: {source: VALUE, value: <a> beam, value_type: string}\n';
const beam = item('beam', 'machine_name: beam, value: <b>, type: string');
const byDefault = 'b: {source: NXS, path: /entry/nothing, value_type: string, default: <a>}\n';
const ofSchema = 'b: {source: VALUE, value: <ingestor_metadata_schema_id>, value_type: string}\n';
const nowFails = 'now: {source: NXS, path: /entry/nothing, value_type: string}\n';
const ofNow = 'b: {source: VALUE, value: at <now>, value_type: string}\n';

interface Texts {
  readonly variables: string;
  readonly id?: string;
}

describe.each(notations)('what changes behind an item that is the same in both, with schemas in %s', (notation) => {
  it.each<[string, Texts, Texts, boolean]>([
    ['nothing', { variables: a + b }, { variables: a + b }, false],
    ['a variable of a variable', { variables: a + b }, { variables: a.replace('white', 'pulsed') + b }, true],
    ['what is not asked for', { variables: a + b }, { variables: a + b + 'c: {source: VALUE, value: x, value_type: string}\n' }, false], // prettier-ignore
    ['the order of two of them', { variables: a + b }, { variables: b + a }, true],
    ['a name that is gone', { variables: a + b }, { variables: a.replace('a:', 'c:') + b }, true],
    ['a name and all that refer to it', { variables: a + b }, { variables: (a + b).replace('a:', 'c:').replace('<a>', '<c>') }, false], // prettier-ignore
    ['what a default refers to', { variables: a + byDefault }, { variables: a.replace('white', 'pulsed') + byDefault }, true], // prettier-ignore
    ['the id of the schema', { variables: ofSchema }, { variables: ofSchema, id: 'another' }, true],
    ['the id of the schema, of which nothing is made', { variables: a + b }, { variables: a + b, id: 'another' }, false], // prettier-ignore
    ['a built-in name that fails', { variables: ofNow }, { variables: nowFails + ofNow }, false],
    ['a built-in name', { variables: ofNow }, { variables: nowFails.replace('nothing', 'title') + ofNow }, true],
  ])('%s', async (_, before, after, isChanged) => {
    const file = path.resolve(fileName('a', notation));
    const side = ({ variables, id }: Texts) => {
      const text = schemaText({ variables, fields: beam }).replace(/^id: .*/m, (line) => (id ? `id: ${id}` : line));
      return { chosen: file, texts: [[file, inNotation(text, notation)]] as const };
    };
    const found = await SchemaComparison.of({ before: side(before), after: side(after) }).compare(sample);
    expect(found.changes.map(({ name }) => name)).toEqual(isChanged ? ['beam'] : []);
  });
});

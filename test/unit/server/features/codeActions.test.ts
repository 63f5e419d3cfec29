import { describe, expect, it } from 'vitest';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import type { Notation } from '../../../../core/imsc/tree/tree.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { allOffers } from '../../../../server/features/codeAction.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { schemaText } from '../../../support/schemaTexts.ts';
import { applied, snapshotOf } from '../../../support/snapshots.ts';

function offersAt(marked: string, notation: Notation) {
  const { snapshot, text, cursor, ranges } = snapshotOf(marked, notation);
  const range = ranges[0] ?? { start: cursor, end: cursor };
  const offers = allOffers({ snapshot, range, problems: snapshot.problemsIn(), evaluation: undefined });
  const after = (title: RegExp): string => {
    const offer = offers.find((each) => title.test(each.title));
    if (!offer) throw new Error(`nothing like ${String(title)} among ${offers.map((each) => each.title).join('; ')}`);
    return applied(text, offer.edits);
  };
  return { offers, after, text };
}

/** What a text says, whatever its layout. */
function meaning(text: string, notation: Notation) {
  const tree = parseTree(text, notation);
  expect(tree.problems.filter(({ code }) => code === 'syntax')).toEqual([]);
  return valueOf(tree.root);
}

const misspelt = schemaText({
  variables: `
a:
  source: VALUE
  value: <job_¦ids>
  value_type: string
b:
  source: VALUE
  value: <job_ids> <a>
  operator: to_lower
  value_type: string`,
  fields: 'b:\n  field_type: scientific_metadata\n  machine_name: b\n  value: <b>\n  type: string',
});

/** A whole schema around a misspelt word, and the word that is meant. */
const nearNames: readonly (readonly [yaml: string, right: string])[] = [
  ...[
    ['source: ¦NXZ', 'NXS'],
    ['source: ¦XNS', 'NXS'],
    ['source: ¦VALEU', 'VALUE'],
    ['source: ¦CS', 'SC'],
    ['source: NXS\n  ¦paht: /entry/title', 'path'],
    ['source: NXS\n  path: /entry/title\n  ¦value_tpye: string', 'value_type'],
    ['source: VALUE\n  value: x\n  value_type: ¦stirng', 'string'],
    ['source: VALUE\n  value: 1\n  value_type: ¦flaot', 'float'],
    ['source: VALUE\n  value: x\n  ¦opertaor: dirname\n  value_type: string', 'operator'],
    ['source: VALUE\n  value: x\n  operator: ¦dirnmae\n  value_type: string', 'dirname'],
    ['source: SC\n  url: ¦propsoals/1\n  field: title\n  value_type: string', 'proposals/1'],
  ].map(([keys, right]) => [schemaText({ variables: `thing:\n  ${keys ?? ''}` }), right ?? ''] as const),
  ...[
    ['field_type: ¦scientific', 'scientific_metadata'],
    ['field_type: ¦metadata', 'scientific_metadata'],
    ['field_type: ¦hihg_level', 'high_level'],
    ['field_type: scientific_metadata\n  machine_name: a\n  value: x\n  ¦tpye: string', 'type'],
    ['field_type: scientific_metadata\n  machine_name: a\n  ¦vlaue: x', 'value'],
    ['field_type: scientific_metadata\n  machine_name: a\n  value: x\n  type: string\n  ¦nuit: K', 'unit'],
    ['field_type: high_level\n  machine_name: ¦ownerGruop', 'ownerGroup'],
    ['field_type: high_level\n  machine_name: ¦location', 'creationLocation'],
  ].map(([keys, right]) => [schemaText({ fields: `thing:\n  ${keys ?? ''}` }), right ?? ''] as const),
  ...[
    ['¦fielname:contains:/coda/', 'filename'],
    ['filename:¦contians:/coda/', 'contains'],
  ].map(
    ([selector, right]) => [schemaText().replace('filename:contains:/coda/', selector ?? ''), right ?? ''] as const,
  ),
];

const moved = schemaText({
  variables: `
first:
  source: VALUE
  value: of <la¦ter>
  value_type: string
between:
  source: VALUE
  value: x
  value_type: string
later:
  source: VALUE
  value: <job_id>
  value_type: string`,
});

const literal = schemaText({
  variables: 'folder:\n  source: VALUE\n  value: /data/«job_id»/raw\n  value_type: string',
});

describe.each(notations)('in %s', (notation) => {
  const codes = (text: string): string[] =>
    checkText(text, notation, { datasetFields }).problems.map(({ code }) => code);

  it('fixes one problem', () => {
    const { after } = offersAt(inNotation(misspelt, notation), notation);
    const fixed = inNotation(misspelt.replace('¦', '').replace('<job_ids>', '<job_id>'), notation);
    expect(after(/^Change to <job_id>$/)).toBe(fixed);
  });

  it.each(nearNames)('offers the near name %$', (yaml, right) => {
    const { offers, text } = offersAt(inNotation(yaml, notation), notation);
    const offer = offers.find(({ problem, preferred }) => problem !== undefined && preferred === true);
    const misspelt = /¦([\w/]+)/.exec(yaml)?.[1] ?? '';
    expect(meaning(applied(text, offer?.edits ?? []), notation)).toEqual(
      meaning(text.replace(misspelt, right), notation),
    );
  });

  it.each([
    ['¦source: NXS\n  value_type: string', 'path'],
    ['¦path: /entry/title\n  source: NXS', 'value_type'],
    ['¦path: /entry/title\n  value_type: string', 'source'],
    ['¦source: SC\n  field: title\n  value_type: string', 'url'],
    ['¦source: VALUE\n  value_type: string', 'value'],
  ])('adds the key that is missing in %j: %s', (keys, key) => {
    const yaml = schemaText({ variables: `thing:\n  ${keys}` });
    const { after } = offersAt(inNotation(yaml, notation), notation);
    const added = schemaText({ variables: `thing:\n  ${keys.replace('¦', '')}\n  ${key}: ''` });
    expect(meaning(after(new RegExp(`^Add “${key}”$`)), notation)).toEqual(
      meaning(inNotation(added, notation), notation),
    );
  });

  it.each([
    ['source: NXS\n  value_type: string', ['path']],
    ['source: NXS', ['value_type', 'path']],
    ['source: SC\n  value_type: string', ['url']],
    ['path: /entry/title\n  value_type: string', ['source']],
  ])('adds the keys that are missing in %j also at the name that nothing uses: %s', (keys, missing) => {
    const yaml = schemaText({ variables: `¦thing:\n  ${keys}` });
    const { offers, after } = offersAt(inNotation(yaml, notation), notation);
    const titles = offers.filter(({ kind }) => kind === 'quickfix').map(({ title }) => title);
    expect(titles.filter((title) => /^(?:Add|Remove) /.test(title))).toEqual([
      ...missing.map((key) => `Add “${key}”`),
      'Remove “thing”',
    ]);
    for (const key of missing) {
      const added = schemaText({ variables: `thing:\n  ${keys}\n  ${key}: ''` });
      expect(meaning(after(new RegExp(`^Add “${key}”$`)), notation)).toEqual(
        meaning(inNotation(added, notation), notation),
      );
    }
  });

  it.each([
    ['a field', '', 'p:\n  field_type: scientific_metadata\n  machine_name: p\n  value: <¦fresh>\n  type: string'],
    ['a variable', 'a:\n  source: VALUE\n  value: x <¦fresh>\n  value_type: string', ''],
  ])('creates a variable that %s refers to', (_, variables, fields) => {
    const { after, text } = offersAt(inNotation(schemaText({ variables, fields }), notation), notation);
    const created = after(/^Create the variable <fresh>$/);
    expect(codes(text)).toContain('unknown-variable');
    expect(codes(created)).not.toContain('unknown-variable');
    expect(codes(created)).not.toContain('used-before-definition');
    // It stays reported until its path is written.
    expect(codes(created)).toContain('path-empty');
  });

  it('fixes all of one kind', () => {
    const { after } = offersAt(inNotation(misspelt, notation), notation);
    const fixed = inNotation(misspelt.replace('¦', '').replaceAll('<job_ids>', '<job_id>'), notation);
    expect(after(/^Fix all 2 problems of the kind “unknown-variable”$/)).toBe(fixed);
  });

  it('fixes everything that has an obvious fix', () => {
    const { after, offers } = offersAt(inNotation(misspelt, notation), notation);
    const fixed = misspelt.replace('¦', '').replaceAll('<job_ids>', '<job_id>').replace('to_lower', 'to-lower');
    expect(after(/^Fix all problems that/)).toBe(inNotation(fixed, notation));
    expect(offers.find(({ title }) => title.startsWith('Fix all problems that'))?.kind).toBe('source.fixAll.imsc');
  });

  it.each([
    ['line', /^Silence “unknown-variable” on this line$/, 1],
    ['file', /^Silence “unknown-variable” in this file$/, 0],
  ])('silences a problem for the %s', (_name, title, left) => {
    const { after } = offersAt(inNotation(misspelt, notation), notation);
    const found = codes(after(title));
    expect(found.filter((code) => code === 'unknown-variable')).toHaveLength(left);
    expect(found).not.toContain('unused-suppression');
  });

  it('moves a definition above its first use', () => {
    const { after } = offersAt(inNotation(moved, notation), notation);
    const result = after(/^Move the definition of <later> above <first>$/);
    expect(codes(result)).not.toContain('used-before-definition');
    const names = [...result.matchAll(/^\s*"?(first|between|later)"?:/gm)].map((match) => match[1]);
    expect(names).toEqual(['later', 'first', 'between']);
    expect(meaning(result, notation)).toMatchObject({ kind: 'dict' });
  });

  it('turns the name of a variable into a reference', () => {
    const { after } = offersAt(inNotation(literal, notation), notation);
    const expected = inNotation(literal.replace('«job_id»', '<job_id>'), notation);
    expect(after(/^Replace “job_id” with <job_id>$/)).toBe(expected);
  });

  it('extracts a part of a text into a variable above it', () => {
    const marked = literal.replace('/data/«job_id»/raw', '«/data»/<job_id>/raw');
    const { after } = offersAt(inNotation(marked, notation), notation);
    const result = after(/^Extract “\/data” into/);
    const expected = schemaText({
      variables:
        'folder_text:\n  source: VALUE\n  value: /data\n  value_type: string\nfolder:\n  source: VALUE\n  value: <folder_text>/<job_id>/raw\n  value_type: string',
    });
    expect(meaning(result, notation)).toEqual(meaning(expected, 'yaml'));
  });

  it('extracts a value of a field', () => {
    const marked = schemaText({
      fields: 'type:\n  field_type: high_level\n  machine_name: type\n  value: ra¦w\n  type: string',
    });
    const result = offersAt(inNotation(marked, notation), notation).after(/^Extract “raw” into/);
    expect(codes(result)).not.toContain('unknown-variable');
    expect(result).toContain('<type_text>');
  });

  it('does not tear a reference apart', () => {
    const marked = literal.replace('/data/«job_id»/raw', '/data«/<job»_id>/raw');
    const { offers } = offersAt(inNotation(marked, notation), notation);
    expect(offers.filter(({ kind }) => kind === 'refactor.extract')).toEqual([]);
  });

  it('adds all mandatory fields that are missing', () => {
    const { after } = offersAt(inNotation(schemaText().replace('schema:', 'sch¦ema:'), notation), notation);
    const result = after(/^Add the \d+ mandatory fields that are missing$/);
    expect(codes(result)).not.toContain('mandatory-field-missing');
  });

  it('makes edits that lie in the text and leave it readable, at every place', () => {
    const text = inNotation(misspelt.replace('¦', ''), notation);
    for (let cursor = 0; cursor <= text.length; cursor += 5) {
      const { offers } = offersAt(`${text.slice(0, cursor)}¦${text.slice(cursor)}`, notation);
      for (const { edits } of offers) meaning(applied(text, edits), notation);
    }
  });
});

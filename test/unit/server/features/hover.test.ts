import { afterAll, describe, expect, it } from 'vitest';
import { explainAt } from '../../../../server/features/hover.ts';
import { hintsOf } from '../../../../server/features/inlayHint.ts';
import { signatureAt } from '../../../../server/features/signatureHelp.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { schemaText } from '../../../support/schemaTexts.ts';
import { applied, evaluateWith, openSample, snapshotOf } from '../../../support/snapshots.ts';

const file = await openSample();
afterAll(() => file.close());

const whole = schemaText({
  variables: `
title:
  source: NXS
  path: /entry/title
  value_type: string
temperature:
  source: NXS
  path: /entry/sample/temperature
  value_type: float
image:
  source: NXS
  path: /entry/detector_image/data
  value_type: integer
names:
  source: NXS
  path: /entry/user_*/name
  value_type: string[]
team:
  source: VALUE
  operator: join_with_space
  value: <names>
  value_type: string
wrong:
  source: NXS
  path: /entry/titel
  value_type: string
depends:
  source: VALUE
  value: of <wrong>
  value_type: string
milli:
  source: VALUE
  operator: convert_unit
  value: <temperature>
  to: mK
  value_type: float
asked:
  source: SC
  url: datasets?filter=%7B%22where%22%3A%7B%22pid%22%3A1%7D%7D
  value_type: list`,
  fields: `
name:
  field_type: high_level
  machine_name: datasetName
  value: <title> by <team>
  type: string
mail:
  field_type: high_level
  machine_name: ownerEmail
  value: nobody
  type: string
temperature:
  field_type: scientific_metadata
  machine_name: temperature
  value: <temperature>
  type: float
gap:
  field_type: scientific_metadata
  machine_name: gap
  value: '1.5'
  type: float
  unit: mm
hits:
  field_type: scientific_metadata
  machine_name: hits
  value: '7'
  type: integer
  unit: counts`,
});

/** Where one looks: the text around the cursor, and what must be said there. */
const cases: readonly (readonly [name: string, place: string, ...said: readonly (string | RegExp)[]])[] = [
  ['a reference', '<ti¦tle> by', '`<title>`', '`/entry/title`', /Value: `.+`/, 'Read from'],
  ['a definition', '  temp¦erature:\n    source: NXS', 'Value: `', 'in `K`', 'The unit is that of the file'],
  ['a computed variable', 'by <te¦am>', 'Computed from `<names>`, by `join_with_space`'],
  ['a variable that fails', 'of <wr¦ong>', '**No value:**', '/entry/titel'],
  ['a built-in variable', '<ingestor_r¦un_id>', 'built-in', 'only known in a run'],
  ['a path', '/entry/sample/temp¦erature', '`float64`, scalar, unit `K`', 'Value: `'],
  ['a path of many values', '/entry/detector_image/da¦ta', '`int32`, [24 × 24], unit `counts`'],
  ['a wildcard', '/entry/user_¦*/name', 'matches', '`/entry/user_1/name`: `'],
  ['a path that is missing', '/entry/ti¦tel', 'Did you mean `/entry/title`?'],
  ['an operator', 'join_with_sp¦ace', 'joins the texts', '→'],
  ['a value type', 'value_type: strin¦g[]', 'list of texts', '→'],
  ['a source', 'source: N¦XS\n    path: /entry/title', 'a value from the NeXus file'],
  ['a key', 'pa¦th: /entry/title', 'NeXus path of a dataset', 'Must be there'],
  ['a general key', 'ord¦er: 1', 'lower is earlier'],
  ['a filter', 'filter=%7B%22wh¦ere', '"where": {', '"pid": 1'],
  ['a dataset field', 'machine_name: dataset¦Name', 'Short title', '**Mandatory**', '`string`'],
  ['a field', '  ma¦il:', 'SciCat will refuse this', 'e-mail'],
  ['a value of a field', 'value: no¦body', 'Value: `nobody`', 'SciCat will refuse this'],
  [
    'a conversion',
    'operator: conv¦ert_unit',
    'The result has the unit `to`',
    /1500\.0 mm, to: "?m/,
    'Understood by imsc only',
  ],
  ['what was converted', 'mill¦i:', 'Value: `', 'in `mK`'],
  ['a field with a unit', '  ga¦p:', 'Value: `1.5` in `mm`', 'SciCat will also store `0.0015 m` (`valueSI`, `unitSI`)'],
  ['a value with a unit', "value: '1.¦5'", 'SciCat will also store `0.0015 m`'],
  ['a unit', 'unit: m¦m', 'SciCat will also store `0.0015 m`', 'unit, if not that of the variable'],
  ['a unit that SciCat does not know', 'unit: cou¦nts', /^(?![^]*SciCat will also store)/],
  ['a field type', 'field_type: scientific_meta¦data', 'an item of the scientific metadata'],
  ['a selector', 'filename:cont¦ains:/coda/', '**True** for the sample', 'contains “/coda/”'],
];

function placed(place: string): string {
  const text = place.replace('¦', '');
  if (!whole.includes(text)) throw new Error(`${text} is not in the schema`);
  return whole.replace(text, place);
}

describe.each(notations)('in %s', (notation) => {
  it.each(cases.map(([name, ...rest]) => ({ name, rest })))(
    'hover explains $name',
    async ({ rest: [place, ...said] }) => {
      const { snapshot, text, cursor } = snapshotOf(inNotation(placed(place), notation), notation);
      const evaluation = await evaluateWith(text, notation, file);
      const found = await explainAt(snapshot, cursor, { evaluation, file });
      for (const each of said) {
        expect(found?.markdown).toMatch(typeof each === 'string' ? new RegExp(escaped(each)) : each);
      }
      expect(found?.range.start).toBeLessThanOrEqual(cursor);
      expect(found?.range.end).toBeGreaterThanOrEqual(cursor);
    },
  );

  it('hover says why a value is unknown, and is not an error', async () => {
    const { snapshot, cursor } = snapshotOf(inNotation(placed('/entry/ti¦tle'), notation), notation);
    expect((await explainAt(snapshot, cursor))?.markdown).toContain('Choose a sample file');
  });

  it('hints show values, reasons of failures, and mark what is unknown', async () => {
    const { snapshot, text } = snapshotOf(inNotation(whole, notation), notation);
    const evaluation = await evaluateWith(text, notation, file);
    const hints = hintsOf(snapshot, evaluation);
    const shown = applied(
      text,
      hints.map(({ offset, label }) => ({ range: { start: offset, end: offset }, newText: ` ⟦${label}⟧` })),
    );
    const line = (start: string) => shown.split('\n').find((each) => each.replaceAll('"', '').trim().startsWith(start));
    expect(line('path: /entry/sample/temperature')).toMatch(/⟦= [\d.]+ K⟧$/);
    expect(line('path: /entry/titel')).toMatch(/⟦✗ .*titel.*⟧$/);
    expect(line('value: nobody')).toMatch(/⟦= nobody⟧$/);
    expect(line('url: datasets')).toMatch(/⟦\?⟧$/);
    expect(hints.find(({ label }) => label === '?')?.tooltip).toContain('only known in a run');
    expect(hints).toHaveLength(snapshot.schema.variables.length + snapshot.schema.fields.length);
    expect(hints.every(({ label }) => label.length <= 64)).toBe(true);
  });

  it.each([
    ['getitem', 'the number of the item in a list', 'regex'],
    ['regex', 'the number of the group', 'getitem'],
  ])('hover on an argument of %s tells what it is for this one', async (operator, said, other) => {
    const text = schemaText({
      variables: `part:\n  source: VALUE\n  operator: ${operator}\n  value: <job_id>\n  fie¦ld: 1\n  value_type: string`,
    });
    const { snapshot, cursor } = snapshotOf(inNotation(text, notation), notation);
    const markdown = (await explainAt(snapshot, cursor))?.markdown;
    expect(markdown).toContain(said);
    expect(markdown).not.toContain(other);
  });

  it('signature help tells the arguments of an operator and which one is written', () => {
    const text = schemaText({
      variables:
        'part:\n  source: VALUE\n  operator: str-replace\n  value: <job_id>\n  pattern: a¦b\n  value_type: string',
    });
    const { snapshot, cursor } = snapshotOf(inNotation(text, notation), notation);
    const help = signatureAt(snapshot, cursor);
    expect(help?.signatures[0]?.label).toMatch(/^str-replace\(value, pattern\??, replacement\??\)$/);
    expect(help?.activeParameter).toBe(1);
    const elsewhere = snapshotOf(inNotation(text.replace('¦', '').replace('string', 'str¦ing'), notation), notation);
    expect(signatureAt(elsewhere.snapshot, elsewhere.cursor)?.signatures[0]?.label ?? '').not.toContain('str-replace(');
  });
});

it('hover explains the codes in comments', async () => {
  const { snapshot, cursor } = snapshotOf('# imsc-ignore-next-line unused-vari¦able\nid: 1\n', 'yaml');
  expect((await explainAt(snapshot, cursor))?.markdown).toContain('nothing uses');
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

it.each([
  ['x: &ba¦se\n    unit: K\n    path: /a\ny: *base\nz: *base\n', '`&base` is taken 2 times, as `*base`.'],
  ['x: &base\n    unit: K\n    path: /a\ny: *ba¦se\n', 'in line 1:\n\n```yaml\nunit: K\npath: /a\n```'],
  ['x: &text a <b>\nvariables: {v: {<<: {value: *tex¦t}}}\n', '```yaml\na <b>\n```'],
])('explains anchors and aliases: %j', async (marked, wanted) => {
  const { snapshot, cursor } = snapshotOf(marked, 'yaml');
  expect((await explainAt(snapshot, cursor))?.markdown).toContain(wanted);
});

/** Short schemas, and what must and must not be said at the cursor. */
const short: readonly (readonly [what: string, marked: string, said: readonly string[], silent?: readonly string[]])[] = [
  ['a filter that is no address', 'variables:\n  x:\n    source: SC\n    url: datasets?filter=%7Bwh¦ere%2\n', ['`filter`: the percent signs are broken.']],
  ['one of two filters', 'variables:\n  x:\n    source: SC\n    url: datasets?filter=%7B%22a%22%3A1%7D&other=2¦2\n', ['`other` of `datasets`'], ['"a"']],
  ['all filters, beside them', 'variables:\n  x:\n    source: SC\n    url: data¦sets?filter=%7B%22a%22%3A1%7D&other=2\n', ['`filter` of `datasets`', '"a": 1', '`other` of `datasets`']],
  ['a field under the other name of the section', 'schemas:\n  x:\n    field_type: high_level\n    machine_name: owner¦Email\n', ['ownerEmail']],
  ['a condition of several', 'selector:\n  and:\n    - {source: filename, operator: contains, operand_2: na¦da}\n    - {source: filename, operator: contains, operand_2: coda}\n', ['**False** for the sample', 'The selector as a whole: **False**', 'nada']],
  ['what joins conditions', 'selector:\n  o¦r:\n    - {source: filename, operator: contains, operand_2: nada}\n    - {source: filename, operator: contains, operand_2: coda}\n', ['one']],
]; // prettier-ignore

describe.each(notations)('in a short schema in %s', (notation) => {
  it.each(short.map(([what, yaml, said, silent = []]) => ({ what, yaml, said, silent })))(
    'hover explains $what',
    async ({ yaml, said, silent }) => {
      const { snapshot, cursor } = snapshotOf(inNotation(yaml, notation), notation);
      const markdown = (await explainAt(snapshot, cursor, { file }))?.markdown ?? '';
      for (const each of said) expect(markdown).toContain(each);
      for (const each of silent) expect(markdown).not.toContain(each);
    },
  );
});

describe.each(notations)('hovers on what only some ingestors understand, in %s', (notation) => {
  it.each([
    ['an attribute', "path: '/entry/monitor_1@sig¦nal'", ['attribute', 'Value: `"data"`']],
    ['a path by class', "path: '/entry/:NXu¦ser/name'", ['2 matches', '/entry/user_2/name']],
    ['one path of several', 'path: [/entry0/title, /entry/ti¦tle]', ['MnF2 powder']],
    ['a key', "path: /entry/title\n    defa¦ult: 'a'", ['Understood by imsc only']],
  ])('%s', async (_, keys, expected) => {
    const marked = inNotation(`variables:\n  x:\n    source: NXS\n    ${keys}\n`, notation);
    const { snapshot, cursor } = snapshotOf(marked, notation);
    const found = await explainAt(snapshot, cursor, { file });
    for (const part of expected) expect(found?.markdown).toContain(part);
  });

  it('tells that a default was taken, and why', async () => {
    const text = inNotation(
      "variables:\n  x: {source: NXS, path: /entry/pressure, value_type: float, default: '1'}\n  y: {source: VALUE, value: '<x¦>', value_type: float}\n",
      notation,
    );
    const { snapshot, cursor } = snapshotOf(text, notation);
    const evaluation = await evaluateWith(snapshot.text, notation, file);
    const found = await explainAt(snapshot, cursor, { evaluation, file });
    expect(found?.markdown).toContain('The default, because there is no value');
  });
});

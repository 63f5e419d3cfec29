import { afterAll, describe, expect, it } from 'vitest';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import type { Notation } from '../../../../core/imsc/tree/tree.ts';
import { withoutPlaceholders } from '../../../../server/features/completion/proposal.ts';
import type { Proposal } from '../../../../server/features/completion/proposal.ts';
import { propose } from '../../../../server/features/completion/propose.ts';
import type { Knowledge } from '../../../../server/features/completion/propose.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { applied, evaluateWith, openSample, snapshotOf } from '../../../support/snapshots.ts';

const file = await openSample();
afterAll(() => file.close());

async function proposalsAt(marked: string, notation: Notation, knowledge: Knowledge = {}) {
  const { snapshot, text, cursor } = snapshotOf(marked, notation);
  const { items, incomplete } = await propose(snapshot, cursor, knowledge);
  return { items: [...items].sort((a, b) => a.rank - b.rank), incomplete, text, cursor };
}

function labels(items: readonly Proposal[]): string[] {
  return items.map(({ label }) => label);
}

/** The text after a proposal was taken, placeholders filled with what they suggest. */
function taken(text: string, items: readonly Proposal[], label: string): string {
  const proposal = items.find((item) => item.label === label);
  if (!proposal) throw new Error(`“${label}” is not among ${labels(items).join(', ')}`);
  const newText = proposal.isSnippet ? withoutPlaceholders(proposal.edit.newText) : proposal.edit.newText;
  return applied(text, [{ range: proposal.edit.range, newText }, ...(proposal.also ?? [])]);
}

/** A variable with some keys, below one that can be referred to. */
function variable(keys: string): string {
  const lines = keys.split('\n').map((line) => `    ${line}\n`);
  return `variables:\n  above:\n    source: NXS\n    path: /entry/title\n    value_type: string\n  it:\n${lines.join('')}  below:\n    source: VALUE\n    value: x\n    value_type: string\n`;
}

function field(keys: string): string {
  return `variables:\n  title:\n    source: NXS\n    path: /entry/title\n    value_type: date\nschema:\n  pid:\n    field_type: high_level\n    machine_name: pid\n    value: x\n    type: string\n  it:\n${keys
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}`;
}

/** What is typed, which proposal is taken, and what then stands there; in both notations. */
const edits: readonly (readonly [name: string, before: string, label: string, after: string])[] = [
  ['a source', variable('source: ¦'), 'NXS', variable('source: NXS')],
  ['a source that is begun', variable('source: V¦'), 'VALUE', variable('source: VALUE')],
  ['a source that is another', variable('source: N¦XS'), 'SC', variable('source: SC')],
  ['a value type', variable('value_type: str¦'), 'string[]', variable('value_type: string[]')],
  ['an operator', variable('source: VALUE\noperator: ¦'), 'to-lower', variable('source: VALUE\noperator: to-lower')],
  ['a unit', variable('source: NXS\nunit: ¦'), '1/angstrom', variable('source: NXS\nunit: 1/angstrom')],
  ['a unit of a field', field('unit: m¦'), 'mm', field('unit: mm')],
  [
    'a unit to convert into',
    variable('source: VALUE\noperator: convert_unit\nto: ¦'),
    'degC',
    variable('source: VALUE\noperator: convert_unit\nto: degC'),
  ],
  ['a reference', variable('source: VALUE\nvalue: a <¦'), 'above', variable('source: VALUE\nvalue: a <above>')],
  [
    'a reference that is begun',
    variable('source: VALUE\nvalue: a <ab¦'),
    'above',
    variable('source: VALUE\nvalue: a <above>'),
  ],
  [
    'a reference that is closed',
    variable('source: VALUE\nvalue: a <ab¦> b'),
    'above',
    variable('source: VALUE\nvalue: a <above> b'),
  ],
  [
    'another reference',
    variable('source: VALUE\nvalue: <no¦w> b'),
    'above',
    variable('source: VALUE\nvalue: <above> b'),
  ],
  [
    'a reference from a bare word',
    variable('source: VALUE\nvalue: abo¦'),
    '<above>',
    variable('source: VALUE\nvalue: <above>'),
  ],
  [
    'a reference before another',
    variable('source: VALUE\nvalue: <¦ <now>'),
    'above',
    variable('source: VALUE\nvalue: <above> <now>'),
  ],
  [
    'a reference in an empty value',
    variable('source: VALUE\nvalue: ¦'),
    '<above>',
    variable('source: VALUE\nvalue: <above>'),
  ],
  [
    'a reference in a list',
    variable('source: VALUE\nvalue:\n  - x\n  - <a¦'),
    'above',
    variable('source: VALUE\nvalue:\n  - x\n  - <above>'),
  ],
  [
    'a built-in variable',
    variable('source: VALUE\nvalue: <da¦'),
    'data_file_name',
    variable('source: VALUE\nvalue: <data_file_name>'),
  ],
  ['an endpoint', variable('source: SC\nurl: prop¦'), 'proposals', variable('source: SC\nurl: proposals/')],
  [
    'a reference in a url',
    variable('source: SC\nurl: proposals/<¦'),
    'above',
    variable('source: SC\nurl: proposals/<above>'),
  ],
  ['a key that is begun', variable('source: NXS\npa¦: x'), 'path', variable('source: NXS\npath: x')],
  ['a field type', field('field_type: sci¦'), 'scientific_metadata', field('field_type: scientific_metadata')],
  [
    'a machine name',
    field('field_type: high_level\nmachine_name: own¦'),
    'ownerEmail',
    field('field_type: high_level\nmachine_name: ownerEmail'),
  ],
  ['a value of a field', field('value: <¦'), 'title', field('value: <title>')],
  ['a type of a field', field('type: ¦'), 'email', field('type: email')],
  ['a source of a selector', 'selector: fi¦', 'filename', 'selector: filename:starts_with:name'],
  ['a function of a selector', 'selector: filename:st¦', 'starts_with', 'selector: filename:starts_with:name'],
  ['another function of a selector', 'selector: filename:st¦:x', 'contains', 'selector: filename:contains:x'],
  [
    'a part of a selector in a list',
    'selector:\n  or:\n    - filename:¦',
    'contains',
    'selector:\n  or:\n    - filename:contains:name',
  ],
  [
    'the function of an object',
    'selector:\n  source: filename\n  operator: c¦',
    'contains',
    'selector:\n  source: filename\n  operator: contains',
  ],
];

/** The same, where only one notation can be typed so. */
const halfTyped: readonly (readonly [
  name: string,
  notation: Notation,
  before: string,
  label: string,
  after: string,
])[] = [
  [
    'a key on an empty line',
    'yaml',
    'variables:\n  a:\n    source: NXS\n    ¦\n',
    'path',
    'variables:\n  a:\n    source: NXS\n    path: \n',
  ],
  [
    'a key that is begun',
    'yaml',
    'variables:\n  a:\n    source: NXS\n    pa¦\n    unit: m\n',
    'path',
    'variables:\n  a:\n    source: NXS\n    path: \n    unit: m\n',
  ],
  ['the first key of a variable', 'yaml', 'variables:\n  a:\n    so¦\n', 'source', 'variables:\n  a:\n    source: \n'],
  [
    'the first key on an empty line',
    'yaml',
    'variables:\n  a:\n    ¦\nschema:\n',
    'source',
    'variables:\n  a:\n    source: \nschema:\n',
  ],
  ['a general key', 'yaml', 'id: 1\n¦', 'variables', 'id: 1\nvariables:\n  '],
  ['a general key in front', 'yaml', 'nam¦\nid: 1\n', 'name', 'name: \nid: 1\n'],
  ['a key in an empty file', 'yaml', 'i¦', 'id', 'id: '],
  [
    'a key in braces',
    'yaml',
    'variables:\n  a: {source: NXS, p¦}\n',
    'path',
    'variables:\n  a: {source: NXS, path: }\n',
  ],
  [
    'a key in open braces',
    'yaml',
    'variables:\n  a: {source: NXS, ¦\n  b: {source: NXS}\n',
    'path',
    'variables:\n  a: {source: NXS, path: \n  b: {source: NXS}\n',
  ],
  ['a value without a blank', 'yaml', 'variables:\n  a:\n    source:¦\n', 'NXS', 'variables:\n  a:\n    source: NXS\n'],
  [
    'a value in open quotes',
    'yaml',
    "variables:\n  a:\n    source: '¦\n    unit: m\n",
    'NXS',
    "variables:\n  a:\n    source: 'NXS'\n    unit: m\n",
  ],
  [
    'a type in braces',
    'yaml',
    'variables:\n  a: {value_type: ¦}\n',
    'string[]',
    "variables:\n  a: {value_type: 'string[]'}\n",
  ],
  [
    'a reference behind a blank',
    'yaml',
    'variables:\n  a:\n    value: x \n  b:\n    value: this is ¦\n',
    '<a>',
    'variables:\n  a:\n    value: x \n  b:\n    value: this is <a>\n',
  ],
  [
    'a reference in a block',
    'yaml',
    'variables:\n  a:\n    value: x\n  b:\n    value: >-\n      this <¦\n      more\n',
    'a',
    'variables:\n  a:\n    value: x\n  b:\n    value: >-\n      this <a>\n      more\n',
  ],
  ['a selector key', 'yaml', 'selector:\n  ¦\n', 'or', 'selector:\n  or:\n    - \n'],
  [
    'a key of the sample section',
    'yaml',
    'sample_attachment:\n  ¦\n',
    'query_sample_name',
    'sample_attachment:\n  query_sample_name: \n',
  ],
  [
    'true',
    'yaml',
    'sample_attachment:\n  query_sample_name: ¦\n',
    'true',
    'sample_attachment:\n  query_sample_name: true\n',
  ],
  [
    'a whole variable',
    'yaml',
    'variables:\n  ¦\n',
    'variable from the NeXus file',
    'variables:\n  name:\n    source: NXS\n    path: /entry/title\n    value_type: string\n',
  ],
  [
    'a code to silence',
    'yaml',
    '# imsc-ignore-next-line unused-v¦\nid: 1\n',
    'unused-variable',
    '# imsc-ignore-next-line unused-variable\nid: 1\n',
  ],
  ['a section of jobs', 'yaml', '# imsc-dialect: next\njo¦\n', 'jobs', '# imsc-dialect: next\njobs:\n  \n'],
  [
    'a key of a job',
    'yaml',
    'jobs:\n  archive:\n    type: archive\n    own¦\n',
    'owner_user',
    'jobs:\n  archive:\n    type: archive\n    owner_user: \n',
  ],
  ['a key of a job', 'json', '{"jobs": {"a": {"own¦"}}}', 'owner_user', '{"jobs": {"a": {"owner_user": ""}}}'],
  ['a dialect', 'yaml', '# imsc-dialect: n¦\nid: 1\n', 'next', '# imsc-dialect: next\nid: 1\n'],
  ['folders in a selector', 'yaml', 'selector: d¦\n', 'dirname', 'selector: dirname:starts_with:name\n'],
  ['folders in a selector', 'json', '{"selector": "¦"}', 'dirname', '{"selector": "dirname:starts_with:name"}'],
  ['a comment for us', 'yaml', '# imsc-¦\nid: 1\n', 'imsc-sample:', '# imsc-sample:\nid: 1\n'],
  [
    'a key in quotes',
    'json',
    '{"variables": {"a": {"source": "NXS", "pa¦"}}}',
    'path',
    '{"variables": {"a": {"source": "NXS", "path": ""}}}',
  ],
  [
    'a key in open quotes',
    'json',
    '{"variables": {"a": {"source": "NXS", "pa¦\n}}}',
    'path',
    '{"variables": {"a": {"source": "NXS", "path": ""\n}}}',
  ],
  [
    'a key without quotes',
    'json',
    '{"variables": {"a": {"source": "NXS", ¦}}}',
    'path',
    '{"variables": {"a": {"source": "NXS", "path": ""}}}',
  ],
  [
    'a key without a comma',
    'json',
    '{"variables": {"a": {"source": "NXS"\n ¦\n}}}',
    'path',
    '{"variables": {"a": {"source": "NXS",\n "path": ""\n}}}',
  ],
  [
    'a key in front',
    'json',
    '{"variables": {"a": {¦"source": "NXS"}}}',
    'path',
    '{"variables": {"a": {"path": "","source": "NXS"}}}',
  ],
  [
    'a value without quotes',
    'json',
    '{"variables": {"a": {"source": ¦}}}',
    'NXS',
    '{"variables": {"a": {"source": "NXS"}}}',
  ],
  [
    'a value before another key',
    'json',
    '{"variables": {"a": {"source": ¦\n"path": "/x"}}}',
    'NXS',
    '{"variables": {"a": {"source": "NXS",\n"path": "/x"}}}',
  ],
  [
    'a value right behind the colon',
    'json',
    '{"variables": {"a": {"source":¦}}}',
    'NXS',
    '{"variables": {"a": {"source": "NXS"}}}',
  ],
  [
    'a value in open quotes',
    'json',
    '{"variables": {"a": {"source": "N¦\n}}}',
    'NXS',
    '{"variables": {"a": {"source": "NXS"\n}}}',
  ],
  [
    'a reference without quotes',
    'json',
    '{"variables": {"a": {"value": "x"}, "b": {"value": <¦}}}',
    'a',
    '{"variables": {"a": {"value": "x"}, "b": {"value": "<a>"}}}',
  ],
  [
    'a reference in an open text',
    'json',
    '{"variables": {"a": {"value": "x"}, "b": {"value": "this <¦\n}}}',
    'a',
    '{"variables": {"a": {"value": "x"}, "b": {"value": "this <a>\n}}}',
  ],
  [
    'an item of a list',
    'json',
    '{"schema": {"a": {"value": ["<now>", ¦]}}, "variables": {"v": {}}}',
    '<v>',
    '{"schema": {"a": {"value": ["<now>", "<v>"]}}, "variables": {"v": {}}}',
  ],
  ['a section', 'json', '{\n  "id": "1",\n  ¦\n}', 'variables', '{\n  "id": "1",\n  "variables": {\n    \n  }\n}'],
  [
    'a whole field',
    'json',
    '{"schema": {\n  ¦\n}}',
    'pid',
    '{"schema": {\n  "pid": {\n    "field_type": "high_level",\n    "machine_name": "pid",\n    "value": "<variable>",\n    "type": "string"\n  }\n}}',
  ],
];

describe.each(notations)('completion in %s', (notation) => {
  it.each(edits)('writes %s', async (_name, before, label, after) => {
    const { text, items } = await proposalsAt(inNotation(before, notation), notation);
    const result = taken(text, items, label);
    expect(valueOf(parseTree(result, notation).root)).toEqual(valueOf(parseTree(after, 'yaml').root));
  });

  it('offers only variables that are defined above, the nearest first, then the built-in ones', async () => {
    const text = variable('source: VALUE\nvalue: <¦').replace(
      'variables:\n',
      'variables:\n  first: {source: VALUE, value: x, value_type: string}\n',
    );
    const { items } = await proposalsAt(inNotation(text, notation), notation);
    expect(labels(items).slice(0, 3)).toEqual(['above', 'first', 'ingestor_run_id']);
    expect(labels(items)).not.toContain('below');
    expect(labels(items)).not.toContain('it');
  });

  it('shows the value that a variable has in the sample', async () => {
    const text = inNotation(variable('source: VALUE\nvalue: <¦'), notation);
    const evaluation = await evaluateWith(text.replace('¦', ''), notation, file);
    const { items } = await proposalsAt(text, notation, { evaluation });
    const outcome = evaluation.variables.get('above')?.outcome;
    const title = outcome?.state === 'known' && outcome.value.kind === 'string' ? outcome.value.value : 'no title';
    expect(items.find(({ label }) => label === 'above')?.detail).toContain(title.slice(0, 20));
  });

  it('offers the keys that are missing, needed ones first, and none that is there', async () => {
    const begun = inNotation(variable('source: NXS\np¦: 1'), notation);
    const { items } = await proposalsAt(begun, notation);
    expect(labels(items)).toEqual(['value_type', 'path', 'unit', 'default']);
    expect(items.find(({ label }) => label === 'unit')?.description).toBe('');
  });

  it('puts dataset fields that are assigned already last and mandatory ones first', async () => {
    const { items } = await proposalsAt(
      inNotation(field('field_type: high_level\nmachine_name: ¦'), notation),
      notation,
    );
    expect(items[0]?.description).toBe('mandatory');
    const known = items.filter(({ description }) => description?.startsWith('only ') !== true);
    expect(known.at(-1)).toMatchObject({ label: 'pid', description: 'assigned already' });
    const strange = items.slice(known.length).map(({ label, description }) => `${label}: ${description ?? ''}`);
    expect(strange).toContain('instrumentIds: only the next Python ingestor and imsc');
    expect(strange).toContain('usedSoftware: only imsc');
    expect(labels(items)).not.toContain('size');
  });

  it('proposes the type of the variable that a field takes', async () => {
    const { items } = await proposalsAt(inNotation(field('value: <title>\ntype: ¦'), notation), notation);
    expect(items[0]).toMatchObject({ label: 'date', preselect: true });
  });

  it.each([
    ['that is text and a reference', field('value: a <title>\ntype: ¦')],
    ['that refers to nothing', field('value: <nothing>\ntype: ¦')],
    ['of a variable, which has a type of its own', variable('source: VALUE\nvalue: <above>\nvalue_type: ¦')],
  ])('proposes no type before others for a value %s', async (_name, text) => {
    const { items } = await proposalsAt(inNotation(text, notation), notation);
    expect(labels(items)).toContain('date');
    expect(items.filter(({ preselect }) => preselect)).toEqual([]);
  });

  it('takes the keys of a value for no keys of its variable', async () => {
    const text = variable('source: VALUE\nvalue_type: dict\nvalue:\n  source: ¦');
    const { items } = await proposalsAt(inNotation(text, notation), notation);
    expect(labels(items)).not.toContain('NXS');
  });

  it('offers every file as a selector only where nothing else is typed', async () => {
    const at = async (typed: string): Promise<readonly string[]> =>
      labels((await proposalsAt(inNotation(`selector: ${typed}`, notation), notation)).items);
    expect(await at("'¦'")).toContain('*');
    expect(await at('fi¦')).not.toContain('*');
    expect(await at('fi¦:contains:a')).not.toContain('*');
  });

  it('knows what is in the sample, segment by segment', async () => {
    const at = (path: string, type = 'string') =>
      proposalsAt(inNotation(variable(`source: NXS\npath: ${path}\nvalue_type: ${type}`), notation), notation, {
        file,
      });
    const top = await at('/¦');
    expect(top.items.find(({ label }) => label === 'entry')).toMatchObject({ description: 'NXentry', goesOn: true });
    const entry = await at('/entry/sa¦');
    expect(taken(entry.text, entry.items, 'sample')).toContain('/entry/sample/');
    const sample = await at('/entry/sample/temp¦erature');
    expect(sample.items.find(({ label }) => label === 'temperature')).toMatchObject({
      detail: expect.stringMatching(/^float64 in K = /) as string,
    });
    expect(taken(sample.text, sample.items, 'name')).toContain('/entry/sample/name');
    const image = await at('/entry/detector_image/da¦');
    expect(image.items.find(({ label }) => label === 'data')).toMatchObject({ detail: 'int32 [24 × 24] in counts' });
    const middle = await at('/entry/sam¦/name');
    expect(taken(middle.text, middle.items, 'instrument')).toContain('/entry/instrument/name');
  });

  it('shows the values beside whole paths, too', async () => {
    const text = inNotation(variable('source: NXS\npath: temp¦\nvalue_type: float'), notation);
    let found = await proposalsAt(text, notation, { file });
    while (found.incomplete) found = await proposalsAt(text, notation, { file });
    expect(found.items.find(({ label }) => label === '/entry/sample/temperature')).toMatchObject({
      description: expect.stringMatching(/^[\d.]+$/) as string,
      detail: expect.stringMatching(/^float64 in K = /) as string,
    });
  });

  it.each(['/¦', '/entry/¦', '/entry/sa¦', '/entry/sample/¦', '/entry/user_*/¦'])(
    'offers the next level first, whole paths after it: %s',
    async (path) => {
      const text = inNotation(variable(`source: NXS\npath: ${path}\nvalue_type: string[]`), notation);
      let found = await proposalsAt(text, notation, { file });
      while (found.incomplete) found = await proposalsAt(text, notation, { file });
      const { items } = found;
      // An editor keeps this order only for what begins at the same place, and finds what is typed in each of them.
      expect(new Set(items.map(({ edit }) => edit.range.start)).size).toBe(1);
      const typed = found.text.slice(items[0]?.edit.range.start, found.cursor);
      expect(items.filter(({ filter }) => !filter.startsWith(typed))).toEqual(
        path.includes('sa') ? expect.anything() : [],
      );
      const isWhole = labels(items).map((label) => label.startsWith('/'));
      expect(isWhole).toEqual([...isWhole].sort());
      expect(isWhole[0]).toBe(false);
    },
  );

  it('offers a wildcard for siblings that differ in a number, and what lies below it', async () => {
    const at = (path: string) =>
      proposalsAt(inNotation(variable(`source: NXS\npath: ${path}\nvalue_type: string[]`), notation), notation, {
        file,
      });
    const users = await at('/entry/us¦');
    const wildcard = users.items.find(({ label }) => label === 'user_*');
    expect(wildcard?.detail).toContain('user_1, user_2');
    expect(taken(users.text, users.items, 'user_*')).toContain('/entry/user_*/');
    expect(labels((await at('/entry/user_*/¦')).items)).toEqual(expect.arrayContaining(['name', 'affiliation']));
  });

  it('finds datasets anywhere by letters of their path', async () => {
    const text = inNotation(variable('source: NXS\npath: samplename¦'), notation);
    let found = await proposalsAt(text, notation, { file });
    while (found.incomplete) found = await proposalsAt(text, notation, { file });
    expect(taken(found.text, found.items, '/entry/sample/name')).toMatch(/path"?: "?\/entry\/sample\/name/);
  });

  it('offers the units that a value can be converted into', async () => {
    const text = (key: string) =>
      `variables:\n  t:\n    source: NXS\n    path: /entry/sample/temperature\n    value_type: float\n  it:\n    source: VALUE\n    operator: convert_unit\n    value: <t>\n    ${key}: ¦\n`;
    const evaluation = await evaluateWith(text('to').replace('¦', 'mK'), 'yaml', file);
    const offered = async (key: string) => labels((await proposalsAt(text(key), 'yaml', { evaluation, file })).items);
    expect(await offered('to')).toEqual(['K', 'mK', 'degC']);
    expect(await offered('unit')).toContain('mm');
    expect(await offered('pattern')).toEqual([]);
  });

  it('takes the operand of a selector from the path of the sample', async () => {
    const { items, text } = await proposalsAt(inNotation('selector: filename:contains:co¦', notation), notation, {
      file,
    });
    expect(taken(text, items, '/coda/')).toContain('filename:contains:/coda/');
  });

  it.each([
    ['a path without a sample', variable('source: NXS\npath: /¦')],
    ['free text', 'name: a¦'],
    ['an argument that is free text', variable('source: VALUE\noperator: str-replace\npattern: ¦')],
  ])('has nothing to say at %s', async (_name, text) => {
    const { items } = await proposalsAt(inNotation(text, notation), notation);
    expect(labels(items)).toEqual([]);
  });
});

describe('completion around anchors and merge keys', () => {
  const base = 'variables:\n  base: &base {source: NXS, value_type: string, path: /entry/title}\n';
  const text = 'text: &text it\n';

  it.each([
    ['a merge key above', `${base}  it:\n    <<: *base\n    ¦\nschema: {}\n`, ['unit', 'source', 'value_type', 'path']],
    ['a merge key below', `${base}  it:\n    ¦\n    <<: *base\nschema: {}\n`, ['unit', 'path']],
    ['a merge key between', `${base}  it:\n    unit: K\n    <<: *base\n    ¦\n`, ['path']],
    ['a merge key in braces', `${base}  it: {<<: *base, ¦}\n`, ['unit', 'path']],
    ['a map that is merged in place', `variables:\n  it:\n    <<: {source: NXS, ¦}\n`, ['path', 'value_type']],
    ['a field', `schema:\n  a: &f {field_type: high_level, type: string}\n  b:\n    <<: *f\n    ¦\n`, ['machine_name']],
    ['the name behind <<', `${text}${base}  it:\n    <<: *¦\n`, ['base']],
    ['the name behind << that is begun', `${text}${base}  it:\n    <<: *ba¦\n`, ['base']],
    ['the name of an alias', `${text}${base}  it:\n    source: VALUE\n    value: *te¦\n`, ['text', 'base']],
    ['the name of an alias that is there', `${text}${base}  it:\n    value: *tex¦t\n`, ['text', 'base']],
    ['a merge key itself', `${base}  it:\n    ¦\n`, ['<<: *base']],
  ])('offers with %s', async (_, marked, wanted) => {
    const { items } = await proposalsAt(marked, 'yaml');
    expect(labels(items)).toEqual(expect.arrayContaining(wanted));
    if (marked.includes('*') && /\*\w*¦/.test(marked)) expect(labels(items).sort()).toEqual([...wanted].sort());
  });

  it('puts keys that a merge key brings last', async () => {
    const { items } = await proposalsAt(`${base}  it:\n    <<: *base\n    ¦\nschema: {}\n`, 'yaml');
    const all = labels(items);
    expect(all.indexOf('unit')).toBeLessThan(all.indexOf('path'));
    expect(all).not.toContain('<<: *base');
  });

  it('takes the name of an anchor', async () => {
    const { items, text: before } = await proposalsAt(`${base}  it:\n    <<: *b¦\n`, 'yaml');
    expect(taken(before, items, 'base')).toBe(`${base}  it:\n    <<: *base\n`);
  });
});

describe('completion of half-typed text', () => {
  it.each(halfTyped)('writes %s in %s', async (_name, notation, before, label, after) => {
    const { text, items } = await proposalsAt(before, notation);
    expect(taken(text, items, label)).toBe(after);
  });

  it('offers a whole schema in an empty file, and what it writes can be read', async () => {
    for (const notation of notations) {
      const { text, items } = await proposalsAt('¦', notation);
      const { problems } = parseTree(taken(text, items, 'schema'), notation);
      expect(problems).toEqual([]);
    }
  });

  it('says nothing in comments that are not ours', async () => {
    expect((await proposalsAt('# a remark¦\nid: 1', 'yaml')).items).toEqual([]);
  });
});

describe('what the dialect does not know', () => {
  it.each([
    ['', 'only the ILL’s ingestor and imsc'],
    ['# imsc-dialect: ill\n', undefined],
  ])('comes last and says who knows it: %j', async (head, description) => {
    const { items } = await proposalsAt(`${head}selector: ¦\n`, 'yaml');
    expect(items.find(({ label }) => label === 'dirname')?.description).toBe(description);
    expect(labels(items).indexOf('dirname') > labels(items).indexOf('*')).toBe(description !== undefined);
  });
});

describe('paths that only this program reads', () => {
  it.each([
    ['attributes', '/entry/monitor_1@¦', 'signal', '/entry/monitor_1@signal'],
    ['classes', '/entry/:¦', ':NXuser', '/entry/:NXuser/'],
    ['children of a class', '/entry/:NXmonitor/¦', 'data', '/entry/:NXmonitor/data'],
  ])('%s are offered', async (_, path, label, taken) => {
    const texts = notations.map((notation) =>
      notation === 'yaml'
        ? `variables:\n  it:\n    source: NXS\n    path: '${path}'\n`
        : `{"variables": {"it": {"source": "NXS", "path": "${path}"}}}`,
    );
    for (const [index, notation] of notations.entries()) {
      const { items, text } = await proposalsAt(texts[index] ?? '', notation, { file });
      const proposal = items.find((item) => item.label === label);
      expect(proposal && applied(text, [proposal.edit])).toContain(taken);
    }
  });

  it('are offered in a list of paths', async () => {
    const { items } = await proposalsAt('variables:\n  it:\n    source: NXS\n    path:\n      - /entry/ti¦\n', 'yaml', {
      file,
    });
    expect(labels(items)).toContain('title');
  });
});

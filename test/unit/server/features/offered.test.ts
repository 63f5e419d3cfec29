import { afterAll, describe, expect, it } from 'vitest';
import type { TextEdit } from '../../../../core/problems/problem.ts';
import type { Snapshot } from '../../../../server/documents/snapshot.ts';
import { allOffers } from '../../../../server/features/codeAction.ts';
import { knownDatasets } from '../../../../server/features/completion/nexusIndex.ts';
import { propose } from '../../../../server/features/completion/propose.ts';
import type { Knowledge } from '../../../../server/features/completion/propose.ts';
import { signatureAt } from '../../../../server/features/signatureHelp.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { evaluateWith, openSample, snapshotOf } from '../../../support/snapshots.ts';

/*
 * All that a person sees of what is offered, and all that it writes. The words are kept beside this file; changed ones
 * are written with `npx vitest run --project unit test/unit/server/features/offered.test.ts -u`, to be read before they
 * are committed.
 */
const sample = await openSample();
afterAll(() => sample.close());

/** The sample, wherever it lies. */
const file = new Proxy(sample, {
  get: (target, key) => {
    if (key === 'path') return '/data/coda/2025/raw/run.hdf';
    const part: unknown = Reflect.get(target, key);
    return typeof part === 'function' ? (part.bind(target) as unknown) : part;
  },
});

// Datasets anywhere in the file are offered once they are found.
while (!knownDatasets(file).isComplete) await new Promise(setImmediate);

const head = 'id: a\nname: a\nselector: filename:contains:a\norder: 1\n';
const variables = (it: string): string =>
  `${head}variables:\n  above: {source: NXS, path: /entry/title, value_type: string}\n  it:\n    ${it}\n  below: {source: VALUE, value: x, value_type: string}\nschema: {}\n`;
const fields = (it: string): string =>
  `${head}variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\nschema:\n  pid: {field_type: high_level, machine_name: pid, value: x, type: string}\n  it:\n    ${it}\n`;

/** Where a person types, by what is there. */
const places: Readonly<Record<string, string>> = {
  'a new key of the schema': `${head}¦\n`,
  'what selects': `id: a\nname: a\nselector: ¦\norder: 1\n`,
  'the function that selects': `id: a\nname: a\nselector: filename:¦\norder: 1\n`,
  'a new variable': `${head}variables:\n  ¦\nschema: {}\n`,
  'a key of a variable': variables('source: NXS\n    ¦'),
  'a source': variables('source: ¦'),
  'an operator': variables('source: VALUE\n    operator: ¦'),
  'an operator that is begun': variables('source: VALUE\n    operator: to¦'),
  'a value type': variables('source: NXS\n    path: /entry/title\n    value_type: ¦'),
  'a reference': variables('source: VALUE\n    value: a <¦'),
  'a reference in words': variables('source: VALUE\n    value: ab¦'),
  'the beginning of a path': variables('source: NXS\n    path: ¦'),
  'a part of a path': variables('source: NXS\n    path: /entry/¦'),
  'a part of a path that is begun': variables('source: NXS\n    path: /entry/us¦'),
  'a part in the middle of a path': variables('source: NXS\n    path: /entry/sam¦/temperature'),
  'a class': variables('source: NXS\n    path: /entry/:¦'),
  'an attribute': variables('source: NXS\n    path: /entry/sample/temperature@¦'),
  'a path below a wildcard': variables("source: NXS\n    value_type: 'string[]'\n    path: /entry/user_*/¦"),
  'an address of SciCat': variables('source: SC\n    url: ¦'),
  'a field of the answer': variables('source: SC\n    url: proposals/1\n    field: ¦'),
  'a new field': `${head}variables: {}\nschema:\n  ¦\n`,
  'a type of a field': fields('field_type: ¦'),
  'a name of a field': fields('field_type: high_level\n    machine_name: ow¦'),
  'a value of a field': fields('field_type: high_level\n    machine_name: datasetName\n    value: ¦'),
  'a type of a value': fields('field_type: high_level\n    machine_name: datasetName\n    value: <title>\n    type: ¦'),
  'what a path begins with': `id: a\nname: a\nselector: filename:starts_with:¦\norder: 1\n`,
  'what a path contains': `id: a\nname: a\nselector: filename:contains:¦\norder: 1\n`,
  'what selects, with the rest behind it': `id: a\nname: a\nselector: fi¦:contains:a\norder: 1\n`,
  'the function that selects, with the rest behind it': `id: a\nname: a\nselector: filename:con¦:a\norder: 1\n`,
  'a part of a selector': `id: a\nname: a\nselector:\n  source: ¦\norder: 1\n`,
  'a key of a selector': `id: a\nname: a\nselector:\n  ¦\norder: 1\n`,
  'a key of a variable of no source': variables('¦'),
  'a key that takes the place of another': variables('source: VALUE\n    op¦: to_upper'),
  'a name of a field that is there': fields('field_type: high_level\n    machine_name: ¦pid'),
  'a type of a value that is no reference': fields(
    'field_type: high_level\n    machine_name: datasetName\n    value: a <title>\n    type: ¦',
  ),
  'a type of a value of nothing': fields(
    'field_type: high_level\n    machine_name: datasetName\n    value: <nothing>\n    type: ¦',
  ),
  'a dialect': `# imsc-dialect: ¦\n${head}`,
  'an address that is begun, with more behind it': variables('source: SC\n    url: prop¦/1'),
  'a filter of proposals': variables('source: SC\n    url: proposals?¦'),
  'a filter of others, that is begun': variables('source: SC\n    url: datasets/?fi¦'),
  'a filter where there is one': variables('source: SC\n    url: datasets?¦filter=x'),
  'a variable in an address': variables('source: SC\n    url: proposals/<¦'),
  'what follows a variable in an address': variables('source: SC\n    url: proposals/<above>¦'),
  'a second reference': variables('source: VALUE\n    value: <above> <¦>'),
  'a reference before others': variables('source: VALUE\n    value: <¦ and <above>'),
  'a default': variables('source: NXS\n    path: /entry/title\n    default: <¦'),
  'an identifier': 'id: ¦\nname: a\n',
  'an identifier that is there': 'id: a¦\nname: a\n',
  'a whole schema': '¦\n',
  'a new field, at another depth': `${head}variables: {}\nschema:\n    # one\n\n    a:\n        field_type: high_level\n    ¦\n`,
  'a new field, of which the label is taken': `${head}variables: {}\nschema:\n  pid: {field_type: scientific_metadata, machine_name: a, value: x, type: string}\n  ¦\n`,
  'a name of an item': fields('field_type: scientific_metadata\n    machine_name: ¦\n    value: <title> <pid>'),
  'a name of an item of which one is taken': fields(
    'field_type: scientific_metadata\n    machine_name: ¦\n    value: <title> <pid>\n  other: {field_type: scientific_metadata, machine_name: title, value: x, type: string}\n  third: {field_type: high_level, machine_name: it, value: x, type: string}',
  ),
  'a class in the middle of a path': variables('source: NXS\n    path: /entry/:NX¦/temperature'),
  'a group in the middle of a path': variables('source: NXS\n    path: /ent¦/title'),
  'a path with letters of one further down': variables('source: NXS\n    path: temp¦'),
  'a path of nothing': variables('source: NXS\n    path: /entry/nothing/¦'),
  'an attribute of nothing': variables('source: NXS\n    path: /nothing@¦'),
  'a unit to convert into': variables('source: VALUE\n    value: <above>\n    operator: convert_unit\n    to_unit: ¦'),
  'an operand': `id: a\nname: a\nselector:\n  operand_1: filename\n  operator: contains\n  operand_2: ¦\norder: 1\n`,
  'every file': `id: a\nname: a\nselector: f¦\norder: 1\n`,
  'what a path ends with': `id: a\nname: a\nselector: filename:ends_with:¦\norder: 1\n`,
  'what is imported': `id: a\nname: a\nimport: [¦]\n`,
  'a unit': fields('field_type: scientific_metadata\n    machine_name: a\n    value: <title>\n    unit: ¦'),
};

const merged =
  'variables:\n  a: &whole {source: NXS, path: /entry/title, value_type: string}\n  b: &text x\n  c:\n    ¦\n';

/** What only YAML has. */
const onlyYaml: Readonly<Record<string, string>> = {
  'a key with what is merged': merged.replace('¦', '<<: *whole\n    ¦'),
  'a merge': merged,
  'a name of an anchor': merged.replace('¦', '<<: *¦'),
  'a name of an anchor for a text': merged.replace('¦', 'value: *¦'),
  'a name of an anchor that is there': merged.replace('¦', 'value: *te¦xt'),
  'a comment': `# ¦\n${head}`,
  'a comment that is begun': `# imsc-ig¦\n${head}`,
  'a comment that silences': `# imsc-ignore-file ¦\n${head}`,
  'a comment that silences, with a reason': `# imsc-ignore-file unused-variable -- it is ¦\n${head}`,
  'a comment that silences two things': `# imsc-ignore-file unused-variable, lit¦\n${head}`,
  'a comment that says something else': `# what ¦\n${head}`,
  'an anchor above and one below': merged.replace('¦', 'value: *¦\n  d: &below {source: VALUE, value: x}'),
  'an anchor of which the name is taken again': merged.replace('  c:', '  d: &text y\n  c:').replace('¦', 'value: *¦'),
  'an anchor of much': merged.replace('&text x', `&text ${'many words '.repeat(30)}`).replace('¦', 'value: *¦'),
  'a merge where there is one': merged.replace('¦', '<<: *whole\n    <¦'),
  'a reference in a text of several lines': variables('source: VALUE\n    value: |\n      a <¦'),
  'a type in a text of several lines': variables('source: VALUE\n    value_type: |\n      ¦s'),
  'a path in a text of several lines': variables('source: NXS\n    path: >\n      /entry/¦'),
  'a new variable in braces': `${head}variables: {¦, below: {source: VALUE, value: x}}\nschema: {}\n`,
  'a new field before its colon': `${head}variables: {}\nschema:\n  own¦   : {type: string}\n`,
  'a source in a quote': variables("source: 'N¦'"),
  'a source in an open quote': variables('source: "N¦'),
};

/** Of a long list the first ones; the others are offered by the same lines. */
const most = 9;

const said = (snapshot: Snapshot, { range, newText }: TextEdit): string => {
  const { line, character } = snapshot.positionAt(range.start);
  return `${line + 1}:${character + 1} ${JSON.stringify(snapshot.text.slice(range.start, range.end))} → ${JSON.stringify(newText)}`;
};

async function proposed(marked: string, notation: 'yaml' | 'json', knowledge: Knowledge): Promise<string> {
  const { snapshot, cursor } = snapshotOf(marked, notation);
  const { items, incomplete } = await propose(snapshot, cursor, knowledge);
  const sorted = [...items].sort((a, b) => a.rank - b.rank);
  const lines = sorted.slice(0, most).map(({ edit, also = [], ...item }) => {
    const { label, kind, rank, detail = '', description = '', filter, topic, documentation } = item;
    const marks = [item.isSnippet && 'snippet', item.goesOn && 'goes on', item.preselect && 'first'].filter(Boolean);
    return [
      `${label} (${[kind, rank, ...marks].join(', ')})`,
      ...[detail, description, documentation].filter(Boolean).map((text) => `  ${String(text)}`),
      `  ${filter}: ${[edit, ...also].map((each) => said(snapshot, each)).join('; ')}`,
      ...(topic ? [`  about ${JSON.stringify(topic)}`] : []),
    ].join('\n');
  });
  const count = items.length > most ? 'the first of them' : items.length;
  return `\n${count}${incomplete === true ? ', not all' : ''}\n${lines.join('\n')}\n`;
}

describe.each(notations)('in %s', (notation) => {
  it.each(Object.entries(places))('what is proposed for %s', async (_, yaml) => {
    // JSON has a text where YAML has nothing yet.
    const marked = notation === 'yaml' ? yaml : inNotation(yaml.replace(/: ¦\n/, ": '¦'\n"), notation);
    const text = marked.replace('¦', '');
    const evaluation = await evaluateWith(text, notation, file);
    const shown = await proposed(marked, notation, { file, evaluation });
    // Some names are made anew each time.
    expect(shown.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'UUID')).toMatchSnapshot();
  });

  it.runIf(notation === 'yaml').each(Object.entries(onlyYaml))('what is proposed for %s', async (_, marked) => {
    const evaluation = await evaluateWith(marked.replace('¦', ''), notation, file);
    expect(await proposed(marked, notation, { file, evaluation })).toMatchSnapshot();
  });

  const whole = `${head}variables:
  title: {source: NXS, path: /entry/title, value_type: string}
  late: {source: VALUE, value: <later> and <nothing>, operator: to_upper, value_type: string}
  later: {source: VALUE, value: a title of /entry/title, value_type: strin}
  call: {source: VALUE, value: <title>, operator: str-replace, pattern: a, replacement: b, value_type: string}
schema:
  a: {field_type: high_level, machine_name: ownr, value: title, type: string}
  b: {field_type: scientific_metadata, machine_name: owner, value: Demonstration, type: string}
`;

  const mark = notation === 'yaml' ? '#' : '//';
  const lines = inNotation(whole, notation).split('\n');
  /** The same with a line above each that has a problem. */
  const commented = (comment: string): string =>
    lines.flatMap((line) => (/later> and|strin\b|ownr/.test(line) ? [`${mark} ${comment}`, line] : [line])).join('\n');
  const given = {
    comments: commented('what this is'),
    'problems that are silenced': commented('imsc-ignore-next-line no-such'),
    'problems that are silenced for a reason': commented('imsc-ignore-next-line no-such -- it is so'),
    'problems that are silenced everywhere': `${mark} imsc-ignore-file no-such\n${lines.join('\n')}`,
    'lines that end as on Windows': commented('imsc-ignore-next-line no-such').replaceAll('\n', '\r\n'),
  };

  async function done(text: string, isWanted: (title: string) => boolean): Promise<string> {
    const { snapshot } = snapshotOf(text, notation);
    const evaluation = await evaluateWith(text, notation, file);
    const problems = snapshot.problemsIn();
    const places = [...text.matchAll(/[\w/<>]+(?: and <nothing>)?/g)].map(({ index, 0: word }) => ({
      start: index,
      end: index + word.length,
    }));
    const shown = new Set<string>();
    for (const place of places) {
      for (const range of [{ start: place.start, end: place.start }, place]) {
        const offers = allOffers({ snapshot, range, problems, evaluation });
        for (const { title, kind, edits, preferred, problem } of offers.filter((offer) => isWanted(offer.title)))
          shown.add(
            [
              `${title} (${[kind, problem?.code, preferred === true && 'preferred'].filter(Boolean).join(', ')})`,
              ...edits.map((edit) => `  ${said(snapshot, edit)}`),
            ].join('\n'),
          );
      }
    }
    return `\n${[...shown].join('\n')}\n`;
  }

  it('what can be done at each place', async () => {
    expect(await done(inNotation(whole, notation), () => true)).toMatchSnapshot();
  });

  it.each(Object.entries(given))('how a problem is silenced in a schema with %s', async (_, text) => {
    expect(await done(text, (title) => title.startsWith('Silence'))).toMatchSnapshot();
  });

  it('what an operator takes, at each place', () => {
    const { snapshot, text } = snapshotOf(inNotation(whole, notation), notation);
    const explained = new Map<string, string>();
    const shown = [...text.matchAll(/[\w/<]+/g)].flatMap(({ index, 0: word }) => {
      const help = signatureAt(snapshot, index);
      const [signature] = help?.signatures ?? [];
      if (!help || !signature) return [];
      const { label, parameters = [] } = signature;
      explained.set(
        label,
        parameters.map((each) => `\n  ${String(each.label)}: ${JSON.stringify(each.documentation)}`).join(''),
      );
      return [`${word}: ${label} ${help.activeParameter ?? '–'}`];
    });
    shown.push(...[...explained].map(([label, parameters]) => label + parameters));
    expect(`\n${shown.join('\n')}\n`).toMatchSnapshot();
  });
});

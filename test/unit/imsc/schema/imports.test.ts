import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import { applyPreferredFixes } from '../../../../core/imsc/edits/applyFixes.ts';
import { writeTree } from '../../../../core/imsc/edits/convert.ts';
import { inTheirFiles } from '../../../../core/imsc/schema/imports.ts';
import { mergedTree } from '../../../../core/imsc/schema/mergedTree.ts';
import type { SchemaFile } from '../../../../core/imsc/schema/schema.ts';
import { plainJson } from '../../../../core/imsc/values/jsonText.ts';
import { loadSchema } from '../../../../core/ingest/schemas/loadSchema.ts';
import { schemaProblems } from '../../../../core/ingest/schemas/schemaProblems.ts';
import { fileName, inNotation, notations } from '../../../support/markers.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const makeFolder = temporaryFolders();
const constant = (value: string): string => `{source: VALUE, value: ${value}, value_type: string}`;
const field = (name: string, value: string): string =>
  `{field_type: scientific_metadata, machine_name: ${name}, value: ${value}, type: string}`;
const asked = 'selector: "*"\norder: 1\nname: Asked\n';

/** The files of a folder as YAML, without their extensions; the one that is asked is `asked`. */
interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  /** `FILE code text` of each problem that is an error or a warning. */
  readonly problems?: readonly string[];
}

const facility = `id: facility\nname: Facility\nvariables:\n  place: ${constant('Lund')}\n  at: ${constant('at <place>')}\nschema:\n  where: ${field('where', '<at>')}\n`;

/** Two modules in each layer, both of which import both of the next: twice as many ways with each. */
function layers(count: number): Readonly<Record<string, string>> {
  const modules = Array.from({ length: count }, (_, layer) =>
    ['one', 'two'].map((name): [string, string] => {
      const next = layer + 1 < count ? `one${layer + 1}, two${layer + 1}` : '';
      const text = `id: ${name}${layer}\nname: B\nimport: [${next}]\nvariables: {}\nschema: {}\n`;
      return [`modules/${name}${layer}`, text];
    }),
  );
  return Object.fromEntries(modules.flat());
}

const many = Array.from({ length: 54 }, (_, n) => n);

const cases: readonly Case[] = [
  {
    title: 'variables and fields of a module are taken in',
    files: {
      asked: `id: a\nimport: [facility]\n${asked}variables:\n  more: ${constant('<place>!')}\nschema:\n  more: ${field('more', '<more>')}\n`,
      'modules/facility': facility,
    },
    values: { where: 'at Lund', more: 'Lund!' },
  },
  {
    title: 'the importer wins, also in what is made of the value',
    files: {
      asked: `id: a\nimport: facility\n${asked}variables:\n  place: ${constant('Grenoble')}\nschema: {}\n`,
      'modules/facility': facility,
    },
    values: { where: 'at Grenoble' },
  },
  {
    title: 'the last import wins, and each takes in its own',
    files: {
      asked: `id: a\nimport: [facility, other]\n${asked}variables: {}\nschema: {}\n`,
      'modules/facility': facility,
      'modules/other': `id: other\nname: Other\nimport: [facility]\nvariables:\n  place: ${constant('Oxford')}\nschema: {}\n`,
    },
    values: { where: 'at Oxford' },
  },
  {
    title: 'a schema beside it is imported, too',
    files: {
      asked: `id: a\nimport: [b]\n${asked}variables: {}\nschema: {}\n`,
      beside: `id: b\n${asked}variables:\n  place: ${constant('here')}\nschema:\n  where: ${field('where', '<place>')}\n`,
    },
    values: { where: 'here' },
  },
  {
    title: 'an id that nobody has',
    files: {
      asked: `id: a\nimport: [facility, nobody]\n${asked}variables: {}\nschema: {}\n`,
      'modules/facility': facility,
    },
    problems: ['asked import-unknown nobody'],
  },
  {
    title: 'a circle',
    files: {
      asked: `id: a\nimport: [b]\n${asked}variables: {}\nschema: {}\n`,
      'modules/b': 'id: b\nname: B\nimport: [c]\nvariables: {}\nschema: {}\n',
      'modules/c': 'id: c\nname: C\nimport: [b]\nvariables: {}\nschema: {}\n',
    },
    problems: ['asked import-circle b'],
  },
  {
    title: 'itself',
    files: { asked: `id: a\nimport: [a]\n${asked}variables: {}\nschema: {}\n` },
    problems: ['asked import-circle a'],
  },
  {
    title: 'a module that cannot be used',
    files: {
      asked: `id: a\nimport: [b]\n${asked}variables: {}\nschema: {}\n`,
      'modules/b': 'id: b\nname: B\nvariables:\n  x: {source: NOWHERE, value_type: string}\nschema: {}\n',
    },
    problems: ['asked import-unknown b'],
  },
  {
    title: 'a module that is longer than all that is imported may be',
    files: {
      asked: `id: a\nimport: [b]\n${asked}variables: {}\nschema: {}\n`,
      'modules/b': `id: b\nname: ${'B'.repeat(2_000_000)}\nvariables: {}\nschema: {}\n`,
    },
    problems: ['asked import-unknown b'],
  },
  {
    title: 'more modules than may be imported, once',
    files: {
      asked: `id: a\nimport: [${many.map((n) => `m${n}`).join(', ')}]\n${asked}variables: {}\nschema: {}\n`,
      ...Object.fromEntries(many.map((n) => [`modules/m${n}`, `id: m${n}\nname: M\nvariables: {}\nschema: {}\n`])),
    },
    problems: ['asked import-unknown m50'],
  },
  {
    title: 'few modules that are imported by more and more ways',
    files: {
      asked: `id: a\nimport: [one0]\n${asked}variables: {}\nschema: {}\n`,
      ...layers(12),
    },
    problems: ['asked import-unknown one0'],
  },
  {
    title: 'what a module refers to and nobody defines, in the module',
    files: {
      asked: `id: a\nimport: [b]\n${asked}variables: {}\nschema: {}\n`,
      'modules/b': `id: b\nname: B\nvariables:\n  x: ${constant('of <nobody>')}\nschema:\n  x: ${field('x', '<x>')}\n`,
    },
    problems: ['b unknown-variable <nobody>'],
  },
];

async function load({ files }: Case, notation: (typeof notations)[number]): Promise<SchemaFile> {
  const folder = await makeFolder();
  await mkdir(path.join(folder, 'modules'));
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(folder, fileName(name, notation)), inNotation(text, notation));
  const loaded = await loadSchema(path.join(folder, fileName('asked', notation)));
  if ('problem' in loaded) throw new Error(loaded.problem.message);
  return loaded.schema;
}

describe.each(notations)('imports in %s', (notation) => {
  it.each(cases.filter(({ values }) => values))('$title', async (each) => {
    const loaded = await load(each, notation);
    const none = { unavailable: 'There is none.' };
    const valuesOf = async (schema: SchemaFile['schema']): Promise<unknown> => {
      const { fields } = await evaluate(schema, { data: none, catalogue: none, builtIns: {} });
      return Object.fromEntries(
        fields.map(({ machineName, outcome }) => [
          machineName,
          outcome.state === 'known' ? plainJson(outcome.value) : outcome,
        ]),
      );
    };
    expect(loaded.schema.refused).toBe(false);
    expect(await valuesOf(loaded.schema)).toEqual(each.values);
    // One text of all says the same.
    const folder = await makeFolder();
    const merged = path.join(folder, fileName('merged', notation));
    await writeFile(merged, writeTree(mergedTree(loaded.schema), notation));
    const again = await loadSchema(merged);
    expect('schema' in again && (await valuesOf(again.schema.schema))).toEqual(each.values);
  });

  it('is one text with the comments of all', async () => {
    const files = {
      asked: `# head of mine\nid: asked\nname: Mine # my name\norder: 1\nselector: '*'\nimport: [b]\n# my values\nvariables:\n  # mine\n  x: ${constant('mine')} # not that of b\nschema: {}\n`,
      'modules/b': `# imsc-dialect: ill\n# head of b\nid: b\nname: B # its name\nvariables:\n  # lost\n  x: ${constant('of b')}\n  # kept\n  y: ${constant('<x>')}\n# fields of b\nschema:\n  # a field\n  f: ${field('f', '<y>')}\njobs:\n  # a job\n  j: {type: a}\n`,
    };
    const { schema } = await load({ title: '', files }, notation);
    const merged = writeTree(mergedTree(schema), notation);
    const mark = notation === 'json' ? '//' : '#';
    const comments = merged.split('\n').flatMap((line) => line.split(`${mark} `)[1] ?? []);
    expect(comments.join(', ')).toBe(
      'head of mine, my name, my values, mine, not that of b, head of b, fields of b, kept, a field, a job',
    );
    expect(merged).toMatch(/"?jobs"?:/);
  });

  it.each(cases.filter(({ problems }) => problems))('$title is told in its place', async (each) => {
    const loaded = await load(each, notation);
    const found = inTheirFiles(schemaProblems(loaded.schema, { file: loaded.file }), loaded)
      .filter(({ code }) => code.startsWith('import-') || code === 'unknown-variable')
      .map(({ code, file = loaded.file, range }) => {
        const name = path.basename(file).replace(/\..*/, '');
        const text = inNotation(
          Object.entries(each.files).find(([key]) => path.basename(key) === name)?.[1] ?? '',
          notation,
        );
        return `${name} ${code} ${text.slice(range?.start, range?.end).replaceAll('"', '')}`;
      });
    expect(found).toEqual(each.problems);
  });

  it('an id that is misspelt is mended, and one that resembles none is not', async () => {
    const text = (ids: string): string => `id: a\nimport: [${ids}]\n${asked}variables: {}\nschema: {}\n`;
    const own = inNotation(text('facilty, nobody'), notation);
    const loaded = await load(
      { title: '', files: { asked: text('facilty, nobody'), 'modules/facility': facility } },
      notation,
    );
    const found = loaded.schema.problems.filter(({ code }) => code === 'import-unknown');
    expect(found.map(({ message }) => /Did you mean.*/.exec(message)?.[0])).toEqual([
      'Did you mean “facility”?',
      undefined,
    ]);
    expect(applyPreferredFixes(own, found).text).toBe(inNotation(text('facility, nobody'), notation));
  });

  it('a module by itself is no mistake', async () => {
    const folder = path.join(await makeFolder(), 'modules');
    await mkdir(folder);
    const file = path.join(folder, fileName('b', notation));
    const text = `id: b\nname: B\nvariables:\n  x: ${constant('of <somebody>')}\n  y: ${constant('unused')}\nschema:\n  x: ${field('x', '<x>')}\n`;
    await writeFile(file, inNotation(text, notation));
    const loaded = await loadSchema(file);
    if ('problem' in loaded) throw new Error(loaded.problem.message);
    const { schema } = loaded.schema;
    expect(schema.refused).toBe(false);
    expect(schemaProblems(schema, { file, dialect: 'imsc' }).filter(({ severity }) => severity !== 'hint')).toEqual([]);
  });
});

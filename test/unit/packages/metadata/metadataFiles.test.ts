import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMetadataManifest } from '../../../../core/packages/metadata/metadataManifest.ts';
import { readMetadataTable } from '../../../../core/packages/metadata/metadataTable.ts';
import { readMetadataFile } from '../../../../core/packages/metadata/metadataFile.ts';

const head = 'id,type,parent_id,dc.title,dc.creator,dc.creator';
const table = (...rows: string[]): string => [head, ...rows].join('\n');

describe('ark-file-meta.csv', () => {
  it('gives collections, objects and files, with every value of a repeated column', () => {
    const { entities, problems } = readMetadataTable(
      table('c,C,,"A run, cold","Doe, Jo",Roe', 'o,O,c', 'x/run.nxs,F,o'),
      ['x/run.nxs'],
    );
    expect(problems).toEqual([]);
    expect(entities.map(({ id, type, parentId }) => [id, type, parentId])).toEqual([
      ['c', 'C', undefined],
      ['o', 'O', 'c'],
      ['x/run.nxs', 'F', 'o'],
    ]);
    expect(entities[0]?.metadata).toEqual({ dc: { title: ['A run, cold'], creator: ['Doe, Jo', 'Roe'] } });
  });

  it('takes columns in any order and case, children before their parents, and a byte order mark', () => {
    const { entities, problems } = readMetadataTable('\ufeffTYPE,Parent_ID,ID\r\nO,c,o\r\nC,,c\r\n');
    expect(problems).toEqual([]);
    expect(entities).toHaveLength(2);
  });

  it('makes pairs of identifiers', () => {
    const text = 'id,type,parent_id,identifiers.1.identifier,identifiers.1.identifierType\no,O,,10.5072/1,DOI\n';
    expect(readMetadataTable(text).entities[0]?.identifiers).toEqual([
      { identifier: '10.5072/1', identifierType: 'DOI' },
    ]);
  });

  it('compares names of files without regard to how their letters are composed', () => {
    expect(readMetadataTable(table('u\u0308.nxs,F,'), ['\u00fc.nxs']).problems).toEqual([]);
  });

  it.each<[what: string, text: string, line: number, about: RegExp]>([
    ['nothing', '', 1, /empty/],
    ['semicolons', 'id;type;parent_id\n', 1, /separator seems to be “;”/],
    ['no parent_id', 'id,type\n', 1, /no column parent_id/],
    ['a column that is not a namespace.element', 'id,type,parent_id,title\na,C,,T\n', 1, /“title”/],
    ['a column called __proto__', 'id,type,parent_id,__proto__.x\na,C,,T\n', 1, /__proto__/],
    ['a row that is too long', table('a,C,,1,2,3,4'), 2, /7 cells/],
    ['a type that nobody knows', table('a,Z,'), 2, /type Z/],
    ['no id', table(',C,'), 2, /no id/],
    ['an id twice, behind a row of two lines', table('a,C,,"two\nlines"', 'b,C,', 'b,C,'), 5, /line 4 already/],
    ['a parent that is not there', table('a,O,nobody'), 2, /nobody is not among/],
    ['a collection in an object', table('o,O,', 'c,C,o'), 3, /belongs to a collection/],
    ['a file in a collection', table('c,C,', 'run.nxs,F,c'), 3, /belongs to an object/],
    ['one that contains itself', table('a,C,a'), 2, /contains itself/],
    ['a circle of three', table('a,C,b', 'b,C,c', 'c,C,a'), 2, /contain each other/],
    ['a file that is not there', table('other.nxs,F,'), 2, /not among the files/],
    ['a quote that is not closed', table('a,C,,"open'), 2, /cannot be read further/],
    [
      'a quote in the middle, behind a row of two lines',
      table('a,C,,"two\r\nlines"', 'b,C,,"x"y'),
      4,
      /cannot be read further: Invalid/,
    ],
  ])('%s', (_, text, line, about) => {
    const { problems } = readMetadataTable(text, ['run.nxs']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line });
    expect(problems[0]?.message).toMatch(about);
  });
});

describe('ark-manifest.json', () => {
  it('gives the same entities', () => {
    const document = {
      version: 1,
      entities: [
        { id: 'c', type: 'C', metadata: { dc: { title: ['T'] } } },
        { id: 'o', type: 'O', parentId: 'c' },
      ],
    };
    const { entities, problems } = readMetadataManifest(document);
    expect(problems).toEqual([]);
    expect(entities.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['c', undefined],
      ['o', 'c'],
    ]);
  });

  const entity = (more: object): object => ({ version: 1, entities: [{ id: 'a', type: 'C', ...more }] });
  it.each<[what: string, document: unknown, path: string]>([
    ['a list', [], ''],
    ['another version', { version: 2, entities: [] }, '/version'],
    ['no entities', { version: 1 }, '/entities'],
    ['a key of its own', { version: 1, entities: [], 'a/b': 1 }, '/a~1b'],
    ['an entity that is a text', { version: 1, entities: ['a'] }, '/entities/0'],
    ['an empty id', entity({ id: '' }), '/entities/0/id'],
    ['a type that nobody knows', entity({ type: 'c' }), '/entities/0/type'],
    ['a parent that is a number', entity({ parentId: 1 }), '/entities/0/parentId'],
    ['metadata that are a list', entity({ metadata: [] }), '/entities/0/metadata'],
    ['a namespace that is a text', entity({ metadata: { dc: 'x' } }), '/entities/0/metadata/dc'],
    ['a value that is not a list', entity({ metadata: { dc: { title: 'x' } } }), '/entities/0/metadata/dc/title'],
    ['a list with a number', entity({ metadata: { dc: { title: ['x', 1] } } }), '/entities/0/metadata/dc/title'],
    ['a parent that is not there', entity({ parentId: 'b' }), '/entities/0/parentId'],
  ])('%s', (_, document, path) => {
    expect(readMetadataManifest(document).problems.map((one) => 'path' in one && one.path)).toContain(path);
  });

  it('that is not JSON is said to be none', () => {
    expect(readMetadataFile('ark-manifest.json', '{', []).findings[0]?.message).toMatch(/not JSON/);
  });
});

describe('what a metadata file gives of the dataset', () => {
  const given = (name: string, text: string): Record<string, unknown> =>
    Object.fromEntries(readMetadataFile(name, text).given.map(({ field, value, from }) => [field, [value, from]]));
  const csv = 'ark-file-meta.csv';

  it('is that of the topmost collection, with the line that it stands in', () => {
    const text = table('o,O,b,Object', 'b,C,a,Below', 'a,C,,"Top",Ada,Bo');
    expect(given(csv, text)).toEqual({
      datasetName: ['Top', 'ark-file-meta.csv line 4'],
      owner: ['Ada; Bo', 'ark-file-meta.csv line 4'],
      principalInvestigator: ['Ada', 'ark-file-meta.csv line 4'],
    });
  });

  it('is that of the only object where there is no collection', () => {
    expect(given(csv, table('x.nxs,F,', 'o,O,,Object'))).toMatchObject({ datasetName: ['Object', expect.anything()] });
  });

  it('is nothing of files alone, and of several objects, with a warning', () => {
    expect(readMetadataFile(csv, table('x.nxs,F,'))).toMatchObject({ given: [], findings: [] });
    const several = readMetadataFile(csv, table('a,O,,A', 'b,O,,B'));
    expect(several).toMatchObject({ given: [], findings: [{ severity: 'warning' }] });
  });

  it('fills fields of SciCat by their names, and metadata by their namespaces', () => {
    const text =
      'id,type,parent_id,dcterms.title,dc.type,cs.a,cs.a,imsc.ownerGroup,imsc.scientificMetadata.q,identifiers.0.identifier,identifiers.0.identifierType\no,O,,T,Dataset,1,2,443503,7,10.5072/1,DOI\n';
    expect(Object.fromEntries(readMetadataFile(csv, text).given.map(({ field, value }) => [field, value]))).toEqual({
      datasetName: 'T',
      'scientificMetadata.dc': { type: 'Dataset' },
      'scientificMetadata.cs': { a: ['1', '2'] },
      ownerGroup: '443503',
      'scientificMetadata.q': '7',
      'scientificMetadata.identifiers': { DOI: '10.5072/1' },
    });
  });

  it('has a path where it is a manifest', () => {
    const document = { version: 1, entities: [{ id: 'c', type: 'C', metadata: { dc: { title: ['T'] } } }] };
    expect(given('ark-manifest.json', JSON.stringify(document))).toEqual({
      datasetName: ['T', 'ark-manifest.json /entities/0'],
    });
  });

  it('may not have keys that cannot be stored', () => {
    const { findings } = readMetadataFile(csv, 'id,type,parent_id,cs.a.b\no,O,,1\n');
    expect(findings).toMatchObject([{ severity: 'error', file: csv, line: 2 }]);
    expect(findings[0]?.message).toMatch(/^scientificMetadata\/cs\/a\.b: /);
  });
});

const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'ü', ' ', ';', "'"), maxLength: 6 });
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

it('a table gives back what was written into it, on the lines where it stands', () => {
  const rowsOfCells = fc.array(fc.record({ title: cell, blank: fc.boolean() }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(rowsOfCells, fc.constantFrom('\n', '\r\n'), (given, lineEnd) => {
      const rows = given.map(
        ({ title, blank }, index) => `${blank ? lineEnd : ''}o${index},O,,${quoted(title)}${lineEnd}`,
      );
      const { entities, problems } = readMetadataTable(`id,type,parent_id,dc.title${lineEnd}${rows.join('')}`);
      expect(problems).toEqual([]);
      let line = 2;
      const expected = given.map(({ title, blank }) => {
        const begin = line + (blank ? 1 : 0);
        line = begin + title.split('\n').length;
        return { title, line: begin };
      });
      expect(
        entities.map(({ metadata, place }) => ({ title: metadata['dc']?.['title']?.[0] ?? '', ...place })),
      ).toEqual(expected);
    }),
  );
});

const shared = path.resolve(import.meta.dirname, '../../../../../shared/corpus/arkivum');

interface ExpectedEntity {
  readonly id: string;
  readonly type: string;
  readonly parentId?: string;
  readonly metadata: unknown;
}
interface Expected {
  readonly files?: readonly string[];
  readonly entities?: readonly ExpectedEntity[];
  readonly tree?: unknown;
  readonly description?: string;
  readonly identifiers?: unknown;
  readonly problems: readonly { readonly line?: number; readonly path?: string }[];
}

interface Branch {
  [id: string]: Branch;
}

describe.skipIf(!existsSync(shared))('metadata files of the corpus (skipped without the shared folder)', () => {
  const cases = existsSync(shared)
    ? Object.entries(
        JSON.parse(readFileSync(path.join(shared, 'expected.json'), 'utf8')) as Readonly<Record<string, Expected>>,
      )
    : [];
  it.each(cases)('%s', (name, { files, entities, tree, description, identifiers, problems }) => {
    const text = readFileSync(path.join(shared, name), 'utf8');
    const read = name.endsWith('.csv') ? readMetadataTable(text, files) : readMetadataManifest(JSON.parse(text), files);
    expect(read.problems.map((one) => ('line' in one ? { line: one.line } : { path: one.path }))).toEqual(
      problems.map(({ line, path: pointer }) => (line === undefined ? { path: pointer } : { line })),
    );
    if (entities)
      expect(
        read.entities.map(({ id, type, parentId, metadata }) => ({
          id,
          type,
          ...(parentId !== undefined && { parentId }),
          metadata,
        })),
      ).toEqual(entities);
    if (tree) {
      const branches = new Map(read.entities.map(({ id }): [string, Branch] => [id, {}]));
      const root: Branch = {};
      for (const { id, parentId } of read.entities) (branches.get(parentId ?? '') ?? root)[id] = branches.get(id) ?? {};
      expect(root).toEqual(tree);
    }
    if (description !== undefined) expect(read.entities[0]?.metadata['dc']?.['description']).toEqual([description]);
    if (identifiers !== undefined) expect(read.entities.flatMap((entity) => entity.identifiers)).toEqual(identifiers);
  });
});

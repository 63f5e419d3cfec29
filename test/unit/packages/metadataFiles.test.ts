import { describe, expect, it } from 'vitest';
import { readMetadataManifest } from '../../../core/packages/metadataManifest.ts';
import { readMetadataTable } from '../../../core/packages/metadataTable.ts';
import { metadataFindings } from '../../../core/packages/metadataFindings.ts';

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
    expect(metadataFindings('ark-manifest.json', '{', [])[0]?.message).toMatch(/not JSON/);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAtomEntry } from '../../../../core/packages/metadata/atomEntry.ts';
import type { ReadAtom } from '../../../../core/packages/metadata/atomEntry.ts';

const spaces = [
  'xmlns="http://www.w3.org/2005/Atom"',
  'xmlns:dcterms="http://purl.org/dc/terms/"',
  'xmlns:codemeta="https://doi.org/10.5063/SCHEMA/CODEMETA-2.0"',
  'xmlns:swh="https://www.softwareheritage.org/schema/2018/deposit"',
  'xmlns:schema="http://schema.org/"',
  'xmlns:imsc="urn:imsc:dataset"',
  'xmlns:x="https://example.org/terms#"',
].join(' ');
const entry = (inside: string): string => `<entry ${spaces}>${inside}</entry>`;
const read = (text: string): ReadAtom => readAtomEntry(Buffer.from(text));
const values = ({ given }: ReadAtom): Record<string, unknown> =>
  Object.fromEntries(given.map(({ field, value }) => [field, value]));

interface FieldCase {
  readonly what: string;
  readonly inside: string;
  readonly gives: Readonly<Record<string, unknown>>;
}

const fieldCases: readonly FieldCase[] = [
  { what: 'nothing', inside: '<author/><title> </title>', gives: {} },
  {
    what: 'the name of CodeMeta before the title of Atom',
    inside: '<dcterms:title>three</dcterms:title><title>two</title><codemeta:name>one</codemeta:name>',
    gives: { datasetName: 'one' },
  },
  {
    what: 'a title with markup, as text',
    inside: '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>thin</b> film</div></title>',
    gives: { datasetName: 'A thin film' },
  },
  {
    what: 'several authors, whose first address is the second one’s',
    inside:
      '<author><name>Ada Beispiel</name></author><author><name>Bo Muster</name><email>bo@example.org</email></author>',
    gives: {
      owner: 'Ada Beispiel; Bo Muster',
      ownerEmail: 'bo@example.org',
      contactEmail: 'bo@example.org',
      principalInvestigator: 'Ada Beispiel',
    },
  },
  {
    what: 'authors of CodeMeta with names in two parts; the address from Atom',
    inside:
      '<author><name>depositor</name><email>ada@example.org</email></author><codemeta:author><codemeta:givenName>Ada</codemeta:givenName><codemeta:familyName>Beispiel</codemeta:familyName></codemeta:author>',
    gives: {
      owner: 'Ada Beispiel',
      ownerEmail: 'ada@example.org',
      contactEmail: 'ada@example.org',
      principalInvestigator: 'Ada Beispiel',
    },
  },
  {
    what: 'creators of Dublin Core',
    inside: '<dcterms:creator>Ada</dcterms:creator><dcterms:creator>Bo</dcterms:creator>',
    gives: { owner: 'Ada; Bo', principalInvestigator: 'Ada' },
  },
  {
    what: 'keywords with commas, licence and date',
    inside:
      '<codemeta:keywords>film, SANS</codemeta:keywords><codemeta:keywords>water</codemeta:keywords><dcterms:rights>CC0</dcterms:rights><dcterms:created>2026-01-02</dcterms:created>',
    gives: { keywords: ['film', 'SANS', 'water'], license: 'CC0', creationTime: '2026-01-02' },
  },
  {
    what: 'subjects, whose commas are their own',
    inside: '<dcterms:subject>Films, thin</dcterms:subject>',
    gives: { keywords: ['Films, thin'] },
  },
  {
    what: 'the oldest Dublin Core',
    inside: '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">T</dc:title>',
    gives: { datasetName: 'T' },
  },
  {
    what: 'fields of SciCat by their names',
    inside:
      '<imsc:proposalId>443503</imsc:proposalId><imsc:accessGroups>a</imsc:accessGroups><imsc:accessGroups>b</imsc:accessGroups>',
    gives: { proposalId: '443503', accessGroups: ['a', 'b'] },
  },
  {
    what: 'everything else, by its namespace, with lists and what is inside',
    inside:
      '<id>run-17</id><x:probe>a</x:probe><x:probe>b</x:probe><x:stage><x:angle>12</x:angle><x:empty/></x:stage><codemeta:version>1.2</codemeta:version>',
    gives: {
      'scientificMetadata.atom': { id: 'run-17' },
      'scientificMetadata.x': { probe: ['a', 'b'], stage: { angle: '12' } },
      'scientificMetadata.codemeta': { version: '1.2' },
    },
  },
  {
    what: 'a namespace whose prefix a program made up, and one that has a name of ours',
    inside:
      '<ns7:a xmlns:ns7="https://example.org/beam/terms">1</ns7:a><atom:title xmlns:atom="http://purl.org/atom/ns#">old</atom:title>',
    gives: { 'scientificMetadata.terms': { a: '1' }, 'scientificMetadata.atom_other': { title: 'old' } },
  },
  {
    what: 'an origin, and where the metadata are from',
    inside:
      '<swh:deposit><swh:create_origin><swh:origin url="https://example.org/1"/></swh:create_origin><swh:metadata-provenance><schema:url>https://example.org/m</schema:url></swh:metadata-provenance></swh:deposit>',
    gives: {
      'scientificMetadata.swh': {
        origin_url: 'https://example.org/1',
        'metadata-provenance': { url: 'https://example.org/m' },
      },
    },
  },
];

describe('an Atom entry', () => {
  it.each(fieldCases)('gives of $what', ({ inside, gives }) => {
    const found = read(entry(inside));
    expect(found.problems).toEqual([]);
    expect(values(found)).toEqual(gives);
  });

  it('says where each value is from, and which one gives way to the schema', () => {
    const { given } = read(entry('\n<codemeta:name>T</codemeta:name>\n<author><name>Ada</name></author>'));
    expect(given).toEqual([
      { field: 'datasetName', value: 'T', from: 'codemeta:name', place: { line: 2 } },
      { field: 'owner', value: 'Ada', from: 'atom:author', place: { line: 3 } },
      { field: 'principalInvestigator', value: 'Ada', from: 'atom:author', place: { line: 3 }, yields: true },
    ]);
  });

  it.each([
    ['create_origin', '<swh:origin url="https://e.org/1"/>', { createOrigin: 'https://e.org/1' }],
    ['add_to_origin', '<swh:origin url="https://e.org/1"/>', { addToOrigin: 'https://e.org/1' }],
    ['reference', '<swh:object swhid="swh:1:dir:00"/>', { reference: { swhid: 'swh:1:dir:00' } }],
    ['reference', '<swh:origin url="https://e.org/1"/>', { reference: { origin: 'https://e.org/1' } }],
  ])('tells what is asked by %s', (name, inside, deposit) => {
    const found = read(entry(`<swh:deposit><swh:${name}>${inside}</swh:${name}></swh:deposit>`));
    expect(found.problems).toEqual([]);
    expect(found.entry?.deposit).toEqual(deposit);
  });

  it('keeps id, title and foreign markup', () => {
    const found = read(entry('<id>run-17</id><title>T</title><x:probe unit="mm">12<x:more/></x:probe>')).entry;
    expect(found).toMatchObject({ id: 'run-17', title: 'T' });
    expect(found?.root.children[2]).toMatchObject({ local: 'probe', uri: 'https://example.org/terms#', text: '12' });
    expect(found?.root.children[2]?.attributes.get('unit')).toBe('mm');
  });
});

interface Refusal {
  readonly what: string;
  readonly text: string | Uint8Array;
  readonly charset?: string;
  readonly message: RegExp;
  readonly line?: number;
  readonly column?: number;
}

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const refusals: readonly Refusal[] = [
  { what: 'nothing', text: '', message: /line 1/ },
  { what: 'what is no XML', text: 'hello', message: /./, line: 1 },
  {
    what: 'a tag that is not closed',
    text: '<entry\n xmlns="http://www.w3.org/2005/Atom"><a>\n</b></entry>',
    message: /line 3, column \d+: /,
    line: 3,
  },
  { what: 'a prefix that is not bound', text: entry('<y:a/>'), message: /y/, line: 1 },
  { what: 'an entity of its own', text: entry('&hello;'), message: /entity/, line: 1 },
  {
    what: 'a document type',
    text: `<!DOCTYPE entry [<!ENTITY a "b">]>${entry('&a;')}`,
    message: /document type/,
    line: 1,
  },
  { what: 'another root', text: '<feed xmlns="http://www.w3.org/2005/Atom"/>', message: /begins with feed/, line: 1 },
  { what: 'a root of no namespace', text: '<entry/>', message: /in the namespace of Atom/ },
  {
    what: 'a root of another namespace with the prefix atom',
    text: '<atom:entry xmlns:atom="https://example.org/atom"/>',
    message: /in the namespace of Atom/,
  },
  { what: 'elements in elements', text: entry('<a>'.repeat(100) + '</a>'.repeat(100)), message: /more than 100 deep/ },
  { what: 'more than a megabyte', text: entry(' '.repeat(1_000_000)), message: /1000000 bytes/ },
  {
    what: 'UTF-8 by its declaration that is none',
    text: latin(`<?xml version="1.0" encoding="UTF-8"?>\n${entry('ü')}`),
    message: /declared as UTF-8.*line 2, byte 0xFC/,
  },
  {
    what: 'UTF-8 by the message that is none',
    text: latin(entry('ü')),
    charset: 'utf-8',
    message: /declared as utf-8/,
  },
  { what: 'an encoding that nobody knows', text: entry(''), charset: 'x-none', message: /declared as x-none/ },
];

describe('an Atom entry is refused', () => {
  it.each(refusals)('$what', ({ text, charset, message, line, column }) => {
    const found = readAtomEntry(Buffer.from(text), { charset });
    expect(found).toMatchObject({ entry: undefined, given: [], problems: [{ severity: 'error' }] });
    expect(found.problems[0]?.message).toMatch(message);
    if (line !== undefined) expect(found.problems[0]).toMatchObject({ line });
    if (column !== undefined) expect(found.problems[0]).toMatchObject({ column });
  });

  it.each<[what: string, inside: string, message: RegExp]>([
    ['a key with a dot', '<x:a.b>1</x:a.b>', /^scientificMetadata\/x\/a\.b: .*“\.”/],
    ['a key deep inside', '<x:a><x:b><x:c.d>1</x:c.d></x:b></x:a>', /^scientificMetadata\/x\/a\/b\/c\.d: /],
    ['a key that JavaScript uses', '<x:__proto__>1</x:__proto__>', /__proto__/],
    [
      'two ways at once',
      '<swh:deposit><swh:create_origin><swh:origin url="u"/></swh:create_origin><swh:reference><swh:origin url="u"/></swh:reference></swh:deposit>',
      /create_origin and reference/,
    ],
    ['an origin without an address', '<swh:deposit><swh:create_origin/></swh:deposit>', /needs an origin with a url/],
    ['a reference to nothing', '<swh:deposit><swh:reference/></swh:deposit>', /needs an object with a swhid/],
  ])('for %s', (_, inside, message) => {
    const { problems } = read(entry(`\n${inside}`));
    expect(problems).toMatchObject([{ severity: 'error', line: 2 }]);
    expect(problems[0]?.message).toMatch(message);
  });
});

describe('the encoding of an Atom entry', () => {
  const text = entry('<title>Dünne Schicht</title>');
  it.each<[what: string, bytes: Uint8Array, charset?: string]>([
    ['UTF-8 that is not declared', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 with a mark and another encoding in the message', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-8'],
    ['Latin-1 that the document declares', latin(`<?xml version='1.0' encoding='ISO-8859-1'?>${text}`)],
    ['Latin-1 that the message declares', latin(text), 'iso-8859-1'],
    [
      'what the message declares, before the document',
      Buffer.from(`<?xml version="1.0" encoding="latin1"?>${text}`),
      'utf-8',
    ],
  ])('%s', (_, bytes, charset) => {
    const found = readAtomEntry(bytes, { charset });
    expect(found.problems).toEqual([]);
    expect(values(found)).toEqual({ datasetName: 'Dünne Schicht' });
  });

  it('is taken as Latin-1 with a warning where none is declared and it is not UTF-8', () => {
    const found = readAtomEntry(latin(text));
    expect(found.problems).toMatchObject([{ code: 'encoding', severity: 'warning' }]);
    expect(values(found)).toEqual({ datasetName: 'Dünne Schicht' });
  });
});

it('a megabyte of one element again and again is read soon', () => {
  const started = performance.now();
  const found = read(entry('<x:a>1</x:a>'.repeat(80_000)));
  expect(found.given).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
});

const recordings = path.resolve(import.meta.dirname, '../../../../../shared/reference/recordings');

interface Recorded {
  readonly step: string;
  readonly request: { readonly headers: unknown; readonly bodyText?: string; readonly bodyBase64?: string };
}

describe.skipIf(!existsSync(recordings))('entries of real clients (skipped without the shared folder)', () => {
  const names = ['swh', 'sword2', 'sword-php'];
  const all = names.flatMap((name) => {
    if (!existsSync(recordings)) return [];
    const recorded = JSON.parse(readFileSync(path.join(recordings, `${name}.json`), 'utf8')) as Recorded[];
    return recorded.flatMap(({ step, request: { bodyText, bodyBase64, headers } }) => {
      const bytes = bodyBase64 === undefined ? Buffer.from(bodyText ?? '') : Buffer.from(bodyBase64, 'base64');
      const isAtom =
        ['application/atom+xml', 'multipart'].map((type) => JSON.stringify(headers).includes(type)).join() ===
        'true,false';
      return isAtom && bytes.includes('entry>') ? [{ name: `${name}: ${step}`, bytes }] : [];
    });
  });

  it('are there', () => {
    expect(all.length).toBeGreaterThan(8);
  });

  it.each(all)('$name', ({ bytes }) => {
    const found = readAtomEntry(bytes);
    expect(found.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { datasetName, owner } = values(found);
    expect(datasetName).toMatch(/^(Thin film|Dünne Schicht, Grüße|What is known of it)/);
    expect(owner).toBe('Ada Beispiel');
  });
});

/**
 * The programs that a schema can be written for. What an entry of a table says of them is its `knownTo`; this program
 * understands every entry, whatever the dialect: a dialect decides what is said of a schema, and where a text means
 * something else to another program, what it means.
 */
export const dialectNames = ['python-26', 'next', 'ill', 'imsc'] as const;
export type DialectName = (typeof dialectNames)[number];

export interface Dialect {
  readonly name: DialectName;
  readonly aliases: readonly string[];
  /** Who understands it, as the subject of a sentence. */
  readonly program: string;
  /** The version of SciCat's API whose names of fields it sends; undefined for all of them. */
  readonly apiVersion?: 'v3' | 'v4';
  /** One line, without a full stop. */
  readonly summary: string;
  /** Markdown. */
  readonly explanation: string;
}

export const dialects: readonly Dialect[] = [
  {
    name: 'python-26',
    aliases: [],
    program: 'today’s Python ingestor',
    apiVersion: 'v3',
    summary: 'the scicat-ingestor of today',
    explanation:
      'The Python [scicat-ingestor](https://github.com/SciCatProject/scicat-ingestor) as it is released (26.6). It is meant where nothing else is chosen.',
  },
  {
    name: 'next',
    aliases: [],
    program: 'the next Python ingestor',
    apiVersion: 'v4',
    summary: 'the scicat-ingestor that is to come',
    explanation:
      'The Python ingestor with its pull request [#243](https://github.com/SciCatProject/scicat-ingestor/pull/243): v4 of SciCat’s API, `jobs`, fields that are lists. It is not released, and may still change.',
  },
  {
    name: 'ill',
    aliases: [],
    program: 'the ILL’s ingestor',
    apiVersion: 'v3',
    summary: 'the ingestor of the Institut Laue-Langevin',
    explanation:
      'The Python ingestor with the ILL’s pull requests [#141](https://github.com/SciCatProject/scicat-ingestor/pull/141) and [#180](https://github.com/SciCatProject/scicat-ingestor/pull/180): `import`, lists of paths, nested values, selectors on folders.',
  },
  {
    name: 'imsc',
    aliases: [],
    program: 'imsc',
    summary: 'this program: all of the others, and more',
    explanation: 'Everything that the others understand, and what only this program does.',
  },
];

/** Where it matters that the Python code of the ingestor, in any of its forms, does not do what this program does. */
export const pythonDialects: readonly DialectName[] = dialectNames.filter((name) => name !== 'imsc');

export const defaultDialect: DialectName = 'python-26';

/** The dialect of that name; undefined if there is none. */
export function dialectNamed(name: string): DialectName | undefined {
  return dialectNames.find((known) => known === name);
}

/** What an entry of a table says of the programs that understand it, besides this one; all of them if it says nothing. */
export interface KnownTo {
  readonly knownTo?: readonly DialectName[];
}

/** Whether the program of a dialect understands an entry. */
export function isKnownTo({ knownTo }: KnownTo, dialect: DialectName): boolean {
  return dialect === 'imsc' || knownTo === undefined || knownTo.includes(dialect);
}

/** The dialects whose programs do not understand an entry. */
export function strangeTo(entry: KnownTo): readonly DialectName[] {
  return dialectNames.filter((name) => !isKnownTo(entry, name));
}

/** Who understands an entry: `the next Python ingestor and imsc`. Undefined where all do. */
export function whoKnows(entry: KnownTo): string | undefined {
  if (strangeTo(entry).length === 0) return undefined;
  const programs = dialects.filter(({ name }) => isKnownTo(entry, name)).map(({ program }) => program);
  const last = programs.at(-1) ?? '';
  return programs.length < 2 ? last : `${programs.slice(0, -1).join(', ')} and ${last}`;
}

/** Who understands a dialect, as the subject of a sentence. */
export function programOf(dialect: DialectName): string {
  return dialects.find(({ name }) => name === dialect)?.program ?? dialect;
}

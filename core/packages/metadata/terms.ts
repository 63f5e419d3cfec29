/** What a metadata file says of something: a text, several, or an object of them. */
export type Said = string | readonly Said[] | { readonly [key: string]: Said };

/** How what is said in one way (all elements of one name, all values of one column) becomes the value of a field. */
export type Maker = keyof typeof makers;

/** A field of a SciCat dataset, and what gives it. */
export interface Term {
  readonly field: string;
  /** Elements of an Atom entry; the first one that says something counts. */
  readonly atom: readonly string[];
  /** Columns of `ark-file-meta.csv`, and namespaces with elements of `ark-manifest.json`, in the same way. */
  readonly table: readonly string[];
  readonly make: Maker;
  /** Those of the names whose texts hold several values with commas between them. */
  readonly commas?: readonly string[];
  /** Only where the schema gives nothing. */
  readonly yields?: true;
  /** For people. */
  readonly note?: string;
}

const authors = ['codemeta:author', 'atom:author', 'dcterms:creator'];
const creators = ['dc.creator'];

/**
 * Which fields of a SciCat dataset are filled from what is deposited with it. The readers of Atom entries, of
 * `ark-file-meta.csv` and of `ark-manifest.json` run it, and docs/reference/deposited-metadata.md is made from it. What
 * no row names goes into `scientificMetadata.<namespace>`.
 */
export const terms: readonly Term[] = [
  {
    field: 'datasetName',
    atom: ['codemeta:name', 'atom:title', 'dcterms:title'],
    table: ['dc.title'],
    make: 'first',
  },
  { field: 'owner', atom: authors, table: creators, make: 'names', note: 'the names of all, joined by “; ”' },
  { field: 'ownerEmail', atom: authors, table: [], make: 'email', note: 'the first e-mail address' },
  { field: 'contactEmail', atom: authors, table: [], make: 'email', note: 'the first e-mail address' },
  {
    field: 'principalInvestigator',
    atom: authors,
    table: creators,
    make: 'name',
    yields: true,
    note: 'the first name, if the schema gives none',
  },
  {
    field: 'description',
    atom: ['codemeta:description', 'atom:summary', 'dcterms:abstract', 'dcterms:description'],
    table: ['dc.description'],
    make: 'first',
  },
  {
    field: 'keywords',
    atom: ['codemeta:keywords', 'dcterms:subject'],
    table: ['dc.subject'],
    make: 'list',
    commas: ['codemeta:keywords'],
    note: 'all of them',
  },
  {
    field: 'license',
    atom: ['codemeta:license', 'dcterms:license', 'dcterms:rights'],
    table: ['dc.rights'],
    make: 'first',
  },
  {
    field: 'creationTime',
    atom: ['codemeta:dateCreated', 'dcterms:created', 'dcterms:date'],
    table: ['dc.date'],
    make: 'first',
  },
];

/** By which namespaces elements are known, and what they are called here. Compared without the scheme, in small letters. */
export const namespaces: ReadonlyMap<string, string> = new Map([
  ['//www.w3.org/2005/atom', 'atom'],
  ['//doi.org/10.5063/schema/codemeta-2.0', 'codemeta'],
  ['//purl.org/dc/terms/', 'dcterms'],
  ['//purl.org/dc/elements/1.1/', 'dcterms'],
  ['//www.softwareheritage.org/schema/2018/deposit', 'swh'],
  ['//schema.org/', 'schema'],
  ['//purl.org/net/sword/terms/', 'sword'],
]);

/** The namespace whose elements are fields of SciCat, by their names. */
export const fieldNamespace = 'urn:imsc:dataset';
/** The same in tables. */
export const fieldPrefix = 'imsc';

/** All texts in what is said. */
function textsIn(said: Said): string[] {
  if (typeof said === 'string') return said === '' ? [] : [said];
  return isSaidList(said) ? said.flatMap(textsIn) : Object.values(said).flatMap(textsIn);
}

function isSaidList(said: Said): said is readonly Said[] {
  return Array.isArray(said);
}

function first(said: readonly Said[]): string | undefined {
  return said.flatMap(textsIn)[0];
}

function partOf(person: Said, key: string): string | undefined {
  if (typeof person === 'string' || isSaidList(person)) return undefined;
  const part = person[key];
  return part === undefined ? undefined : textsIn(part)[0];
}

function nameOf(person: Said): string | undefined {
  if (typeof person === 'string') return person === '' ? undefined : person;
  const whole = [partOf(person, 'givenName'), partOf(person, 'familyName')].filter((part) => part !== undefined);
  return partOf(person, 'name') ?? (whole.length > 0 ? whole.join(' ') : undefined);
}

const namesOf = (said: readonly Said[]): string[] => said.flatMap((person) => nameOf(person) ?? []);

/** Each gives undefined where nothing is said. */
const makers = {
  first,
  list: (said: readonly Said[]): readonly string[] | undefined => {
    const texts = said.flatMap(textsIn);
    return texts.length > 0 ? texts : undefined;
  },
  name: (said: readonly Said[]): string | undefined => namesOf(said)[0],
  names: (said: readonly Said[]): string | undefined => namesOf(said).join('; ') || undefined,
  email: (said: readonly Said[]): string | undefined => said.flatMap((person) => partOf(person, 'email') ?? [])[0],
} satisfies Record<string, (said: readonly Said[]) => Said | undefined>;

/** What is said by one name makes of a field; undefined where it makes nothing. */
export function made({ make, commas }: Term, name: string, said: readonly Said[]): Said | undefined {
  const parts = commas?.includes(name) === true ? said.flatMap(textsIn).flatMap((text) => text.split(/\s*,\s*/)) : said;
  return makers[make](parts);
}

import { finding } from '../rules.ts';
import type { Finding } from '../rules.ts';
import type { Entity, EntityMistake, MetadataFile } from './entities.ts';
import { givenFields } from './given.ts';
import type { GivenField, Statement } from './given.ts';
import { readMetadataManifest } from './metadataManifest.ts';
import { readMetadataTable } from './metadataTable.ts';

/** The files of metadata that may lie beside what they describe. */
export const metadataFileNames: readonly string[] = ['ark-file-meta.csv', 'ark-manifest.json'];

export interface ReadMetadata {
  readonly entities: readonly Entity[];
  /** What it says of the dataset. */
  readonly given: readonly GivenField[];
  readonly findings: readonly Finding[];
}

/**
 * Reads `ark-file-meta.csv` or `ark-manifest.json`; a name with `.csv` at its end is the first.
 * @param files paths of the payload's files, which it may describe; undefined where they are not known
 */
export function readMetadataFile(name: string, text: string, files?: readonly string[]): ReadMetadata {
  const { entities, problems } = entitiesIn(name, text, files);
  const findings = problems.map((mistake) => {
    const where = 'line' in mistake ? `line ${mistake.line}` : mistake.path;
    const message = `${name}, ${where}: ${mistake.message}`;
    return finding('metadata', message, { file: name, ...('line' in mistake && { line: mistake.line }) });
  });
  const described = describing(entities);
  const read = described
    ? givenFields(statementsOf(described, name), 'table', nameOf)
    : { given: [], findings: noneDescribes(entities, name) };
  return {
    entities,
    given: read.given,
    findings: [...findings, ...read.findings.map((found) => ({ ...found, file: name }))],
  };
}

function entitiesIn(name: string, text: string, files: readonly string[] | undefined): MetadataFile {
  if (name.toLowerCase().endsWith('.csv')) return readMetadataTable(text, files);
  try {
    return readMetadataManifest(JSON.parse(text), files);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const mistake: EntityMistake = { path: '', message: `It is not JSON: ${error.message}.` };
    return { entities: [], problems: [mistake] };
  }
}

/** The entity that is the dataset: the topmost collection, otherwise the only object. */
function describing(entities: readonly Entity[]): Entity | undefined {
  const collections = entities.filter(({ type }) => type === 'C');
  const objects = entities.filter(({ type }) => type === 'O');
  if (collections.length === 0) return objects.length === 1 ? objects[0] : undefined;
  return collections.find(({ parentId }) => parentId === undefined) ?? collections[0];
}

function noneDescribes(entities: readonly Entity[], name: string): Finding[] {
  if (entities.filter(({ type }) => type === 'O').length < 2) return [];
  const message = `${name} has several objects and no collection, so that none of them describes the dataset.`;
  return [finding('metadata', message, { severity: 'warning', file: name })];
}

function* statementsIn({ metadata, identifiers, place }: Entity, name: string): Generator<Statement, void> {
  const line = 'line' in place ? place.line : undefined;
  const from = 'line' in place ? `${name} line ${place.line}` : `${name} ${place.path}`;
  for (const [namespace, elements] of Object.entries(metadata)) {
    for (const [element, values] of Object.entries(elements))
      for (const value of values) yield { namespace, element, value, from, line };
  }
  for (const value of identifiers)
    yield {
      namespace: 'identifiers',
      element: value['identifierType'] ?? 'other',
      value: identifierOf(value),
      from,
      line,
    };
}

/** What identifies it; all of what is said where that is more. */
function identifierOf(said: Readonly<Record<string, string>>): Statement['value'] {
  const isMore = Object.keys(said).some((key) => key !== 'identifier' && key !== 'identifierType');
  return isMore ? said : (said['identifier'] ?? said);
}

const statementsOf = (entity: Entity, name: string): Statement[] => [...statementsIn(entity, name)];

/** Tables write both namespaces of Dublin Core as they like. */
function nameOf({ namespace, element }: Statement): string {
  return `${namespace === 'dcterms' ? 'dc' : namespace}.${element}`;
}

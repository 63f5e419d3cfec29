import { entityMistakes, isEntityType } from './entities.ts';
import type { Entity, EntityMetadata, EntityMistake, MetadataFile } from './entities.ts';

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads `ark-manifest.json`, the small documented form: `{version: 1, entities: [{id, type, parentId?, metadata?}]}`.
 * What it does not know it refuses by its name.
 * @param document as JSON.parse gives it
 * @param files paths of the payload's files; undefined where they are not known
 */
export function readMetadataManifest(document: unknown, files?: readonly string[]): MetadataFile {
  if (!isObject(document))
    return { entities: [], problems: [{ path: '', message: 'The manifest is an object with version and entities.' }] };
  const problems: EntityMistake[] = [...unknownKeys(document, ['version', 'entities'], '')];
  if (document['version'] !== 1) problems.push({ path: '/version', message: 'Only version 1 is known.' });
  const list = document['entities'];
  if (!Array.isArray(list))
    return { entities: [], problems: [...problems, { path: '/entities', message: 'A list of entities is needed.' }] };
  const entities: Entity[] = [];
  for (const [index, item] of list.entries()) {
    const entity = readEntity(item, `/entities/${index}`, problems);
    if (entity) entities.push(entity);
  }
  problems.push(...entityMistakes(entities, files));
  return { entities, problems: problems.sort((one, other) => indexOf(one) - indexOf(other)) };
}

/** Which entity a mistake is about; −1 for the document. */
function indexOf(mistake: EntityMistake): number {
  return 'path' in mistake ? Number(/^\/entities\/(\d+)/.exec(mistake.path)?.[1] ?? -1) : -1;
}

function unknownKeys(value: Json, known: readonly string[], path: string): EntityMistake[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: `${path}/${pointer(key)}`, message: `${key} is not supported.` }));
}

/** A part of a JSON pointer (RFC 6901). */
const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

function readEntity(item: unknown, path: string, problems: EntityMistake[]): Entity | undefined {
  if (!isObject(item)) {
    problems.push({ path, message: 'An entity is an object with id and type.' });
    return undefined;
  }
  problems.push(...unknownKeys(item, ['id', 'type', 'parentId', 'metadata'], path));
  const { id, type, parentId } = item;
  if (typeof id !== 'string' || id === '')
    problems.push({ path: `${path}/id`, message: 'The id is a text that is not empty.' });
  const isKnown = typeof type === 'string' && isEntityType(type);
  if (!isKnown)
    problems.push({
      path: `${path}/type`,
      message: `The type ${String(type)} is not known; it is "C", "O" or "F".`,
    });
  if (parentId !== undefined && typeof parentId !== 'string')
    problems.push({ path: `${path}/parentId`, message: 'The parentId is a text.' });
  const metadata = readMetadata(item['metadata'], `${path}/metadata`, problems);
  if (typeof id !== 'string' || !isKnown) return undefined;
  return { id, type, ...(typeof parentId === 'string' && { parentId }), metadata, identifiers: [], place: { path } };
}

function readMetadata(value: unknown, path: string, problems: EntityMistake[]): EntityMetadata {
  if (value === undefined) return {};
  if (!isObject(value)) {
    problems.push({ path, message: 'The metadata are an object of namespaces.' });
    return {};
  }
  const read: Record<string, Record<string, readonly string[]>> = {};
  for (const [namespace, elements] of Object.entries(value)) {
    const below = `${path}/${pointer(namespace)}`;
    if (!isObject(elements)) {
      problems.push({ path: below, message: 'A namespace is an object of elements.' });
      continue;
    }
    const texts: Record<string, readonly string[]> = {};
    for (const [element, values] of Object.entries(elements)) {
      if (Array.isArray(values) && values.every((one): one is string => typeof one === 'string'))
        texts[element] = values;
      else problems.push({ path: `${below}/${pointer(element)}`, message: `${element} is a list of texts.` });
    }
    read[namespace] = texts;
  }
  return read;
}

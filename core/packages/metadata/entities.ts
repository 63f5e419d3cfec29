/** What a row or an entity of a metadata file describes: a collection, an object, or a file of the payload. */
export type EntityType = 'C' | 'O' | 'F';

/** By namespace (`dc`, `imsc`, …) and element (`title`), the values in their order. */
export type EntityMetadata = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Where something stands in a metadata file: a line of a table, or a JSON pointer. */
export type EntityPlace = { readonly line: number } | { readonly path: string };

export interface Entity {
  readonly id: string;
  readonly type: EntityType;
  readonly parentId?: string | undefined;
  readonly metadata: EntityMetadata;
  readonly identifiers: readonly Readonly<Record<string, string>>[];
  readonly place: EntityPlace;
}

/** One thing that is wrong with a metadata file. */
export type EntityMistake = EntityPlace & { readonly message: string };

export interface MetadataFile {
  readonly entities: readonly Entity[];
  readonly problems: readonly EntityMistake[];
}

/** The types that may be the parent of one. */
const parents: Readonly<Record<EntityType, ReadonlySet<EntityType>>> = {
  C: new Set(['C']),
  O: new Set(['C', 'O']),
  F: new Set(['O']),
};
const names: Readonly<Record<EntityType, string>> = { C: 'collection', O: 'object', F: 'file' };

export function isEntityType(text: string): text is EntityType {
  return text === 'C' || text === 'O' || text === 'F';
}

const placeText = (place: EntityPlace): string => ('line' in place ? `line ${place.line}` : place.path);

/** A place below another one; a table has only lines. */
function within(place: EntityPlace, key: string): EntityPlace {
  return 'line' in place ? place : { path: `${place.path}/${key}` };
}

/**
 * What is wrong with how entities belong together, everything at once, one mistake for each entity.
 * @param files paths of the payload's files; undefined where they are not known
 */
export function entityMistakes(entities: readonly Entity[], files: readonly string[] | undefined): EntityMistake[] {
  const mistakes: EntityMistake[] = [];
  const byId = new Map<string, Entity>();
  const payload = files && new Set(files.map((file) => file.normalize('NFC')));
  for (const entity of entities) {
    const before = byId.get(entity.id);
    if (before) {
      const message = `${entity.id} stands in ${placeText(before.place)} already; ids are unique.`;
      mistakes.push({ ...within(entity.place, 'id'), message });
    } else byId.set(entity.id, entity);
  }
  const told = new Set<Entity>();
  for (const entity of byId.values()) {
    if (told.has(entity)) continue;
    const circle = circleOf(entity, byId);
    for (const member of circle) told.add(member);
    const message =
      circle.length > 0
        ? circle.length === 1
          ? `${entity.id} contains itself.`
          : `${circle.map(({ id }) => id).join(' and ')} contain each other.`
        : parentMistake(entity, byId);
    if (message !== undefined) mistakes.push({ ...within(entity.place, 'parentId'), message });
    else if (entity.type === 'F' && payload?.has(entity.id.normalize('NFC')) === false)
      mistakes.push({ ...within(entity.place, 'id'), message: `${entity.id} is not among the files of the payload.` });
  }
  return mistakes;
}

function parentMistake({ type, parentId }: Entity, byId: ReadonlyMap<string, Entity>): string | undefined {
  if (parentId === undefined) return undefined;
  const parent = byId.get(parentId);
  if (!parent) return `${parentId} is not among the entities.`;
  if (parents[type].has(parent.type)) return undefined;
  const allowed = [...parents[type]].map((one) => (one === 'O' ? 'an object' : 'a collection')).join(' or ');
  return `A ${names[type]} belongs to ${allowed}, and ${parentId} is a ${names[parent.type]}.`;
}

/** The entities that lead from one back to itself; none where it is in no circle. */
function circleOf(entity: Entity, byId: ReadonlyMap<string, Entity>): Entity[] {
  const way = new Set<Entity>();
  let next: Entity | undefined = entity;
  while (next && !way.has(next)) {
    way.add(next);
    next = next.parentId === undefined ? undefined : byId.get(next.parentId);
  }
  return next === entity ? [...way] : [];
}

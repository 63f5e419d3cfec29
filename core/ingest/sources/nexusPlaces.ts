import { NexusError } from '../../nexus/model.ts';
import type { NexusData, NexusFile } from '../../nexus/model.ts';
import { joinPath, matchWildcard, splitPath } from '../../nexus/path.ts';

/** Children that are asked for at once. */
const page = 500;

/** `/entry/data@signal`: an attribute of what lies at a path. */
export interface AttributePath {
  readonly owner: string;
  readonly name: string;
}

/** The attribute that a path may mean; undefined where it has no `@`. A dataset of that very name comes first. */
export function attributeIn(path: string): AttributePath | undefined {
  const at = path.lastIndexOf('@');
  return at < 0 || path.includes('/', at) || at === path.length - 1
    ? undefined
    : { owner: path.slice(0, at), name: path.slice(at + 1) };
}

/** Whether a path has a component that stands for groups of a class: `:NXdetector`. */
export function hasClass(path: string): boolean {
  return splitPath(path).some(isClass);
}

function isClass(component: string): boolean {
  return /^:[A-Za-z]/.test(component);
}

export interface Places {
  /** In the order of the groups. */
  readonly matches: readonly string[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * What a path stands for in which `:NXclass` is every group of that class among those of its parent.
 * @throws NexusError `path-missing` where nothing is of that class; as `matchWildcard`
 */
export async function placesOf(file: NexusFile, path: string): Promise<Places> {
  let found: readonly string[] = ['/'];
  const skipped: { path: string; reason: string }[] = [];
  for (const component of splitPath(path)) {
    const next: string[] = [];
    for (const group of found) {
      if (isClass(component)) {
        const [name = '', attribute] = component.slice(1).split('@');
        const groups = await ofClass(file, group, name);
        next.push(...(attribute === undefined ? groups : groups.map((each) => `${each}@${attribute}`)));
      } else if (component.includes('*')) {
        const { matches, skipped: passed } = await matchWildcard(file, joinPath(group, component));
        next.push(...matches);
        skipped.push(...passed);
      } else next.push(joinPath(group, component));
    }
    if (next.length === 0) {
      const where = found.length === 1 ? (found[0] ?? '/') : `${found.length} groups`;
      const what = isClass(component)
        ? `no group of the class ${component.slice(1).replace(/@.*/, '')}`
        : `nothing like “${component}”`;
      throw new NexusError('path-missing', `There is ${what} in ${where}.`, path);
    }
    found = next;
  }
  return { matches: found, skipped };
}

async function ofClass(file: NexusFile, group: string, name: string): Promise<string[]> {
  const found: string[] = [];
  for (let offset = 0; ; offset += page) {
    const { nodes, total } = await file.children(group, { offset, limit: page });
    for (const node of nodes) if (node.kind === 'group' && node.nxClass === name) found.push(node.path);
    if (offset + page >= total) return found;
  }
}

/**
 * An attribute as if it were a dataset without a unit.
 * @throws NexusError `path-missing` if there is none
 */
export async function readAttribute(file: NexusFile, { owner, name }: AttributePath): Promise<NexusData> {
  const attribute = (await file.attributes(owner)).get(name);
  if (!attribute)
    throw new NexusError('path-missing', `${owner === '' ? '/' : owner} has no attribute “${name}”.`, owner);
  const { type, shape, elements } = attribute;
  const path = `${owner === '' ? '/' : owner}@${name}`;
  // Its texts were decoded already.
  return {
    dataset: { kind: 'dataset', path, type, shape, units: undefined },
    elements,
    truncated: false,
    invalidUtf8: false,
  };
}

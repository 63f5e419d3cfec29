import { NexusError } from '../../core/nexus/model.ts';
import type { NexusDataset, NexusFile, NexusNode } from '../../core/nexus/model.ts';
import { joinPath } from '../../core/nexus/path.ts';

/** What a catalogue wants to know of a measurement, below its entry. */
const usual = [
  'title',
  'start_time',
  'end_time',
  'entry_identifier',
  'entry_identifier_uuid',
  'experiment_identifier',
  'instrument/name',
];
/** Values of the sample that are taken, at most. */
const mostOfSample = 12;

/** The datasets of a file that most schemas take: what the entry, its users, its instrument and its sample say. */
export async function sensiblePaths(file: NexusFile): Promise<string[]> {
  const entry = await entryOf(file);
  if (entry === undefined) return [];
  const found: string[] = [];
  for (const below of usual) {
    const node = await nodeAt(file, `${entry}/${below}`);
    if (node?.kind === 'dataset' && isText(node)) found.push(node.path);
  }
  const users = await groupsOf(file, entry, 'NXuser');
  const names = await Promise.all(users.map(({ path }) => nodeAt(file, joinPath(path, 'name'))));
  const named = names.filter((node) => node?.kind === 'dataset');
  const [only] = named;
  if (named.length === users.length && only) {
    const pattern = users.every(({ path }) => /\/user[^/]*$/.test(path)) ? '^user.*$' : undefined;
    if (pattern !== undefined) found.push(`${entry}/${pattern}/name`);
    else found.push(only.path);
  }
  for (const { path } of (await groupsOf(file, entry, 'NXsample')).slice(0, 1)) {
    const children = await childrenOf(file, path);
    const values = children.filter((node) => node.kind === 'dataset' && isSingle(node) && isPlain(node));
    found.push(...values.slice(0, mostOfSample).map((node) => node.path));
  }
  return found;
}

/** The first entry: a group of the class, or else the first group. */
async function entryOf(file: NexusFile): Promise<string | undefined> {
  const groups = (await childrenOf(file, '/')).filter((node) => node.kind === 'group');
  return (groups.find((node) => node.nxClass === 'NXentry') ?? groups[0])?.path;
}

async function groupsOf(file: NexusFile, parent: string, nxClass: string): Promise<NexusNode[]> {
  return (await childrenOf(file, parent)).filter((node) => node.kind === 'group' && node.nxClass === nxClass);
}

async function childrenOf(file: NexusFile, path: string): Promise<readonly NexusNode[]> {
  return (await file.children(path, { offset: 0, limit: 500 })).nodes;
}

async function nodeAt(file: NexusFile, path: string): Promise<NexusNode | undefined> {
  try {
    return await file.describe(path);
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}

function isText(node: NexusDataset): boolean {
  return node.type.kind === 'string' && isSingle(node);
}

function isPlain({ type }: NexusDataset): boolean {
  return type.kind === 'string' || type.kind === 'integer' || type.kind === 'float';
}

function isSingle({ shape }: NexusDataset): boolean {
  return shape?.every((length) => length === 1) === true;
}

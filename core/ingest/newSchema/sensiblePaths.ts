import type { NexusDataset, NexusFile, NexusNode } from '../../nexus/model.ts';
import { joinPath } from '../../nexus/path.ts';
import { describeOrNothing } from '../../nexus/describe.ts';

interface UsualPath {
  /** Path below the entry. */
  readonly at: string;
  /** Of the variable that takes it. */
  readonly name: string;
  /** The field of a dataset that it fills. */
  readonly field?: string;
}

/** What a catalogue wants to know of a measurement, in the order in which a schema takes it. */
export const usualPaths: readonly UsualPath[] = [
  { at: 'title', name: 'title', field: 'datasetName' },
  { at: 'start_time', name: 'start_time', field: 'startTime' },
  { at: 'end_time', name: 'end_time', field: 'endTime' },
  { at: 'entry_identifier', name: 'run_number', field: 'runNumber' },
  { at: 'entry_identifier_uuid', name: 'job_id' },
  { at: 'experiment_identifier', name: 'proposal_id', field: 'proposalId' },
  { at: 'instrument/name', name: 'instrument_name' },
];
/** Values of the sample that are taken, at most. */
const mostOfSample = 12;

/** The datasets of a file that most schemas take: what the entry, its users, its instrument and its sample say. */
export async function sensiblePaths(file: NexusFile): Promise<string[]> {
  const entry = await entryOf(file);
  if (entry === undefined) return [];
  const found: string[] = [];
  for (const { at } of usualPaths) {
    const node = await describeOrNothing(file, `${entry}/${at}`);
    if (node?.kind === 'dataset' && isText(node)) found.push(node.path);
  }
  const users = await groupsOf(file, entry, 'NXuser');
  const names = await Promise.all(users.map(({ path }) => describeOrNothing(file, joinPath(path, 'name'))));
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

/**
 * What the fields of every dataset are made of, if the file has it: its identifier, the proposal and the instrument.
 * Those that stand among the given paths are left out.
 */
export async function identifyingPaths(file: NexusFile, chosen: readonly string[]): Promise<NexusDataset[]> {
  const entry = await entryOf(file);
  if (entry === undefined) return [];
  const textAt = async (at: string): Promise<NexusDataset | undefined> => {
    const node = await describeOrNothing(file, `${entry}/${at}`);
    return node?.kind === 'dataset' && isText(node) ? node : undefined;
  };
  const found = [
    (await textAt('entry_identifier_uuid')) ?? (await textAt('entry_identifier')),
    await textAt('experiment_identifier'),
    await textAt('instrument/name'),
  ];
  return found.filter((node) => node !== undefined).filter(({ path }) => !chosen.includes(path));
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

function isText(node: NexusDataset): boolean {
  return node.type.kind === 'string' && isSingle(node);
}

function isPlain({ type }: NexusDataset): boolean {
  return type.kind === 'string' || type.kind === 'integer' || type.kind === 'float';
}

function isSingle({ shape }: NexusDataset): boolean {
  return shape?.every((length) => length === 1) === true;
}

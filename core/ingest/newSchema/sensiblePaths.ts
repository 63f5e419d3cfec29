import type { NexusDataset, NexusFile, NexusNode } from '../../nexus/model.ts';
import { joinPath } from '../../nexus/path.ts';
import { describeOrNothing } from '../../nexus/describe.ts';

export interface UsualPath {
  /** Path below the entry; the group of an instrument has it whatever it is called. */
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
  const found = [...(await usualTexts(file)).keys()];
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

/** The texts of a file that have a name and a field of their own, by their paths. */
export async function usualTexts(file: NexusFile): Promise<ReadonlyMap<string, UsualPath>> {
  const found = new Map<string, UsualPath>();
  const entry = await entryOf(file);
  if (entry === undefined) return found;
  const [instrument] = await groupsOf(file, entry, 'NXinstrument');
  for (const usual of usualPaths) {
    const below = `${entry}/${usual.at}`;
    const path = instrument ? below.replace(/^.*\/instrument(?=\/name$)/, instrument.path) : below;
    const node = await describeOrNothing(file, path);
    if (node?.kind === 'dataset' && isText(node)) found.set(node.path, usual);
  }
  return found;
}

/** What the fields of every dataset are made of, if the file has it: its identifier, the proposal and the instrument. */
export function identifyingPaths(usual: ReadonlyMap<string, UsualPath>): string[] {
  const pathOf = (wanted: string): string | undefined => [...usual].find(([, { name }]) => name === wanted)?.[0];
  return [pathOf('job_id') ?? pathOf('run_number'), pathOf('proposal_id'), pathOf('instrument_name')].filter(
    (path) => path !== undefined,
  );
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

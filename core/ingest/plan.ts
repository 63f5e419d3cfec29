import { jsonText } from '../imsc/jsonText.ts';
import type { Value } from '../imsc/values.ts';
import type { Config } from './configOptions.ts';
import type { PlannedFile } from './dataFileList.ts';
import { datasetValue } from './dataset.ts';
import type { Dataset } from './dataset.ts';
import type { DataFileEntry } from './files.ts';
import { recordedPath } from './files.ts';
import { absolutePath } from './pathlibPath.ts';

/** A list of files as SciCat stores it; long lists are several of these. */
export interface OrigDatablock {
  /** Pid of the dataset; absent while SciCat has not assigned one. */
  readonly datasetId?: string;
  /** Bytes of its files together. */
  readonly size: number;
  readonly chkAlg: string;
  readonly dataFileList: readonly DataFileEntry[];
  readonly ownerGroup?: string;
  readonly accessGroups?: readonly string[];
}

/** How long one origDatablock may become. */
export interface BlockLimits {
  readonly maxFiles: number;
  /** Bytes of the block as JSON. */
  readonly maxBytes: number;
}

/**
 * What an ingestion will do, as plain data. A dry run prints it; `execute` carries it out, and a journal holds it, so
 * that another process can finish it.
 */
export interface Plan {
  /** The data file as it was given. */
  readonly dataFile: string;
  /** Address of the API. */
  readonly host: string;
  readonly schema: { readonly id: string; readonly name: string; readonly file: string };
  /** Absent if SciCat is to assign one. */
  readonly pid: string | undefined;
  /** SciCat had no dataset of this pid when the plan was made; false if that was not asked or not answered. */
  readonly pidWasFree: boolean;
  /**
   * The dataset as it is sent: without its totals, which SciCat counts itself, and in the field names of the API's
   * version. JSON text, because it keeps `300.0`.
   */
  readonly datasetJson: string;
  /** What each origDatablock repeats of the dataset. */
  readonly blockHead: Pick<OrigDatablock, 'chkAlg' | 'ownerGroup' | 'accessGroups'>;
  readonly filesToWrite: readonly PlannedFile[];
  readonly limits: BlockLimits;
  readonly sourceFolder: string;
  readonly filePathType: string;
}

/**
 * Makes the plan of an ingestion out of its dataset.
 * @param wire the dataset in the field names of the version of the API that it is sent to
 */
export function makePlan(
  dataset: Dataset,
  config: Config,
  schema: Plan['schema'],
  filesToWrite: readonly PlannedFile[],
  wire: ReadonlyMap<string, Value> = dataset.fields,
  pidWasFree = false,
): Plan {
  const files = config.ingestion.file_handling;
  const groups = dataset.fields.get('accessGroups');
  const owner = textOf(dataset.fields.get('ownerGroup'));
  return {
    dataFile: config.nexus_file,
    host: config.scicat.host,
    schema,
    pid: textOf(dataset.fields.get('pid')),
    pidWasFree,
    datasetJson: jsonText({
      kind: 'dict',
      entries: [...wire].map(([name, value]) => [{ kind: 'string', value: name }, value]),
    }),
    blockHead: {
      chkAlg: files.file_hash_algorithm,
      ...(owner !== undefined && { ownerGroup: owner }),
      ...(groups?.kind === 'list' && { accessGroups: groups.items.flatMap((item) => textOf(item) ?? []) }),
    },
    filesToWrite,
    limits: { maxFiles: config.ingestion.max_files_per_block, maxBytes: config.ingestion.max_block_bytes },
    sourceFolder: wholePath(textOf(dataset.fields.get('sourceFolder')) ?? ''),
    filePathType: files.file_path_type,
  };
}

/** A run may be resumed from another folder. */
function wholePath(folder: string): string {
  return folder === '' ? folder : absolutePath(folder);
}

function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : undefined;
}

/**
 * Cuts a list of files into origDatablocks, in order, by number and by bytes, one at a time: a list of any length
 * needs the memory of one block.
 * @param pid pid of the dataset, if it is known
 * @param firstFiles how many files the first block has whatever the limits, because it may be in SciCat already
 * @throws FileError for a file outside of sourceFolder where paths are relative to it
 */
export async function* origDatablocks(
  plan: Plan,
  entries: Iterable<DataFileEntry> | AsyncIterable<DataFileEntry>,
  pid: string | undefined = plan.pid,
  firstFiles?: number,
): AsyncGenerator<OrigDatablock, void, undefined> {
  let list: DataFileEntry[] = [];
  let bytes = 0;
  let wanted = firstFiles;
  for await (const entry of entries) {
    const recorded = { ...entry, path: recordedPath(entry.path, plan.filePathType, plan.sourceFolder) };
    const length = Buffer.byteLength(JSON.stringify(recorded)) + 1;
    const isFull =
      wanted === undefined
        ? list.length >= plan.limits.maxFiles || bytes + length > plan.limits.maxBytes
        : list.length >= wanted;
    if (list.length > 0 && isFull) {
      yield block(plan, list, pid);
      list = [];
      bytes = 0;
      wanted = undefined;
    }
    list.push(recorded);
    bytes += length;
  }
  if (list.length > 0) yield block(plan, list, pid);
}

function block({ blockHead }: Plan, dataFileList: readonly DataFileEntry[], pid: string | undefined): OrigDatablock {
  return {
    ...(pid !== undefined && { datasetId: pid }),
    size: dataFileList.reduce((sum, { size }) => sum + (size ?? 0), 0),
    ...blockHead,
    dataFileList,
  };
}

/** The dataset with the totals of all its files, as a report shows it. */
export function datasetWithTotals(dataset: Dataset, blocks: readonly OrigDatablock[]): Value {
  const size = blocks.reduce((sum, item) => sum + item.size, 0);
  const numberOfFiles = blocks.reduce((sum, item) => sum + item.dataFileList.length, 0);
  return datasetValue(dataset, size, numberOfFiles);
}

import { jsonText, valueFromJsonText } from '../../imsc/values/jsonText.ts';
import type { Value } from '../../imsc/values/values.ts';
import type { ApiVersion } from '../../scicat/datasetForVersion.ts';
import type { Config } from '../../config/configOptions.ts';
import type { PlannedArchiveJobs } from './archiveJobs.ts';
import type { PlannedFile } from './dataFileList.ts';
import { datasetValue } from '../dataset/dataset.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { isGiven } from '../dataset/given.ts';
import type { FieldOrigin } from '../dataset/given.ts';
import type { Batches } from '../../files/expandPaths.ts';
import type { DataFileEntry } from '../../files/describeFiles.ts';
import { recordedPath } from '../../files/describeFiles.ts';
import { pathFrom } from '../../files/describeFiles.ts';
import { absolutePath } from '../../files/pathlibPath.ts';

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

/** An origDatablock that is ready to be sent: as text, because that is all that is done with its list. */
export interface PreparedBlock {
  /** What it says besides its list. */
  readonly head: Omit<OrigDatablock, 'dataFileList'>;
  /** Of its files, as they are recorded. */
  readonly paths: readonly string[];
  /** Its files as JSON, each for itself. */
  readonly texts: readonly string[];
  /** Bytes of its files. */
  readonly sizes: readonly number[];
}

/** Two blocks with half of the files of one each. */
export function halvesOf({ head, paths, texts, sizes }: PreparedBlock): readonly PreparedBlock[] {
  const middle = Math.ceil(texts.length / 2);
  return [
    [0, middle],
    [middle, texts.length],
  ].map(([start, end]) => {
    const own = sizes.slice(start, end);
    const size = own.reduce((sum, each) => sum + each, 0);
    return { head: { ...head, size }, paths: paths.slice(start, end), texts: texts.slice(start, end), sizes: own };
  });
}

/** A block as it is sent. @param pid of the dataset, where the block was prepared before it was known */
export function blockText({ head, texts }: PreparedBlock, pid?: string): string {
  const start = JSON.stringify({ ...(pid !== undefined && { datasetId: pid }), ...head }).slice(0, -1);
  // Joined at once: parts of a megabyte that are put together later are copied once more.
  const last = texts.length - 1;
  const parts = texts.map(
    (text, index) => (index === 0 ? `${start},"dataFileList":[` : '') + text + (index === last ? ']}' : ''),
  );
  return parts.join(',');
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
  /** The data file as it was given; where there is none, the folder. */
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
  /** The version of the API that it is sent to; absent in journals of before. */
  readonly apiVersion?: ApiVersion | undefined;
  /** The fields that somebody has given, and who; what SciCat refuses of them leads back there. */
  readonly given?: Readonly<Record<string, FieldOrigin>> | undefined;
  /** What each origDatablock repeats of the dataset. */
  readonly blockHead: Pick<OrigDatablock, 'chkAlg' | 'ownerGroup' | 'accessGroups'>;
  readonly filesToWrite: readonly PlannedFile[];
  /** What SciCat is asked for once the files are there; absent where that is nothing. */
  readonly archiveJobs?: PlannedArchiveJobs | undefined;
  readonly limits: BlockLimits;
  readonly sourceFolder: string;
  readonly filePathType: string;
}

export function limitsOf({ ingestion }: Pick<Config, 'ingestion'>): BlockLimits {
  return { maxFiles: ingestion.max_files_per_block, maxBytes: ingestion.max_block_bytes };
}

/**
 * Makes the plan of an ingestion out of its dataset.
 * @param wire the dataset in the field names of the version of the API that it is sent to
 */
export function makePlan(
  dataset: Dataset,
  dataFile: string,
  config: Config,
  schema: Plan['schema'],
  filesToWrite: readonly PlannedFile[],
  wire: { readonly fields: ReadonlyMap<string, Value>; readonly version?: ApiVersion } = dataset,
  pidWasFree = false,
): Plan {
  const files = config.ingestion.file_handling;
  const groups = dataset.fields.get('accessGroups');
  const owner = textOf(dataset.fields.get('ownerGroup'));
  return {
    dataFile,
    host: config.scicat.host,
    schema,
    pid: textOf(dataset.fields.get('pid')),
    pidWasFree,
    datasetJson: jsonText({
      kind: 'dict',
      entries: [...wire.fields].map(([name, value]) => [{ kind: 'string', value: name }, value]),
    }),
    apiVersion: wire.version,
    ...givenIn(dataset),
    blockHead: {
      chkAlg: files.file_hash_algorithm,
      ...(owner !== undefined && { ownerGroup: owner }),
      ...(groups?.kind === 'list' && { accessGroups: groups.items.flatMap((item) => textOf(item) ?? []) }),
    },
    filesToWrite,
    limits: limitsOf(config),
    sourceFolder: wholePath(textOf(dataset.fields.get('sourceFolder')) ?? ''),
    filePathType: files.file_path_type,
  };
}

/** The fields of a dataset that somebody has given. */
function givenIn({ provenance }: Dataset): Pick<Plan, 'given'> {
  const given = Object.entries(provenance).filter(([, origin]) => isGiven(origin));
  return given.length === 0 ? {} : { given: Object.fromEntries(given) };
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
  entries: Batches<DataFileEntry>,
  pid: string | undefined = plan.pid,
  firstFiles?: number,
): AsyncGenerator<PreparedBlock, void, undefined> {
  const { limits, filePathType, sourceFolder } = plan;
  let texts: string[] = [];
  let paths: string[] = [];
  let sizes: number[] = [];
  let size = 0;
  let bytes = 0;
  let wanted = firstFiles;
  const finished = (): PreparedBlock => ({
    head: { ...(pid !== undefined && { datasetId: pid }), size, ...plan.blockHead },
    paths,
    texts,
    sizes,
  });
  for await (const batch of entries) {
    for (const entry of batch) {
      const path = recordedPath(entry.path, filePathType, sourceFolder);
      const text = JSON.stringify({ ...entry, path });
      const length = Buffer.byteLength(text) + 1;
      const isFull =
        wanted === undefined
          ? texts.length >= limits.maxFiles || bytes + length > limits.maxBytes
          : texts.length >= wanted;
      if (texts.length > 0 && isFull) {
        yield finished();
        texts = [];
        paths = [];
        sizes = [];
        size = 0;
        bytes = 0;
        wanted = undefined;
      }
      texts.push(text);
      paths.push(path);
      sizes.push(entry.size ?? 0);
      size += entry.size ?? 0;
      bytes += length;
    }
  }
  if (texts.length > 0) yield finished();
}

/** Whether a file is among those that a dataset lists. @param path absolute */
export function isListed(
  path: string,
  listed: ReadonlySet<string>,
  { filePathType, sourceFolder }: Pick<Plan, 'filePathType' | 'sourceFolder'>,
): boolean {
  if (listed.has(path)) return true;
  const below = filePathType === 'relative' ? pathFrom(sourceFolder, path) : undefined;
  return below !== undefined && listed.has(below);
}

/** A plan says of its dataset only what is sent. */
const nothingSaid: Omit<Dataset, 'fields'> = {
  missing: [],
  incomplete: false,
  problems: [],
  provenance: {},
  conflicts: [],
  givenProblems: [],
};

/** The dataset of a plan, in the field names in which it is sent. */
export function plannedDataset({ datasetJson }: Pick<Plan, 'datasetJson'>): Dataset {
  const value = valueFromJsonText(datasetJson);
  const entries = value.kind === 'dict' ? value.entries : [];
  const fields = entries.flatMap(([key, item]) => (key.kind === 'string' ? [[key.value, item] as const] : []));
  return { fields: new Map(fields), ...nothingSaid };
}

/** The dataset with the totals of all its files, as a report shows it. */
export function datasetWithTotals(dataset: Dataset, { size, files }: { size: number; files: number }): Value {
  return datasetValue(dataset, size, files);
}

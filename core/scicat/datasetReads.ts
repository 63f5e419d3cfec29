import { refuseNobody, whoami } from './accountCalls.ts';
import type { Account } from './accountCalls.ts';
import { isMadeSince, isSuccess, notScicat } from './connection.ts';
import type { Connection } from './connection.ts';
import { isJsonObject, isList, jsonIn, textAt } from './json.ts';
import { isSameDataset } from './sameDataset.ts';
import type { Answer } from './transport.ts';

export type DatasetExistence = 'absent' | 'exists' | 'exists-unreadable';

/** A dataset in SciCat, as far as it is looked at. */
export interface FoundDataset {
  readonly pid: string | undefined;
}

/** A dataset in SciCat, beside one that would be sent. */
export interface StoredDataset {
  /** It says the same, and this account has made it. */
  readonly isOurs: boolean;
  readonly sourceFolder: string | undefined;
  /** Since its last change, by the clock of the server. */
  readonly idleMs: number;
  /** Its last change as SciCat writes it, for `patchDataset`. */
  readonly updatedAt: string | undefined;
}

/** Looking for datasets and their files. */
export interface DatasetReads {
  datasetExists(pid: string): Promise<DatasetExistence>;
  /** A dataset and its origDatablocks as SciCat writes them, so that no number changes on the way; empty for none. */
  datasetText(pid: string): Promise<{ readonly dataset: string; readonly origDatablocks: string }>;
  /** Datasets whose scientific metadata have this value under this key; what the account may not read is not found. */
  findDatasetsByMetadata(key: string, valueJsonText: string): Promise<readonly FoundDataset[]>;
  /**
   * Datasets of this account that say the same as the one that was sent, made since then (our clock, ISO 8601).
   * `undefined` if that cannot be told: the account may not read what it writes, or something similar is there.
   */
  findDatasetsLike(bodyText: string, since: string): Promise<readonly FoundDataset[] | undefined>;
  /**
   * Whether the dataset of this pid says the same as the one that was sent, and was made by this account since then;
   * `undefined` if it may not be read.
   */
  isDatasetMadeOf(bodyText: string, pid: string, since: string): Promise<boolean | undefined>;
  /** The dataset of this pid, beside the one that was sent; `undefined` if it may not be read. */
  compareDataset(bodyText: string, pid: string): Promise<StoredDataset | undefined>;
  /** The paths of the files in each origDatablock of a dataset. */
  origDatablocksOf(pid: string): Promise<readonly { readonly paths: readonly string[] }[]>;
}

export function datasetReads(connection: Connection): DatasetReads {
  return {
    datasetExists: (pid) => datasetExists(connection, pid),
    datasetText: (pid) => datasetText(connection, pid),
    findDatasetsByMetadata: (key, valueJsonText) => findDatasetsByMetadata(connection, key, valueJsonText),
    findDatasetsLike: (bodyText, since) => findDatasetsLike(connection, bodyText, since),
    async isDatasetMadeOf(bodyText, pid, since) {
      const found = await storedBeside(connection, bodyText, pid);
      return found && found.isOurs && isMadeSince(textAt(found.stored, 'createdAt'), since, found.answer);
    },
    async compareDataset(bodyText, pid) {
      const found = await storedBeside(connection, bodyText, pid);
      if (!found) return undefined;
      const { stored, isOurs, answer } = found;
      const changed = Date.parse(textAt(stored, 'updatedAt') ?? textAt(stored, 'createdAt') ?? '');
      const idleMs = Number.isNaN(changed) ? 0 : Date.now() + answer.clockSkewMs - changed;
      const updatedAt = textAt(stored, 'updatedAt');
      return { isOurs, sourceFolder: textAt(stored, 'sourceFolder'), idleMs, updatedAt };
    },
    origDatablocksOf: (pid) => origDatablocksOf(connection, pid),
  };
}

async function datasetText({ addresses, read }: Connection, pid: string): ReturnType<DatasetReads['datasetText']> {
  const paths = [addresses.datasetPath(pid), addresses.datasetPath(pid, '/origdatablocks')];
  const [dataset, blocks] = await Promise.all(paths.map((path) => read(addresses.inVersion('v3', path))));
  return { dataset: dataset?.bodyText ?? '', origDatablocks: blocks?.bodyText ?? '' };
}

async function datasetExists(connection: Connection, pid: string): Promise<DatasetExistence> {
  const { addresses, readVersion, transport } = connection;
  const answer = await transport.read(addresses.inVersion(readVersion, addresses.datasetPath(pid)));
  const body = answer.bodyText.trim();
  // SciCat before 4.8 answers for an unknown pid with nothing.
  if (isSuccess(answer)) {
    if (body === '' || body === 'null') return 'absent';
    if (!isJsonObject(jsonIn(body))) throw notScicat(answer, 'a dataset');
    return 'exists';
  }
  const message = textAt(jsonIn(body), 'message') ?? '';
  if (answer.status === 403 && message === 'Unauthorized access') {
    await refuseNobody(connection);
    return 'exists-unreadable';
  }
  const error = connection.failure(answer);
  if (error.kind === 'not-found' && !message.startsWith('Cannot ')) return 'absent';
  throw error;
}

async function findDatasetsByMetadata(
  { addresses, readVersion, readList }: Connection,
  key: string,
  valueJsonText: string,
): Promise<readonly FoundDataset[]> {
  // A value inside $in is compared as it is; alone, some versions of SciCat take texts for dates.
  const where = `{"scientificMetadata.${metadataKey(key)}.value":{"$in":[${valueJsonText}]}}`;
  const filter = `{"where":${where},"limits":{"limit":1}}`;
  const path = `${addresses.endpoint('datasets')}?filter=${encodeURIComponent(filter)}`;
  const { items } = await readList(addresses.inVersion(readVersion, path));
  return items.map((item) => ({ pid: textAt(item, 'pid') }));
}

async function findDatasetsLike(
  connection: Connection,
  bodyText: string,
  since: string,
): Promise<readonly FoundDataset[] | undefined> {
  const { addresses, readList } = connection;
  const sent = jsonIn(bodyText);
  if (!isJsonObject(sent)) return undefined;
  const account = await whoami(connection);
  const folder = textAt(sent, 'sourceFolder') ?? '';
  const where = {
    datasetName: { $in: [textAt(sent, 'datasetName')] },
    sourceFolder: { $in: [folder, folder.replace(/\/$/, '')] },
  };
  const filter = JSON.stringify({ where, limits: { limit: 100, order: 'createdAt:desc' } });
  const path = `${addresses.endpoint('datasets')}?filter=${encodeURIComponent(filter)}`;
  const { items, answer } = await readList(addresses.inVersion('v3', path));
  const recent = items.filter(
    (item) => textAt(item, 'createdBy') === account.username && isMadeSince(textAt(item, 'createdAt'), since, answer),
  );
  const same = recent.filter((item) => isSameDataset(sent, item));
  if (same.length > 0) return same.map((item) => ({ pid: textAt(item, 'pid') }));
  return recent.length > 0 || !mayReadBack(sent, account) ? undefined : [];
}

/** The dataset of a pid, and whether this account has made it and it says the same as the one that was sent. */
async function storedBeside(
  connection: Connection,
  bodyText: string,
  pid: string,
): Promise<{ readonly stored: unknown; readonly isOurs: boolean; readonly answer: Answer } | undefined> {
  const { addresses, readVersion, transport } = connection;
  const sent = jsonIn(bodyText);
  // v3 shows the names of both versions.
  const answer = await transport.read(addresses.inVersion(readVersion, addresses.datasetPath(pid)));
  if (answer.status === 403) {
    await refuseNobody(connection);
    return undefined;
  }
  if (!isSuccess(answer)) throw connection.failure(answer);
  const stored = jsonIn(answer.bodyText);
  const { username } = await whoami(connection);
  const isOurs = textAt(stored, 'createdBy') === username && isJsonObject(sent) && isSameDataset(sent, stored);
  return { stored, isOurs, answer };
}

async function origDatablocksOf(
  { addresses, readList }: Connection,
  pid: string,
): ReturnType<DatasetReads['origDatablocksOf']> {
  const { items } = await readList(addresses.inVersion('v3', addresses.datasetPath(pid, '/origdatablocks')));
  return items.map((block) => {
    const files = isJsonObject(block) ? block['dataFileList'] : undefined;
    return { paths: (isList(files) ? files : []).flatMap((file) => textAt(file, 'path') ?? []) };
  });
}

/** Keys of metadata are stored percent-encoded, with the dot too, and filters are compared with what is stored. */
function metadataKey(key: string): string {
  return encodeURIComponent(key).replaceAll('.', '%2E');
}

/** An account is sure to see a dataset of one of its groups. Administrators see all, but SciCat does not tell who is one. */
function mayReadBack(dataset: Readonly<Record<string, unknown>>, { groups }: Account): boolean {
  const access = dataset['accessGroups'];
  const readers: readonly unknown[] = [dataset['ownerGroup'], ...(isList(access) ? access : [access])];
  return groups.some((group) => readers.includes(group));
}

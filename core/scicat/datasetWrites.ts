import { addressPart } from '../text/addressPart.ts';
import { isSuccess, notScicat } from './connection.ts';
import type { Connection } from './connection.ts';
import { versionOfDataset } from './datasetForVersion.ts';
import type { ApiVersion } from './datasetForVersion.ts';
import { ScicatError } from './errors.ts';
import type { ScicatErrorKind } from './errors.ts';
import { isJsonObject, jsonIn, textAt } from './json.ts';
import type { JsonObject } from './json.ts';
import { isWebPage } from './transport.ts';
import type { Answer } from './transport.ts';

/** What became of a change of a dataset. */
export type PatchOutcome =
  /** `updatedAt` is what a further change is guarded with. */
  | { readonly outcome: 'done'; readonly updatedAt: string | undefined }
  /** Somebody else has changed the dataset since it was read; nothing was changed. */
  | { readonly outcome: 'changed-meanwhile'; readonly updatedAt: string | undefined }
  /** SciCat refused it, so that nothing was changed: `error.fields` says which fields, if it is because of some. */
  | { readonly outcome: 'refused'; readonly error: ScicatError };

/** What makes or changes datasets and their files. Nothing is sent twice. */
export interface DatasetWrites {
  /** The version that a dataset is written for: `apiVersion`, or for `auto` what it needs and the server has. */
  datasetVersion(needsV4: boolean): Promise<ApiVersion>;
  /**
   * Creates a dataset, sent once. `pid` is what SciCat answers.
   * @param version that it was written for; without it the one of its field names, which v3 takes for types of its own too
   */
  createDataset(
    bodyText: string,
    version?: ApiVersion,
  ): Promise<{ readonly pid: string | undefined; readonly bodyText: string }>;
  /**
   * Changes fields of a dataset, sent once, unless somebody has changed it since it was read. A field is replaced as a whole.
   * Does not settle what became of a request that was not answered: that is thrown, and the dataset is to be read again.
   * @param changesText JSON of the fields to change; neither `pid` nor `type` is among them
   * @param guard `unmodifiedSince`: `updatedAt` of what was read, as SciCat wrote it; `version`: as in `createDataset`
   */
  patchDataset(
    pid: string,
    changesText: string,
    guard: { readonly unmodifiedSince: string; readonly version?: ApiVersion },
  ): Promise<PatchOutcome>;
  /** Creates an origDatablock, sent once; every 2xx is a success but a web page, which is not of SciCat. */
  createOrigDatablock(bodyText: string): Promise<void>;
  /**
   * Removes a dataset with its lists of files from a sandbox (`imsc sandbox`), at an address that no SciCat has.
   * @returns how many lists; undefined where it is no sandbox that answers: nothing was removed then
   */
  removeFromSandbox(pid: string): Promise<number | undefined>;
}

/** Where a sandbox has its datasets for that, below its origin. */
export const sandboxDatasets = '/sandbox/datasets/';

export function datasetWrites(connection: Connection): DatasetWrites {
  return {
    datasetVersion: (needsV4) => datasetVersion(connection, needsV4),
    createDataset: (bodyText, version) => createDataset(connection, bodyText, version),
    patchDataset: (pid, changesText, guard) => patchDataset(connection, pid, changesText, guard),
    createOrigDatablock: (bodyText) => createOrigDatablock(connection, bodyText),
    removeFromSandbox: (pid) => removeFromSandbox(connection, pid),
  };
}

async function datasetVersion(connection: Connection, needed: boolean): Promise<ApiVersion> {
  const { addresses, apiVersion, transport } = connection;
  if (apiVersion !== 'auto') return apiVersion;
  if (!needed || !addresses.isV3) return 'v3';
  const answer = await transport.read(addresses.inVersion('v4', `${addresses.endpoint('datasets')}/count`));
  if (answer.status === 404) return 'v3';
  if (isSuccess(answer) || answer.status === 403) return 'v4';
  throw connection.failure(answer);
}

async function createDataset(
  { addresses, post }: Connection,
  bodyText: string,
  version = versionOf(jsonIn(bodyText)),
): ReturnType<DatasetWrites['createDataset']> {
  const answer = await post(addresses.inVersion(version, addresses.endpoint('datasets')), bodyText);
  const body = jsonIn(answer.bodyText);
  if (!isJsonObject(body)) throw notScicat(answer, 'a dataset');
  return { pid: textAt(body, 'pid'), bodyText: answer.bodyText };
}

async function patchDataset(
  connection: Connection,
  pid: string,
  changesText: string,
  { unmodifiedSince, version = changeVersion(connection, changesText) }: Parameters<DatasetWrites['patchDataset']>[2],
): Promise<PatchOutcome> {
  const { addresses, transport, failure } = connection;
  if (Number.isNaN(Date.parse(unmodifiedSince))) {
    // SciCat ignores such a date, and the change would not be guarded.
    const text = `The dataset ${pid} is not changed: ${JSON.stringify(unmodifiedSince)} is not a time.`;
    throw new ScicatError('invalid', text, { isUnsent: true });
  }
  const url = addresses.inVersion(version, addresses.datasetPath(pid));
  // Before 4.27 SciCat does not look at the time itself.
  const found = await transport.read(url);
  const stored = jsonIn(found.bodyText);
  if (!isSuccess(found)) return refusedPatch(failure(found));
  if (!isJsonObject(stored)) throw notScicat(found, 'a dataset');
  const updatedAt = textAt(stored, 'updatedAt');
  if (Date.parse(updatedAt ?? '') > Date.parse(unmodifiedSince)) return { outcome: 'changed-meanwhile', updatedAt };
  const bodyText = version === 'v4' ? withTotals(changesText, stored) : changesText;
  const answer = await transport.send('PATCH', url, bodyText, { unmodifiedSince });
  if (answer.status === 412) return { outcome: 'changed-meanwhile', updatedAt: undefined };
  if (!isSuccess(answer)) return refusedPatch(failure(answer));
  const changed = jsonIn(answer.bodyText);
  if (!isJsonObject(changed)) throw notScicat(answer, 'a dataset');
  return { outcome: 'done', updatedAt: textAt(changed, 'updatedAt') };
}

async function createOrigDatablock(connection: Connection, bodyText: string): Promise<void> {
  const { addresses, apiVersion, post, transport } = connection;
  // v4 also wants the right to change the dataset, which accounts that create for others lack; nothing is written then.
  if (apiVersion === 'v4') {
    const answer = await transport.send(
      'POST',
      addresses.inVersion('v4', addresses.endpoint('origdatablocks')),
      bodyText,
      {
        isEcho: true,
      },
    );
    if (isSuccess(answer)) {
      refuseWebPage(answer);
      return;
    }
    if (answer.status !== 403) throw connection.failure(answer);
  }
  refuseWebPage(await post(addresses.inVersion('v3', addresses.endpoint('origdatablocks')), bodyText, true));
}

async function removeFromSandbox(
  { addresses, transport, failure }: Connection,
  pid: string,
): Promise<number | undefined> {
  const origin = new URL(addresses.of('datasets')).origin;
  const answer = await transport.send('DELETE', `${origin}${sandboxDatasets}${addressPart(pid)}`, '');
  const body = jsonIn(answer.bodyText);
  if (isSuccess(answer))
    return isJsonObject(body) && body['removed'] === pid ? Number(body['origdatablocks']) : undefined;
  // SciCat, a proxy and whatever else answers there know no such address.
  if (answer.status === 404 || answer.status === 405 || answer.status === 501) return undefined;
  throw failure(answer);
}

/** The version whose names a change has. */
function changeVersion({ apiVersion }: Connection, changesText: string): ApiVersion {
  return apiVersion === 'v4' ? 'v4' : versionOf(jsonIn(changesText));
}

function versionOf(dataset: unknown): ApiVersion {
  return isJsonObject(dataset) ? versionOfDataset(dataset) : 'v3';
}

/** Answers after which it is certain that nothing was changed. */
const isOfRefusal: ReadonlySet<ScicatErrorKind> = new Set([
  'invalid',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
]);

function refusedPatch(error: ScicatError): PatchOutcome {
  if (!isOfRefusal.has(error.kind)) throw error;
  return { outcome: 'refused', error };
}

/** Up to 5.2 an update in v4 clears the totals that it does not say. */
function withTotals(changesText: string, stored: JsonObject): string {
  const changes = jsonIn(changesText);
  if (!isJsonObject(changes)) return changesText;
  const missing = ['size', 'numberOfFiles'].filter((name) => !(name in changes) && name in stored);
  const totals = missing.map((name) => `${JSON.stringify(name)}:${JSON.stringify(stored[name])}`);
  // As text, so that no number of the changes is written anew.
  const inside = changesText.trim().slice(1, -1).trim();
  return `{${[...(inside === '' ? [] : [inside]), ...totals].join(',')}}`;
}

/** A proxy that wants a sign-in answers everything with 200 and a page. */
function refuseWebPage(answer: Answer): void {
  if (isWebPage(answer)) throw notScicat(answer, 'an origDatablock');
}

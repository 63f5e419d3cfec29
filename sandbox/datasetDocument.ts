import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { datasetFields } from '../core/scicat/datasetFields.ts';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';
import type { SandboxAccount } from './accounts.ts';
import { withoutUndefined } from './answers.ts';
import { withSiUnits } from './siUnits.ts';
import { knownLifecycle } from './lifecycle.ts';
import type { ApiVersion } from '../core/scicat/datasetForVersion.ts';
import type { SandboxState } from './state.ts';
import { authorship } from './state.ts';
import type { Document } from './store.ts';
import { objectId } from './store.ts';

const singles = datasetFields.flatMap(({ name, plural }) => (plural === undefined ? [] : [{ name, plural }]));
const listFields = datasetFields.filter(({ type }) => type === 'strings').map(({ name }) => name);

/** The dataset that is stored for an accepted body: lists as in v4, times in UTC, and everything SciCat adds itself. */
export function newDataset(
  body: JsonObject,
  version: ApiVersion,
  asker: SandboxAccount,
  state: SandboxState,
): Document {
  const pid = typeof body['pid'] === 'string' ? body['pid'] : `${state.pidPrefix}/${randomUUID()}`;
  return withoutUndefined({
    accessGroups: [],
    size: 0,
    packedSize: 0,
    numberOfFiles: 0,
    numberOfFilesArchived: 0,
    keywords: [],
    isPublished: false,
    techniques: [],
    sharedWith: [],
    relationships: [],
    scientificMetadata: {},
    inputDatasets: [],
    usedSoftware: [],
    ...storedFields(body, version),
    ...(version === 'v4' && listsOf(body)),
    classification: 'IN=medium,AV=low,CO=low',
    datasetlifecycle: {
      ...lifecycle(state.startedAt),
      ...knownLifecycle(body['datasetlifecycle']),
    },
    pid,
    type: body['type'],
    version: version === 'v3' ? '3' : '4',
    ...authorship(asker),
    _id: pid,
    __v: 0,
  });
}

function listsOf(body: JsonObject): Document {
  // One text counts as a list of it.
  return Object.fromEntries(
    singles.map(({ plural }) => [plural, typeof body[plural] === 'string' ? [body[plural]] : (body[plural] ?? [])]),
  );
}

/** The fields of a body as they are stored; also of an update. */
export function storedFields(body: JsonObject, version: ApiVersion, isUpdate = false): Document {
  const stored: Record<string, unknown> = { ...body };
  for (const { name, plural } of singles) {
    const value = name === 'principalInvestigator' ? (body[name] ?? body['investigator']) : body[name];
    if (version === 'v3' && body[plural] === undefined && (!isUpdate || value !== undefined)) {
      // As in SciCat, what was not given becomes a list with null.
      stored[plural] = [value ?? null];
    }
    Reflect.deleteProperty(stored, name);
  }
  Reflect.deleteProperty(stored, 'investigator');
  for (const name of listFields) if (typeof stored[name] === 'string') stored[name] = [stored[name]];
  for (const name of ['techniques', 'relationships']) {
    const items = stored[name];
    if (isList(items)) stored[name] = items.map((item) => (isJsonObject(item) ? { ...item, _id: objectId() } : item));
  }
  for (const name of ['creationTime', 'endTime', 'startTime']) {
    const value = stored[name];
    if (typeof value === 'string') stored[name] = utc(value);
  }
  if (typeof stored['sourceFolder'] === 'string') stored['sourceFolder'] = stored['sourceFolder'].replace(/\/$/, '');
  const metadata = stored['scientificMetadata'];
  // Of a list SciCat makes an object, too.
  if (isList(metadata) || isJsonObject(metadata)) stored['scientificMetadata'] = withSiUnits(metadata);
  return stored;
}

function utc(text: string): string {
  const read = DateTime.fromISO(text);
  const date = read.isValid ? read.toJSDate() : new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

function lifecycle(startedAt: string): Document {
  return {
    archivable: true,
    retrievable: false,
    publishable: false,
    dateOfDiskPurging: startedAt,
    publishedOn: startedAt,
    isOnCentralDisk: true,
    archiveStatusMessage: 'datasetCreated',
    retrieveStatusMessage: '',
    retrieveIntegrityCheck: false,
    _id: objectId(),
    archiveRetentionTime: startedAt,
    dateOfPublishing: startedAt,
  };
}

/**
 * A stored dataset as a version of the API shows it: v3 has the single fields besides the lists.
 * @param sent the body of the request that made it; what was not sent is not shown at once
 */
export function shownDataset(document: Document, version: ApiVersion, sent?: JsonObject): Document {
  if (version === 'v4') return document;
  const single = singles.map(({ name, plural }): [string, unknown] => {
    const list = document[plural];
    const shown = document['type'] === 'derived' && name === 'principalInvestigator' ? 'investigator' : name;
    const first: unknown = isList(list) ? list[0] : undefined;
    return [shown, sent !== undefined && !(shown in sent) ? undefined : first];
  });
  return withoutUndefined({ ...document, ...Object.fromEntries(single) });
}

/** Whether an item of the metadata is null, which some versions of SciCat do not survive. */
export function hasNullMetadata(body: JsonObject): boolean {
  const metadata = body['scientificMetadata'];
  return isJsonObject(metadata) && Object.values(metadata).includes(null);
}

/** v3 makes a name out of the last two parts of the folder if there is none. */
export function withDatasetName(body: JsonObject): JsonObject {
  if (body['datasetName'] !== undefined || (body['type'] !== 'raw' && body['type'] !== 'derived')) return body;
  const folder = typeof body['sourceFolder'] === 'string' ? body['sourceFolder'] : '';
  return { ...body, datasetName: folder.split('/').filter(Boolean).slice(-2).join('/') };
}

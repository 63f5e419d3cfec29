import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';
import { sandboxDatasets } from '../core/scicat/datasetWrites.ts';
import { datasetField } from '../core/scicat/datasetFields.ts';
import { mayCreate, mayRead, mayUpdate } from './accounts.ts';
import { bareRefusal, emptyResponse, internalError, jsonResponse, readBody, Refusal, refusal } from './answers.ts';
import { hasNullMetadata, newDataset, shownDataset, storedFields, withDatasetName } from './datasetDocument.ts';
import { knownLifecycle, wrongLifecycleKey } from './lifecycle.ts';
import { readFilter, select, v3Where } from './filter.ts';
import type { Filter } from './filter.ts';
import type { ApiVersion } from '../core/scicat/datasetForVersion.ts';
import type { App, Request, SandboxState } from './state.ts';
import { apiVersions } from '../core/scicat/datasetForVersion.ts';
import { blocksOf, listedBlock, objectBody, requireCreator, ServerDied } from './state.ts';
import type { Document } from './store.ts';
import type { ValidationError } from './validation.ts';
import { validationTexts } from './validation.ts';

/** Datasets in both versions of the API. */
export function addDatasetRoutes(app: App, state: SandboxState): void {
  for (const version of apiVersions) {
    const base = `/api/${version}/datasets`;
    app.post(base, (context) => create(context, state, version));
    app.post(`${base}/isvalid`, (context) => isValid(context, state, version));
    app.get(base, (context) => {
      const found = list(context, state, version, version === 'v3' ? 100 : 10);
      return jsonResponse(200, found);
    });
    app.get(`${base}/count`, (context) => {
      return jsonResponse(200, { count: list(context, state, version, Number.POSITIVE_INFINITY).length });
    });
    app.get(`${base}/findone`, (context) => {
      const [first] = list(context, state, version, 1);
      return first ? jsonResponse(200, first) : emptyResponse();
    });
    if (version === 'v3') app.get(`${base}/fullquery`, (context) => jsonResponse(200, fullQuery(context, state)));
    else addPublicRoutes(app, state, base);
    app.get(`${base}/:pid`, (context) => {
      const dataset = readable(context, state, version);
      const shown = shownDataset(dataset, version);
      const include = context.req.queries('include') ?? [];
      return jsonResponse(200, {
        ...shown,
        ...(version === 'v3' && { history: [] }),
        ...(include.includes('origdatablocks') && { origdatablocks: shownBlocks(state, dataset, version) }),
      });
    });
    app.patch(`${base}/:pid`, (context) => update(context, state, version));
    app.delete(`${base}/:pid`, (context) => remove(context, state));
    app.patch(`${base}/:pid/datasetlifecycle`, (context) => changeLifecycle(context, state));
  }
  // No address of SciCat's: whoever calls it knows that it is a sandbox that answers.
  app.delete(sandboxDatasets + ':pid', (context) => removeWhole(context, state));
}

/** The dataset of the path. @throws Refusal 404 or 403 */
export function readable(context: Request, { store }: SandboxState, version: ApiVersion): Document {
  const pid = context.req.param('pid') ?? '';
  const asker = context.get('asker');
  const dataset = store.datasets.get(pid);
  if (!dataset) throw refusal(404, `dataset: ${version === 'v3' ? pid : 'null'} not found`);
  if (!mayRead(asker, dataset)) throw refusal(403, 'Unauthorized access');
  return dataset;
}

async function create(context: Request, state: SandboxState, version: ApiVersion): Promise<Response> {
  const asker = requireCreator(context);
  const body = await datasetBody(context, state, version);
  const errors = state.validation.dataset(kindOf(body['type'], version), body);
  if (errors.length > 0) throw invalid(errors, version);
  if (!mayCreate(asker, body)) throw unauthorized(version, 'Unauthorized to create this dataset');
  const { pid } = body;
  if (pid === null || pid === '') throw databaseFailure('pid', version);
  if (typeof pid === 'string' && state.store.datasets.get(pid)) {
    throw refusal(409, `A dataset with pid ${pid} already exists!`);
  }
  if (typeof body['owner'] !== 'string') throw databaseFailure('owner', version);
  const wrong = wrongLifecycleKey(body['datasetlifecycle']);
  if (wrong !== undefined) throw databaseFailure(`datasetlifecycle.${wrong}`, version);
  const dataset = newDataset(body, version, asker, state);
  await state.store.datasets.put(String(dataset['pid']), dataset);
  if (hasNullMetadata(body) && state.traits.nullMetadata !== 'accepted') {
    if (state.traits.nullMetadata === 'dies') throw new ServerDied();
    throw version === 'v3' ? new Refusal(500, {}) : databaseFailure('', version);
  }
  await countInProposals(dataset, state);
  return jsonResponse(201, shownDataset(dataset, version, body));
}

async function countInProposals(dataset: Document, { store }: SandboxState): Promise<void> {
  const ids = dataset['proposalIds'];
  for (const id of isList(ids) ? ids : []) {
    const proposal = typeof id === 'string' ? store.proposals.get(id) : undefined;
    if (!proposal) continue;
    const numberOfDatasets = Number(proposal['numberOfDatasets'] ?? 0) + 1;
    await store.proposals.put(String(id), { ...proposal, numberOfDatasets });
  }
}

async function datasetBody(context: Request, state: SandboxState, version: ApiVersion): Promise<JsonObject> {
  const body = await readBody(context.req.raw, state.bodyLimit);
  if (isList(body)) {
    const unknownValue = { unknownValue: 'an unknown value was passed to the validate function' };
    throw version === 'v3'
      ? obsoleteInvalid([{ constraints: unknownValue }])
      : refusal(400, Object.values(unknownValue));
  }
  if (!isJsonObject(body)) throw internalError();
  return version === 'v3' ? withDatasetName(body) : body;
}

function kindOf(type: unknown, version: ApiVersion): 'raw' | 'derived' | 'v4' {
  return version === 'v3' && (type === 'raw' || type === 'derived') ? type : 'v4';
}

/** v4 says less than v3. */
function unauthorized(version: ApiVersion, message: string): Refusal {
  return refusal(403, version === 'v4' ? 'Unauthorized access' : message);
}

/** v3 datasets are refused in a form of their own. */
function invalid(errors: readonly ValidationError[], version: ApiVersion): Refusal {
  return version === 'v3' ? obsoleteInvalid(errors) : refusal(400, validationTexts(errors));
}

function obsoleteInvalid(errors: readonly unknown[]): Refusal {
  return new Refusal(400, { status: 400, message: JSON.stringify(errors) });
}

/** The database refuses what the validation let pass. */
function databaseFailure(path: string, version: ApiVersion): Refusal {
  if (version === 'v4') {
    return new Refusal(500, { message: 'Something went wrong. Please try again later.', statusCode: 500 });
  }
  const message = `Path \`${path}\` is required.`;
  return new Refusal(500, {
    errors: { [path]: { name: 'ValidatorError', message, kind: 'required', path } },
    _message: 'DatasetClass validation failed',
    name: 'ValidationError',
    message: `DatasetClass validation failed: ${path}: ${message}`,
  });
}

/** Says less than creating: unknown properties pass, and nested errors have no reason. */
async function isValid(context: Request, state: SandboxState, version: ApiVersion): Promise<Response> {
  const asker = requireCreator(context);
  const body = await datasetBody(context, state, version);
  if (!mayCreate(asker, body)) throw refusal(403, 'Unauthorized to create this dataset');
  const errors = state.validation
    .dataset(kindOf(body['type'], version), body)
    .filter(({ constraints }) => constraints?.['whitelistValidation'] === undefined);
  const valid = errors.length === 0;
  const reason = errors.flatMap(({ constraints = {} }) => Object.values(constraints)).join('; ');
  return jsonResponse(
    200,
    version === 'v3' && !valid && state.traits.isValidReason ? { valid, error: reason } : { valid },
  );
}

function list(context: Request, state: SandboxState, version: ApiVersion, defaultLimit: number): Document[] {
  const asker = context.get('asker');
  if (version === 'v4' && !asker) throw refusal(403, 'Unauthorized access');
  const filter = readFilter(context.req.query('filter'));
  if (version === 'v4') refuseUnknownKeys(filter);
  const where = version === 'v3' ? v3Where(filter.where, state.traits.dateCoercion) : filter.where;
  const visible = state.store.datasets.all.filter((dataset) => mayRead(asker, dataset));
  const withBlocks = filter.include.includes('origdatablocks');
  return select(visible, filter, where, defaultLimit).map((dataset) => ({
    ...shownDataset(dataset, version),
    ...(withBlocks && { origdatablocks: shownBlocks(state, dataset, version) }),
  }));
}

/** The older way of asking: `fields` holds what must match, `limits` the page. */
function fullQuery(context: Request, state: SandboxState): Document[] {
  const fields = readFilter(`{"where":${context.req.query('fields') ?? '{}'}}`);
  const filter = readFilter(`{"limits":${context.req.query('limits') ?? '{}'}}`);
  const visible = state.store.datasets.all.filter((dataset) => mayRead(context.get('asker'), dataset));
  const where = v3Where(fields.where, state.traits.dateCoercion);
  return select(visible, filter, where, 100).map((dataset) => shownDataset(dataset, 'v3'));
}

/** Published datasets, which nobody needs to sign in for. */
function addPublicRoutes(app: App, state: SandboxState, base: string): void {
  const published = (): Document[] => state.store.datasets.all.filter((dataset) => dataset['isPublished'] === true);
  app.get(`${base}/public`, (context) => {
    const filter = readFilter(context.req.query('filter'));
    refuseUnknownKeys(filter);
    return jsonResponse(200, select(published(), filter, filter.where, 10));
  });
  app.get(`${base}/public/:pid`, (context) => {
    const dataset = published().find(({ pid }) => pid === context.req.param('pid'));
    if (!dataset) throw refusal(404, 'dataset: null not found');
    const include = context.req.queries('include') ?? [];
    return jsonResponse(200, {
      ...dataset,
      ...(include.includes('origdatablocks') && { origdatablocks: shownBlocks(state, dataset, 'v4') }),
    });
  });
}

function shownBlocks(state: SandboxState, { _id: pid }: Document, version: ApiVersion): Document[] {
  const blocks = blocksOf(state, String(pid));
  return version === 'v4' ? blocks.map(listedBlock) : blocks;
}

const otherColumns = new Set(['_id', 'createdBy', 'updatedBy', 'createdAt', 'updatedAt', 'version']);

function refuseUnknownKeys({ where, order }: Filter): void {
  // v4 has `sort` in its place.
  if (order !== undefined) throw refusal(400, 'Property limits.order should not exist in the filter object');
  for (const key of Object.keys(where)) {
    const [column = ''] = key.split('.');
    const isKnown =
      key.startsWith('$') || otherColumns.has(column) || (datasetField(column)?.v4 ?? 'refused') !== 'refused';
    if (!isKnown) throw refusal(400, `Property where.${key} should not exist in the filter object`);
  }
}

async function update(context: Request, state: SandboxState, version: ApiVersion): Promise<Response> {
  const asker = requireCreator(context);
  const body = await objectBody(context, state);
  const pid = context.req.param('pid') ?? '';
  const dataset = state.store.datasets.get(pid);
  const errors = state.validation.dataset(kindOf(dataset?.['type'], version), body, true);
  // v4 looks at the body before it looks for the dataset.
  if (version === 'v4' && errors.length > 0) throw invalid(errors, version);
  if (!dataset) throw version === 'v3' ? bareRefusal(404) : refusal(404, 'Dataset not found');
  if (errors.length > 0) throw invalid(errors, version);
  if (!mayUpdate(asker, dataset)) throw unauthorized(version, 'Unauthorized to update this dataset');
  if (version === 'v4') refuseHalfQuantities(body, dataset, pid);
  const since = new Date(context.req.header('if-unmodified-since') ?? '');
  // To the millisecond, although HTTP writes such dates in whole seconds.
  if (state.traits.changedText && since < new Date(String(dataset['updatedAt']))) {
    throw refusal(412, state.traits.changedText(pid, since));
  }
  const isMerge = version === 'v4' && (context.req.header('content-type') ?? '').includes('merge-patch');
  const changes = storedFields(body, version, true);
  const changed = {
    ...(isMerge ? merged(dataset, changes) : { ...dataset, ...changes }),
    // Before the rework of the totals an update in v4 cleared them.
    ...(version === 'v4' &&
      state.traits.sizes === 'recompute' && { size: body['size'] ?? 0, numberOfFiles: body['numberOfFiles'] ?? 0 }),
    updatedBy: asker.username,
    updatedAt: new Date().toISOString(),
  };
  await state.store.datasets.put(pid, changed);
  return jsonResponse(200, shownDataset(changed, version));
}

/** In v4 an update may not leave a value without its unit, or the other way round. */
function refuseHalfQuantities(changes: JsonObject, dataset: JsonObject, pid: string): void {
  const halves = halfQuantities(changes, dataset);
  if (halves.length === 0) return;
  const text = `Original dataset ${pid} contains both value and unit in ${halves.join(', ')}. Please provide both when updating.`;
  throw refusal(400, text);
}

function halfQuantities(changes: JsonObject, stored: unknown, parent = ''): readonly string[] {
  return Object.entries(changes).flatMap(([key, value]) => {
    if (!isJsonObject(value)) return [];
    const old = isJsonObject(stored) ? stored[key] : undefined;
    const count = (item: unknown): number =>
      isJsonObject(item) ? Number('value' in item) + Number('unit' in item) : 0;
    const path = `${parent}${key}`;
    return [...(count(value) === 1 && count(old) === 2 ? [path] : []), ...halfQuantities(value, old, `${path}.`)];
  });
}

/** By the owners, and by those who archive. */
async function changeLifecycle(context: Request, state: SandboxState): Promise<Response> {
  const asker = context.get('asker');
  if (!asker) throw refusal(403, 'Forbidden resource');
  const changes = knownLifecycle(await objectBody(context, state));
  const pid = context.req.param('pid') ?? '';
  const dataset = state.store.datasets.get(pid);
  if (!dataset) throw bareRefusal(404);
  if (!asker.keepsLifecycles && !mayUpdate(asker, dataset)) throw unauthorized('v4', '');
  if (Object.keys(changes).length === 0) throw refusal(400, 'No lifecycle fields were given.');
  const old = isJsonObject(dataset['datasetlifecycle']) ? dataset['datasetlifecycle'] : {};
  const datasetlifecycle = { ...old, ...changes };
  const updated = { updatedBy: asker.username, updatedAt: new Date().toISOString() };
  await state.store.datasets.put(pid, { ...dataset, datasetlifecycle, ...updated });
  return jsonResponse(200, datasetlifecycle);
}

/** JSON merge patch: null removes. */
function merged(target: JsonObject, changes: JsonObject): Document {
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(changes)) {
    const old = result[key];
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = isJsonObject(value) && isJsonObject(old) ? merged(old, value) : value;
  }
  return result;
}

/** Removes a dataset with its lists of files, which SciCat would leave. */
async function removeWhole(context: Request, state: SandboxState): Promise<Response> {
  const { store } = state;
  const pid = context.req.param('pid') ?? '';
  const dataset = store.datasets.get(pid);
  if (!dataset) throw bareRefusal(404);
  const asker = requireCreator(context);
  if (asker.profile !== 'admin' && !mayUpdate(asker, dataset)) throw refusal(403, 'Forbidden resource');
  const blocks = blocksOf(state, pid);
  for (const block of blocks) await store.origdatablocks.remove(String(block['id']));
  await store.datasets.remove(pid);
  return jsonResponse(200, { removed: pid, origdatablocks: blocks.length });
}

/** The blocks of the dataset stay, as in SciCat. */
async function remove(context: Request, { store }: SandboxState): Promise<Response> {
  if (context.get('asker')?.profile !== 'admin') throw refusal(403, 'Forbidden resource');
  const pid = context.req.param('pid') ?? '';
  const dataset = store.datasets.get(pid);
  if (!dataset) throw bareRefusal(404);
  await store.datasets.remove(pid);
  return jsonResponse(200, dataset);
}

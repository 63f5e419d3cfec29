import { randomUUID } from 'node:crypto';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';
import { mayAttach, mayRead, mayUpdate } from './accounts.ts';
import { internalError, jsonResponse, refusal, withoutUndefined } from './answers.ts';
import { readable } from './datasetRoutes.ts';
import { readFilter, select } from './filter.ts';
import type { ApiVersion } from '../core/scicat/datasetForVersion.ts';
import type { App, Request, SandboxState } from './state.ts';
import { apiVersions } from '../core/scicat/datasetForVersion.ts';
import { authorship, blocksOf, listedBlock, objectBody, requireCreator } from './state.ts';
import type { Document } from './store.ts';
import { objectId } from './store.ts';
import { validationTexts } from './validation.ts';

/** OrigDatablocks in both versions of the API, and below their dataset in v3. */
export function addOrigDatablockRoutes(app: App, state: SandboxState): void {
  for (const version of apiVersions) {
    const base = `/api/${version}/origdatablocks`;
    app.post(base, async (context) => {
      const asker = requireCreator(context);
      return create(await objectBody(context, state), false, asker, state, version);
    });
    app.post(`${base}/isvalid`, (context) => isValid(context, state, version));
    app.get(base, (context) => {
      const filter = readFilter(context.req.query('filter'));
      const visible = state.store.origdatablocks.all.filter((block) => mayRead(context.get('asker'), block));
      const found = select(visible, filter, filter.where, version === 'v3' ? 100 : 10);
      return jsonResponse(200, version === 'v4' ? found.map(listedBlock) : found);
    });
    if (version === 'v4') app.get(`${base}/files`, (context) => jsonResponse(200, listFiles(context, state)));
    app.get(`${base}/:id`, (context) => {
      const block = state.store.origdatablocks.get(context.req.param('id'));
      // For an unknown block v3 says that it is not allowed.
      if (!block)
        throw version === 'v3' ? refusal(403, 'Unauthorized access') : refusal(404, 'OrigDatablock not found');
      if (!mayRead(context.get('asker'), block)) throw refusal(403, 'Unauthorized access');
      return jsonResponse(200, block);
    });
    app.delete(`${base}/:id`, (context) => remove(context, state, version));
  }
  const nested = '/api/v3/datasets/:pid/origdatablocks';
  app.get(nested, (context) => jsonResponse(200, blocksOf(state, String(readable(context, state, 'v3')['_id']))));
  app.post(nested, async (context) => {
    const asker = requireCreator(context);
    const body = await objectBody(context, state);
    return create(
      { ...body, datasetId: context.req.param('pid') },
      'datasetId' in body ? false : true,
      asker,
      state,
      'v3',
    );
  });
}

/** A line for each file, with all that is said of its block. */
function listFiles(context: Request, { store }: SandboxState): Document[] {
  const filter = readFilter(context.req.query('filter'));
  const blocks = store.origdatablocks.all.filter((block) => mayRead(context.get('asker'), block));
  const lines = blocks.map(listedBlock).flatMap((block) =>
    filesOf(block).map((dataFileList) => ({
      ...block,
      dataFileList,
      datasetExist: store.datasets.get(String(block['datasetId'])) !== undefined,
    })),
  );
  return select(lines, filter, filter.where, 10);
}

async function create(
  body: JsonObject,
  isNested: boolean,
  asker: ReturnType<typeof requireCreator>,
  state: SandboxState,
  version: ApiVersion,
): Promise<Response> {
  const { datasetId, ...own } = body;
  if (filesOf(body).some(({ metadata }) => isJsonObject(metadata) && Object.keys(metadata).length > 0)) {
    if (state.traits.fileMetadata) throw refusal(400, 'Datafile metadata is not following the schema of this SciCat.');
  }
  const errors = state.validation.origDatablock(isNested ? own : body, isNested);
  if (errors.length > 0) throw refusal(400, validationTexts(errors));
  const dataset = state.store.datasets.get(String(datasetId));
  if (!dataset) throw refusal(404, `Dataset: ${String(datasetId)} not found for attaching an origdatablock`);
  if (!mayAttach(asker, dataset, version)) {
    throw refusal(403, version === 'v4' ? 'Unauthorized access' : 'Unauthorized to create this origdatablock');
  }
  const files = filesOf(body);
  // The validation lets an empty path pass, the database does not.
  if (files.some((file) => file['path'] === '')) throw internalError();
  const id = randomUUID();
  const block: Document = withoutUndefined({
    ...authorship(asker),
    ownerGroup: dataset['ownerGroup'],
    accessGroups: dataset['accessGroups'],
    instrumentGroup: dataset['instrumentGroup'],
    isPublished: body['isPublished'] ?? false,
    datasetId,
    size: body['size'],
    chkAlg: body['chkAlg'],
    dataFileList: files.map((file) => withFileId(file)),
    _id: id,
    __v: 0,
    id,
  });
  const stored = state.store.origdatablocks.put(id, block);
  const counted = addTotals(block, 1, state, version);
  await Promise.all([stored, counted]);
  return jsonResponse(201, block);
}

function withFileId({ metadata, ...file }: JsonObject): Document {
  const id = objectId();
  // An empty object is dropped.
  return { ...file, ...(!isJsonObject(metadata) && metadata !== undefined && { metadata }), _id: id, id };
}

function filesOf(block: JsonObject): JsonObject[] {
  const files = block['dataFileList'];
  return isList(files) ? files.filter((file): file is JsonObject => typeof file === 'object' && file !== null) : [];
}

/** Changes the totals of the dataset in the way of the version. @param sign 1 for a new block, -1 for a removed one */
async function addTotals(block: Document, sign: 1 | -1, state: SandboxState, version: ApiVersion): Promise<void> {
  const pid = String(block['datasetId']);
  const dataset = state.store.datasets.get(pid);
  if (!dataset) return;
  const increment = state.traits.sizes === 'increment';
  const summed = increment ? [block] : blocksOf(state, pid).slice(0, state.traits.summedBlocks[version]);
  const total = (count: (item: Document) => number): number => summed.reduce((sum, item) => sum + count(item), 0);
  const size = total((item) => Number(item['size']));
  const numberOfFiles = total((item) => filesOf(item).length);
  const from = (name: string): number => (increment ? Number(dataset[name]) : 0);
  const factor = increment ? sign : 1;
  await state.store.datasets.put(pid, {
    ...dataset,
    size: from('size') + factor * size,
    numberOfFiles: from('numberOfFiles') + factor * numberOfFiles,
    updatedAt: new Date().toISOString(),
  });
}

async function isValid(context: Request, state: SandboxState, version: ApiVersion): Promise<Response> {
  const asker = requireCreator(context);
  const body = await objectBody(context, state);
  const dataset = state.store.datasets.get(String(body['datasetId']));
  if (!dataset) throw refusal(404, `Dataset: ${String(body['datasetId'])} not found for attaching an origdatablock`);
  if (!mayAttach(asker, dataset, version)) throw refusal(403, 'Unauthorized to create this origdatablock');
  const errors = state.validation
    .origDatablock(body, false)
    .filter(({ constraints }) => constraints?.['whitelistValidation'] === undefined);
  return jsonResponse(200, { valid: errors.length === 0, [version === 'v3' ? 'errors' : 'reason']: errors });
}

async function remove(context: Request, state: SandboxState, version: ApiVersion): Promise<Response> {
  const asker = requireCreator(context);
  const id = context.req.param('id') ?? '';
  const block = state.store.origdatablocks.get(id);
  if (!block) throw refusal(404, 'OrigDatablock not found');
  if (!mayUpdate(asker, block)) throw refusal(403, 'Unauthorized to delete this origdatablock');
  await state.store.origdatablocks.remove(id);
  await addTotals(block, -1, state, version);
  return jsonResponse(200, block);
}

import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../core/scicat/json.ts';
import type { JsonSchema } from '../core/scicat/scicatDatasetSchema.ts';
import { mayRead } from './accounts.ts';
import { emptyResponse, internalError, jsonResponse, refusal, withoutUndefined } from './answers.ts';
import { readFilter, select } from './filter.ts';
import type { App, Request, SandboxState } from './state.ts';
import { authorship, objectBody, requireAdmin } from './state.ts';
import type { Document } from './store.ts';
import { validationTexts } from './validation.ts';

const text = { type: 'string' };
const optionalText = { type: ['string', 'null'] };
const groups = {
  ownerGroup: text,
  accessGroups: { type: ['array', 'string', 'null'], items: text },
  instrumentGroup: optionalText,
};

function closed(properties: JsonSchema, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Proposals, instruments and samples; only v3 has them. */
export function addCatalogueRoutes(app: App, state: SandboxState): void {
  addProposalRoutes(app, state);
  addInstrumentRoutes(app, state);
  addSampleRoutes(app, state);
}

function addProposalRoutes(app: App, state: SandboxState): void {
  const { proposals } = state.store;
  const schema = closed(
    {
      ...groups,
      proposalId: text,
      email: { ...text, format: 'email' },
      title: text,
      ...optionals(
        'pi_email pi_firstname pi_lastname firstname lastname abstract startTime endTime parentProposalId type',
      ),
      MeasurementPeriodList: { type: ['array', 'null'] },
      metadata: { type: ['object', 'null'] },
      instrumentIds: { type: ['array', 'null'], items: text },
    },
    ['proposalId', 'email', 'title', 'ownerGroup'],
  );
  // The filter of this list has another name than everywhere else.
  app.get('/api/v3/proposals', (context) => jsonResponse(200, list(context, proposals.all, 'filters')));
  app.get('/api/v3/proposals/:id', (context) => {
    const id = context.req.param('id');
    const proposal = proposals.get(id);
    if (!proposal) throw refusal(404, `Proposal: ${id} not found`);
    if (!mayRead(context.get('asker'), proposal)) throw refusal(403, 'Unauthorized to this proposal');
    return jsonResponse(200, proposal);
  });
  app.post('/api/v3/proposals', async (context) => {
    const asker = requireAdmin(context);
    const body = await validBody(context, state, 'proposal', schema);
    const id = String(body['proposalId']);
    if (proposals.get(id)) throw refusal(409, `Proposal with ${id} already exists`);
    const proposal = { ...newProposal(body), ...authorship(asker), _id: id, __v: 0, id };
    await proposals.put(id, proposal);
    return jsonResponse(201, proposal);
  });
}

/** What a proposal has besides what was given. */
export function newProposal(body: Document): Document {
  const dates = ['startTime', 'endTime'].flatMap((name): [string, string][] => {
    const value = body[name];
    return typeof value === 'string' ? [[name, new Date(value).toISOString()]] : [];
  });
  return {
    accessGroups: [],
    isPublished: false,
    MeasurementPeriodList: [],
    metadata: {},
    parentProposalId: null,
    type: 'Default Proposal',
    instrumentIds: [],
    numberOfDatasets: 0,
    ...body,
    ...Object.fromEntries(dates),
  };
}

function addInstrumentRoutes(app: App, state: SandboxState): void {
  const { instruments } = state.store;
  const schema = closed({ uniqueName: text, name: text, pid: text, customMetadata: { type: ['object', 'null'] } }, [
    'uniqueName',
    'name',
  ]);
  const find = (context: Request): Document[] => list(context, instruments.all, 'filter', true);
  const orNothing = (found: Document | undefined): Response => (found ? jsonResponse(200, found) : emptyResponse());
  app.get('/api/v3/instruments', (context) => jsonResponse(200, find(context)));
  app.get('/api/v3/instruments/findone', (context) => orNothing(find(context)[0]));
  app.get('/api/v3/instruments/:id', (context) => orNothing(instruments.get(context.req.param('id'))));
  app.post('/api/v3/instruments', async (context) => {
    const asker = requireAdmin(context);
    const body = await validBody(context, state, 'instrument', schema);
    const pid = typeof body['pid'] === 'string' ? body['pid'] : `${state.pidPrefix}${randomUUID()}`;
    if (instruments.get(pid) ?? instruments.all.find(({ uniqueName }) => uniqueName === body['uniqueName'])) {
      throw refusal(409, 'Instrument with the same unique name already exists');
    }
    const instrument = { customMetadata: {}, ...body, ...authorship(asker), pid, _id: pid, __v: 0, id: pid };
    await instruments.put(pid, instrument);
    return jsonResponse(201, instrument);
  });
}

function addSampleRoutes(app: App, state: SandboxState): void {
  const { samples } = state.store;
  const schema = closed(
    {
      ...groups,
      ...optionals('sampleId description owner type proposalId parentSampleId'),
      ...(state.traits.sampleName && { sampleName: text }),
      sampleCharacteristics: { type: ['object', 'null'] },
      isPublished: { type: ['boolean', 'null'] },
    },
    ['ownerGroup'],
  );
  app.get('/api/v3/samples', (context) => jsonResponse(200, list(context, samples.all, 'filter')));
  app.get('/api/v3/samples/:id', (context) => {
    const sample = samples.get(context.req.param('id'));
    if (!sample) throw refusal(404, `Sample: ${context.req.param('id')} not found`);
    if (!mayRead(context.get('asker'), sample)) throw refusal(403, 'Unauthorized to this sample');
    return jsonResponse(200, sample);
  });
  app.post('/api/v3/samples', async (context) => {
    const asker = requireAdmin(context);
    const body = await validBody(context, state, 'sample', schema);
    const id = typeof body['sampleId'] === 'string' ? body['sampleId'] : randomUUID();
    // Both are refused by the database only.
    if (samples.get(id) || (state.traits.sampleName && body['sampleName'] === undefined)) throw internalError();
    const sample = {
      accessGroups: [],
      isPublished: false,
      ...body,
      ...authorship(asker),
      sampleId: id,
      _id: id,
      __v: 0,
    };
    await samples.put(id, sample);
    return jsonResponse(201, sample);
  });
}

function optionals(names: string): JsonSchema {
  return Object.fromEntries(names.split(' ').map((name) => [name, optionalText]));
}

function list(context: Request, all: readonly Document[], parameter: string, isPublic = false): Document[] {
  const filter = readFilter(context.req.query(parameter));
  const visible = isPublic ? all : all.filter((document) => mayRead(context.get('asker'), document));
  return select(visible, filter, filter.where, 100);
}

async function validBody(context: Request, state: SandboxState, name: string, schema: JsonSchema): Promise<Document> {
  const body = await objectBody(context, state);
  const errors = state.validation.check(name, () => schema, body);
  if (errors.length > 0) throw refusal(400, validationTexts(errors));
  return isJsonObject(body) ? withoutUndefined(body) : {};
}

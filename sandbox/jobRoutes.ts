import { randomUUID } from 'node:crypto';
import type { ApiVersion } from '../core/scicat/datasetForVersion.ts';
import { apiVersions } from '../core/scicat/datasetForVersion.ts';
import { fieldFormats } from '../core/scicat/fieldFormats.ts';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';
import { mayRead } from './accounts.ts';
import type { Asker, SandboxAccount } from './accounts.ts';
import { jsonResponse, readBody, Refusal, refusal, withoutUndefined } from './answers.ts';
import { readFilter, select } from './filter.ts';
import { datasetsOfJob, isNamed, requireDatasets, validate } from './jobTypes.ts';
import type { App, Request, SandboxState } from './state.ts';
import { blocksOf, objectBody } from './state.ts';
import type { Document } from './store.ts';

/**
 * Jobs, of the types that the sandbox is started with: without any, as in a SciCat without a file of job types, every
 * type is refused and there are no jobs. They are stored as v4 shows them. What is to be done for a job is done by
 * nobody here; somebody who may can say that it is.
 */
export function addJobRoutes(app: App, state: SandboxState): void {
  for (const version of apiVersions) {
    const base = `/api/${version}/jobs`;
    const shown = (job: Document): Document => (version === 'v3' ? asV3(job) : job);
    app.post(base, async (context) => {
      const job = await create(context, state, version);
      await state.store.jobs.put(String(job['_id']), job);
      return jsonResponse(201, shown(job));
    });
    app.get(base, (context) => jsonResponse(200, list(context, state, version).map(shown)));
    app.get(`${base}/fullquery`, (context) => {
      const fields = `{"where":${context.req.query('fields') ?? '{}'},"limits":${context.req.query('limits') ?? '{}'}}`;
      const { where, ...filter } = readFilter(fields);
      return jsonResponse(200, select(visible(context, state), { ...filter, where }, where, 100).map(shown));
    });
    app.get(`${base}/:id`, (context) => {
      const asker = requireSomebody(context);
      const job = jobOf(context, state);
      if (!seesJob(asker, job)) throw refusal(403, 'Unauthorized to get this job.');
      const { include } = readFilter(context.req.query('filter'));
      const datasets = include.includes('datasets') && { datasets: datasetsBeside(job, state) };
      return jsonResponse(200, { ...shown(job), ...datasets });
    });
    app.patch(`${base}/:id`, async (context) => jsonResponse(200, shown(await update(context, state, version))));
    app.delete(`${base}/:id`, (context) => remove(context, state));
  }
}

const jobKeys = ['type', 'jobParams', 'ownerUser', 'ownerGroup', 'contactEmail'];

function faultsOf(body: JsonObject): string[] {
  const unknown = Object.keys(body).filter((key) => !jobKeys.includes(key));
  const { jobParams, contactEmail } = body;
  return [
    ...unknown.map((key) => `property ${key} should not exist`),
    ...(typeof jobParams === 'object' && jobParams !== null ? [] : ['jobParams must be an object']),
    ...(contactEmail === undefined || (typeof contactEmail === 'string' && fieldFormats.email.test(contactEmail))
      ? []
      : ['contactEmail must be an email']),
  ];
}

/** What was asked for, in the form of v4. */
interface Asked {
  readonly type: unknown;
  readonly ownerUser: unknown;
  readonly ownerGroup: unknown;
  readonly contactEmail: unknown;
  readonly jobParams: JsonObject;
}

async function create(context: Request, state: SandboxState, version: ApiVersion): Promise<Document> {
  const asker = context.get('asker');
  const body = await objectBody(context, state);
  const errors = version === 'v4' ? faultsOf(body) : [];
  if (errors.length > 0) throw refusal(400, errors);
  const jobType = state.jobs.jobs.find((item) => item.jobType === body['type']);
  if (!jobType) throw new Refusal(400, { status: 400, message: `Invalid job type: ${String(body['type'])}` });
  const { auth, datasets: rules, request } = jobType.create;
  const asked = version === 'v3' ? fromV3(body, asker, state) : fromV4(body);
  const isOfDatasets = version === 'v3' || auth.startsWith('#dataset');
  if (auth === '#datasetOwner' && !asker) throw refusal(401, 'User not authenticated');
  const datasets = isOfDatasets ? listedDatasets(asked, state) : [];
  const owner = asker ? ownerFor(asked, asker, state) : ownerForNobody(asked, version);
  if (auth.startsWith('#dataset')) requireDatasets(auth, asker, owner, datasets);
  else if (!isNamed(auth, asker)) throw refusal(403, 'Unauthorized to create this job.');
  validate(request, asked);
  for (const dataset of datasets) validate(rules, dataset);
  const { jobStatusMessage, ...jobParams } = asked.jobParams;
  const id = randomUUID();
  const now = new Date().toISOString();
  const by = asker?.username ?? 'anonymous';
  return withoutUndefined({
    createdBy: by,
    updatedBy: by,
    createdAt: now,
    updatedAt: now,
    ...owner,
    accessGroups: [],
    isPublished: false,
    _id: id,
    id,
    type: jobType.jobType,
    statusCode: jobStatusMessage ?? 'jobSubmitted',
    statusMessage: jobStatusMessage ?? 'Job submitted.',
    jobParams,
    configVersion: state.jobs.configVersion,
    jobResultObject: {},
    __v: 0,
  });
}

function fromV4({ type, ownerUser, ownerGroup, contactEmail, jobParams }: JsonObject): Asked {
  return { type, ownerUser, ownerGroup, contactEmail, jobParams: isJsonObject(jobParams) ? jobParams : {} };
}

/** The owner is among the parameters there, or the asker and the group of the first dataset. */
function fromV3(body: JsonObject, asker: Asker, { store }: SandboxState): Asked {
  const { username, ...params }: JsonObject = isJsonObject(body['jobParams']) ? body['jobParams'] : {};
  const { datasetList, executionTime, jobStatusMessage } = body;
  const first: unknown = isList(datasetList) ? datasetList[0] : undefined;
  const dataset = isJsonObject(first) ? store.datasets.get(String(first['pid'])) : undefined;
  const group = dataset && asker && mayRead(asker, dataset) ? dataset['ownerGroup'] : undefined;
  return {
    type: body['type'],
    ownerUser: username ?? asker?.username,
    ownerGroup: params['ownerGroup'] ?? group,
    contactEmail: body['emailJobInitiator'],
    jobParams: withoutUndefined({ ...params, datasetList: datasetList ?? [], executionTime, jobStatusMessage }),
  };
}

function listedDatasets({ jobParams }: Asked, state: SandboxState): readonly Document[] {
  if (!('datasetList' in jobParams)) throw refusal(422, 'Dataset ids list was not provided in jobParams');
  const filesOf = (pid: string): string[] =>
    blocksOf(state, pid).flatMap(({ dataFileList }) =>
      (isList(dataFileList) ? dataFileList : []).flatMap((file) => (isJsonObject(file) ? [String(file['path'])] : [])),
    );
  return datasetsOfJob(jobParams['datasetList'], (pid) => state.store.datasets.get(pid), filesOf);
}

function ownerFor(asked: Asked, asker: SandboxAccount, { accounts }: SandboxState): Document {
  const { ownerUser, ownerGroup, contactEmail } = asked;
  if (asker.profile === 'admin' || asker.jobRights?.includes('create')) {
    if (asker.profile === 'admin' && (ownerUser ?? ownerGroup ?? contactEmail) === undefined)
      throw refusal(422, 'Contact email should be specified for an anonymous job.');
    // A name that nobody has becomes the asker, without a word.
    const named = ownerUser === undefined ? undefined : accounts.find(({ username }) => username === ownerUser);
    const owner = ownerUser === undefined ? undefined : (named ?? asker);
    return { ownerUser: owner?.username, ownerGroup, contactEmail: contactEmail ?? (owner ?? asker).email };
  }
  const wrong = (why: string): Refusal => refusal(403, `Invalid new job. ${why}`);
  if (ownerUser !== undefined && ownerUser !== asker.username)
    throw wrong('User owning the job should match user logged in.');
  if (ownerGroup === undefined) throw wrong('Owner group should be specified.');
  if (!asker.groups.some((group) => group === ownerGroup)) throw wrong('User needs to belong to job owner group.');
  return { ownerUser: asker.username, ownerGroup, contactEmail: contactEmail ?? asker.email };
}

function ownerForNobody({ ownerUser, ownerGroup, contactEmail }: Asked, version: ApiVersion): Document {
  if (ownerUser !== undefined || ownerGroup !== undefined) {
    throw refusal(403, 'Invalid new job. Unauthenticated user cannot initiate a job owned by another user.');
  }
  if (contactEmail === undefined && version === 'v4')
    throw refusal(422, 'Contact email should be specified for an anonymous job.');
  return { contactEmail };
}

function requireSomebody(context: Request): SandboxAccount {
  const asker = context.get('asker');
  if (!asker) throw refusal(403, 'Forbidden resource');
  return asker;
}

/** @throws Refusal 400 for an unknown one, as SciCat does */
function jobOf(context: Request, { store }: SandboxState): Document {
  const job = store.jobs.get(context.req.param('id') ?? '');
  if (!job) throw new Refusal(400, { status: 400, message: 'Invalid job id.' });
  return job;
}

function seesJob(asker: SandboxAccount, job: Document): boolean {
  if (asker.profile === 'admin' || asker.jobRights?.includes('create') || asker.jobRights?.includes('update'))
    return true;
  return job['ownerUser'] === asker.username || asker.groups.some((group) => group === job['ownerGroup']);
}

function visible(context: Request, { store }: SandboxState): Document[] {
  const asker = requireSomebody(context);
  return store.jobs.all.filter((job) => seesJob(asker, job));
}

const filteredKeys = new Set(['_id', 'id', 'type', 'ownerUser', 'ownerGroup', 'contactEmail', 'statusCode', 'statusMessage', 'jobParams', 'jobResultObject', 'configVersion', 'createdBy', 'updatedBy', 'createdAt', 'updatedAt']); // prettier-ignore

function list(context: Request, state: SandboxState, version: ApiVersion): Document[] {
  const jobs = visible(context, state);
  const filter = readFilter(context.req.query('filter'));
  const unknown = (key: string): Refusal => refusal(400, `Property ${key} should not exist in the filter object`);
  for (const key of Object.keys(filter.where)) {
    const isKnown = version === 'v4' && (key.startsWith('$') || filteredKeys.has(key.split('.')[0] ?? ''));
    if (!isKnown) throw unknown(`where.${key}`);
  }
  // Jobs in v3 take another filter than everything else does.
  if (version === 'v3' && filter.limit !== undefined) throw unknown('limits.limit');
  const found = select(jobs, filter, filter.where, version === 'v3' ? 100 : 10);
  // Other than with datasets, `_id` is given only if it is asked for.
  const isShown = (key: string): boolean => filter.fields.length === 0 || filter.fields.includes(key);
  return found.map((job) => Object.fromEntries(Object.entries(job).filter(([key]) => isShown(key))));
}

function datasetsBeside({ jobParams }: Document, { store }: SandboxState): Document[] {
  const items = isJsonObject(jobParams) && isList(jobParams['datasetList']) ? jobParams['datasetList'] : [];
  const pids = items.map((item) => (isJsonObject(item) ? String(item['pid']) : ''));
  return pids.map((pid) => store.datasets.get(pid)).filter((dataset) => dataset !== undefined);
}

async function update(context: Request, state: SandboxState, version: ApiVersion): Promise<Document> {
  const asker = requireSomebody(context);
  const body = await readBody(context.req.raw, state.bodyLimit);
  const said: JsonObject = isJsonObject(body) ? body : {};
  const changes = version === 'v4' ? said : { statusCode: said['jobStatusMessage'], statusMessage: said['jobStatusMessage'], jobResultObject: said['jobResultObject'] }; // prettier-ignore
  const missing = ['statusCode', 'statusMessage'].filter((key) => typeof said[key] !== 'string');
  if (version === 'v4' && missing.length > 0)
    throw refusal(
      400,
      missing.map((key) => `${key} must be a string`),
    );
  const job = jobOf(context, state);
  const jobType = state.jobs.jobs.find((item) => item.jobType === job['type']);
  if (!jobType || !isNamed(jobType.update.auth, asker, job)) throw refusal(403, 'Unauthorized to update this job.');
  const updated = { updatedBy: asker.username, updatedAt: new Date().toISOString() };
  const changed = { ...job, ...withoutUndefined(changes), ...updated };
  await state.store.jobs.put(String(job['_id']), changed);
  return changed;
}

async function remove(context: Request, { store }: SandboxState): Promise<Response> {
  const asker = requireSomebody(context);
  if (asker.profile !== 'admin' && !asker.jobRights?.includes('delete')) throw refusal(403, 'Forbidden resource');
  const id = context.req.param('id') ?? '';
  const job = store.jobs.get(id);
  if (!job) throw new Refusal(400, { status: 400, message: `Job id ${id} doesn't exist.` });
  await store.jobs.remove(id);
  return jsonResponse(200, job);
}

function asV3(job: Document): Document {
  const { datasetList, executionTime, ...params }: JsonObject = isJsonObject(job['jobParams']) ? job['jobParams'] : {};
  return withoutUndefined({
    _id: job['_id'],
    id: job['id'],
    emailJobInitiator: job['contactEmail'],
    type: job['type'],
    creationTime: job['createdAt'],
    executionTime,
    jobParams: withoutUndefined({ username: job['ownerUser'], ...params }),
    jobStatusMessage: job['statusCode'],
    datasetList,
    jobResultObject: job['jobResultObject'],
  });
}

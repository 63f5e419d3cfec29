import { connect, tokenProblems } from '../../../core/ingest/sources/connect.ts';
import { Secret } from '../../../core/config/secret.ts';
import { givenFaults } from '../../../core/jobs/jobs.ts';
import type { GivenField, Job } from '../../../core/jobs/jobs.ts';
import type { Account } from '../../../core/scicat/accountCalls.ts';
import { ScicatError } from '../../../core/scicat/errors.ts';
import { isJsonObject, textAt } from '../../../core/scicat/json.ts';
import type { JsonObject } from '../../../core/scicat/json.ts';
import { isJsonValue } from '../../../core/text/jsonValue.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import { requestFor, requireRoom } from '../../jobs.ts';
import type { Services } from '../../protocol.ts';
import { folderAt } from './folders.ts';
import { methodsOf } from './methods.ts';
import { pageParts } from '../../settings/serveOptions.ts';

/** The page opens “Lost connection” at these words, and at no others. */
export const sessionExpired = 'login session has expired';

const dayMs = 24 * 3600 * 1000;

/** What the page fills in unasked: a value of the schema stands above it. */
function isPreset(field: string, value: unknown, folder: string, asker: Account | undefined): boolean {
  switch (field) {
    case 'owner':
      return value === 'User';
    case 'license':
      return value === 'MIT License';
    case 'dataFormat':
      return value === 'root';
    case 'keywords':
      return JSON.stringify(value) === '["OpenEM"]';
    case 'datasetName':
      return value === folder.split('/').findLast((part) => part !== '');
    case 'creationTime':
      return typeof value === 'string' && Math.abs(Date.now() - Date.parse(value)) < dayMs;
    case 'principalInvestigator':
      return asker !== undefined && value === asker.username;
    case 'ownerEmail':
    case 'contactEmail':
      return asker !== undefined && value === asker.email;
    default:
      return false;
  }
}

/** What is of the page and of no dataset, or made here. */
const notFields: ReadonlySet<string> = new Set([
  'sourceFolder',
  'scientificMetadata',
  'scientificMetadataSchema',
  'isPublished',
]);

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (isJsonObject(value) && Object.values(value).every(isEmpty)) ||
  (Array.isArray(value) && value.length === 0);

/** What a person says of the dataset: what is empty is left to the schema. */
export function givenBy(metadata: JsonObject, folder: string, asker: Account | undefined): GivenField[] {
  const given: GivenField[] = [];
  for (const [field, value] of Object.entries(metadata)) {
    if (notFields.has(field) || isEmpty(value) || !isJsonValue(value)) continue;
    given.push({ field, value, from: 'user', ...(isPreset(field, value, folder, asker) && { yields: true }) });
  }
  const scientific = metadata['scientificMetadata'];
  if (!isJsonObject(scientific)) return given;
  for (const [name, part] of Object.entries(scientific)) {
    const items = pageParts.some((section) => section === name) && isJsonObject(part) ? part : { [name]: part };
    for (const [item, value] of Object.entries(items))
      if (!isEmpty(value) && isJsonValue(value))
        given.push({ field: `scientificMetadata.${item}`, value, from: 'user' });
  }
  return given;
}

/**
 * Makes an ingestion of what the page sends.
 * @throws HttpRefusal with what can be said at once
 */
export async function ingest(
  services: Services,
  owner: string,
  metadata: JsonObject,
  { token, isToArchive }: { readonly token: string; readonly isToArchive: boolean },
): Promise<Job> {
  const { jobs, jobTokens, config, settings } = services;
  const { archive } = settings.protocols.openem;
  const scicat = { ...config.scicat, token: new Secret(token) };
  if (token === '') throw new HttpRefusal(400, 'userToken is missing: sign in to SciCat.');
  if (tokenProblems(scicat).some(({ severity }) => severity === 'error')) throw new HttpRefusal(401, sessionExpired);
  const sourceFolder = textAt(metadata, 'sourceFolder');
  if (sourceFolder === undefined) throw new HttpRefusal(400, 'sourceFolder is missing: which folder is the dataset?');
  if (!isEmpty(metadata['isPublished']) && metadata['isPublished'] !== false)
    throw new HttpRefusal(400, 'isPublished: a dataset is published in SciCat, not here.');
  const found = await folderAt(services, sourceFolder);
  const asker = await askerOf(services, token);
  const group = textAt(metadata, 'ownerGroup');
  if (asker && group !== undefined && group !== '' && asker.groups.length > 0 && !asker.groups.includes(group))
    throw new HttpRefusal(400, `ownerGroup: ${group} is not one of your groups.`);
  const given = givenBy(metadata, sourceFolder, asker);
  const [wrong, ...more] = givenFaults(given);
  if (wrong !== undefined) throw new HttpRefusal(400, more.length > 0 ? `${wrong} (and ${more.length} more)` : wrong);
  const schemaId = textAt(metadata, 'scientificMetadataSchema')?.match(/\/([^/]+)\.schema\.json$/)?.[1];
  const schemaFile = (await methodsOf(services)).find(({ id }) => id === schemaId)?.schemaFile;
  await requireRoom(services);
  const job = await jobs.create({
    protocol: 'openem',
    owner,
    isComplete: false,
    given: { deposited: [], user: given },
    request: {
      ...requestFor(services, found),
      schemaFile,
      options: {
        dryRun: false,
        ownToken: true,
        ...(isToArchive && archive && { archives: true }),
        protocol: {
          filePath: sourceFolder,
          ...(asker && { asker: asker.username }),
          ...(isToArchive && !archive && { notArchived: true }),
        },
      },
    },
  });
  // The token is there before anybody looks at the job.
  jobTokens.keep(job.id, token);
  const submitted = await jobs.submit(job.id);
  if ('refused' in submitted) throw new HttpRefusal(400, submitted.refused);
  // The page itself sends the token with nothing else but this and the deletion of a transfer.
  await goOnWith(services, owner, token);
  return submitted;
}

/** Whose token it is; undefined where SciCat does not say so now. @throws HttpRefusal 401 if it is nobody's */
async function askerOf({ config }: Services, token: string): Promise<Account | undefined> {
  const scicat = { ...config.scicat, token: new Secret(token), max_tries: 1, timeout: 5 };
  try {
    return await connect(scicat).whoami();
  } catch (error) {
    if (!(error instanceof ScicatError)) throw error;
    if (error.kind === 'unauthorized') throw new HttpRefusal(401, sessionExpired);
    return undefined;
  }
}

/**
 * Jobs of this owner whose token is gone go on with the one that came with another request, if it is of the same person.
 * @throws HttpRefusal 401 if it is nobody's
 */
export async function goOnWith(services: Services, owner: string, token: string): Promise<void> {
  const { jobs, jobTokens } = services;
  const open = await jobs.list({ protocol: 'openem', owner, status: ['deposited', 'verified', 'loading'] });
  const waiting = open.jobs.filter(
    ({ id, kind, hold }) => kind === 'ingest' && (hold?.for === 'credentials' || !jobTokens.of(id)),
  );
  if (waiting.length === 0) return;
  const asker = await askerOf(services, token);
  for (const { id, hold, request } of waiting) {
    // Where nobody signs in, all that is asked for has the same owner here.
    const whose = request.options.protocol?.['asker'];
    if (asker && whose !== undefined && whose !== asker.username) continue;
    jobTokens.keep(id, token);
    if (hold?.for === 'credentials') await jobs.approve(id);
  }
}

import { isJsonObject, isList, jsonIn, textAt } from './json.ts';
import type { JsonObject } from './json.ts';
import { addressPart, addressPartFault } from '../text/addressPart.ts';
import { ScicatError } from './errors.ts';
import type { ScicatErrorKind } from './errors.ts';
import { redact } from './redact.ts';
import type { ApiVersion } from './datasetForVersion.ts';
import { versionOfDataset } from './datasetForVersion.ts';
import { isExpired, tokenExpiry } from './token.ts';
import { createTransport, isWebPage } from './transport.ts';
import type { Answer, TransportOptions } from './transport.ts';
import { isSameDataset } from './sameDataset.ts';

export interface ScicatClientOptions extends TransportOptions {
  /** `auto` uses v4 where a dataset needs it and the server has it. Default v3, which every SciCat has. */
  readonly apiVersion?: ApiVersion | 'auto' | undefined;
  /** Paths of the API, where they are not the usual ones. */
  readonly endpoints?: Readonly<Partial<Record<EndpointName, string>>> | undefined;
}

type EndpointName = 'datasets' | 'origdatablocks' | 'samples';

export interface Account {
  readonly username: string;
  readonly email: string | undefined;
  readonly groups: readonly string[];
}

export interface SignedIn {
  readonly token: string;
  readonly expires: Date | undefined;
  readonly username: string | undefined;
}

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

/** What became of a change of a dataset. */
export type PatchOutcome =
  /** `updatedAt` is what a further change is guarded with. */
  | { readonly outcome: 'done'; readonly updatedAt: string | undefined }
  /** Somebody else has changed the dataset since it was read; nothing was changed. */
  | { readonly outcome: 'changed-meanwhile'; readonly updatedAt: string | undefined }
  /** SciCat refused it, so that nothing was changed: `error.fields` says which fields, if it is because of some. */
  | { readonly outcome: 'refused'; readonly error: ScicatError };

/** A connection to one SciCat. Every method throws `ScicatError`; only reads are tried again. */
export interface ScicatClient {
  /** Reads any address: absolute, or relative to the API. The token is sent to SciCat's own origin only. */
  get(url: string): Promise<{ readonly bodyText: string }>;
  login(username: string, password: string): Promise<SignedIn>;
  ldapLogin(username: string, password: string): Promise<SignedIn>;
  /** Who the token belongs to. SciCat answers an invalid token as if nobody had asked; that is `unauthorized` here. */
  whoami(): Promise<Account>;
  /** @param endpoint path below the API, or a whole address */
  health(endpoint?: string): Promise<{ readonly isHealthy: boolean; readonly message: string }>;
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
  findSamples(name: string, proposalId: string): Promise<readonly { readonly sampleId: string }[]>;
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
  /** The paths of the files in each origDatablock of a dataset. */
  origDatablocksOf(pid: string): Promise<readonly { readonly paths: readonly string[] }[]>;
  /** Creates an origDatablock, sent once; every 2xx is a success but a web page, which is not of SciCat. */
  createOrigDatablock(bodyText: string): Promise<void>;
}

/** @param options see `TransportOptions`; the base address ends with `/api/v3` */
export function createScicatClient(options: ScicatClientOptions): ScicatClient {
  const base = options.baseUrl.replace(/\/+$/, '');
  const apiVersion = options.apiVersion ?? 'v3';
  const transport = createTransport(options);
  const origin = URL.canParse(base) ? new URL(base).origin : base;
  const endpoint = (name: EndpointName): string => {
    const path = options.endpoints?.[name] ?? name;
    // As a web address: what begins with a slash begins at the host.
    return path.startsWith('/') ? origin + path : path;
  };
  const address = (path: string): string => (/^https?:\/\//i.test(path) ? path : `${base}/${path.replace(/^\/+/, '')}`);
  /** Accounts are in v3 of the API only. */
  const accountAddress = (path: string): string => `${base.replace(/\/v4$/i, '/v3')}/${path}`;
  const addressIn = (version: ApiVersion, path: string): string => {
    const url = address(path);
    if (version === 'v3') return url;
    if (/\/v3$/i.test(base)) return url.replace(base, base.replace(/v3$/i, 'v4'));
    if (/\/v4$/i.test(base)) return url;
    throw new ScicatError(
      'bad-answer',
      'scicat.host does not end with /api/v3, so that v4 of the API cannot be found.',
    );
  };
  /** A dataset by its pid, and what is below it. */
  const datasetPath = (pid: string, below = ''): string => {
    const fault = addressPartFault(pid);
    if (fault !== undefined) {
      throw new ScicatError('invalid', `The pid ${JSON.stringify(pid)} cannot be asked for: ${fault}.`, {
        isUnsent: true,
      });
    }
    return `${endpoint('datasets')}/${addressPart(pid)}${below}`;
  };
  const readVersion: ApiVersion = apiVersion === 'v4' ? 'v4' : 'v3';

  const changeVersion = (changesText: string): ApiVersion =>
    apiVersion === 'v4' ? 'v4' : versionOf(jsonIn(changesText));

  /** The error for an answer, knowing more about the token than SciCat says. */
  const failure = (answer: Answer): ScicatError => {
    const error = transport.errorOf(answer);
    if (error.kind !== 'forbidden' && error.kind !== 'unauthorized') return error;
    if (isExpired(answer.token)) return sessionExpired(answer.token, error.status);
    const hasOwnHeader = Object.keys(options.headers ?? {}).some((name) => name.toLowerCase() === 'authorization');
    if (answer.token !== undefined || hasOwnHeader) return error;
    return new ScicatError('unauthorized', `${error.message} No token was sent: sign in first.`, {
      status: error.status,
    });
  };
  const read = async (url: string): Promise<Answer> => {
    const answer = await transport.read(url);
    if (!isSuccess(answer)) throw failure(answer);
    return answer;
  };
  const post = async (url: string, bodyText: string, isEcho = false): Promise<Answer> => {
    const answer = await transport.send('POST', url, bodyText, { isEcho });
    if (!isSuccess(answer)) throw failure(answer);
    return answer;
  };
  const readList = async (url: string): Promise<{ items: readonly unknown[]; answer: Answer }> => {
    const answer = await read(url);
    const body = answer.bodyText.trim() === '' ? null : jsonIn(answer.bodyText);
    if (body === null) return { items: [], answer };
    if (!isList(body)) throw notScicat(answer, 'a list');
    return { items: body, answer };
  };

  async function signIn(path: string, username: string, password: string): Promise<SignedIn> {
    const body = JSON.stringify({ username, password });
    const answer = await transport.send('POST', accountAddress(path), body, { isSignIn: true });
    if (answer.status === 401 && transport.errorOf(answer).kind !== 'session-expired') {
      throw new ScicatError('unauthorized', 'SciCat does not know this user name with this password.', { status: 401 });
    }
    if (answer.status === 500 && path.includes('ldap')) {
      const message =
        'SciCat failed to sign in by LDAP; probably it is not set up there. Try with user name and password.';
      throw new ScicatError('server', message, { status: 500 });
    }
    if (!isSuccess(answer)) throw transport.errorOf(answer);
    const said = jsonIn(answer.bodyText);
    const token = textAt(said, 'access_token') ?? textAt(said, 'id');
    if (token === undefined) throw notScicat(answer, 'a token');
    const user = isJsonObject(said) ? said['user'] : undefined;
    return { token, expires: tokenExpiry(token), username: textAt(user, 'username') };
  }

  async function whoami(): Promise<Account> {
    const answer = await read(accountAddress('auth/whoami'));
    const body = jsonIn(answer.bodyText);
    const username = textAt(body, 'username');
    if (username === undefined || !isJsonObject(body)) {
      if (answer.bodyText.trim() !== '' && body !== null) throw notScicat(answer, 'an account');
      if (isExpired(answer.token)) throw sessionExpired(answer.token, answer.status);
      const message =
        answer.token === undefined
          ? 'Nobody is signed in to SciCat: no token was sent.'
          : 'SciCat does not accept the token: it is damaged, has expired, or belongs to another SciCat. Sign in again.';
      throw new ScicatError('unauthorized', message, { status: answer.status });
    }
    const groups = body['currentGroups'];
    const names = isList(groups) ? groups.filter((group) => typeof group === 'string') : [];
    return { username, email: textAt(body, 'email'), groups: names };
  }

  /** SciCat tells somebody with an invalid token the same as somebody of other groups. */
  async function refuseNobody(): Promise<void> {
    await whoami().catch((error: unknown) => {
      if (!(error instanceof ScicatError) || isOfToken.has(error.kind)) throw error;
    });
  }

  /** The dataset of a pid, and whether this account has made it and it says the same as the one that was sent. */
  async function storedBeside(
    bodyText: string,
    pid: string,
  ): Promise<{ readonly stored: unknown; readonly isOurs: boolean; readonly answer: Answer } | undefined> {
    const sent = jsonIn(bodyText);
    // v3 shows the names of both versions.
    const answer = await transport.read(addressIn(readVersion, datasetPath(pid)));
    if (answer.status === 403) {
      await refuseNobody();
      return undefined;
    }
    if (!isSuccess(answer)) throw failure(answer);
    const stored = jsonIn(answer.bodyText);
    const { username } = await whoami();
    const isOurs = textAt(stored, 'createdBy') === username && isJsonObject(sent) && isSameDataset(sent, stored);
    return { stored, isOurs, answer };
  }

  async function datasetVersion(needed: boolean): Promise<ApiVersion> {
    if (apiVersion !== 'auto') return apiVersion;
    if (!needed || !/\/v3$/i.test(base)) return 'v3';
    const answer = await transport.read(addressIn('v4', `${endpoint('datasets')}/count`));
    if (answer.status === 404) return 'v3';
    if (isSuccess(answer) || answer.status === 403) return 'v4';
    throw failure(answer);
  }

  return {
    async datasetText(pid) {
      const paths = [datasetPath(pid), datasetPath(pid, '/origdatablocks')];
      const [dataset, blocks] = await Promise.all(paths.map((path) => read(addressIn('v3', path))));
      return { dataset: dataset?.bodyText ?? '', origDatablocks: blocks?.bodyText ?? '' };
    },
    get: async (url) => ({ bodyText: (await read(address(url))).bodyText }),
    login: (username, password) => signIn('auth/login', username, password),
    ldapLogin: (username, password) => signIn('auth/ldap', username, password),
    whoami,
    datasetVersion,

    async health(path = 'health') {
      const { status, bodyText } = await transport.read(address(path)).catch((error: unknown) => {
        if (error instanceof ScicatError && error.kind === 'server')
          return { status: error.status ?? 500, bodyText: '' };
        throw error;
      });
      const said = textAt(jsonIn(bodyText), 'status');
      const isHealthy = status < 300 && (said === undefined || said === 'ok');
      return {
        isHealthy,
        message: isHealthy ? 'SciCat is well.' : `SciCat says that it is not well (status ${status}).`,
      };
    },

    async datasetExists(pid) {
      const answer = await transport.read(addressIn(readVersion, datasetPath(pid)));
      const body = answer.bodyText.trim();
      // SciCat before 4.8 answers for an unknown pid with nothing.
      if (isSuccess(answer)) {
        if (body === '' || body === 'null') return 'absent';
        if (!isJsonObject(jsonIn(body))) throw notScicat(answer, 'a dataset');
        return 'exists';
      }
      const message = textAt(jsonIn(body), 'message') ?? '';
      if (answer.status === 403 && message === 'Unauthorized access') {
        await refuseNobody();
        return 'exists-unreadable';
      }
      const error = failure(answer);
      if (error.kind === 'not-found' && !message.startsWith('Cannot ')) return 'absent';
      throw error;
    },

    async findDatasetsByMetadata(key, valueJsonText) {
      // A value inside $in is compared as it is; alone, some versions of SciCat take texts for dates.
      const where = `{"scientificMetadata.${metadataKey(key)}.value":{"$in":[${valueJsonText}]}}`;
      const filter = `{"where":${where},"limits":{"limit":1}}`;
      const path = `${endpoint('datasets')}?filter=${encodeURIComponent(filter)}`;
      const { items } = await readList(addressIn(readVersion, path));
      return items.map((item) => ({ pid: textAt(item, 'pid') }));
    },

    async findDatasetsLike(bodyText, since) {
      const sent = jsonIn(bodyText);
      if (!isJsonObject(sent)) return undefined;
      const account = await whoami();
      const folder = textAt(sent, 'sourceFolder') ?? '';
      const where = {
        datasetName: { $in: [textAt(sent, 'datasetName')] },
        sourceFolder: { $in: [folder, folder.replace(/\/$/, '')] },
      };
      const filter = JSON.stringify({ where, limits: { limit: 100, order: 'createdAt:desc' } });
      const path = `${endpoint('datasets')}?filter=${encodeURIComponent(filter)}`;
      const { items, answer } = await readList(addressIn('v3', path));
      const recent = items.filter(
        (item) => textAt(item, 'createdBy') === account.username && isMadeSince(item, since, answer),
      );
      const same = recent.filter((item) => isSameDataset(sent, item));
      if (same.length > 0) return same.map((item) => ({ pid: textAt(item, 'pid') }));
      return recent.length > 0 || !mayReadBack(sent, account) ? undefined : [];
    },

    async isDatasetMadeOf(bodyText, pid, since) {
      const found = await storedBeside(bodyText, pid);
      return found && found.isOurs && isMadeSince(found.stored, since, found.answer);
    },

    async compareDataset(bodyText, pid) {
      const found = await storedBeside(bodyText, pid);
      if (!found) return undefined;
      const { stored, isOurs, answer } = found;
      const changed = Date.parse(textAt(stored, 'updatedAt') ?? textAt(stored, 'createdAt') ?? '');
      const idleMs = Number.isNaN(changed) ? 0 : Date.now() + answer.clockSkewMs - changed;
      const updatedAt = textAt(stored, 'updatedAt');
      return { isOurs, sourceFolder: textAt(stored, 'sourceFolder'), idleMs, updatedAt };
    },

    async findSamples(name, proposalId) {
      const filter = sampleFilter(name, proposalId);
      const { items } = await readList(address(`${endpoint('samples')}?filter=${encodeURIComponent(filter)}`));
      return items.flatMap((item) => {
        const sampleId = textAt(item, 'sampleId');
        return sampleId === undefined || sampleId === '' ? [] : [{ sampleId }];
      });
    },

    async createDataset(bodyText, version = versionOf(jsonIn(bodyText))) {
      const answer = await post(addressIn(version, endpoint('datasets')), bodyText);
      const body = jsonIn(answer.bodyText);
      if (!isJsonObject(body)) throw notScicat(answer, 'a dataset');
      return { pid: textAt(body, 'pid'), bodyText: answer.bodyText };
    },

    async patchDataset(pid, changesText, { unmodifiedSince, version = changeVersion(changesText) }) {
      if (Number.isNaN(Date.parse(unmodifiedSince))) {
        // SciCat ignores such a date, and the change would not be guarded.
        const text = `The dataset ${pid} is not changed: ${JSON.stringify(unmodifiedSince)} is not a time.`;
        throw new ScicatError('invalid', text, { isUnsent: true });
      }
      const url = addressIn(version, datasetPath(pid));
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
    },

    async origDatablocksOf(pid) {
      const { items } = await readList(addressIn('v3', datasetPath(pid, '/origdatablocks')));
      return items.map((block) => {
        const files = isJsonObject(block) ? block['dataFileList'] : undefined;
        return { paths: (isList(files) ? files : []).flatMap((file) => textAt(file, 'path') ?? []) };
      });
    },

    async createOrigDatablock(bodyText) {
      // v4 also wants the right to change the dataset, which accounts that create for others lack; nothing is written then.
      if (apiVersion === 'v4') {
        const answer = await transport.send('POST', addressIn('v4', endpoint('origdatablocks')), bodyText, {
          isEcho: true,
        });
        if (isSuccess(answer)) {
          refuseWebPage(answer);
          return;
        }
        if (answer.status !== 403) throw failure(answer);
      }
      refuseWebPage(await post(addressIn('v3', endpoint('origdatablocks')), bodyText, true));
    },
  };
}

const isOfToken: ReadonlySet<ScicatErrorKind> = new Set(['unauthorized', 'session-expired', 'cancelled']);

/** The filter for the samples of a proposal with this name or this description. */
export function sampleFilter(name: string, proposalId: string): string {
  // Samples that people make have a name since SciCat 5.2, and often no description.
  return JSON.stringify({ where: { proposalId, $or: [{ description: name }, { sampleName: name }] } });
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
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

/** Whether SciCat made this after a time of our clock. */
function isMadeSince(stored: unknown, since: string, { clockSkewMs }: Answer): boolean {
  // One second, because the server states its time in whole seconds.
  return Date.parse(textAt(stored, 'createdAt') ?? '') >= Date.parse(since) + clockSkewMs - 1000;
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

/** A proxy that wants a sign-in answers everything with 200 and a page. */
function refuseWebPage(answer: Answer): void {
  if (isWebPage(answer)) throw notScicat(answer, 'an origDatablock');
}

function notScicat({ method, status, location }: Answer, expected: string): ScicatError {
  const moved = location === null ? '' : ` It has moved to ${redact(location.replace(/[?#].*$/s, '')).slice(0, 200)}.`;
  const message = `SciCat's answer to a ${method} is not ${expected} as it should be; check scicat.host.${moved}`;
  return new ScicatError('bad-answer', message, { status });
}

function sessionExpired(token: string | undefined, status: number | undefined): ScicatError {
  const expiry = token === undefined ? undefined : tokenExpiry(token);
  const when = expiry === undefined ? '' : ` at ${expiry.toISOString()}`;
  return new ScicatError('session-expired', `The token for SciCat has expired${when}: sign in again.`, { status });
}

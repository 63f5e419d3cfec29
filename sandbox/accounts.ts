import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isJsonObject, isList, jsonIn } from '../core/scicat/json.ts';
import type { Document } from './store.ts';

/** What an account may do, as the groups of SciCat's configuration decide it. */
export type Profile =
  /** Everything. */
  | 'admin'
  /** May create datasets for any group, and read only those of its own. */
  | 'privileged'
  /** May create datasets of its groups, and choose their pid. */
  | 'with-pid'
  /** May create datasets of its groups. */
  | 'create'
  /** May only read. */
  | 'none';

export interface SandboxAccount {
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly profile: Profile;
  /** What it may do with jobs beyond its own: create and see those of others, tell what becomes of them, delete them. */
  readonly jobRights?: readonly ('create' | 'update' | 'delete')[];
  /** May change the lifecycle of every dataset. */
  readonly keepsLifecycles?: boolean;
}

/** Somebody who asks; `undefined` is nobody, which an invalid token is too. */
export type Asker = SandboxAccount | undefined;

/** The account whose token the sandbox prints. */
export const defaultAccount: SandboxAccount = account('ingestor', 'admin', ['ingestor']);

/** Accounts of a new sandbox, one of each kind; the password of each is `sandbox`. */
export const defaultAccounts: readonly SandboxAccount[] = [
  defaultAccount,
  account('privileged', 'privileged', ['ingestors']),
  account('with-pid', 'with-pid', ['443503']),
  account('user', 'create', ['443503']),
  account('reader', 'none', ['443503']),
];

function account(username: string, profile: Profile, groups: readonly string[]): SandboxAccount {
  return { username, password: 'sandbox', email: `${username}@sandbox.example`, profile, groups };
}

/** A document that belongs to a group. */
function shares(groups: readonly string[], document: Document): boolean {
  const access = document['accessGroups'];
  const readers = [document['ownerGroup'], ...(isList(access) ? access : [])];
  return groups.some((group) => readers.includes(group));
}

export function mayRead(asker: Asker, document: Document): boolean {
  if (document['isPublished'] === true || asker?.profile === 'admin') return true;
  if (!asker) return false;
  const shared = document['sharedWith'];
  return shares(asker.groups, document) || (isList(shared) && shared.includes(asker.email));
}

/** Creating anything at all; without it SciCat does not look at the request. */
export function mayCreateSome(asker: Asker): asker is SandboxAccount {
  return asker !== undefined && asker.profile !== 'none';
}

export function mayCreate(asker: SandboxAccount, dataset: Document): boolean {
  if (asker.profile === 'admin' || asker.profile === 'privileged') return true;
  const isOwn = asker.groups.some((group) => group === dataset['ownerGroup']);
  return isOwn && (asker.profile === 'with-pid' || dataset['pid'] === undefined);
}

export function mayUpdate(asker: SandboxAccount, dataset: Document): boolean {
  return asker.profile === 'admin' || asker.groups.some((group) => group === dataset['ownerGroup']);
}

/** v4 also asks for the right to change the dataset, which privileged accounts lack for the datasets of others. */
export function mayAttach(asker: SandboxAccount, dataset: Document, version: 'v3' | 'v4'): boolean {
  return (version === 'v3' && asker.profile === 'privileged') || mayUpdate(asker, dataset);
}

interface Claims {
  readonly username: string;
  readonly exp: number;
  readonly generation: number;
}

export interface TokenState {
  readonly account: Asker;
  readonly isExpired: boolean;
}

/** Issues and reads the tokens of one sandbox: JWTs signed with HS256, as SciCat's. */
export class TokenIssuer {
  private readonly accounts: readonly SandboxAccount[];
  private readonly secret: string;
  private generation = 0;

  constructor(accounts: readonly SandboxAccount[], secret: string = randomBytes(32).toString('hex')) {
    this.accounts = accounts;
    this.secret = secret;
  }

  issue({ username, email }: SandboxAccount, seconds: number): string {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { _id: userId(username), username, email, generation: this.generation, iat, exp: iat + seconds };
    const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${head}.${this.sign(head)}`;
  }

  /** Lets every token that was issued so far count as expired. */
  expireAll(): void {
    this.generation += 1;
  }

  /** What an `Authorization` header says; anything but an intact bearer token is nobody. */
  read(header: string | undefined): TokenState {
    const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
    const claims = token === undefined ? undefined : this.verify(token);
    if (!claims) return { account: undefined, isExpired: false };
    if (claims.exp * 1000 <= Date.now() || claims.generation < this.generation)
      return { account: undefined, isExpired: true };
    return { account: this.accounts.find(({ username }) => username === claims.username), isExpired: false };
  }

  private verify(token: string): Claims | undefined {
    const [head, payload, signature] = token.split('.');
    if (head === undefined || payload === undefined || signature === undefined) return undefined;
    const expected = Buffer.from(this.sign(`${head}.${payload}`));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    const claims = jsonIn(Buffer.from(payload, 'base64url').toString('utf8'));
    if (!isJsonObject(claims)) return undefined;
    const { username, exp, generation } = claims;
    if (typeof username !== 'string' || typeof exp !== 'number' || typeof generation !== 'number') return undefined;
    return { username, exp, generation };
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A stable identifier in the form of MongoDB's. */
export function userId(username: string): string {
  return createHmac('sha256', 'user').update(username).digest('hex').slice(0, 24);
}

/** An account as SciCat shows it. */
export function userDocument({ username, email }: SandboxAccount): Document {
  const id = userId(username);
  return { username, email, authStrategy: 'local', _id: id, __v: 0, id };
}

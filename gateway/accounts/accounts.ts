import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { failureReason } from '../../core/files/failureReason.ts';
import { budget } from '../../core/limits/budget.ts';
import { fits, hashOf, isHash, newSecret } from './secrets.ts';

/** Who asks. */
export interface Account {
  readonly name: string;
  /** Sees the jobs of all. */
  readonly isAdmin: boolean;
  /** What an issuer says of the person. */
  readonly person?: Person | undefined;
}

export interface Person {
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly email: string | undefined;
  /** Until when the token is good, ISO 8601. */
  readonly expiresAt: string | undefined;
}

/** A file with accounts that cannot be used; the message is for the one who runs the service. */
export class AccountsFileError extends Error {
  override readonly name = 'AccountsFileError';
}

interface Entry extends Account {
  readonly hash: string;
}

/** Names of accounts: what is safe in a log, in an address and before a full stop. */
export const accountName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const head =
  '# Accounts of imsc serve: NAME[,admin]:HASH. Secrets are not in here; imsc serve --add-account makes them.\n';

/**
 * The accounts of a file, read again when it changes. Which secrets have been found right is remembered (as a keyed
 * digest, in memory), because a hash is slow on purpose and clients send their secret with each request.
 */
export class Accounts {
  readonly #file: string;
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, Buffer>();
  #entries: ReadonlyMap<string, Entry>;
  #version: string;
  /** What a name without an account is compared with, so that it takes as long. */
  #nobody = hashOf(newSecret());

  private constructor(file: string, read: Read) {
    this.#file = file;
    this.#entries = read.entries;
    this.#version = read.version;
  }

  /** @throws AccountsFileError if others may read it, or it is not such a file */
  static async open(file: string): Promise<Accounts> {
    return new Accounts(file, await readAccounts(file));
  }

  /** The account of that name if the secret is its own. */
  async find(name: string, secret: string): Promise<Account | undefined> {
    await this.#refresh();
    const entry = this.#entries.get(name);
    const digest = createHmac('sha256', this.#key).update(secret).digest();
    const known = entry && this.#known.get(entry.hash);
    if (entry && known && timingSafeEqual(known, digest)) return accountOf(entry);
    const isRight = await fits(secret, entry?.hash ?? (await this.#nobody));
    if (!entry || !isRight) return undefined;
    this.#known.set(entry.hash, digest);
    return accountOf(entry);
  }

  /** A file that cannot be read any more changes nothing: whoever is in stays in until it can. */
  async #refresh(): Promise<void> {
    try {
      if ((await versionOf(this.#file)) === this.#version) return;
      const { entries, version } = await readAccounts(this.#file);
      this.#known.clear();
      this.#entries = entries;
      this.#version = version;
    } catch (error) {
      if (!(error instanceof AccountsFileError)) throw error;
    }
  }
}

const accountOf = ({ name, isAdmin }: Entry): Account => ({ name, isAdmin });

interface Read {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly version: string;
}

async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return [mtimeMs, size, ino].join(' ');
  } catch (error) {
    throw new AccountsFileError(`The accounts file ${file} cannot be read: ${failureReason(error)}.`);
  }
}

async function readAccounts(file: string): Promise<Read> {
  const version = await versionOf(file);
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new AccountsFileError(`The accounts file ${file} cannot be read: ${failureReason(error)}.`);
  });
  try {
    const { mode, size } = await handle.stat();
    // Windows has no such modes; its folders of users are closed to others.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new AccountsFileError(`Others may read the accounts file ${file}: chmod 600 closes it.`);
    if (size > budget.textFile) throw new AccountsFileError(`The accounts file ${file} is too large to be one.`);
    return { entries: parse(file, await handle.readFile('utf8')), version };
  } finally {
    await handle.close();
  }
}

function parse(file: string, text: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name = '', role, hash = ''] = /^([^:,]*)(?:,([^:]*))?:(.*?)\r?$/.exec(line) ?? [];
    if (!accountName.test(name) || (role !== undefined && role !== 'admin') || !isHash(hash))
      throw new AccountsFileError(
        `Line ${index + 1} of the accounts file ${file} is not NAME:HASH or NAME,admin:HASH.`,
      );
    entries.set(name, { name, isAdmin: role === 'admin', hash });
  }
  return entries;
}

/**
 * Adds an account with a new secret, or gives the one of that name a new one. The file is made if it is not there.
 * @returns the secret, which is kept nowhere
 * @throws AccountsFileError if the file cannot be read or written
 */
export async function addAccount(file: string, name: string, isAdmin = false): Promise<string> {
  const isThere = (await stat(file).catch(() => undefined)) !== undefined;
  const entries = new Map(isThere ? (await readAccounts(file)).entries : []);
  const secret = newSecret();
  entries.set(name, { name, isAdmin, hash: await hashOf(secret) });
  const lines = [...entries.values()].map((each) => `${each.name}${each.isAdmin ? ',admin' : ''}:${each.hash}\n`);
  try {
    await writeFileAtomic(file, head + lines.join(''), { mode: 0o600 });
  } catch (error) {
    throw new AccountsFileError(`The accounts file ${file} cannot be written: ${failureReason(error)}.`);
  }
  return secret;
}

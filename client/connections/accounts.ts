import { EventEmitter } from 'vscode';
import type { Disposable, Event, SecretStorage } from 'vscode';
import { parseRecord, textAt } from '../json.ts';

/** Somebody who is signed in to one SciCat. */
export interface Account {
  readonly username: string;
  readonly token: string;
  /** Undefined for a token that does not say. */
  readonly expires: Date | undefined;
}

/** One spelling for all of one address, as the program tells catalogues apart (core/scicat/catalogueAddress.ts). */
export function sameAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return address.trim();
  const port = url.port === '' ? '' : `:${url.port}`;
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v\d+$/i, '');
  return `${url.protocol}//${url.hostname.replace(/\.$/, '')}${port}${path}`;
}

/** Who is signed in where: in the secret storage and nowhere else, under the address of the SciCat. */
export class Accounts implements Disposable {
  readonly #secrets: SecretStorage;
  readonly #changed = new EventEmitter<undefined>();
  readonly #subscription: Disposable;

  /** Also when another window signs in or out. */
  readonly onDidChange: Event<undefined> = this.#changed.event;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
    this.#subscription = secrets.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) this.#changed.fire(undefined);
    });
  }

  async of(address: string): Promise<Account | undefined> {
    const stored = parseRecord((await this.#secrets.get(keyOf(address))) ?? '');
    const token = textAt(stored, 'token');
    if (token === undefined) return undefined;
    const expires = textAt(stored, 'expires');
    return {
      token,
      username: textAt(stored, 'username') ?? '',
      expires: expires === undefined ? undefined : new Date(expires),
    };
  }

  async keep(address: string, { username, token, expires }: Account): Promise<void> {
    await this.#secrets.store(keyOf(address), JSON.stringify({ username, token, expires: expires?.toISOString() }));
  }

  async forget(address: string): Promise<void> {
    await this.#secrets.delete(keyOf(address));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

const prefix = 'imsc.account:';

function keyOf(address: string): string {
  return prefix + sameAddress(address);
}

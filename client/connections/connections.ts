import { commands, ConfigurationTarget, EventEmitter, l10n, workspace } from 'vscode';
import type { CancellationToken, Disposable, Event } from 'vscode';
import { isList, isRecord, textAt } from '../json.ts';
import { ServiceClient } from '../service/serviceClient.ts';
import type { Account, Accounts } from './accounts.ts';
import { sameAddress } from './accounts.ts';
import type { Sandbox } from './sandbox.ts';
import { dateAt, refusal } from './scicatSaid.ts';
import { accountOfToken, signedIn } from './signingIn.ts';
import type { Askers } from './signingIn.ts';

/** A SciCat, or an ingest service, by name. */
export interface Connection {
  readonly name: string;
  /** `service`: an ingest service, which writes to a SciCat of its own; default: a SciCat. */
  readonly kind?: 'scicat' | 'service' | undefined;
  /** Of the API of SciCat; of a service, where clients reach it. */
  readonly address: string;
  readonly user?: string | undefined;
  /** Owner group of datasets for which the schema names none. */
  readonly group?: string | undefined;
  readonly isSandbox?: true;
}

/** Name of the connection to the sandbox, which is there while it runs. */
export const sandboxName = l10n.t('Local sandbox');

/** What SciCat says about a sign-in: who it is, or why not. */
export type WhoAmI =
  | { readonly state: 'known'; readonly username: string; readonly expires: Date | undefined; readonly host: string }
  /** The token is missing, wrong or expired. */
  | { readonly state: 'unknown'; readonly message: string; readonly host: string }
  | { readonly state: 'away'; readonly message: string; readonly host: string };

/** The SciCats of the settings and the sandbox, which of them is in use, and who is signed in there. */
export class Connections implements Disposable {
  readonly #askers: Askers;
  readonly #accounts: Accounts;
  readonly #sandbox: Sandbox;
  readonly #changed = new EventEmitter<undefined>();
  readonly #subscriptions: Disposable[];
  /** The sandbox is used as soon as it was started, until another connection is chosen. */
  #prefersSandbox = true;

  readonly onDidChange: Event<undefined> = this.#changed.event;

  constructor(askers: Askers, accounts: Accounts, sandbox: Sandbox) {
    this.#askers = askers;
    this.#accounts = accounts;
    this.#sandbox = sandbox;
    const changed = (): void => {
      this.#changed.fire(undefined);
    };
    this.#subscriptions = [
      accounts.onDidChange(changed),
      sandbox.onDidChange((running) => {
        if (running) this.#prefersSandbox = true;
        changed();
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (['imsc.connections', 'imsc.connection', 'imsc.configFile'].some((key) => event.affectsConfiguration(key)))
          changed();
      }),
      this.#changed.event(() => void this.#tellContext()),
    ];
    void this.#tellContext();
  }

  get all(): readonly Connection[] {
    const { running } = this.#sandbox;
    const sandbox = running && { name: sandboxName, address: running.address, isSandbox: true as const };
    return [...(sandbox ? [sandbox] : []), ...configured()];
  }

  /** The one in use; undefined leaves address and token to the ingestor's configuration file. */
  get current(): Connection | undefined {
    const { all } = this;
    const chosen = workspace.getConfiguration('imsc').get<string>('connection', '');
    const [first] = all;
    if (first?.isSandbox && this.#prefersSandbox) return first;
    const settled = all.filter(({ isSandbox, kind }) => !isSandbox && kind !== 'service');
    return settled.find(({ name }) => name === chosen) ?? settled[0];
  }

  /** Lets whoever shows them look anew. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  named(name: string): Connection | undefined {
    return this.all.find((connection) => connection.name === name);
  }

  /** The one with this address, however it is written. */
  at(address: string): Connection | undefined {
    return this.all.find((connection) => sameAddress(connection.address) === sameAddress(address));
  }

  async use(connection: Connection): Promise<void> {
    this.#prefersSandbox = connection.isSandbox === true;
    if (!connection.isSandbox)
      await workspace.getConfiguration('imsc').update('connection', connection.name, choiceTarget());
    this.#changed.fire(undefined);
  }

  /** Adds it to the settings, instead of one with the same name. */
  async add({ name, address, user, group, kind }: Connection): Promise<void> {
    const others = configured().filter((other) => other.name !== name);
    const added = {
      name,
      ...(kind === 'service' && { kind }),
      address,
      ...(user && { user }),
      ...(group && { group }),
    };
    await workspace.getConfiguration('imsc').update('connections', [...others, added], ConfigurationTarget.Global);
  }

  /** Takes it out of the settings and forgets who was signed in, unless another one has the same address. */
  async remove(connection: Connection): Promise<void> {
    const others = configured().filter(({ name }) => name !== connection.name);
    await workspace.getConfiguration('imsc').update('connections', others, ConfigurationTarget.Global);
    const address = sameAddress(connection.address);
    if (!others.some((other) => sameAddress(other.address) === address)) await this.#accounts.forget(address);
  }

  /** Who is signed in, as far as this extension knows. */
  async accountAt(address: string): Promise<Account | undefined> {
    const { running } = this.#sandbox;
    if (running && sameAddress(running.address) === sameAddress(address))
      return { username: 'ingestor', token: running.token, expires: undefined };
    return this.#accounts.of(address);
  }

  /** The environment that a process needs for this address. */
  async secretsFor(address: string | undefined): Promise<Record<string, string>> {
    const account = address === undefined ? undefined : await this.accountAt(address);
    return account ? { SCICAT_TOKEN: account.token } : {};
  }

  /** Signs in with a password and keeps the token; rejects with what SciCat said. */
  async signIn(address: string, user: string, password: string, method: 'password' | 'ldap'): Promise<Account> {
    return this.#keep(address, await signedIn(this.#askers, address, user, password, method));
  }

  /** Keeps a token if SciCat knows whose it is; rejects with what SciCat said. */
  async signInWithToken(address: string, token: string): Promise<Account> {
    return this.#keep(address, await accountOfToken(this.#askers, address, token));
  }

  /** Keeps the token of an account of an ingest service if it lets in with it; rejects with what it said. */
  async signInToService(address: string, token: string): Promise<Account> {
    await new ServiceClient(address, token).locations();
    return this.#keep(address, { username: token.split('.')[0] ?? '', token, expires: undefined });
  }

  async signOut(address: string): Promise<void> {
    await this.#accounts.forget(address);
  }

  /** Asks SciCat who is signed in. */
  async whoAmI(
    args: readonly string[],
    secrets: Readonly<Record<string, string>>,
    workingDirectory?: string,
    cancellation?: CancellationToken,
  ): Promise<WhoAmI> {
    const { document, lastLines } = await this.#askers.program.run({
      args: ['whoami', ...args],
      secrets,
      workingDirectory,
      cancellation,
    });
    const host = textAt(document, 'host') ?? '';
    const username = textAt(document, 'username');
    if (username !== undefined) return { state: 'known', username, expires: dateAt(document, 'expires'), host };
    const kind = textAt(document?.['error'], 'kind') ?? '';
    const isRefused = ['unauthorized', 'session-expired', 'forbidden'].includes(kind);
    return { state: isRefused ? 'unknown' : 'away', message: refusal({ document, lastLines }), host };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #keep(address: string, account: Account): Promise<Account> {
    await this.#accounts.keep(address, account);
    return account;
  }

  async #tellContext(): Promise<void> {
    const { current } = this;
    const account = current && (await this.accountAt(current.address));
    const hasService = this.all.some(({ kind }) => kind === 'service');
    await commands.executeCommand('setContext', 'imsc.hasService', hasService);
    await commands.executeCommand('setContext', 'imsc.signedIn', account !== undefined && !current?.isSandbox);
  }
}

/** The connections of the person's own settings that make sense; a workspace does not say where passwords go. */
function configured(): readonly Connection[] {
  const setting: unknown = workspace.getConfiguration('imsc').inspect('connections')?.globalValue;
  return (isList(setting) ? setting : []).filter(isRecord).flatMap((item) => {
    const [name, address] = [textAt(item, 'name'), textAt(item, 'address')];
    if (name === undefined || address === undefined || !URL.canParse(address)) return [];
    const kind = textAt(item, 'kind') === 'service' ? ('service' as const) : undefined;
    return [{ name, kind, address, user: textAt(item, 'user'), group: textAt(item, 'group') }];
  });
}

/** Which connection is in use is written where it stands already, else for the user. */
function choiceTarget(): ConfigurationTarget {
  const inspected = workspace.getConfiguration('imsc').inspect('connection');
  return inspected?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
}

import { EventEmitter } from 'vscode';
import type { Disposable, Event } from 'vscode';
import { sameAddress } from '../connections/accounts.ts';
import type { Connection, Connections } from '../connections/connections.ts';
import { readIngestion } from '../ingestions/ingestion.ts';
import type { Ingestion } from '../ingestions/ingestion.ts';
import { isList, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { ServiceClient } from './serviceClient.ts';

/** An ingestion that a service carries out. */
export type ServiceIngestion = Ingestion & { readonly service: NonNullable<Ingestion['service']> };

/** A verb of the list, and what it is at a service; the first that it can be asked for is. */
const verbs = {
  cancel: ['cancel'],
  resume: ['resume', 'approve', 'reopen'],
  remove: ['drop'],
} as const;

/** The ingestions of the services among the connections, as they tell them. */
export class ServiceIngestions implements Disposable {
  readonly #connections: Connections;
  readonly #changed = new EventEmitter<undefined>();
  readonly #all = new Map<string, Map<string, ServiceIngestion>>();

  readonly onDidChange: Event<undefined> = this.#changed.event;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  get all(): readonly ServiceIngestion[] {
    return [...this.#all.values()].flatMap((jobs) => [...jobs.values()]);
  }

  /** Follows the services while somebody looks, and begins anew when connections or sign-ins change. */
  watch(): Pick<Disposable, 'dispose'> {
    let stop = new AbortController();
    const begin = (): void => {
      stop.abort();
      stop = new AbortController();
      const services = this.#connections.all.filter(({ kind }) => kind === 'service');
      for (const name of this.#all.keys()) if (!services.some((each) => each.name === name)) this.#all.delete(name);
      for (const service of services) void this.#follow(service, stop.signal);
      this.#changed.fire(undefined);
    };
    const subscription = this.#connections.onDidChange(begin);
    begin();
    return {
      dispose: () => {
        subscription.dispose();
        stop.abort();
      },
    };
  }

  async cancel(ingestion: ServiceIngestion): Promise<void> {
    await this.#act(ingestion, 'cancel');
  }

  /** Goes on with one; one that was rejected is opened again and submitted as it is. @returns the one that goes on */
  async resume(ingestion: ServiceIngestion): Promise<Ingestion> {
    return this.#act(ingestion, 'resume');
  }

  async remove(ingestion: ServiceIngestion): Promise<void> {
    const client = await clientFor(this.#connections, ingestion.service.address);
    await client.drop(ingestion.service.id);
    this.#all.get(ingestion.service.name)?.delete(ingestion.id);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #act(ingestion: ServiceIngestion, name: keyof typeof verbs): Promise<Ingestion> {
    const { service } = ingestion;
    const client = await clientFor(this.#connections, service.address);
    // One that it cannot be done with any more is refused by the service, with its reason.
    const [usual] = verbs[name];
    const verb = verbs[name].find((each) => service.can.includes(each)) ?? usual;
    let job = await client.act(service.id, verb);
    if (verb === 'reopen') job = await client.act(textAt(job, 'id') ?? '', 'submit');
    return readServiceIngestion(service, job) ?? ingestion;
  }

  async #follow(service: Connection, signal: AbortSignal): Promise<void> {
    const client = await clientFor(this.#connections, service.address);
    await client.follow((event, record) => {
      if (signal.aborted) return;
      if (event === 'opened') this.#all.set(service.name, new Map());
      const jobs = this.#all.get(service.name);
      const read = event === 'job' ? readServiceIngestion(service, record) : undefined;
      if (read) jobs?.set(read.id, read);
      if (event === 'dropped') jobs?.delete(idAt(service, textAt(record, 'id') ?? ''));
      this.#changed.fire(undefined);
    }, signal);
    if (signal.aborted) return;
    // It ends by itself where nobody is signed in: what an account saw goes with it.
    this.#all.delete(service.name);
    this.#changed.fire(undefined);
  }
}

/** A client that signs in as whoever is signed in there. */
export async function clientFor(connections: Connections, address: string): Promise<ServiceClient> {
  return new ServiceClient(address, (await connections.accountAt(address))?.token);
}

export function isOfService(ingestion: Ingestion): ingestion is ServiceIngestion {
  return ingestion.service !== undefined;
}

/** Its number alone is not its own among those of this computer and of other services. */
function idAt({ address }: Pick<Connection, 'address'>, id: string): string {
  return `${sameAddress(address)}#${id}`;
}

/** Reads a job of a service; undefined if it is none. */
export function readServiceIngestion(
  { name, address }: Pick<Connection, 'name' | 'address'>,
  job: JsonRecord,
): ServiceIngestion | undefined {
  const number = textAt(job, 'id') ?? '';
  // What was uploaded has no path before it is unpacked.
  const file =
    textAt(job, 'dataFile') ??
    textAt(job, 'folder') ??
    textAt(recordsAt(job, 'files')[0], 'name') ??
    textAt(job, 'tag') ??
    `job ${number}`;
  const read = readIngestion({ ...job, dataFile: file });
  if (!read) return undefined;
  const can = isList(job['can']) ? job['can'].filter((each) => typeof each === 'string') : [];
  const status = textAt(job, 'status');
  const state = status === 'draft' ? 'draft' : read.state === 'interrupted' ? 'queued' : read.state;
  const offered = Object.entries(verbs).flatMap(([verb, names]) =>
    names.some((each) => can.includes(each)) ? verb : [],
  );
  const isThere = state === 'done' || state === 'already-present';
  return {
    ...read,
    id: idAt({ address }, number),
    state,
    doing: state === 'queued' ? undefined : read.doing,
    verbs: [...(isThere ? ['open'] : []), ...offered],
    service: { name, address, id: number, can, page: textAt(job, 'page') },
  };
}

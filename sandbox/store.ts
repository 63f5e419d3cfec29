import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isJsonObject, jsonIn } from '../core/scicat/json.ts';

/** Anything stored. */
export type Document = Readonly<Record<string, unknown>>;

export type CollectionName =
  'datasets' | 'origdatablocks' | 'proposals' | 'instruments' | 'samples' | 'attachments' | 'jobs';

/** Documents of one kind by `_id`, in memory, and as one readable JSON file each if there is a folder. */
export class Collection {
  private readonly documents = new Map<string, Document>();
  private readonly folder: string | undefined;
  /** Files that were read, or written here. */
  private readonly known = new Set<string>();
  private changed: bigint | undefined;

  constructor(folder: string | undefined) {
    this.folder = folder;
  }

  get all(): Document[] {
    return [...this.documents.values()];
  }

  get(id: string): Document | undefined {
    return this.documents.get(id);
  }

  /** Stores at once for other requests, and is on disk when it resolves. */
  async put(id: string, document: Document): Promise<void> {
    this.documents.set(id, document);
    const file = this.fileOf(id);
    if (file !== undefined) this.known.add(path.basename(file));
    if (file !== undefined) await writeFileAtomic(file, `${JSON.stringify(document, undefined, 2)}\n`);
  }

  async remove(id: string): Promise<void> {
    this.documents.delete(id);
    const file = this.fileOf(id);
    if (file === undefined) return;
    await rm(file, { force: true });
    this.known.delete(path.basename(file));
  }

  /** Reads what is in the folder, oldest first; files that are not documents are left alone. */
  async load(): Promise<void> {
    if (this.folder === undefined) return;
    await mkdir(this.folder, { recursive: true });
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json'));
    const folder = this.folder;
    const read = await someAtATime(names, async (name) => jsonIn(await readFile(path.join(folder, name), 'utf8')));
    const documents = read.filter(isJsonObject).filter((document) => typeof document['_id'] === 'string');
    documents.sort((a, b) => String(a['createdAt']).localeCompare(String(b['createdAt'])));
    for (const document of documents) this.documents.set(String(document['_id']), document);
    for (const name of names) this.known.add(name);
  }

  /** Takes in what somebody has put into the folder since; what is known stays as it is. */
  async takeAdded(): Promise<void> {
    if (this.folder === undefined) return;
    const folder = this.folder;
    const mtimeNs = (await stat(folder, { bigint: true }).catch(() => undefined))?.mtimeNs;
    // A folder that was taken away has nothing new.
    if (mtimeNs === undefined || mtimeNs === this.changed) return;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !this.known.has(name));
    const read = await someAtATime(names, async (name) => ({
      name,
      document: jsonIn(await readFile(path.join(folder, name), 'utf8').catch(() => '')),
    }));
    for (const { name, document } of read) {
      const id = isJsonObject(document) ? document['_id'] : undefined;
      if (!isJsonObject(document) || typeof id !== 'string') continue;
      this.known.add(name);
      if (!this.documents.has(id)) this.documents.set(id, document);
    }
    // One that is still being written is looked at again.
    if (read.every(({ document }) => isJsonObject(document))) this.changed = mtimeNs;
  }

  private fileOf(id: string): string | undefined {
    if (this.folder === undefined) return undefined;
    const name = encodeURIComponent(id).replaceAll('*', '%2A').replaceAll('.', '%2E');
    const short = name.length <= 150 ? name : createHash('sha256').update(id).digest('hex');
    return path.join(this.folder, `${short}.json`);
  }
}

/** Works on all of them, but not at once: no more files can be open than the system allows. */
async function someAtATime<R>(names: readonly string[], work: (name: string) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < names.length; at += 50)
    results.push(...(await Promise.all(names.slice(at, at + 50).map(work))));
  return results;
}

export type Store = Readonly<Record<CollectionName, Collection>>;

/** Opens the documents in a folder, or an empty store in memory. */
export async function openStore(folder: string | undefined): Promise<Store> {
  const collection = (name: CollectionName): Collection => new Collection(folder && path.join(folder, name));
  const store = {
    datasets: collection('datasets'),
    origdatablocks: collection('origdatablocks'),
    proposals: collection('proposals'),
    instruments: collection('instruments'),
    samples: collection('samples'),
    attachments: collection('attachments'),
    jobs: collection('jobs'),
  };
  await Promise.all(Object.values(store).map((item) => item.load()));
  return store;
}

/** An identifier in the form of MongoDB's. */
export function objectId(): string {
  return randomBytes(12).toString('hex');
}

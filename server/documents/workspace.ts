import path from 'node:path';
import { budget } from '../../core/limits/budget.ts';
import type { CancellationToken, InitializeParams, WorkspaceFolder } from 'vscode-languageserver';
import { fileState, glob, readText } from '../../core/files/host/host.ts';
import { withImports } from '../../core/imsc/schema/imports.ts';
import type { NoSuchSchema, SchemaSource } from '../../core/imsc/schema/imports.ts';
import { importFolders } from '../../core/ingest/schemas/importFolders.ts';
import { documentKind, fileOf, isSchemaKind, uriOf } from './documentKind.ts';
import type { Documents } from './documents.ts';
import { neighbourOf } from './neighbours.ts';
import type { Neighbour } from './neighbours.ts';
import { Snapshot } from './snapshot.ts';

/** More schema files than this are not looked at; the log says so. */
const mostFiles = 2000;
/** Models of closed files that are kept. */
const mostSnapshots = 200;
/** How long a listing holds where the client does not tell of new files. */
const listingAge = 2000;

/** The schemas of a folder, and what the list was made from: the same is given again until that changes. */
interface NeighbourList {
  readonly closed: ReadonlyMap<string, Neighbour>;
  readonly open: readonly Neighbour[];
  readonly list: readonly Neighbour[];
}

/** A schema with what it imports, and the looks for that. */
interface Importing {
  readonly whole: Snapshot;
  readonly asked: readonly AskedImport[];
}

/** A look for a schema to import, and what it found. */
interface AskedImport {
  readonly id: string;
  readonly from: string;
  readonly key: string;
}

interface ClosedFile {
  readonly mtimeMs: number;
  readonly size: number;
  readonly snapshot: Snapshot;
}

/** The folders of the workspace and the schema files in them. Nothing is read before it is asked for. */
export class Workspace {
  #folders: readonly string[];
  readonly #documents: Documents;
  readonly #warn: (message: string) => void;
  /** Least recently used first. */
  readonly #closed = new Map<string, ClosedFile>();
  /** What is known of closed files, however many. */
  readonly #members = new Map<
    string,
    { readonly mtimeMs: number; readonly size: number; readonly neighbour: Neighbour }
  >();
  #folderMembers = new Map<
    string,
    { readonly members: Promise<ReadonlyMap<string, Neighbour>>; readonly at: number }
  >();
  readonly #whole = new WeakMap<Snapshot, Promise<Importing>>();
  readonly #neighbours = new Map<string, NeighbourList>();
  #listing: { readonly files: Promise<readonly string[]>; readonly at: number } | undefined;
  /** True once the client tells of files that come, change and go. */
  watched = false;

  constructor(params: InitializeParams, documents: Documents, warn: (message: string) => void) {
    const rootUri = params.workspaceFolders ? [] : rootOf(params);
    this.#folders = foldersFrom([...(params.workspaceFolders ?? []).map(({ uri }) => uri), ...rootUri]);
    this.#documents = documents;
    this.#warn = warn;
  }

  /** Absolute paths. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  changeFolders(added: readonly WorkspaceFolder[], removed: readonly WorkspaceFolder[]): void {
    const gone = new Set(foldersFrom(removed.map(({ uri }) => uri)));
    const come = foldersFrom(added.map(({ uri }) => uri));
    this.#folders = [...new Set([...this.#folders.filter((folder) => !gone.has(folder)), ...come])];
    this.filesChanged();
  }

  /** The innermost folder that a document lies in; undefined outside of all and for untitled documents. */
  folderOf(uri: string): string | undefined {
    const file = fileOf(uri);
    return file === undefined ? undefined : innermostFolder(this.#folders, file);
  }

  /** Files came or went: the next question lists them anew. */
  filesChanged(): void {
    this.#listing = undefined;
    this.#folderMembers = new Map();
  }

  /** The schemas of the workspace, one by one, open ones as they are in the editor, sorted by path. */
  async *schemas(token?: CancellationToken): AsyncGenerator<Snapshot, void> {
    for (const file of await this.#files()) {
      if (token?.isCancellationRequested) return;
      const snapshot = this.#documents.schema(uriOf(file)) ?? (await this.closed(file));
      if (snapshot) yield snapshot;
    }
  }

  /** A schema with what it imports, as that is now; as it is where it imports nothing or lies in no folder. */
  async whole(snapshot: Snapshot): Promise<Snapshot> {
    const file = fileOf(snapshot.uri);
    if (!snapshot.schema.general.has('import') || file === undefined || this.folderOf(snapshot.uri) === undefined)
      return snapshot;
    const known = this.#whole.get(snapshot);
    if (known && (await this.#isAsItWas(await known))) return (await known).whole;
    // All features ask for a new version at once: the first one reads it for all.
    const meanwhile = this.#whole.get(snapshot);
    const read = meanwhile && meanwhile !== known ? meanwhile : this.#importing(snapshot, file);
    this.#whole.set(snapshot, read);
    return (await read).whole;
  }

  async #isAsItWas({ asked }: Importing): Promise<boolean> {
    const now = await Promise.all(asked.map(({ id, from }) => this.#found(id, from)));
    return asked.every(({ key }, index) => key === now[index]?.key);
  }

  async #importing(snapshot: Snapshot, file: string): Promise<Importing> {
    const asked: AskedImport[] = [];
    const { schema } = await withImports({ file, schema: snapshot.schema }, async (id, from) => {
      const { source, key } = await this.#found(id, from);
      asked.push({ id, from, key });
      return source;
    });
    return { whole: snapshot.withImports(schema, asked.map(({ key }) => key).join(' ')), asked };
  }

  /** The schema that an id means, and what tells its text from an earlier one. */
  async #found(
    id: string,
    from: string,
  ): Promise<{ readonly source: SchemaSource | NoSuchSchema; readonly key: string }> {
    const ids: string[] = [];
    for (const folder of importFolders(from)) {
      const members = await this.neighbours(folder);
      ids.push(...members.flatMap((each) => each.id ?? []));
      const member = members.find((each) => each.id === id);
      const snapshot = member && (await this.schemaAt(member.file));
      if (member && snapshot)
        return { source: { file: member.file, text: snapshot.text }, key: `${member.file} ${snapshot.version}` };
    }
    return { source: { ids }, key: ids.join(' ') };
  }

  /** The schema of a file, open or not. */
  async schemaAt(file: string): Promise<Snapshot | undefined> {
    return this.#documents.schema(uriOf(file)) ?? (await this.closed(file));
  }

  /**
   * The schemas that share a variable of one by imports, whichever way; the schema itself comes first.
   * @param name of the variable
   */
  async sharing(snapshot: Snapshot, name: string): Promise<readonly Snapshot[]> {
    const file = fileOf(snapshot.uri);
    if (file === undefined) return [snapshot];
    const folders = importFolders(file);
    const members = (await Promise.all(folders.map((folder) => this.neighbours(folder)))).flat();
    const importers = members.filter(({ imports }) => imports.length > 0);
    /** The files that each importer takes in. */
    const edges: (readonly [string, string])[] = [];
    for (const { file: importer } of importers) {
      const found = await this.schemaAt(importer);
      if (!found) continue;
      for (const each of (await this.whole(found)).whole.imported ?? []) edges.push([importer, each.file]);
    }
    const shared = new Map<string, Snapshot>([[file, snapshot]]);
    for (const reached of shared.keys()) {
      for (const edge of edges.filter((each) => each.includes(reached))) {
        const other = edge[0] === reached ? edge[1] : edge[0];
        const found = shared.has(other) ? undefined : await this.schemaAt(other);
        const whole = found && (await this.whole(found));
        if (whole && whole.occurrences.of(name).length > 0) shared.set(other, whole);
      }
    }
    return [...shared.values()];
  }

  /** The schemas that lie directly in a folder, sorted by path: the same list as long as none of them changes. */
  async neighbours(directory: string): Promise<readonly Neighbour[]> {
    const closed = await this.#membersOf(directory);
    const open = [...this.#documents.schemas().values()]
      .filter(({ uri }) => closed.has(fileOf(uri) ?? uri))
      .map(neighbourOf);
    const before = this.#neighbours.get(directory);
    const isSame = before?.closed === closed && before.open.length === open.length;
    if (isSame && open.every((each, index) => each === before.open[index])) return before.list;
    const openFiles = new Map(open.map((each) => [each.file, each]));
    const list = [...closed].map(([file, each]) => openFiles.get(file) ?? each);
    this.#neighbours.set(directory, { closed, open, list });
    return list;
  }

  #membersOf(directory: string): Promise<ReadonlyMap<string, Neighbour>> {
    const known = this.#folderMembers.get(directory);
    if (known && (this.watched || Date.now() - known.at < listingAge)) return known.members;
    const members = this.#readMembers(directory);
    this.#folderMembers.set(directory, { members, at: Date.now() });
    return members;
  }

  async #readMembers(directory: string): Promise<ReadonlyMap<string, Neighbour>> {
    const members = new Map<string, Neighbour>();
    for (const file of await this.#files()) {
      if (path.dirname(file) !== directory) continue;
      const neighbour = await this.#member(file);
      if (neighbour) members.set(file, neighbour);
    }
    return members;
  }

  async #member(file: string): Promise<Neighbour | undefined> {
    try {
      const { mtimeMs, size } = await fileState(file);
      const known = this.#members.get(file);
      if (known?.mtimeMs === mtimeMs && known.size === size) return known.neighbour;
      const snapshot = await this.closed(file);
      if (!snapshot) return undefined;
      const neighbour = neighbourOf(snapshot);
      this.#members.set(file, { mtimeMs, size, neighbour });
      return neighbour;
    } catch {
      this.#members.delete(file);
      return undefined;
    }
  }

  /** The model of a file that is not open; undefined if it cannot be read. */
  async closed(file: string): Promise<Snapshot | undefined> {
    const known = this.#closed.get(file);
    this.#closed.delete(file);
    try {
      const { mtimeMs, size } = await fileState(file);
      if (size > budget.textFile) return undefined;
      const fresh = known?.mtimeMs === mtimeMs && known.size === size;
      const snapshot = fresh ? known.snapshot : snapshotOf(file, Math.round(mtimeMs), await readText(file));
      if (snapshot === undefined) return undefined;
      this.#closed.set(file, { mtimeMs, size, snapshot });
      for (const oldest of this.#closed.keys()) {
        if (this.#closed.size <= mostSnapshots) break;
        this.#closed.delete(oldest);
      }
      return snapshot;
    } catch {
      return undefined; // gone or not readable: there is nothing to say about its text
    }
  }

  #files(): Promise<readonly string[]> {
    const known = this.#listing;
    if (known && (this.watched || Date.now() - known.at < listingAge)) return known.files;
    const files = this.#list();
    this.#listing = { files, at: Date.now() };
    return files;
  }

  async #list(): Promise<readonly string[]> {
    const lists = await Promise.all(
      this.#folders.map((cwd) =>
        glob(['**/*imsc.{json,yml,yaml}'], { cwd }).catch((error: unknown) => {
          this.#warn(`The folder ${cwd} cannot be listed: ${String(error)}`);
          return [];
        }),
      ),
    );
    const files = [...new Set(lists.flat())].sort();
    if (files.length > mostFiles) {
      this.#warn(`There are ${files.length} schema files; only the first ${mostFiles} are looked at.`);
    }
    return files.slice(0, mostFiles);
  }
}

function rootOf(params: InitializeParams): string[] {
  // Clients from before workspace folders say only this.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is the protocol's own fallback
  return params.rootUri ? [params.rootUri] : [];
}

function foldersFrom(uris: readonly string[]): string[] {
  return [...new Set(uris.flatMap((uri) => fileOf(uri) ?? []).map((folder) => path.resolve(folder)))];
}

function snapshotOf(file: string, version: number, text: string): Snapshot | undefined {
  const uri = uriOf(file);
  const notation = documentKind(uri, '');
  if (!isSchemaKind(notation)) return undefined;
  return new Snapshot(uri, version, notation, text.replace(/^\uFEFF/, ''));
}

/** The longest of `folders` that holds `file`, compared on the boundaries of path components. */
export function innermostFolder(folders: readonly string[], file: string): string | undefined {
  return folders
    .filter((folder) => {
      const relative = path.relative(folder, file);
      return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
    })
    .sort((a, b) => b.length - a.length)[0];
}

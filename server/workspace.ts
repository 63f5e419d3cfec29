import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CancellationToken, InitializeParams, WorkspaceFolder } from 'vscode-languageserver';
import { glob } from 'tinyglobby';
import { documentKind, fileOf, normalUri, uriOf } from './documentKind.ts';
import type { Documents } from './documents.ts';
import { Snapshot } from './snapshot.ts';

/** More schema files than this are not looked at; the log says so. */
const mostFiles = 2000;
/** Models of closed files that are kept. */
const mostSnapshots = 200;
/** How long a listing holds where the client does not tell of new files. */
const listingAge = 2000;

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
    this.#listing = undefined;
  }

  /** The innermost folder that a document lies in; undefined outside of all and for untitled documents. */
  folderOf(uri: string): string | undefined {
    const file = fileOf(uri);
    return file === undefined ? undefined : innermostFolder(this.#folders, file);
  }

  /** Files came or went: the next question lists them anew. */
  filesChanged(): void {
    this.#listing = undefined;
  }

  /**
   * The schemas of the workspace, open ones as they are in the editor, sorted by path.
   * @param directory only those that lie directly in it
   */
  async schemas(token?: CancellationToken, directory?: string): Promise<Snapshot[]> {
    const open = this.#documents.schemas();
    const found: Snapshot[] = [];
    for (const file of await this.#files()) {
      if (directory !== undefined && path.dirname(file) !== directory) continue;
      if (token?.isCancellationRequested) break;
      const snapshot = open.get(normalUri(uriOf(file))) ?? (await this.closed(file));
      if (snapshot) found.push(snapshot);
    }
    return found;
  }

  /** The model of a file that is not open; undefined if it cannot be read. */
  async closed(file: string): Promise<Snapshot | undefined> {
    const known = this.#closed.get(file);
    this.#closed.delete(file);
    try {
      const { mtimeMs, size } = await stat(file);
      const fresh = known?.mtimeMs === mtimeMs && known.size === size;
      const snapshot = fresh ? known.snapshot : snapshotOf(file, Math.round(mtimeMs), await readFile(file, 'utf8'));
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
        glob(['**/*imsc.{json,yml,yaml}'], {
          cwd,
          absolute: true,
          ignore: ['**/node_modules/**', '**/.git/**'],
          followSymbolicLinks: false,
        }).catch((error: unknown) => {
          this.#warn(`The folder ${cwd} cannot be listed: ${String(error)}`);
          return [];
        }),
      ),
    );
    const files = [...new Set(lists.flat().map((file) => path.normalize(file)))].sort();
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
  if (notation === undefined || notation === 'config') return undefined;
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

/** In a browser: whoever has the files. The language server asks its client, which asks VS Code. */
export interface RemoteFiles {
  /** @throws Error with a reason for a person */
  readonly read: (file: string) => Promise<Uint8Array>;
  readonly state: (file: string) => Promise<{ readonly size: number; readonly mtimeMs: number }>;
  /** Files below a folder. */
  readonly below: (folder: string) => Promise<readonly string[]>;
  /** Files that lie in a folder itself. */
  readonly directlyIn: (folder: string) => Promise<readonly string[]>;
  /** Asks about a NeXus file that is read where it lies; the answer is what the method of that name gives. */
  readonly ask: (file: string, question: unknown) => Promise<unknown>;
}

let files: RemoteFiles | undefined;

/** Says who has the files, before anybody asks. */
export function setRemoteFiles(remote: RemoteFiles): void {
  files = remote;
}

export function remoteFiles(): RemoteFiles {
  if (files === undefined) throw new Error('No files can be read here');
  return files;
}

/** The folder of files that a person has opened in a page: they are read there, piece by piece. */
const droppedFolder = '/dropped:';

export function isDropped(file: string): boolean {
  return file.startsWith(`${droppedFolder}/`);
}

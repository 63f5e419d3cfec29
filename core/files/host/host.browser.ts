import picomatch from 'picomatch';
import type * as host from './host.ts';
import { remoteFiles } from './remote.ts';

export const runsPrograms: typeof host.runsPrograms = () => false;

export const readText: typeof host.readText = async (file) => new TextDecoder().decode(await remoteFiles().read(file));

export const fileState: typeof host.fileState = async (file) => ({
  ...(await remoteFiles().state(file)),
  ino: 0,
  isFolder: false,
});

/** Nothing can be told at once: who creates a file here is told by the editor that there is one. */
export const isThere: typeof host.isThere = () => false;

export const realPath: typeof host.realPath = (file) => Promise.resolve(file);

export const isPattern: typeof host.isPattern = (text) => /[*?{}[\]()!]/.test(text);

export const glob: typeof host.glob = async (patterns, { cwd }) => {
  const matches = picomatch([...patterns]);
  const files = await remoteFiles().below(cwd);
  return files.filter((file) => matches(file.slice(cwd.length + 1))).sort();
};

export const namesIn: typeof host.namesIn = async (folder) => {
  const files = await remoteFiles().directlyIn(folder);
  return files.map((file) => file.slice(folder.length + 1));
};

/** The editor tells of files that change. */
export const watch: typeof host.watch = () => undefined;

export const unwatch: typeof host.unwatch = () => undefined;

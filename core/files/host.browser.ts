import type * as host from './host.ts';
import { remoteFiles } from './remote.ts';

export const readText: typeof host.readText = async (file) => new TextDecoder().decode(await remoteFiles().read(file));

export const fileState: typeof host.fileState = async (file) => ({ ...(await remoteFiles().state(file)), ino: 0 });

/** Nothing can be told at once: who creates a file here is told by the editor that there is one. */
export const isThere: typeof host.isThere = () => false;

export const realPath: typeof host.realPath = (file) => Promise.resolve(file);

export const isPattern: typeof host.isPattern = (text) => /[*?{}[\]()!]/.test(text);

export const glob: typeof host.glob = async (patterns, { cwd }) => [...(await remoteFiles().glob(cwd, patterns))];

/** The editor tells of files that change. */
export const watch: typeof host.watch = () => undefined;

export const unwatch: typeof host.unwatch = () => undefined;

import { Uri, workspace } from 'vscode';
import { browserPath, partsOfBrowserPath } from '../server/protocol.ts';
import type * as files from './files.ts';
import { filesBelow } from './filesBelow.ts';

/** Documents that are no files, wherever the others lie. */
const withoutFile = new Set(['untitled', 'git', 'output', 'vscode-userdata']);

export const pathOf: typeof files.pathOf = (uri) => browserPath(uri.scheme, uri.authority, uri.path);

export const uriOfPath: typeof files.uriOfPath = (path) => Uri.from(partsOfBrowserPath(path));

export const isReadable: typeof files.isReadable = ({ scheme }) => !withoutFile.has(scheme);

/** Not every file system of a browser can be searched. */
export const filesEndingIn: typeof files.filesEndingIn = async (endings, most) => {
  const found = await Promise.all((workspace.workspaceFolders ?? []).map(({ uri }) => filesBelow(uri)));
  return found
    .flat()
    .filter(({ path }) => endings.some((ending) => path.endsWith(ending)))
    .slice(0, most);
};

import { URI } from 'vscode-uri';
import { browserPath, partsOfBrowserPath } from '../protocol.ts';
import type * as fileUris from './fileUris.ts';

/** Documents that are no files, wherever the others lie. */
const withoutFile = new Set(['untitled', 'git', 'output', 'vscode-userdata']);

export const fileOf: typeof fileUris.fileOf = (uri) => {
  const { scheme, authority, path } = URI.parse(uri);
  return withoutFile.has(scheme) ? undefined : browserPath(scheme, authority, path);
};

export const uriOf: typeof fileUris.uriOf = (file) => URI.from(partsOfBrowserPath(file)).toString();

import { Uri } from 'vscode';
import { browserPath, partsOfBrowserPath } from '../server/protocol.ts';
import type * as files from './files.ts';

export const pathOf: typeof files.pathOf = (uri) => browserPath(uri.scheme, uri.authority, uri.path);

export const uriOfPath: typeof files.uriOfPath = (path) => Uri.from(partsOfBrowserPath(path));

export const isReadable: typeof files.isReadable = () => true;

import path from 'node:path';
import { URI } from 'vscode-uri';
import type { Notation } from '../../core/imsc/tree/tree.ts';

/** What the server takes a document for: a schema in one of the notations, or the ingestor's configuration. */
export type DocumentKind = 'json' | 'yaml' | 'config';

const byLanguage: Readonly<Partial<Record<string, Notation>>> = { 'imsc-json': 'json', 'imsc-yaml': 'yaml' };
const configName = /ingestor[-_.]config.*\.(?:json|ya?ml)$/i;

/**
 * The kind of a document by its language, which is all that an untitled one has, or else by the name of its file.
 * Undefined for what is not ours: nothing is said about it.
 */
export function documentKind(uri: string, languageId: string): DocumentKind | undefined {
  const byId = byLanguage[languageId];
  if (byId) return byId;
  const name = path.posix.basename(URI.parse(uri).path);
  if (name.endsWith('imsc.json')) return 'json';
  if (/imsc\.ya?ml$/.test(name)) return 'yaml';
  return configName.test(name) ? 'config' : undefined;
}

/** The path on this computer; undefined where there is none, as for an untitled document. */
export function fileOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath : undefined;
}

export function uriOf(file: string): string {
  return URI.file(file).toString();
}

/** The one spelling of a URI, to compare what the client wrote with what the server made. */
export function normalUri(uri: string): string {
  return URI.parse(uri).toString();
}

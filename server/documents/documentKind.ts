import path from 'node:path';
import { URI } from 'vscode-uri';
import { isMetadataFileName } from '../../core/ingest/metadata/metadataFile.ts';
import { isRulesFileName } from '../../core/ingest/rules/findRules.ts';
import { isSchemaTestName } from '../../core/ingest/trial/schemaTestFile.ts';
import type { Notation } from '../../core/imsc/tree/tree.ts';

/** What the server takes a document for: a schema in one of the notations, or one of the other kinds. */
export type DocumentKind = Notation | OtherKind;

/** Documents that are no schemas; what is told of them stands in `server/kinds.ts`. */
export type OtherKind = 'config' | 'serve' | 'metadata' | 'rules' | 'test';

/** How each kind is known, the more special names first. */
const kinds: readonly {
  readonly kind: DocumentKind;
  /** The language that the editor gives it, which is all that an untitled document has. */
  readonly language?: string;
  readonly isNamed: (name: string) => boolean;
}[] = [
  { kind: 'metadata', language: 'imsc-metadata', isNamed: isMetadataFileName },
  { kind: 'test', language: 'imsc-test', isNamed: isSchemaTestName },
  { kind: 'json', language: 'imsc-json', isNamed: (name) => name.endsWith('imsc.json') },
  { kind: 'yaml', language: 'imsc-yaml', isNamed: (name) => /imsc\.ya?ml$/.test(name) },
  { kind: 'rules', language: 'imsc-rules', isNamed: isRulesFileName },
  { kind: 'serve', language: 'imsc-serve', isNamed: (name) => /^imsc-serve\.(?:json|ya?ml)$/.test(name) },
  { kind: 'config', language: 'imsc-config', isNamed: (name) => /ingestor[-_.]config.*\.(?:json|ya?ml)$/i.test(name) },
];

/**
 * The kind of a document by its language, or else by the name of its file. Undefined for what is not ours: nothing is
 * said about it.
 */
export function documentKind(uri: string, languageId: string): DocumentKind | undefined {
  const byLanguage = kinds.find(({ language }) => language === languageId);
  if (byLanguage) return byLanguage.kind;
  const name = path.posix.basename(URI.parse(uri).path);
  return kinds.find(({ isNamed }) => isNamed(name))?.kind;
}

/** Whether a document of that kind is a schema. */
export function isSchemaKind(kind: DocumentKind | undefined): kind is Notation {
  return kind === 'json' || kind === 'yaml';
}

export { fileOf, uriOf } from './fileUris.ts';

/** The one spelling of a URI, to compare what the client wrote with what the server made. */
export function normalUri(uri: string): string {
  return URI.parse(uri).toString();
}

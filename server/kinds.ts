import path from 'node:path';
import { loadConfig } from '../core/config/config.ts';
import { optionTable } from '../core/config/configTable.ts';
import { readRules } from '../core/ingest/rules/readRules.ts';
import { ruleOptions } from '../core/ingest/rules/ruleOptions.ts';
import { serveOptions } from '../gateway/settings/serveOptions.ts';
import { fileOf } from './documents/documentKind.ts';
import type { OtherKind } from './documents/documentKind.ts';
import { fileLinks } from './kinds/fileLinks.ts';
import { metadataKind } from './kinds/metadata.ts';
import { optionsKind } from './kinds/options.ts';
import { schemaTestKind } from './kinds/schemaTest.ts';
import { serveProblems } from './kinds/serveProblems.ts';
import type { KindEntry } from './kinds/kind.ts';

/** A text without a path of its own is taken for one in the working directory. */
const pathOf = (uri: string): string => path.resolve(fileOf(uri) ?? 'untitled');

/** The options of a configuration that name a file. */
const configPaths = [
  ['ingestion', 'schemas_directory'],
  ['ingestion', 'fallback_schema_file_path'],
  ['ingestion', 'schemas_rules'],
  ['scicat', 'token_file'],
] as const;

/** Each kind of document but schemas; how they are known stands in `documentKind.ts`. */
export const kinds: Readonly<Record<OtherKind, KindEntry>> = {
  config: {
    ...optionsKind(optionTable, (document) => {
      const file = pathOf(document.uri);
      const { problems } = loadConfig({ file, text: document.getText() });
      return problems.filter((each) => each.file === undefined || each.file === file);
    }),
    links: (document) => fileLinks(document, configPaths),
  },
  serve: optionsKind(serveOptions.options, (document) => serveProblems(pathOf(document.uri), document.getText())),
  metadata: metadataKind,
  rules: optionsKind(ruleOptions.options, (document) => readRules(pathOf(document.uri), document.getText()).problems),
  test: schemaTestKind,
};

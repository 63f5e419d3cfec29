import { format, resolveConfig } from 'prettier';
import { defaultDialect, dialectNames } from '../../core/imsc/language/dialects.ts';
import { imscSchema } from '../../core/imsc/language/imscSchema.ts';
import { ingestorConfigSchema, optionsSchema } from '../../core/config/configSchema.ts';
import { metadataSchema } from '../../core/ingest/metadata/metadataSchema.ts';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import { scicatDatasetSchemaFile } from '../../core/scicat/scicatDatasetSchema.ts';
import { openApi } from '../../gateway/protocols/native/openApi.ts';
import { ruleOptions } from '../../core/ingest/rules/ruleOptions.ts';
import { serveOptions } from '../../gateway/settings/serveOptions.ts';
import { configurationPage, rulesPage, serveConfigurationPage } from './configurationPage.ts';
import { datasetFieldsPage } from './datasetFieldsPage.ts';
import { depositedMetadataPage } from './depositedMetadataPage.ts';
import { l10nBundle } from './l10nBundle.ts';
import { languagePages } from './languagePages.ts';
import { lspMethodsPage } from './lspMethodsPage.ts';
import { problemsPage } from './problemsPage.ts';

/**
 * Every file that is made from the registries, with its contents.
 * @param root the folder of the project, for the settings of the formatter
 * @returns by path below the root
 */
export async function generatedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const json = (value: unknown): string => JSON.stringify(value, null, 2);
  const texts: readonly (readonly [string, string])[] = [
    ['schemas/imsc.schema.json', json(imscSchema(datasetFields))],
    ...dialectNames
      .filter((dialect) => dialect !== defaultDialect)
      .map((dialect) => [`schemas/dialects/${dialect}.schema.json`, json(imscSchema(datasetFields, dialect))] as const),
    ['schemas/ingestor-config.schema.json', json(ingestorConfigSchema())],
    ['schemas/imsc-serve.schema.json', json(optionsSchema('The ingest service of imsc', serveOptions.options))],
    ['schemas/imsc-rules.schema.json', json(optionsSchema('The rules of a facility', ruleOptions.options))],
    ['schemas/ingest-service.openapi.json', json(openApi())],
    ['schemas/imsc-metadata.schema.json', json(metadataSchema())],
    ['schemas/scicat-dataset.schema.json', json(scicatDatasetSchemaFile())],
    ...[...languagePages()].map(([name, text]) => [`docs/reference/${name}`, text] as const),
    ['docs/reference/dataset-fields.md', datasetFieldsPage()],
    ['docs/reference/deposited-metadata.md', depositedMetadataPage()],
    ['docs/reference/configuration.md', configurationPage()],
    ['docs/reference/service-configuration.md', serveConfigurationPage()],
    ['docs/reference/rules.md', rulesPage()],
    ['docs/problems.md', problemsPage()],
    ['docs/lsp-methods.md', lspMethodsPage()],
    ['l10n/bundle.l10n.json', json(l10nBundle(root))],
  ];
  const options = (await resolveConfig(`${root}/package.json`)) ?? {};
  const formatted = texts.map(
    async ([path, text]) => [path, await format(text, { ...options, filepath: path })] as const,
  );
  return new Map(await Promise.all(formatted));
}

import { l10n } from 'vscode';
import type { PageTexts } from './messages.ts';

/** What the page says, in the language of the editor; the page puts numbers and names at {0}. */
export function pageTexts(): PageTexts {
  return {
    noSample: l10n.t('No sample file'),
    sample: l10n.t('Sample: {0}'),
    schema: l10n.t('Schema: {0}'),
    fieldCount: l10n.t('{0} fields'),
    failedCount: l10n.t('{0} failed'),
    unknownCount: l10n.t('{0} unknown'),
    refusedCount: l10n.t('{0} refused'),
    chooseSample: l10n.t('Choose Sample File'),
    askScicat: l10n.t('Ask SciCat for the Unknown Values'),
    views: l10n.t('Views of the dataset'),
    dataset: l10n.t('Dataset'),
    variables: l10n.t('Variables'),
    name: l10n.t('Name'),
    value: l10n.t('Value'),
    unit: l10n.t('Unit'),
    type: l10n.t('Type'),
    none: l10n.t('none'),
    showInSchema: l10n.t('Show in the schema'),
    failed: l10n.t('Failed: {0}'),
    unknown: l10n.t('Unknown: {0}'),
    asJson: l10n.t('The dataset as JSON'),
    error: l10n.t('Error: {0}'),
    warning: l10n.t('Warning: {0}'),
    ingest: l10n.t('Ingest'),
    again: l10n.t('Run Again'),
    signIn: l10n.t('Sign In'),
    asText: l10n.t('Show as Text'),
  };
}

import { basename } from 'node:path';
import { l10n, languages, LanguageStatusSeverity } from 'vscode';
import type { LanguageStatusItem } from 'vscode';
import { plainText } from '../dialogs.ts';
import type { LanguageServer, ServerState } from '../languageServer.ts';
import type { SampleChoice } from '../sampleChoice.ts';

const selector = [{ language: 'imsc-json' }, { language: 'imsc-yaml' }];

const serverText: Record<ServerState, string> = {
  stopped: l10n.t('Language server stopped'),
  starting: l10n.t('Language server starting'),
  running: l10n.t('Language server running'),
  missing: l10n.t('Language server not installed'),
  failed: l10n.t('Language server failed'),
};

/** The entries beside the language's name in the status bar: the server and the sample file. */
export function showLanguageStatus(server: LanguageServer, samples: SampleChoice): { dispose(): void }[] {
  const serverItem = languages.createLanguageStatusItem('imsc.server', selector);
  const sampleItem = languages.createLanguageStatusItem('imsc.sample', selector);
  serverItem.name = l10n.t('SciCat language server');
  sampleItem.name = l10n.t('SciCat sample file');
  sampleItem.command = { command: 'imsc.chooseSample', title: l10n.t('Choose') };
  showServer(serverItem, server.state);
  showSample(sampleItem, samples);
  return [
    serverItem,
    sampleItem,
    server.onDidChangeState((state) => {
      showServer(serverItem, state);
    }),
    samples.onDidChange(() => {
      showSample(sampleItem, samples);
    }),
  ];
}

function showServer(item: LanguageStatusItem, state: ServerState): void {
  const ill = state === 'missing' || state === 'failed';
  item.text = serverText[state];
  item.busy = state === 'starting';
  item.severity = ill ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
  item.command = ill
    ? { command: 'imsc.showLog', title: l10n.t('Show Log') }
    : { command: 'imsc.restartServer', title: l10n.t('Restart') };
}

function showSample(item: LanguageStatusItem, { current }: SampleChoice): void {
  item.text =
    current.file === null ? l10n.t('No sample file') : plainText(l10n.t('Sample {0}', basename(current.file)));
  item.detail = plainText(current.message ?? current.file ?? '');
  item.severity = current.state === 'unreadable' ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
}

import { basename } from 'node:path';
import { languages, LanguageStatusSeverity } from 'vscode';
import type { LanguageStatusItem } from 'vscode';
import type { LanguageServer, ServerState } from './languageServer.ts';
import type { SampleChoice } from './sampleChoice.ts';

const selector = [{ language: 'imsc-json' }, { language: 'imsc-yaml' }];

const serverText: Record<ServerState, string> = {
  stopped: 'Language server stopped',
  starting: 'Language server starting',
  running: 'Language server running',
  missing: 'Language server not installed',
  failed: 'Language server failed',
};

/** The entries beside the language's name in the status bar: the server and the sample file. */
export function showLanguageStatus(server: LanguageServer, samples: SampleChoice): { dispose(): void }[] {
  const serverItem = languages.createLanguageStatusItem('imsc.server', selector);
  const sampleItem = languages.createLanguageStatusItem('imsc.sample', selector);
  serverItem.name = 'SciCat language server';
  sampleItem.name = 'SciCat sample file';
  sampleItem.command = { command: 'imsc.chooseSample', title: 'Choose' };
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
    ? { command: 'imsc.showLog', title: 'Show Log' }
    : { command: 'imsc.restartServer', title: 'Restart' };
}

function showSample(item: LanguageStatusItem, { current }: SampleChoice): void {
  item.text = current.file === null ? 'No sample file' : `Sample ${basename(current.file)}`;
  item.detail = current.message ?? current.file ?? '';
  item.severity = current.state === 'unreadable' ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
}

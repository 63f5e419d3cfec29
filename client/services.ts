import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { LanguageServer } from './languageServer.ts';
import type { SampleChoice } from './sampleChoice.ts';
import type { SampleView } from './views/sampleView.ts';

/** What commands, views and the preview are given; made once, when the extension is activated. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly server: LanguageServer;
  readonly samples: SampleChoice;
  readonly sampleView: SampleView;
}

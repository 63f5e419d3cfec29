import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Accounts } from './connections/accounts.ts';
import type { Connections } from './connections/connections.ts';
import type { Sandbox } from './connections/sandbox.ts';
import type { ImscProgram } from './imscProgram.ts';
import type { Ingestions } from './ingestions/ingestions.ts';
import type { LanguageServer } from './languageServer.ts';
import type { DatasetPreview } from './preview/datasetPreview.ts';
import type { Comparison } from './results/comparison.ts';
import type { DryRuns } from './results/dryRuns.ts';
import type { OpenedTexts } from './results/openedTexts.ts';
import type { ResultDocuments } from './results/resultDocuments.ts';
import type { ResultPages } from './results/resultPages.ts';
import type { SampleChoice } from './sampleChoice.ts';
import type { TestExplorer } from './schemaTests/testExplorer.ts';
import type { SampleView } from './views/sampleView.ts';

/** What commands, views and the preview are given; made once, when the extension is activated. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly server: LanguageServer;
  readonly samples: SampleChoice;
  readonly sampleView: SampleView;
  readonly program: ImscProgram;
  readonly sandbox: Sandbox;
  readonly accounts: Accounts;
  readonly connections: Connections;
  readonly results: ResultDocuments;
  readonly resultPages: ResultPages;
  readonly dryRuns: DryRuns;
  readonly ingestions: Ingestions;
  readonly preview: DatasetPreview;
  readonly testExplorer: TestExplorer;
  readonly comparison: Comparison;
  /** In a browser only. */
  readonly openedTexts: OpenedTexts | undefined;
}

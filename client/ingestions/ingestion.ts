import { l10n } from 'vscode';
import type { ReportedProblem } from '../results/report.ts';

export type IngestionState = 'running' | 'done' | 'already-present' | 'failed' | 'cancelled' | 'interrupted';

/** One ingestion as the view and the next start of the window know it. Never a token. */
export interface Ingestion {
  readonly id: string;
  /** Absolute path of the data file. */
  readonly file: string;
  /** Address of SciCat, as far as it is known. */
  readonly host: string;
  /** Name of the connection; '' where the configuration file says where SciCat is. */
  readonly connection: string;
  readonly state: IngestionState;
  /** ISO time. */
  readonly started: string;
  readonly ended?: string;
  readonly pid?: string;
  readonly datasetName?: string;
  /** What happened, in a sentence or two. */
  readonly message?: string | undefined;
  readonly problems: readonly ReportedProblem[];
  /** With which arguments it runs, for trying again and resuming. */
  readonly args: readonly string[];
  readonly workingDirectory?: string;
  /** Its name in the journal, where it can be resumed. */
  readonly journalRun?: string | undefined;
}

export const stateTexts: Readonly<Record<IngestionState, string>> = {
  running: l10n.t('running'),
  done: l10n.t('done'),
  'already-present': l10n.t('already there'),
  failed: l10n.t('failed'),
  cancelled: l10n.t('cancelled'),
  interrupted: l10n.t('interrupted'),
};

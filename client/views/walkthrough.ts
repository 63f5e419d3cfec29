import { commands } from 'vscode';

/** Where the schema is kept that a window shows once it has opened its folder. */
export const sampleToShow = 'sampleToShow';

/** The steps of the walkthrough, which package.json has with the context keys that are set here. */
export const walkthroughSteps = [
  'try', // The sample is shown with its preview.
  'author', // A schema was saved.
  'preview', // The preview shows the values of a sample.
  'dryRun', // A dry run has told what would be sent, or why nothing can be.
  'ingest', // A dataset is in SciCat.
] as const;

export type WalkthroughStep = (typeof walkthroughSteps)[number];

/** Ticks a step of the walkthrough, once what it is about was done. VS Code keeps that. */
export function stepDone(step: WalkthroughStep): void {
  void commands.executeCommand('setContext', `imsc.done.${step}`, true);
}

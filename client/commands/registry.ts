import { commands, l10n, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import { plainError, showMessage } from '../dialogs.ts';
import type { Services } from '../services.ts';

/** A command is given what VS Code gives: the resource of a menu, the item of a view, or nothing. */
export type Command = (services: Services, ...from: readonly unknown[]) => unknown;

interface CommandEntry {
  /** True for what reads samples, connects or writes: refused in a workspace that is not trusted, whoever calls. */
  readonly needsTrust?: true;
  /** Loads the command's file, only when it is called. */
  readonly load: () => Promise<{ readonly run: Command }>;
}

/** Every command with the file that does it. */
const entries: Readonly<Record<string, CommandEntry>> = {
  'imsc.chooseSample': { needsTrust: true, load: () => import('./chooseSample.ts') },
  'imsc.useAsSample': { needsTrust: true, load: () => import('./useAsSample.ts') },
  'imsc.clearSample': { load: () => import('./clearSample.ts') },
  'imsc.refreshSample': { needsTrust: true, load: () => import('./refreshSample.ts') },
  'imsc.findInSample': { needsTrust: true, load: () => import('./findInSample.ts') },
  'imsc.openNexusFile': { needsTrust: true, load: () => import('./openNexusFile.ts') },
  'imsc.insertNexusPath': { load: () => import('./insertNexusPath.ts') },
  'imsc.copyNexusPath': { load: () => import('./copyNexusPath.ts') },
  'imsc.createVariableFromPath': { needsTrust: true, load: () => import('./createVariableFromPath.ts') },
  'imsc.showMergedSchema': { load: () => import('./showMergedSchema.ts') },
  'imsc.compareWithCommit': { needsTrust: true, load: () => import('./compareWithCommit.ts') },
  'imsc.compareOnSamples': { needsTrust: true, load: () => import('./compareOnSamples.ts') },
  'imsc.showDifference': { load: () => import('./showDifference.ts') },
  'imsc.updateDatasets': { needsTrust: true, load: () => import('./updateDatasets.ts') },
  'imsc.convertNotation': { load: () => import('./convertNotation.ts') },
  'imsc.convertFor': { needsTrust: true, load: () => import('./convertFor.ts') },
  'imsc.migrate': { needsTrust: true, load: () => import('./migrate.ts') },
  'imsc.openInH5web': { needsTrust: true, load: () => import('./openInH5web.ts') },
  'imsc.addConnection': { needsTrust: true, load: () => import('./addConnection.ts') },
  'imsc.cancelIngestion': { needsTrust: true, load: () => import('./cancelIngestion.ts') },
  'imsc.compareDryRuns': { needsTrust: true, load: () => import('./compareDryRuns.ts') },
  'imsc.compareWithScicat': { needsTrust: true, load: () => import('./compareWithScicat.ts') },
  'imsc.dryRun': { needsTrust: true, load: () => import('./dryRun.ts') },
  'imsc.giveUpIngestion': { needsTrust: true, load: () => import('./giveUpIngestion.ts') },
  'imsc.ingest': { needsTrust: true, load: () => import('./ingest.ts') },
  'imsc.ingestAtService': { needsTrust: true, load: () => import('./ingestAtService.ts') },
  'imsc.refreshService': { needsTrust: true, load: () => import('./refreshService.ts') },
  'imsc.openInScicat': { needsTrust: true, load: () => import('./openInScicat.ts') },
  'imsc.removeConnection': { load: () => import('./removeConnection.ts') },
  'imsc.removeIngestion': { needsTrust: true, load: () => import('./removeIngestion.ts') },
  'imsc.ingestWithMetadata': { needsTrust: true, load: () => import('./ingestWithMetadata.ts') },
  'imsc.previewMetadata': { needsTrust: true, load: () => import('./previewMetadata.ts') },
  'imsc.sendJobs': { needsTrust: true, load: () => import('./sendJobs.ts') },
  'imsc.resume': { needsTrust: true, load: () => import('./resume.ts') },
  'imsc.showIngestion': { needsTrust: true, load: () => import('./showIngestion.ts') },
  'imsc.showPreview': { needsTrust: true, load: () => import('./showPreview.ts') },
  'imsc.signIn': { needsTrust: true, load: () => import('./signIn.ts') },
  'imsc.signOut': { load: () => import('./signOut.ts') },
  'imsc.startSandbox': { needsTrust: true, load: () => import('./startSandbox.ts') },
  'imsc.stopSandbox': { load: () => import('./stopSandbox.ts') },
  'imsc.useConnection': { needsTrust: true, load: () => import('./useConnection.ts') },
  'imsc.trySample': { needsTrust: true, load: () => import('./trySample.ts') },
  'imsc.newSchemaFromNexus': { needsTrust: true, load: () => import('./newSchemaFromNexus.ts') },
  'imsc.showReferences': { load: () => import('./showReferences.ts') },
  'imsc.runSchemaTest': { needsTrust: true, load: () => import('./schemaTest.ts') },
  'imsc.updateSchemaTest': {
    needsTrust: true,
    load: () => import('./schemaTest.ts').then(({ update }) => ({ run: update })),
  },
  'imsc.openTestedSchema': { load: () => import('./schemaTest.ts').then(({ openSchema }) => ({ run: openSchema })) },
  'imsc.showLog': { load: () => import('./showLog.ts') },
  'imsc.restartServer': { load: () => import('./restartServer.ts') },
};

/** Registers all commands; each is loaded when it is called for the first time. */
export function registerCommands(services: Services): Disposable[] {
  return Object.entries(entries).map(([id, entry]) =>
    commands.registerCommand(id, async (...from: readonly unknown[]) => {
      if (entry.needsTrust && !workspace.isTrusted) {
        await offerTrust();
        return undefined;
      }
      const { run } = await entry.load();
      try {
        return await run(services, ...from);
      } catch (error) {
        // VS Code shows it in a notification.
        throw plainError(error);
      }
    }),
  );
}

async function offerTrust(): Promise<void> {
  const manage = l10n.t('Manage Workspace Trust');
  const answer = await showMessage('warning', l10n.t('This waits until you trust the workspace. Nothing was done.'), [
    manage,
  ]);
  if (answer === manage) await commands.executeCommand('workbench.trust.manage');
}

import { commands, ExtensionMode, extensions, Uri, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { trustGranted } from '../server/protocol.ts';
import { registerCommands } from './commands/registry.ts';
import { Accounts } from './connections/accounts.ts';
import { showAccountStatus } from './connections/accountStatus.ts';
import { Connections } from './connections/connections.ts';
import { offerChoices } from './connections/offerChoices.ts';
import { Sandbox } from './connections/sandbox.ts';
import { serverProgram } from './languageServer/connectServer.ts';
import { ImscProgram } from './imscProgram.ts';
import { Ingestions } from './ingestions/ingestions.ts';
import { offerResuming } from './ingestions/offerResuming.ts';
import { ForgetfulDiagnostics } from './languageServer/forgetfulDiagnostics.ts';
import { LanguageServer } from './languageServer.ts';
import { showLanguageStatus } from './views/languageStatus.ts';
import { DatasetPreview } from './preview/datasetPreview.ts';
import { Comparison } from './results/comparison.ts';
import { DryRuns } from './results/dryRuns.ts';
import { OpenedTexts } from './results/openedTexts.ts';
import { ResultPages } from './results/resultPages.ts';
import { ResultDocuments } from './results/resultDocuments.ts';
import { SampleChoice, storedSamples } from './sampleChoice.ts';
import { isSchema } from './schemaEditor.ts';
import { restartOnBuild } from './languageServer/restartOnBuild.ts';
import type { Services } from './services.ts';
import { provideTasks } from './schemaTests/tasks.ts';
import { TestExplorer } from './schemaTests/testExplorer.ts';
import { ConnectionsView } from './views/connectionsView.ts';
import { IngestionsView } from './views/ingestionsView.ts';
import { DifferencesView } from './views/differencesView.ts';
import { sampleToShow, stepDone } from './views/walkthrough.ts';
import { SampleView } from './views/sampleView.ts';

let running: LanguageServer | undefined;

/**
 * Puts everything into place and returns at once; the language server starts meanwhile. Only the project's own tests
 * are given something to work with.
 */
export function activate(context: ExtensionContext): Services | undefined {
  const log = window.createOutputChannel('SciCat', { log: true });
  const diagnostics = new ForgetfulDiagnostics();
  const server = new LanguageServer(
    Uri.joinPath(context.extensionUri, ...serverProgram),
    log,
    () => ({
      trusted: workspace.isTrusted,
      chosenSamples: storedSamples(context.workspaceState),
      hasCommands: true,
    }),
    diagnostics.provider,
  );
  const samples = new SampleChoice(context.workspaceState, server);
  const sampleView = new SampleView(server, samples);
  const programFile = context.asAbsolutePath('dist/cli/main.cjs');
  const program = new ImscProgram(programFile, log);
  const sandbox = new Sandbox(program, log, Uri.joinPath(context.globalStorageUri, 'sandbox').fsPath);
  const accounts = new Accounts(context.secrets);
  const connections = new Connections({ program, server }, accounts, sandbox);
  const results = new ResultDocuments();
  const dryRuns = new DryRuns(program, results);
  const ingestions = new Ingestions(program, connections);
  const pages = Uri.joinPath(context.extensionUri, 'dist', 'client');
  const preview = new DatasetPreview(server, connections, pages);
  const resultPages = new ResultPages(results, pages);
  const testExplorer = new TestExplorer(program, server);
  const differences = new DifferencesView();
  const comparison = new Comparison(differences);
  const openedTexts = program.isHere ? undefined : new OpenedTexts();
  const services: Services = {
    context,
    log,
    server,
    samples,
    sampleView,
    program,
    sandbox,
    accounts,
    connections,
    results,
    resultPages,
    dryRuns,
    ingestions,
    preview,
    testExplorer,
    comparison,
    openedTexts,
  };
  running = server;
  context.subscriptions.push(
    diagnostics,
    log,
    server,
    samples,
    sampleView,
    sandbox,
    accounts,
    connections,
    results,
    resultPages,
    ingestions,
    preview,
    testExplorer,
    comparison,
    differences,
    ...(openedTexts ? [openedTexts] : []),
    new IngestionsView(ingestions, connections),
    new ConnectionsView(connections),
    showAccountStatus(connections),
    ...(program.isHere ? [provideTasks(programFile)] : [offerChoices(server, connections)]),
    ...showLanguageStatus(server, samples),
    ...registerCommands(services),
    workspace.onDidSaveTextDocument((document) => {
      if (isSchema(document)) stepDone('author');
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      void server.notify(trustGranted, null);
      void showSampleOfWindow(services);
      if (program.isHere) void offerResuming(services);
    }),
  );
  void commands.executeCommand('setContext', 'imsc.active', true);
  // Whatever runs a program is not offered in a browser.
  void commands.executeCommand('setContext', 'imsc.inBrowser', !program.isHere);
  void commands.executeCommand('setContext', 'imsc.h5web', extensions.getExtension('h5web.vscode-h5web') !== undefined);
  // The extension host goes on first: what speaks with the server takes longer to load than all the rest.
  setTimeout(() => {
    void server.start().then(() => (program.isHere ? offerResuming(services) : undefined));
    void showSampleOfWindow(services);
  }, 0);
  if (context.extensionMode !== ExtensionMode.Production)
    context.subscriptions.push(restartOnBuild(context.extensionUri, server));
  return context.extensionMode === ExtensionMode.Test ? services : undefined;
}

/** The file of the command is loaded where there is something to show. */
async function showSampleOfWindow(services: Services): Promise<void> {
  if (services.context.globalState.get(sampleToShow) === undefined) return;
  const { showPendingSample } = await import('./commands/trySample.ts');
  await showPendingSample(services);
}

/** Waits until the language server has ended. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}

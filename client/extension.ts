import { commands, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { trustGranted } from '../server/protocol.ts';
import { registerCommands } from './commands/registry.ts';
import { LanguageServer } from './languageServer.ts';
import { showLanguageStatus } from './languageStatus.ts';
import { SampleChoice, storedSamples } from './sampleChoice.ts';
import { SampleView } from './views/sampleView.ts';

let running: LanguageServer | undefined;

/** Puts everything into place and returns at once; the language server starts meanwhile. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('SciCat', { log: true });
  const server = new LanguageServer(context.asAbsolutePath('dist/server/main.js'), log, () => ({
    trusted: workspace.isTrusted,
    chosenSamples: storedSamples(context.workspaceState),
  }));
  const samples = new SampleChoice(context.workspaceState, server);
  const sampleView = new SampleView(server, samples);
  running = server;
  context.subscriptions.push(
    log,
    server,
    samples,
    sampleView,
    ...showLanguageStatus(server, samples),
    ...registerCommands({ context, log, server, samples, sampleView }),
    workspace.onDidGrantWorkspaceTrust(() => void server.notify(trustGranted, null)),
  );
  void commands.executeCommand('setContext', 'imsc.active', true);
  // The extension host goes on first: what speaks with the server takes longer to load than all the rest.
  setImmediate(() => void server.start());
}

/** Waits until the language server has ended. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}

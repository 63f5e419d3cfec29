import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { commands, extensions } from 'vscode';
import { services, until } from './services.ts';
import { openFile } from './workspaceFile.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly category: string }[] };
}

describe('extension', () => {
  const extension = extensions.getExtension<undefined>('imsc.imsc');

  it('is activated by a schema', async () => {
    assert.ok(extension);
    await openFile('coda.imsc.yml');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('answers to every command that it contributes', async () => {
    assert.ok(extension);
    const contributed = (extension.packageJSON as Manifest).contributes.commands;
    const registered = new Set(await commands.getCommands(true));
    const unanswered = contributed.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(unanswered, []);
    assert.deepEqual(
      contributed.filter(({ category }) => category !== 'SciCat'),
      [],
    );
  });

  it('shows its log, and starts the language server anew, without an error', async () => {
    await commands.executeCommand('imsc.showLog');
    await commands.executeCommand('imsc.restartServer');
  });

  it('starts the language server anew after a build', async () => {
    const { context, server } = await services();
    await until('the server', () => (server.state === 'running' ? true : undefined));
    const states: string[] = [];
    const listening = server.onDidChangeState((state) => states.push(state));
    const now = new Date();
    await utimes(context.asAbsolutePath('dist/server/main.cjs'), now, now);
    await until('its restart', () => (states.length > 1 && server.state === 'running' ? true : undefined));
    listening.dispose();
  });
});

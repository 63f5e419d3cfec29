import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
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
});

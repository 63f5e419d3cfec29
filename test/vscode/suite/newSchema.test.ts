import assert from 'node:assert/strict';
import { commands, DiagnosticSeverity, languages, Range, window, workspace, WorkspaceEdit } from 'vscode';
import { newSchema, sample } from '../../../server/protocol.ts';
import { services, until } from './services.ts';
import { nexusFile, workspaceFile } from './workspaceFile.ts';

describe('new schema from a NeXus file', () => {
  afterEach(() => commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  for (const notation of ['yaml', 'json'] as const) {
    it(`has no error, as ${notation}`, async () => {
      const given = await services();
      await until('the language server', () => (given.server.state === 'running' ? true : undefined));
      const file = await nexusFile('coda');
      const paths = ['/entry/title', '/entry/sample/temperature'];
      const made = await given.server.request(newSchema, { file, paths, notation, name: 'made' });
      assert.ok(made);
      const document = await workspace.openTextDocument({ language: `imsc-${notation}`, content: made.text });
      await window.showTextDocument(document);
      await given.samples.choose(document.uri.toString(), file);
      for (const path of paths) assert.ok(made.text.includes(path), made.text);
      const errors = () =>
        languages
          .getDiagnostics(document.uri)
          .filter(({ severity }) => severity === DiagnosticSeverity.Error)
          .map(({ message }) => message);
      // That there are none counts only if one would be seen.
      const [whole = ''] = /<\w+>/.exec(made.text) ?? [];
      const start = document.positionAt(made.text.indexOf(whole));
      const used = new Range(start, document.positionAt(made.text.indexOf(whole) + whole.length));
      const misspell = new WorkspaceEdit();
      misspell.replace(document.uri, used, '<no_such_variable>');
      await workspace.applyEdit(misspell);
      await until('the error', () =>
        errors().some((message) => message.includes('no_such_variable')) ? true : undefined,
      );
      const mend = new WorkspaceEdit();
      mend.replace(document.uri, new Range(start, start.translate(0, '<no_such_variable>'.length)), whole);
      await workspace.applyEdit(mend);
      await until(`no errors, but there are ${errors().join(' ')}`, () => (errors().length === 0 ? true : undefined));
    });
  }

  it('keeps its sample when it is saved for the first time', async () => {
    const given = await services();
    await until('the language server', () => (given.server.state === 'running' ? true : undefined));
    const file = await nexusFile('coda');
    const made = await given.server.request(newSchema, {
      file,
      paths: ['/entry/title'],
      notation: 'yaml',
      name: 'kept',
    });
    const place = workspaceFile('kept.imsc.yml');
    const document = await workspace.openTextDocument(place.with({ scheme: 'untitled' }));
    const editor = await window.showTextDocument(document);
    await editor.edit((edit) => {
      edit.insert(document.positionAt(0), made?.text ?? '');
    });
    await given.samples.choose(document.uri.toString(), file);
    await commands.executeCommand('workbench.action.files.save');
    await until('the saved schema', () =>
      window.activeTextEditor?.document.uri.toString() === place.toString() ? true : undefined,
    );
    try {
      await until('its sample', async () => {
        const state = await given.server.request(sample, { uri: place.toString() });
        return state?.file === file ? true : undefined;
      });
    } finally {
      await workspace.fs.delete(place);
    }
  });
});

import assert from 'node:assert/strict';
import { commands, languages, MarkdownString, Range, WorkspaceEdit, workspace } from 'vscode';
import type { CodeAction, CompletionList, Hover, TextDocument, Position, Uri } from 'vscode';
import { services, until } from './services.ts';
import { nexusFile, openFile, workspaceFile } from './workspaceFile.ts';

const schema = 'schemas/coda.imsc.yml';

/** The place in the middle of the first occurrence of a text. */
function within(document: TextDocument, text: string): Position {
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `${text} is not in the schema`);
  return document.positionAt(start + Math.floor(text.length / 2));
}

async function replace(document: TextDocument, text: string, by: string): Promise<void> {
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `${text} is not in the schema`);
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(start + text.length)), by);
  await workspace.applyEdit(edit);
}

describe('language features', () => {
  let document: TextDocument;
  let uri: Uri;

  before(async () => {
    const given = await services();
    ({ document } = await openFile(schema));
    uri = workspaceFile(schema);
    await given.samples.choose(uri.toString(), await nexusFile('coda'));
  });

  afterEach(async () => {
    await openFile(schema);
    await commands.executeCommand('workbench.action.files.revert');
  });

  it('marks what is wrong, and takes it back', async () => {
    await replace(document, 'value: <title>', 'value: <titel>');
    const found = await until('the diagnostic', () =>
      languages.getDiagnostics(uri).find(({ code }) => codeOf(code) === 'unknown-variable'),
    );
    assert.equal(found.range.start.line, within(document, '<titel>').line);
    await replace(document, 'value: <titel>', 'value: <title>');
    await until('the diagnostic to go', () =>
      languages.getDiagnostics(uri).some(({ code }) => codeOf(code) === 'unknown-variable') ? undefined : true,
    );
  });

  it('forgets the problems of what is renamed and deleted, also with its folder', async () => {
    const [first, second] = [workspaceFile('gone/first.imsc.yml'), workspaceFile('gone/second.imsc.yml')];
    const told = (of: Uri) => languages.getDiagnostics(of).length > 0;
    await workspace.fs.writeFile(first, new TextEncoder().encode('id: 1\nname: [\n'));
    await openFile('gone/first.imsc.yml');
    await until('the problems', () => told(first) || undefined);
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await workspace.fs.rename(first, second);
    await until('the problems under the new name', () => (told(second) && !told(first)) || undefined);
    await openFile('gone/second.imsc.yml');
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await workspace.fs.delete(workspaceFile('gone'), { recursive: true });
    await until('no problems', () => (!told(first) && !told(second)) || undefined);
  });

  it('offers a fix for a misspelt variable, which mends it', async () => {
    await replace(document, 'value: <title>', 'value: <titel>');
    const place = within(document, '<titel>');
    const fix = await until('the quick fix', async () => {
      const actions = await commands.executeCommand<readonly CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        new Range(place, place),
      );
      return actions.find(({ edit }) => edit?.get(uri).some(({ newText }) => newText.includes('title')));
    });
    assert.ok(fix.edit);
    await workspace.applyEdit(fix.edit);
    assert.match(document.getText(), /value: <title>/);
  });

  it('renames a variable with all that refer to it', async () => {
    const place = within(document, 'run_number:');
    const edit = await commands.executeCommand<WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      uri,
      place,
      'run_id',
    );
    await workspace.applyEdit(edit);
    const text = document.getText();
    assert.match(text, /\n {2}run_id:\n/);
    assert.match(text, /Run <run_id> on/);
    assert.doesNotMatch(text, /<run_number>/);
  });

  it('shows the value of a variable in the sample', async () => {
    const place = within(document, '<sample_temperature>');
    const text = await until('the hover', async () => {
      const hovers = await commands.executeCommand<readonly Hover[]>('vscode.executeHoverProvider', uri, place);
      const shown = hovers
        .flatMap(({ contents }) => contents)
        .map((content) => (content instanceof MarkdownString ? content.value : ''))
        .join('\n');
      return /\d/.test(shown) ? shown : undefined;
    });
    assert.match(text, /\d+(?:\.\d+)?/);
    assert.match(text, /K/);
  });

  it('completes a NeXus path from the sample', async () => {
    const path = '/entry/sample/temperature\n';
    const start = document.positionAt(document.getText().indexOf(path));
    const place = start.translate(0, '/entry/sample/'.length);
    await until('the completion', async () => {
      const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', uri, place);
      const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return labels.some((label) => label.includes('temperature_log')) ? true : undefined;
    });
  });
});

function codeOf(code: unknown): string {
  const value = typeof code === 'object' && code !== null && 'value' in code ? code.value : code;
  return typeof value === 'string' ? value : '';
}

import assert from 'node:assert/strict';
import { commands, Range, WorkspaceEdit, workspace } from 'vscode';
import type { PreviewRow } from '../../../client/preview/messages.ts';
import type { Services } from '../../../client/services.ts';
import { services, until } from './services.ts';
import { nexusFile, openFile, workspaceFile } from './workspaceFile.ts';

const schema = 'schemas/coda.imsc.yml';

/** A line of the preview by its table and name, once it is as wanted. */
function row({ preview }: Services, name: string, isWanted: (row: PreviewRow) => boolean): Promise<PreviewRow> {
  return until(`${name} in the preview`, () => {
    const rows = preview.model?.tables.flatMap((table) => (table.id === 'variables' ? [] : table.rows)) ?? [];
    return rows.find((each) => each.name === name && isWanted(each));
  });
}

describe('preview', () => {
  it('shows the dataset that the sample would give, with units and types', async () => {
    const given = await services();
    await openFile(schema);
    await until('the language server', () => (given.server.state === 'running' ? true : undefined));
    await given.samples.choose(workspaceFile(schema).toString(), await nexusFile('coda'));
    await commands.executeCommand('imsc.showPreview');
    const temperature = await row(given, 'sample_temperature', ({ state }) => state === 'known');
    assert.equal(temperature.unit, 'K');
    assert.equal(temperature.type, 'float');
    assert.match(temperature.text, /^\d/);
    assert.match(given.preview.model?.json ?? '', /"type": "raw"/);
  });

  it('follows a keystroke', async () => {
    const given = await services();
    const { document } = await openFile(schema);
    const start = document.getText().indexOf('value: raw') + 'value: '.length;
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(start + 3)), 'derived');
    await workspace.applyEdit(edit);
    await row(given, 'type', ({ text }) => text === 'derived');
    await until('the JSON', () => (given.preview.model?.json.includes('"derived"') ? true : undefined));
  });

  it('says why a field failed', async () => {
    const given = await services();
    const { document } = await openFile(schema);
    const start = document.getText().indexOf('/entry/title');
    const edit = new WorkspaceEdit();
    edit.replace(
      document.uri,
      new Range(document.positionAt(start), document.positionAt(start + 12)),
      '/entry/no_title',
    );
    await workspace.applyEdit(edit);
    await row(given, 'datasetName', ({ state, text }) => state === 'failed' && text !== '');
    await commands.executeCommand('workbench.action.files.revert');
    await row(given, 'datasetName', ({ state }) => state === 'known');
  });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodeActionRequest, CodeActionResolveRequest } from 'vscode-languageserver-protocol/node';
import type { CodeAction, TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, inject, it } from 'vitest';
import { pushCapabilities, startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';

const schema = (name: string): string =>
  `id: ${name}\nname: ${name}\norder: 1\nselector: filename:contains:${name}\nvariables: {}\nschema:\n  # whose\n  p: {field_type: high_level, machine_name: proposalId, value: p-1, type: string}\n  d: {field_type: high_level, machine_name: description, value: a, type: string}\n`;
const config = 'scicat:\n  host: https://s.example.org/api/v3 # ours\n';

describe.each(notations)('the fields of v4 in %s', (notation) => {
  it('are written from a code action, of one schema and of the folder with its configuration', async () => {
    const folder = join(temporaryFolder(), notation);
    mkdirSync(folder);
    mkdirSync(join(folder, 'modules'));
    const files = ['one', 'two', 'modules/common'].map((name) => join(folder, fileName(name, notation)));
    for (const [index, file] of files.entries())
      writeFileSync(file, inNotation(schema(['one', 'two', 'common'][index] ?? ''), notation));
    writeFileSync(join(folder, 'config.yml'), config);
    const capabilities = {
      ...pushCapabilities,
      workspace: {
        ...pushCapabilities.workspace,
        workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
      },
    };
    const client = await startClient(inject('serverProgram'), {
      folders: [folder],
      capabilities,
      settings: { configFile: 'config.yml' },
    });
    const text = readFileSync(files[0] ?? '', 'utf8');
    const { uri } = await client.open(files[0] ?? '', text);
    const document = TextDocument.create(uri, 'yaml', 0, text);
    const actionsAt = async (word: string): Promise<CodeAction[]> => {
      const at = document.positionAt(text.indexOf(word));
      const context = { diagnostics: [], only: ['refactor.rewrite'] };
      const parameters = { textDocument: { uri }, range: { start: at, end: at }, context };
      return (await client.request(CodeActionRequest.type, parameters)) as CodeAction[];
    };
    expect((await actionsAt('description')).filter(({ title }) => title.includes('v4'))).toEqual([]);
    const [one, all] = (await actionsAt('proposalId')).filter(({ title }) => title.includes('v4'));
    const editsOf = (change: unknown): TextEdit[] => (change as { readonly edits: TextEdit[] }).edits;
    const made = TextDocument.applyEdits(document, editsOf(one?.edit?.documentChanges?.[0]));
    expect(made).toContain('proposalIds');
    if (notation === 'yaml') expect(made).toMatch(/^# imsc-dialect: next\n[^]*# whose/);

    const { edit } = await client.request(CodeActionResolveRequest.type, all ?? { title: '' });
    expect(Object.values(edit?.changeAnnotations ?? {})).toMatchObject([{ needsConfirmation: true }]);
    const [annotation] = Object.keys(edit?.changeAnnotations ?? {});
    for (const change of edit?.documentChanges ?? [])
      for (const each of editsOf(change)) expect(each).toMatchObject({ annotationId: annotation });
    const changed = new Map(
      (edit?.documentChanges ?? []).flatMap((change) =>
        'textDocument' in change ? [[change.textDocument.uri, change.edits as TextEdit[]] as const] : [],
      ),
    );
    const after = [...files, join(folder, 'config.yml')].map((file) => {
      const before = TextDocument.create('', '', 0, readFileSync(file, 'utf8'));
      return TextDocument.applyEdits(before, changed.get(pathToFileURL(file).href) ?? []);
    });
    expect(after[0]).toContain('proposalIds');
    expect(after[1]).toContain('proposalIds');
    expect(after[2]).toContain('proposalIds');
    expect(after[3]).toBe('scicat:\n  host: https://s.example.org/api # ours\n');
  });

  it('are written in no file of a folder of which one cannot be rewritten', async () => {
    const folder = join(temporaryFolder(), `broken-${notation}`);
    mkdirSync(folder);
    const file = join(folder, fileName('one', notation));
    const text = inNotation(schema('one'), notation);
    writeFileSync(file, text);
    writeFileSync(join(folder, 'broken.imsc.yml'), 'id: broken\nvariables: [\n');
    const workspaceEdit = { documentChanges: true };
    const capabilities = { ...pushCapabilities, workspace: { ...pushCapabilities.workspace, workspaceEdit } };
    const client = await startClient(inject('serverProgram'), { folders: [folder], capabilities });
    const { uri } = await client.open(file, text);
    const at = TextDocument.create(uri, 'yaml', 0, text).positionAt(text.indexOf('proposalId'));
    const context = { diagnostics: [], only: ['refactor.rewrite'] };
    const asked = { textDocument: { uri }, range: { start: at, end: at }, context };
    const actions = (await client.request(CodeActionRequest.type, asked)) as CodeAction[];
    const all = actions.find(({ title }) => title.startsWith('Write all') && title.includes('v4'));
    await expect(client.request(CodeActionResolveRequest.type, all ?? { title: '' })).rejects.toThrow(
      /^Nothing is changed: broken\.imsc\.yml:\d+: /,
    );
  });
});

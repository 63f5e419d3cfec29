import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  DiagnosticSeverity,
  DiagnosticTag,
  DocumentDiagnosticRequest,
  LSPErrorCodes,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic, WorkspaceFullDocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, inject, it } from 'vitest';
import { pullCapabilities, startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const program = inject('serverProgram');
const typo = schemaText({
  variables: `
title:
  source: NXS
  path: /entry/title
  value_type: string
greeting:
  source: VALUE
  value: Hello <titel>
  value_type: string`,
});

function codes(diagnostics: readonly Diagnostic[]): unknown[] {
  return diagnostics.map(({ code }) => code);
}

function withCode(diagnostics: readonly Diagnostic[], code: string): Diagnostic {
  const found = diagnostics.find((each) => each.code === code);
  if (!found) throw new Error(`no ${code} among ${codes(diagnostics).join(', ')}`);
  return found;
}

describe('for a client that does not ask', async () => {
  const client = await startClient(program);

  it.each(notations)('tells all problems of %s with code, page, place and tags', async (notation) => {
    const document = await client.open(`untitled:${fileName('typo', notation)}`, inNotation(typo, notation));
    const found = await client.currentDiagnostics(document);
    const unknown = withCode(found, 'unknown-variable');
    expect(document.getText(unknown.range)).toBe('<titel>');
    expect(unknown).toMatchObject({ source: 'imsc', severity: DiagnosticSeverity.Error });
    expect(unknown.message).toContain('title');
    expect(unknown.codeDescription?.href).toMatch(/docs\/problems\.md#L\d+$/);
    expect(withCode(found, 'unused-variable').tags).toEqual([DiagnosticTag.Unnecessary]);
  });

  it('takes them back when the document is closed', async () => {
    const document = await client.open('untitled:closing.imsc.yml', typo);
    expect(await client.currentDiagnostics(document)).not.toEqual([]);
    await client.close(document);
    expect(await client.diagnostics(document, ({ diagnostics }) => diagnostics.length === 0)).toEqual([]);
  });

  it('never tells of an older version after a newer one', async () => {
    let document: TextDocument = await client.open('untitled:typing.imsc.yml', typo);
    for (const letter of 'abcdefgh') {
      const at = document.getText().indexOf('Hello');
      document = await client.edit(document, at, at, letter);
    }
    await client.currentDiagnostics(document);
    const versions = client.published.filter(({ uri }) => uri === document.uri).map(({ version }) => version ?? 0);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it('follows the settings for severities', async () => {
    const document = await client.open('untitled:settings.imsc.yml', typo);
    await client.currentDiagnostics(document);
    await client.changeSettings({ problems: { 'unknown-variable': 'hint', 'unused-variable': 'off' } });
    const found = await client.diagnostics(
      document,
      ({ diagnostics }) =>
        diagnostics.find(({ code }) => code === 'unknown-variable')?.severity === DiagnosticSeverity.Hint,
    );
    expect(codes(found)).not.toContain('unused-variable');
    await client.changeSettings({});
  });

  it.each([
    ['the next line', '# imsc-ignore-next-line unknown-variable\n    value: Hello', 'unknown-variable'],
    ['the file', '# imsc-ignore-file unknown-variable\n    value: Hello', 'unknown-variable'],
  ])('is silenced by a comment for %s', async (what, replacement, code) => {
    const document = await client.open(`untitled:silent ${what}.imsc.yml`, typo.replace('value: Hello', replacement));
    const found = codes(await client.currentDiagnostics(document));
    expect(found).not.toContain(code);
    expect(found).toContain('unused-variable');
  });

  it('says nothing about documents that are not schemas', async () => {
    await client.open('untitled:notes.yml', 'a: [', 'yaml');
    const schema = await client.open('untitled:after.imsc.yml', typo);
    await client.currentDiagnostics(schema);
    expect(client.published.some(({ uri }) => uri === 'untitled:notes.yml')).toBe(false);
  });

  it('checks the configuration of the ingestor', async () => {
    const text = 'scicat:\n  host: http://localhost:3000\n  hots: x\n';
    const document = await client.open('untitled:ingestor-config.yml', text);
    const found = withCode(await client.currentDiagnostics(document), 'config-unknown-key');
    expect(document.getText(found.range)).toBe('hots');
  });
});

describe('in a workspace', async () => {
  const folder = temporaryFolder();
  const schemas = join(folder, 'schemas');
  mkdirSync(schemas);
  writeFileSync(join(schemas, 'closed.imsc.yml'), typo);
  const client = await startClient(program, { folders: [folder] });
  const closed = { uri: pathToFileURL(join(schemas, 'closed.imsc.yml')).href };

  it('tells the problems of closed schemas, and takes them back when the file goes', async () => {
    expect(codes(await client.diagnostics(closed))).toContain('unknown-variable');
    const file = join(schemas, 'gone.imsc.yml');
    writeFileSync(file, typo.replace('0ab5cd4e', '1ab5cd4e'));
    await client.fileChanged(file, 1);
    const gone = { uri: pathToFileURL(file).href };
    expect(codes(await client.diagnostics(gone))).toContain('unknown-variable');
    rmSync(file);
    await client.fileChanged(file, 3);
    expect(await client.diagnostics(gone, ({ diagnostics }) => diagnostics.length === 0)).toEqual([]);
  });

  it('compares a schema with the others of its folder and names the place there', async () => {
    const document = await client.open(join(schemas, 'second.imsc.yml'), typo);
    writeFileSync(join(schemas, 'second.imsc.yml'), typo);
    await client.fileChanged(join(schemas, 'second.imsc.yml'), 1);
    const found = await client.diagnostics(document, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'schema-duplicate-id'),
    );
    const related = withCode(found, 'schema-duplicate-id').relatedInformation?.[0];
    expect(related?.location.uri).toBe(closed.uri);
    expect(related?.location.range.start.line).toBe(1);
  });
});

describe('for a client that asks', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'closed.imsc.json'), inNotation(typo, 'json'));
  writeFileSync(join(folder, 'good.imsc.yml'), schemaText().replace('0ab5cd4e', '2ab5cd4e'));
  const client = await startClient(program, { folders: [folder], capabilities: pullCapabilities });

  const ask = (uri: string, previousResultId?: string) =>
    client.request(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      ...(previousResultId !== undefined && { previousResultId }),
    });

  it('answers for an open document, and that nothing has changed', async () => {
    const { uri } = await client.open('untitled:asked.imsc.yml', typo);
    const first = await ask(uri);
    if (first.kind !== 'full') throw new Error('the first report must be a full one');
    expect(codes(first.items)).toContain('unknown-variable');
    expect(await ask(uri, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    expect(client.published).toEqual([]);
  });

  it('lets a client that took its question back ask again', async () => {
    const { uri } = await client.open('untitled:again.imsc.yml', typo);
    const cancellation = new CancellationTokenSource();
    const answer = client.request(DocumentDiagnosticRequest.type, { textDocument: { uri } }, cancellation.token);
    cancellation.cancel();
    // With the code for "cancelled by the server", editors show nothing until the document is edited.
    await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    expect(await ask(uri)).toMatchObject({ kind: 'full' });
  });

  it('answers for all schemas of the workspace, closed ones too', async () => {
    const report = await client.request(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
    const items = report.items as WorkspaceFullDocumentDiagnosticReport[];
    const found = new Map(items.map((item) => [item.uri.replace(/.*\//, ''), codes(item.items)]));
    expect(found.get('closed.imsc.json')).toContain('unknown-variable');
    expect([...found.keys()].sort()).toEqual(['closed.imsc.json', 'good.imsc.yml']);
    const previousResultIds = items.map(({ uri, resultId }) => ({ uri, value: resultId ?? '' }));
    const again = await client.request(WorkspaceDiagnosticRequest.type, { previousResultIds });
    expect(again.items.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged']);
  });

  it('asks to be asked again when settings change', async () => {
    const before = client.refreshes;
    await client.changeSettings({ problems: { 'unknown-variable': 'off' } });
    await client.until(() => (client.refreshes > before ? true : undefined));
    const { uri } = await client.open('untitled:later.imsc.yml', typo);
    const report = await ask(uri);
    expect(report.kind === 'full' && codes(report.items)).not.toContain('unknown-variable');
  });
});

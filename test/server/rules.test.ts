import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { CodeActionRequest, DocumentDiagnosticRequest } from 'vscode-languageserver-protocol/node';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { pullCapabilities, startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { schemaText } from '../support/schemaTexts.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-rules-')));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const client = await startClient(inject('serverProgram'), { folders: [root], capabilities: pullCapabilities });

const rules = `rules:
  - {rule: required, fields: [description]}
  - rule: allowed
    metadata: [mode]
    values: [pulsed, white]
  - {rule: alike, metadata: ["*"]}
`;
const mode = 'mode: {field_type: scientific_metadata, machine_name: mode, value: pulsd, type: string}';
const time = (name: string): string =>
  `${name}: {field_type: scientific_metadata, machine_name: ${name}, value: 3, type: integer, unit: s}`;

async function told(uri: string): Promise<Diagnostic[]> {
  const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
  const items = report.kind === 'full' ? report.items : [];
  return items.filter(({ code }) => String(code).startsWith('rule-'));
}
const codes = (items: readonly Diagnostic[]): unknown[] => items.map(({ code }) => code);

describe.each(notations)('schemas in %s are held to the rules of the facility', (notation) => {
  const folder = path.join(root, notation);
  mkdirSync(path.join(folder, 'schemas'), { recursive: true });
  const rulesFile = path.join(folder, notation === 'json' ? 'imsc-rules.json' : 'imsc-rules.yml');
  writeFileSync(rulesFile, inNotation(rules, notation));
  const file = path.join(folder, 'schemas', fileName('a', notation));
  const other = path.join(folder, 'schemas', fileName('b', notation));
  const text = inNotation(schemaText({ fields: `${mode}\n${time('countingTime')}` }), notation);
  writeFileSync(file, text);
  writeFileSync(other, inNotation(schemaText({ fields: time('counting_time') }), notation));
  const uri = pathToFileURL(file).href;

  it('with the places of the rules, the neighbours included', async () => {
    await client.open(uri, text);
    const [missing, value] = await told(uri);
    expect([missing?.code, value?.code]).toEqual(['rule-required', 'rule-value']);
    expect(value?.relatedInformation?.at(-1)?.location.uri).toBe(pathToFileURL(rulesFile).href);
    const place = value?.relatedInformation?.at(-1)?.location.range.start.line ?? 0;
    expect(inNotation(rules, notation).split('\n')[place]).toMatch(/rule"?: "?allowed/);
    const otherUri = pathToFileURL(other).href;
    await client.open(otherUri, inNotation(schemaText({ fields: time('counting_time') }), notation));
    expect(codes(await told(otherUri))).toEqual(['rule-required', 'rule-alike']);
  });

  it('and mended', async () => {
    const [missing, value] = await told(uri);
    const document = TextDocument.create(uri, 'x', 1, text);
    const mended = async (diagnostic: Diagnostic | undefined, title: string): Promise<string> => {
      const actions = (await client.connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: diagnostic?.range ?? { start: document.positionAt(0), end: document.positionAt(0) },
        context: { diagnostics: diagnostic ? [diagnostic] : [] },
      })) as CodeAction[];
      const action = actions.find((each) => each.title === title);
      const [change] = action?.edit?.documentChanges ?? [];
      const edits = action?.edit?.changes?.[uri] ?? (change && 'edits' in change ? change.edits : []);
      return TextDocument.applyEdits(
        document,
        edits.filter((edit) => 'newText' in edit),
      );
    };
    expect(await mended(missing, 'Add “description”')).toMatch(/machine_name"?: "?description/);
    expect(await mended(value, 'Change to “pulsed”')).toMatch(/value"?: "?pulsed/);
  });

  it('as they are in the editor', async () => {
    let document = await client.open(pathToFileURL(rulesFile).href, inNotation(rules, notation));
    const write = async (written: string): Promise<void> => {
      document = await client.edit(document, 0, document.getText().length, inNotation(written, notation));
    };
    expect(codes(await told(uri))).toEqual(['rule-required', 'rule-value']);
    await write('rules:\n  - {rule: required, metadata: [nothing]}\n');
    expect((await told(uri)).map(({ message }) => message)).toEqual([
      'The rules ask for scientific metadata “nothing”, which this schema does not give.',
    ]);
    await write('rules: []\n');
    expect(await told(uri)).toEqual([]);
  });
});

it('rules are those that the configuration names', async () => {
  const folder = path.join(root, 'named');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'imsc-rules.yml'), 'rules: []\n');
  writeFileSync(path.join(folder, 'other.yml'), rules);
  writeFileSync(path.join(folder, 'ingestor-config.yml'), 'ingestion:\n  schemas_rules: other.yml\n');
  const named = await startClient(inject('serverProgram'), {
    folders: [folder],
    capabilities: pullCapabilities,
    settings: { configFile: 'ingestor-config.yml' },
  });
  const uri = pathToFileURL(path.join(folder, 'a.imsc.yml')).href;
  writeFileSync(path.join(folder, 'a.imsc.yml'), schemaText());
  await named.open(uri, schemaText());
  const report = await named.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
  expect(report.kind === 'full' && codes(report.items)).toContain('rule-required');
});

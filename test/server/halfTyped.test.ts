import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  LinkedEditingRangeRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver-protocol/node';
import type { Range } from 'vscode-languageserver-protocol/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, inject, it } from 'vitest';
import { pullCapabilities, startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { schemaText } from '../support/schemaTexts.ts';

const client = await startClient(inject('serverProgram'), { capabilities: pullCapabilities });

const whole = schemaText({
  head: '# imsc-sample: none.nxs\n',
  variables: `
title:
  source: NXS
  path: /entry/title
  value_type: string
both:
  source: VALUE
  operator: join_with_space
  value: ["<title>", 'by <job_id>']
  value_type: string`,
  fields: `
name:
  field_type: high_level
  machine_name: datasetName
  value: <both>
  type: string`,
});

/** Longest that any answer may take while the machine is busy with other things, in milliseconds. */
const patience = 2000;

/** Every range in an answer, wherever it stands. */
function rangesIn(answer: unknown): Range[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const own = 'start' in answer && 'end' in answer ? [answer as Range] : [];
  return [...own, ...Object.values(answer).flatMap(rangesIn)];
}

function isInside(document: TextDocument, { start, end }: Range): boolean {
  const last = document.positionAt(document.getText().length);
  const before = (a: Range['start'], b: Range['start']) =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  const lineLength = (line: number) =>
    document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }).length;
  return (
    before(start, end) &&
    before(end, last) &&
    start.character <= lineLength(start.line) &&
    end.character <= lineLength(end.line)
  );
}

async function askEverything(document: TextDocument): Promise<unknown[]> {
  const textDocument = { uri: document.uri };
  const position = document.positionAt(document.getText().length);
  const here = { textDocument, position };
  return Promise.all([
    client.request(DocumentDiagnosticRequest.type, { textDocument }),
    client.request(CompletionRequest.type, here),
    client.request(HoverRequest.type, here),
    client.request(SignatureHelpRequest.type, here),
    client.request(InlayHintRequest.type, { textDocument, range: { start: position, end: position } }),
    client.request(CodeLensRequest.type, { textDocument }),
    client.request(CodeActionRequest.type, {
      textDocument,
      range: { start: position, end: position },
      context: { diagnostics: [] },
    }),
    client.request(DefinitionRequest.type, here),
    client.request(ReferencesRequest.type, { ...here, context: { includeDeclaration: true } }),
    client.request(DocumentHighlightRequest.type, here),
    client.request(PrepareRenameRequest.type, here).catch((error: unknown) => {
      // Half a name is not a variable; the server says so.
      expect(String(error)).toMatch(/no variable|ingestor itself/);
    }),
    client.request(LinkedEditingRangeRequest.type, here),
    client.request(DocumentSymbolRequest.type, { textDocument }),
    client.request(SelectionRangeRequest.type, { textDocument, positions: [position] }),
    client.request(SemanticTokensRequest.type, { textDocument }),
    client.request(FoldingRangeRequest.type, { textDocument }),
    client.request(DocumentFormattingRequest.type, { textDocument, options: { tabSize: 2, insertSpaces: true } }),
  ]);
}

describe.each(notations)('in %s', (notation) => {
  it('answers in time and within the text at every position of a schema that is being typed', async () => {
    const text = inNotation(whole, notation);
    let document = await client.open(`untitled:${fileName('typed', notation)}`, '');
    let slowest = 0;
    for (const [index, letter] of Array.from(text).entries()) {
      const end = document.getText().length;
      document = await client.edit(document, end, end, letter);
      const begun = performance.now();
      const answers = await askEverything(document);
      slowest = Math.max(slowest, performance.now() - begun);
      const outside = rangesIn(answers).filter((range) => !isInside(document, range));
      expect(outside, `after ${JSON.stringify(text.slice(0, index + 1).slice(-40))}`).toEqual([]);
    }
    expect(document.getText()).toBe(text);
    expect(slowest).toBeLessThan(patience);
    expect(client.stderr).toBe('');
  });

  it('survives deletions anywhere', async () => {
    const text = inNotation(whole, notation);
    for (let start = 0; start < text.length; start += 7) {
      const document = await client.open(`untitled:${fileName('cut', notation)}`, text);
      const cut = await client.edit(document, start, Math.min(start + 11, text.length), '');
      const outside = rangesIn(await askEverything(cut)).filter((range) => !isInside(cut, range));
      expect(outside, `without ${JSON.stringify(text.slice(start, start + 11))}`).toEqual([]);
      await client.close(cut);
    }
    expect(client.stderr).toBe('');
  });
});

it('answers a request that was overtaken by an edit with “content modified”, or for the newer text', async () => {
  const document = await client.open('untitled:overtaken.imsc.yml', whole);
  const asked = client.request(DocumentSymbolRequest.type, { textDocument: { uri: document.uri } });
  const edited = await client.edit(document, 0, document.getText().length, 'id: 1\n');
  const again = await client.request(DocumentSymbolRequest.type, { textDocument: { uri: edited.uri } });
  expect(JSON.stringify(again)).not.toContain('title');
  await asked.catch((error: unknown) => {
    expect(String(error)).toContain('edited');
  });
});

import { CodeActionRequest } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, inject, it } from 'vitest';
import { startClient } from '../support/languageClient.ts';
import { inNotation, notations } from '../support/markers.ts';

const client = await startClient(inject('serverProgram'));

/** Language, what is misspelt in which text, and what takes its place; undefined: nothing is near, or nothing wrong. */
const cases: readonly (readonly [string, string, string | undefined])[] = [
  ['imsc-config', 'scicat:\n  ⟦hots⟧: https://a.example', 'host'],
  ['imsc-config', '⟦scicta⟧:\n  host: https://a.example', 'scicat'],
  ['imsc-config', 'scicat:\n  ⟦zzzz⟧: 1', undefined],
  ['imsc-config', 'scicat:\n  api_version: ⟦autto⟧', 'auto'],
  ['imsc-config', 'scicat:\n  api_version: ⟦auto⟧', undefined],
  ['imsc-config', 'dataset:\n  dialect: ⟦nxt⟧', undefined],
  ['imsc-config', 'ingestion:\n  file_handling:\n    file_hash_algorithm: ⟦sha265⟧', 'sha256'],
  ['imsc-config', 'ingestion:\n  file_handling:\n    file_hash_algorithm: ⟦crc⟧', undefined],
  ['imsc-serve', '⟦locatons⟧: []', 'locations'],
  ['imsc-serve', 'auth: ⟦acounts⟧', 'accounts'],
  ['imsc-test', 'sample: a.nxs\n⟦schem⟧: b.imsc.yml', 'schema'],
  ['imsc-test', 'sample: a.nxs\nbuilt_in:\n  ⟦nwo⟧: x', 'now'],
  ['imsc-test', 'sample: a.nxs\nproblems:\n  - ⟦unused-varable⟧', 'unused-variable'],
  ['imsc-test', 'sample: a.nxs\nproblems:\n  - ⟦no-such-thing-at-all⟧', undefined],
];

let count = 0;

describe.each(notations)('a misspelt word in %s', (notation) => {
  it.each(cases)('of %s: %j is %s', async (language, marked, meant) => {
    const [, word = ''] = /⟦(.*)⟧/.exec(marked) ?? [];
    const text = inNotation(marked.replace(/[⟦⟧]/g, ''), notation);
    const document = await client.open(`untitled:${(count += 1)}.${notation}`, text, language);
    const start = text.lastIndexOf(word);
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range: { start: document.positionAt(start), end: document.positionAt(start) },
      context: { diagnostics: [...(await client.currentDiagnostics(document))] },
    });
    const mended = (actions ?? []).map((action) => {
      const edits = 'edit' in action ? (action.edit.changes?.[document.uri] ?? []) : [];
      const isWhole = 'isPreferred' in action && action.isPreferred && action.diagnostics?.length === 1;
      return [action.title, TextDocument.applyEdits(document, edits), isWhole];
    });
    const wanted = inNotation(marked.replace(/⟦.*⟧/, meant ?? word), notation);
    expect(mended).toEqual(meant === undefined ? [] : [[`Change to “${meant}”`, wanted, true]]);
    await client.close(document);
  });
});

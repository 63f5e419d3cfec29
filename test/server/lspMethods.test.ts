import { ErrorCodes, ResponseError } from 'vscode-languageserver-protocol/node';
import { expect, inject, it } from 'vitest';
import { lspMethods } from '../../scripts/generate/lspMethodsPage.ts';
import { schemaText } from '../support/schemaTexts.ts';
import { startClient } from '../support/languageClient.ts';

/**
 * Those without an answer, those that would end the conversation, and one that the library of the protocol always
 * answers with nothing.
 */
const notAsked =
  /^(?:initialized?|shutdown|exit|notebookDocument\/.*|textDocument\/(?:did\w+|willSave\w*)|workspace\/did\w+|window\/.*)$/;

it('the table of methods is what the server does', async () => {
  const client = await startClient(inject('serverProgram'));
  const { uri } = await client.open('untitled:methods.imsc.yml', schemaText());
  const position = { line: 0, character: 0 };
  const range = { start: position, end: position };
  const params = {
    textDocument: { uri },
    position,
    positions: [position],
    range,
    context: { diagnostics: [], includeDeclaration: true },
    query: '',
    newName: 'x',
    previousResultIds: [],
    options: { tabSize: 2, insertSpaces: true },
    // Of what is resolved.
    label: 'x',
    title: 'x',
  };
  const asked = lspMethods().filter(({ method, direction }) => direction === 'to the server' && !notAsked.test(method));
  const wrong: string[] = [];
  for (const { method, answered } of asked) {
    const isKnown = await client.connection.sendRequest(method, params).then(
      () => true,
      (error: unknown) => !(error instanceof ResponseError && error.code === ErrorCodes.MethodNotFound),
    );
    if (isKnown !== answered) wrong.push(`${method}: the table says ${answered ? 'yes' : 'no'}`);
  }
  expect(asked.length).toBeGreaterThan(45);
  expect(wrong).toEqual([]);
});

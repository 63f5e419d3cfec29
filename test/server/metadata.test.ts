import { CodeLensRequest, CompletionRequest, HoverRequest } from 'vscode-languageserver-protocol';
import type { CompletionItem, CompletionList } from 'vscode-languageserver-protocol';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import * as protocol from '../../server/protocol.ts';
import { startClient } from '../support/languageClient.ts';

const client = await startClient(inject('serverProgram'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
});
afterAll(() => sandbox.close());

let count = 0;
/** Opens a text; `|` is the cursor. */
async function opened(text: string) {
  const at = text.indexOf('|');
  const document = await client.open(
    `untitled:${(count += 1)}.imsc.metadata.yml`,
    text.replace('|', ''),
    'imsc-metadata',
  );
  return { document, position: document.positionAt(Math.max(at, 0)) };
}

async function offered(text: string): Promise<readonly CompletionItem[]> {
  const { document, position } = await opened(text);
  const list = (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: document.uri },
    position,
  })) as CompletionList;
  return list.items;
}
const labels = async (text: string): Promise<readonly string[]> => (await offered(text)).map(({ label }) => label);

describe('a document with a person’s metadata', () => {
  it('is told what is wrong with it at once, in its place', async () => {
    const { document } = await opened(
      'owner: Ada\nownerEmail: nobody\ndatasetNmae: x\nscientificMetadata: { a.b: 1 }\n',
    );
    const found = await client.currentDiagnostics(document);
    expect(found.map(({ code, range }) => [code, range.start.line]).sort()).toEqual([
      ['given-field', 2],
      ['given-key', 3],
      ['scicat-refuses', 1],
    ]);
  });

  it('is offered the fields that it does not have yet', async () => {
    const fields = await labels('owner: Ada\n|');
    expect(fields).toEqual(expect.arrayContaining(['datasetName', 'keywords', 'license', 'scientificMetadata']));
    expect(fields).not.toEqual(expect.arrayContaining(['owner']));
    for (const not of ['size', 'isPublished', 'proposalIds', 'version']) expect(fields).not.toContain(not);
    const [first] = (await offered('dataset|')).filter(({ label }) => label === 'datasetName');
    expect(first).toMatchObject({ detail: 'Short title for people.', textEdit: { newText: 'datasetName: ' } });
  });

  it('is offered units, and a value with its unit', async () => {
    expect(await labels('scientificMetadata:\n  t: { value: 5, unit: |')).toContain('K');
    expect(await labels('scientificMetadata:\n  t: |')).toEqual(['{ value: , unit: }']);
  });

  it('is offered what SciCat knows, once it was asked', async () => {
    expect(await labels('ownerGroup: |')).toEqual([]);
    expect(await labels('type: |')).toEqual(['raw', 'derived']);
    const answer = await client.ask(protocol.askChoices, { address: sandbox.baseUrl, token: sandbox.token });
    expect(answer['ownerGroup']).toBeGreaterThan(0);
    expect(answer['proposalId']).toBeGreaterThan(0);
    const groups = await offered('ownerGroup: |');
    expect(groups[0]?.detail).toBe('a group of yours');
    expect(await labels('accessGroups:\n  - |')).toEqual(groups.map(({ label }) => label));
    expect((await labels('proposalId: |')).length).toBe(answer['proposalId']);
  });

  it('explains its fields, and leads to ingesting it', async () => {
    const { document, position } = await opened('data|setName: x\n');
    const hover = (await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: document.uri },
      position,
    }))!;
    expect(JSON.stringify(hover.contents)).toContain('Short title for people.');
    expect(JSON.stringify(hover.contents)).not.toContain('schema');
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: document.uri } });
    expect(lenses?.map(({ command }) => [command?.command, command?.arguments])).toEqual([
      ['imsc.ingestWithMetadata', [document.uri]],
      ['imsc.previewMetadata', [document.uri]],
    ]);
  });
});

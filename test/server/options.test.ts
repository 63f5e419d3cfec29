import {
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentLinkRequest,
  HoverRequest,
} from 'vscode-languageserver-protocol';
import type { CompletionList, MarkupContent, TextEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, inject, it } from 'vitest';
import { startClient } from '../support/languageClient.ts';

const client = await startClient(inject('serverProgram'));

let count = 0;
/** Opens a text; `|` is the cursor. */
async function opened(text: string, language: string) {
  const at = text.indexOf('|');
  const document = await client.open(`untitled:${(count += 1)}.yml`, text.replace('|', ''), language);
  return { document, position: document.positionAt(Math.max(at, 0)) };
}

async function offered(text: string, language: string) {
  const { document, position } = await opened(text, language);
  const list = (await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: document.uri },
    position,
  })) as CompletionList;
  return list.items;
}

describe('files of options', () => {
  it.each<[string, string, string, readonly string[], readonly string[]]>([
    ['the sections of a configuration', 'imsc-config', '|', ['scicat', 'ingestion', 'dataset'], ['token', 'host']],
    ['what is in a section', 'imsc-config', 'scicat:\n  ho|', ['host', 'timeout'], ['scicat', 'ingestion']],
    ['what is in a section of a section', 'imsc-config', 'ingestion:\n  file_handling:\n    |', ['compute_file_hash'], ['schemas_directory']], // prettier-ignore
    ['nothing twice', 'imsc-config', 'scicat:\n  host: http://x\n  |\n  timeout: 3', ['verify'], ['host', 'timeout']],
    ['the values of a switch', 'imsc-config', 'scicat:\n  verify: |', ['true', 'false'], ['host']],
    ['the options of a service', 'imsc-serve', '|', ['locations', 'storage', 'auth'], ['name']],
    ['who is let in', 'imsc-serve', 'auth: |', ['none', 'accounts'], []],
    ['what is in an item of a list', 'imsc-serve', 'locations:\n  - name: a\n    |', ['path', 'data_file'], ['name', 'storage']], // prettier-ignore
    ['what begins an item', 'imsc-serve', 'locations:\n  - |', ['name', 'path'], ['storage']],
    [
      'what is behind a list',
      'imsc-serve',
      'locations:\n  - name: a\n    path: /b\n|',
      ['storage'],
      ['locations', 'path'],
    ],
    ['the rules of a facility', 'imsc-rules', '|', ['rules'], ['rule']],
    ['what is in a rule', 'imsc-rules', 'rules:\n  - rule: required\n    |', ['fields', 'metadata'], ['rule', 'rules']],
    ['the kinds of rules', 'imsc-rules', 'rules:\n  - rule: |', ['required', 'alike'], ['fields']],
    ['the fields of the dataset', 'imsc-rules', 'rules:\n  - fields: [desc|]', ['description'], ['rule']],
    ['the fields of the dataset in JSON', 'imsc-rules', '{"rules": [{"fields": ["|"]}]}', ['owner'], ['rule']],
    ['the severities in JSON', 'imsc-rules', '{"rules": [{"severity": "|"}]}', ['hint', 'error'], ['rule']],
    ['what is in braces', 'imsc-config', 'scicat: { ho| }', ['host', 'timeout'], ['scicat', 'ingestion']],
    ['what is behind a comma in braces', 'imsc-config', 'scicat: { host: x, | }', ['timeout'], ['host', 'ingestion']],
    ['the values of a switch in braces', 'imsc-config', 'scicat: { verify: | }', ['true', 'false'], ['host']],
    ['what is in an item in braces', 'imsc-serve', 'locations: [{ name: a, | }]', ['path'], ['name', 'storage']],
    ['the sections in JSON', 'imsc-config', '{ "scicat": {}, | }', ['ingestion'], ['scicat', 'host']],
    ['what is in a section in JSON', 'imsc-config', '{"scicat": {"|"}}', ['host', 'timeout'], ['ingestion']],
    ['a key that is half typed in JSON', 'imsc-config', '{"scicat": {"host": "x", ti|}}', ['timeout'], ['host']],
    ['the values of a switch in JSON', 'imsc-config', '{"scicat": {"verify": |}}', ['true', 'false'], ['host']],
    ['who is let in, in JSON', 'imsc-serve', '{"auth": "|"}', ['none', 'accounts'], []],
    ['what is in an item of a list in JSON', 'imsc-serve', '{"locations": [{"name": "a", "|"}]}', ['path'], ['name', 'storage']], // prettier-ignore
  ])('offer %s', async (_, language, text, there, notThere) => {
    const labels = (await offered(text, language)).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining([...there]));
    expect(labels.filter((label) => notThere.includes(label))).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ['imsc-config', 'sc|', 'scicat', 'scicat:\n  '],
    ['imsc-config', 'scicat:\n  ver|', 'verify', 'scicat:\n  verify: '],
    ['imsc-serve', 'loc|', 'locations', 'locations:\n  - '],
    ['imsc-serve', 'locations:\n  - na|', 'name', 'locations:\n  - name: '],
    ['imsc-config', 'scicat: { ho| }', 'host', 'scicat: { host:  }'],
    ['imsc-config', 'scicat: { host: x | }', 'timeout', 'scicat: { host: x, timeout:  }'],
    ['imsc-config', '{"scicat": {"ho|"}}', 'host', '{"scicat": {"host": ""}}'],
    ['imsc-config', '{"scicat": {"verify": |}}', 'true', '{"scicat": {"verify": true}}'],
    ['imsc-serve', '{"auth": "a|"}', 'accounts', '{"auth": "accounts"}'],
    ['imsc-serve', 'auth: n|', 'none', 'auth: none'],
  ])('write in %s %j what fits there', async (language, text, label, expected) => {
    const found = (await offered(text, language)).find((each) => each.label === label);
    const plain = text.replace('|', '');
    const edits = [found?.textEdit as TextEdit, ...(found?.additionalTextEdits ?? [])];
    const document = TextDocument.create('untitled:x', language, 1, plain);
    expect(TextDocument.applyEdits(document, edits).replaceAll(/\$\d/g, '')).toBe(expected);
  });

  it.each<[string, string, RegExp]>([
    ['imsc-config', 'scicat:\n  tim|eout: 3', /Takes .*number/s],
    ['imsc-config', '{"scicat": {"tim|eout": 3}}', /Takes .*number/s],
    ['imsc-serve', 'locations:\n  - pat|h: /a', /relative to the folder of this file/],
    ['imsc-serve', 'protocols:\n  sword:\n    collections:\n      - appr|oval: true', /must approve a deposit/],
    ['imsc-rules', 'rules:\n  - rul|e: alike', /one spelling and one unit/],
    ['imsc-rules', '{"rules": [{"pat|tern": "a"}]}', /regular expression/],
    ['imsc-serve', 'limi|ts: {}', /may ask for/],
  ])('explain %s %j', async (language, text, expected) => {
    const { document, position } = await opened(text, language);
    const found = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: document.uri },
      position,
    });
    expect((found?.contents as MarkupContent).value).toMatch(expected);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'imsc-serve',
      'port: x\nauth: nobody\nstorag: /a\nlocations: [{path: /none}]',
      ['config-value', 'config-unknown-key'],
    ],
    ['imsc-config', 'scicat:\n  token: secret\n  timeout: x', ['config-insecure', 'config-value']],
    ['imsc-config', '{"scicat": {"token": "secret"}}', ['config-insecure']],
    ['imsc-rules', 'rules:\n  - {rule: x}\n  - {rule: alike, metdata: [a]}', ['config-value', 'config-unknown-key']],
    ['imsc-rules', '{"rules": [{"rule": "pattern", "fields": ["type"], "pattern": "("}]}', ['config-value']],
  ])('tell all that is wrong in %s %j at once', async (language, text, codes) => {
    const { document } = await opened(text, language);
    const found = await client.currentDiagnostics(document);
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining([...codes]));
    expect(JSON.stringify(found)).not.toContain('secret"');
  });

  it('are silent where nothing is wrong', async () => {
    const { document } = await opened("scicat:\n  token: ''\n  token_file: secret.txt", 'imsc-config');
    expect((await client.currentDiagnostics(document)).map(({ code }) => code)).not.toContain('config-insecure');
  });
});

it.each(['imsc-config', 'imsc-serve'])('%s has nothing to follow, and says so', async (language) => {
  const { document, position } = await opened('scicat:\n  ho|st: http://x\n', language);
  const textDocument = { uri: document.uri };
  const { connection } = client;
  expect((await connection.sendRequest(DocumentLinkRequest.type, { textDocument })) ?? []).toEqual([]);
  expect((await connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? []).toEqual([]);
  expect((await connection.sendRequest(DefinitionRequest.type, { textDocument, position })) ?? []).toEqual([]);
});

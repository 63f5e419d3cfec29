import {
  DocumentFormattingRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations, readMarkers } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const folder = temporaryFolder();
const client = await startClient(inject('serverProgram'), { folders: [folder] });
let count = 0;

async function open(text: string, notation: Notation): Promise<TextDocument> {
  count += 1;
  return client.open(`untitled:${fileName(`structure-${count}`, notation)}`, text);
}

const rich = schemaText({
  variables: `
title:
  source: NXS
  path: /entry/title
  value_type: string
pi:
  source: SC
  url: proposals/<job_id>
  field: pi_lastname
  value_type: string`,
  fields: `
name:
  field_type: high_level
  machine_name: datasetName
  value: <title>
  type: string
temperature:
  field_type: scientific_metadata
  machine_name: temperature
  value: <title> by <pi> at <nowhere> with <now>
  type: string`,
});

describe.each(notations)('in %s', (notation) => {
  it('outlines general keys, variables by source and fields by kind', async () => {
    const document = await open(inNotation(rich, notation), notation);
    const symbols = (await client.request(DocumentSymbolRequest.type, {
      textDocument: { uri: document.uri },
    })) as DocumentSymbol[];
    const outline = symbols.map(({ name, children }) => [name, (children ?? []).map((child) => child.name)]);
    expect(outline).toEqual([
      ['general', ['order', 'id', 'name', 'instrument', 'selector']],
      ['variables from NXS', ['title']],
      ['variables from SC', ['pi']],
      ['variables from VALUE', ['job_id']],
      ['dataset fields', ['pid', 'datasetName']],
      ['scientific metadata', ['temperature']],
    ]);
    const contains = (symbol: DocumentSymbol): boolean => {
      const { range, selectionRange, children } = symbol;
      const start = document.offsetAt(range.start);
      const end = document.offsetAt(range.end);
      const inside = document.offsetAt(selectionRange.start) >= start && document.offsetAt(selectionRange.end) <= end;
      return inside && (children ?? []).every(contains);
    };
    expect(symbols.every(contains)).toBe(true);
  });

  it('colours variables inside of texts, and only those that exist', async () => {
    const document = await open(inNotation(rich, notation), notation);
    const { data } = (await client.request(SemanticTokensRequest.type, { textDocument: { uri: document.uri } }))!;
    const { legend } = client.initialized.capabilities.semanticTokensProvider!;
    const words: string[] = [];
    let line = 0;
    let character = 0;
    for (let i = 0; i + 4 < data.length; i += 5) {
      character = data[i] === 0 ? character + data[i + 1]! : data[i + 1]!;
      line += data[i]!;
      const start = document.offsetAt({ line, character });
      words.push(`${legend.tokenTypes[data[i + 3]!]!} ${document.getText().slice(start, start + data[i + 2]!)}`);
    }
    expect(words.filter((word) => word.startsWith('variable '))).toEqual(
      ['job_id', 'ingestor_run_id', 'title', 'pi', 'job_id', 'job_id', 'title', 'title', 'pi', 'now'].map(
        (name) => `variable ${name}`,
      ),
    );
    expect(words).toContain('enumMember NXS');
    expect(words).toContain('type string');
    expect(words).toContain('function contains');
    expect(words).toContain('property value_type');
  });

  it('folds what goes over several lines', async () => {
    const document = await open(inNotation(rich, notation), notation);
    const ranges = (await client.request(FoldingRangeRequest.type, { textDocument: { uri: document.uri } })) ?? [];
    const lines = document.getText().split('\n');
    const folded = ranges.map(({ startLine }) => lines[startLine]?.replace(/[":{\s]/g, ''));
    for (const name of ['variables', 'title', 'pi', 'schema', 'temperature']) expect(folded).toContain(name);
    const variables = ranges[folded.indexOf('variables')]!;
    expect(lines[variables.endLine + (notation === 'json' ? 2 : 1)]).toMatch(/^\s*"?schema/);
  });

  it('selects step by step from a name to the file', async () => {
    const marked = readMarkers(inNotation(rich.replace('<title> by', '<ti¦tle> by'), notation));
    const document = await open(marked.text, notation);
    const [selection] = (await client.request(SelectionRangeRequest.type, {
      textDocument: { uri: document.uri },
      positions: [document.positionAt(marked.cursors[0]!)],
    }))!;
    const texts: string[] = [];
    for (let each: SelectionRange | undefined = selection; each; each = each.parent)
      texts.push(document.getText(each.range));
    expect(texts.slice(0, 3)).toEqual(['title', '<title>', '<title> by <pi> at <nowhere> with <now>']);
    expect(texts.at(-1)).toBe(marked.text);
    expect(texts.every((text, index) => index === 0 || text.includes(texts[index - 1]!))).toBe(true);
  });

  it('formats to what is formatted already', async () => {
    const text = inNotation(rich, notation);
    const untidy = text.replace(/^( +)/gm, '$1$1').replace(/\n$/, '   \n');
    const document = await open(untidy, notation);
    const options = { tabSize: 2, insertSpaces: true };
    const format = async (each: TextDocument) =>
      TextDocument.applyEdits(
        each,
        (await client.request(DocumentFormattingRequest.type, { textDocument: { uri: each.uri }, options })) ?? [],
      );
    const formatted = await format(document);
    expect(formatted.replace(/[ \t]+/g, ' ')).toBe(text.replace(/[ \t]+/g, ' '));
    const again = await open(formatted, notation);
    expect(await format(again)).toBe(formatted);
  });
});

it('folds runs of comments', async () => {
  const document = await open(`# one\n# two\n# three\nid: 1 # four\n`, 'yaml');
  const ranges = await client.request(FoldingRangeRequest.type, { textDocument: { uri: document.uri } });
  expect(ranges).toEqual([{ startLine: 0, endLine: 2, kind: 'comment' }]);
});

it('links the sample file', async () => {
  const text = schemaText({ head: '# imsc-sample: data/run 1.nxs\n' });
  const document = await client.open(join(folder, 'links.imsc.yml'), text);
  const links = await client.request(DocumentLinkRequest.type, { textDocument: { uri: document.uri } });
  expect(links?.map(({ range, target }) => [document.getText(range), target])).toEqual([
    ['data/run 1.nxs', pathToFileURL(join(folder, 'data', 'run 1.nxs')).href],
  ]);
});

it('links the files of a configuration', async () => {
  const text = 'ingestion:\n  schemas_directory: "schemas"\n  fallback_schema_file_path: other/x.imsc.yml\n';
  const document = await client.open(join(folder, 'ingestor-config.yml'), text);
  const links = await client.request(DocumentLinkRequest.type, { textDocument: { uri: document.uri } });
  expect(links?.map(({ range, target }) => [document.getText(range), target])).toEqual([
    ['schemas', pathToFileURL(join(folder, 'schemas')).href],
    ['other/x.imsc.yml', pathToFileURL(join(folder, 'other', 'x.imsc.yml')).href],
  ]);
});

it('finds symbols in open and closed schemas of the workspace', async () => {
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  writeFileSync(join(folder, 'deep', 'er', 'closed.imsc.json'), inNotation(rich, 'json'));
  await client.fileChanged(join(folder, 'deep', 'er', 'closed.imsc.json'), 1);
  await client.open('untitled:own.imsc.yml', schemaText({ variables: 'temp_unsaved:\n  source: NXS\n  path: /a\n' }));
  const found = (await client.request(WorkspaceSymbolRequest.type, { query: 'temp' })) ?? [];
  const names = found.map(({ name, location }) => [name, location.uri.replace(/.*\//, '')]);
  expect(names).toContainEqual(['temperature', 'closed.imsc.json']);
  expect(names).toContainEqual(['temp_unsaved', 'untitled:own.imsc.yml']);
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, inject, it } from 'vitest';
import {
  CompletionRequest,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  HoverRequest,
  ReferencesRequest,
  RenameRequest,
} from 'vscode-languageserver-protocol/node';
import type { CompletionList, Location, MarkupContent, TextDocumentEdit } from 'vscode-languageserver-protocol/node';
import * as protocol from '../../server/protocol.ts';
import { pullCapabilities, startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations, readMarkers } from '../support/markers.ts';
import { schemaText } from '../support/schemaTexts.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-imports-')));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const client = await startClient(inject('serverProgram'), { folders: [root], capabilities: pullCapabilities });

const module = `id: facility
name: Facility
variables:
  place: {source: VALUE, value: Lund, value_type: string}
  at: {source: VALUE, value: at <place>, value_type: string}
  lost: {source: VALUE, value: of <nobody>, value_type: string}
schema:
  where: {field_type: scientific_metadata, machine_name: where, value: <at>, type: string}
  lost: {field_type: scientific_metadata, machine_name: lost, value: <lost>, type: string}
`;
const importer = `id: a
name: A
order: 1
selector: "*"
import: [facil¦ity]
variables:
  more: {source: VALUE, value: <pla¦ce>!, value_type: string}
schema:
  more: {field_type: scientific_metadata, machine_name: more, value: <more>, type: string}
`;

describe.each(notations)('imports in %s', (notation) => {
  const folder = path.join(root, notation);
  const file = (name: string): string => path.join(folder, fileName(name, notation));
  const uriOf = (name: string): string => pathToFileURL(file(name)).href;
  mkdirSync(path.join(folder, 'modules'), { recursive: true });
  const { text, cursors } = readMarkers(inNotation(importer, notation));
  const facility = inNotation(module, notation);
  writeFileSync(file('modules/facility'), facility);
  writeFileSync(file('asked'), text);
  const opened = client.open(uriOf('asked'), text);
  const at = async (cursor: number) => {
    const document = await opened;
    return { textDocument: { uri: document.uri }, position: document.positionAt(cursors[cursor] ?? 0) };
  };

  it('go to the file, and from a variable to where it is defined there', async () => {
    const [target] = (await client.request(DefinitionRequest.type, await at(0))) as Location[];
    expect(target?.uri).toBe(uriOf('modules/facility'));
    const [place] = (await client.request(DefinitionRequest.type, await at(1))) as Location[];
    expect(place?.uri).toBe(uriOf('modules/facility'));
    const line = facility.split('\n')[place?.range.start.line ?? 0] ?? '';
    expect(line.slice(place?.range.start.character, place?.range.end.character).replaceAll('"', '')).toBe('place');
  });

  it('are explained', async () => {
    const markdown = async (cursor: number) =>
      ((await client.request(HoverRequest.type, await at(cursor)))?.contents as MarkupContent).value;
    expect(await markdown(0)).toMatch(/Facility[^]*`place`, `at`, `lost`/);
    expect(await markdown(1)).toMatch(/Lund[^]*facility\.imsc/);
  });

  it('are offered', async () => {
    const { items } = (await client.request(CompletionRequest.type, await at(0))) as CompletionList;
    expect(items.map(({ label }) => label)).toContain('facility');
    const names = (await client.request(CompletionRequest.type, await at(1))) as CompletionList;
    expect(names.items.map(({ label }) => label)).toContain('place');
  });

  it('are found from one file in the other, and renamed in both', async () => {
    const places = (await client.request(ReferencesRequest.type, {
      ...(await at(1)),
      context: { includeDeclaration: true },
    }))!;
    expect(places.map(({ uri }) => path.basename(uri))).toEqual([
      fileName('asked', notation),
      ...Array.from({ length: 2 }, () => fileName('facility', notation)),
    ]);
    const renamed = await client.request(RenameRequest.type, { ...(await at(1)), newName: 'town' });
    const changes = (renamed?.documentChanges ?? []) as TextDocumentEdit[];
    expect(changes.map(({ textDocument, edits }) => [textDocument.uri, edits.length])).toEqual([
      [uriOf('asked'), 1],
      [uriOf('modules/facility'), 2],
    ]);
  });

  it('tell a mistake of the module where it is imported, with its place, and nothing else', async () => {
    const { textDocument } = await at(0);
    const report = await client.request(DocumentDiagnosticRequest.type, { textDocument });
    const items = 'items' in report ? report.items.filter(({ severity }) => (severity ?? 0) < 3) : [];
    const ofImports = items.filter(({ code }) => code === 'unknown-variable');
    expect(ofImports.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^In facility\.imsc\.\w+: No variable is called “nobody”/),
    ]);
    const related = ofImports[0]?.relatedInformation?.[0]?.location;
    expect(related?.uri).toBe(uriOf('modules/facility'));
    const line = facility.split('\n')[related?.range.start.line ?? 0] ?? '';
    expect(line.slice(related?.range.start.character, related?.range.end.character)).toBe('<nobody>');
  });

  it('are shown as one schema, with the values of all', async () => {
    const merged = await client.ask(protocol.mergedSchema, { uri: uriOf('asked') });
    expect(merged.text).toContain('place');
    expect(merged.text).not.toContain('import');
    const evaluated = await client.ask(protocol.evaluation, { uri: uriOf('asked') });
    expect(evaluated?.variables.find(({ name }) => name === 'more')?.outcome).toMatchObject({ json: '"Lund!"' });
  });

  it('follow the module as it is typed', async () => {
    const document = await client.open(uriOf('modules/facility'), facility.replace('Lund', 'Oslo'));
    const evaluated = await client.ask(protocol.evaluation, { uri: uriOf('asked') });
    expect(evaluated?.variables.find(({ name }) => name === 'more')?.outcome).toMatchObject({ json: '"Oslo!"' });
    await client.close(document);
  });
});

it('a schema that imports none is not shown with its imports', async () => {
  const document = await client.open(pathToFileURL(path.join(root, 'alone.imsc.yml')).href, schemaText());
  await expect(client.ask(protocol.mergedSchema, { uri: document.uri })).rejects.toThrow(/imports no others/);
});

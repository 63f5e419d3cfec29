import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoverRequest } from 'vscode-languageserver-protocol';
import type { MarkupContent } from 'vscode-languageserver-protocol';
import { describe, expect, inject, it } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import { startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const folder = temporaryFolder();
const sample = join(folder, 'run.nxs');
await writeNexus(sample, [
  { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
  { path: '/entry/sample', kind: 'group', attrs: { NX_class: 'NXsample' } },
  { path: '/entry/sample/temperature', kind: 'dataset', dtype: 'f8', value: 4, attrs: { units: 'K' } },
  { path: '/entry/sample/note', kind: 'dataset', dtype: 'vlen-utf8', value: 'x' },
  { path: '/entry/evil', kind: 'group', attrs: { NX_class: '../../NXevil' } },
  { path: '/entry/evil/x', kind: 'dataset', dtype: 'f8', value: 4 },
]);
const definition = (name: string, parent: string, items: string): string =>
  `<definition name="${name}" extends="${parent}"><doc>What ${name} is.</doc>${items}</definition>`;
mkdirSync(join(folder, 'nxdl', 'base_classes'), { recursive: true });
const base = join(folder, 'nxdl', 'base_classes');
writeFileSync(
  join(base, 'NXsample.nxdl.xml'),
  definition(
    'NXsample',
    'NXobject',
    '<field name="temperature" type="NX_FLOAT" units="NX_TEMPERATURE"><doc>How warm the [sample] is.</doc></field>',
  ),
);
writeFileSync(
  join(base, 'NXobject.nxdl.xml'),
  definition('NXobject', 'NXobject', '<field name="note"><doc>Said of all.</doc></field>'),
);
writeFileSync(
  join(folder, 'NXevil.nxdl.xml'),
  definition('NXevil', 'NXobject', '<field name="x"><doc>Not asked for.</doc></field>'),
);
const client = await startClient(inject('serverProgram'), { folders: [folder] });

let count = 0;
async function hovered(notation: (typeof notations)[number], path: string, nexusDefinitions: string): Promise<string> {
  await client.changeSettings({ samples: ['run.nxs'], nexusDefinitions });
  const schema = schemaText({ variables: `thing:\n  source: NXS\n  path: ${path}\n  value_type: string` });
  const text = inNotation(schema.replace('filename:contains:/coda/', 'filename:contains:run'), notation);
  const document = await client.open(join(folder, fileName(`s${(count += 1)}`, notation)), text);
  const position = document.positionAt(text.indexOf(path) + 3);
  const found = await client.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri: document.uri },
    position,
  });
  await client.close(document);
  return (found?.contents as MarkupContent | undefined)?.value ?? '';
}

describe.each(notations)('a path in %s', (notation) => {
  it.each([
    [
      '/entry/sample/temperature',
      /4.*\n[^]*NXsample\/temperature.*`NX_FLOAT`, unit `NX_TEMPERATURE`[^]*How warm the \\?\[sample\\?\] is\./,
    ],
    ['/entry/sample', /What NXsample is\./],
    ['/entry/sample/note', /Said of all\./],
    ['/entry/:NXsample/temperature', /How warm/],
  ])('%s is told with what the definitions say of it', async (path, expected) => {
    expect(await hovered(notation, path, 'nxdl')).toMatch(expected);
  });

  it.each([
    ['/entry/sample/temperature', ''],
    ['/entry/sample/temperature', 'nowhere'],
    ['/entry/evil/x', 'nxdl'],
  ])('%s is told as before, with the definitions in “%s”', async (path, definitions) => {
    const told = await hovered(notation, path, definitions);
    expect(told).toContain(path);
    expect(told).not.toMatch(/How warm|Not asked|\*\*NeXus\*\*/);
  });
});

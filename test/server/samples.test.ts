import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver-protocol/node';
import type { Diagnostic, TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { startClient } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const program = inject('serverProgram');
// In a folder that the selector of the schemas takes.
const folder = join(temporaryFolder(), 'coda');
mkdirSync(join(folder, 'data'), { recursive: true });
const first = join(folder, 'data', 'first.nxs');
const second = join(folder, 'data', 'second.nxs');

await writeNexus(first, [
  { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Water' },
  { path: '/entry/duration', kind: 'dataset', dtype: 'f8', value: 1.5, attrs: { units: 's' } },
  { path: '/entry/sample', kind: 'group', attrs: { NX_class: 'NXsample' } },
  { path: '/entry/sample/name', kind: 'dataset', dtype: 'vlen-utf8', value: 'ice' },
  { path: '/entry/user_1/name', kind: 'dataset', dtype: 'vlen-utf8', value: 'Ada' },
  { path: '/entry/users/name', kind: 'dataset', dtype: 'vlen-utf8', value: 'everybody' },
  { path: '/entry/counts', kind: 'dataset', dtype: 'i4', shape: [3], value: [1, 2, 3] },
]);
await writeNexus(second, [
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Steam' },
  { path: '/entry/duration', kind: 'dataset', dtype: 'f8', value: 2, attrs: { units: 's' } },
]);
const broken = join(folder, 'data', 'broken.nxs');
writeFileSync(broken, 'this is not an HDF5 file');

/** A schema with one variable from the file. */
function withVariable(lines: readonly string[], head = ''): string {
  return schemaText({
    head,
    variables: `thing:\n  source: NXS\n${lines.map((line) => `  ${line}`).join('\n')}`,
    fields: 'thing:\n  field_type: scientific_metadata\n  machine_name: thing\n  value: <thing>\n  type: string',
  });
}

function ofSample(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ code }) => /^(?:sample|wildcard-skipped)/.test(String(code)));
}

const good = ['path: /entry/title', 'value_type: string'];
const title = (value: string) => ({ state: 'known', json: JSON.stringify(value), text: value, unit: '', notes: [] });

describe('problems with the sample', async () => {
  const client = await startClient(program, { folders: [folder], settings: { samples: ['data/fir*.nxs'] } });
  let count = 0;
  /** Something is said of the sample: on a slow machine later than of the schema. */
  const said = (document: TextDocument): Promise<Diagnostic[]> =>
    client.diagnostics(
      document,
      ({ version, diagnostics }) => version === document.version && ofSample(diagnostics).length > 0,
    );

  const cases: [string, string[], string | undefined, RegExp][] = [
    ['a path that is right', good, undefined, /^$/],
    [
      'a misspelt dataset',
      ['path: /entry/titel', 'value_type: string'],
      'sample-path-missing',
      /no “titel” in \/entry.*\/entry\/title”/,
    ],
    [
      'a misspelt group',
      ['path: /entry/sampel/name', 'value_type: string'],
      'sample-path-missing',
      /\/entry\/sample\/name/,
    ],
    ['a path below a dataset', ['path: /entry/title/x', 'value_type: string'], 'sample-path-missing', /is a dataset/],
    ['a group', ['path: /entry/sample', 'value_type: string'], 'sample-path-is-group', /\/entry\/sample\/name/],
    ['numbers for text', ['path: /entry/duration', 'value_type: string'], 'sample-wrong-data', /numbers/],
    [
      'several for one',
      ['path: /entry/counts', 'value_type: integer'],
      'sample-wrong-data',
      /use the type integer\[\]/,
    ],
    ['a fraction that is cut', ['path: /entry/duration', 'value_type: integer'], 'sample-number-cut', /1\.5/],
    ['an integer list', ['path: /entry/counts', 'value_type: "integer[]"'], undefined, /^$/],
    ['another unit', ['path: /entry/duration', 'value_type: float', 'unit: ms'], 'sample-unit-conflict', /“s”/],
    ['the same unit', ['path: /entry/duration', 'value_type: float', 'unit: s'], undefined, /^$/],
    [
      'a wildcard for nothing',
      ['path: /entry/nobody_*/name', 'value_type: "string[]"'],
      'sample-wildcard-empty',
      /nothing/,
    ],
    [
      'a wildcard for too much',
      ['path: /entry/user_*/name', 'value_type: "string[]"'],
      'sample-wildcard-accident',
      /\^user_\.\*\$/,
    ],
    ['a wildcard with anchors', ['path: /entry/^user_.*$/name', 'value_type: "string[]"'], undefined, /^$/],
  ];

  describe.each(notations)('in %s', (notation) => {
    it.each(cases)('%s', async (_what, lines, code, message) => {
      count += 1;
      const name = join(folder, fileName(`case-${count}`, notation));
      const document = await client.open(name, inNotation(withVariable(lines), notation));
      await client.ask(protocol.evaluation, { uri: document.uri });
      const found = ofSample(await (code === undefined ? client.currentDiagnostics(document) : said(document)));
      expect(found.map((each) => each.code)).toEqual(code === undefined ? [] : [code]);
      expect(found[0]?.message ?? '').toMatch(message);
      await client.close(document);
    });
  });

  it.each(notations)('are one hint where the selector does not take it, in %s', async (notation) => {
    const text = withVariable(['path: /entry/titel', 'value_type: string', 'unit: m']).replace(
      '  thing:',
      '  same:\n    source: NXS\n    path: /entry/title\n    value_type: integer\n  thing:',
    );
    const elsewhere = text.replace('/coda/', '/dream/');
    const codes = ['sample-wrong-data', 'sample-path-missing'];
    const open = async (name: string, content: string) => {
      const document = await client.open(join(folder, fileName(name, notation)), inNotation(content, notation));
      const { variables = [] } = (await client.ask(protocol.evaluation, { uri: document.uri })) ?? {};
      return { document, variables, found: ofSample(await said(document)) };
    };
    const { document, found, variables } = await open('elsewhere', elsewhere);
    expect(found.map(({ code, severity }) => ({ code, severity }))).toEqual([
      { code: 'sample-not-selected', severity: DiagnosticSeverity.Information },
    ]);
    expect(found[0]?.message).toMatch(/^The selector does not take first\.nxs: .*does not contain “\/dream\/”\./);
    expect(document.getText(found[0]?.range)).toContain('/dream/');
    const related = found[0]?.relatedInformation ?? [];
    expect(related.map(({ location: { range } }) => document.getText(range).replaceAll('"', ''))).toEqual([
      'integer',
      '/entry/titel',
    ]);
    expect(variables.find(({ name }) => name === 'same')?.outcome.state).toBe('failed');
    // Who chooses a file by hand is told how it fits.
    await client.tell(protocol.chooseSample, { uri: document.uri, file: first });
    const chosen = await client.diagnostics(document, ({ diagnostics }) => ofSample(diagnostics).length === 2);
    expect(ofSample(chosen).map(({ code }) => code)).toEqual(codes);
    // What nobody understands says nothing about the sample.
    const unread = await open('unread', text.replace('filename:contains', 'filename:contain'));
    expect(unread.found.map(({ code }) => code)).toEqual(codes);
    expect((await open('taken', text)).found.map(({ code }) => code)).toEqual(codes);
  });

  it('follows the file on disk', async () => {
    const changing = join(folder, 'data', 'changing.nxs');
    copyFileSync(first, changing);
    const text = withVariable(good, '# imsc-sample: data/changing.nxs\n');
    const { uri } = await client.open(join(folder, 'changing.imsc.yml'), text);
    const thing = async () =>
      (await client.ask(protocol.evaluation, { uri }))?.variables.find(({ name }) => name === 'thing')?.outcome;
    expect(await thing()).toEqual(title('Water'));
    copyFileSync(second, changing);
    await client.fileChanged(changing);
    expect(await thing()).toEqual(title('Steam'));
  });
});

describe('which sample', async () => {
  const client = await startClient(program, { folders: [folder], settings: { samples: ['data/second.nxs'] } });

  it('is chosen by command before comment before setting', async () => {
    const plain = await client.open(join(folder, 'which-a.imsc.yml'), withVariable(good));
    expect(await client.ask(protocol.sample, { uri: plain.uri })).toEqual({ file: second, state: 'ready' });
    const text = withVariable(good, '# imsc-sample: data/first.nxs\n');
    const { uri } = await client.open(join(folder, 'which-b.imsc.yml'), text);
    expect(await client.ask(protocol.sample, { uri })).toEqual({ file: first, state: 'ready' });
    await client.tell(protocol.chooseSample, { uri, file: second });
    expect(await client.ask(protocol.sample, { uri })).toEqual({ file: second, state: 'ready' });
    await client.tell(protocol.chooseSample, { uri, file: null });
    expect(await client.ask(protocol.sample, { uri })).toEqual({ file: first, state: 'ready' });
  });

  it('is one that the selector takes, where the setting names several', async () => {
    await client.changeSettings({ samples: ['data/*.nxs'] });
    const text = withVariable(good).replace('/coda/', 'data/seco');
    const { uri } = await client.open(join(folder, 'which-c.imsc.yml'), text);
    expect(await client.ask(protocol.sample, { uri })).toEqual({ file: second, state: 'ready' });
    await client.changeSettings({ samples: ['data/second.nxs'] });
  });

  it('that cannot be read is said once, at the comment, and the rest goes on', async () => {
    const text = withVariable(good, '# imsc-sample: data/broken.nxs\n');
    const document = await client.open(join(folder, 'broken.imsc.yml'), text);
    const state = await client.ask(protocol.sample, { uri: document.uri });
    expect(state).toMatchObject({ file: broken, state: 'unreadable' });
    const found = await client.diagnostics(document, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'sample-unreadable'),
    );
    const samples = found.filter(({ code }) => code === 'sample-unreadable');
    expect(samples.map(({ range }) => document.getText(range))).toEqual(['data/broken.nxs']);
    const { variables } = (await client.ask(protocol.evaluation, { uri: document.uri }))!;
    expect(variables.find(({ name }) => name === 'thing')?.outcome.state).toBe('unknown');
  });

  it('disagrees with another one', async () => {
    const lines = ['path: /entry/sample/name', 'value_type: string'];
    const document = await client.open(join(folder, 'several.imsc.yml'), withVariable(lines));
    await client.changeSettings({ samples: ['data/{first,second}.nxs'] });
    const found = await client.diagnostics(document, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'samples-disagree'),
    );
    const message = found.find(({ code }) => code === 'samples-disagree')?.message;
    expect(message).toMatch(/second\.nxs has no “sample”.*Not so in first\.nxs/);
    await client.changeSettings({ samples: ['data/second.nxs'] });
  });

  it('is told to whoever shows it', async () => {
    const children = await client.ask(protocol.nexusChildren, { file: first, path: '/entry', offset: 0, limit: 3 });
    expect(children).toEqual({
      total: 6,
      children: [
        {
          name: 'counts',
          path: '/entry/counts',
          kind: 'dataset',
          type: 'int32',
          shape: [3],
          valueType: 'integer[]',
          value: '[1, 2, 3]',
        },
        {
          name: 'duration',
          path: '/entry/duration',
          kind: 'dataset',
          type: 'float64',
          shape: [],
          valueType: 'float',
          units: 's',
          value: '1.5',
        },
        { name: 'sample', path: '/entry/sample', kind: 'group', nxClass: 'NXsample' },
      ],
    });
    const search = await client.ask(protocol.nexusSearch, { file: first, text: 'NAME', limit: 10 });
    expect(search.complete).toBe(true);
    expect(search.found.map(({ path }) => path).sort()).toEqual([
      '/entry/sample/name',
      '/entry/user_1/name',
      '/entry/users/name',
    ]);
    await expect(client.ask(protocol.nexusChildren, { file: broken, path: '/', offset: 0, limit: 1 })).rejects.toThrow(
      'broken.nxs',
    );
  });

  it.each(notations)('gives a variable for a path in %s', async (notation) => {
    const text = inNotation(schemaText(), notation);
    const document = await client.open(join(folder, fileName('insert', notation)), text);
    const edits = await client.ask(protocol.variableFromPath, { uri: document.uri, path: '/entry/duration' });
    const changed = TextDocument.applyEdits(document, [...edits] as TextEdit[]);
    const variables = 'duration:\n  source: NXS\n  path: /entry/duration\n  value_type: float';
    expect(changed).toBe(inNotation(schemaText({ variables }), notation));
  });

  it('converts a schema and back', async () => {
    const text = schemaText({ head: '# a remark\n' });
    const yaml = await client.open('untitled:convert.imsc.yml', text);
    const json = await client.ask(protocol.convertNotation, { uri: yaml.uri });
    expect(json.notation).toBe('json');
    const document = await client.open('untitled:convert.imsc.json', json.text);
    expect(await client.ask(protocol.convertNotation, { uri: document.uri })).toEqual({ notation: 'yaml', text });
  });
});

it('reads no sample before the workspace is trusted', async () => {
  const client = await startClient(program, {
    folders: [folder],
    settings: { samples: ['data/first.nxs'] },
    initializationOptions: { trusted: false, chosenSamples: [] },
  });
  const { uri } = await client.open(join(folder, 'trust.imsc.yml'), withVariable(good));
  expect(await client.ask(protocol.sample, { uri })).toMatchObject({ state: 'untrusted' });
  await expect(client.ask(protocol.nexusChildren, { file: first, path: '/', offset: 0, limit: 1 })).rejects.toThrow(
    'trusted',
  );
  await client.tell(protocol.trustGranted, null);
  expect(await client.ask(protocol.sample, { uri })).toEqual({ file: first, state: 'ready' });
});

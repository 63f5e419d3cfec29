import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  CompletionResolveRequest,
  DocumentSymbolRequest,
  HoverRequest,
  InlayHintRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol';
import type { CompletionItem } from 'vscode-languageserver-protocol';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import { startClient } from '../support/languageClient.ts';
import { fileName, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';

/** Text turned around, a cleared screen, a further line: nothing of that is to be obeyed. */
const lure = 'lure\u202edlrow\u2066x\u001b[2J\u0085\u2028y\u200f';
const obeyed = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
/** What goes back to the server, is compared with the text, or is put into it. */
const notShown: ReadonlySet<string> = new Set(['data', 'filterText', 'textEdit', 'additionalTextEdits', 'edit', 'uri']);

const folder = join(temporaryFolder(), 'hostile');
mkdirSync(folder, { recursive: true });
const sample = join(folder, 'run \u202egnp.nxs');
await writeNexus(sample, [
  { path: '/entry', kind: 'group', attrs: { NX_class: lure, [lure]: lure } },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: lure, attrs: { units: lure, long_name: lure } },
  { path: `/entry/${lure}`, kind: 'dataset', dtype: 'f8', value: 1.5 },
]);
const client = await startClient(inject('serverProgram'), { folders: [folder], settings: { samples: ['*.nxs'] } });

const field = (machineName: string, value: string, more: object = {}): object => ({
  field_type: 'scientific_metadata',
  machine_name: machineName,
  value,
  type: 'string',
  ...more,
});
const schema = {
  id: lure,
  name: lure,
  instrument: 'x',
  order: 1,
  selector: 'filename:contains:run',
  variables: {
    title: { source: 'NXS', path: '/entry/title', value_type: 'string' },
    number: { source: 'NXS', path: '/entry/title', value_type: 'integer' },
    there: { source: 'NXS', path: `/entry/${lure}`, value_type: 'float' },
    gone: { source: 'NXS', path: `/entry/gone${lure}`, value_type: 'string' },
    odd: { source: 'VALUE', value: `<title> <no${lure}>`, operator: lure, value_type: lure },
    [lure]: { source: 'VALUE', value: lure, value_type: 'string' },
  },
  schema: {
    pid: { field_type: 'high_level', machine_name: 'pid', value: '<title>', type: 'string' },
    a: field('title', '<title>', { unit: lure }),
    b: field(`b ${lure}`, `<${lure}> <number> <there> <gone> <odd>`),
    [lure]: { field_type: lure, machine_name: lure, value: '<title>', type: lure },
  },
};

/** Where in an answer something hidden is shown as it is. */
function faults(answer: unknown, where: string): string[] {
  if (typeof answer === 'string') return obeyed.test(answer) ? [`${where}: ${JSON.stringify(answer)}`] : [];
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([key, inner]) =>
    notShown.has(key) ? [] : faults(inner, `${where}.${Array.isArray(answer) ? '' : key}`),
  );
}

it.each(notations)(
  'nothing that is hidden in names and values of others is obeyed by an editor: %s',
  async (notation) => {
    // YAML takes the same text.
    const text = JSON.stringify(schema, undefined, 1).replace(
      /[\u0080-\uffff]/g,
      (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const document = await client.open(join(folder, fileName('lure', notation)), text);
    const whole = { start: document.positionAt(0), end: document.positionAt(text.length) };
    const textDocument = { uri: document.uri };
    const ask = client.connection.sendRequest.bind(client.connection);
    const hints = async (): Promise<unknown> => ask(InlayHintRequest.type, { textDocument, range: whole });
    await expect.poll(async () => JSON.stringify(await hints())).toContain('lure');
    const diagnostics = [...(await client.currentDiagnostics(document))];
    expect(JSON.stringify(diagnostics)).toContain('lure');
    const wrong = [
      ...faults(await hints(), 'hint'),
      ...faults(diagnostics, 'problem'),
      ...faults(await ask(DocumentSymbolRequest.type, { textDocument }), 'symbol'),
      ...faults(await ask(WorkspaceSymbolRequest.type, { query: '' }), 'symbol of the workspace'),
      ...faults(await ask(CodeLensRequest.type, { textDocument }), 'lens'),
      ...faults(await ask(CodeActionRequest.type, { textDocument, range: whole, context: { diagnostics } }), 'fix'),
    ];
    let looked = 0;
    const resolved = new Set<string>();
    for (const { index } of text.matchAll(/lure|title|<|"path": "\/entry\//g)) {
      const position = document.positionAt(index + 1);
      wrong.push(...faults(await ask(HoverRequest.type, { textDocument, position }), 'hover'));
      const answer = await ask(CompletionRequest.type, { textDocument, position });
      const items: readonly CompletionItem[] = answer === null ? [] : 'items' in answer ? answer.items : answer;
      looked += items.length;
      wrong.push(...faults(items, 'proposal'));
      for (const item of items.filter(
        ({ label, detail }) => `${label} ${detail}`.includes('lure') && !resolved.has(label),
      )) {
        resolved.add(item.label);
        wrong.push(...faults(await ask(CompletionResolveRequest.type, item), 'proposal that is looked at'));
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
    expect([looked > 20, resolved.size > 1]).toEqual([true, true]);
    await client.close(document);
  },
);

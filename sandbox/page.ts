import { addressPartFault } from '../core/text/addressPart.ts';
import { visibleDocument } from '../core/text/hiddenCharacters.ts';
import { isList } from '../core/scicat/json.ts';
import { blocksOf } from './state.ts';
import type { App, SandboxState } from './state.ts';

/** Pages for people: what is in the sandbox. Nobody needs to sign in, as it is reachable from this computer only. */
export function addPages(app: App, state: SandboxState): void {
  app.get('/', () => html('SciCat sandbox', overview(state)));
  app.get('/datasets/:pid', (context) => {
    const pid = context.req.param('pid');
    const dataset = state.store.datasets.get(pid);
    if (!dataset) return html('Not found', '<p>There is no such dataset. <a href="/">All datasets</a></p>', 404);
    const blocks = blocksOf(state, pid);
    const json = (value: unknown): string => `<pre>${escaped(JSON.stringify(value, undefined, 2))}</pre>`;
    return html(
      String(dataset['datasetName']),
      `<p><a href="/">All datasets</a></p>${json(dataset)}<h2>origDatablocks</h2>${blocks.map(json).join('') || '<p>None.</p>'}`,
    );
  });
}

function overview(state: SandboxState): string {
  const rows = state.store.datasets.all.toReversed().map((dataset) => {
    const pid = String(dataset['pid']);
    const cells = [
      dataset['datasetName'],
      dataset['ownerGroup'],
      firstOf(dataset['proposalIds']),
      dataset['numberOfFiles'],
      dataset['size'],
      dataset['createdAt'],
    ];
    // A page of its own has only what can be a part of an address.
    const link =
      addressPartFault(pid) === undefined
        ? `<a href="/datasets/${encodeURIComponent(pid)}">${escaped(pid)}</a>`
        : escaped(pid);
    return `<tr><td>${link}</td>${cells.map((cell) => `<td>${escaped(shown(cell))}</td>`).join('')}</tr>`;
  });
  const head = ['pid', 'name', 'ownerGroup', 'proposal', 'files', 'bytes', 'created']
    .map((name) => `<th>${name}</th>`)
    .join('');
  const table = `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return rows.length === 0 ? '<p>There is no dataset yet.</p>' : table;
}

function firstOf(value: unknown): unknown {
  return isList(value) ? value[0] : value;
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function escaped(text: string): string {
  return visibleDocument(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse}' +
  'td,th{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #8886}pre{overflow-x:auto}';

function html(title: string, body: string, status = 200): Response {
  const name = escaped(title);
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><style>${style}</style><h1>${name}</h1>${body}</html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  return new Response(text, { status, headers });
}

import { addressPartFault } from '../core/text/addressPart.ts';
import { visibleDocument } from '../core/text/hiddenCharacters.ts';
import { isList } from '../core/scicat/json.ts';
import { blocksOf } from './state.ts';
import type { App, SandboxState } from './state.ts';

/** Pages for people: what is in the sandbox. Nobody needs to sign in, as it is reachable from this computer only. */
export function addPages(app: App, state: SandboxState): void {
  app.get('/', () => html('SciCat sandbox', `${overview(state)}${proposalList(state)}`));
  app.get('/datasets/:pid', (context) => {
    const pid = context.req.param('pid');
    const dataset = state.store.datasets.get(pid);
    if (!dataset) return html('Not found', '<p>There is no such dataset. <a href="/">All datasets</a></p>', 404);
    const blocks = blocksOf(state, pid);
    const json = (value: unknown): string =>
      // What scrolls is reached by keyboard, too.
      `<pre tabindex="0">${escaped(JSON.stringify(value, undefined, 2))}</pre>`;
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
    return [link, ...cells.map((cell) => escaped(shown(cell)))];
  });
  return rows.length === 0 ? '<p>There is no dataset yet.</p>' : table('Datasets', datasetColumns, rows);
}

const datasetColumns = ['pid', 'name', 'ownerGroup', 'proposal', 'files', 'bytes', 'created'];

/** The proposals, each with its fields: what a schema may ask of SciCat. */
function proposalList(state: SandboxState): string {
  const items = state.store.proposals.all.map(
    (proposal) =>
      `<details><summary>${escaped(shown(proposal['proposalId']))} ${escaped(shown(proposal['title']))}</summary><pre tabindex="0">${escaped(JSON.stringify(proposal, undefined, 2))}</pre></details>`,
  );
  return `<h2>Proposals</h2>${items.join('') || '<p>There is none.</p>'}`;
}

/** On a narrow page each row is a block, and each cell says its column. */
function table(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((name) => `<th scope="col">${name}</th>`).join('');
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, index) => `<td data-name="${columns[index] ?? ''}">${cell}</td>`).join('')}</tr>`,
  );
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
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
  ':root{color-scheme:light dark}body{background:Canvas;color:CanvasText;font:15px/1.5 system-ui,sans-serif;margin:2rem;overflow-wrap:anywhere}table{border-collapse:collapse}' +
  'td,th{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #8886}pre{overflow-x:auto}' +
  'th,td:nth-child(n+3){overflow-wrap:normal}caption{text-align:left;font-weight:bold}summary{line-height:24px}a{display:inline-block;min-height:24px}' +
  '@media(max-width:640px){body{margin:1rem}pre{white-space:pre-wrap}thead{display:none}tr,td{display:block;border:0}' +
  'tr{border-bottom:1px solid #8886;padding:.5rem 0}td{padding:0}td::before{content:attr(data-name)": ";font-weight:bold}}';

function html(title: string, body: string, status = 200): Response {
  const name = escaped(title);
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${name}</title><style>${style}</style><main><h1>${name}</h1>${body}</main></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  return new Response(text, { status, headers });
}

import type { FromPage, PreviewModel, PreviewNote, PreviewRow, PreviewTable, ToPage } from '../messages.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: Tab): void;
};

type Tab = 'dataset' | 'variables' | 'json';

const tabs: readonly (readonly [Tab, string])[] = [
  ['dataset', 'Dataset'],
  ['variables', 'Variables'],
  ['json', 'JSON'],
];

const host = acquireVsCodeApi();
const stored = host.getState();
let tab: Tab = tabs.find(([id]) => id === stored)?.[0] ?? 'dataset';
let model: PreviewModel | undefined;
let cursorLine = -1;

/** An element with its properties and what is in it. */
function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function place(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

function show(): void {
  if (model === undefined) return;
  const { activeElement } = document;
  const focused = activeElement?.id ?? '';
  place('sample').replaceChildren(model.sample === '' ? 'No sample file' : `Sample: ${model.sample}`);
  place('summary').textContent = summary(model);
  showActions(model);
  showTabs();
  place('content').setAttribute('aria-labelledby', `tab-${tab}`);
  place('content').replaceChildren(...contentOf(model));
  markCursor();
  // What is shown was made anew; the focus stays where it was.
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
}

function summary({ tables, notes }: PreviewModel): string {
  const rows = tables.filter(({ id }) => id !== 'variables').flatMap((table) => table.rows);
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const unknown = rows.filter(({ state }) => state === 'unknown').length;
  const refused = [...rows.flatMap((row) => row.notes), ...notes].filter(({ severity }) => severity === 'error').length;
  return [
    `${rows.length} fields`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ].join(', ');
}

function showActions({ sampleMessage, canAskScicat }: PreviewModel): void {
  const items: Node[] = [];
  if (sampleMessage !== '') {
    items.push(element('p', { class: 'note warning' }, sampleMessage));
    items.push(button('choose', 'Choose Sample File', { type: 'chooseSample' }));
  }
  if (canAskScicat) items.push(button('ask', 'Ask SciCat for the Unknown Values', { type: 'askScicat' }));
  place('actions').replaceChildren(...items);
}

function button(id: string, text: string, message: FromPage): HTMLButtonElement {
  const made = element('button', { id, type: 'button', class: 'action' }, text);
  made.addEventListener('click', () => {
    host.postMessage(message);
  });
  return made;
}

function showTabs(): void {
  const buttons = tabs.map(([id, text]) => {
    const isSelected = id === tab;
    const made = element(
      'button',
      {
        id: `tab-${id}`,
        type: 'button',
        role: 'tab',
        'aria-selected': String(isSelected),
        'aria-controls': 'content',
        tabindex: isSelected ? '0' : '-1',
      },
      text,
    );
    made.addEventListener('click', () => {
      choose(id);
    });
    return made;
  });
  place('tabs').replaceChildren(...buttons);
}

function choose(chosen: Tab): void {
  tab = chosen;
  host.setState(tab);
  show();
  document.getElementById(`tab-${tab}`)?.focus();
}

place('tabs').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const index = tabs.findIndex(([id]) => id === tab);
  const [next] = tabs[(index + step + tabs.length) % tabs.length] ?? [];
  if (next !== undefined) choose(next);
});

function contentOf({ tables, notes, json }: PreviewModel): Node[] {
  if (tab === 'json') return [jsonBlock(json)];
  const shown = tables.filter(({ id }) => (id === 'variables') === (tab === 'variables'));
  const whole = tab === 'dataset' ? notes.map((note) => noteOf(note)) : [];
  return [...whole, ...shown.map(tableOf)];
}

function tableOf({ id, title, rows }: PreviewTable): HTMLElement {
  const head = element(
    'thead',
    {},
    element('tr', {}, ...['Name', 'Value', 'Unit', 'Type'].map((text) => element('th', { scope: 'col' }, text))),
  );
  const body = element('tbody', {}, ...rows.map((row, index) => rowOf(`${id}-${index}`, row)));
  const count = rows.length === 0 ? 'none' : String(rows.length);
  return element('table', {}, element('caption', {}, `${title} (${count})`), head, body);
}

function rowOf(id: string, row: PreviewRow): HTMLElement {
  const { name, state, text, unit, type, notes, position } = row;
  const made = element('tr', { class: state, ...(position && { 'data-line': String(position.line) }) });
  const label = position
    ? element('button', { id, type: 'button', class: 'name', title: 'Show in the schema' }, name)
    : element('span', { class: 'name' }, name);
  if (position) {
    made.addEventListener('click', () => {
      host.postMessage({ type: 'reveal', position });
    });
  }
  const value = element('td', { class: 'value' }, valueOf(state, text), ...notes.map(noteOf));
  made.append(element('th', { scope: 'row' }, label), value, element('td', {}, unit), element('td', {}, type));
  return made;
}

const words = { known: '', failed: 'Failed: ', unknown: 'Unknown: ' };

function valueOf(state: PreviewRow['state'], text: string): HTMLElement {
  const shown = text.length > 400 ? `${text.slice(0, 400)}…` : text;
  return element('span', { class: 'text' }, `${words[state]}${shown}`);
}

function noteOf({ severity, text }: PreviewNote): HTMLElement {
  return element('p', { class: `note ${severity}` }, text);
}

/** JSON in the colours of its parts. */
function jsonBlock(json: string): HTMLElement {
  const block = element('pre', { tabindex: '0', 'aria-label': 'The dataset as JSON' });
  const parts = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;
  let end = 0;
  for (const match of json.matchAll(parts)) {
    const [whole, text, colon] = match;
    const kind =
      text === undefined ? (/^[-\d]/.test(whole) ? 'number' : 'word') : colon === undefined ? 'string' : 'key';
    block.append(json.slice(end, match.index), element('span', { class: kind }, text ?? whole), colon ?? '');
    end = match.index + whole.length;
  }
  block.append(json.slice(end));
  return block;
}

/** Marks the line that the cursor's place in the schema makes: the last one that begins above it. */
function markCursor(): void {
  const rows = [...document.querySelectorAll<HTMLElement>('tr[data-line]')];
  const lineOf = (row: HTMLElement): number => Number(row.dataset['line']);
  const lines = model?.tables.flatMap(({ rows: all }) => all.flatMap(({ position }) => position?.line ?? [])) ?? [];
  const line = Math.max(-1, ...lines.filter((each) => each <= cursorLine));
  for (const row of rows) {
    const isCurrent = lineOf(row) === line;
    row.classList.toggle('current', isCurrent);
    if (isCurrent) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
    if (isCurrent && !document.hasFocus()) row.scrollIntoView({ block: 'nearest' });
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'show':
      ({ model } = data);
      show();
      break;
    case 'empty':
      model = undefined;
      place('sample').replaceChildren();
      place('actions').replaceChildren();
      place('tabs').replaceChildren();
      place('summary').textContent = data.text;
      place('content').replaceChildren();
      break;
    case 'cursor':
      cursorLine = data.line;
      markCursor();
  }
});

host.postMessage({ type: 'ready' });

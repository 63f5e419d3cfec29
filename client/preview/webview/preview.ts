import type { FromPage, PageTexts, PreviewModel, PreviewNote, PreviewRow, PreviewTable, ToPage } from '../messages.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: Tab): void;
};

type Tab = 'dataset' | 'variables' | 'json';

const tabs: readonly Tab[] = ['dataset', 'variables', 'json'];

const host = acquireVsCodeApi();
const stored = host.getState();
let tab: Tab = tabs.find((id) => id === stored) ?? 'dataset';
/** What is shown, and the words for it. */
let shown: { readonly model: PreviewModel; readonly texts: PageTexts } | undefined;
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
  if (shown === undefined) return;
  const { model, texts } = shown;
  const { activeElement } = document;
  const focused = activeElement?.id ?? '';
  place('sample').replaceChildren(model.sample === '' ? texts.noSample : fill(texts.sample, model.sample));
  place('summary').textContent = summary(model, texts);
  showActions(model, texts);
  showTabs(texts);
  place('content').setAttribute('aria-labelledby', `tab-${tab}`);
  place('content').replaceChildren(...contentOf(model, texts));
  markCursor();
  // What is shown was made anew; the focus stays where it was.
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
}

/** A text with something in the place of its {0}. */
function fill(text: string, what: number | string): string {
  return text.replace('{0}', () => String(what));
}

function summary({ tables, notes }: PreviewModel, texts: PageTexts): string {
  const rows = tables.filter(({ id }) => id !== 'variables').flatMap((table) => table.rows);
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const unknown = rows.filter(({ state }) => state === 'unknown').length;
  const refused = [...rows.flatMap((row) => row.notes), ...notes].filter(({ severity }) => severity === 'error').length;
  return [
    fill(texts.fieldCount, rows.length),
    ...(failed > 0 ? [fill(texts.failedCount, failed)] : []),
    ...(unknown > 0 ? [fill(texts.unknownCount, unknown)] : []),
    ...(refused > 0 ? [fill(texts.refusedCount, refused)] : []),
  ].join(', ');
}

function showActions({ sampleMessage, canAskScicat }: PreviewModel, texts: PageTexts): void {
  const items: Node[] = [];
  if (sampleMessage !== '') {
    items.push(element('p', { class: 'note warning' }, sampleMessage));
    items.push(button('choose', texts.chooseSample, { type: 'chooseSample' }));
  }
  if (canAskScicat) items.push(button('ask', texts.askScicat, { type: 'askScicat' }));
  place('actions').replaceChildren(...items);
}

function button(id: string, text: string, message: FromPage): HTMLButtonElement {
  const made = element('button', { id, type: 'button', class: 'action' }, text);
  made.addEventListener('click', () => {
    host.postMessage(message);
  });
  return made;
}

function showTabs({ dataset, variables, views }: PageTexts): void {
  const names: Readonly<Record<Tab, string>> = { dataset, variables, json: 'JSON' };
  const buttons = tabs.map((id) => {
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
      names[id],
    );
    made.addEventListener('click', () => {
      choose(id);
    });
    return made;
  });
  place('tabs').setAttribute('aria-label', views);
  place('tabs').replaceChildren(...buttons);
}

function choose(chosen: Tab): void {
  tab = chosen;
  host.setState(tab);
  show();
  window.scrollTo(0, 0);
  document.getElementById(`tab-${tab}`)?.focus();
}

place('tabs').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const index = tabs.indexOf(tab);
  const next = tabs[(index + step + tabs.length) % tabs.length];
  if (next !== undefined) choose(next);
});

function contentOf({ tables, notes, json }: PreviewModel, texts: PageTexts): Node[] {
  if (tab === 'json') return [jsonBlock(json, texts.asJson)];
  const wanted = tables.filter(({ id }) => (id === 'variables') === (tab === 'variables'));
  const whole = tab === 'dataset' ? notes.map((note) => noteOf(note)) : [];
  return [...whole, ...wanted.map((table) => tableOf(table, texts))];
}

function tableOf({ id, title, rows }: PreviewTable, texts: PageTexts): HTMLElement {
  const columns = [texts.name, texts.value, texts.unit, texts.type];
  const head = element('thead', {}, element('tr', {}, ...columns.map((text) => element('th', { scope: 'col' }, text))));
  const body = element('tbody', {}, ...rows.map((row, index) => rowOf(`${id}-${index}`, row, texts)));
  const count = rows.length === 0 ? texts.none : String(rows.length);
  return element('table', {}, element('caption', {}, `${title} (${count})`), head, body);
}

function rowOf(id: string, row: PreviewRow, texts: PageTexts): HTMLElement {
  const { name, state, text, unit, stored, type, notes, position } = row;
  const made = element('tr', { class: state, ...(position && { 'data-line': String(position.line) }) });
  const label = position
    ? element('button', { id, type: 'button', class: 'name', title: texts.showInSchema }, name)
    : element('span', { class: 'name' }, name);
  if (position) {
    made.addEventListener('click', () => {
      host.postMessage({ type: 'reveal', position });
    });
  }
  const value = element('td', { class: 'value' }, valueOf(state, text, texts), ...notes.map(noteOf));
  const inSciCat = stored === '' ? [] : [element('p', { class: 'stored' }, stored)];
  const units = element('td', {}, unit, ...inSciCat);
  made.append(element('th', { scope: 'row' }, label), value, units, element('td', {}, type));
  return made;
}

function valueOf(state: PreviewRow['state'], text: string, texts: PageTexts): HTMLElement {
  const cut = text.length > 400 ? `${text.slice(0, 400)}…` : text;
  return element('span', { class: 'text' }, state === 'known' ? cut : fill(texts[state], cut));
}

function noteOf({ severity, text }: PreviewNote): HTMLElement {
  return element('p', { class: `note ${severity}` }, text);
}

/** JSON in the colours of its parts. */
function jsonBlock(json: string, label: string): HTMLElement {
  const block = element('pre', { tabindex: '0', 'aria-label': label });
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
  const lines =
    shown?.model.tables.flatMap(({ rows: all }) => all.flatMap(({ position }) => position?.line ?? [])) ?? [];
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
      shown = data;
      show();
      break;
    case 'empty':
      shown = undefined;
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

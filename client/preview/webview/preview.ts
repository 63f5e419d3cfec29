import { shortened } from '../../../core/text/shortened.ts';
import { visibleLines } from '../../../core/text/hiddenCharacters.ts';
import type {
  FromPage,
  PageTexts,
  PreviewColumns,
  PreviewModel,
  PreviewNote,
  PreviewRow,
  PreviewTable,
  ToPage,
} from '../messages.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: Tab): void;
};

type Tab = 'dataset' | 'variables' | 'schemas' | 'files' | 'requests' | 'json';

const allTabs: readonly Tab[] = ['dataset', 'variables', 'schemas', 'files', 'requests', 'json'];

const host = acquireVsCodeApi();
const stored = host.getState();
let tab: Tab = allTabs.find((id) => id === stored) ?? 'dataset';
/** What is shown, and the words for it. */
let shown: { readonly model: PreviewModel; readonly texts: PageTexts } | undefined;
let cursorLine = -1;

/** An element with its properties and what is in it; of texts, what is hidden in them is shown. */
function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children.map((child) => (typeof child === 'string' ? visibleLines(child) : child)));
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
  place('sample').textContent = visibleLines(model.sample === '' ? texts.noSample : fill(texts.sample, model.sample));
  place('summary').textContent = visibleLines(summary(model, texts));
  if (!tabsOf(model).includes(tab)) tab = 'dataset';
  // Beside a schema a value is short; of a dry run it is whole.
  document.body.classList.toggle('whole', model.outcome !== undefined);
  showActions(model, texts);
  showTabs(model, texts);
  place('content').setAttribute('aria-labelledby', `tab-${tab}`);
  place('content').replaceChildren(...contentOf(model, texts));
  markCursor();
  // What is shown was made anew; the focus stays where it was.
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
}

/** The tabs that have something to show. */
function tabsOf({ tables, json, more = [] }: PreviewModel): readonly Tab[] {
  return allTabs.filter((id) => {
    if (id === 'variables') return tables.some((table) => table.id === 'variables');
    if (id === 'json') return json !== '';
    return id === 'dataset' || more.some((each) => each.id === id);
  });
}

/** A text with something in the place of its {0}. */
function fill(text: string, what: number | string): string {
  return text.replace('{0}', () => String(what));
}

/** Tables whose rows are no fields of the dataset. */
const uncounted: readonly PreviewTable['id'][] = ['variables', 'problems', 'differences'];

function summary({ schema, outcome, tables, notes }: PreviewModel, texts: PageTexts): string {
  const rows = tables.filter(({ id }) => !uncounted.includes(id)).flatMap((table) => table.rows);
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const unknown = rows.filter(({ state }) => state === 'unknown').length;
  const refused = [...rows.flatMap((row) => row.notes), ...notes].filter(({ severity }) => severity === 'error').length;
  return [
    // Beside the schema itself nobody needs its name.
    ...(outcome && schema !== '' ? [fill(texts.schema, schema)] : []),
    fill(texts.fieldCount, rows.length),
    ...(failed > 0 ? [fill(texts.failedCount, failed)] : []),
    ...(unknown > 0 ? [fill(texts.unknownCount, unknown)] : []),
    ...(refused > 0 ? [fill(texts.refusedCount, refused)] : []),
  ].join(', ');
}

function showActions({ sampleMessage, canAskScicat, outcome }: PreviewModel, texts: PageTexts): void {
  const items: Node[] = [];
  if (outcome) {
    items.push(noteOf(outcome, texts));
    const buttons = {
      ingest: () => button('ingest', texts.ingest, { type: 'act', action: 'ingest' }),
      signIn: () => button('signIn', texts.signIn, { type: 'act', action: 'signIn' }),
      again: () => button('again', texts.again, { type: 'act', action: 'again' }),
      asText: () => button('asText', texts.asText, { type: 'act', action: 'asText' }),
    };
    items.push(...outcome.actions.map((action) => buttons[action]()));
  }
  if (sampleMessage !== '') {
    items.push(noteOf({ severity: 'warning', text: sampleMessage }, texts));
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

function showTabs(model: PreviewModel, { dataset, variables, views }: PageTexts): void {
  const titleOf = (id: Tab): string => {
    if (id === 'dataset')
      return model.tables.some((table) => table.id === 'runs') ? (model.tables[0]?.title ?? '') : dataset;
    return id === 'variables' ? variables : (model.more?.find((each) => each.id === id)?.title ?? 'JSON');
  };
  const buttons = tabsOf(model).map((id) => {
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
      titleOf(id),
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
  const tabs = shown ? tabsOf(shown.model) : [];
  const index = tabs.indexOf(tab);
  const next = tabs[(index + step + tabs.length) % tabs.length];
  if (next !== undefined) choose(next);
});

function contentOf({ tables, notes, json, more = [] }: PreviewModel, texts: PageTexts): Node[] {
  if (tab === 'json') return [jsonBlock(json, texts.asJson)];
  const other = more.find(({ id }) => id === tab);
  if (other) {
    const below = other.json === '' ? [] : [jsonBlock(other.json, other.title)];
    return [...other.tables.map((table) => tableOf(table, texts)), ...below];
  }
  const wanted = tables.filter(({ id }) => (id === 'variables') === (tab === 'variables'));
  const whole = tab === 'dataset' ? notes.map((note) => noteOf(note, texts)) : [];
  return [...whole, ...wanted.map((table) => tableOf(table, texts))];
}

function tableOf({ id, title, columns, rows }: PreviewTable, texts: PageTexts): HTMLElement {
  const shownColumns = columns ?? { name: texts.name, text: texts.value, unit: texts.unit, type: texts.type };
  const { name, text, unit, type } = shownColumns;
  const heads = [name, text, unit, type].filter((each) => each !== undefined);
  const head = element('thead', {}, element('tr', {}, ...heads.map((each) => element('th', { scope: 'col' }, each))));
  const body = element('tbody', {}, ...rows.map((row, index) => rowOf(`${id}-${index}`, row, shownColumns, texts)));
  const count = rows.length === 0 ? texts.none : String(rows.length);
  return element('table', {}, element('caption', {}, `${title} (${count})`), head, body);
}

function rowOf(id: string, row: PreviewRow, columns: PreviewColumns, texts: PageTexts): HTMLElement {
  const { name, state, text, unit, stored, type, notes, position, opens } = row;
  const asked: FromPage | undefined =
    opens !== undefined ? { type: 'open', what: opens } : position && { type: 'reveal', position };
  const made = element('tr', {
    class: asked ? `${state} leads` : state,
    ...(position && { 'data-line': String(position.line) }),
  });
  const hint = position ? { title: texts.showInSchema } : {};
  const label = asked
    ? element('button', { id, type: 'button', class: 'name', ...hint }, ...breakable(name, ends.ofNameParts))
    : element('span', { class: 'name' }, ...breakable(name, ends.ofNameParts));
  if (asked) {
    made.addEventListener('click', () => {
      host.postMessage(asked);
    });
  }
  const value = element(
    'td',
    { class: 'value' },
    valueOf(state, text, texts),
    ...notes.map((note) => noteOf(note, texts)),
  );
  const inSciCat = stored === '' ? [] : [element('p', { class: 'stored' }, stored)];
  made.append(element('th', { scope: 'row' }, label), value);
  if (columns.unit !== undefined) made.append(element('td', { 'data-head': columns.unit }, unit, ...inSciCat));
  if (columns.type !== undefined) made.append(element('td', { 'data-head': columns.type }, type));
  return made;
}

/** What is too long for a line is broken there, and anywhere else only where that is not enough. */
const ends = { ofNameParts: /(?<=[/\\_.-])/, ofFolders: /(?<=\/)/ };

function breakable(text: string, at: RegExp): (Node | string)[] {
  // A value of a dry run may be as long as it likes.
  const parts = text.length > 2000 ? [text] : text.split(at);
  return parts.flatMap((part, index) => [...(index === 0 ? [] : [element('wbr')]), part]);
}

function valueOf(state: PreviewRow['state'], text: string, texts: PageTexts): HTMLElement {
  const isWhole = shown?.model.outcome !== undefined;
  const cut = isWhole ? text : shortened(text, 401);
  const said = state === 'known' ? cut : fill(texts[state], cut);
  return element('span', { class: 'text' }, ...breakable(said, ends.ofFolders));
}

/** How grave it is says a word, too: not everybody sees colours. */
function noteOf({ severity, text }: PreviewNote, texts: PageTexts): HTMLElement {
  const said = severity === 'error' || severity === 'warning' ? fill(texts[severity], text) : text;
  return element('p', { class: `note ${severity}` }, said);
}

/** JSON in the colours of its parts. */
function jsonBlock(given: string, label: string): HTMLElement {
  const json = visibleLines(given);
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
      place('summary').textContent = visibleLines(data.text);
      place('content').replaceChildren();
      place('content').removeAttribute('aria-labelledby');
      break;
    case 'cursor':
      cursorLine = data.line;
      markCursor();
  }
});

host.postMessage({ type: 'ready' });

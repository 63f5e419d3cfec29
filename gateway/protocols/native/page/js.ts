import { hiddenInDocument } from '../../../../core/text/hiddenCharacters.ts';

/** What the page does. Texts of others only ever become text nodes; the one address, of the dataset, is made by the service. */
export const pageJs = `'use strict';
const rows = new Map();
const table = document.querySelector('table');
const body = document.querySelector('tbody');
// What turns the direction of a text around, or is not shown, would make another name of one.
const shown = (text) => String(text).replace(${String(hiddenInDocument)}, (found) => '\\\\u' + found.charCodeAt(0).toString(16).padStart(4, '0'));
const make = (name, text, kind) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = shown(text);
  if (kind) made.className = kind;
  return made;
};
const say = (text) => { document.getElementById('news').textContent = shown(text); };

// What is offered, with what it is called and what is said when it is done.
const actions = {
  submit: ['Submit', () => 'is submitted'],
  cancel: ['Cancel', () => 'is called off'],
  resume: ['Resume', () => 'goes on'],
  approve: ['Approve', () => 'is approved'],
  reopen: ['Reopen', (made) => 'is opened again as job ' + made.id + ', a draft: submit it when it is as it should be'],
};
// What waits for something else than approval goes on by itself.
const isOffered = (name, job) => job.can.includes(name) && (name !== 'approve' || (job.hold !== null && job.hold.for === 'approval'));

async function act(name, job) {
  const answer = await fetch('/api/v1/jobs/' + encodeURIComponent(job.id) + '/' + name, { method: 'POST' });
  const said = await answer.json();
  if (answer.status === 404) remove(job.id);
  say(answer.ok ? 'Job ' + job.id + ' ' + actions[name][1](said) + '.' : said.message);
}

const waitsFor = { approval: 'approval', credentials: 'a token of SciCat', retry: 'another attempt' };
const outcomes = { ingested: 'ingested', 'already-present': 'was there already', 'dry-run': 'dry run', 'metadata-only': 'metadata only' };
function stateOf(job) {
  if (job.hold) return 'waits for ' + waitsFor[job.hold.for];
  if (job.status === 'done' && job.outcome) return 'done: ' + outcomes[job.outcome];
  return job.status + (job.running && job.step ? ': ' + job.step : '');
}

function stateCell(job) {
  const cell = make('td');
  cell.append(make('span', stateOf(job), 'state ' + (job.hold ? 'waits' : job.status)));
  if (job.hold && job.hold.until) cell.append(make('div', 'at ' + new Date(job.hold.until).toLocaleTimeString() + ': ' + job.hold.reason, 'quiet'));
  const planned = job.steps.length;
  const done = job.steps.filter((step) => step.state === 'done').length;
  if (job.running && planned > 0) {
    const bar = make('progress');
    bar.max = planned; bar.value = done;
    bar.setAttribute('aria-label', 'Steps of job ' + job.id);
    cell.append(bar);
  }
  if (job.progress && job.progress.done > 0) {
    const { done: count, total, unit } = job.progress;
    cell.append(make('div', count + (total === null ? '' : ' of ' + total) + ' ' + (count === 1 && total === null ? unit.replace(/s$/, '') : unit), 'quiet'));
  }
  return cell;
}

function foundCell(job) {
  const cell = make('td');
  if (job.page) {
    const link = make('a', job.pid);
    link.href = job.page;
    link.rel = 'noreferrer';
    cell.append(link);
  } else if (job.pid) cell.append(make('span', job.pid));
  if (job.problems.length > 0) {
    const list = make('ul');
    list.setAttribute('aria-label', 'Findings');
    for (const { severity, message } of job.problems) {
      const item = make('li', undefined, severity);
      item.append(make('b', severity === 'error' ? 'Error: ' : 'Warning: '), shown(message));
      list.append(item);
    }
    cell.append(list);
  }
  return cell;
}

function actionsCell(job) {
  const cell = make('td');
  for (const [name, [label]] of Object.entries(actions)) {
    if (!isOffered(name, job)) continue;
    const button = make('button', label);
    button.name = name;
    button.type = 'button';
    button.setAttribute('aria-label', label + ' job ' + job.id);
    button.addEventListener('click', () => {
      act(name, job).catch(() => { say('The service does not answer; try again.'); });
    });
    cell.append(button);
  }
  return cell;
}

function show(job) {
  let row = rows.get(job.id);
  const before = row && row.dataset.state;
  const had = row && row.contains(document.activeElement) ? document.activeElement.name || '' : undefined;
  if (!row) {
    row = make('tr');
    row.setAttribute('role', 'row');
    rows.set(job.id, row);
    body.prepend(row);
  }
  row.dataset.state = stateOf(job);
  const files = job.files.map((file) => file.name).join(', ');
  const what = make('td', job.tag || job.dataFile || job.folder || files || (job.status === 'draft' ? 'no files yet' : 'job ' + job.id));
  const more = [job.protocol, ...(job.owner ? [job.owner] : []), new Date(job.created).toLocaleString()];
  if (job.parent) more.push('in the place of job ' + job.parent);
  what.append(make('div', more.join(', '), 'quiet'));
  const head = make('th', job.id);
  head.scope = 'row';
  head.tabIndex = -1;
  const cells = [head, what, stateCell(job), foundCell(job), actionsCell(job)];
  for (const cell of cells) cell.setAttribute('role', cell === head ? 'rowheader' : 'cell');
  row.replaceChildren(...cells);
  // Where its button has gone, the next Tab goes on from its row.
  if (had !== undefined) (row.querySelector('button[name="' + had + '"]') || head).focus();
  settle();
  if (before !== undefined && before !== row.dataset.state) say('Job ' + job.id + ': ' + stateOf(job) + '.');
}

function remove(id) {
  const row = rows.get(id);
  if (!row) return;
  row.remove();
  rows.delete(id);
  settle();
}

function settle() {
  table.hidden = rows.size === 0;
  document.getElementById('none').hidden = rows.size > 0;
}

// What went while nobody heard of it is not told.
async function forget() {
  const answer = await fetch('/api/v1/jobs');
  if (!answer.ok) return;
  const there = new Set((await answer.json()).jobs.map((job) => job.id));
  for (const id of [...rows.keys()]) if (!there.has(id)) remove(id);
}

// A browser tries again by itself when a connection breaks, but not after an answer such as 502 of a proxy.
let isLost = false;
function follow() {
  const news = new EventSource('/api/v1/events');
  news.addEventListener('job', (event) => { show(JSON.parse(event.data)); });
  news.addEventListener('dropped', (event) => { remove(JSON.parse(event.data).id); });
  news.addEventListener('open', () => {
    if (isLost) {
      say('The service answers again.');
      forget().catch(() => undefined);
    }
    isLost = false;
  });
  news.addEventListener('error', () => {
    if (!isLost) say('The service does not answer now; this page goes on when it does.');
    isLost = true;
    if (news.readyState !== EventSource.CLOSED) return;
    news.close();
    // A session that is over: the page says where to sign in.
    fetch('/api/v1').then((answer) => { if (answer.status === 401) location.reload(); }, () => undefined);
    setTimeout(follow, 2000 + 1000 * Math.random());
  });
}
follow();

async function introduce() {
  const { version, protocols, locations, signedInAs } = await (await fetch('/api/v1')).json();
  const list = document.getElementById('about');
  const names = (items) => items.join(', ') || 'none';
  const facts = { Version: 'imsc ' + version, Address: location.origin, Protocols: names(protocols), Locations: names(locations.map((each) => each.name)) };
  for (const [name, text] of Object.entries(facts)) list.append(make('dt', name), make('dd', text));
  list.hidden = false;
  if (signedInAs === null) return;
  const out = make('button', 'Sign out');
  out.type = 'button';
  out.addEventListener('click', async () => {
    await fetch('/logout', { method: 'POST' });
    location.reload();
  });
  const account = document.getElementById('account');
  account.append('Signed in as ' + shown(signedInAs) + ' ', out);
  account.hidden = false;
}
introduce().catch(() => undefined);
`;

/** The page for people: what the service is, and its ingestions as they go on. Texts of others only ever become text nodes. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Ingest service</title>
<link rel="stylesheet" href="/api/v1/page.css">
<script src="/api/v1/page.js" defer></script>
</head>
<body>
<header><h1>Ingest service</h1><p id="about"></p></header>
<main>
<h2 id="jobs-title">Ingestions</h2>
<p id="none">None yet.</p>
<table aria-labelledby="jobs-title" hidden>
<thead><tr><th scope="col">Job</th><th scope="col">What</th><th scope="col">State</th><th scope="col">Dataset and findings</th><th scope="col">Do</th></tr></thead>
<tbody></tbody>
</table>
<p id="news" role="status" class="quiet"></p>
</main>
</body>
</html>
`;

export const pageCss = `:root { color-scheme: light dark; font: 100%/1.45 system-ui, sans-serif; --line: color-mix(in srgb, CanvasText 18%, Canvas); }
body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 3rem; background: Canvas; color: CanvasText; }
h1 { font-size: 1.5rem; margin: .5rem 0 0; } h2 { font-size: 1.1rem; margin-top: 1.75rem; }
#about, .quiet { color: color-mix(in srgb, CanvasText 70%, Canvas); }
table { width: 100%; border-collapse: collapse; }
th { text-align: start; font-weight: 600; } th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.what { overflow-wrap: anywhere; } ul { margin: .2rem 0 0; padding-inline-start: 1.1rem; }
.state { display: inline-block; padding: 0 .5rem; border: 1px solid currentColor; border-radius: 1rem; white-space: nowrap; }
.done { color: light-dark(#146c2e, #7bd88f); } .failed, .rejected { color: light-dark(#a3121c, #ff9a9a); } .loading, .verified, .deposited { color: light-dark(#0b57a4, #8cc4ff); }
button { font: inherit; padding: .15rem .7rem; margin: 0 .3rem .3rem 0; }
@media (max-width: 40rem) {
  thead { display: none; } table, tbody, tr, tbody th, td { display: block; }
  tr { padding: .45rem 0; border-bottom: 1px solid var(--line); } tbody th, td { padding: .1rem 0; border: 0; } tbody th::before { content: 'Job '; }
}
`;

export const pageJs = `'use strict';
const rows = new Map();
const body = document.querySelector('tbody');
const make = (name, text, kind) => { const made = document.createElement(name); if (text !== undefined) made.textContent = text; if (kind) made.className = kind; return made; };
const say = (text) => { document.getElementById('news').textContent = text; };
const offered = ['cancel', 'resume', 'approve'];
// What waits for something else goes on by itself.
const isOffered = (name, job) => job.can.includes(name) && (name !== 'approve' || job.hold.for === 'approval');
async function act(name, job) {
  const answer = await fetch('/api/v1/jobs/' + encodeURIComponent(job.id) + '/' + name, { method: 'POST' });
  const said = await answer.json();
  say(answer.ok ? 'Job ' + job.id + ': ' + name + ' done.' : said.message);
}
function stateOf(job) {
  if (job.hold) return 'waits: ' + job.hold.for;
  return job.status + (job.running && job.step ? ': ' + job.step : '') + (job.status === 'done' && job.outcome ? ': ' + job.outcome : '');
}
function show(job) {
  let row = rows.get(job.id);
  const before = row && row.dataset.state;
  const had = row && row.contains(document.activeElement) ? document.activeElement.name || '' : undefined;
  if (!row) { row = make('tr'); rows.set(job.id, row); body.prepend(row); }
  row.dataset.state = stateOf(job);
  const what = make('td', job.folder || job.dataFile || job.tag || job.protocol, 'what');
  what.append(make('div', job.protocol + (job.owner ? ', ' + job.owner : '') + ', ' + new Date(job.created).toLocaleString(), 'quiet'));
  const state = make('td'); state.append(make('span', stateOf(job), 'state ' + job.status));
  if (job.progress) state.append(make('div', job.progress.done + ' ' + job.progress.unit, 'quiet'));
  const found = make('td', job.pid || '', 'what');
  if (job.problems.length > 0) { const list = make('ul'); for (const one of job.problems) list.append(make('li', one.message)); found.append(list); }
  const can = make('td');
  for (const name of offered) if (isOffered(name, job)) {
    const button = make('button', name[0].toUpperCase() + name.slice(1)); button.name = name; button.type = 'button';
    button.setAttribute('aria-label', button.textContent + ' job ' + job.id);
    button.addEventListener('click', () => { act(name, job).catch((error) => { say(String(error.message)); }); });
    can.append(button);
  }
  const head = make('th', job.id); head.scope = 'row'; head.tabIndex = -1;
  row.replaceChildren(head, what, state, found, can);
  // Where its button has gone, the next Tab goes on from its row.
  if (had !== undefined) (row.querySelector('button[name="' + had + '"]') || head).focus();
  document.querySelector('table').hidden = false; document.getElementById('none').hidden = true;
  if (before !== undefined && before !== row.dataset.state) say('Job ' + job.id + ': ' + stateOf(job) + '.');
}
const news = new EventSource('/api/v1/events');
news.addEventListener('job', (event) => { show(JSON.parse(event.data)); });
news.addEventListener('error', () => { say('The service does not answer now; this page goes on when it does.'); });
news.addEventListener('open', () => { say(''); });
fetch('/api/v1').then((answer) => answer.json()).then((about) => {
  document.getElementById('about').textContent = 'imsc ' + about.version + ' at ' + about.address + '. Protocols: ' + about.protocols.join(', ') + '. Locations: ' + (about.locations.map((each) => each.name).join(', ') || 'none') + '.';
});
`;

/** Light and dark as the person has it; on a narrow page each row becomes a block, and nothing is cut. */
export const pageCss = `:root {
  color-scheme: light dark;
  font: 100%/1.45 system-ui, sans-serif;
  --line: color-mix(in srgb, CanvasText 20%, Canvas);
  --quiet: color-mix(in srgb, CanvasText 72%, Canvas);
  --good: light-dark(#146c2e, #7bd88f);
  --bad: light-dark(#a3121c, #ff9a9a);
  --busy: light-dark(#0b57a4, #8cc4ff);
  --warn: light-dark(#7a4b00, #f2c46d);
}
* { box-sizing: border-box; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0 0; }
dt, .quiet { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
#news { margin: 0 0 .75rem; min-height: 1.45em; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .6rem 1rem .6rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
thead th { font-weight: 600; color: var(--quiet); padding-block: .25rem; }
td { overflow-wrap: anywhere; }
th:nth-child(2) { width: 30%; }
td:nth-child(3) { min-width: 11rem; }
td:last-child { padding-inline-end: 0; }
ul { margin: .3rem 0 0; padding: 0; list-style: none; }
li { margin-top: .2rem; white-space: pre-line; }
.error b { color: var(--bad); }
.warning b { color: var(--warn); }
.state { display: inline-block; padding: 0 .6rem; border: 1px solid currentColor; border-radius: 1rem; }
.done { color: var(--good); }
.failed, .rejected, .expired { color: var(--bad); }
.deposited, .verified, .loading { color: var(--busy); }
.waits { color: var(--warn); }
progress { display: block; width: 100%; max-width: 12rem; height: .6rem; margin-top: .4rem; accent-color: var(--busy); }
a { display: inline-block; color: LinkText; }
a, button { min-height: 1.75rem; }
button { font: inherit; min-width: 4.5rem; padding: .2rem .75rem; margin: 0 .35rem .35rem 0; overflow-wrap: normal; }
:focus-visible { outline: 2px solid var(--busy); outline-offset: 2px; }
@media (max-width: 48rem) {
  main { padding-inline: 1rem; }
  table, tbody, tbody tr, tbody th, tbody td { display: block; }
  th:nth-child(2) { width: auto; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tbody tr { padding: .75rem 0; border-bottom: 1px solid var(--line); }
  tbody th, tbody td { padding: .15rem 0; border: 0; }
  tbody td:nth-child(3) { min-width: 0; }
  tbody td:empty { display: none; }
  tbody th::before { content: 'Job '; }
}
`;

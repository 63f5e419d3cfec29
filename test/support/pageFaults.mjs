// What keeps people from reading a page or from pressing what is on it, for all pages that there are.
import axe from 'axe-core';

/** How a page may look outside of an editor. */
export const looks = /** @type {const} */ ([
  { colorScheme: 'light' },
  { colorScheme: 'dark' },
  { forcedColors: 'active' },
]);
/** Of a screen, and of a telephone. */
export const widths = [1280, 320];

/**
 * Runs in the page. What can be pressed is gone through with the focus, to the end and back, as with the Tab key. Heads
 * of tables are for who hears a narrow page, and not seen.
 */
const look = `(async () => {
  const { violations } = await axe.run({ rules: { 'target-size': { enabled: true } } });
  const faults = violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html + node.failureSummary).join('; '));
  const fault = (what, { outerHTML }) => faults.push(what + ': ' + outerHTML.slice(0, 120));
  if (document.documentElement.scrollWidth > innerWidth) faults.push('it is wider than the window');
  if (innerWidth < 640) {
    for (const each of document.querySelectorAll('main *:not(thead, thead *)'))
      if (each.clientWidth > 0 && each.scrollWidth > each.clientWidth && getComputedStyle(each).display !== 'inline')
        fault('cut off', each);
    for (const row of document.querySelectorAll('tbody tr')) {
      const cells = [...row.children].filter((cell) => cell.checkVisibility());
      if (new Set(cells.map((cell) => Math.round(cell.getBoundingClientRect().left))).size > 1)
        fault('cells beside each other', row);
    }
  }
  const all = document.querySelectorAll('a[href], button, input, select, summary');
  const pressable = [...all].filter((each) => each.checkVisibility());
  for (const each of [...pressable, ...pressable.toReversed()]) {
    each.focus();
    const [{ left, top, width, height }] = each.getClientRects();
    if (width < 24 || height < 24) fault('too small', each);
    const met = document.elementFromPoint(left + width / 2, top + height / 2);
    if (met === null || !(each.contains(met) || met.contains(each))) fault('hidden with the focus', each);
  }
  return [...new Set(faults)];
})()`;

/**
 * @param {import('playwright-core').Page | import('playwright-core').Frame} page as wide as it is now
 * @returns {Promise<readonly string[]>} a line for each fault
 */
export async function pageFaults(page) {
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe.source);
  return page.evaluate(look);
}

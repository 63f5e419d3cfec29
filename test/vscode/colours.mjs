// That variables and NeXus paths inside texts have colours of their own, as the person sees them.
import { setTimeout as wait } from 'node:timers/promises';
import { openFile } from './person.mjs';

/** The texts of the active editor with their colour, in order, as [text, colour]. */
function colouredTexts(page) {
  return page.locator('.editor-instance .view-line span span').evaluateAll((spans) =>
    // The editor shows spaces as no-break spaces.
    spans.map((span) => [span.textContent.replaceAll('\u00a0', ' ').trim(), getComputedStyle(span).color]),
  );
}

async function coloursOf(page) {
  const texts = await colouredTexts(page);
  const colourOf = (part) => texts.find(([text]) => text.includes(part))?.[1];
  return {
    key: colourOf('value_type'),
    text: colourOf('Proposal'),
    // Its definition is a key; what counts is its last use, inside a text.
    variable: texts.filter(([text]) => text === 'proposal_number').at(-1)?.[1],
    path: colourOf('/experiment_identifier'),
    address: colourOf('example.org/entry'),
  };
}

/** Rejects with the colours of a schema in which they are not as they should be. */
export async function checkColours(page) {
  for (const name of ['coda.imsc.yml', 'coda.imsc.json']) {
    await openFile(page, name);
    for (let attempt = 1; ; attempt++) {
      const colours = await coloursOf(page);
      const { key, text, variable, path, address } = colours;
      const distinct = new Set([key, text, variable, path]);
      if (!distinct.has(undefined) && distinct.size === 4 && address === text) break;
      if (attempt === 50) throw new Error(`${name}: ${JSON.stringify(colours)}`);
      await wait(100); // texts come first, their colours a moment later
    }
  }
}

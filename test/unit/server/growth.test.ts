import { expect, it } from 'vitest';
import { Snapshot } from '../../../server/snapshot.ts';
import { propose } from '../../../server/features/completion/propose.ts';

/** A schema of so many variables, each of which refers to the one before. */
function schemaText(variables: number): string {
  const numbers = Array.from({ length: variables }, (_, index) => index);
  const variable = (index: number): string =>
    `  v${index}: {source: VALUE, value: 'a <v${Math.max(index - 1, 0)}> <nothing${index}>', value_type: string}`;
  const field = (index: number): string =>
    `  f${index}: {field_type: scientific_metadata, machine_name: n${index}, value: <v${index}>, type: string}`;
  return `id: a\nname: a\norder: 1\nvariables:\n${numbers.map(variable).join('\n')}\nschema:\n${numbers.map(field).join('\n')}\n`;
}

/** Counts how often a part of a parsed schema is looked at while something is asked of its model. */
async function looks(variables: number, ask: (snapshot: Snapshot, text: string) => unknown): Promise<number> {
  const text = schemaText(variables);
  const snapshot = new Snapshot('file:///a/b.imsc.yml', 1, 'yaml', text);
  let count = 0;
  const watch = (node: object): void => {
    for (const [key, content] of Object.entries(node) as [string, unknown][]) {
      if (typeof content === 'object' && content !== null) watch(content);
      if (!['range', 'entries', 'items', 'kind', 'value'].includes(key)) continue;
      Object.defineProperty(node, key, { get: () => (count++, content) });
    }
  };
  watch(snapshot.tree.root ?? {});
  await ask(snapshot, text);
  return count;
}

it.each<[string, (snapshot: Snapshot, text: string) => unknown]>([
  ['its problems', (snapshot) => snapshot.problems],
  ['its occurrences', (snapshot) => snapshot.occurrences.all],
  ['proposals in the middle', (snapshot, text) => propose(snapshot, text.indexOf('<v', text.length >> 1) + 2)],
  [
    'proposals at every hundredth place, on one model',
    async (snapshot, text) => {
      for (let part = 1; part < 100; part += 1) await propose(snapshot, Math.floor((text.length * part) / 100));
    },
  ],
])('a schema twice as large takes no more than twice the work: %s', async (_what, ask) => {
  const once = await looks(1000, ask);
  const twice = await looks(2000, ask);
  expect(once).toBeGreaterThan(100);
  expect(twice / once).toBeLessThan(2.2);
});

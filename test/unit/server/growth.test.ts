import { expect, it } from 'vitest';
import { Snapshot } from '../../../server/documents/snapshot.ts';
import { evaluate } from '../../../core/imsc/evaluation/evaluate.ts';
import type { Evaluation } from '../../../core/imsc/evaluation/evaluation.ts';
import { nexusReader } from '../../../core/ingest/sources/nexusReader.ts';
import { problemsOfEvaluation } from '../../../core/ingest/trial/sampleProblems.ts';
import type { NexusFile } from '../../../core/nexus/model.ts';
import { propose } from '../../../server/features/completion/propose.ts';
import { explainAt } from '../../../server/features/hover.ts';
import { hintsOf } from '../../../server/features/inlayHint.ts';

/** A schema of so many variables from a file, and as many that refer to the one before. */
function schemaText(variables: number): string {
  const numbers = Array.from({ length: variables }, (_, index) => index);
  const variable = (index: number): string =>
    `  v${index}: {source: VALUE, value: 'a <v${Math.max(index - 1, 0)}> <nothing${index}>', value_type: string}`;
  const field = (index: number): string =>
    `  f${index}: {field_type: scientific_metadata, machine_name: n${index}, value: <v${index}>, type: string}`;
  const read = (index: number): string => `  r${index}: {source: NXS, path: /entry/log_${index}, value_type: float}`;
  const defined = [...numbers.map(read), ...numbers.map(variable)].join('\n');
  return `id: a\nname: a\norder: 1\nvariables:\n${defined}\nschema:\n${numbers.map(field).join('\n')}\n`;
}

/** A file in which every path is a number. */
const file = {
  path: '/sample.nxs',
  read: (path: string) => {
    const dataset = { kind: 'dataset', path, type: { kind: 'float', bits: 64 }, shape: [], units: 'mm' } as const;
    return Promise.resolve({ dataset, elements: [1.5], truncated: false, invalidUtf8: false });
  },
} as unknown as NexusFile;

function evaluationOf({ schema }: Snapshot): Promise<Evaluation> {
  const paths = schema.variables.flatMap(({ source }, index) => (source === 'NXS' ? [`/entry/log_${index}`] : []));
  return evaluate(schema, { data: nexusReader(file, paths), catalogue: { unavailable: '' }, builtIns: {} });
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
  ['its problems', (snapshot) => snapshot.problemsIn()],
  ['its occurrences', (snapshot) => snapshot.occurrences.all],
  ['proposals in the middle', (snapshot, text) => propose(snapshot, text.indexOf('<v', text.length >> 1) + 2)],
  [
    'proposals at every hundredth place, on one model',
    async (snapshot, text) => {
      for (let part = 1; part < 100; part += 1) await propose(snapshot, Math.floor((text.length * part) / 100));
    },
  ],
  [
    'its values in a sample and what the sample has against it',
    async (snapshot) => {
      const evaluation = await evaluationOf(snapshot);
      expect([...evaluation.variables.values()].some(({ outcome }) => outcome.state === 'known')).toBe(true);
      return problemsOfEvaluation(evaluation, file, snapshot.staticEvaluation);
    },
  ],
  ['all of its hints', async (snapshot) => hintsOf(snapshot, await evaluationOf(snapshot))],
  [
    'the hints of a screen in the middle',
    async (snapshot, text) => {
      const evaluation = await evaluationOf(snapshot);
      return hintsOf(snapshot, evaluation, { start: text.length >> 1, end: (text.length >> 1) + 2000 });
    },
  ],
  [
    'explanations at every hundredth place',
    async (snapshot, text) => {
      const evaluation = await evaluationOf(snapshot);
      for (let part = 1; part < 100; part += 1) {
        await explainAt(snapshot, Math.floor((text.length * part) / 100), { evaluation });
      }
    },
  ],
])('a schema twice as large takes no more than twice the work: %s', async (_what, ask) => {
  const once = await looks(1000, ask);
  const twice = await looks(2000, ask);
  expect(once).toBeGreaterThan(100);
  expect(twice / once).toBeLessThan(2.2);
});

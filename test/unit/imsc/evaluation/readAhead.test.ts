import { expect, it } from 'vitest';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import { nexusReader } from '../../../../core/ingest/sources/nexusReader.ts';
import type { NexusData, NexusFile } from '../../../../core/nexus/model.ts';

const paths = Array.from({ length: 500 }, (_, index) => `/entry/log_${index}/value`);
const variables = paths.map((path, index) => `  v${index}: {source: NXS, path: ${path}, value_type: float}`);
const schema = bindSchema(parseTree(`variables:\n${variables.join('\n')}\nschema: {}\n`, 'yaml'));

/** A file in which each value must be given by hand. */
function slowFile(): { file: NexusFile; asked: string[]; giveAll: () => void } {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const read: NexusFile['read'] = (path) => {
    asked.push(path);
    const dataset = { kind: 'dataset', path, type: { kind: 'float', bits: 64 }, shape: [], units: 'mm' } as const;
    const data: NexusData = { dataset, elements: [1.5], truncated: false, invalidUtf8: false };
    return new Promise((resolve) => {
      waiting.push(() => {
        resolve(data);
      });
    });
  };
  return {
    file: { path: '/slow.nxs', read } as NexusFile,
    asked,
    giveAll: () => {
      for (const give of waiting.splice(0)) give();
    },
  };
}

const others = { catalogue: { unavailable: 'not asked' }, builtIns: {} };

it('values are asked for several at a time, each once', async () => {
  const { file, asked, giveAll } = slowFile();
  const evaluation = evaluate(schema, { data: nexusReader(file, paths), ...others });
  let rounds = 0;
  while (asked.length < paths.length) {
    giveAll();
    rounds += 1;
    await new Promise(setImmediate);
  }
  giveAll();
  expect(asked).toEqual(paths);
  expect(rounds).toBeLessThan(30);
  const outcomes = [...(await evaluation).variables.values()].filter(({ variable }) => variable !== undefined);
  expect(outcomes.filter(({ outcome }) => outcome.state === 'known')).toHaveLength(paths.length);
});

it('an evaluation that is given up asks for little more than it has got', async () => {
  const { file, asked, giveAll } = slowFile();
  const abort = new AbortController();
  const evaluation = evaluate(schema, { data: nexusReader(file, paths), ...others, signal: abort.signal });
  giveAll();
  await new Promise(setImmediate);
  const before = asked.length;
  abort.abort(new Error('outdated'));
  giveAll();
  await expect(evaluation).rejects.toThrow('outdated');
  expect(before).toBeLessThan(100);
  expect(asked).toHaveLength(before);
});

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { openNexus } from '../../../core/nexus/file.ts';
import { preferQuickStart } from '../../../core/nexus/quickStart.ts';
import type { NexusFile } from '../../../core/nexus/model.ts';
import { noPython } from '../bench.ts';
import type { Bench } from '../bench.ts';
import { nodesFile, scalarPath, scalarsFile, sparseFile, wideFile } from '../inputs/nexus.ts';
import { elapsed, interleaved, measuredBy, median, repeated } from '../measure.ts';
import type { Row } from '../row.ts';

const area = 'nexus';
const rounds = 5;

/**
 * Reading in this thread, the library loaded as the programs load it; and in a process of its own where memory is
 * measured. What the peer repeats in its process, we repeat as often: medians of medians.
 */
export async function nexusArea(bench: Bench): Promise<void> {
  preferQuickStart();
  await farValue(bench);
  await listings(bench);
  await walks(bench);
  await scalars(bench);
}

function h5py(bench: Bench, ...args: string[]): Record<string, number> {
  return bench.python === undefined ? {} : measuredBy(bench.python, [bench.script('readNexus.py'), ...args]);
}

function peer(bench: Bench, value: number): NonNullable<Row['peer']> {
  return bench.python === undefined ? noPython : { name: 'h5py', value };
}

async function farValue(bench: Bench): Promise<void> {
  const file = await sparseFile(bench, 6);
  // The memory of this process is full of other things.
  const script = join(bench.dist, 'bench', 'farValue.js');
  const reads = Array.from({ length: rounds }, () => measuredBy(process.execPath, [script, file, '/entry/last']));
  const theirs = Array.from({ length: rounds }, () => h5py(bench, 'last', file, '/entry/last'));
  const middle = (results: readonly Record<string, number>[], name: string): number =>
    median(results.map((result) => result[name] ?? NaN));
  bench.add({
    area,
    what: 'open a file of 6 GB and read a number at its end',
    unit: 'ms',
    ours: middle(reads, 'ms'),
    peer: peer(bench, middle(theirs, 'ms')),
    target: { atMost: 2 },
  });
  bench.add({
    area,
    what: '… more memory',
    unit: 'MB',
    ours: middle(reads, 'megabytes'),
    peer: peer(bench, middle(theirs, 'megabytes')),
    target: { atMost: 10 },
  });
}

async function listings(bench: Bench): Promise<void> {
  const group = '/entry/group_00000';
  const list = async (path: string, limit: number): Promise<number> => {
    const file = await openNexus(path);
    try {
      return await elapsed(() => file.childKinds(group, { offset: 0, limit }));
    } finally {
      await file.close();
    }
  };
  for (const [children, atMost] of [
    [10, 1],
    [1_000, 12],
    [100_000, 50],
  ] as const) {
    const path = await wideFile(bench, children);
    const limit = Math.min(children, 1_000);
    const times = await interleaved(rounds, {
      ours: () => repeated(5, () => list(path, children === limit ? limit : 100)),
      theirs: () => h5py(bench, 'list', path, group, String(children === limit ? limit : 100))['ms'] ?? NaN,
    });
    const what = children === limit ? `list ${children} children with their kinds` : 'first 100 of 100,000 children';
    const target = children === limit ? { atMost } : { ratioAtMost: 0.1 };
    bench.add({ area, what, unit: 'ms', ours: times.ours, peer: peer(bench, times.theirs), target });
    if (children === 1_000) await fullListing(bench, path, group);
  }
}

async function fullListing(bench: Bench, path: string, group: string): Promise<void> {
  const list = async (): Promise<number> => {
    const file = await openNexus(path);
    try {
      return await elapsed(() => file.children(group));
    } finally {
      await file.close();
    }
  };
  const times = await interleaved(rounds, {
    ours: () => repeated(5, list),
    theirs: () => h5py(bench, 'full', path, group)['ms'] ?? NaN,
  });
  bench.add({
    area,
    what: 'list 1000 children with types, shapes and units',
    unit: 'ms',
    ours: times.ours,
    peer: peer(bench, times.theirs),
    target: { ratioAtMost: 0.3 },
  });
}

/** Names, kinds, types, shapes and units of everything. */
async function walk(file: NexusFile): Promise<number> {
  let seen = 0;
  const groups = ['/'];
  for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
    for (const { path, kind } of (await file.children(group)).nodes) {
      seen += 1;
      if (kind === 'group') groups.push(path);
    }
  }
  return seen;
}

async function walks(bench: Bench): Promise<void> {
  for (const nodes of [1_000, 10_000, 100_000, ...(bench.large ? [1_000_000] : [])]) {
    const path = await nodesFile(bench, nodes);
    const times = await interleaved(
      nodes > 10_000 ? 1 : 3,
      {
        ours: () =>
          elapsed(async () => {
            const file = await openNexus(path);
            await walk(file);
            await file.close();
          }),
        theirs: () => h5py(bench, 'walk', path, nodes > 10_000 ? '1' : '3')['ms'] ?? NaN,
      },
      nodes > 10_000 ? 0 : 1,
    );
    bench.add({
      area,
      what: `walk of ${nodes} nodes with types, shapes and units`,
      unit: 'ms',
      ours: times.ours,
      peer: peer(bench, times.theirs),
      ...(nodes >= 10_000 && { target: { ratioAtMost: 0.12 } }),
    });
  }
}

async function scalars(bench: Bench): Promise<void> {
  const path = await scalarsFile(bench, 60);
  const read = (): Promise<number> =>
    elapsed(async () => {
      const file = await openNexus(path);
      for (let index = 0; index < 60; index += 1) await file.read(scalarPath(index));
      await file.close();
    });
  const first: number[] = [];
  const times = await interleaved(rounds, {
    ours: async () => {
      first.push(await read());
      return repeated(7, read);
    },
    theirs: () => h5py(bench, 'scalars', path, '60')['ms'] ?? NaN,
  });
  bench.add({
    area,
    what: 'open a file and read 60 scalars with units',
    unit: 'ms',
    ours: times.ours,
    peer: peer(bench, times.theirs),
    target: { ratioAtMost: 0.3 },
  });
  bench.add({ area, what: '… the first time after a pause', unit: 'ms', ours: median(first) });
  // On a network, each read takes a millisecond or more, however little it reads.
  const before = fs.readSync;
  const never = new Int32Array(new SharedArrayBuffer(4));
  let reads = 0;
  fs.readSync = new Proxy(before, {
    apply: (target, self, args): number => {
      reads += 1;
      Atomics.wait(never, 0, 0, 1);
      return Number(Reflect.apply(target, self, args));
    },
  });
  syncBuiltinESMExports();
  const slow: number[] = [];
  for (let round = 0; round < rounds; round += 1) slow.push(await read());
  fs.readSync = before;
  syncBuiltinESMExports();
  reads /= rounds;
  bench.add({ area, what: '… reads of the file', unit: 'reads', ours: reads, target: { atMost: 59 } });
  bench.add({ area, what: '… where each read takes 1 ms', unit: 'ms', ours: median(slow) });
}

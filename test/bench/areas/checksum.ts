import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { noPython } from '../bench.ts';
import { randomNumbers } from '../inputs/random.ts';
import { elapsed, interleaved, measuredBy, processTime, works } from '../measure.ts';

const area = 'checksum';
const megabytes = 1024;

function bigFile(bench: Bench, seed: number): string {
  const file = join(bench.inputs, `random-${megabytes}-${seed}`);
  if (existsSync(file)) return file;
  const random = randomNumbers(seed);
  const piece = Buffer.from(Uint32Array.from({ length: 2 ** 20 }, () => random() * 2 ** 32).buffer);
  const out = openSync(`${file}.new`, 'w');
  for (let written = 0; written < megabytes; written += piece.length / 2 ** 20) writeSync(out, piece);
  closeSync(out);
  renameSync(`${file}.new`, file);
  return file;
}

/** Has the system forget what it has read of a file. */
function forget(python: string, file: string): void {
  spawnSync(python, [
    '-c',
    `import os; f = os.open(${JSON.stringify(file)}, os.O_RDONLY); os.fsync(f); os.posix_fadvise(f, 0, 0, os.POSIX_FADV_DONTNEED)`,
  ]);
}

/** Milliseconds of one process for each argument, all at once. */
function bothAtOnce(command: string, args: readonly string[]): Promise<number> {
  return elapsed(() => Promise.all(args.map((arg) => once(spawn(command, [arg], { stdio: 'ignore' }), 'exit'))));
}

export async function checksumArea(bench: Bench): Promise<void> {
  const [first, second] = [bigFile(bench, 1), bigFile(bench, 2)];
  const { python } = bench;
  const script = join(bench.dist, 'bench', 'hashFiles.js');
  const bytes = megabytes * 2 ** 20;
  const rate = (milliseconds: number, files = 1): number => (files * bytes) / 1e3 / milliseconds;
  let memory = 0;
  const ours =
    (...files: string[]) =>
    (): number => {
      const { ms = NaN, megabytes: peak = NaN } = measuredBy(process.execPath, [script, ...files]);
      if (files.length === 1) memory = Math.max(memory, peak);
      return rate(ms, files.length);
    };
  const hasB2sum = works('b2sum', ['--version']);
  const b2sum = (): number => (hasB2sum ? rate(processTime('b2sum', [first])) : NaN);
  const hashlib = (): number =>
    python === undefined ? NaN : rate(measuredBy(python, [bench.script('hashFile.py'), first])['ms'] ?? NaN);
  const cached = await interleaved(5, { ours: ours(first), b2sum, hashlib });
  const cold = await interleaved(
    python === undefined ? 0 : 3,
    {
      ours: () => (forget(python ?? '', first), ours(first)()),
      b2sum: () => (forget(python ?? '', first), b2sum()),
    },
    0,
  );
  const several = await interleaved(5, {
    one: ours(first),
    two: ours(first, second),
    b2sums: () => (hasB2sum ? bothAtOnce('b2sum', [first, second]).then((ms) => rate(ms, 2)) : NaN),
  });
  const peer = (value: number) => (hasB2sum ? { name: 'b2sum', value } : 'absent: b2sum');
  const common = { area, unit: 'MB/s' };
  bench.add({
    ...common,
    what: 'blake2b, file in memory',
    ours: cached.ours,
    peer: peer(cached.b2sum),
    target: { ratioAtLeast: 1.05 },
  });
  bench.add({
    ...common,
    what: 'blake2b, file in memory',
    ours: cached.ours,
    peer: python === undefined ? noPython : { name: 'hashlib, as the Python ingestor reads', value: cached.hashlib },
  });
  if (python !== undefined) {
    bench.add({
      ...common,
      what: 'blake2b, file on disk',
      ours: cold.ours,
      peer: peer(cold.b2sum),
      target: { ratioAtLeast: 0.95 },
    });
  }
  bench.add({
    ...common,
    what: 'two files at once',
    ours: several.two,
    peer: { name: 'one file', value: several.one },
    target: { ratioAtLeast: 1.7 },
  });
  bench.add({
    ...common,
    what: 'two files at once',
    ours: several.two,
    peer: hasB2sum ? { name: 'two processes of b2sum', value: several.b2sums } : 'absent: b2sum',
  });
  bench.add({ area, what: 'memory of the process, one file', unit: 'MB', ours: memory, target: { atMost: 80 } });
}

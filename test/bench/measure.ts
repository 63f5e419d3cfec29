import { spawnSync } from 'node:child_process';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

type Trial = () => number | Promise<number>;

/**
 * Runs trials by turns, so that whatever else the machine does meets all of them alike.
 * @param trials each returns its own measurement (usually `elapsed`)
 * @returns the median of each trial
 */
export async function interleaved<Name extends string>(
  rounds: number,
  trials: Readonly<Record<Name, Trial>>,
  warmUp = 1,
): Promise<Record<Name, number>> {
  const names = Object.keys(trials) as Name[];
  const found = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of names) {
      const value = await trials[name]();
      if (round >= 0) found.get(name)?.push(value);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(found.get(name) ?? [])])) as Record<Name, number>;
}

/** Milliseconds that something takes. */
export async function elapsed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The median of so many runs, one straight after the other. */
export async function repeated(runs: number, trial: Trial): Promise<number> {
  const found: number[] = [];
  for (let run = 0; run < runs; run += 1) found.push(await trial());
  return median(found);
}

/** Milliseconds of a whole process, from its start to its end. It must succeed. */
export function processTime(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.toString()}`);
  return time;
}

/** What a program that measures itself prints: one JSON document. */
export function measuredBy(command: string, args: readonly string[], input = ''): Record<string, number> {
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout) as Record<string, number>;
}

/** Whether a program is there and can do this. */
export function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NexusError } from '../../../core/nexus/model.ts';
import type { Element, NexusFile } from '../../../core/nexus/model.ts';
import { NexusOpener } from '../../../core/nexus/worker/openInTime.ts';
import { bundle, nexusWorkerEntry } from '../../support/bundledWorker.ts';
import { temporaryFolder } from '../../support/nexusFiles.ts';
import { fuzzing, patience } from './fuzzing.ts';
import { damagedStructure, structuralDamage } from './hdf5Mutants.ts';
import { sources } from './hdf5Sources.ts';

const folder = temporaryFolder();

/** Milliseconds for one answer in this thread, and in the other one: a fuzzer has less patience than a command. */
const hereMs = 500;
const thereMs = 2_000;
/** Milliseconds for all of one file, beyond which it counts as a hang. */
const wholeMs = 30_000;

/** Files that are read wrongly are kept there. */
const kept = join(tmpdir(), `imsc-mutants-${process.pid}`);

const python = spawnSync('/usr/bin/python3', ['-c', 'import h5py']).status === 0 ? '/usr/bin/python3' : undefined;
let h5py: ChildProcessByStdio<Writable, Readable, null> | undefined;
let answers: AsyncIterator<string> | undefined;
let opener: NexusOpener;

beforeAll(async () => {
  opener = new NexusOpener(
    { workerUrl: await bundle(join(folder, 'dist'), nexusWorkerEntry()), timeout: thereMs },
    hereMs,
  );
  if (python === undefined) {
    console.log('h5py is not installed: values are not compared.');
    return;
  }
  h5py = spawn(python, [join(import.meta.dirname, 'readH5.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  answers = createInterface({ input: h5py.stdout })[Symbol.asyncIterator]();
}, 120_000);
afterAll(() => {
  h5py?.kill();
});

/** Values as `readH5.py` prints them; null for what is not compared. */
type Values = Readonly<Record<string, readonly (string | null)[]>>;

async function readByH5py(file: string): Promise<Values> {
  if (!h5py || !answers) return {};
  h5py.stdin.write(`${file}\n`);
  const line = await answers.next();
  return line.done ? {} : ((JSON.parse(line.value) as Values | null) ?? {});
}

async function readHere(path: string): Promise<{ values: Values; isTooSlow: boolean }> {
  const values: Record<string, readonly (string | null)[]> = {};
  let isTooSlow = false;
  const tolerate = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return isTooSlow ? undefined : await work();
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      isTooSlow ||= error.code === 'reader-crashed';
      return undefined;
    }
  };
  const visit = async (file: NexusFile, group: string, depth: number): Promise<void> => {
    const page = await tolerate(() => file.children(group, { offset: 0, limit: 1_000 }));
    for (const node of page?.nodes ?? []) {
      await tolerate(() => file.attributes(node.path));
      if (node.kind === 'group' && depth > 0 && Object.keys(values).length < 2_000) {
        await visit(file, node.path, depth - 1);
      }
      if (node.kind !== 'dataset') continue;
      const data = await tolerate(() => file.read(node.path, 1_000));
      if (data && !data.truncated)
        values[node.path] = data.elements.map((element) => printed(element, data.dataset.type.kind));
    }
  };
  const file = await tolerate(() => opener.open(path));
  if (file) {
    await visit(file, '/', 8);
    await file.close();
  }
  return { values, isTooSlow };
}

function printed(element: Element, kind: string): string | null {
  if (typeof element === 'string') return element;
  if (kind === 'integer' && (typeof element === 'number' || typeof element === 'bigint')) return String(element);
  return kind === 'float' && typeof element === 'number' ? `float ${element}` : null;
}

function isSame(here: string | null, there: string | null): boolean {
  if (here === null || there === null) return true;
  if (here.startsWith('float ')) {
    const number = there === 'inf' ? Infinity : there === '-inf' ? -Infinity : Number(there);
    return Object.is(Number(here.slice(6)), number);
  }
  const bare = (text: string): string => text.replace(/[\0 ]+$/, '');
  // h5py gives bytes; here they are UTF-8, or Latin-1 where they are none.
  return [here, Buffer.from(here).toString('latin1')].some((text) => bare(text) === bare(there));
}

test(
  'NeXus files with damaged structures: no hang, no death, no value that h5py reads otherwise',
  { timeout: patience },
  async () => {
    const seen = { mutants: 0, readHere: 0, readByH5py: 0, values: 0, tooSlow: 0, slowest: 0 };
    const faults: string[] = [];
    // Looking for a smaller damage would take longer than looking at the file.
    const keep = (path: string, fault: string): void => {
      mkdirSync(kept, { recursive: true });
      const copy = join(kept, `${seen.mutants}.nxs`);
      copyFileSync(path, copy);
      faults.push(`${copy}: ${fault}`);
    };
    const property = fc.asyncProperty(
      fc.constantFrom(...sources),
      fc.array(structuralDamage, { minLength: 1, maxLength: 2 }),
      async (source, damages) => {
        seen.mutants += 1;
        const path = join(folder, `${seen.mutants % 8}.nxs`);
        writeFileSync(path, damagedStructure(source, damages));
        const before = performance.now();
        const [here, there] = await Promise.all([readHere(path), readByH5py(path)]);
        const took = performance.now() - before;
        seen.slowest = Math.max(seen.slowest, Math.round(took));
        if (took > wholeMs) keep(path, 'hangs');
        if (here.isTooSlow) seen.tooSlow += 1;
        if (Object.keys(here.values).length > 0) seen.readHere += 1;
        if (Object.keys(there).length > 0) seen.readByH5py += 1;
        for (const [name, elements] of Object.entries(here.values)) {
          const others = there[name];
          if (!others) continue;
          seen.values += elements.length;
          const same = elements.length === others.length && elements.every((each, at) => isSame(each, others[at] ?? null)); // prettier-ignore
          if (!same) keep(path, `${name}: ${JSON.stringify(elements)} here, ${JSON.stringify(others)} by h5py`);
        }
      },
    );
    try {
      await fc.assert(property, {
        ...fuzzing(process.env['FUZZ_RUNS'] === undefined ? 200 : 2000),
        endOnFailure: true,
      });
    } finally {
      console.log(JSON.stringify(seen));
    }
    expect(faults).toEqual([]);
    // A test that only sees files which are refused at once would show nothing.
    expect(seen.readHere).toBeGreaterThan(seen.mutants / 10);
  },
);

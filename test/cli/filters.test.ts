import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NexusError } from '../../core/nexus/model.ts';
import { NexusOpener } from '../../core/nexus/worker/openInTime.ts';
import { bundle, nexusWorkerEntry } from '../support/bundledWorker.ts';
import { startImsc } from './imsc.ts';

const filters = path.resolve(import.meta.dirname, '../unit/nexus/filters');
const files = readdirSync(filters).filter((name) => name.endsWith('.h5'));
const folder = mkdtempSync(path.join(tmpdir(), 'imsc-filters-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const numbers = Array.from({ length: 2048 }, (_, index) => index ** 2 % 1000);
const floats = Array.from({ length: 1024 }, (_, index) => Math.sin(index));

test('all filters that are shipped are tried', () => {
  expect(files).toEqual(['bitshuffle-lz4.h5', 'bitshuffle.h5', 'blosc.h5', 'bzip2.h5', 'lz4.h5', 'lzf.h5', 'zstd.h5']);
});

test.each(files)(
  '%s is read by the command line',
  async (name) => {
    const ways = name === 'blosc.h5' ? [0, 1, 2, 3, 4] : [0];
    const names = ways.flatMap((way) => [
      { name: `numbers${way}`, path: `/way${way}/numbers`, type: 'integer[]' },
      { name: `floats${way}`, path: `/way${way}/floats`, type: 'float[]' },
    ]);
    const variables = names.map(
      (each) => `  ${each.name}: {source: NXS, path: ${each.path}, value_type: '${each.type}'}`,
    );
    const fields = names.map(
      (each) =>
        `  ${each.name}: {field_type: scientific_metadata, machine_name: ${each.name}, value: <${each.name}>, type: '${each.type}'}`,
    );
    const schema = path.join(folder, `${name}.imsc.yml`);
    const head = 'id: a\nname: a\ninstrument: a\norder: 1\nselector: "*"\n';
    writeFileSync(schema, `${head}variables:\n${variables.join('\n')}\nschema:\n${fields.join('\n')}\n`);
    const args = ['dry-run', '--offline', '--json', '--schema', schema, '--nexus-file', path.join(filters, name)];
    const { child, finished } = startImsc(args);
    let lastSaid = 0;
    child.stdout?.on('data', () => {
      lastSaid = performance.now();
    });
    const { stdout } = await finished;
    // The thread in which plug-ins run is not waited for.
    expect(performance.now() - lastSaid).toBeLessThan(5_000);
    const report = JSON.parse(stdout) as { dataset: { scientificMetadata: Record<string, { value: number[] }> } };
    for (const way of ways) {
      expect(report.dataset.scientificMetadata[`numbers${way}`]?.value).toEqual(numbers);
      const read = report.dataset.scientificMetadata[`floats${way}`]?.value ?? [];
      expect(read).toHaveLength(floats.length);
      for (const [index, value] of read.entries()) expect(value).toBeCloseTo(floats[index] ?? NaN, 12);
    }
  },
  30_000,
);

let opener: NexusOpener;
beforeAll(async () => {
  opener = new NexusOpener({
    workerUrl: await bundle(path.join(folder, 'dist'), nexusWorkerEntry()),
    timeout: 1_000,
  });
}, 60_000);

test.each(files)(
  '%s with damaged data is answered in time, whatever the plug-in makes of it',
  async (name) => {
    const source = readFileSync(path.join(filters, name));
    const runs = Number(process.env['FUZZ_FILTERS'] ?? 6);
    // The chunks lie behind what describes them; the same places in each run.
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let run = 0; run < runs; run += 1) {
      const damaged = Buffer.from(source);
      const first = 2048 + random(damaged.length - 2048 - 64);
      for (let at = 0; at < 1 + random(40); at += 1) damaged[first + random(64)] = [0, 0xff, 0x7f, random(256)][random(4)] ?? 0; // prettier-ignore
      const file = path.join(folder, `${run % 2}-${name}`);
      writeFileSync(file, damaged);
      const before = performance.now();
      for (const item of ['/way0/numbers', '/way0/floats']) await read(file, item);
      expect(performance.now() - before, `run ${run}`).toBeLessThan(20_000);
    }
  },
  240_000,
);

async function read(file: string, item: string): Promise<void> {
  try {
    const opened = await opener.open(file);
    try {
      await opened.read(item, 4096);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
  }
}

test('a plug-in is given up that never ends', async () => {
  const file = path.join(folder, 'copy.h5');
  copyFileSync(path.join(filters, 'zstd.h5'), file);
  // No thread can be started there: what a plug-in unpacks is never read in this one.
  const nowhere = new NexusOpener({ workerUrl: new URL('file:///nowhere.mjs') });
  const opened = await nowhere.open(file);
  await expect(opened.read('/way0/numbers', 4)).rejects.toThrow();
  await opened.close();
}, 30_000);

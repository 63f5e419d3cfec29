import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { randomNumbers } from '../inputs/random.ts';
import { interleaved, processTime, works } from '../measure.ts';

const area = 'bags';
const count = 20_000;

/** A folder in `data/` of which a bag is made once; kept from one run to the next. */
function bagOf(bench: Bench, name: string, fill: (data: string) => void): string {
  const bag = join(bench.inputs, name);
  if (existsSync(bag)) return bag;
  mkdirSync(`${bag}.new`, { recursive: true });
  fill(`${bag}.new`);
  processTime(process.execPath, [bench.imsc, 'bag', 'make', `${bag}.new`]);
  renameSync(`${bag}.new`, bag);
  return bag;
}

/** @param sizes bytes of the smallest and of the largest file */
function manyFilesBag(bench: Bench, [smallest, largest]: readonly [number, number]): string {
  return bagOf(bench, `bag-${count}-${smallest}-${largest}`, (folder) => {
    const random = randomNumbers(largest);
    const bytes = Buffer.from(Uint32Array.from({ length: largest / 2 }, () => random() * 2 ** 32).buffer);
    for (let index = 0; index < count; index += 1) {
      const below = join(folder, String(Math.floor(index / 500)));
      if (index % 500 === 0) mkdirSync(below);
      const start = index % largest;
      const size = smallest + Math.floor(random() * (largest - smallest));
      writeFileSync(join(below, `frame_${index}.dat`), bytes.subarray(start, start + size));
    }
  });
}

/** One file with a hole: what is read of it comes from no disk. */
function bigFileBag(bench: Bench, gigabytes: number): string {
  return bagOf(bench, `bag-${gigabytes}-gb`, (folder) => {
    const file = join(folder, 'big.dat');
    closeSync(openSync(file, 'w'));
    truncateSync(file, gigabytes * 1e9);
  });
}

/** `imsc bag check` beside `sha256sum` over the same files; the list of sums of both is the manifest. */
export async function bagsArea(bench: Bench): Promise<void> {
  const gigabytes = bench.large ? 10 : 1;
  const bags = [
    { what: `one file of ${gigabytes} GB`, bag: bigFileBag(bench, gigabytes), rounds: bench.large ? 1 : 3 },
    { what: `${count} files of 20 to 100 kB`, bag: manyFilesBag(bench, [20_000, 100_000]), rounds: 5 },
    { what: `${count} files of 0.1 to 1 kB`, bag: manyFilesBag(bench, [100, 1000]), rounds: 5 },
  ];
  const peak = join(bench.folder, 'peak');
  const tellPeak = join(bench.folder, 'tellPeak.cjs');
  const script = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`;
  writeFileSync(tellPeak, script);
  const hasPeer = works('sha256sum', ['--version']);
  for (const { what, bag, rounds } of bags) {
    const { ours, theirs } = await interleaved(
      rounds,
      {
        ours: () => processTime(process.execPath, [bench.imsc, 'bag', 'check', bag]),
        theirs: () =>
          hasPeer ? processTime('sh', ['-c', 'cd "$1" && sha256sum --quiet -c manifest-sha256.txt', 'sh', bag]) : NaN,
      },
      rounds > 1 ? 1 : 0,
    );
    bench.add({
      area,
      what: `check of ${what}`,
      unit: 'ms',
      ours,
      peer: hasPeer ? { name: 'sha256sum -c', value: theirs } : 'absent: sha256sum',
      target: { ratioAtMost: 1.1 },
    });
    spawnSync(process.execPath, ['--require', tellPeak, bench.imsc, 'bag', 'check', bag]);
    const memory = Number(readFileSync(peak, 'utf8')) / 1024;
    bench.add({ area, what: '… memory', unit: 'MB', ours: memory, target: { atMost: 120 } });
  }
}

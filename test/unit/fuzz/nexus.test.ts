import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNexusWorker } from '../../../core/nexus/worker/workerFile.ts';
import type { NexusWorker } from '../../../core/nexus/worker/workerFile.ts';
import { bundle, nexusWorkerEntry } from '../../support/bundledWorker.ts';
import { temporaryFolder, walk } from '../../support/nexusFiles.ts';
import { fuzzing, patience } from './fuzzing.ts';

const root = join(import.meta.dirname, '../../..');
const folder = temporaryFolder();
let worker: NexusWorker;

beforeAll(async () => {
  worker = createNexusWorker({ workerUrl: await bundle(join(folder, 'dist'), nexusWorkerEntry()), timeout: 1_000 });
}, 60_000);
afterAll(() => worker.dispose());

const recorded = readdirSync(join(root, 'test/conformance/nexus'))
  .filter((name) => name.endsWith('.hdf'))
  .slice(0, 12)
  .map((name) => readFileSync(join(root, 'test/conformance/nexus', name)));
const files = [readFileSync(join(root, 'samples/data/coda/2025/443604/raw/443604_00001017.nxs')), ...recorded];

type Damage = readonly [kind: 'bit' | 'byte' | 'run' | 'cut' | 'copy', where: number, what: number];
const damage: fc.Arbitrary<Damage> = fc.tuple(
  fc.constantFrom('bit', 'byte', 'byte', 'run', 'cut', 'copy'),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255)),
);

function damaged(file: Buffer, damages: readonly Damage[]): Buffer {
  let bytes = Buffer.from(file);
  for (const [kind, where, what] of damages) {
    if (bytes.length === 0) break;
    const at = Math.min(bytes.length - 1, Math.floor(where * bytes.length));
    if (kind === 'bit') bytes[at] = (bytes[at] ?? 0) ^ (1 << (what % 8));
    if (kind === 'byte') bytes[at] = what;
    if (kind === 'run') bytes.fill(what, at, Math.min(at + 32, bytes.length));
    if (kind === 'copy') bytes.copy(bytes, at, 0, Math.min(what, bytes.length));
    if (kind === 'cut' && what % 8 === 0) bytes = Buffer.from(bytes.subarray(0, at));
  }
  return bytes;
}

test(
  'NeXus files that are damaged: each is read as far as it can be, and the reader lives on',
  { timeout: patience },
  async () => {
    let count = 0;
    let readable = 0;
    const property = fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      async (file, damages) => {
        count += 1;
        const path = join(folder, `${count % 8}.nxs`);
        writeFileSync(path, damaged(file, damages));
        // Anything but a NexusError fails here; a reader that hangs is replaced and says so with one.
        const seen = await walk(() => worker.open(path));
        if (seen > 0) readable += 1;
      },
    );
    await fc.assert(property, fuzzing(2000));
    // A test that only sees files which are refused at once would show nothing.
    expect(readable).toBeGreaterThan(count / 10);

    const sound = join(folder, 'sound.nxs');
    writeFileSync(sound, files[0] ?? '');
    expect(await walk(() => worker.open(sound))).toBeGreaterThan(20);
  },
);

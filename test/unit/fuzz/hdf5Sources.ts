import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { structuresOf } from './hdf5Mutants.ts';

const root = join(import.meta.dirname, '../../..');
const samples = ['coda/2025/443604/raw/443604_00001017.nxs', 'loki/2025/443618/raw/443618_00000291.nxs', 'tbl/2025/443604/raw/443604_00000007.nxs']; // prettier-ignore
const recorded = readdirSync(join(root, 'test/conformance/nexus')).filter((name) => name.endsWith('.hdf'));

/** The files of the project that the fuzzers damage. */
export const sources = [
  ...samples.map((name) => join(root, 'samples/data', name)),
  ...recorded.map((name) => join(root, 'test/conformance/nexus', name)),
].map((file) => structuresOf(readFileSync(file)));

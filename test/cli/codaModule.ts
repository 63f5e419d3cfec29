import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { fileName, inNotation } from '../support/markers.ts';
import { imsc } from './imsc.ts';

export const samples = path.resolve(import.meta.dirname, '../../samples');

/** All that CODA says but what selects its files, for others to import as `common`. */
const codaModule = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8')
  .replace(/^(?:selector|order):.*\n(?: .*\n)*/gm, '')
  .replace(/^id: .*/m, 'id: common');

/** For the tests of a file: a sandbox, CODA's data, and folders with schemas that import CODA's. */
export function importingCoda(importer: string, heading = '') {
  const root = mkdtempSync(path.join(tmpdir(), 'imsc-imports-'));
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({});
    cpSync(path.join(samples, 'data/coda'), path.join(root, 'coda'), { recursive: true });
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    sandbox: () => sandbox,
    /** The files of two runs. */
    files: ['443604_00001017.nxs', '443604_00001018.nxs'].map((name) => path.join(root, 'coda/2025/443604/raw', name)),
    /** Writes the schema that imports, `mine`, and the module beside it. */
    written: (notation: Notation) => {
      const folder = path.join(root, notation);
      const mine = path.join(folder, fileName('mine', notation));
      mkdirSync(path.join(folder, 'modules'), { recursive: true });
      writeFileSync(mine, inNotation(importer, notation));
      const module = path.join(folder, 'modules', fileName('common', notation));
      writeFileSync(module, inNotation(heading + codaModule, notation));
      return { folder, mine };
    },
    run: (...args: readonly string[]) =>
      imsc(args, { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') }, samples),
  };
}

// Has V8 compile what the command line needs most often, and keeps that beside the program (cli/compiledCode.ts): the
// program is run as a person runs it, and what is compiled by its end is written down. It is good for this very Node and
// kind of machine; any other compiles the source itself. V8 knows a source by no more than its length, so the code is made
// with each build, which empties dist/ first.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const samples = fileURLToPath(new URL('../samples/', import.meta.url));
const schema = join(samples, 'schemas', 'coda.imsc.yml');
const sample = join(samples, 'data', 'coda', '2025', '443604', 'raw', '443604_00001017.nxs');

/** Commands that are run to have their code compiled. */
const commands = [
  ['--version'],
  ['check', schema],
  ['inspect', sample],
  ['dry-run', '--offline', '--nexus-file', sample, '--schema', schema],
];

/**
 * Without the samples there is nothing to run, and no code is kept.
 * @param {string} dist the folder of the built program
 */
export function keepCompiledCode(dist) {
  if (![schema, sample].every((path) => existsSync(path))) return;
  const sources = join(dist, 'later');
  const folder = join(dist, 'code', `${process.version}-${process.platform}-${process.arch}`, 'later');
  mkdirSync(folder, { recursive: true });
  // With a file here, though it be empty, the program loads the source in the way that can be kept. Node alone knows how
  // to load what has import() in it.
  const isKept = (name) => !/\bimport\(/.test(readFileSync(join(sources, name), 'utf8'));
  const kept = readdirSync(sources)
    .filter(isKept)
    .map((name) => join(folder, `${name}.code`));
  for (const file of kept) writeFileSync(file, '');
  const home = mkdtempSync(join(tmpdir(), 'imsc-build-'));
  try {
    for (const args of commands) {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', new URL('keepScripts.mjs', import.meta.url).href, join(dist, 'cli', 'main.cjs'), ...args],
        { cwd: home, env: { HOME: home, IMSC_KEPT_CODE: folder }, encoding: 'utf8' },
      );
      // The program is whole without it.
      if (status !== 0) console.warn(`imsc ${args.join(' ')} was not compiled ahead: ${stderr}`);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  for (const file of kept) if (statSync(file).size === 0) rmSync(file);
}

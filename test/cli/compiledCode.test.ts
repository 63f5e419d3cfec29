import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { imscProgram } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const schema = path.join(samples, 'schemas/coda.imsc.yml');
const sample = path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs');
const folder = mkdtempSync(path.join(tmpdir(), 'imsc-code-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Names the files of which V8 took what was compiled when the program was built. */
const watch = path.join(folder, 'watch.cjs');
writeFileSync(
  watch,
  `const { basename } = require('node:path');
  const vm = require('node:vm');
  vm.Script = class extends vm.Script {
    constructor(source, options) {
      super(source, options);
      if (this.cachedDataRejected === false) console.error('taken: ' + basename(options.filename));
    }
  };`,
);

const commands = [
  { args: ['--version'], files: ['commandLine.cjs'] },
  { args: ['check', schema], files: ['commandLine.cjs', 'check.cjs'] },
  { args: ['inspect', sample], files: ['commandLine.cjs', 'inspect.cjs'] },
  {
    args: ['dry-run', '--offline', '--nexus-file', sample, '--schema', schema, '--json'],
    files: ['commandLine.cjs', 'ingest.cjs', 'siQuantity.cjs'],
  },
];

function run(args: readonly string[], program = imscProgram, flags: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', watch, ...flags, program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const taken = [...stderr.matchAll(/^taken: (.*)$/gm)].map(([, name]) => name);
  // Each run has an identifier of its own, and its time.
  const told = stdout.replaceAll(/[\da-f]{8}-[\da-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '…');
  return { status, told, said: stderr.replaceAll(/^taken: .*\n/gm, ''), taken };
}

/** The built program elsewhere, after something was done to the code that was kept. */
function spoiled(name: string, spoil: (codeFile: string) => void): string {
  const dist = path.join(folder, name, 'dist');
  cpSync(path.resolve(imscProgram, '../..'), dist, { recursive: true });
  for (const file of readdirSync(path.join(dist, 'code'), { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.code')) spoil(path.join(dist, 'code', file));
  return path.join(dist, 'cli/main.cjs');
}

const others: readonly (readonly [string, program: string, flags: readonly string[]])[] = [
  ['without that', spoiled('without', rmSync), []],
  [
    'with half of that',
    spoiled('half', (file) => {
      truncateSync(file, 5000);
    }),
    [],
  ],
  // V8 would crash of some of these, or run something else.
  ...[0.02, 0.5, 0.98].map((where): readonly [string, string, readonly string[]] => [
    `with a bit of that changed, at ${where} of its length`,
    spoiled(`bit ${where}`, (file) => {
      const code = readFileSync(file);
      const at = Math.floor(where * code.length);
      code[at] = (code[at] ?? 0) ^ 4;
      writeFileSync(file, code);
    }),
    [],
  ]),
  ['where Node was given other flags', imscProgram, ['--no-opt']],
];

describe.each(commands)('imsc $args.0', ({ args, files }) => {
  const usual = run(args);

  test('starts with what was compiled when it was built', () => {
    expect(usual).toMatchObject({ status: 0, taken: files });
  });

  test.each(others)('does the same %s', (_, program, flags) => {
    expect(run(args, program, flags)).toEqual({ ...usual, taken: [] });
  });
});

test('the language server starts with what was compiled when it was built', () => {
  // Nobody says anything to it, so it ends at once.
  const taken = (main: string): unknown[] => {
    const server = path.resolve(main, '../../server/main.cjs');
    const { stderr } = spawnSync(process.execPath, ['--require', watch, server, '--stdio'], { encoding: 'utf8' });
    return [...stderr.matchAll(/^taken: (.*)$/gm)].map(([, name]) => name);
  };
  expect(taken(imscProgram)).toEqual(['stdioServer.cjs', 'languageServer.cjs']);
  expect(taken(spoiled('server', rmSync))).toEqual([]);
});

test('no program that is built holds a character beyond ASCII, which would take two bytes for each of its characters', () => {
  const dist = path.resolve(imscProgram, '../..');
  const programs = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[cm]?js$/.test(name));
  const beyond = programs.filter((name) => readFileSync(path.join(dist, name)).some((byte) => byte > 0x7f));
  expect([programs.length > 20, beyond]).toEqual([true, []]);
});

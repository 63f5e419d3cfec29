import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandNames } from '../../cli/commands.ts';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import { imsc } from './imsc.ts';

const main = path.resolve(process.env['IMSC_DIST'] ?? path.resolve(import.meta.dirname, '../../dist'), 'cli/main.cjs');
const folder = mkdtempSync(path.join(tmpdir(), 'imsc-misuse-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
await writeNexus(path.join(folder, 'run.nxs'), [{ path: '/entry/title', kind: 'dataset', value: 'A title' }]);
writeFileSync(path.join(folder, 'my.imsc.yml'), 'id: a\nname: a\ninstrument: x\nselector: "*"\norder: 1\n');
const env = { IMSC_JOURNAL_DIR: path.join(folder, 'journal'), SCICAT_TOKEN: 'token', SCICAT_PASSWORD: 'secret' };

describe('what is wrong with a command line is said', () => {
  it.each([
    ['ingest -c x.yml --nexus-file y --ingestion.check-if-dataset-exists-by-pid no', '--ingestion.check-if-dataset-exists-by-pid=false'], // prettier-ignore
    ['dry-run --nexus-file y --scicat.verify true', '“true” behind --scicat.verify'],
    ['dry-run --nexus-file y --offline false', '“false” belongs to no option'],
    ['ingest --nexus-file y --shema z.imsc.yml', '“--shema” is not an option. Did you mean --schema?'],
    ['ingest --nexs-file=y', '“--nexs-file=y” is not an option. Did you mean --nexus-file?'],
    ['whoami --scicat.hots https://scicat.example.org', 'Did you mean --scicat.host?'],
    ['resume --lst', 'Did you mean --list?'],
    ['jobs shwo x', '“shwo” is nothing that can be done with jobs. Did you mean show?'],
    ['jobs show', 'Name the job: imsc jobs show ID.'],
    ['jobs list x', '“x” is too much behind “imsc jobs list”.'],
    ['jobs --page 0', '“0” is not a number from 1 on'],
    ['jobs --status gone', 'Allowed choices are draft, deposited'],
    ['jobs --stor x', 'Did you mean --store?'],
    ['dataset --pidd 12', 'Did you mean --pid?'],
    ['explain unused-varable', 'Did you mean unused-variable?'],
    ['explain xyz', 'is no code of a problem. A code stands in brackets'],
    ['sandbox --proposal ../x', 'cannot be the id of a proposal'],
    ['sandbox --allow-origin https://pages.example.org/x', 'must be the exact origin of a page'],
    ['check --sampl x y', 'Did you mean --sample?'],
    ['check --sampl x y', '(imsc check --help tells more)'],
    ['inspct run.nxs', 'Did you mean inspect?'],
  ])('%s', async (line, said) => {
    const { code, stderr } = await imsc(line.split(' '), env, folder);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });
});

describe('an empty text, as of a variable of the shell that is not set, is no name of the working directory', () => {
  it.each([
    [['init', ''], 'folder'],
    [['test', '', '--update'], 'path'],
    [['check', 'my.imsc.yml', ''], 'path'],
    [['migrate', '--to', 'v4', '', '--yes'], 'path'],
    [['bag', 'make', ''], 'path'],
    [['inspect', ''], 'nexus'],
    [['inspect', 'run.nxs', ''], 'path'],
    [['sandbox', '--data', '', '--port', '65536'], '--data'],
    [['online', '--watch', '', '--store', ''], '--watch and --store'],
    [['resume', '--give-up', '--run', ''], '--run'],
    [['ingest', '--nexus-file', 'run.nxs', '--store', ''], '--store'],
    [['ingest', 'run.nxs', '--include', 'my.imsc.yml', ''], '--include'],
    [['dry-run', 'run.nxs', '--offline', '--schema', ''], '--schema'],
  ])('%j', async (line, named) => {
    const { code, stderr } = await imsc(line, env, folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`An empty text is given for ${named}. `)]);
    expect(readdirSync(folder).sort()).toEqual(['my.imsc.yml', 'run.nxs']);
  });

  it('is told as one document with --json', async () => {
    const { code, stdout } = await imsc(['check', '', '--json'], env, folder);
    expect([code, JSON.parse(stdout)]).toEqual([2, expect.objectContaining({ outcome: 'failed' })]);
  });
});

/** How a command line of a shell goes wrong, for `imsc` and what it needs. */
const circumstances: Readonly<Record<string, string>> = {
  'nothing there': '"$0" "$1" COMMAND',
  'a full disk': '"$0" "$1" COMMAND > /dev/full',
  'nobody who reads': '"$0" "$1" COMMAND | true',
  'no standard output': '"$0" "$1" COMMAND >&-',
  'no standard error': '"$0" "$1" COMMAND 2> /dev/full',
  'no working directory': 'mkdir gone && cd gone && rmdir ../gone && "$0" "$1" COMMAND',
};

/** What is named instead of a file: nothing that is there, a folder, a device, a name that is not text. */
const instead: Readonly<Record<string, string>> = {
  'a file that is not there': 'nowhere.nxs',
  'a folder': '.',
  'a path through a file': 'run.nxs/inner',
  'an empty name': "''",
  'a name that is not UTF-8': "$(printf 'a\\377b.imsc.yml')",
  'a name that is too long': "$(printf '%0300d' 1)",
  'a file that is something else': 'run.nxs',
};

/** All names for all uses take minutes; otherwise the uses of a command take turns, so that each name is tried once. */
function namesFor(use: string, index: number, uses: number): readonly (readonly [what: string, name: string])[] {
  if (!use.includes('FILE')) return [['', '']];
  const all = Object.entries(instead);
  return process.env['FUZZ_MISUSE'] === 'all' ? all : all.filter((_, turn) => turn % uses === index % all.length);
}

/** Each command as it is used; FILE is replaced. A command without an entry fails the test. */
const uses: Readonly<Record<string, readonly string[]>> = {
  ingest: ['--nexus-file FILE --scicat.host http://127.0.0.1:9 --scicat.max-tries 1', '-c FILE --nexus-file run.nxs'],
  'dry-run': [
    '--offline --nexus-file FILE --schema my.imsc.yml',
    '--offline --nexus-file run.nxs --schema FILE',
    '--offline run.nxs --schema my.imsc.yml --metadata FILE',
  ],
  metadata: ['FILE --offline', 'run.nxs --offline --schema FILE', 'run.nxs --offline -o FILE'],
  check: ['FILE', 'my.imsc.yml --sample FILE', 'my.imsc.yml --baseline FILE'],
  test: ['FILE'],
  select: ['--nexus-file FILE', '--nexus-file run.nxs --ingestion.schemas-directory FILE'],
  inspect: ['FILE', 'run.nxs FILE'],
  convert: ['FILE --to yaml', 'FILE --for python-26', 'my.imsc.yml --for next --samples FILE'],
  migrate: ['FILE --to v4', 'my.imsc.yml --to v4 -c FILE'],
  diff: ['FILE FILE --samples FILE', 'FILE --git HEAD --samples FILE', 'FILE --git FILE --samples run.nxs'],
  update: ['FILE -c FILE --scicat.host http://127.0.0.1:9', 'run.nxs --schema FILE --scicat.host http://127.0.0.1:9'],
  bag: ['check FILE', 'make FILE/nothing'],
  init: ['begun --sample FILE', 'FILE/begun', 'FILE'],
  doctor: [
    '-c FILE --scicat.host http://127.0.0.1:9',
    '--ingestion.schemas-directory FILE --scicat.host http://127.0.0.1:9',
  ],
  explain: ['FILE'],
  sandbox: ['--proposal FILE --port 65536', '--data FILE --port 65536', '--port FILE'],
  serve: ['--serve-config FILE --port 65536', '--port FILE', '--location FILE', '--location a=FILE --port 65536'],
  online: ['-c FILE', '--kafka.topics FILE --ingestion.max-offline-ingestors x'],
  resume: ['-c FILE', '--run FILE'],
  jobs: ['show FILE', '--file FILE', '--store FILE', 'list --page FILE', 'resume FILE', 'drop FILE', 'cancel FILE'],
  login: ['--user me -c FILE', '--user me --scicat.host http://127.0.0.1:9 --scicat.max-tries 1'],
  whoami: ['--scicat.token-file FILE --scicat.host http://127.0.0.1:9 --scicat.max-tries 1'],
  dataset: ['--pid FILE --scicat.host http://127.0.0.1:9 --scicat.max-tries 1'],
  lsp: ['--help'],
};

function shell(line: string): Promise<{ readonly code: unknown; readonly printed: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1', ...env }, timeout: 30_000 };
    execFile('bash', ['-c', line, process.execPath, main], options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, printed: stdout + stderr });
    });
  });
}

/** A person's mistake is a sentence; traces, names of our own code and of system calls are for developers. */
function isSaid(printed: string, context: string): void {
  expect(printed, context).not.toMatch(/^ +at |node:internal|\[object |TypeError|undefined|uv_cwd|ERR_/m);
}

describe.skipIf(process.platform === 'win32')('a mistake of a person is never a stack trace', () => {
  it.each(commandNames)('imsc %s', { timeout: 240_000 }, async (command) => {
    const used = uses[command] ?? [];
    expect(used, 'how the command is used').not.toEqual([]);
    for (const [index, use] of used.entries()) {
      for (const [what, name] of namesFor(use, index, used.length)) {
        const line = `"$0" "$1" ${command} ${use.replace('FILE', name)}`;
        const { code, printed } = await shell(line);
        const context = `${what}: ${line} → ${String(code)}\n${printed}`;
        isSaid(printed, context);
        expect([0, 1, 2], context).toContain(code);
      }
    }
    for (const [what, line] of Object.entries(circumstances)) {
      const whole = line.replace('COMMAND', `${command} ${(used[0] ?? '').replace('FILE', 'run.nxs')}`);
      const { code, printed } = await shell(whole);
      const context = `${what}: ${whole} → ${String(code)}\n${printed}`;
      isSaid(printed, context);
      expect([0, 1, 2], context).toContain(code);
    }
  });
});

describe('imsc lsp', () => {
  it.each([[[]], [['--stdio']]])('speaks over standard input and output with the options %j', async (options) => {
    const said = [
      { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
      { id: 2, method: 'shutdown' },
      { method: 'exit' },
    ].map((message) => {
      const text = JSON.stringify({ jsonrpc: '2.0', ...message });
      return `Content-Length: ${text.length}\r\n\r\n${text}`;
    });
    const printed = await new Promise<string>((resolve) => {
      const child = execFile(process.execPath, [main, 'lsp', ...options], (_, stdout, stderr) => {
        resolve(stdout + stderr);
      });
      // Its end would be the end of the editor.
      child.stdin?.write(said.join(''));
    });
    expect(printed).toContain('"capabilities":{');
  });
});

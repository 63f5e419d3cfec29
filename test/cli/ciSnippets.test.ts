import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isSchemaFileName } from '../../core/ingest/schemas/schemaFiles.ts';

const root = path.resolve(import.meta.dirname, '../..');
const main = path.resolve(process.env['IMSC_DIST'] ?? path.join(root, 'dist'), 'cli/main.cjs');
const folder = mkdtempSync(path.join(tmpdir(), 'imsc-ci-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// A repository of schemas with its samples, and the command on the PATH.
for (const name of ['schemas', 'data']) {
  cpSync(path.join(root, 'samples', name), path.join(folder, name), { recursive: true });
}
const programs = path.join(folder, 'bin');
mkdirSync(programs);
writeFileSync(path.join(programs, 'imsc'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
chmodSync(path.join(programs, 'imsc'), 0o755);

/** Runs a line as the shell of a CI job does. */
function run(line: string): Promise<{ code: unknown; output: string }> {
  const env = { ...process.env, PATH: `${programs}${path.delimiter}${process.env['PATH'] ?? ''}` };
  return new Promise((resolve) => {
    execFile('sh', ['-e', '-c', line], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
}

const page = readFileSync(path.join(root, 'docs/ci.md'), 'utf8');
const snippets = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const yaml = snippets.filter(({ language }) => language === 'yaml').map(({ text }): unknown => parse(text));

interface Jobs {
  readonly jobs?: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }>
  >;
  readonly schemas?: { readonly script: readonly string[] };
  readonly repos?: readonly { readonly hooks: readonly { readonly id: string }[] }[];
}
const documents = yaml as readonly Jobs[];
const lines = [
  ...documents.flatMap(({ jobs }) =>
    Object.values(jobs ?? {}).flatMap(({ steps }) => steps.flatMap((step) => step.run ?? [])),
  ),
  ...documents.flatMap(({ schemas }) => schemas?.script ?? []),
  ...snippets.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n')),
].filter((line) => !line.startsWith('npm install'));

describe('docs/ci.md', () => {
  it('has a workflow, a job and hooks', () => {
    expect(lines.filter((line) => line.startsWith('imsc test'))).toHaveLength(2);
    expect(documents.filter(({ repos }) => repos)).toHaveLength(1);
  });

  it.each(lines)('%s', async (line) => {
    const { code, output } = await run(line);
    expect(code, output).toBe(0);
  });

  it('the SARIF step lets problems pass, and a broken run fail', async () => {
    const step = lines.find((line) => line.includes('sarif')) ?? '';
    const broken = path.join(folder, 'schemas/broken.imsc.yml');
    writeFileSync(broken, 'id: [');
    expect((await run(step)).code).toBe(0);
    expect(JSON.parse(readFileSync(path.join(folder, 'imsc.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    rmSync(broken);
    expect((await run(step.replace('schemas', 'schemas --unknown'))).code).not.toBe(0);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks = parse(readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly {
    readonly id: string;
    readonly entry: string;
    readonly files: string;
    readonly language: string;
    readonly pass_filenames?: boolean;
  }[];
  const names = [
    'coda.imsc.yml',
    'coda.imsc.yaml',
    'coda.imsc.json',
    'coda.imsc.yml.bak',
    'coda.yml',
    'coda.imsc.test.yml',
  ];

  it('has the hooks that the page names', () => {
    const named = documents.flatMap(({ repos }) => repos ?? []).flatMap((repo) => repo.hooks.map(({ id }) => id));
    expect(hooks.map(({ id }) => id)).toEqual(named);
  });

  it('checks the files that are schemas, and tests after a change of schemas and tests', () => {
    const [check, test] = hooks.map(({ files }) => names.filter((name) => new RegExp(files).test(name)));
    expect(check).toEqual(names.filter(isSchemaFileName));
    expect(test).toEqual([...names.filter(isSchemaFileName), 'coda.imsc.test.yml']);
  });

  it.each(hooks)('$entry runs', async ({ entry, pass_filenames: passes = true }) => {
    const { code, output } = await run(passes ? `${entry} schemas/coda.imsc.yml schemas/loki.imsc.json` : entry);
    expect(code, output).toBe(0);
  });

  // pre-commit takes all that `npm pack` prints for the name of the file.
  it('npm pack does not print what its scripts say', () => {
    expect(readFileSync(path.join(root, '.npmrc'), 'utf8')).toMatch(/^foreground-scripts=false$/m);
  });
});

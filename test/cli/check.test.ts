import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from 'sarif';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import { webPage } from '../../cli/version.ts';
import { imsc } from './imsc.ts';
import type { Finished } from './imsc.ts';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-check-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const sound = readFileSync(path.resolve(import.meta.dirname, '../../samples/schemas/coda.imsc.yml'), 'utf8');
/** Three misspelt operators: errors with one obvious mend each. */
const misspelt = sound
  .replace('operator: to-lower', 'operator: to-lowr')
  .replace('operator: join_with_space', 'operator: join_with_spac')
  .replace('operator: getitem', 'operator: getitm');

let folder = '';
let count = 0;
beforeEach(() => {
  folder = path.join(root, String(count++));
  mkdirSync(path.join(folder, 'schemas'), { recursive: true });
});

const write = (name: string, text: string): string => {
  const file = path.join(folder, 'schemas', name);
  writeFileSync(file, text);
  return file;
};
const read = (name: string): string => readFileSync(path.join(folder, 'schemas', name), 'utf8');
const check = (...args: string[]): Promise<Finished> => imsc(['check', ...args], {}, folder);

interface Document {
  readonly problems: readonly { code: string; severity: string; file: string; range: { start: { line: number } } }[];
  readonly changes: readonly { code: string; line: number; title: string }[];
  readonly known: number;
}
const document = ({ stdout }: Finished): Document => JSON.parse(stdout) as Document;
const codes = (finished: Finished): string[] => document(finished).problems.map(({ code }) => code);

describe('exit codes', () => {
  const cases: readonly { name: string; text: string; args: readonly string[]; code: number }[] = [
    { name: 'nothing wrong', text: sound, args: [], code: 0 },
    { name: 'errors', text: misspelt, args: [], code: 1 },
    {
      name: 'errors that are warnings now',
      text: misspelt,
      args: ['--severity', 'unknown-operator=warning', '--severity', 'unused-variable=off'],
      code: 0,
    },
    { name: 'warnings', text: `${sound}extra: 1\n`, args: [], code: 0 },
    { name: 'more warnings than allowed', text: `${sound}extra: 1\n`, args: ['--max-warnings', '0'], code: 1 },
    { name: 'as many warnings as allowed', text: `${sound}extra: 1\n`, args: ['--max-warnings', '1'], code: 0 },
    { name: 'an unknown code', text: sound, args: ['--severity', 'unknown-oprator=off'], code: 2 },
    { name: 'an unknown level', text: sound, args: ['--severity', 'unknown-operator=fatal'], code: 2 },
    { name: 'a number that is none', text: sound, args: ['--max-warnings', 'few'], code: 2 },
    { name: 'an unknown format', text: sound, args: ['--format', 'xml'], code: 2 },
    { name: 'two formats', text: sound, args: ['--format', 'sarif', '--json'], code: 2 },
    { name: 'a baseline that is not there', text: sound, args: ['--baseline', 'none.json'], code: 2 },
  ];
  it.each(cases)('$code for $name', async ({ text, args, code }) => {
    write('coda.imsc.yml', text);
    const finished = await check('schemas', ...args);
    expect(finished.code, finished.stdout + finished.stderr).toBe(code);
  });

  it('are told by --help', async () => {
    const { stdout } = await check('--help');
    expect(stdout).toMatch(/Exit codes:\n +0 +no errors.*\n +1 +errors.*\n +2 +wrong usage/);
  });
});

describe('--fix', () => {
  it('mends the file, says what it changed, and leaves nothing to mend', async () => {
    const file = write('coda.imsc.yml', misspelt);
    chmodSync(file, 0o640);
    const finished = await check('schemas', '--fix');
    expect(finished.code, finished.stdout).toBe(0);
    expect(read('coda.imsc.yml')).toBe(sound);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(finished.stdout).toMatch(/schemas\/coda\.imsc\.yml:\d+: fixed: Change to to-lower \[unknown-operator\]/);
    expect(finished.stderr).toContain('3 mended.');
    expect(existsSync(path.join(folder, 'schemas/coda.imsc.yml.bak'))).toBe(false);
  });

  it('mends again what a mend brings to light, and keeps what cannot be mended', async () => {
    const hidden = misspelt.replace('variables:', 'varables:').replace('value: <run_number>', 'value: <run>');
    write('coda.imsc.yml', hidden);
    const finished = await check('schemas', '--fix', '--json');
    const titles = document(finished).changes.map(({ title }) => title);
    expect(titles[0]).toBe('Change to “variables”');
    expect(titles.slice(1)).toContain('Change to to-lower');
    expect(codes(finished)).toContain('unknown-variable');
    const again = await check('schemas', '--fix', '--json');
    expect(document(again).changes).toEqual([]);
    expect(codes(again)).toEqual(codes(finished));
  });

  it('keeps a link, a byte order mark and line breaks', async () => {
    const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    writeFileSync(path.join(folder, 'real.yml'), windows(misspelt));
    symlinkSync('../real.yml', path.join(folder, 'schemas/coda.imsc.yml'));
    await check('schemas/coda.imsc.yml', '--fix');
    expect(lstatSync(path.join(folder, 'schemas/coda.imsc.yml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path.join(folder, 'real.yml'), 'utf8')).toBe(windows(sound));
  });

  it('leaves alone what is silenced or turned off', async () => {
    const silenced = misspelt.replace('operator: getitm', 'operator: getitm # imsc-ignore unknown-operator');
    write('coda.imsc.yml', silenced.replace('human_name: Job', 'human_nam: Job'));
    const finished = await check('schemas', '--fix', '--severity', 'unknown-key=off', '--json');
    const titles = document(finished).changes.map(({ title }) => title);
    expect(titles).toEqual(['Change to to-lower', 'Change to join_with_space']);
    expect(read('coda.imsc.yml')).toMatch(/operator: getitm #[^]*human_nam: Job/);
  });
});

describe('--baseline', () => {
  const baseline = 'baseline.json';

  it('reports only what is new, wherever the lines have moved', async () => {
    write('coda.imsc.yml', misspelt);
    expect((await check('schemas', '--baseline', baseline, '--update-baseline')).code).toBe(0);
    expect((await check('schemas', '--baseline', baseline)).code).toBe(0);

    write('coda.imsc.yml', `# moved\n\n${misspelt}`);
    const moved = await check('schemas', '--baseline', baseline, '--json');
    expect(moved.code).toBe(0);
    expect(document(moved)).toMatchObject({ problems: [], known: 3 });

    write('coda.imsc.yml', misspelt.replace('value: raw', 'value: <raw>'));
    const more = await check('schemas', '--baseline', baseline, '--json');
    expect(more.code).toBe(1);
    expect(codes(more)).toEqual(['unknown-variable']);
  });

  it('works from another folder', async () => {
    write('coda.imsc.yml', misspelt);
    await check('schemas', '--baseline', baseline, '--update-baseline');
    const finished = await imsc(['check', '.', '--baseline', `../${baseline}`], {}, path.join(folder, 'schemas'));
    expect(finished.code, finished.stdout).toBe(0);
  });

  it('tells what is no longer needed, and takes it out; what is of other files stays', async () => {
    write('coda.imsc.yml', misspelt);
    write('other.imsc.yml', misspelt.replace('5b1c6f0e', '6b1c6f0e'));
    await check('schemas', '--baseline', baseline, '--update-baseline');
    write('coda.imsc.yml', sound);
    const args = ['schemas/coda.imsc.yml', '--baseline', baseline];
    expect((await check(...args)).stderr).toContain('3 entries of the baseline no longer needed');
    await check(...args, '--update-baseline');
    const known = JSON.parse(readFileSync(path.join(folder, baseline), 'utf8')) as { problems: { file: string }[] };
    expect(new Set(known.problems.map(({ file }) => file))).toEqual(new Set(['schemas/other.imsc.yml']));
  });

  it('is refused where it is something else', async () => {
    write('coda.imsc.yml', sound);
    writeFileSync(path.join(folder, baseline), '[]');
    const finished = await check('schemas', '--baseline', baseline);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('is not a baseline');
  });

  it.skipIf(process.platform === 'win32')('is refused where it is a pipe, which would never end', async () => {
    write('coda.imsc.yml', sound);
    execFileSync('mkfifo', [path.join(folder, baseline)]);
    const finished = await check('schemas', '--baseline', baseline);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('it is not an ordinary file');
  });

  it.each([
    { name: 'a schema', file: 'schemas/a.imsc.yml' },
    { name: 'another JSON file', file: 'package.json' },
  ])('--update-baseline leaves $name as it is', async ({ file }) => {
    write('a.imsc.yml', misspelt);
    writeFileSync(path.join(folder, 'package.json'), '{ "name": "mine" }');
    const before = readFileSync(path.join(folder, file), 'utf8');
    const finished = await check('schemas', '--baseline', file, '--update-baseline');
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('is not a baseline');
    expect(readFileSync(path.join(folder, file), 'utf8')).toBe(before);
  });

  it('shows the findings where it cannot be written', async () => {
    write('a.imsc.yml', misspelt);
    const finished = await check('schemas', '--baseline', 'nowhere/baseline.json', '--update-baseline');
    expect(finished.code).toBe(1);
    expect(finished.stdout).toContain('nowhere/baseline.json cannot be written: ');
    expect(finished.stdout).toContain('to-lowr');
    expect(finished.stderr).not.toContain('    at ');
  });
});

describe('--format', () => {
  it('json is the same as --json', async () => {
    write('coda.imsc.yml', misspelt);
    expect((await check('schemas', '--format', 'json')).stdout).toBe((await check('schemas', '--json')).stdout);
  });

  it('github: annotations that the runner can read', async () => {
    const strange = 'a,b:100%.imsc.yml';
    write(strange, sound.replace('operator: sum', 'operator: "su%m"'));
    const { stdout } = await check('schemas', '--format', 'github', '--severity', 'schema-file-name=off');
    const line = sound.split('\n').findIndex((each) => each.includes('operator: sum')) + 1;
    expect(stdout).toMatch(
      new RegExp(
        `^::error file=schemas/a%2Cb%3A100%25\\.imsc\\.yml,line=${line},endLine=${line},col=15,endColumn=21,title=unknown-operator::.*su%25m.*$`,
        'm',
      ),
    );
    expect(stdout.split('\n').filter((each) => each !== '' && !/^::(error|warning|notice) /.test(each))).toEqual([]);
  });

  it('sarif: rules of the registry, places relative to the working directory, fixes', async () => {
    write('with space.imsc.yml', misspelt);
    const { stdout } = await check('schemas', '--format', 'sarif', '--severity', 'schema-file-name=off');
    const log = JSON.parse(stdout) as Log;
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    const rules = run?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(Object.keys(problemKinds));
    expect(run?.originalUriBaseIds).toEqual({ '%SRCROOT%': { uri: `${pathToFileURL(folder).href}/` } });
    const results = run?.results ?? [];
    expect(results).toHaveLength(3);
    for (const { ruleId, ruleIndex, level, locations, partialFingerprints } of results) {
      expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
      // A path of this computer would lead nowhere where the report is looked at.
      const page = webPage('docs/problems.md');
      expect(rules[ruleIndex ?? -1]?.helpUri).toBe(page && `${page}#${String(ruleId)}`);
      expect(level).toBe('error');
      expect(partialFingerprints?.['imscProblem/v1']).toMatch(/^[0-9a-f]{64}$/);
      expect(locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
        uri: 'schemas/with%20space.imsc.yml',
        uriBaseId: '%SRCROOT%',
      });
    }
    const lines = misspelt.split('\n');
    const [first] = results;
    const region = first?.locations?.[0]?.physicalLocation?.region;
    expect(
      lines[(region?.startLine ?? 0) - 1]?.slice((region?.startColumn ?? 0) - 1, (region?.endColumn ?? 0) - 1),
    ).toBe('getitm');
    expect(first?.fixes?.[0]).toMatchObject({
      description: { text: 'Change to getitem' },
      artifactChanges: [{ replacements: [{ deletedRegion: region, insertedContent: { text: 'getitem' } }] }],
    });
  });
});

describe('the files of a folder', () => {
  it('are looked for where people keep them, links among them', async () => {
    const put = (at: string): void => {
      mkdirSync(path.dirname(path.join(folder, at)), { recursive: true });
      writeFileSync(path.join(folder, at), misspelt);
    };
    const kept = ['all/.hidden/a.imsc.yml', 'all/deep/er/b.imsc.yml', 'all/node_modules_notes/c.imsc.yml'];
    const others = ['all/node_modules/d.imsc.yml', 'all/deep/node_modules/pack/e.imsc.yml', 'all/.git/f.imsc.yml'];
    for (const at of [...kept, ...others, 'elsewhere.yml']) put(at);
    symlinkSync('../elsewhere.yml', path.join(folder, 'all/link.imsc.yml'));
    symlinkSync('../nowhere.yml', path.join(folder, 'all/broken.imsc.yml'));
    symlinkSync('..', path.join(folder, 'all/deep/circle'));
    const finished = await check('all', '--json');
    const files = new Set(document(finished).problems.map(({ file }) => path.relative(folder, file)));
    expect([...files].sort()).toEqual([...kept, 'all/link.imsc.yml'].sort());
  });
});

it('prints the first hundred problems of a file and how many more there are; JSON has all', async () => {
  const aliases = Array.from({ length: 20_000 }, (_, index) => `  v${index}: *nowhere`).join('\n');
  writeFileSync(path.join(folder, 'many.imsc.yml'), `variables:\n${aliases}\n`);
  const { code, stdout } = await imsc(['check', folder]);
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(101);
  const more = /many\.imsc\.yml: … and (\d+) more$/.exec(lines[100] ?? '');
  const json = await imsc(['check', '--json', folder]);
  expect((JSON.parse(json.stdout) as { problems: unknown[] }).problems).toHaveLength(100 + Number(more?.[1]));
}, 60_000);

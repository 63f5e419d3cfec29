import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from 'sarif';
import { afterAll, describe, expect, it } from 'vitest';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { schemaText } from '../support/schemaTexts.ts';
import { imsc } from './imsc.ts';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-rules-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const rules = `rules:
  - {rule: required, metadata: [sample_name], because: People search for it}
  - {rule: allowed, metadata: [mode], values: [white beam, pulsed], severity: warning}
  - {rule: alike, metadata: ["*"]}
`;
const mode = 'mode: {field_type: scientific_metadata, machine_name: mode, value: pulsd, type: string}';
const time = (name: string): string =>
  `${name}: {field_type: scientific_metadata, machine_name: ${name}, value: 3, type: integer, unit: s}`;

interface Found {
  readonly problems: readonly { readonly code: string; readonly severity: string; readonly file?: string }[];
}

let count = 0;
/** A repository with schemas in a folder of it. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = path.join(root, String((count += 1)));
  mkdirSync(path.join(folder, '.git'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

describe.each(notations)('imsc check holds schemas in %s to the rules of the facility', (notation) => {
  const name = (schema: string): string => `schemas/${fileName(schema, notation)}`;
  const schema = inNotation(schemaText({ fields: `${mode}\n${time('countingTime')}` }), notation);
  const [id, order] = ['1ab5cd4e-9d3f-4c4e-b0f7-5a1cb1a0a001', 'order: 2'];
  const second = inNotation(
    schemaText({ fields: time('counting_time') }).replace(/id: 0\S+/, `id: ${id}`).replace('order: 1', order).replace('/coda/', '/other/'), // prettier-ignore
    notation,
  );
  const codesOf = async (args: readonly string[], cwd: string) => {
    const off = ['mandatory-field-missing', 'json-notation'].flatMap((each) => ['--severity', `${each}=off`]);
    const { stdout, code } = await imsc(['check', ...args, '--json', ...off], {}, cwd);
    const { problems } = JSON.parse(stdout) as Found;
    return { code, found: problems.map((each) => `${path.basename(each.file ?? '')} ${each.severity} ${each.code}`) };
  };

  it('which lie above them in the repository', async () => {
    const folder = repository({ 'imsc-rules.yml': rules, [name('a')]: schema, [name('b')]: second });
    const { code, found } = await codesOf(['schemas'], folder);
    expect(found).toEqual([
      `${fileName('a', notation)} error rule-required`,
      `${fileName('a', notation)} warning rule-value`,
      `${fileName('b', notation)} error rule-required`,
      `${fileName('b', notation)} warning rule-alike`,
    ]);
    expect(code).toBe(1);
    const { stdout } = await imsc(['check', 'schemas'], {}, folder);
    expect(stdout).toContain('which this schema does not give. People search for it. [rule-required]');
  });

  it('but not to those outside of the repository, or of the working directory', async () => {
    const folder = repository({ 'imsc-rules.yml': rules, [`inner/${name('a')}`]: schema });
    mkdirSync(path.join(folder, 'inner/.git'));
    expect(await codesOf(['inner'], folder)).toEqual({ code: 0, found: [] });
    rmSync(path.join(folder, 'inner/.git'), { recursive: true });
    expect((await codesOf(['inner'], folder)).code).toBe(1);
    rmSync(path.join(folder, '.git'), { recursive: true });
    expect((await codesOf(['inner'], folder)).code).toBe(1);
    expect((await codesOf(['schemas'], path.join(folder, 'inner'))).code).toBe(0);
  });

  it('to those that are named, and says where these are missing', async () => {
    const folder = repository({ 'ours.json': inNotation(rules, 'json'), [name('a')]: schema });
    expect((await codesOf(['schemas', '--rules', 'ours.json'], folder)).found).toHaveLength(2);
    const missing = await codesOf(['schemas', '--rules', 'theirs.yml'], folder);
    expect(missing).toEqual({ code: 1, found: ['theirs.yml error config-file'] });
  });

  it('and mends what has one mend', async () => {
    const folder = repository({ 'schemas/imsc-rules.yml': rules, [name('a')]: schema });
    const { stdout } = await imsc(['check', 'schemas', '--fix'], {}, folder);
    expect(stdout).toContain('fixed: Change to “pulsed” [rule-value]');
    expect(readFileSync(path.join(folder, name('a')), 'utf8')).toMatch(/value"?: "?pulsed/);
  });

  it('and tells it in SARIF, with the rule', async () => {
    const folder = repository({ 'imsc-rules.yml': rules, [name('a')]: schema });
    const { stdout } = await imsc(['check', 'schemas', '--format', 'sarif'], {}, folder);
    const [run] = (JSON.parse(stdout) as Log).runs;
    const result = run?.results?.find(({ ruleId }) => ruleId === 'rule-value');
    expect(result?.level).toBe('warning');
    expect(result?.fixes?.[0]?.description?.text).toBe('Change to “pulsed”');
    expect(result?.relatedLocations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'imsc-rules.yml' },
      region: { startLine: 3 },
    });
    expect(run?.tool.driver.rules?.some(({ id: each }) => each === 'rule-value')).toBe(true);
  });

  it('which are judged themselves, too', async () => {
    const wrong = inNotation('rules: [{rule: allowed, fields: [typ]}, {rule: none}]\n', notation);
    const file = notation === 'json' ? 'imsc-rules.json' : 'imsc-rules.yaml';
    const folder = repository({ [`schemas/${file}`]: wrong, [name('a')]: schema });
    const all = [`${file} error config-value`, `${file} error config-value`, `${file} error config-value`];
    expect(await codesOf(['schemas'], folder)).toEqual({ code: 1, found: all });
    expect(await codesOf([`schemas/${file}`], folder)).toEqual({ code: 1, found: all });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { loadSchemas, wholeSchema } from '../../../../core/ingest/schemas/loadSchemas.ts';
import { selectSchema } from '../../../../core/ingest/schemas/select.ts';
import { listSchemaFiles, misnamedSchema } from '../../../../core/ingest/schemas/schemaFiles.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();

describe('the schemas folder', () => {
  it('holds the files that end like schemas; near misses are reported, all else is ignored', async () => {
    const folder = await newFolder();
    const schemas = ['a.imsc.json', 'b.imsc.yml', 'c.imsc.yaml'];
    const nearMisses = ['d.imsc.yml.bak', 'e.imsc.json~', 'f.imsc.yml.example', 'g.imsc.yaml.txt', 'h.IMSC.YML'];
    const others = ['.hidden.imsc.yml', 'readme.md', 'data.json'];
    for (const name of [...schemas, ...nearMisses, ...others]) await writeFile(path.join(folder, name), `# ${name}`);
    await mkdir(path.join(folder, 'folder.imsc.yml'));
    const { files, problems } = await listSchemaFiles(folder, (file) => file);
    expect(files.map(({ name, text }) => [name, text])).toEqual(schemas.map((name) => [name, `# ${name}`]));
    expect(problems.map(({ code, file }) => [code, file])).toEqual(
      nearMisses.sort().map((name) => ['schema-file-name', path.join(folder, name)]),
    );
  });

  it('leaves out a file that is not text and keeps the others', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'bad.imsc.yml'), Buffer.from([0xff, 0xfe, 0x00]));
    await writeFile(path.join(folder, 'good.imsc.yml'), '\u{feff}id: x');
    const { files, problems } = await listSchemaFiles(folder, (file) => file);
    expect(files.map(({ text }) => text)).toEqual(['id: x']);
    expect(problems).toMatchObject([
      { code: 'schema-file', message: expect.stringContaining('save it as UTF-8') as string },
    ]);
  });

  it('leaves out what is too large, unread, and what is not an ordinary file', async () => {
    const folder = await newFolder();
    const large = path.join(folder, 'large.imsc.yml');
    await writeFile(large, '');
    await truncate(large, 3e9);
    execFileSync('mkfifo', [path.join(folder, 'pipe.imsc.yml')]);
    await writeFile(path.join(folder, 'small.imsc.yml'), 'id: x');
    const { files, problems } = await listSchemaFiles(folder, (file) => file);
    expect(files.map(({ name }) => name)).toEqual(['small.imsc.yml']);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['schema-file', expect.stringContaining('it has 3000 MB, and more than 4 MB are not read')],
      ['schema-file', expect.stringContaining('it is not an ordinary file')],
    ]);
  });

  it('of many files that are large together the first are read', async () => {
    const folder = await newFolder();
    const names = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}.imsc.yml`);
    for (const name of names) await writeFile(path.join(folder, name), ' '.repeat(3.9e6));
    const { files, problems } = await listSchemaFiles(folder, ({ name }) => name);
    expect(files).toEqual(names.slice(0, 16));
    expect(problems).toMatchObject([
      { code: 'schemas-directory', message: expect.stringContaining('64 MB of schemas: 16.imsc.yml') as string },
    ]);
  });

  it('a large schema that is selected is ingested whole, and nothing is kept of one that is not', async () => {
    const folder = await newFolder();
    const schema = (id: string, word: string): string =>
      `id: ${id}\nname: ${id}\ninstrument: x\norder: 1\nselector: "filename:contains:${word}"\n# ${'-'.repeat(150_000)}\n` +
      'variables:\n  v: {source: VALUE, value: "5", value_type: integer}\nschema: {}\n';
    await writeFile(path.join(folder, 'a.imsc.yml'), schema('a', 'never'));
    await writeFile(path.join(folder, 'b.imsc.yml'), schema('b', 'run'));
    const { config } = loadConfig({ env: {}, overrides: { 'ingestion.schemas_directory': folder } });
    const set = await loadSchemas(config);
    expect(set.schemas.map((each) => each.schema.variables.length)).toEqual([0, 0]);
    const { selected } = selectSchema(set, '/data/run.nxs');
    const whole = selected && (await wholeSchema(selected));
    expect(whole).toMatchObject({ schema: { schema: { id: 'b', variables: [{ name: 'v' }] } } });
  });

  it('that is missing is a problem', async () => {
    const { problems } = await listSchemaFiles(path.join(await newFolder(), 'gone'), (file) => file);
    expect(problems).toMatchObject([{ code: 'schemas-directory', severity: 'error' }]);
  });
});

describe('a file whose name does not say that it is a schema', () => {
  const schema = 'selector: "*"\nvariables: {}\nschema:\n  a:\n    machine_name: a\n';
  const cases: readonly (readonly [name: string, text: string, isMisnamed: boolean])[] = [
    ['run.json', '{\n"selector": "*",\n"variables": {},\n"schema": {"a": {\n"machine_name": "a"}}}', true],
    ['run.yml', schema, true],
    ['run.imsc.yml', schema, false],
    ['run.txt', schema, false],
    ['config.yml', 'ingestion:\n  schemas_directory: schemas\n', false],
    ['imsc.schema.json', `{\n"$schema": "x",\n"selector": 1,\n"variables": 1,\n"machine_name": 1}`, false],
  ];

  it.each(cases)('%s', async (name, text, isMisnamed) => {
    const file = path.join(await newFolder(), name);
    await writeFile(file, text);
    expect((await misnamedSchema(file))?.code).toBe(isMisnamed ? 'schema-file-name' : undefined);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSchemaFiles, misnamedSchema } from '../../../core/ingest/schemaFiles.ts';
import { temporaryFolders } from './temporaryFolder.ts';

const newFolder = temporaryFolders();

describe('the schemas folder', () => {
  it('holds the files that end like schemas; near misses are reported, all else is ignored', async () => {
    const folder = await newFolder();
    const schemas = ['a.imsc.json', 'b.imsc.yml', 'c.imsc.yaml'];
    const nearMisses = ['d.imsc.yml.bak', 'e.imsc.json~', 'f.imsc.yml.example', 'g.imsc.yaml.txt', 'h.IMSC.YML'];
    const others = ['.hidden.imsc.yml', 'readme.md', 'data.json'];
    for (const name of [...schemas, ...nearMisses, ...others]) await writeFile(path.join(folder, name), `# ${name}`);
    await mkdir(path.join(folder, 'folder.imsc.yml'));
    const { files, problems } = await listSchemaFiles(folder);
    expect(files.map(({ name, text }) => [name, text])).toEqual(schemas.map((name) => [name, `# ${name}`]));
    expect(problems.map(({ code, file }) => [code, file])).toEqual(
      nearMisses.sort().map((name) => ['schema-file-name', path.join(folder, name)]),
    );
  });

  it('leaves out a file that is no text and keeps the others', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'bad.imsc.yml'), Buffer.from([0xff, 0xfe, 0x00]));
    await writeFile(path.join(folder, 'good.imsc.yml'), '\u{feff}id: x');
    const { files, problems } = await listSchemaFiles(folder);
    expect(files.map(({ text }) => text)).toEqual(['id: x']);
    expect(problems).toMatchObject([
      { code: 'schema-file', message: expect.stringContaining('save it as UTF-8') as string },
    ]);
  });

  it('that is missing is a problem', async () => {
    const { problems } = await listSchemaFiles(path.join(await newFolder(), 'gone'));
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

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { pathToFileURL } from 'node:url';
import * as protocol from '../../server/protocol.ts';
import { startClient } from '../support/languageClient.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const program = inject('serverProgram');
const folder = temporaryFolder();
const schemas = join(folder, 'schemas');
mkdirSync(schemas);
const one = join(schemas, 'one.imsc.yml');
const text = schemaText({
  variables: 'where:\n  source: VALUE\n  value: <ingestor_files_directory>/x\n  value_type: string',
  fields: 'where:\n  field_type: scientific_metadata\n  machine_name: where\n  value: <where>\n  type: string',
});
writeFileSync(one, text);
writeFileSync(
  join(schemas, 'two.imsc.yml'),
  text.replace('order: 1', 'order: 2').replace('0001', '0002').replace('/coda/', '/loki/'),
);
writeFileSync(join(folder, 'bare.yml'), 'ingestion: { schemas_directory: schemas }\n');
writeFileSync(
  join(folder, 'full.yml'),
  'ingestion:\n  fallback_schema_file_path: ess-fallback\n  file_handling: { ingestor_files_directory: ../mine }\n',
);

describe('the configuration that imsc.configFile names', () => {
  const read = async (configFile: string) => {
    const client = await startClient(program, { folders: [folder], settings: { configFile } });
    const documents = ['one', 'two'].map((name) => join(schemas, `${name}.imsc.yml`));
    const codes: unknown[] = [];
    for (const file of documents) {
      const document = await client.open(pathToFileURL(file).href, readFileSync(file, 'utf8'));
      codes.push(...(await client.currentDiagnostics(document)).map(({ code }) => code));
    }
    const data = await client.connection.sendRequest<protocol.EvaluationData>(protocol.evaluation.method, {
      uri: pathToFileURL(one).href,
    });
    await client.stop();
    return { codes, data: JSON.stringify(data) };
  };

  it('tells whether there is a fallback, and the folder of the files that are written', async () => {
    const { codes, data } = await read('full.yml');
    expect(codes).not.toContain('no-fallback');
    expect(data).toContain('../mine/x');
  });

  it('tells that there is none', async () => {
    const { codes, data } = await read('bare.yml');
    expect(codes).toContain('no-fallback');
    expect(data).toContain('../ingestor/x');
  });

  it('leaves both unknown where it names none', async () => {
    const { codes, data } = await read('');
    expect(codes).not.toContain('no-fallback');
    expect(data).not.toContain('/x"');
  });
});

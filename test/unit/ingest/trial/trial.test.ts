import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkSchemas } from '../../../../cli/check/checkSchemas.ts';
import { loadConfig } from '../../../../core/config/config.ts';
import { runSchemaTest } from '../../../../core/ingest/trial/schemaTest.ts';
import { trySchema } from '../../../../core/ingest/trial/trial.ts';
import { readSchema } from '../../../../core/ingest/schemas/select.ts';
import { schemaProblems } from '../../../../core/ingest/schemas/schemaProblems.ts';
import { openNexus } from '../../../../core/nexus/file.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const nexus = path.resolve(import.meta.dirname, '../../../../samples/data/coda/2025/443604/raw/443604_00001017.nxs');
const newFolder = temporaryFolders();

/** What only the values of the file show, beside what the text shows. */
const schema = `id: tried
name: tried
instrument: any
selector: '*'
order: 1
variables:
  title: { source: NXS, path: /entry/title, value_type: string }
  temperature: { source: NXS, path: /entry/sample/temperature, value_type: float, unit: mK }
schema:
  pid: { field_type: high_level, machine_name: pid, value: 20.500/1, type: string }
  datasetName: { field_type: high_level, machine_name: datasetName, value: <title>, type: string }
  principalInvestigator: { field_type: high_level, machine_name: principalInvestigator, value: <title>, type: string }
  creationLocation: { field_type: high_level, machine_name: creationLocation, value: here, type: string }
  owner: { field_type: high_level, machine_name: owner, value: <title>, type: string }
  ownerEmail: { field_type: high_level, machine_name: ownerEmail, value: <title>, type: string }
  sourceFolder: { field_type: high_level, machine_name: sourceFolder, value: /data, type: string }
  contactEmail: { field_type: high_level, machine_name: contactEmail, value: nobody, type: string }
  creationTime: { field_type: high_level, machine_name: creationTime, value: '2025-01-01T00:00:00Z', type: string }
  temperature: { field_type: scientific_metadata, machine_name: temperature, value: <temperature>, type: float }
`;

async function folderWith(): Promise<{ file: string; sample: string }> {
  const folder = await newFolder();
  const file = path.join(folder, 'tried.imsc.yml');
  const sample = path.join(folder, 'run.nxs');
  await writeFile(file, schema);
  await copyFile(nexus, sample);
  return { file, sample };
}

/** SciCat takes no title for an address; the unit of the file counts. `contactEmail` is wrong in the text already. */
const expected = ['invalid-email', 'sample-unit-conflict', 'scicat-refuses'];

it('a check tells what SciCat would refuse of the values of a sample', async () => {
  const { file, sample } = await folderWith();
  const [checked] = await checkSchemas(new Map([[file, await readFile(file, 'utf8')]]), {
    samples: [sample],
    severities: {},
  });
  expect(checked?.problems.map(({ code }) => code).sort()).toEqual(expected);
});

it('a test of the schema tells the same', async () => {
  const { file } = await folderWith();
  const test = file.replace('.imsc.yml', '.imsc.test.yml');
  await writeFile(test, 'sample: run.nxs\nproblems: []\n');
  const { differences } = await runSchemaTest(test);
  expect(differences.map(({ name }) => name).sort()).toEqual(expected);
});

it('with a configuration, what it gives is told too', async () => {
  const read = readSchema('/tried.imsc.yml', schema).schema;
  const ofText = schemaProblems(read);
  const sample = await openNexus(nexus);
  const codes = async (config?: ReturnType<typeof loadConfig>['config']): Promise<string[]> => {
    const context = { catalogue: { unavailable: 'nobody is asked' }, builtIns: {}, ofText, config };
    const { problems } = await trySchema(read, sample, context);
    return problems.map(({ code }) => code).sort();
  };
  try {
    expect(await codes()).toEqual(['sample-unit-conflict', 'scicat-refuses']);
    const { config } = loadConfig({ withToken: false });
    expect(await codes(config)).toEqual(['config-default-used', 'sample-unit-conflict', 'scicat-refuses']);
    const given = loadConfig({
      withToken: false,
      overrides: {
        'dataset.default_instrument_id': 'coda',
        'dataset.default_proposal_id': '443604',
        'dataset.default_owner_group': 'group',
        'dataset.default_access_groups': ['group'],
      },
    });
    expect(await codes(given.config)).toEqual(['sample-unit-conflict', 'scicat-refuses']);
  } finally {
    await sample.close();
  }
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import { loadConfig } from '../../core/config/config.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import { dryRun } from '../../core/jobs/dryRun.ts';
import { Journal } from '../../core/jobs/store/journal.ts';
import type { IngestionReport } from '../../core/jobs/report/report.ts';
import { ingest } from '../../core/jobs/runJob.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { schemaText } from '../support/ingestionCases.ts';

// What a dry run says and what SciCat does are one verdict.

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(path.join(tmpdir(), 'imsc-verdicts-'));
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

interface Case {
  readonly name: string;
  /** Machine name, value and type of fields. */
  readonly fields?: readonly (readonly [name: string, value: unknown, type: string])[];
  readonly without?: readonly string[];
  readonly overrides?: Readonly<Record<string, string>>;
  /** What the message speaks of; absent where SciCat takes it. */
  readonly refused?: RegExp;
  /** The place in the schema. */
  readonly at?: string;
}

const cases: readonly Case[] = [
  { name: 'a dataset that is fine' },
  { name: 'a number for the run', fields: [['runNumber', '12', 'integer']], refused: /runNumber must be a text, not a number/, at: '"12"' },
  { name: 'a number for the run, as text', fields: [['runNumber', '12', 'string']] },
  { name: 'a list for a text', fields: [['description', ['a', 'b'], 'string[]']], refused: /description must be a text, not a list/ },
  { name: 'an object for a text', fields: [['datasetName', { a: 'b' }, 'dict']], refused: /datasetName must be a text, not an object/ },
  { name: 'numbers among the words', fields: [['keywords', ['1', '2'], 'integer[]']], refused: /keywords must be a list of texts/ },
  { name: 'one word', fields: [['keywords', 'vanadium', 'string']] },
  { name: 'a number that JavaScript cannot hold', fields: [['proposalId', '123456789012345678901', 'integer']], refused: /proposalId must be a text/ },
  { name: 'texts for techniques', fields: [['techniques', ['SANS'], 'list']], refused: /techniques must be a list of objects/ },
  { name: 'no address', fields: [['contactEmail', 'nobody', 'string']], refused: /contactEmail must be an e-mail/ },
  { name: 'two owners’ addresses', fields: [['ownerEmail', 'a@ess.eu;b@ess.eu', 'string']], refused: /ownerEmail must be one/ },
  { name: 'two contacts', fields: [['contactEmail', 'a@ess.eu;b@ess.eu', 'string']] },
  { name: 'a date in words', fields: [['endTime', 'yesterday', 'string']], refused: /endTime must be a date/ },
  { name: 'a date with a blank for the end', fields: [['endTime', '2025-01-20 12:00', 'string']], refused: /endTime must be a date/ },
  { name: 'a date with a blank for the start', fields: [['startTime', '2025-01-20 12:00', 'string']] },
  { name: 'seconds since 1970', fields: [['creationTime', '1737374400', 'integer']], refused: /creationTime must be a text/ },
  { name: 'an empty folder', fields: [['sourceFolder', '', 'string']], refused: /sourceFolder must not be empty/ },
  { name: 'no owner group in the configuration', overrides: { 'dataset.default_owner_group': '' }, refused: /ownerGroup must not be empty/ },
  { name: 'two samples, of which v3 keeps one', fields: [['sampleId', ['a', 'b'], 'string[]']] },
  { name: 'numbers for samples', fields: [['sampleId', ['1', '2'], 'integer[]']], refused: /sampleIds? must be/ },
]; // prettier-ignore

async function run(item: Case, apiVersion: string): Promise<{ dry: IngestionReport; real: IngestionReport }> {
  const root = await mkdtemp(path.join(folder, 'case-'));
  const file = path.join(root, 'raw', 'a.nxs');
  await mkdir(path.dirname(file));
  await writeNexus(file, [{ path: '/entry/title', kind: 'dataset', value: 'A title' }]);
  const schema = path.join(root, 'a.imsc.json');
  const own = { pid: ['pid', `p/${root}-${apiVersion}`, 'string'], sourceFolder: ['sourceFolder', root, 'string'] };
  const fields = [...Object.values(own), ...(item.fields ?? [])].map(([name, value, type]) => [
    name,
    { field_type: 'high_level', machine_name: name, value, type },
  ]);
  await writeFile(schema, schemaText({ fields: Object.fromEntries(fields) as Record<string, unknown> }));
  const overrides = {
    'scicat.host': sandbox.baseUrl,
    'scicat.apiVersion': apiVersion,
    'dataset.default_owner_group': 'ess',
    'ingestion.file_handling.file_path_type': 'absolute',
    ...item.overrides,
  };
  const { config } = loadConfig({ overrides, env: { SCICAT_TOKEN: sandbox.token } });
  const client = connect(config.scicat);
  const request = { dataFile: file, config, client, schemaFile: schema };
  const dry = await dryRun(request);
  const real = await ingest(request, new Journal({ folder: path.join(root, 'journal') }), { attempts: 1 });
  return { dry, real };
}

describe.each(['v3', 'v4'])('with %s', (version) => {
  it.each(cases)('$name', async (item) => {
    const { dry, real } = await run(item, version);
    const said = dry.problems.map(({ code, message }) => `${code}: ${message}`).join('\n');
    expect([dry.outcome, real.outcome], said).toEqual(item.refused ? ['refused', 'failed'] : ['planned', 'ingested']);
    const refusals = dry.problems.filter(({ code }) => code === 'scicat-refuses');
    expect(refusals).toHaveLength(item.refused ? 1 : 0);
    if (!item.refused) return;
    expect(refusals[0]?.message).toMatch(item.refused);
    expect(refusals[0]?.severity).toBe('error');
    expect(refusals[0]?.range, 'a place in the schema').toBeDefined();
    // Each thing once: not from the text of the schema besides.
    expect(dry.problems.map(({ code }) => code)).not.toContain('field-value-type');
    expect(real.problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { writeEndlessHeap } from '../support/damagedHeap.ts';
import { imsc, startImsc } from './imsc.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-hanging-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const endless = path.join(folder, 'endless.nxs');
writeEndlessHeap(endless);
const schema = path.join(folder, 's.imsc.yml');
writeFileSync(
  schema,
  `id: a
name: a
instrument: x
order: 1
selector: "filename:contains:endless"
variables:
  title: {source: NXS, path: /entry/title, value_type: string}
  user: {source: NXS, path: /entry/user_1/name, value_type: string}
schema:
  pid: {field_type: high_level, machine_name: pid, value: "x/1", type: string}
  title: {field_type: scientific_metadata, machine_name: title, value: "<title> <user>", type: string}
${Object.entries({
  owner: 'Ann',
  ownerEmail: 'ann@example.org',
  ownerGroup: 'group',
  contactEmail: 'ann@example.org',
  sourceFolder: '/data',
  creationTime: '2026-01-01T00:00:00Z',
  creationLocation: 'here',
  datasetName: 'name',
  principalInvestigator: 'Ann',
  type: 'raw',
})
  .map(
    ([field, value]) => `  ${field}: {field_type: high_level, machine_name: ${field}, value: "${value}", type: string}`,
  )
  .join('\n')}
`,
);

const commands: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['inspect', ['inspect', endless]],
  ['dry-run', ['dry-run', '--offline', '--nexus-file', endless, '--schema', schema]],
  ['check --sample', ['check', schema, '--sample', endless]],
];
test.concurrent.each(commands)('imsc %s of a file on which the HDF5 library never ends says so and ends', async (_name, args) => {
  const { code, stdout, stderr } = await imsc(args);
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(/no answer within 10 s. The file is probably damaged/);
}, 40_000); // prettier-ignore

test.concurrent('a dataset is not made without what the file did not tell in time, though nothing mandatory is missing', async () => {
  const { code, stdout, stderr } = await imsc(['dry-run', '--offline', '--nexus-file', endless, '--schema', schema]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/no answer within 10 s.*Nothing is sent: try again.*\[data-file\]/);
  expect(stdout + stderr).not.toMatch(/variable-failed|mandatory-field-missing|Would send/);
}, 40_000); // prettier-ignore

test.concurrent.each(['SIGTERM', 'SIGINT'] as const)('%s ends an ingestion that hangs, and its lock is free', async (signal) => {
  const journal = path.join(folder, `journal ${signal}`);
  const env = { IMSC_JOURNAL_DIR: journal, SCICAT_TOKEN: 'abcdefgh' };
  const host = ['--scicat.host', 'http://127.0.0.1:9/api/v3'];
  const run = startImsc(['ingest', '--nexus-file', endless, '--schema', schema, ...host], env);
  await wait(4_000);
  const before = performance.now();
  run.child.kill(signal);
  const { code, stderr } = await run.finished;
  expect(performance.now() - before).toBeLessThan(3_000);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Cancelled before anything was sent/);
  const files = readdirSync(journal, { recursive: true, encoding: 'utf8' });
  expect(files.filter((name) => name.endsWith('owner.json'))).toEqual([]);
}, 40_000); // prettier-ignore

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandNames } from '../../cli/commands.ts';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import { imsc, startImsc } from './imsc.ts';

/** A new title of the window, a line of its own, a cleared screen, text turned around, further lines. */
const lure = 'lure\u001b]0;owned\u0007\r\nIngested as FAKE\u009b2J\u202edlrow\u2028Ingested as FAKE\u0000\u007f';
/** The same for names of files, which hold no NUL. */
const name = lure.replace('\u0000', '');

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-hostile-'));
const at = (...parts: string[]): string => path.join(folder, ...parts);
const nexus = at(`${name}.nxs`);
const notNexus = at(`${name}.hdf`);
const sound = at(`${name}.imsc.yml`);
const soundJson = at(`${name}.imsc.json`);
const broken = at('schemas', `${name}.imsc.json`);
const tests = at(`${name}.imsc.test.yml`);
const config = at(`${name}.yml`);
const brokenConfig = at(`${name}-broken.yml`);
const hostileBag = at('bag');
const hostileMetadata = at('lure.imsc.metadata.yml');
const baseline = at(`${name}-baseline.json`);

let server: Server;
let host = '';
const asked: string[] = [];
/** What the server says, one after the other for each way of being hostile. */
const answers: Readonly<Record<string, readonly [status: number, body: unknown]>> = {
  refusal: [400, { statusCode: 400, message: [lure, lure], error: lure }],
  failure: [500, lure],
  page: [200, `<html><title>${lure}</title>${lure}`],
  datasets: [
    200,
    [{ pid: lure, id: lure, username: lure, email: lure, datasetName: lure, access_token: lure, groups: [lure] }],
  ],
  dataset: [
    200,
    { pid: lure, id: lure, username: lure, email: lure, groups: [lure], access_token: lure, proposalId: lure },
  ],
};
let answer = answers['refusal'];

function schema(selector: string): object {
  return {
    id: lure,
    name: lure,
    instrument: lure,
    order: 1,
    selector,
    variables: {
      title: { source: 'NXS', path: '/entry/title', value_type: 'string' },
      gone: { source: 'NXS', path: `/entry/${lure}`, value_type: 'string' },
      number: { source: 'VALUE', value: '<title>', value_type: 'integer' },
      asked: { source: 'SC', url: 'proposals/<title>', field: lure, value_type: 'string' },
      [lure]: { source: 'VALUE', value: lure, operator: lure, value_type: lure },
    },
    schema: {
      pid: { field_type: 'high_level', machine_name: 'pid', value: '<title>', type: 'string' },
      owner: { field_type: 'high_level', machine_name: 'owner', value: lure, type: 'string' },
      number: { field_type: 'scientific_metadata', machine_name: lure, value: '<number>', type: lure, unit: lure },
      asked: { field_type: 'scientific_metadata', machine_name: `a ${lure}`, value: '<asked>', type: 'string' },
      [lure]: { field_type: lure, machine_name: lure, value: `<${lure}>`, type: lure },
    },
  };
}

const ascii = (document: unknown): string =>
  JSON.stringify(document, null, 2).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`); // prettier-ignore

beforeAll(async () => {
  mkdirSync(at('schemas'));
  await writeNexus(nexus, [
    { path: '/entry', kind: 'group', attrs: { NX_class: lure, [lure.replace('\u0000', '')]: lure } },
    { path: '/entry/title', kind: 'dataset', value: lure, attrs: { units: lure } },
    { path: `/entry/${name}`, kind: 'dataset', value: 1.5, attrs: { units: lure } },
    { path: `/entry/link ${name}`, kind: 'softlink', target: `/nowhere/${name}` },
    { path: `/entry/far ${name}`, kind: 'external', target: `/entry/${name}`, file: `${name}.nxs` },
  ]);
  writeFileSync(notNexus, lure);
  const text = ascii(schema('filename:contains:lure'));
  writeFileSync(sound, text);
  writeFileSync(soundJson, text.replace('{', '{ // \u001b]0;owned\u0007 \u009b \u202e\n'));
  writeFileSync(broken, `{"id": "${lure}", "variables": [`);
  writeFileSync(tests, ascii({ schema: path.basename(sound), sample: path.basename(nexus), dataset: { pid: lure } }));
  writeFileSync(config, ascii({ id: lure, ingestion: { schemas_directory: 'schemas' }, scicat: { max_tries: 1 } }));
  writeFileSync(
    brokenConfig,
    ascii({ [lure]: lure, scicat: { host: lure, timeout: lure, verify: lure }, ingestion: { [lure]: 1 } }),
  );
  writeFileSync(baseline, ascii({ [lure]: lure }));
  writeFileSync(hostileMetadata, ascii({ [lure]: lure, owner: lure, scientificMetadata: { a: { [lure]: lure } } }));
  mkdirSync(path.join(hostileBag, 'data'), { recursive: true });
  writeFileSync(path.join(hostileBag, 'bagit.txt'), 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  writeFileSync(path.join(hostileBag, 'manifest-sha256.txt'), `${'0'.repeat(64)}  data/${name}\n${lure}\n`);
  writeFileSync(path.join(hostileBag, 'ark-file-meta.csv'), `id,type,parent_id\n"${lure.replaceAll('"', '""')}",X,\n`);
  writeFileSync(path.join(hostileBag, 'data', name), '');
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const [status, body] = answer ?? [500, ''];
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' });
    // As it is: JSON with raw characters where it may have them.
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

type Line = readonly string[];
const connected = (): Line => ['-c', config, '--scicat.host', host];
const run = (): Line => [...connected(), '--nexus-file', nexus, '--schema', sound];

/** What each command is tried with; a command without an entry fails the test. */
const lines: Readonly<Record<string, () => readonly Line[]>> = {
  ingest: () => [
    run(),
    ['-c', brokenConfig, '--nexus-file', nexus],
    [...connected(), '--nexus-file', notNexus],
    [`--${lure.replace('\u0000', '')}`],
  ],
  'dry-run': () => [
    run(),
    [...run(), '--offline'],
    [...connected(), '--nexus-file', nexus],
    [...run(), '--include', at(`no ${name}`)],
    [...run(), '--metadata', broken],
    [...run(), '--metadata', hostileMetadata],
    ['-c', at(`no ${name}`), '--nexus-file', name],
    ['--nexus-file', nexus, '--schema', broken],
  ],
  metadata: () => [
    [...run(), '--offline'],
    run(),
    [...run(), '-o', at(`no ${name}`, 'x')],
    ['-c', config, folder, '--offline'],
  ],
  check: () => [
    [sound, soundJson, broken, '--sample', nexus],
    [folder, '--sample', notNexus, name],
    [sound, '--format', 'github'],
    [sound, broken, '--format', 'sarif'],
    [sound, '--format', name],
    [sound, '--severity', `${name}=off`],
    [sound, '--baseline', baseline],
    [sound, '--max-warnings', name],
    [`--${name}`],
  ],
  test: () => [[tests], [at('schemas')], [name]],
  select: () => [
    ['-c', config, '--nexus-file', nexus, '--ingestion.schemas-directory', folder],
    ['-c', config, '--nexus-file', nexus],
    ['-c', brokenConfig, '--nexus-file', nexus],
  ],
  inspect: () => [[nexus, '--attributes'], [nexus, `/entry/${name}`], [notNexus], [name], [nexus, '--depth', name]],
  convert: () => [
    [sound, '--to', 'json'],
    [sound, '--to', 'yaml'],
    [soundJson, '--to', 'yaml'],
    [soundJson, '--to', 'json'],
    [broken, '--to', 'yaml'],
    [name, '--to', name],
    [sound, '--for', 'python-26', '--samples', nexus, notNexus],
    [broken, '--for', 'next'],
    [sound, '--for', name],
  ],
  migrate: () => [
    ['--to', 'v4', sound, soundJson, broken],
    ['--to', 'v4', '-c', config],
    ['--to', 'v3', '-c', brokenConfig],
    ['--to', name, name],
  ],
  diff: () => [
    [sound, soundJson, '--samples', nexus, notNexus],
    [sound, broken, '--samples', nexus, '--markdown'],
    [sound, '--git', name, '--samples', nexus],
    [name, name, '--samples', name],
  ],
  update: () => [
    [...connected(), nexus, '--schema', sound],
    [...connected(), nexus, '--schema', sound, '--undo', '--yes'],
    [...connected(), name],
  ],
  bag: () => [
    ['check', hostileBag, notNexus, name],
    ['make', at(`no ${name}`), '--info', name],
    ['check', folder, '--algorithm', name],
  ],
  init: () => [
    [at('begun'), '--sample', nexus],
    [at('begun'), '--sample', notNexus],
    [at('begun'), '--sample', name],
    [at(`begun ${name}`)],
    [notNexus],
  ],
  doctor: () => [
    connected(),
    [...connected(), '--ingestion.schemas-directory', folder],
    ['-c', brokenConfig],
    ['-c', at(`no ${name}`)],
  ],
  explain: () => [[name], [`[${name}]`]],
  sandbox: () => [['--port', name], ['--proposal', name], ['--port', '0', '--data', notNexus], [name]],
  serve: () => [
    ['--port', name],
    ['--serve-config', brokenConfig],
    ['--location', `${name}=${name}`],
    ['--allow-origin', name, '--add-account', name],
  ],
  online: () => [
    ['-c', brokenConfig],
    ['-c', at(`no ${name}`)],
  ],
  resume: () => [connected(), ['-c', config, '--list'], ['-c', config, '--run', name, '--give-up']],
  // Also what the ingestions before have left.
  jobs: () => [
    [],
    ['show', name],
    ['cancel', name],
    ['--file', name],
    ['--status', name],
    [name],
    ['--store', notNexus],
  ],
  login: () => [[...connected(), '--user', name]],
  whoami: () => [connected()],
  dataset: () => [[...connected(), '--pid', name]],
  lsp: () => [[`--${name}`]],
};

/** Line breaks alone are obeyed in what a command prints, and tabs show as what they are. */
const obeyed = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

describe('text of others reaches the terminal as text', () => {
  it.each(commandNames)('imsc %s', { timeout: 240_000 }, async (command) => {
    const tried = lines[command]?.() ?? [];
    expect(tried, 'arguments to try the command with').not.toEqual([]);
    for (const [way, said] of Object.entries(answers)) {
      answer = said;
      // What asks nobody is the same whatever would be answered.
      const asking = tried.filter((line) => line.includes(host) && !line.includes('--offline'));
      for (const line of way === 'refusal' ? tried : asking) {
        const forms = [['-v'], ['--json', '--progress', 'json']].map(async (form, index) => {
          const journal = at(`journal-${index}`);
          const env = { SCICAT_TOKEN: 'token', SCICAT_PASSWORD: 'secret', IMSC_JOURNAL_DIR: journal };
          const { stdout, stderr } = await imsc([command, ...line, ...form], env, folder);
          const printed = stdout + stderr;
          const context = JSON.stringify([way, command, ...line, ...form, printed.slice(0, 3000)]);
          expect(printed, context).not.toBe('');
          expect(printed, context).not.toMatch(obeyed);
          expect(printed, context).not.toMatch(/^Ingested as FAKE/m);
          expect(printed, context).not.toMatch(/^ +at /m);
        });
        await Promise.all(forms);
      }
    }
  });

  it('nor does it lead a request elsewhere', () => {
    expect(asked.length).toBeGreaterThan(0);
    for (const address of asked) expect(address).toMatch(/^\/api\/v3\/(?!.*\.\.)/);
  });

  it('with colours, only our own are there', async () => {
    const { stdout } = await imsc(['inspect', nexus, '--attributes'], { NO_COLOR: '', FORCE_COLOR: '1' }, folder);
    expect(stdout).toMatch(/\u001b\[36m/);
    expect(stdout.replace(/\u001b\[\d+m/g, '')).not.toMatch(obeyed);
  });

  it('in a log of GitHub Actions it is not a command', async () => {
    const file = at('::error::forged.imsc.yml');
    writeFileSync(file, 'id: "##[error]forged"\nname: 1\n');
    const env = { GITHUB_ACTIONS: 'true' };
    const { stdout, stderr } = await imsc(['check', path.basename(file)], env, folder);
    rmSync(file);
    expect(stdout + stderr).toContain('error::forged');
    expect(stdout + stderr).not.toMatch(/^\s*::|##\[/m);
  });

  it('a line on the way is one, too', async () => {
    const { child, finished } = startImsc(['sandbox', '--port', '0', '--data', at(`data ${name}`)], {}, folder);
    child.stdout?.once('data', () => setTimeout(() => child.kill(), 300));
    const { stdout } = await finished;
    expect(stdout).toContain('lure');
    expect(stdout).not.toMatch(obeyed);
    expect(readdirSync(folder)).toContain(`data ${name}`);
  });
});

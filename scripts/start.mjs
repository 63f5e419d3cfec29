// `npm start`: a SciCat of your own, with one of the sample files ingested into it. On a terminal the sandbox goes on
// running until Ctrl-C; elsewhere this ends by itself. --data FOLDER keeps the sandbox's data elsewhere.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale, imsc, root } from './builtProgram.mjs';
import { startSandbox } from './sandboxProcess.mjs';

const { data: folder } = parseArgs({
  options: { data: { type: 'string', default: join(root, 'samples', '.scicat') } },
}).values;
const data = resolve(folder, 'catalogue');
const config = join(root, 'samples', 'config.yml');
const nexusFile = join(root, 'samples', 'data', 'coda', '2025', '443604', 'raw', '443604_00001017.nxs');

const say = (text = '') => {
  console.log(text);
};

/** A path as seen from here, if it lies below. */
function short(path) {
  const seen = relative(process.cwd(), path);
  return seen === '' || seen.startsWith('..') || isAbsolute(seen) ? path : seen;
}

/** Ingests the sample as anybody would: with the command line. Gives its report. */
async function ingest({ host, token }) {
  const args = ['ingest', '-c', config, '--nexus-file', nexusFile, '--scicat.host', host, '--json', '--quiet'];
  const env = { ...process.env, SCICAT_TOKEN: token, IMSC_JOURNAL_DIR: resolve(folder, 'journal') };
  return await new Promise((done, fail) => {
    execFile(process.execPath, [imsc, ...args], { env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout));
      } catch {
        fail(new Error(stderr || (error ?? new Error('imsc ingest printed nothing')).message));
      }
    });
  });
}

/** What the sandbox answers to a GET. */
async function get({ host, token }, path) {
  const response = await fetch(`${host}/${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${response.url} was answered with ${response.status}.`);
  return await response.json();
}

const shown = (value) => (Array.isArray(value) ? value.join(', ') : String(value));

function printDataset(dataset, blocks) {
  const fields = [
    ...['datasetName', 'description', 'principalInvestigator', 'ownerGroup', 'accessGroups', 'proposalId'],
    ...['instrumentId', 'creationLocation', 'startTime', 'endTime', 'runNumber', 'keywords', 'sourceFolder'],
    ...['numberOfFiles', 'size'],
  ];
  for (const name of fields) say(`  ${name.padEnd(24)}${shown(dataset[name])}`);
  say('  scientificMetadata');
  for (const { human_name, value, unit } of Object.values(dataset.scientificMetadata)) {
    say(`    ${human_name.padEnd(34)}${shown(value)}${unit === '' ? '' : ` ${unit}`}`);
  }
  say('  files');
  for (const { path, size, chk } of blocks.flatMap(({ dataFileList }) => dataFileList)) {
    say(`    ${path.padEnd(34)}${String(size).padStart(6)} bytes${chk ? `  blake2b ${chk.slice(0, 12)}…` : ''}`);
  }
}

if (buildIfStale()) say('Built dist/.');
const sandbox = await startSandbox(data);
const ended = once(sandbox.child, 'exit');
let failed = false;
try {
  say(`A SciCat of your own runs at ${sandbox.url}`);
  const report = await ingest(sandbox);
  const pid = report.dataset?.pid;
  const file = short(nexusFile);
  switch (report.outcome) {
    case 'ingested':
      say(`Ingested ${file} with the schema ${report.schema.name} (${short(report.schema.file)}).`);
      break;
    case 'already-present':
      say(`${file} is already there from an earlier start; nothing was sent, nothing is there twice.`);
      break;
    default:
      for (const { message, code } of report.problems) console.error(`${message} [${code}]`);
      throw new Error(`${file} was not ingested.`);
  }
  const path = `datasets/${encodeURIComponent(pid)}`;
  say(`\nThe dataset ${pid}, read back from ${sandbox.host}/${path}\n`);
  printDataset(await get(sandbox, path), await get(sandbox, `${path}/origdatablocks`));
  say('\nWhere to look');
  say(`  in a browser    ${sandbox.url}/${path}   (while the sandbox runs)`);
  say(`  as JSON files   ${short(data)}`);
  say(`  what made it    ${short(join(root, 'samples'))}: config.yml, schemas/, data/`);
} catch (error) {
  console.error(error.message);
  failed = true;
}
if (process.stdin.isTTY && process.stdout.isTTY && !failed) {
  say('\nTo ingest more, in another terminal:');
  say(`  export SCICAT_TOKEN=${sandbox.token}`);
  say(
    `  npx imsc ingest -c ${short(config)} --scicat.host ${sandbox.host} --nexus-file "$PWD"/samples/data/loki/2025/443618/raw/443618_00000291.nxs`,
  );
  say('\nThe sandbox runs until you press Ctrl-C.');
  // The terminal sends Ctrl-C to the sandbox too, which then ends by itself.
  process.on('SIGINT', () => {});
} else {
  say(`\nThe sandbox is stopped, its data stays. \`npx imsc sandbox --data ${short(data)}\` starts it again.`);
  sandbox.child.kill();
}
await ended;
process.exitCode = failed ? 1 : 0;

// Installs what is shipped into empty folders and tries it there: the npm package from its .tgz, without developers'
// packages and without a network, the extension from its .vsix, and the git repository as npm and pre-commit install it,
// for which npm must reach its registry. The last line is the sum. `npm test -- package`
// runs it.
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { buildIfStale, root } from './builtProgram.mjs';
import { gitInstallSteps } from './installFromGit.mjs';
import { inventoryName, noticesName } from './notices.mjs';

const folder = mkdtempSync(join(tmpdir(), 'imsc-smoke-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = join(folder, `imsc-${version}.vsix`);
const installed = join(folder, 'installed');
const unpacked = join(folder, 'unpacked');
const sample = join(installed, 'samples', 'data', 'coda', '2025', '443604', 'raw', '443604_00001017.nxs');

/**
 * Largest sizes in MB that are no surprise. A good half of both is HDF5 with its filters as WebAssembly, a tenth
 * libarchive; each command that is loaded later has its own copy of what it needs, the service and the online ingestor
 * above all; the programs for browsers are there besides. The npm package has what V8 compiled, too: 1.6 MB.
 */
const most = { tgz: 9, vsix: 7.9 };

const run = async (program, args, { env = {}, cwd = root } = {}) => {
  const options = { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 1e8 };
  const { stdout } = await promisify(execFile)(program, args, options);
  return stdout;
};
const npm = (args, cwd) => run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
const imsc = (args, env) => run(join(installed, 'node_modules', '.bin', 'imsc'), args, { cwd: installed, env });

function must(condition, message) {
  if (!condition) throw new Error(message);
}

/** What nobody needs at run time must not be shipped. */
function mustBeLean(names, size, limit) {
  const stray = names.filter(
    (name) =>
      /(^|\/)(test|scripts|core|samples|node_modules|\.[^/]*)\/|\.(ts|map|nxs)$/.test(name) &&
      // What “Try It with a Sample” copies.
      !name.endsWith('/walkthrough/sample/powder.nxs'),
  );
  must(stray.length === 0, `These do not belong there: ${stray.join(', ')}.`);
  must(size < limit * 1e6, `It has ${(size / 1e6).toFixed(1)} MB, and more than ${limit} MB is a surprise.`);
  return `${names.length} files, ${(size / 1e6).toFixed(2)} MB`;
}

/** A sandbox for as long as `work` takes. */
async function withSandbox(program, work) {
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--json'], { cwd: folder });
  const ended = new Promise((done) => child.on('close', done));
  try {
    let printed = '';
    for await (const piece of child.stdout) {
      printed += piece;
      if (printed.trimEnd().endsWith('}')) break;
    }
    return await work(JSON.parse(printed));
  } finally {
    child.kill();
    await ended;
  }
}

/** What a language server says it can do, after a proper goodbye. */
async function capabilitiesOf(program) {
  const child = spawn(process.execPath, [program, '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.on('close', done));
  // One that has ended already is told by its missing answer.
  child.stdin.on('error', () => {});
  const tooEarly = ended.then((code) => Promise.reject(new Error(`It has ended with ${code} before it answered.`)));
  tooEarly.catch(() => {});
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  try {
    connection.listen();
    const hello = { processId: process.pid, rootUri: null, capabilities: {} };
    const { capabilities } = await Promise.race([connection.sendRequest('initialize', hello), tooEarly]);
    await connection.sendNotification('initialized', {});
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    must((await ended) === 0, 'It did not end as asked.');
    return capabilities;
  } finally {
    connection.dispose();
    child.kill();
  }
}

const steps = {
  'the extension is packed': async () => {
    await run(process.execPath, [join(root, 'scripts', 'package.mjs'), '--out', vsix]);
  },
  'it holds what it needs and no more': async () => {
    const packed = readFileSync(vsix);
    const files = Object.entries(unzipSync(packed)).filter(([name]) => !name.endsWith('/'));
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(unpacked, name)), { recursive: true });
      writeFileSync(join(unpacked, name), bytes);
    }
    const names = files.map(([name]) => name);
    for (const name of [
      'package.json',
      'readme.md',
      'LICENSE.txt',
      'dist/client/extension.cjs',
      'dist/server/main.cjs',
      `dist/${noticesName}`,
      `dist/${inventoryName}`,
    ]) {
      must(names.includes(`extension/${name}`), `${name} is missing; there are ${names.join(', ')}.`);
    }
    return mustBeLean(names, packed.length, most.vsix);
  },
  'its command line runs where it was unpacked': async () => {
    const program = join(unpacked, 'extension', 'dist', 'cli', 'main.cjs');
    must((await run(process.execPath, [program, '--version'])).trim() === version, 'It tells another version.');
    await run(process.execPath, [program, 'check', join(root, 'samples', 'schemas')]);
  },
  'its language server runs where it was unpacked': async () => {
    const capabilities = await capabilitiesOf(join(unpacked, 'extension', 'dist', 'server', 'main.cjs'));
    must(capabilities.hoverProvider && capabilities.completionProvider, 'It offers neither hover nor completion.');
  },
  'the npm package is packed': async () => {
    buildIfStale();
    const listed = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root);
    const [{ files, size }] = [JSON.parse(listed)].flatMap((given) => Object.values(given));
    return mustBeLean(
      files.map(({ path }) => path),
      size,
      most.tgz,
    );
  },
  'it installs into an empty folder': async () => {
    mkdirSync(installed);
    // Without a package.json here npm would install into whichever folder above has one.
    writeFileSync(join(installed, 'package.json'), '{ "private": true }\n');
    await npm(['install', '--omit=dev', join(folder, `imsc-${version}.tgz`)], installed);
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
    must(packages.join() === 'imsc', `It brought ${packages.join(', ')}.`);
    must((await imsc(['--version'])).trim() === version, 'It tells another version.');
    const notices = readFileSync(join(installed, 'node_modules', 'imsc', 'dist', noticesName), 'utf8');
    for (const name of ['HDF5', 'Blosc', 'hono', 'undici', 'yaml'])
      must(notices.includes(name), `No licence of ${name}.`);
    cpSync(join(root, 'samples', 'config.yml'), join(installed, 'samples', 'config.yml'));
    cpSync(join(root, 'samples', 'schemas'), join(installed, 'samples', 'schemas'), { recursive: true });
    const made = join(root, 'samples', 'data', 'coda', '2025', '443604', 'raw', '443604_00001017.nxs');
    cpSync(made, sample);
  },
  'imsc check': async () => {
    await imsc(['check', 'samples/schemas', '--sample', sample]);
  },
  'imsc dry-run': async () => {
    const said = await imsc(['dry-run', '-c', 'samples/config.yml', '--nexus-file', sample, '--offline']);
    must(said.includes('MnF2 powder, 4 K, zero field'), `It does not show the title:\n${said}`);
  },
  'imsc sandbox and imsc ingest': async () => {
    const program = join(installed, 'node_modules', 'imsc', 'dist', 'cli', 'main.cjs');
    await withSandbox(program, async ({ host, token }) => {
      const args = ['ingest', '-c', 'samples/config.yml', '--nexus-file', sample, '--scicat.host', host, '--json'];
      const env = { SCICAT_TOKEN: token, IMSC_JOURNAL_DIR: join(folder, 'journal') };
      const { outcome } = JSON.parse(await imsc(args, env));
      must(outcome === 'ingested', `The outcome is ${outcome}.`);
      const again = JSON.parse(await imsc(args, env));
      must(again.outcome === 'already-present', `The second time the outcome is ${again.outcome}.`);
    });
  },
  'imsc lsp': async () => {
    const program = join(installed, 'node_modules', 'imsc', 'dist', 'server', 'main.cjs');
    must((await capabilitiesOf(program)).hoverProvider, 'It does not offer hover.');
  },
  ...gitInstallSteps(join(folder, 'from-git'), run),
};
mkdirSync(join(folder, 'from-git'));

let [passed, failed] = [0, 0];
for (const [name, step] of Object.entries(steps)) {
  try {
    const note = await step();
    console.log(`  ✔ ${name}${note === undefined ? '' : ` (${note})`}`);
    passed += 1;
  } catch (error) {
    console.error(`  ✘ ${name}: ${[error.message, error.stdout, error.stderr].filter(Boolean).join('\n')}`);
    failed += 1;
  }
}
// --keep-vsix=FILE leaves the extension there for another check.
const keep = process.argv.find((argument) => argument.startsWith('--keep-vsix='))?.split('=')[1];
if (keep !== undefined && failed === 0) cpSync(vsix, keep);
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);

// Has V8 compile what the command line and the language server need most often, and keeps that beside the program
// (core/files/compiledCode.ts): the programs are run as a person and an editor run them, and what is compiled by their end
// is written down. It is good for this very Node and kind of machine; any other compiles the source itself. V8 knows a
// source by no more than its length, so the code is made with each build, which empties dist/ first.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

const samples = fileURLToPath(new URL('../samples/', import.meta.url));
const schema = join(samples, 'schemas', 'coda.imsc.yml');
const sample = join(samples, 'data', 'coda', '2025', '443604', 'raw', '443604_00001017.nxs');

/** Commands that are run to have their code compiled. */
const commands = [
  ['--version'],
  ['check', schema],
  ['inspect', sample],
  ['dry-run', '--offline', '--nexus-file', sample, '--schema', schema],
];

/**
 * Without the samples there is nothing to run, and no code is kept.
 * @param {string} dist the folder of the built program
 */
export async function keepCompiledCode(dist) {
  if (![schema, sample].every((path) => existsSync(path))) return;
  const sources = join(dist, 'later');
  const folder = join(dist, 'code', `${process.version}-${process.platform}-${process.arch}`, 'later');
  mkdirSync(folder, { recursive: true });
  // With a file here, though it be empty, the program loads the source in the way that can be kept. Node alone knows how
  // to load what has import() in it.
  const isKept = (name) => !/\bimport\(/.test(readFileSync(join(sources, name), 'utf8'));
  const kept = readdirSync(sources)
    .filter(isKept)
    .map((name) => join(folder, `${name}.code`));
  for (const file of kept) writeFileSync(file, '');
  const home = mkdtempSync(join(tmpdir(), 'imsc-build-'));
  const options = { cwd: home, env: { HOME: home, IMSC_KEPT_CODE: folder } };
  const before = ['--import', new URL('keepScripts.mjs', import.meta.url).href];
  try {
    for (const args of commands) {
      const { status, stderr } = spawnSync(process.execPath, [...before, join(dist, 'cli', 'main.cjs'), ...args], {
        ...options,
        encoding: 'utf8',
      });
      // The program is whole without it.
      if (status !== 0) console.warn(`imsc ${args.join(' ')} was not compiled ahead: ${stderr}`);
    }
    const status = await askServer([...before, join(dist, 'server', 'main.cjs'), '--stdio'], options);
    if (status !== 0) console.warn(`The language server was not compiled ahead: it ended with ${status}`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  for (const file of kept) if (statSync(file).size === 0) rmSync(file);
}

/** What editors can do, as far as the server goes other ways for it. */
const capabilities = {
  workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
  textDocument: { synchronization: {}, publishDiagnostics: { versionSupport: true }, diagnostic: {} },
};

/** A language server is asked for the problems of a schema with a sample, as an editor asks. @returns how it ended */
async function askServer(args, options) {
  const server = spawn(process.execPath, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'], timeout: 60_000 });
  server.stdin.on('error', () => undefined);
  const ended = once(server, 'close');
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  const uri = pathToFileURL(schema).href;
  const textDocument = { uri, languageId: 'imsc-yaml', version: 1, text: readFileSync(schema, 'utf8') };
  const conversation = async () => {
    await connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities });
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('imsc/chooseSample', { uri, file: sample });
    await connection.sendNotification('textDocument/didOpen', { textDocument });
    await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
  };
  // A server that has ended answers no more.
  await Promise.race([conversation(), ended]);
  const [code, signal] = await ended;
  return code ?? signal;
}

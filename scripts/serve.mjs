// `npm run serve`: a SciCat of your own and the ingest service in front of it, with runs made of a sample in its location.
// It says what to try, and goes on until Ctrl-C. --data FOLDER keeps everything elsewhere, --port N listens there,
// --allow-origin URL lets a page of that address use it, such as SciCat's frontend.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale, root } from './builtProgram.mjs';
import { writeRun } from './online/runs.mjs';
import { startSandbox, startServing } from './sandboxProcess.mjs';

const {
  data: folder,
  port,
  'allow-origin': origins,
} = parseArgs({
  options: {
    data: { type: 'string', default: join(root, 'samples', '.scicat') },
    port: { type: 'string', default: '8888' },
    'allow-origin': { type: 'string', multiple: true, default: [] },
  },
}).values;
const samples = join(root, 'samples');
const place = (name) => resolve(folder, name);
const settings = {
  storage: place('deposits'),
  store: place('jobs'),
  locations: [{ name: 'runs', path: place('runs') }],
  allow_origins: origins,
};

/** Runs that nobody has ingested yet, so that each line that is tried makes a dataset. */
const since = Math.floor(Date.now() / 1000) * 10;
const [listed, fetched, sent, deposited] = ['listed', 'fetched', 'sent', 'deposited'].map((name, index) => {
  const folder = `${name}-${since}`;
  const run = writeRun(place(join('runs', folder)), since + index);
  return { folder: `${folder}/coda/2025/443604`, file: relative(process.cwd(), run) };
});

if (buildIfStale()) console.log('Built dist/.');
mkdirSync(settings.storage, { recursive: true });
const sandbox = await startSandbox(place('catalogue'));
let code = 1;
try {
  // Its pages stand where those of the frontend would.
  writeFileSync(place('imsc-serve.yml'), `${JSON.stringify({ ...settings, scicat_frontend: sandbox.url }, null, 2)}\n`);
  const args = ['serve', '-c', join(samples, 'config.yml'), '--scicat.host', sandbox.host, '--port', port];
  const env = { ...process.env, SCICAT_TOKEN: sandbox.token };
  const service = await startServing([...args, '--serve-config', place('imsc-serve.yml')], env);
  const at = service.url;
  console.log(`The ingest service runs at ${at} with a folder of runs, and a SciCat of your own at ${sandbox.url}

  the page    ${at}/   in a browser: what is ingested, as it goes on
  native      curl -H 'Content-Type: application/json' -d '{"path":"${listed.folder}"}' ${at}/api/v1/jobs
  upload      curl -F file=@${sent.file} ${at}/api/v1/jobs
  Arkivum     curl -X POST '${at}/api/arksys/ingest?ingestPath=${fetched.folder}'
  SWORD       curl -u me:any --data-binary @${deposited.file} -H 'Content-Type: application/octet-stream' -H 'Content-Disposition: attachment; filename=run.nxs' ${at}/1/deposits/
  OpenEM      curl '${at}/dataset/browse?path=/'   and the page “Ingestor” of SciCat's frontend

It runs until you press Ctrl-C.`);
  process.on('SIGTERM', () => service.child.kill());
  // A terminal tells the service, too; told twice, it would not wait for what runs.
  process.on('SIGINT', () => process.stdin.isTTY || service.child.kill());
  [code] = await once(service.child, 'exit');
} catch (error) {
  console.error(error.message);
} finally {
  sandbox.child.kill();
}
process.exitCode = code ?? 0;

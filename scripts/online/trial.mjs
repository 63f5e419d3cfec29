// What trials of `imsc online` have in common: its configuration, its processes, and what stands in SciCat after them.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { imsc, root } from '../builtProgram.mjs';

/** Writes a configuration for a group of `imsc online`; returns its path. */
export function writeConfig(folder, { servers, host, topics, workers }) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'samples', 'schemas'), join(folder, 'schemas'), { recursive: true });
  const file = join(folder, 'config.yml');
  const kafka = {
    topics,
    group_id: 'ingestors',
    bootstrap_servers: servers,
    security_protocol: 'plaintext',
    session_timeout_ms: 6000,
  };
  const text = readFileSync(join(root, 'samples', 'config.yml'), 'utf8')
    .replace('http://127.0.0.1:3000/api/v3', host)
    .replace('kafka: {}', `kafka: ${JSON.stringify(kafka)}`)
    .replace('\ningestion:\n', `\ningestion:\n  max_offline_ingestors: ${workers}\n`)
    .replace('health_check: {}', 'health_check: { host: 127.0.0.1, port: 0 }');
  writeFileSync(file, text);
  return file;
}

/**
 * An `imsc online` of that configuration.
 * @param {(line: string) => void} hear is given each line that it says
 * @returns the process, and the last that it said of what it hears
 */
export function startIngestor({ config, store, token }, hear) {
  const child = spawn(process.execPath, [...process.execArgv, imsc, 'online', '-c', config, '--store', store], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SCICAT_TOKEN: token },
  });
  const ingestor = { child, hears: '', shares: 0, done: 0 };
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('Kafka: hears ')) {
      ingestor.hears = line;
      ingestor.shares += 1;
    } else if (line.startsWith('Done')) ingestor.done += 1;
    hear(line);
  });
  return ingestor;
}

/** Until something is so. */
export async function until(what, isSo, { patienceMs = 120_000, lookMs = 50 } = {}) {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`In ${patienceMs / 60_000} minutes it did not come to this: ${what}.`);
    await wait(lookMs);
  }
}

async function get({ host, token }, path) {
  const response = await fetch(`${host}/${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${response.url} was answered with ${response.status}.`);
  return await response.json();
}

/** All documents of a kind. */
async function all(sandbox, path) {
  const found = [];
  const limit = 1000;
  for (;;) {
    const filter = encodeURIComponent(JSON.stringify({ limit, skip: found.length }));
    const page = await get(sandbox, `${path}?filter=${filter}`);
    found.push(...page);
    if (page.length < limit) return found;
  }
}

/** How many datasets SciCat holds. */
export const datasetCount = async (sandbox) => (await get(sandbox, 'datasets/count')).count;

/** What SciCat holds of each run: datasets, and files in their lists. */
export async function standing(sandbox) {
  const datasets = (await all(sandbox, 'datasets')).map(({ pid, runNumber }) => ({ pid, runNumber, blocks: 0, files: [] })); // prettier-ignore
  const byPid = new Map(datasets.map((dataset) => [dataset.pid, dataset]));
  for (const { datasetId, dataFileList } of await all(sandbox, 'origdatablocks')) {
    const dataset = byPid.get(datasetId);
    if (!dataset) throw new Error(`There are files of ${datasetId}, and no such dataset.`);
    dataset.blocks += 1;
    dataset.files.push(...dataFileList.map((file) => file.path));
  }
  return datasets;
}

/** Jobs of a store that have not ended. */
export async function openJobs(store) {
  const args = [imsc, 'jobs', '--store', store, '--json', '--status', 'deposited', 'verified', 'loading'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const piece of child.stdout) printed += piece;
  return JSON.parse(printed).total;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Bench } from '../bench.ts';
import { manyFiles } from '../inputs/folders.ts';
import { scalarPath, scalarsFile } from '../inputs/nexus.ts';
import { schemaObject } from '../inputs/schemas.ts';
import { elapsed, interleaved, measuredBy, median } from '../measure.ts';

const area = 'ingestion';

interface Sandbox {
  readonly host: string;
  readonly token: string;
}

/** Runs with a sandbox in a process of its own; a new one each time, because it keeps what it is sent. */
async function withSandbox<T>(bench: Bench, use: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const program = spawn(process.execPath, [bench.imsc, 'sandbox', '--json', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const piece of program.stdout) {
    output += String(piece);
    if (/^\}\s*$/m.test(output)) break;
  }
  try {
    return await use(JSON.parse(output) as Sandbox);
  } finally {
    program.kill('SIGTERM');
    await once(program, 'exit');
  }
}

/**
 * Many files of one dataset, without checksums. The peer is the server: the same requests, ready made, sent as fast as
 * it takes them. What the files take is what an ingestion takes with them, less what it takes without.
 */
export async function ingestionArea(bench: Bench): Promise<void> {
  const data = await scalarsFile(bench, 12);
  const schema = join(bench.folder, 'bench.imsc.yml');
  writeFileSync(schema, stringify(schemaObject(12, scalarPath)));
  const script = join(bench.dist, 'bench', 'ingestFiles.js');
  for (const count of [20_000, ...(bench.large ? [100_000] : [])]) {
    const folder = manyFiles(bench, count);
    const config = join(bench.folder, `config-${count}.yml`);
    const state = join(bench.folder, 'state');
    const requests = bodies(count + 1, folder);
    const memory = { ingest: 0, dryRun: 0 };
    const run = (way: string, files: string): number => {
      const found = measuredBy(process.execPath, [script, way, files, config, data, schema, state]);
      if (way === 'ingest' || way === 'dryRun') memory[way] = Math.max(memory[way], found['megabytes'] ?? NaN);
      return found['ms'] ?? NaN;
    };
    const ingest = (files: string) => (): Promise<number> =>
      withSandbox(bench, ({ host, token }) => {
        writeFileSync(config, stringify(configuration(host, token)));
        rmSync(state, { recursive: true, force: true });
        return Promise.resolve(run('ingest', files));
      });
    const ofDataset: number[] = [];
    const send = (): Promise<number> =>
      withSandbox(bench, async ({ host, token }) => {
        const post = async (path: string, body: string): Promise<void> => {
          const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
          const response = await fetch(`${host}/${path}`, { method: 'POST', headers, body });
          if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
          await response.text();
        };
        ofDataset.push(await elapsed(() => post('datasets', JSON.stringify(dataset))));
        return elapsed(async () => {
          for (const body of requests) await post('origdatablocks', body);
        });
      });
    const full = finishedRuns(bench, 100_000);
    const ingestBeside = (): Promise<number> =>
      withSandbox(bench, ({ host, token }) => {
        writeFileSync(config, stringify(configuration(host, token)));
        const found = measuredBy(process.execPath, [script, 'ingest', '', config, data, schema, full]);
        return Promise.resolve(found['ms'] ?? NaN);
      });
    const trials = { whole: ingest(folder), without: ingest(''), beside: ingestBeside, server: send };
    const times = await interleaved(5, trials, 0);
    const parts = await interleaved(5, {
      list: () => run('list', folder),
      describe: () => run('describe', folder),
      dryRun: () => run('dryRun', folder),
    });
    const common = { area, unit: 'ms' };
    bench.add({
      ...common,
      what: `${count} files into origDatablocks: listing, describing, sending`,
      ours: times.whole - times.without,
      peer: { name: 'the sandbox alone', value: times.server },
      target: { ratioAtMost: 1.2 },
    });
    bench.add({
      ...common,
      what: '… the whole ingestion, with the NeXus file and the dataset',
      ours: times.whole,
      peer: { name: 'the sandbox alone, with the dataset', value: times.server + median(ofDataset) },
    });
    bench.add({
      ...common,
      what: 'one file, with 100,000 finished runs in the journal',
      ours: times.beside,
      peer: { name: 'with none', value: times.without },
      target: { ratioAtMost: 1.2 },
    });
    bench.add({ ...common, what: '… of it listing the folder', ours: parts.list });
    bench.add({ ...common, what: '… listing and describing, nothing else', ours: parts.describe });
    bench.add({ ...common, what: '… dry run with --json', ours: parts.dryRun });
    bench.add({ area, what: '… memory of the ingestion', unit: 'MB', ours: memory.ingest });
    bench.add({ area, what: '… memory of the dry run with --json', unit: 'MB', ours: memory.dryRun });
  }
}

/** A journal with so many runs that have ended in the last three weeks. */
function finishedRuns(bench: Bench, count: number): string {
  const journal = join(bench.folder, 'full-journal');
  for (let index = 0; index < count; index++) {
    const day = new Date(Date.now() - (index % 20) * 86_400_000).toISOString().slice(0, 10);
    mkdirSync(join(journal, 'finished', day, `run-${index}`), { recursive: true });
  }
  return journal;
}

function configuration(host: string, token: string): object {
  return {
    scicat: { host, token },
    ingestion: {
      check_if_dataset_exists_by_pid: false,
      check_if_dataset_exists_by_metadata: false,
      file_handling: { compute_file_stats: true, compute_file_hash: false, file_path_type: 'absolute' },
    },
    dataset: { allow_dataset_pid: true },
  };
}

const dataset = {
  pid: '20.500.12269/bench',
  type: 'raw',
  datasetName: 'Bench',
  principalInvestigator: 'Ada Example',
  owner: 'Ada Example',
  ownerEmail: 'ada@example.org',
  contactEmail: 'ada@example.org',
  sourceFolder: '/data',
  creationLocation: 'Somewhere',
  creationTime: '2025-01-01T12:00:00.000Z',
  ownerGroup: 'ess',
};

/** OrigDatablocks as long as those of the ingestion. */
function bodies(files: number, folder: string): string[] {
  const perBlock = 5_000;
  return Array.from({ length: Math.ceil(files / perBlock) }, (_, block) =>
    JSON.stringify({
      datasetId: dataset.pid,
      size: 1,
      chkAlg: 'blake2b',
      ownerGroup: 'ess',
      dataFileList: Array.from({ length: Math.min(perBlock, files - block * perBlock) }, (__, index) => ({
        path: `${folder}/frames_000/frame_${String(block * perBlock + index).padStart(6, '0')}.tif`,
        size: 32,
        time: '2025-01-20T12:00:00.000Z',
        chk: null,
        uid: '0',
        gid: '0',
        perm: '0o100644',
      })),
    }),
  );
}

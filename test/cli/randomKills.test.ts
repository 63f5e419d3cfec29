import { cpSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defaultAccount } from '../../sandbox/accounts.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc, startImsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const frames = 9;
/** `npm run fuzz` kills more often. */
const kills = Number(process.env['FUZZ_KILLS'] ?? 6);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** A measurement whose data file has several names: gives them. */
function makeMeasurement(root: string): readonly string[] {
  const real = path.join(root, 'real');
  cpSync(path.join(samples, 'data/coda'), path.join(real, 'coda'), { recursive: true });
  const folder = path.join(real, 'coda/2025/443604');
  rmSync(path.join(folder, 'ingestor'), { recursive: true, force: true });
  mkdirSync(path.join(folder, 'frames'));
  for (let index = 0; index < frames; index++) writeFileSync(path.join(folder, 'frames', `${index}.dat`), 'x');
  const raw = path.join(folder, 'raw');
  const name = '443604_00001017.nxs';
  symlinkSync('real', path.join(root, 'link'));
  symlinkSync(name, path.join(raw, 'latest.nxs'));
  linkSync(path.join(raw, name), path.join(raw, 'copy.nxs'));
  return [
    path.join(raw, name),
    path.join(raw, 'latest.nxs'),
    path.join(raw, 'copy.nxs'),
    path.join(root, 'link/coda/2025/443604/raw', name),
    `${raw}/.//${name}`,
  ];
}

/** Ways to write one address. */
const spellings: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => `${address}/`,
  (address) => `${address}//`,
  (address) => address.replace('http:', 'HTTP:'),
  (address) => address.replace('/api', '/x/../api'),
];

test(`${kills} kills at any moment, under changing names, from two journals: one dataset, each file once`, async () => {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let done = 0;
  let trials = 0;
  let asked = 0;
  for (let trial = 0; done < kills; trial++) {
    trials += 1;
    const root = mkdtempSync(path.join(tmpdir(), 'imsc-random-'));
    // Whoever belongs to the group of the dataset is sure to see it; SciCat does not tell that an administrator is, too.
    const isMember = random() < 0.5;
    const account = isMember ? { ...defaultAccount, groups: ['443604'] } : defaultAccount;
    const sandbox = await startSandbox({ version: pick(['5.2', 'master'] as const), accounts: [account] });
    try {
      const names = makeMeasurement(root);
      const env = (journal: string) => ({ SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, journal) });
      const isPidOfScicat = random() < 0.5;
      const args = (file = pick(names)): string[] => [
        ...['ingest', '-c', path.join(samples, 'config.yml'), '--nexus-file', file],
        ...['--scicat.host', pick(spellings)(sandbox.baseUrl), '--include', path.join(file, '../../frames')],
        ...['--ingestion.max-files-per-block', '3', '--ingestion.file-handling.save-file-hash=false'],
        ...['--ingestion.file-handling.file-path-type', 'relative'],
        ...(isPidOfScicat ? ['--dataset.allow-dataset-pid=false'] : []),
      ];
      const history: string[] = [];
      for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
        const journal = random() < 0.75 ? 'a' : 'b';
        const given = args();
        const { child, finished } = startImsc(given, env(journal), samples);
        await delay(100 + random() * Number(process.env['FUZZ_KILL_MS'] ?? 700));
        child.kill('SIGKILL');
        const { signal } = await finished;
        if (signal === 'SIGKILL') done += 1;
        history.push(`${journal} ${given[4] ?? ''} ${signal ?? 'finished'}: ${JSON.stringify(counts(sandbox))}`);
      }
      for (const journal of ['a', 'b', 'a']) {
        const resume = async (...answer: string[]): Promise<boolean> => {
          const args = ['resume', '-c', path.join(samples, 'config.yml'), ...answer];
          const { stdout, stderr } = await imsc(args, env(journal), samples);
          history.push(`${journal} ${args.join(' ')}: ${stdout}${stderr}`);
          return stderr.includes('[unclear-step]');
        };
        if (!(await resume())) continue;
        // A person is asked, who looks into SciCat.
        asked += 1;
        expect(isPidOfScicat && !isMember, `trial ${trial}, seed ${seed}\n${history.join('\n')}`).toBe(true);
        const there = sandbox.documents('datasets')[0]?.['pid'] as string | undefined;
        await resume(...(there === undefined ? ['--send-again'] : ['--assume-done', '--pid', there]));
      }
      const last = await imsc(args(), env('a'), samples);
      history.push(`a ingest: ${last.stdout}${last.stderr}`);
      expect(last.code, `trial ${trial}, seed ${seed}\n${history.join('\n')}`).toBe(0);
      const { datasets, files, distinct } = counts(sandbox);
      expect({ datasets, files, distinct }, `trial ${trial}, seed ${seed}\n${history.join('\n')}`).toEqual({
        datasets: 1,
        files: frames + 1,
        distinct: frames + 1,
      });
    } finally {
      await sandbox.close();
      rmSync(root, { recursive: true, force: true });
    }
  }
  console.log(`${done} kills in ${trials} ingestions, seed ${seed}; a person was asked ${asked} times.`);
}, 3_600_000);

function counts(sandbox: Sandbox): { readonly datasets: number; readonly files: number; readonly distinct: number } {
  const lists = sandbox.documents('origdatablocks').map(({ dataFileList }) => dataFileList as { path: string }[]);
  const paths = lists.flat().map((file) => file.path);
  return { datasets: sandbox.documents('datasets').length, files: paths.length, distinct: new Set(paths).size };
}

/** The same numbers for the same seed (mulberry32). */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { startServing } from './imsc.ts';
import type { Running } from './imsc.ts';
import { flows, wished } from './serveFlows.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const killer = path.resolve(import.meta.dirname, '../support/killAtWrite.cjs');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-kill-writes-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
/** `npm run fuzz` kills at each of them (`all`), or at one (`sword@12`); here at some, spread over the flow. */
const wanted = process.env['FUZZ_SERVICE'] ?? '';
const isLong = wanted !== '';
const [onlyFlow, onlyAt] = wanted.includes('@') ? wanted.split('@') : [];
const some = 3;

interface Trial {
  /** Every write that was made, one a line. */
  readonly writes: readonly string[];
  readonly wasKilled: boolean;
}

/** One flow from its beginning to its end, with the service killed at its write number `at`. */
async function trial(flow: string, at: number | undefined, isTorn: boolean): Promise<Trial> {
  const place = mkdtempSync(path.join(root, `${flow}-`));
  const below = path.join(place, 'service');
  for (const name of ['service/storage', 'service/store', 'data/run'])
    mkdirSync(path.join(place, name), { recursive: true });
  const dataFile = path.join(place, 'data/run/443604_00001017.nxs');
  cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'), dataFile);
  writeFileSync(path.join(place, 'data/run/notes.txt'), 'quiet');
  const settings = { storage: path.join(below, 'storage'), store: path.join(below, 'store'), locations: [{ name: 'data', path: path.join(place, 'data') }] }; // prettier-ignore
  writeFileSync(path.join(place, 'serve.yml'), JSON.stringify(settings));
  const trace = path.join(place, 'trace');
  const sandbox = await startSandbox();
  const started: Running[] = [];
  let isEnding = false;
  const start = (kill: Readonly<Record<string, string>>): Promise<string> =>
    startServing(
      [
        ...['-c', path.join(samples, 'config.yml'), '--serve-config', path.join(place, 'serve.yml')],
        ...['--scicat.host', sandbox.baseUrl, '--ingestion.file-handling.save-file-hash=false'],
      ],
      (running) => started.push(running),
      { SCICAT_TOKEN: sandbox.token, ...kill },
    ).then(({ url }) => url);
  /** It is started again whenever it was killed, as systemd does. */
  const killAt = { KILL_AT: String(at ?? 0), KILL_TORN: isTorn ? '1' : '0', KILL_BELOW: below, KILL_TRACE: trace };
  let wasKilled = false;
  let url = start({ ...killAt, NODE_OPTIONS: `--require ${killer}` }).catch(() => '');
  const again = async (): Promise<void> => {
    const { signal } = (await started[0]?.finished) ?? {};
    if (isEnding || signal !== 'SIGKILL') return;
    wasKilled = true;
    url = start({});
  };
  const watching = again();
  const seen: string[] = [];
  const context = (): string => `${flow}, killed at write ${at ?? 'none'}${isTorn ? ', torn' : ''}\n${seen.join(' ')}\n${existsSync(trace) ? readFileSync(trace, 'utf8').split('\n').slice(-4).join('\n') : ''}`; // prettier-ignore
  try {
    const end = await flows[flow]?.({
      url: async () => (started[0]?.child.signalCode === null ? url : (await watching, url)),
      token: sandbox.token,
      dataFile,
      saw: (text) => {
        if (seen.at(-1) !== text) seen.push(text);
        // Nobody is told that it is done before it is.
        if (text === wished[flow]) expect(sandbox.documents('datasets'), context()).toHaveLength(1);
      },
    });
    expect(end, context()).toBe(wished[flow]);
    expect(sandbox.documents('datasets'), context()).toHaveLength(1);
    const blocks = sandbox.documents('origdatablocks');
    const listed = blocks.flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => path.basename(file.path))); // prettier-ignore
    expect(listed.sort(), context()).toEqual(['443604_00001017.nxs', 'notes.txt']);
    expect(blocks, context()).toHaveLength(1);
    expect(readdirSync(settings.storage), context()).toEqual(flow === 'sword' ? [expect.stringMatching(/^\d+$/)] : []);
  } catch (error) {
    throw new Error(`${context()}\n${started.map(({ child }) => child.exitCode ?? child.signalCode).join(' ')}`, { cause: error }); // prettier-ignore
  } finally {
    isEnding = true;
    for (const { child, finished } of started) {
      child.kill('SIGKILL');
      await finished;
    }
    await sandbox.close();
  }
  const writes = readFileSync(trace, 'utf8').trimEnd().split('\n');
  rmSync(place, { recursive: true, force: true });
  return { writes, wasKilled };
}

describe('a service that is killed at any of its writes goes on when it is started again', () => {
  it.each(Object.keys(flows).filter((flow) => (onlyFlow ?? flow) === flow))(
    '%s',
    { timeout: isLong ? 3_600_000 : 120_000 },
    async (flow) => {
      const { writes } = await trial(flow, undefined, false);
      expect(writes.length).toBeGreaterThan(20);
      const all = writes.map((_, index) => index + 1);
      const step = isLong ? 1 : Math.ceil(all.length / some);
      let killed = 0;
      const wrong: string[] = [];
      const chosen = onlyAt === undefined ? all.filter((each) => (each + 2) % step === 0) : [Number(onlyAt)];
      for (const at of chosen)
        for (const isTorn of isLong ? [false, true] : [at % 2 === 0]) {
          try {
            if ((await trial(flow, at, isTorn)).wasKilled) killed += 1;
          } catch (error) {
            // The other places are of interest, too.
            wrong.push(error instanceof Error ? `${error.message}\n${String(error.cause)}` : String(error));
          }
        }
      expect(wrong.join('\n\n')).toBe('');
      expect(killed).toBeGreaterThan(0);
      if (isLong) console.log(`${flow}: ${all.length} writes, killed ${killed} times.`);
    },
  );
});

/**
 * A process that carries out the jobs of a store until all have ended. It kills itself after so many lines of the log, at
 * once: what is not on disk then is lost, as it is when somebody kills it. Or it fills the disk instead, says at
 * which line, and when it has come to an end with the job makes room again and ends.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LineLog } from '../../core/files/durableFiles.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { Queue } from '../../core/jobs/queue.ts';
import type { HeldJob } from '../../core/jobs/store/jobStore.ts';
import { openStore } from '../../core/jobs/store/openStore.ts';
import { PostgresStore } from '../../core/jobs/store/postgres/postgresStore.ts';
import { createScicatClient } from '../../core/scicat/client.ts';
import { engineConfig } from './engineConfig.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: '' },
    storage: { type: 'string', default: '' },
    samples: { type: 'string', default: '' },
    host: { type: 'string', default: '' },
    token: { type: 'string', default: '' },
    kill: { type: 'string', default: 'never' },
    /** What it does to itself then: SIGKILL, or SIGSTOP as if it had been cut off. */
    signal: { type: 'string', default: 'SIGKILL' },
    /** A file that fills the disk after so many lines of the log. */
    ballast: { type: 'string', default: '' },
    /** The folder of what was sent, where the store is a database. */
    files: { type: 'string', default: '' },
  },
});

let lines = 0;
/** Counts what was written, and ends this process with it, by its number or by what it says. */
function written(text: string): void {
  lines += 1;
  const isNow = /^\d+$/.test(values.kill) ? String(lines) === values.kill : text.includes(values.kill);
  if (isNow && values.ballast !== '') {
    process.stdout.write(text);
    fillDisk(values.ballast);
  }
  if (isNow && values.ballast === '') process.kill(process.pid, values.signal);
}

/** Writes until nothing more goes in. */
function fillDisk(file: string): void {
  const handle = openSync(file, 'w');
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) writeSync(handle, Buffer.alloc(size, 1));
    } catch {
      // Something smaller may still go in.
    }
  }
  closeSync(handle);
}

// `append` is made of `appendSoon`.
for (const name of ['note', 'appendSoon'] as const) {
  const write = Object.getOwnPropertyDescriptor(LineLog.prototype, name)?.value as (line: string) => void;
  Object.defineProperty(LineLog.prototype, name, {
    value(this: LineLog, line: string) {
      write.call(this, line);
      written(line);
    },
  });
}

const config = engineConfig(values.samples, values.host, values.token);
const client = createScicatClient({ baseUrl: values.host, token: values.token, timeoutSeconds: 10 });
const store = await openStore({ stores: [values.store], folder: values.files });
if (store instanceof PostgresStore) {
  // There each writing is one statement: it is there as a whole, or not at all.
  const counted = (job: HeldJob): HeldJob => {
    const write = job.write.bind(job);
    job.write = async (writing) => {
      await write(writing);
      written((writing.lines ?? []).join('\n'));
    };
    return job;
  };
  const [create, hold] = [store.create.bind(store), store.hold.bind(store)];
  store.create = async (...all) => counted(await create(...all));
  store.hold = async (...all) => {
    const taken = await hold(...all);
    return 'job' in taken ? { job: counted(taken.job) } : taken;
  };
}
const jobs = new Jobs({ store });
const queue = new Queue(jobs, {
  circumstancesOf: () => Promise.resolve({ config, client, storage: values.storage }),
  lookMs: 20,
  onBug: (error) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 3;
  },
});
const ballast = { isGone: false };
if (values.ballast !== '')
  jobs.stream.listen(({ kind }) => {
    if (kind !== 'ran') return;
    ballast.isGone = true;
    rmSync(values.ballast, { force: true });
  });
queue.start();
while (!ballast.isGone && (await jobs.countOpen()) > 0) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await queue.stop();

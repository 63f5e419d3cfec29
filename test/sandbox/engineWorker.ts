/**
 * A process that carries out the jobs of a store until all have ended. It kills itself after so many lines of the log, at
 * once: what is not on disk then is lost, as it is when somebody kills it.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../core/config/config.ts';
import { LineLog } from '../../core/files/durableFiles.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { Queue } from '../../core/jobs/queue.ts';
import { createScicatClient } from '../../core/scicat/client.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: '' },
    storage: { type: 'string', default: '' },
    samples: { type: 'string', default: '' },
    host: { type: 'string', default: '' },
    token: { type: 'string', default: '' },
    kill: { type: 'string', default: 'never' },
  },
});

let lines = 0;
/** Counts a line that was written, and ends this process with it. */
function written(): void {
  lines += 1;
  if (String(lines) === values.kill) process.kill(process.pid, 'SIGKILL');
}

// `append` is made of `appendSoon`.
for (const name of ['note', 'appendSoon'] as const) {
  const write = Object.getOwnPropertyDescriptor(LineLog.prototype, name)?.value as (line: string) => Promise<void>;
  Object.defineProperty(LineLog.prototype, name, {
    async value(this: LineLog, line: string) {
      await write.call(this, line);
      written();
    },
  });
}

const { config } = loadConfig({
  file: path.join(values.samples, 'config.yml'),
  overrides: {
    'scicat.host': values.host,
    'ingestion.max_files_per_block': '100',
    'ingestion.check_if_dataset_exists_by_metadata': 'false',
    'ingestion.file_handling.save_file_hash': 'false',
    'ingestion.file_handling.compute_file_hash': 'false',
  },
  env: { SCICAT_TOKEN: values.token },
});
const client = createScicatClient({ baseUrl: values.host, token: values.token, timeoutSeconds: 10 });
const jobs = new Jobs({ folder: values.store });
const queue = new Queue(jobs, {
  circumstancesOf: () => Promise.resolve({ config, client, storage: values.storage }),
  lookMs: 20,
  onBug: (error) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 3;
  },
});
queue.start();
while ((await jobs.countOpen()) > 0) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await queue.stop();

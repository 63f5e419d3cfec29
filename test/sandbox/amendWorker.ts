/** A process that changes the dataset of a job, and kills itself at a point of that: what is not on disk then is lost. */
import { parseArgs } from 'node:util';
import { LineLog } from '../../core/files/durableFiles.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { createScicatClient } from '../../core/scicat/client.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: { store: text, id: text, pid: text, host: text, token: text, given: text, kill: text },
});

function isReached(point: string): void {
  if (point === values.kill) process.kill(process.pid, 'SIGKILL');
}

/** Lines of the log, before and after they are written. */
for (const [name, before, after] of [
  ['append', '', 'begun'],
  ['note', 'recorded', 'told'],
] as const) {
  const write = Object.getOwnPropertyDescriptor(LineLog.prototype, name)?.value as (line: string) => Promise<void>;
  Object.defineProperty(LineLog.prototype, name, {
    async value(this: LineLog, line: string) {
      isReached(before);
      await write.call(this, line);
      isReached(after);
    },
  });
}

const client = createScicatClient({ baseUrl: values.host, token: values.token, timeoutSeconds: 10 });
const given = JSON.parse(values.given) as Parameters<Jobs['amend']>[1];
await new Jobs({ folder: values.store }).amend(
  values.id,
  given,
  { pid: values.pid },
  {
    ...client,
    async patchDataset(...args) {
      const done = await client.patchDataset(...args);
      isReached('answered');
      return done;
    },
  },
);

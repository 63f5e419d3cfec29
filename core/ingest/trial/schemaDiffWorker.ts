import { parentPort, workerData } from 'node:worker_threads';
import { preferQuickStart } from '../../nexus/quickStart.ts';
import { SchemaComparison } from './schemaDiff.ts';
import type { DiffSides, SampleDiff } from './schemaDiff.ts';

/** The answer about one file. */
export type DiffAnswer = { readonly diff: SampleDiff } | { readonly bug: string };

/** A thread that compares files, one after the other; it is given what to compare when it starts. */
const isSides = (value: unknown): value is DiffSides =>
  typeof value === 'object' && value !== null && 'before' in value;
const given: unknown = workerData;
if (isSides(given)) {
  preferQuickStart();
  const comparison = SchemaComparison.of(given);
  const answer = (message: DiffAnswer): void => parentPort?.postMessage(message);
  let queue: Promise<unknown> = Promise.resolve();
  parentPort?.on('message', (file: string) => {
    // One after the other: answers come in the order of the questions.
    const next = queue.then(() => comparison.compare(file));
    queue = next.catch(() => undefined);
    next.then(
      (diff) => {
        answer({ diff });
      },
      (error: unknown) => {
        answer({ bug: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      },
    );
  });
}

import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Question } from '../../core/nexus/worker/workerProtocol.ts';
import { startReader } from '../support/browserReader.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';

/** What only the HDF5 library reads: makeStored.py beside it. */
const stored = join(import.meta.dirname, 'library', 'stored.h5');
const folder = temporaryFolder();
/** What may happen to a file while it is open. */
const changes: Readonly<Record<string, (path: string) => void>> = {
  'was removed': rmSync,
  'was renamed': (path) => {
    renameSync(path, `${path}.old`);
  },
  'was cut': (path) => {
    truncateSync(path, 600);
  },
  'has grown': (path) => {
    appendFileSync(path, 'more');
    utimesSync(path, 1, 1);
  },
  'was overwritten at the same length': (path) => {
    writeFileSync(path, readFileSync(path).reverse());
    utimesSync(path, 1, 1);
  },
};
/** A browser that does not look whether a file is what was chosen still gives nothing of one that is gone, or too little. */
const lax = ['was removed', 'was cut'];
const cases = Object.keys(changes).flatMap((change) =>
  [false, ...(lax.includes(change) ? [true] : [])].flatMap((isLax) =>
    ['/entry/title', '/entry/virtual'].map((path) => ({ change, isLax, path })),
  ),
);
const wayOut = /^run\.nxs cannot be read any more: it was moved, renamed or changed .* Open it once more/;

it.each(cases)('a file that $change gives no value any more ($path, lax: $isLax)', async ({ change, isLax, path }) => {
  const file = join(mkdtempSync(join(folder, 'case-')), 'run.nxs');
  copyFileSync(stored, file);
  const ask = startReader(file, isLax);
  const read: Question = { method: 'read', path, limit: undefined };
  expect(await ask(read)).toHaveProperty('answer');
  changes[change]?.(file);
  for (const question of [read, { method: 'read', path: '/entry/szip', limit: undefined } as const]) {
    const reply = await ask(question);
    expect('error' in reply ? reply.error : reply).toMatchObject({ code: 'file-not-readable', path: undefined });
    expect('error' in reply && reply.error.message).toMatch(wayOut);
  }
});

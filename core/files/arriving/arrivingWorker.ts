import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface ArrivingFile {
  readonly path: string;
  /** As node:crypto calls them. */
  readonly algorithms: readonly string[];
}

/** So much of the file is there now, and whether that is all. */
export interface Arrived {
  readonly bytes: number;
  readonly isAll: boolean;
}

/** Small enough to be still close by when it is hashed. */
const pieceBytes = 256 * 1024;

const isArrivingFile = (value: unknown): value is ArrivingFile =>
  typeof value === 'object' && value !== null && 'path' in value && 'algorithms' in value;
const given: unknown = workerData;
if (!isArrivingFile(given)) throw new Error('the thread was started without a file');
const { path, algorithms } = given;
const file = openSync(path, 'r');
const hashes = algorithms.map((algorithm) => createHash(algorithm));
const buffer = Buffer.allocUnsafeSlow(pieceBytes);
let done = 0;

parentPort?.on('message', ({ bytes, isAll }: Arrived) => {
  while (done < bytes) {
    const read = readSync(file, buffer, 0, Math.min(pieceBytes, bytes - done), done);
    if (read === 0) throw new Error('the file is shorter than what arrived');
    for (const hash of hashes) hash.update(read === pieceBytes ? buffer : buffer.subarray(0, read));
    done += read;
  }
  if (!isAll) return;
  closeSync(file);
  parentPort?.postMessage(hashes.map((hash) => hash.digest('hex')));
  parentPort?.close();
});

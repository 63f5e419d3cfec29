import { parentPort } from 'node:worker_threads';
import { digestFile } from './checksum.ts';
import type { FileIdentity } from './checksum.ts';
import { FileError } from './fileError.ts';
import type { FileErrorCode } from './fileError.ts';

/** What the main thread asks of a worker: one file at a time. To abort, the worker is terminated. */
export interface ChecksumRequest {
  readonly path: string;
  readonly algorithms: readonly string[];
  readonly identity: FileIdentity | undefined;
  /** Whether all cores are busy with files as it begins. */
  readonly isCrowded: boolean;
}

export type ChecksumAnswer =
  | { readonly kind: 'progress'; readonly bytesDone: number }
  | { readonly kind: 'done'; readonly digests: readonly string[] }
  | { readonly kind: 'failed'; readonly code: FileErrorCode | undefined; readonly message: string };

const port = parentPort;
const answer = (message: ChecksumAnswer): void => port?.postMessage(message);

port?.on('message', ({ path, algorithms, identity, isCrowded }: ChecksumRequest) => {
  digestFile(path, {
    algorithms,
    identity,
    isCrowded: () => isCrowded,
    onProgress: (bytesDone) => {
      answer({ kind: 'progress', bytesDone });
    },
  }).then(
    (digests) => {
      answer({ kind: 'done', digests });
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      answer({ kind: 'failed', code: error instanceof FileError ? error.code : undefined, message });
    },
  );
});

import type { FilesProgress } from '../files/describeFiles.ts';

/** What is told while an ingestion is prepared, for whoever waits; nobody keeps it. */
export type PreparingNews =
  /** The data file cannot be opened yet: which attempt failed, of how many, why, and for how long it waits now. */
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly attempts: number;
      readonly reason: string;
      readonly seconds: number;
    }
  /** How much of an archive is unpacked. */
  | { readonly kind: 'unpacked'; readonly archive: string; readonly bytes: number; readonly entries: number }
  /** How far the checksums are. */
  | (FilesProgress & { readonly kind: 'checksum' });

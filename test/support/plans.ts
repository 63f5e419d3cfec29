import type { DataFileEntry } from '../../core/files/describeFiles.ts';
import type { Plan } from '../../core/ingest/plan/plan.ts';

/** A plan of a dataset whose files come in blocks of three; the file itself need not be there. */
export function planOf(dataFile: string, more: Partial<Plan> = {}): Plan {
  return {
    dataFile,
    host: 'https://scicat.example/api/v3',
    schema: { id: '', name: '', file: '' },
    pid: 'p/1',
    pidWasFree: false,
    datasetJson: '{"pid":"p/1"}',
    blockHead: { chkAlg: 'blake2b' },
    filesToWrite: [],
    limits: { maxFiles: 3, maxBytes: 1e6 },
    sourceFolder: '/data',
    filePathType: 'absolute',
    ...more,
  };
}

/** Files of a plan, as they are listed; each is a byte larger than the one before. */
export function fileEntries(count: number): DataFileEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `/data/${index}`,
    size: index + 1,
    time: '2025-01-01T00:00:00.000Z',
    chk: null,
    uid: null,
    gid: null,
    perm: null,
  }));
}

/** Of the files of a plan nothing but their list is told. */
export const describeNothing = { computeFileStats: false, computeFileHash: false, fileHashAlgorithm: 'blake2b' };

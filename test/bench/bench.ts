import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { works } from './measure.ts';
import type { Row } from './row.ts';

/** What the measurements share: the programs, the peers that are there, folders, and how much is asked for. */
export class Bench {
  readonly root = process.env['IMSC_BENCH_ROOT'] ?? process.cwd();
  /** The built programs. */
  readonly dist = process.env['IMSC_BENCH_DIST'] ?? join(this.root, 'dist');
  readonly imsc = join(this.dist, 'cli', 'main.cjs');
  /** For files that take long to make; kept from one run to the next. */
  readonly inputs = join(this.root, '.cache', 'bench', 'inputs');
  /** For everything else; gone at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'imsc-bench-'));
  /** Also what takes minutes: a file of a million nodes, a folder of 100,000 files. */
  readonly large: boolean;
  readonly python: string | undefined;
  readonly rows: Row[] = [];

  constructor(large: boolean) {
    this.large = large;
    mkdirSync(this.inputs, { recursive: true });
    // Debian's own: another Python may come first and have no h5py.
    this.python = ['/usr/bin/python3', 'python3'].find((python) =>
      works(python, ['-c', 'import h5py, requests, yaml']),
    );
  }

  add(row: Row): void {
    this.rows.push(row);
  }

  /** The peers' programs in Python. */
  script(name: string): string {
    return join(this.root, 'test', 'bench', 'peers', name);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const noPython = 'absent: python3 with h5py, requests and yaml';

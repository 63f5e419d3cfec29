import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absolute path of the server's program. */
    serverProgram: string;
  }
}

const root = join(import.meta.dirname, '../..');

/** Builds what is shipped, once for all tests. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'imsc-server-'));
  const outdir = join(folder, 'dist');
  // The page of the problem codes lies beside the program.
  cpSync(join(root, 'docs/problems.md'), join(folder, 'docs/problems.md'));
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', outdir], { stdio: 'inherit' });
  project.provide('serverProgram', join(outdir, 'server/main.cjs'));
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}

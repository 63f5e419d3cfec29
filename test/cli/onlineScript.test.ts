import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { buildMockBroker } from '../../scripts/online/mockBroker.mjs';

const root = join(import.meta.dirname, '../..');
const built = buildMockBroker();
built?.remove();

test.skipIf(!built)(
  'npm run online kills one of two ingestors, and each file stands in SciCat once',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/online.mjs'], { cwd: root });
    expect(stdout).toContain('Killed A (kill -9)');
    expect(stdout).toContain('20 datasets for 20 messages; each file once; every list whole; nothing waits.');
  },
  180_000,
);

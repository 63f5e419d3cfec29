import { resourceUsage } from 'node:process';
import { describeFiles } from '../../core/files/describeFiles.ts';

/** A process of its own: the checksums of files, and the memory that they took. */
const start = performance.now();
const options = { computeFileStats: true, computeFileHash: true, fileHashAlgorithm: 'blake2b' };
for await (const { chk } of describeFiles(process.argv.slice(2), options)) {
  if (chk?.length !== 128) throw new Error('no checksum');
}
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, megabytes: resourceUsage().maxRSS / 1024 }));

import { openNexus } from '../../core/nexus/file.ts';
import { loadHdf5, preferQuickStart } from '../../core/nexus/library/h5wasm.ts';

/** A process of its own: time and memory that one value costs once the library is there. */
const [path = '', dataset = ''] = process.argv.slice(2);
preferQuickStart();
await loadHdf5();
const before = process.memoryUsage.rss();
const start = performance.now();
const file = await openNexus(path);
await file.read(dataset);
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, megabytes: (process.memoryUsage.rss() - before) / 2 ** 20 }));
await file.close();

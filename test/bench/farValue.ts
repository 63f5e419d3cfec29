import { setTimeout } from 'node:timers/promises';
import { openNexus } from '../../core/nexus/file.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';

/** A process of its own: time and memory that one value costs once the program has started. */
const [path = '', dataset = ''] = process.argv.slice(2);
preferQuickStart();
// Programs read schemas and configurations first, while the kernel finds its table of locks.
await setTimeout(30);
const before = process.memoryUsage.rss();
const start = performance.now();
const file = await openNexus(path);
await file.read(dataset);
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, megabytes: (process.memoryUsage.rss() - before) / 2 ** 20 }));
await file.close();

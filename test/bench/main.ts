import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { bagsArea } from './areas/bags.ts';
import { checksumArea } from './areas/checksum.ts';
import { diffArea } from './areas/diff.ts';
import { ingestionArea } from './areas/ingestion.ts';
import { nexusArea } from './areas/nexus.ts';
import { languageArea } from './areas/language.ts';
import { onlineArea } from './areas/online.ts';
import { serviceArea } from './areas/service.ts';
import { startupArea } from './areas/startup.ts';
import { Bench } from './bench.ts';
import { isMet, ratioOf, tableOf } from './row.ts';

const areas = {
  'start-up': startupArea,
  nexus: nexusArea,
  checksum: checksumArea,
  bags: bagsArea,
  language: languageArea,
  ingestion: ingestionArea,
  service: serviceArea,
  online: onlineArea,
  diff: diffArea,
} as const;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    large: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`npm run bench -- [options]
  --only AREA   one of ${Object.keys(areas).join(', ')}; may be given again
  --large       also what takes minutes and gigabytes: a NeXus file of 10⁶ nodes, a folder of 100,000 files, a bag of 10 GB
  --json FILE   keep the figures`);
} else {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: loadavg()[0] ?? 0,
    date: new Date().toISOString().slice(0, 10),
  };
  console.log(
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, node ${machine.node}, load at the start ${machine.load.toFixed(2)}`,
  );
  const bench = new Bench(values.large);
  try {
    for (const [name, measure] of Object.entries(areas)) {
      if (values.only && !values.only.includes(name)) continue;
      const before = bench.rows.length;
      await measure(bench);
      console.log(`\n${name}\n\n${tableOf(bench.rows.slice(before))}`);
    }
    console.log(`\nload at the end ${(loadavg()[0] ?? 0).toFixed(2)}`);
    const missed = bench.rows.filter((row) => isMet(row) === false);
    console.log(`\n${bench.rows.length} measurements, ${missed.length} miss their target.`);
    if (values.json !== undefined) {
      const rows = bench.rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) }));
      writeFileSync(
        values.json,
        `${JSON.stringify({ machine: { ...machine, loadAtEnd: loadavg()[0] ?? 0 }, rows }, null, 2)}\n`,
      );
    }
  } finally {
    bench.close();
  }
}

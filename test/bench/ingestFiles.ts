import { resourceUsage } from 'node:process';
import { connect } from '../../core/ingest/sources/connect.ts';
import { dryRun } from '../../core/jobs/dryRun.ts';
import { expandPaths } from '../../core/files/expandPaths.ts';
import { loadConfig } from '../../core/config/config.ts';
import { describeBatches } from '../../core/files/describeFiles.ts';
import { Journal } from '../../core/jobs/store/journal.ts';
import { reportJson } from '../../core/jobs/report/report.ts';
import { ingest } from '../../core/jobs/runJob.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';

/** A process of its own, in one of these ways. */
const [way = '', folder = '', file = '', data = '', schemaFile = '', state = ''] = process.argv.slice(2);
const moreFiles = folder === '' ? [] : expandPaths([folder]);
const setUp = () => {
  preferQuickStart();
  const { config } = loadConfig({ file, env: {} });
  return { dataFile: data, config, schemaFile, moreFiles, client: connect(config.scicat) };
};
const options = { computeFileStats: true, computeFileHash: false, fileHashAlgorithm: 'blake2b' };

async function countOf(batches: AsyncIterable<{ readonly length: number }>): Promise<number> {
  let count = 0;
  for await (const { length } of batches) count += length;
  return count;
}

async function* batched(files: typeof moreFiles): AsyncGenerator<readonly string[]> {
  yield* files;
}

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  /** One ingestion, from the configuration to the last origDatablock. */
  async ingest() {
    const report = await ingest(setUp(), new Journal({ folder: state }));
    if (report.outcome !== 'ingested') throw new Error(JSON.stringify(report.problems));
  },
  /** The document of a dry run, as `--json` prints it. */
  async dryRun() {
    const report = await dryRun({ ...setUp(), client: undefined, keepLists: true });
    if (report.outcome !== 'planned') throw new Error(JSON.stringify(report.problems));
    await countOf(reportJson(report, () => undefined));
    await report.origDatablocks.close();
  },
  list: () => countOf(batched(moreFiles)),
  describe: () => countOf(describeBatches(moreFiles, options)),
};

const start = performance.now();
await ways[way]?.();
console.log(JSON.stringify({ ms: performance.now() - start, megabytes: resourceUsage().maxRSS / 1024 }));

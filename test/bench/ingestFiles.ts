import { resourceUsage } from 'node:process';
import { connect } from '../../core/ingest/connect.ts';
import { expandPaths } from '../../core/ingest/expandPaths.ts';
import { loadConfig } from '../../core/ingest/config.ts';
import { Journal } from '../../core/ingest/journal.ts';
import { ingest } from '../../core/ingest/runIngestion.ts';

/** A process of its own: one ingestion, from the configuration to the last origDatablock. */
const [file = '', data = '', schemaFile = '', folder = '', state = ''] = process.argv.slice(2);
const { config } = loadConfig({ file, overrides: { nexus_file: data }, env: {} });
const client = connect(config.scicat);
const start = performance.now();
const request = { config, client, schemaFile, moreFiles: expandPaths([folder]) };
const report = await ingest(request, new Journal({ folder: state }));
const ms = performance.now() - start;
if (report.outcome !== 'ingested') throw new Error(JSON.stringify(report.problems));
console.log(JSON.stringify({ ms, megabytes: resourceUsage().maxRSS / 1024 }));

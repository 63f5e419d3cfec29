import path from 'node:path';
import { loadConfig } from '../../core/config/config.ts';
import type { Config } from '../../core/config/configOptions.ts';

/** The configuration of the samples as the tests of the engine use it: several lists of files, and nothing beside the data. */
export function engineConfig(samples: string, host: string, token: string): Config {
  const { config } = loadConfig({
    file: path.join(samples, 'config.yml'),
    overrides: {
      'scicat.host': host,
      'ingestion.max_files_per_block': '100',
      'ingestion.check_if_dataset_exists_by_metadata': 'false',
      'ingestion.file_handling.save_file_hash': 'false',
      'ingestion.file_handling.compute_file_hash': 'false',
    },
    env: { SCICAT_TOKEN: token },
  });
  return config;
}

import path from 'node:path';
import type { Config } from '../../config/config.ts';
import { glob } from '../../files/host/host.ts';
import { builtInValues } from '../../imsc/language/builtIns.ts';
import { checkText } from '../../imsc/checks/checkSchema.ts';
import { NexusError } from '../../nexus/model.ts';
import type { NexusFile } from '../../nexus/model.ts';
import { trySchema } from '../trial/trial.ts';

/** How many files of the folder are tried, and for how many milliseconds at most. */
const mostTried = 20;
const mostTime = 5000;

/** What became of a schema with the files that lie beside the one that it was made for. */
export interface FolderTrial {
  /** Those that were tried, and those of them that have nothing against the schema. */
  readonly tried: number;
  readonly passed: number;
  /** The first that has something against it, and what; undefined if all pass. */
  readonly failed: { readonly file: string; readonly message: string } | undefined;
}

/**
 * Tries a new schema at once on the files beside the one that it was made for, with the same ending, in the order of
 * their names, as far as time allows. What has to be filled in, or asked of SciCat, counts for nothing.
 * @param open of a NeXus file by its path; rejects with NexusError
 */
export async function tryOnFolder(
  text: string,
  notation: 'json' | 'yaml',
  sample: string,
  config: Config | undefined,
  open: (file: string) => Promise<NexusFile>,
): Promise<FolderTrial> {
  const { schema, problems: ofText } = checkText(text, notation);
  const end = performance.now() + mostTime;
  let [tried, passed] = [0, 0];
  let failed: FolderTrial['failed'];
  for (const each of await filesBeside(sample)) {
    if (performance.now() > end) break;
    tried += 1;
    const message = await whatIsAgainst(each);
    if (message === undefined) passed += 1;
    else failed ??= { file: path.basename(each), message };
  }
  return { tried, passed, failed };

  async function whatIsAgainst(each: string): Promise<string | undefined> {
    try {
      const file = await open(each);
      const builtIns = builtInValues({
        dataFile: each,
        schemaId: schema.id,
        filesDirectory: config?.ingestion.file_handling.ingestor_files_directory,
      });
      const catalogue = { unavailable: 'SciCat was not asked.' };
      const { problems } = await trySchema(schema, file, { catalogue, builtIns, config, ofText });
      return problems.find(({ severity }) => severity === 'error' || severity === 'warning')?.message;
    } catch (error) {
      if (error instanceof NexusError) return error.message;
      throw error;
    }
  }
}

/** The sample first, then its neighbours. */
async function filesBeside(sample: string): Promise<string[]> {
  const ending = path.extname(sample).toLowerCase();
  const all = await glob(['*'], { cwd: path.dirname(sample) }).catch(() => []);
  const others = all.filter((file) => path.extname(file).toLowerCase() === ending && file !== sample);
  return [sample, ...others.slice(0, mostTried - 1)];
}

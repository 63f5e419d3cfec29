import path from 'node:path';
import type { Config } from '../../config/configOptions.ts';
import { realPath } from '../../files/host/host.ts';
import { pathStem, pathlibText } from '../../files/pathlibPath.ts';

type FileHandling = Config['ingestion']['file_handling'];

/**
 * The folder for what an ingestion writes beside the data: absolute as configured, otherwise seen from the folder of
 * the data file, symbolic links of that resolved, as in the Python ingestor. It need not exist.
 */
async function ingestorDirectory(dataFile: string, configured: string): Promise<string> {
  if (path.isAbsolute(configured)) return pathlibText(configured);
  const folder = path.dirname(dataFile);
  // What lies below the data's own folder is not followed where it is a link: others may have put it there.
  return pathlibText(path.resolve(await realPath(folder).catch(() => folder), configured));
}

/** Where the checksum of a data file is saved: `<ingestor directory>/<stem>.<extension>`. */
export async function hashFilePath(dataFile: string, files: FileHandling): Promise<string> {
  const directory = await ingestorDirectory(dataFile, files.ingestor_files_directory);
  return pathlibText(`${directory}/${pathStem(dataFile)}.${files.hash_file_extension}`);
}

/** Where the message that announced a data file is kept, by the file's own name, as the Python ingestor has it. */
export async function messageFilePath(dataFile: string, files: FileHandling): Promise<string> {
  const directory = await ingestorDirectory(dataFile, files.ingestor_files_directory);
  return pathlibText(`${directory}/${pathStem(dataFile)}.${files.message_file_extension}`);
}

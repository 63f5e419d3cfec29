import type { EntityMistake } from './entities.ts';
import { readMetadataManifest } from './metadataManifest.ts';
import { readMetadataTable } from './metadataTable.ts';
import { finding } from './rules.ts';
import type { Finding } from './rules.ts';

/**
 * What is wrong with a metadata file, `ark-file-meta.csv` or `ark-manifest.json`.
 * @param files paths of the payload's files, which it may describe
 */
export function metadataFindings(name: string, text: string, files: readonly string[]): Finding[] {
  return mistakesIn(name, text, files).map((mistake) => {
    const where = 'line' in mistake ? `line ${mistake.line}` : mistake.path;
    const message = `${name}, ${where}: ${mistake.message}`;
    return finding('metadata', message, { file: name, ...('line' in mistake && { line: mistake.line }) });
  });
}

function mistakesIn(name: string, text: string, files: readonly string[]): readonly EntityMistake[] {
  if (name.endsWith('.csv')) return readMetadataTable(text, files).problems;
  try {
    return readMetadataManifest(JSON.parse(text), files).problems;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ path: '', message: `It is not JSON: ${error.message}.` }];
  }
}

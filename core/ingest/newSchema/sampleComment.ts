import path from 'node:path';

/**
 * The line that names the sample of a schema, so that it has its values wherever the schema is opened. Empty in JSON,
 * where the Python ingestor takes no comments, and where no comment can hold the path.
 * @param folder of the schema
 * @param sample absolute path
 */
export function sampleComment(folder: string, sample: string, notation: 'json' | 'yaml'): string {
  const written = path.relative(folder, sample).replaceAll(path.sep, '/');
  // A comment ends with its line, whatever the name of a file holds.
  if (notation === 'json' || /[\p{Cc}\u2028\u2029]/u.test(written)) return '';
  return `# imsc-sample: ${written}\n`;
}

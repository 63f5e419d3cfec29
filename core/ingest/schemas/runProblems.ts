import path from 'node:path';
import type { Evaluation } from '../../imsc/evaluation/evaluation.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import { sourceNamed } from '../../imsc/language/sources.ts';
import type { SchemaFile } from '../../imsc/schema/schema.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { codesToldBy } from '../../problems/problemCodes.ts';
import { schemaProblems, withoutSilenced } from './schemaProblems.ts';

/** Mistakes in a schema whose consequence an ingestion reports by itself. */
const saidByTheRun = codesToldBy('run');

/**
 * What is wrong with the text of a schema and with what it made of the file, unless the run itself will say so.
 * @param ofFile what the data file has shown
 */
export function mistakesToTell(
  { schema, file }: SchemaFile,
  ofFile: readonly Problem[],
  dialect: DialectName | undefined,
): Problem[] {
  // The built-in fallback has a name and no file.
  const ofText = schemaProblems(schema, { dialect, ...(path.isAbsolute(file) && { file }) });
  return withoutSilenced(schema.tree, [...ofText, ...ofFile], dialect).filter(
    ({ severity, code }) => (severity === 'error' || severity === 'warning') && !saidByTheRun.has(code),
  );
}

/**
 * Why a dataset is not made of what was read: an answer that did not come, because the computer has much to do, the disk
 * fails or somebody writes the file, is no value that is missing. Said once: nothing more is asked of the file then.
 */
export function unansweredByReader({ variables }: Evaluation): Problem[] {
  for (const { outcome } of variables.values()) {
    if (outcome.state !== 'failed' || outcome.code !== 'reader-failed') continue;
    const wayOut =
      'Nothing is sent: try again. If it stays so, the file can be ingested with a schema that does not read this from it.';
    return [problem('data-file', `${outcome.message} ${wayOut}`)];
  }
  return [];
}

/** Which variables have no value, and what is to be noted of how the others were read. */
export function variableProblems({ variables, overruled }: Evaluation): Problem[] {
  return [...variables.values(), ...overruled].flatMap(({ name, variable, outcome }): Problem[] => {
    if (outcome.state === 'failed') {
      const what = variables.get(name)?.variable ? `<${name}>` : `<${name}> of the schema`;
      return [problem('variable-failed', `${what} has no value: ${outcome.message}`, outcome.range)];
    }
    if (outcome.state !== 'known' || outcome.provenance.source === 'built-in') return [];
    const { code, key } = sourceNamed(outcome.provenance.source).note;
    const place = variable?.keys.get(key)?.value?.range ?? variable?.entry.key.range;
    return outcome.notes.map((note) => problem(code, `<${name}>: ${note}`, place));
  });
}

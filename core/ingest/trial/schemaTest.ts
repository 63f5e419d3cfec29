import type { DialectName } from '../../imsc/language/dialects.ts';
import { inTheirFiles } from '../../imsc/schema/imports.ts';
import type { SchemaFile } from '../../imsc/schema/schema.ts';
import path from 'node:path';
import { problem } from '../../problems/problem.ts';
import { explainSelector } from '../../imsc/schema/selector.ts';
import type { Problem } from '../../problems/problem.ts';
import { completedSources } from './schemaTestSources.ts';
import { NexusError } from '../../nexus/model.ts';
import type { NexusFile } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import { compareWithTest } from './compareWithTest.ts';
import type { Difference, Tried } from './compareWithTest.ts';
import { loadConfig } from '../../config/config.ts';
import { failureReason } from '../../files/failureReason.ts';
import { fileState } from '../../files/host/host.ts';
import { loadSchema } from '../schemas/loadSchema.ts';
import { schemaProblems, withoutSilenced } from '../schemas/schemaProblems.ts';
import { trySchema } from './trial.ts';
import { readSchemaTest, schemaNamesFor } from './schemaTestFile.ts';
import type { SchemaTest } from './schemaTestFile.ts';
import { readSmallFile } from '../../files/smallFile.ts';

/** What came of a test. `broken`: it could not be run, and `problems` says why. */
export interface SchemaTestResult {
  /** Absolute paths; the last two are unknown for a file that cannot be read. */
  readonly file: string;
  readonly schema: string | undefined;
  readonly sample: string | undefined;
  readonly outcome: 'passed' | 'failed' | 'broken';
  readonly differences: readonly Difference[];
  readonly problems: readonly Problem[];
  readonly test: SchemaTest | undefined;
  readonly tried: Tried | undefined;
}

/**
 * Runs a test of a schema: evaluates the schema with the sample and compares. Nothing outside of these files is asked:
 * what would come from SciCat is in the test, or unknown; the time and the path of the data file are always the same.
 *
 * Never throws for what the files hold.
 * @param file absolute path of the test
 * @param dialect of a schema that names none
 */
export async function runSchemaTest(file: string, dialect?: DialectName): Promise<SchemaTestResult> {
  const nothing: Pick<SchemaTestResult, 'schema' | 'sample' | 'test'> = {
    schema: undefined,
    sample: undefined,
    test: undefined,
  };
  const broken = (problems: readonly Problem[], known = nothing): SchemaTestResult => {
    const located = problems.map((found) => ({ ...found, file: found.file ?? file }));
    return { file, ...known, outcome: 'broken', differences: [], problems: located, tried: undefined };
  };
  let text: string;
  try {
    text = await readSmallFile(file);
  } catch (error) {
    return broken([problem('test-file', `The test cannot be read: ${failureReason(error)}.`)]);
  }
  const test = readSchemaTest(text);
  if (!('tree' in test)) return broken(test);
  const folder = path.dirname(file);
  const names = test.schema === undefined ? schemaNamesFor(file) : [test.schema];
  const schema = await firstThere(names.map((name) => path.resolve(folder, name)));
  const known = { schema, sample: path.resolve(folder, test.sample), test };
  if (schema === undefined) {
    const message = `The schema is not there: ${names.join(', or ')}. Name it with “schema”.`;
    return broken([problem('test-file', message)], known);
  }
  const loaded = await loadSchema(schema);
  if ('problem' in loaded) return broken([loaded.problem], known);
  let sample: NexusFile;
  try {
    sample = await openNexusInTime(known.sample);
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    const message = `The sample cannot be read: ${error.message}`;
    return broken([problem('test-file', message, test.sampleRange)], known);
  }
  try {
    const untried = notForIt(test, loaded.schema, known.sample);
    if (untried) return broken([untried], known);
    const tried = await tryOn(loaded.schema, sample, test, dialect);
    const differences = compareWithTest(test, file, tried);
    const problems = differences.length === 0 ? nothingCompared(test).map((found) => ({ ...found, file })) : [];
    const outcome = differences.length + problems.length === 0 ? 'passed' : 'failed';
    return { file, ...known, outcome, differences, problems, tried };
  } finally {
    await sample.close();
  }
}

async function firstThere(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const isThere = await fileState(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

/** The schema never gets the sample, whatever the test compares. */
function notForIt(test: SchemaTest, { schema }: SchemaFile, sample: string): Problem | undefined {
  const verdict = schema.selector && explainSelector(schema.selector, sample);
  if (!verdict || verdict.matches) return undefined;
  const message = `The schema would not be given this sample: ${verdict.reason}. Name another sample, or mend the selector.`;
  return problem('test-file', message, test.sampleRange);
}

/** A test that compares nothing shows nothing. */
function nothingCompared({ sections, fails, problems, sampleRange }: SchemaTest): Problem[] {
  const isEmpty = [...sections.values()].every(({ expected }) => expected.length === 0);
  if (!isEmpty || fails.length > 0 || problems !== undefined) return [];
  const message =
    'Nothing is expected, so nothing was compared. Write what the dataset should hold, or let imsc test --update do it.';
  return [problem('test-file', message, sampleRange)];
}

async function tryOn(
  schema: SchemaFile,
  sample: NexusFile,
  test: SchemaTest,
  dialect: DialectName | undefined,
): Promise<Tried> {
  const { config } = loadConfig({ withToken: false });
  const { file, schema: bound } = schema;
  const ofText = schemaProblems(bound, { file, dialect });
  const trial = await trySchema(bound, sample, { ...completedSources(test, config, schema), ofText, dialect });
  const problems = withoutSilenced(bound.tree, [...ofText, ...trial.problems], dialect).filter(
    ({ severity }) => severity === 'error' || severity === 'warning',
  );
  return { schema, evaluation: trial.evaluation, dataset: trial.dataset, problems: inTheirFiles(problems, schema) };
}

import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/config.ts';
import { evaluate } from '../../imsc/evaluation/evaluate.ts';
import type { EvaluationContext } from '../../imsc/evaluation/readers.ts';
import type { Evaluation } from '../../imsc/evaluation/evaluation.ts';
import { evaluateStatically } from '../../imsc/evaluation/staticEvaluation.ts';
import type { StaticEvaluation } from '../../imsc/evaluation/staticEvaluation.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import type { NexusFile } from '../../nexus/model.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { codesToldBy } from '../../problems/problemCodes.ts';
import { buildDataset } from '../dataset/dataset.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { nexusReader } from '../sources/nexusReader.ts';
import { querySamples } from '../sources/sampleQuery.ts';
import { problemsOfEvaluation } from './sampleProblems.ts';

/** With what a schema is tried. */
export interface TrialContext extends Omit<EvaluationContext, 'data'> {
  /** The data of the file, where they are not simply read from it. */
  readonly data?: EvaluationContext['data'] | undefined;
  /** Absent where none is known: then nothing is said of what it would give. */
  readonly config?: Config | undefined;
  /** What the text of the schema says by itself, where it is known already. */
  readonly facts?: StaticEvaluation | undefined;
  /** What is wrong with the text of the schema by itself; it is not said again. */
  readonly ofText: readonly Problem[];
}

/** What came of a schema with one file. */
export interface Trial {
  readonly evaluation: Evaluation;
  readonly dataset: Dataset;
  /** What the file has against the schema, besides what the text alone shows. */
  readonly problems: readonly Problem[];
}

/** The pid in a trial, where the configuration has it made anew for each ingestion. */
const anyPid = '0'.repeat(32);

/**
 * Tries a schema on a sample file as an ingestion would: evaluates it, builds the dataset, and tells what goes wrong
 * with these data. What could not be asked is unknown, and no problem.
 */
export async function trySchema(schema: Schema, file: NexusFile, context: TrialContext): Promise<Trial> {
  const { data = nexusReader(file), config, ofText, ...rest } = context;
  const facts = context.facts ?? evaluateStatically(schema, context.dialect);
  const evaluation = await evaluate(schema, { ...rest, data });
  const samples = await querySamples(schema, data, rest.catalogue);
  const known = config ?? loadConfig({ withToken: false }).config;
  const dataset = buildDataset(evaluation, known, samples.sampleIds, () => anyPid);
  const problems = [
    ...unreadableIn(evaluation),
    ...(await problemsOfEvaluation(evaluation, file, facts)),
    ...samples.problems,
    ...problemsOfDataset(dataset, schema, ofText, config !== undefined),
  ];
  return { evaluation, dataset, problems };
}

/** What a file does that could be opened and then not be read, such as one on which the reader never ends; said once. */
function unreadableIn({ variables }: Evaluation): Problem[] {
  for (const { outcome } of variables.values()) {
    if (outcome.state === 'failed' && (outcome.code === 'file-unreadable' || outcome.code === 'reader-failed'))
      return [problem('data-file', outcome.message)];
  }
  return [];
}

const saidOfValues = codesToldBy('run');
const saidOfTexts = codesToldBy('refusal');

/** What is wrong with the dataset that the text does not show, nor the outcomes of variables and fields. */
function problemsOfDataset(
  { problems }: Dataset,
  { fields }: Schema,
  ofText: readonly Problem[],
  configIsKnown: boolean,
): Problem[] {
  const said = ofText.flatMap(({ code, range }) => (range && saidOfTexts.has(code) ? [range] : []));
  const fieldAt = ({ start, end }: TextRange): TextRange | undefined =>
    fields.map(({ entry }) => entry.range).find((place) => place.start <= start && end <= place.end);
  return problems.filter(({ severity, code, range }) => {
    if (saidOfValues.has(code) || (severity !== 'error' && severity !== 'warning')) return false;
    const field = range && fieldAt(range);
    // What is not about a field of the schema comes from the configuration.
    if (!field) return configIsKnown;
    return code !== 'scicat-refuses' || !said.some((other) => fieldAt(other) === field);
  });
}

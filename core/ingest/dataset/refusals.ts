import { refusalText } from '../../imsc/language/datasetFieldFacts.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { codesToldBy } from '../../problems/problemCodes.ts';
import { refusalsOf, sizeRefusal } from '../../scicat/checkDatasetField.ts';
import { datasetField } from '../../scicat/datasetFields.ts';
import { isJsonObject } from '../../scicat/json.ts';
import type { DatasetKind } from '../../scicat/scicatDatasetSchema.ts';
import type { Evaluation } from '../../imsc/evaluation/evaluation.ts';
import type { Dataset } from './dataset.ts';
import { problemAt } from './given.ts';
import { assignmentName, assignmentOf, originOf } from './refusedFields.ts';
import { utf8Bytes } from '../../text/utf8.ts';

export interface FoundRefusals {
  /** Led back to lines of the schema. */
  readonly ofSchema: readonly Problem[];
  /** Led back to what was given. */
  readonly ofGiven: readonly Problem[];
}

/**
 * What SciCat will refuse of a dataset, each led back to the line of the schema that makes the field, or to who has
 * given it.
 * @param datasetJson the dataset as it is sent
 * @param kind the rules that SciCat applies to it
 * @param evaluation absent where no schema applies
 * @param provenance where the fields come from
 */
export function refusalProblems(
  datasetJson: string,
  kind: DatasetKind,
  evaluation: Evaluation | undefined,
  provenance: Dataset['provenance'] = {},
): FoundRefusals {
  const { schema, fields = [] } = evaluation ?? {};
  const unknown = new Set(
    fields.flatMap(({ machineName, outcome }) => (outcome.state === 'unknown' ? [machineName] : [])),
  );
  const dataset: unknown = JSON.parse(datasetJson);
  const refusals = isJsonObject(dataset) ? refusalsOf(dataset, kind) : [];
  const section = schema?.general.get('schema')?.key.range;
  const size = sizeRefusal(utf8Bytes(datasetJson).length);
  const found = refusals.map((refusal) => ({ ...refusal, origin: originOf(provenance, refusal.field) }));
  return {
    ofSchema: [
      ...found
        .filter(({ origin }) => origin === undefined)
        // What could not be asked is not missing.
        .filter(({ field }) => !unknown.has(assignmentName(field)))
        .map((refusal) => ({ ...refusal, assignment: schema && assignmentOf(schema, refusal.field) }))
        // What the configuration gives or does not give is told where the defaults are filled in.
        .filter(({ field, assignment }) => assignment !== undefined || datasetField(field)?.default === undefined)
        .map(({ reason, assignment }) => {
          const range = (assignment?.keys.get('value')?.value ?? assignment?.entry.key)?.range ?? section;
          return problem('scicat-refuses', refusalText(reason), range);
        }),
      ...(size === undefined ? [] : [problem('scicat-refuses', refusalText(size), section)]),
    ],
    ofGiven: found.flatMap(({ origin, reason }) =>
      origin ? [problemAt(origin, 'scicat-refuses', refusalText(reason))] : [],
    ),
  };
}

/** What the text of a schema shows of the same fields. */
const saidByRefusal = codesToldBy('refusal');

/** Problems without what is said a second time of a field that SciCat will refuse. */
export function withoutRepeated(
  problems: readonly Problem[],
  evaluation: Evaluation | undefined,
  schemaFile: string | undefined,
): Problem[] {
  const fields = evaluation?.fields ?? [];
  const refused = problems.flatMap(({ code, range, file }) =>
    code === 'scicat-refuses' && range && file === schemaFile ? [range] : [],
  );
  const places = fields.map(({ field }) => field.entry.range).filter((place) => refused.some(isIn(place)));
  const told = new Set<string>();
  return problems.filter(({ code, range, message, file }) => {
    if (saidByRefusal.has(code)) return !range || !places.some((place) => isIn(place)(range));
    if (code !== 'scicat-refuses') return true;
    // Of one field once, in whichever words; what is missing has the place of the section in common.
    const key = range && places.some((place) => isIn(place)(range)) ? `${file ?? ''} ${range.start}` : message;
    return told.size !== told.add(key).size;
  });
}

function isIn(outer: TextRange): (inner: TextRange) => boolean {
  return ({ start, end }) => outer.start <= start && end <= outer.end;
}

import { jsonText } from '../../core/imsc/values/jsonText.ts';
import { shownValue, valueAsData } from '../../core/imsc/values/showValue.ts';
import { quantityText, storedUnits } from '../../core/ingest/dataset/storedUnits.ts';
import { renderJobs } from '../../core/imsc/evaluation/renderJobs.ts';
import type { JobOutcome } from '../../core/imsc/evaluation/renderJobs.ts';
import { dict, string } from '../../core/imsc/values/values.ts';
import type { DictEntry } from '../../core/imsc/values/values.ts';
import type { Outcome } from '../../core/imsc/evaluation/evaluation.ts';
import { sourceNamed } from '../../core/imsc/language/sources.ts';
import { positionOf } from '../documents/importedText.ts';
import type { EvaluationData, OutcomeData } from '../protocol.ts';
import { wholeSchema } from '../context.ts';
import type { ServerContext } from '../context.ts';

/** The values of all variables and fields of an open schema. */
export function evaluationData(server: ServerContext) {
  return async ({ uri }: { readonly uri: string }): Promise<EvaluationData | null> => {
    const snapshot = await wholeSchema(server, uri);
    if (!snapshot) return null;
    const evaluated = await server.evaluations.of(snapshot);
    if (!evaluated) return evaluationData(server)({ uri });
    const { evaluation, sample } = evaluated;
    return {
      version: snapshot.version,
      sample,
      variables: [...evaluation.variables.values()].map(({ name, variable, valueType, outcome }) => ({
        name,
        valueType,
        isFromScicat: variable?.source !== undefined && sourceNamed(variable.source).asks === 'catalogue',
        outcome: outcomeData(outcome),
        ...(variable && { position: positionOf(snapshot, variable.entry.key.range) }),
      })),
      fields: evaluation.fields.map(({ field, fieldType, machineName, outcome }) => ({
        machineName,
        position: positionOf(snapshot, field.entry.key.range),
        outcome: outcomeData(outcome),
        ...stored({ fieldType, outcome }),
        ...(fieldType && { fieldType }),
        ...(field.type !== undefined && { valueType: field.type }),
      })),
      jobs: renderJobs(evaluation, '<pid>').map((outcome) => ({
        name: outcome.name,
        position: positionOf(snapshot, outcome.range),
        outcome: jobData(outcome),
      })),
    };
  };
}

function stored(field: Parameters<typeof storedUnits>[0]): { readonly stored?: string } {
  const found = storedUnits(field);
  return found ? { stored: quantityText(found) } : {};
}

/** What became of a variable or field, as clients show it. */
export function outcomeData(outcome: Outcome): OutcomeData {
  switch (outcome.state) {
    case 'known': {
      const { value, unit, notes } = outcome;
      return { state: 'known', json: jsonOf(value), text: shownValue(value), unit, notes };
    }
    case 'failed':
      return { state: 'failed', message: outcome.message };
    case 'unknown':
      return { state: 'unknown', reason: outcome.reason };
  }
}

function jobData(outcome: JobOutcome): OutcomeData {
  if (outcome.state === 'failed') return { state: 'failed', message: outcome.message };
  const { type, ownerUser, ownerGroup, contactEmail, parameters } = outcome.job;
  const texts = { type, ownerUser, ownerGroup, contactEmail };
  const value = dict([
    ...Object.entries(texts).map(([key, text]): DictEntry => [string(key), string(text)]),
    [string('jobParams'), parameters],
  ]);
  return { state: 'known', json: jsonOf(value), text: shownValue(value), unit: '', notes: [] };
}

/** What JSON cannot say, such as bytes or infinity, is shown as text. */
function jsonOf(value: Parameters<typeof jsonText>[0]): string {
  try {
    return jsonText(value);
  } catch {
    return JSON.stringify(valueAsData(value));
  }
}

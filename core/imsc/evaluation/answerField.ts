import { describeValue } from '../values/showValue.ts';
import { itemAt } from '../values/iteration.ts';
import { ReadFailure } from './readers.ts';
import type { Value } from '../values/values.ts';

/**
 * What an SC variable takes of SciCat's answer: a key of an object, the number of an item of a list or of a character
 * of a text. Empty, 0 or no field takes the whole answer, as in the Python ingestor; a key on a list of exactly one
 * object takes that object's.
 * @throws ReadFailure if the answer has no such part
 */
export function partOfAnswer(answer: Value, field: Value | undefined): Value {
  if (field === undefined || isFalsy(field)) return answer;
  const only = answer.kind === 'list' && answer.items.length === 1 ? answer.items[0] : undefined;
  const from = field.kind === 'string' && only?.kind === 'dict' ? only : answer;
  const part = itemAt(from, field);
  if (part) return part;
  const message = `SciCat's answer is ${describeAnswer(from)}; it has no ${describeValue(field)}.`;
  throw new ReadFailure('answer-without-field', message);
}

function isFalsy(field: Value): boolean {
  return field.kind === 'none' || ('value' in field && !field.value);
}

function describeAnswer(answer: Value): string {
  if (answer.kind === 'list') return answer.items.length === 0 ? 'an empty list' : `a list of ${answer.items.length}`;
  if (answer.kind !== 'dict') return describeValue(answer);
  const keys = answer.entries.flatMap(([key]) => (key.kind === 'string' ? [key.value] : []));
  const more = keys.length > 8 ? ', …' : '';
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 8).join(', ')}${more}`;
}

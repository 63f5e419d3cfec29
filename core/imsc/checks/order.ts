import { problem } from '../../problems/problem.ts';
import type { ScalarNode } from '../tree/tree.ts';
import { describeValue } from '../values/showValue.ts';
import type { Check } from './check.ts';

/** The order must be a number: Python compares it with those of the other schemas, and cannot compare a text with one. */
export const checkOrder: Check = ({ schema, report }) => {
  const entry = schema.general.get('order');
  const node = entry?.value;
  // A list or a map is told with the shapes of keys.
  if (!entry || (node && node.kind !== 'scalar') || (node && isNumber(node))) return;
  const what = node ? describeValue(node.value) : 'nothing';
  const number = node && numberIn(node);
  const message = `The order is ${what} and no number. The Python ingestor compares it with those of the other schemas, and stops where it cannot.`;
  const range = node && node.range.end > node.range.start ? node.range : entry.key.range;
  report(
    problem('order-no-number', message, range, {
      ...(node &&
        number !== undefined && {
          fixes: [{ title: `Change to ${number}`, edits: [{ range: node.range, newText: number }], preferred: true }],
        }),
    }),
  );
};

function isNumber({ value }: ScalarNode): boolean {
  return value.kind === 'integer' || (value.kind === 'float' && Number.isFinite(value.value));
}

/** The number that a text says. */
function numberIn({ value }: ScalarNode): string | undefined {
  const text = value.kind === 'string' ? value.value.trim() : '';
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text) ? text : undefined;
}

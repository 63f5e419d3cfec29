import type { Evaluation, Outcome } from '../../core/imsc/evaluation/evaluation.ts';

/** What the variables and fields of a schema gave, by their names: what is shown while a newer text is evaluated. */
export interface Outcomes {
  readonly variables: ReadonlyMap<string, { readonly outcome: Outcome }>;
  readonly fields: readonly { readonly field: { readonly label: string }; readonly outcome: Outcome }[];
}

/** The outcomes without anything of the text that they came from, which takes many times as much memory. */
export function outcomesOf({ variables, fields }: Evaluation): Outcomes {
  return {
    variables: new Map([...variables].map(([name, { outcome }]) => [name, { outcome }])),
    fields: fields.map(({ field: { label }, outcome }) => ({ field: { label }, outcome })),
  };
}

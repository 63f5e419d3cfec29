import type { Problem, TextRange } from '../../problems/problem.ts';
import { findOperator, unitAfter } from '../language/operators.ts';
import type { SourceName, SourceProvenance } from '../language/sources.ts';
import type { ValueType } from '../language/valueTypes.ts';
import { isEmpty, scalarText } from '../schema/schema.ts';
import type { Variable } from '../schema/schema.ts';
import { answerOf } from '../schema/scicatUrls.ts';
import type { Names } from '../schema/template.ts';
import type { ListNode, Node } from '../tree/tree.ts';
import { describeValue } from '../values/showValue.ts';
import { TooLarge } from '../values/valueBudget.ts';
import type { Quantity, Value } from '../values/values.ts';
import { partOfAnswer } from './answerField.ts';
import type { Outcome } from './evaluation.ts';
import { Failure, placed } from './failure.ts';
import { argumentsOf } from './operatorArguments.ts';
import { NotKnown, ReadFailure } from './readers.ts';
import type { EvaluationContext, Reading } from './readers.ts';
import { operatorResult } from './staticOperators.ts';
import { failed, unknown } from './staticValue.ts';
import type { StaticValue } from './staticValue.ts';
import { checkUrlValues } from './urlValues.ts';
import type { UrlValues } from './urlValues.ts';

/** What an evaluation does for the source of a variable. All of it throws what makes the variable fail. */
export interface Evaluating {
  readonly context: EvaluationContext;
  /** The variables that have a value so far. */
  readonly known: Names;
  /** The value of a key that the variable must have. */
  needed(variable: Variable, key: string): Node;
  typeOf(variable: Variable): ValueType;
  /** Fills in a template. */
  render(node: Node): Quantity;
  converted(type: ValueType, value: Value, range: TextRange): Value;
  /** The known variables that a template refers to. */
  referencesIn(node: Node): readonly string[];
}

/** What the static evaluation does for it. */
export interface EvaluatingStatically {
  template(node: Node, variable: Variable): StaticValue;
  /** What goes into the operator of a variable, kept for the checks. @throws TooLarge */
  input(variable: Variable, value: StaticValue): StaticValue;
  fault(problem: Problem): void;
}

/** How a source gets the value of a variable, and what its text says of that value before it is turned into its type. */
interface SourceEvaluation {
  readonly value: (variable: Variable, evaluation: Evaluating) => Outcome | Promise<Outcome>;
  readonly facts: (variable: Variable, evaluation: EvaluatingStatically) => StaticValue;
}

export const sourceEvaluations: Readonly<Record<SourceName, SourceEvaluation>> = {
  NXS: { value: fromFile, facts: factsOfFile },
  SC: { value: fromCatalogue, facts: factsOfCatalogue },
  VALUE: { value: computed, facts: factsOfComputed },
};

function fromFile(variable: Variable, evaluation: Evaluating): Outcome | Promise<Outcome> {
  const node = evaluation.needed(variable, 'path');
  if (node.kind === 'list') return fromFirst(variable, node, evaluation);
  return fromPath(variable, node, evaluation);
}

/** Of several paths the first that is there. */
async function fromFirst(variable: Variable, { items, range }: ListNode, evaluation: Evaluating): Promise<Outcome> {
  for (const item of items) {
    try {
      return await fromPath(variable, item, evaluation);
    } catch (error) {
      // What is known already is told at once, and has no place yet.
      const known = error instanceof Failure || error instanceof ReadFailure;
      const isMissing = known && (error.code === 'path-missing' || error.code === 'path-is-group');
      if (!isMissing) throw error;
    }
  }
  throw new Failure('path-missing', 'None of these paths is in the file.', range);
}

function fromPath(variable: Variable, node: Node, evaluation: Evaluating): Outcome | Promise<Outcome> {
  const path = scalarText(node);
  if (path === undefined) throw new Failure('incomplete', 'The path is not text.', node.range);
  const type = evaluation.typeOf(variable);
  const { data } = evaluation.context;
  if ('unavailable' in data) throw new NotKnown(data.unavailable);
  const known = ({ value, unit: unitOfFile, unitFromFile, paths, notes }: Reading): Outcome => {
    const unit = unitFromFile ? unitOfFile : unitIn(variable);
    const provenance: SourceProvenance<'NXS'> = { source: 'NXS', path, paths, unitFromFile, variables: noNames };
    return { state: 'known', value: evaluation.converted(type, value, node.range), unit, notes, provenance };
  };
  const reading = data.read(path, type.name);
  if (!(reading instanceof Promise)) return known(reading);
  return reading.then(known, (error: unknown) => {
    throw placed(error, node.range);
  });
}

function factsOfFile(variable: Variable): StaticValue {
  const path = scalarText(variable.keys.get('path')?.value);
  if (path === undefined) return unknown;
  const unit = scalarText(variable.keys.get('unit')?.value);
  const declared = unit === '' ? undefined : unit;
  if (variable.valueType === 'none') return { state: 'typed', kind: 'string', unit: declared };
  const likelyUuid = /uuid[^/]*$/i.test(path) && variable.valueType === 'string';
  return likelyUuid
    ? { state: 'typed', kind: 'string', format: 'likely-uuid', unit: declared }
    : { state: 'unknown', unit: declared };
}

async function fromCatalogue(variable: Variable, evaluation: Evaluating): Promise<Outcome> {
  const node = evaluation.needed(variable, 'url');
  const type = evaluation.typeOf(variable);
  const { value: asked } = evaluation.render(node);
  if (asked.kind !== 'string') {
    throw new Failure('wrong-template', `The url must be text, not ${describeValue(asked)}.`, node.range);
  }
  const template = scalarText(node);
  const { fault, notes } = template === undefined ? noFault : checkUrlValues(template, evaluation.known);
  if (fault !== undefined) throw new Failure('value-leaves-url', fault, node.range);
  const { catalogue } = evaluation.context;
  if ('unavailable' in catalogue) throw new NotKnown(catalogue.unavailable);
  const { url, answer } = await at(node.range, () => catalogue.get(asked.value));
  const fieldNode = variable.keys.get('field')?.value;
  const field = fieldNode?.kind === 'scalar' ? fieldNode.value : undefined;
  const taken = await at(fieldNode?.range ?? node.range, () => partOfAnswer(answer, field));
  const value = evaluation.converted(type, taken, variable.keys.get('value_type')?.value?.range ?? node.range);
  const variables = evaluation.referencesIn(node);
  const provenance: SourceProvenance<'SC'> = { source: 'SC', url, field, variables };
  return { state: 'known', value, unit: unitIn(variable), notes, provenance };
}

function factsOfCatalogue(variable: Variable, evaluation: EvaluatingStatically): StaticValue {
  const node = variable.keys.get('url')?.value;
  if (!node) return unknown;
  const url = evaluation.template(node, variable);
  if (url.state === 'failed') return failed;
  const field = variable.keys.get('field')?.value;
  const takesPart =
    field?.kind === 'scalar' && !isEmpty(field) && !['', '0', '0.0', 'false'].includes(scalarText(field) ?? '');
  if (takesPart || field?.kind === 'map' || field?.kind === 'list') return unknown;
  const answer = answerOf(scalarText(node) ?? '');
  if (answer === 'list') return { state: 'typed', kind: 'list', items: 'dict', unit: '' };
  return answer === 'object' ? { state: 'typed', kind: 'dict', unit: '' } : unknown;
}

function computed(variable: Variable, evaluation: Evaluating): Outcome {
  const node = evaluation.needed(variable, 'value');
  const type = evaluation.typeOf(variable);
  const rendered = evaluation.render(node);
  const operatorNode = variable.keys.get('operator')?.value;
  const spelling = scalarText(operatorNode) ?? '';
  const operator = findOperator(spelling);
  const notes = spelling !== '' && !operator ? [`“${spelling}” is not an operator; the value is left as it is.`] : [];
  let { value, unit } = rendered;
  if (operator) {
    try {
      value = operator.apply(value, argumentsOf(variable), unit);
    } catch (error) {
      if (error instanceof TooLarge) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new Failure('operator-failed', message, operatorNode?.range ?? node.range);
    }
    unit = unitAfter(operator, argumentsOf(variable), unit);
  }
  value = evaluation.converted(type, value, variable.keys.get('value_type')?.value?.range ?? node.range);
  const variables = evaluation.referencesIn(node);
  const provenance: SourceProvenance<'VALUE'> = { source: 'VALUE', operator: operator?.name, variables };
  return { state: 'known', value, unit, notes, provenance };
}

function factsOfComputed(variable: Variable, evaluation: EvaluatingStatically): StaticValue {
  const node = variable.keys.get('value')?.value;
  if (!node) return unknown;
  const result = operatorResult(variable, evaluation.input(variable, evaluation.template(node, variable)));
  if (!('fault' in result)) {
    if (result.doubt) evaluation.fault(result.doubt);
    return result.value;
  }
  evaluation.fault(result.fault);
  return failed;
}

const noFault: UrlValues = { fault: undefined, notes: [] };
const noNames: readonly string[] = [];

/** The unit that the schema gives. */
function unitIn(variable: Variable): string {
  return scalarText(variable.keys.get('unit')?.value) ?? '';
}

/** Adds the place to a failure that has none of its own. */
async function at<T>(range: TextRange, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw placed(error, range);
  }
}

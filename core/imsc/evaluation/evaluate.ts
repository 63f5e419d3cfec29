import { describeValue } from '../values/showValue.ts';
import { jsonScalarText } from '../values/jsonText.ts';
import { lookup } from '../language/registry.ts';
import { scalarText } from '../schema/schema.ts';
import type { FieldAssignment, Schema, Variable } from '../schema/schema.ts';
import { fieldTypes } from '../language/schemaKeys.ts';
import { isKnownTo } from '../language/dialects.ts';
import { forms } from '../language/forms.ts';
import { dialectOf } from '../schema/dialectOf.ts';
import { builtInVariables } from '../language/builtIns.ts';
import { NotKnown, ReadFailure } from './readers.ts';
import { computedFrom } from '../language/sources.ts';
import type { SourceName } from '../language/sources.ts';
import type { EvaluationContext } from './readers.ts';
import { allReferences, knownReferences, renderText, TemplateError } from '../schema/template.ts';
import type { Quantity } from '../values/values.ts';
import type { TextRange } from '../../problems/problem.ts';
import { entries } from '../tree/tree.ts';
import type { Node } from '../tree/tree.ts';
import { TooLarge, ValueBudget } from '../values/valueBudget.ts';
import { valueTypes } from '../language/valueTypes.ts';
import type { ValueType } from '../language/valueTypes.ts';
import { hashKey, none, string } from '../values/values.ts';
import type { Value } from '../values/values.ts';
import { Failure } from './failure.ts';
import { sourceEvaluations } from './sources.ts';
import type { Evaluating } from './sources.ts';
import type { Evaluation, FailureCode, FieldOutcome, Outcome, VariableOutcome } from './evaluation.ts';

/**
 * Evaluates a schema: every variable from top to bottom, then every field. Never stops at a failure and never
 * throws for what the schema, the file or SciCat hold; a failed variable is out of reach for those below it.
 *
 * The same call feeds ingestion, dry run, hover, hints and preview.
 * @throws the signal's reason when it is aborted
 */
export async function evaluate(schema: Schema, context: EvaluationContext): Promise<Evaluation> {
  return new Evaluator(schema, context).run();
}

class Evaluator implements Evaluating {
  private readonly schema: Schema;
  /** Whether values may hold lists and objects: for the Python ingestor they fail. */
  private readonly nests: boolean;
  readonly context: EvaluationContext;
  readonly known = new Map<string, Quantity>();
  private readonly variables = new Map<string, VariableOutcome>();
  private readonly overruled: VariableOutcome[] = [];
  private readonly budget = new ValueBudget();

  constructor(schema: Schema, context: EvaluationContext) {
    this.schema = schema;
    this.context = context;
    this.nests = isKnownTo(forms.nested, dialectOf(schema.tree, context.dialect));
  }

  async run(): Promise<Evaluation> {
    for (const { name, valueType } of builtInVariables) this.defineBuiltIn(name, valueType);
    for (const variable of this.schema.variables) {
      this.context.signal?.throwIfAborted();
      const outcome = this.outcomeOf(variable.entry.key.range, () => this.variable(variable));
      // Waiting takes time even where there is nothing to wait for.
      const settled = outcome instanceof Promise ? await outcome : outcome;
      this.define({ name: variable.name, variable, valueType: variable.valueType ?? '', outcome: settled });
    }
    const fields: FieldOutcome[] = [];
    for (const field of this.schema.fields) {
      const outcome = this.outcomeOfField(field);
      fields.push({ field, fieldType: fieldTypeOf(field), machineName: field.machineName ?? '', outcome });
    }
    return { schema: this.schema, variables: this.variables, overruled: this.overruled, fields };
  }

  private defineBuiltIn(name: string, valueType: string): void {
    const text = this.context.builtIns[name];
    const outcome: Outcome =
      text === undefined
        ? { state: 'unknown', reason: this.context.noBuiltIn ?? `<${name}> is only known in a run.` }
        : {
            state: 'known',
            value: { kind: 'string', value: text },
            unit: '',
            provenance: { source: 'built-in', variables: noNames },
            notes: [],
          };
    this.define({ name, variable: undefined, valueType, outcome });
  }

  private define(result: VariableOutcome): void {
    const { name, outcome } = result;
    const before = this.variables.get(name);
    // A schema variable that fails leaves a built-in of the same name in place, as in the Python ingestor.
    if (outcome.state === 'failed' && before?.outcome.state === 'known' && !before.variable) {
      this.overruled.push(result);
      return;
    }
    this.variables.set(name, result);
    if (outcome.state === 'known') this.known.set(name, outcome);
    else this.known.delete(name);
  }

  private outcomeOf(range: TextRange, work: () => Outcome | Promise<Outcome>): Outcome | Promise<Outcome> {
    try {
      const outcome = work();
      return outcome instanceof Promise ? outcome.catch((error: unknown) => withoutValue(error, range)) : outcome;
    } catch (error) {
      return withoutValue(error, range);
    }
  }

  private variable(variable: Variable): Outcome | Promise<Outcome> {
    const { source } = variable;
    const node = variable.keys.get('default')?.value;
    if (source && node) return this.orDefault(variable, node, source);
    if (source) return sourceEvaluations[source].value(variable, this);
    throw new Failure('incomplete', 'The variable has no source.', variable.entry.key.range);
  }

  /** The value of the source, or else what the schema gives for a value that is missing. */
  private async orDefault(variable: Variable, node: Node, source: SourceName): Promise<Outcome> {
    const { range } = variable.entry.key;
    const outcome = await this.outcomeOf(range, () => sourceEvaluations[source].value(variable, this));
    if (outcome.state !== 'failed' || !missingValues.has(outcome.code)) return outcome;
    const rendered = this.render(node);
    const value = this.converted(this.typeOf(variable), rendered.value, node.range);
    const unit = rendered.unit !== '' ? rendered.unit : (scalarText(variable.keys.get('unit')?.value) ?? '');
    const provenance = computedFrom(this.referencesIn(node));
    return { state: 'known', value, unit, notes: [], provenance, insteadOf: outcome.message };
  }

  private outcomeOfField(field: FieldAssignment): Outcome {
    try {
      return this.field(field);
    } catch (error) {
      return withoutValue(error, field.entry.key.range);
    }
  }

  private field(field: FieldAssignment): Outcome {
    const node = field.keys.get('value')?.value;
    if (!node) throw new Failure('incomplete', 'The field has no value.', field.entry.key.range);
    const typeNode = field.keys.get('type')?.value;
    const type = lookup(valueTypes, field.type ?? '');
    if (!type) {
      throw new Failure(
        'unknown-value-type',
        `“${field.type ?? ''}” is not a value type.`,
        typeNode?.range ?? field.entry.key.range,
      );
    }
    const rendered = this.render(node);
    const value = this.converted(type, rendered.value, node.range);
    const own = scalarText(field.keys.get('unit')?.value);
    const unit = own !== undefined && own !== '' ? own : rendered.unit;
    const provenance = computedFrom(this.referencesIn(node));
    return { state: 'known', value, unit, notes: [], provenance };
  }

  needed(variable: Variable, key: string): Node {
    const node = variable.keys.get(key)?.value;
    if (!node) throw new Failure('incomplete', `The variable has no “${key}”.`, variable.entry.key.range);
    return node;
  }

  typeOf({ valueType = '', keys, entry }: Variable): ValueType {
    const type = lookup(valueTypes, valueType);
    if (type) return type;
    const { range } = keys.get('value_type')?.value ?? entry.key;
    throw new Failure('unknown-value-type', `“${valueType}” is not a value type.`, range);
  }

  converted(type: ValueType, value: Value, range: TextRange): Value {
    return this.budget.take(convert(type, value, range));
  }

  /** Fills in a template: a text, a list or an object of texts, or a lone number, boolean or null. @throws TooLarge */
  render(node: Node): Quantity {
    const rendered = this.renderParts(node);
    this.budget.take(rendered.value);
    return rendered;
  }

  private renderParts(node: Node): Quantity {
    switch (node.kind) {
      case 'scalar':
        // A number, boolean or null is taken as its JSON text, as the Python ingestor does.
        return node.value.kind === 'string'
          ? this.renderString(node.value.value, node.range)
          : { value: string(jsonScalarText(node.value)), unit: '' };
      case 'list': {
        const items = node.items.map((item) => this.renderItem(item));
        return { value: { kind: 'list', items: items.map(({ value }) => value) }, unit: commonUnit(items) };
      }
      case 'map': {
        const rendered = new Map<string, readonly [Value, Value]>();
        const values: Quantity[] = [];
        for (const entry of entries(node)) {
          const key = this.renderItem(entry.key).value;
          const hash = hashKey(key);
          if (hash === undefined) {
            throw new Failure('wrong-template', 'A list or an object cannot be a key.', entry.key.range);
          }
          const value = entry.value ? this.renderItem(entry.value) : { value: none, unit: '' };
          values.push(value);
          rendered.set(hash, [rendered.get(hash)?.[0] ?? key, value.value]);
        }
        return { value: { kind: 'dict', entries: [...rendered.values()] }, unit: commonUnit(values) };
      }
    }
  }

  private renderItem(node: Node): Quantity {
    if (node.kind === 'scalar' && node.value.kind === 'string') return this.renderString(node.value.value, node.range);
    if (this.nests) return node.kind === 'scalar' ? { value: node.value, unit: '' } : this.renderParts(node);
    const what = node.kind === 'scalar' ? describeValue(node.value) : `a ${node.kind}`;
    throw new Failure(
      'wrong-template',
      `Inside a list or an object every item must be text, and this is ${what}; put it in quotes.`,
      node.range,
    );
  }

  private renderString(text: string, range: TextRange): Quantity {
    this.refuseUnknown(text);
    try {
      return renderText(text, this.known);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const failed = error.missing.filter((name) => this.variables.get(name)?.outcome.state === 'failed');
      if (failed.length > 0) {
        const list = failed.map((name) => `<${name}>`).join(', ');
        throw new Failure('depends-on-failed', `${list} failed, so this has no value.`, range);
      }
      throw new Failure(error.missing.length > 0 ? 'unknown-variable' : 'stray-brackets', error.message, range);
    }
  }

  private refuseUnknown(text: string): void {
    if (!text.includes('<')) return;
    for (const { name } of allReferences(text)) {
      const outcome = this.variables.get(name)?.outcome;
      if (outcome?.state === 'unknown') throw new NotKnown(outcome.reason);
    }
  }

  referencesIn(node: Node): readonly string[] {
    const names = new Set<string>();
    const collect = (part: Node): void => {
      if (part.kind === 'scalar') {
        if (part.value.kind !== 'string' || !part.value.value.includes('<')) return;
        for (const { name } of knownReferences(part.value.value, (each) => this.known.has(each))) names.add(name);
      } else if (part.kind === 'list') part.items.forEach(collect);
      else {
        for (const entry of part.entries) {
          collect(entry.key);
          if (entry.value) collect(entry.value);
        }
      }
    };
    collect(node);
    return names.size === 0 ? noNames : [...names];
  }
}

/** The failures that a default stands in for: a value is missing, and nothing is wrong with the schema. */
const missingValues: ReadonlySet<FailureCode> = new Set([
  'path-missing',
  'path-is-group',
  'wrong-data',
  'answer-without-field',
  'operator-failed',
  'conversion-failed',
  'depends-on-failed',
]);

const noNames: readonly string[] = [];

/** What becomes of a variable or field whose evaluation threw; what is not a fault of schema or data is thrown on. */
function withoutValue(error: unknown, range: TextRange): Outcome {
  if (error instanceof Failure)
    return { state: 'failed', code: error.code, message: error.message, range: error.range };
  if (error instanceof TooLarge) return { state: 'failed', code: 'too-large', message: error.message, range };
  if (error instanceof NotKnown) return { state: 'unknown', reason: error.message };
  if (error instanceof ReadFailure) return { state: 'failed', code: error.code, message: error.message, range };
  throw error;
}

/** A field's type if it is one of the two that exist. */
function fieldTypeOf(field: FieldAssignment): 'high_level' | 'scientific_metadata' | undefined {
  const name = lookup(fieldTypes, field.fieldType ?? '')?.name;
  return name === 'high_level' || name === 'scientific_metadata' ? name : undefined;
}

function convert(type: ValueType, value: Value, range: TextRange): Value {
  try {
    return type.convert(value);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new Failure('conversion-failed', messageOf(error), range);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function commonUnit(items: readonly Quantity[]): string {
  const [first] = items;
  return first && items.every(({ unit }) => unit === first.unit) ? first.unit : '';
}

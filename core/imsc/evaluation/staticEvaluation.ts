import { jsonScalarText } from '../values/jsonText.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { lookup } from '../language/registry.ts';
import { scalarText } from '../schema/schema.ts';
import type { FieldAssignment, Schema, Variable } from '../schema/schema.ts';
import { isKnownTo, strangeTo } from '../language/dialects.ts';
import type { DialectName } from '../language/dialects.ts';
import { forms } from '../language/forms.ts';
import { dialectOf } from '../schema/dialectOf.ts';
import { builtInVariables } from '../language/builtIns.ts';
import { constant, conversionFault, failed, listOf, mixedText, typedAs, unknown } from './staticValue.ts';
import type { StaticValue } from './staticValue.ts';
import { sourceEvaluations } from './sources.ts';
import type { EvaluatingStatically } from './sources.ts';
import { mayHaveMore } from '../schema/imports.ts';
import { finalPid, jobsIn } from '../schema/jobRecipes.ts';
import { allReferences, hasStrayBrackets, knownReferences, renderText } from '../schema/template.ts';
import type { Quantity } from '../values/values.ts';
import { TooLarge, ValueBudget } from '../values/valueBudget.ts';
import { textOffsetOf } from '../tree/scalarText.ts';
import type { MapNode, Node, ScalarNode } from '../tree/tree.ts';
import { valueTypes } from '../language/valueTypes.ts';
import type { Value } from '../values/values.ts';

/** What a reference leads to, as far as the text alone tells. */
export type ReferenceVerdict = 'fine' | 'failed' | 'self' | 'later' | 'unknown' | 'elsewhere' | 'no-name';

/** One `<name>` in a template. */
export interface ReferencePlace {
  readonly name: string;
  /** In the file, with its brackets. */
  readonly range: TextRange;
  /** In the decoded text. */
  readonly start: number;
  readonly end: number;
  readonly verdict: ReferenceVerdict;
  readonly template: TemplatePlace;
}

/** One text that is filled in: a whole `url` or `value`, or one text inside of a list or an object. */
export interface TemplatePlace {
  readonly owner: Variable | FieldAssignment;
  readonly scalar: ScalarNode;
  readonly text: string;
  /** True where it is a key of an object. */
  readonly isKey: boolean;
  readonly references: readonly ReferencePlace[];
}

/** What the text of a schema says about its values, without a file and without SciCat. */
export interface StaticEvaluation {
  readonly schema: Schema;
  /** Position of each variable in the order of evaluation. */
  readonly positions: ReadonlyMap<string, number>;
  readonly templates: readonly TemplatePlace[];
  /** References by name, those of a variable to itself included. */
  readonly uses: ReadonlyMap<string, readonly ReferencePlace[]>;
  readonly variables: ReadonlyMap<string, StaticValue>;
  readonly fields: ReadonlyMap<FieldAssignment, StaticValue>;
  /** The values of VALUE variables before their operator, and those of fields before they become their type. */
  readonly inputs: ReadonlyMap<Variable | FieldAssignment, StaticValue>;
  /** The units of lists whose items have different ones, so that the list has none. */
  readonly mixedUnits: ReadonlyMap<Variable | FieldAssignment, readonly string[]>;
  /** What certainly goes wrong on the way: operators, conversions, items that are not text. */
  readonly faults: readonly Problem[];
}

export function isVariable(owner: Variable | FieldAssignment): owner is Variable {
  return 'source' in owner;
}

/**
 * Follows the values through a schema, from top to bottom, in one pass.
 * @param dialect where the text names none
 */
export function evaluateStatically(schema: Schema, dialect?: DialectName): StaticEvaluation {
  return new StaticEvaluator(schema, dialect).run();
}

const builtIns = new Map(builtInVariables.map((builtIn) => [builtIn.name, builtIn]));

class StaticEvaluator implements EvaluatingStatically {
  private readonly schema: Schema;
  private readonly positions: Map<string, number>;
  private readonly templates: TemplatePlace[] = [];
  private readonly uses = new Map<string, ReferencePlace[]>();
  private readonly variables = new Map<string, StaticValue>();
  private readonly fields = new Map<FieldAssignment, StaticValue>();
  private readonly inputs = new Map<Variable | FieldAssignment, StaticValue>();
  private readonly mixedUnits = new Map<Variable | FieldAssignment, readonly string[]>();
  private readonly faults: Problem[] = [];
  private readonly nested = new Set<Variable | FieldAssignment>();
  private readonly budget = new ValueBudget();
  private position = 0;
  private readonly nests: boolean;
  private inJobs = false;
  /** What is said of a name that is not defined here. */
  private readonly unknownVerdict: ReferenceVerdict;

  constructor(schema: Schema, dialect: DialectName | undefined) {
    this.schema = schema;
    this.nests = isKnownTo(forms.nested, dialectOf(schema.tree, dialect));
    this.unknownVerdict = mayHaveMore(schema) ? 'elsewhere' : 'unknown';
    this.positions = new Map(schema.variables.map(({ name }, index) => [name, index]));
  }

  run(): StaticEvaluation {
    const { schema, positions, templates, uses, variables, fields, inputs, mixedUnits, faults } = this;
    for (const variable of schema.variables) {
      variables.set(
        variable.name,
        this.orTooLarge(variable, () => this.variable(variable)),
      );
      this.position++;
    }
    for (const field of schema.fields)
      fields.set(
        field,
        this.orTooLarge(field, () => this.field(field)),
      );
    this.inJobs = true;
    for (const job of jobsIn(schema.general)) {
      for (const [name, { value }] of job.keys) if (value && name !== 'type') this.textsIn(value, job);
    }
    return { schema, positions, templates, uses, variables, fields, inputs, mixedUnits, faults };
  }

  /** Looks at every text of a value for what it refers to; what becomes of it is not followed. */
  private textsIn(node: Node, owner: FieldAssignment): void {
    if (node.kind === 'list') for (const item of node.items) this.textsIn(item, owner);
    else if (node.kind === 'scalar') {
      if (node.value.kind === 'string') this.text(node, node.value.value, owner);
    } else {
      for (const { key, value } of node.entries) {
        if (key.value.kind === 'string') this.text(key, key.value.value, owner, true);
        if (value) this.textsIn(value, owner);
      }
    }
  }

  private orTooLarge(owner: Variable | FieldAssignment, work: () => StaticValue): StaticValue {
    try {
      return this.taken(work());
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      const range = owner.keys.get('value')?.value?.range ?? owner.entry.key.range;
      this.faults.push(problem('value-too-large', error.message, range));
      return failed;
    }
  }

  /** @throws TooLarge */
  private taken(value: StaticValue): StaticValue {
    if (value.state === 'constant') this.budget.take(value.value);
    return value;
  }

  private variable(variable: Variable): StaticValue {
    const { source } = variable;
    if (!source) return unknown;
    const node = variable.keys.get('default')?.value;
    const instead = node && this.template(node, variable);
    const value = this.converted(variable, sourceEvaluations[source].facts(variable, this));
    if (!instead) return value;
    const type = lookup(valueTypes, variable.valueType ?? '');
    // Which of the two it will be is not known; where both certainly fail it has no value.
    if (!type || (value.state === 'failed' && instead.state === 'failed')) return failed;
    return typedAs(type, { state: 'unknown', unit: undefined });
  }

  input(variable: Variable, value: StaticValue): StaticValue {
    const input = this.taken(value);
    this.inputs.set(variable, input);
    return input;
  }

  fault(problem: Problem): void {
    this.faults.push(problem);
  }

  private field(field: FieldAssignment): StaticValue {
    const node = field.keys.get('value')?.value;
    if (!node) return unknown;
    const input = this.taken(this.template(node, field));
    this.inputs.set(field, input);
    return this.converted(field, input);
  }

  /** The value after its conversion to the type that the variable or field asks for. */
  private converted(owner: Variable | FieldAssignment, value: StaticValue): StaticValue {
    const key = isVariable(owner) ? 'value_type' : 'type';
    const name = isVariable(owner) ? owner.valueType : owner.type;
    if (value.state === 'failed') return failed;
    if (name === undefined) return unknown;
    const type = lookup(valueTypes, name);
    if (!type) return failed;
    const range = (owner.keys.get(key)?.value ?? owner.entry.key).range;
    const fault = conversionFault(type, value);
    if (fault) {
      this.faults.push(problem(fault.code, fault.message, range));
      // A doubt is not certainty: what refers to it is not called failed.
      return fault.certain ? failed : typedAs(type, value);
    }
    if (value.state !== 'constant') return typedAs(type, value);
    try {
      return { ...value, value: type.convert(value.value) };
    } catch (error) {
      if (error instanceof TooLarge) throw error;
      const place = owner.keys.get('value')?.value?.range ?? range;
      this.faults.push(
        problem(
          type.name === 'date' ? 'invalid-date' : 'type-conflict',
          `${error instanceof Error ? error.message : String(error)} So the ${isVariable(owner) ? 'variable' : 'field'} is left out.`,
          place,
        ),
      );
      return failed;
    }
  }

  template(node: Node, owner: Variable | FieldAssignment): StaticValue {
    switch (node.kind) {
      case 'scalar':
        return node.value.kind === 'string'
          ? this.text(node, node.value.value, owner)
          : constant({ kind: 'string', value: jsonScalarText(node.value) });
      case 'list': {
        const items = node.items.map((item) => this.item(item, owner));
        const units = new Set(items.map((item) => (item.state === 'failed' ? undefined : item.unit)));
        const known = [...units].filter((unit) => unit !== undefined);
        if (units.size > 1 && known.length === units.size) this.mixedUnits.set(owner, known);
        return listOf(items);
      }
      case 'map':
        return this.map(node, owner);
    }
  }

  private map(node: MapNode, owner: Variable | FieldAssignment): StaticValue {
    const entries: (readonly [Value, Value])[] = [];
    let certain = true;
    let broken = false;
    for (const entry of node.entries) {
      const key =
        entry.key.value.kind === 'string'
          ? this.text(entry.key, entry.key.value.value, owner, true)
          : constant(entry.key.value);
      const value = entry.value ? this.item(entry.value, owner) : unknown;
      broken ||= key.state === 'failed' || value.state === 'failed';
      if (key.state === 'constant' && value.state === 'constant') entries.push([key.value, value.value]);
      else certain = false;
    }
    if (broken) return failed;
    return certain ? constant({ kind: 'dict', entries }) : { state: 'typed', kind: 'dict', unit: undefined };
  }

  private item(node: Node, owner: Variable | FieldAssignment): StaticValue {
    if (node.kind === 'scalar' && node.value.kind === 'string') return this.text(node, node.value.value, owner);
    if (node.kind === 'scalar') {
      const fixes =
        node.value.kind === 'none' && node.source === ''
          ? []
          : [{ title: 'Put it in quotes', edits: [{ range: node.range, newText: JSON.stringify(node.source) }] }];
      this.faults.push(
        problem(
          'template-item',
          `Inside a list or an object every item must be text; put ${node.source === '' ? 'it' : `“${node.source}”`} in quotes.`,
          node.range,
          { fixes: fixes.map((fix) => ({ ...fix, preferred: true })), onlyIn: strangeTo(forms.nested) },
        ),
      );
      return this.nests ? constant(node.value) : failed;
    }
    this.mentions(node, owner);
    // One message for a value is enough: whoever nests once nests often.
    if (!this.nested.has(owner)) {
      const onlyIn = strangeTo(forms.nested);
      this.faults.push(problem('template-item', nestedMessage(node), placeOf(node), { onlyIn }));
    }
    this.nested.add(owner);
    return this.nests ? unknown : failed;
  }

  /** Finds the references in what is not evaluated, so that their variables do not look unused. */
  private mentions(node: Node, owner: Variable | FieldAssignment): void {
    if (node.kind === 'scalar') {
      if (node.value.kind !== 'string') return;
      for (const { name, start, end } of allReferences(node.value.value)) {
        const template = { owner, scalar: node, text: node.value.value, isKey: false, references: [] };
        this.use({ name, start, end, range: node.range, verdict: 'fine', template });
      }
    } else if (node.kind === 'list') for (const item of node.items) this.mentions(item, owner);
    else for (const { value } of node.entries) if (value) this.mentions(value, owner);
  }

  private text(scalar: ScalarNode, text: string, owner: Variable | FieldAssignment, isKey = false): StaticValue {
    const references: ReferencePlace[] = [];
    const template: TemplatePlace = { owner, scalar, text, isKey, references };
    this.templates.push(template);
    if (!text.includes('<')) return constant({ kind: 'string', value: text });
    for (const { name, start, end } of this.referencesIn(text)) {
      const range = { start: textOffsetOf(scalar, start), end: textOffsetOf(scalar, end) };
      const reference = { name, start, end, range, verdict: this.verdict(name, owner), template };
      references.push(reference);
      this.use(reference);
    }
    if (references.some(({ verdict }) => verdict !== 'fine' && verdict !== 'elsewhere')) return failed;
    if (references.some(({ verdict }) => verdict === 'elsewhere')) return unknown;
    if (hasStrayBrackets(text, (name) => this.isDefined(name))) return failed;
    const [only] = references;
    if (references.length === 1 && only?.start === 0 && only.end === text.length) return this.valueOf(only.name);
    return this.mixed(text, references);
  }

  private mixed(text: string, references: readonly ReferencePlace[]): StaticValue {
    const constants = new Map<string, Quantity>();
    for (const { name } of references) {
      const value = this.valueOf(name);
      if (value.state !== 'constant') return mixedText(text, references);
      constants.set(name, { value: value.value, unit: '' });
    }
    return { state: 'constant', ...renderText(text, constants) };
  }

  /** Every reference of a text: first those that exist, then whatever else a reader takes for one. */
  private referencesIn(text: string): { name: string; start: number; end: number }[] {
    const known = knownReferences(text, (name) => this.positions.has(name) || this.isGiven(name));
    let next = 0;
    const others = allReferences(text).filter(({ start, end }) => {
      while ((known[next]?.end ?? Infinity) <= start) next++;
      return (known[next]?.start ?? Infinity) >= end;
    });
    return [...known, ...others].sort((a, b) => a.start - b.start);
  }

  private use(reference: ReferencePlace): void {
    const uses = this.uses.get(reference.name);
    if (uses) uses.push(reference);
    else this.uses.set(reference.name, [reference]);
  }

  /** Whether it is there without a variable of the schema. */
  private isGiven(name: string): boolean {
    return builtIns.has(name) || (this.inJobs && name === finalPid);
  }

  private isDefined(name: string): boolean {
    const position = this.positions.get(name);
    return this.isGiven(name) || (position !== undefined && position < this.position);
  }

  private verdict(name: string, owner: Variable | FieldAssignment): ReferenceVerdict {
    const position = this.positions.get(name);
    if (this.isGiven(name)) return 'fine';
    if (position === undefined) return looksLikeName(name) ? this.unknownVerdict : 'no-name';
    if (isVariable(owner) && name === owner.name) return 'self';
    if (position >= this.position) return 'later';
    return this.variables.get(name)?.state === 'failed' ? 'failed' : 'fine';
  }

  private valueOf(name: string): StaticValue {
    const value = this.variables.get(name);
    // A variable that fails leaves a built-in of its name in place.
    if (value && value.state !== 'failed') return value;
    const format = builtIns.get(name)?.format;
    return format ? { state: 'typed', kind: 'string', format, unit: '' } : { state: 'typed', kind: 'string', unit: '' };
  }
}

function looksLikeName(name: string): boolean {
  return /^\s*[\p{L}_$][\p{L}\p{N}_.$\- ]*$/u.test(name);
}

function nestedMessage(node: Node): string {
  return isFieldLike(node)
    ? 'A field inside of a value is not evaluated, and the whole value fails: give each of these an entry of its own under “schema”.'
    : 'Inside a list or an object every item must be text, not another list or object.';
}

/** A map that is written like a field, inside of a value. */
function isFieldLike(node: Node): boolean {
  if (node.kind !== 'map') return false;
  const names = new Set(node.entries.map(({ key }) => scalarText(key)));
  return names.has('machine_name') && names.has('value');
}

function placeOf(node: Node): TextRange {
  return node.kind === 'map' ? (node.entries[0]?.key.range ?? node.range) : node.range;
}

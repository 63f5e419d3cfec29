import { operators } from '../../core/imsc/language/operators.ts';
import type { Operator } from '../../core/imsc/language/operators.ts';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import type { ProblemCode } from '../../core/problems/problemCodes.ts';
import { shownValue, valueAsData } from '../../core/imsc/values/showValue.ts';
import type { RegistryEntry } from '../../core/imsc/language/registry.ts';
import { fieldKnownTo } from '../../core/imsc/language/datasetFieldFacts.ts';
import { whoKnows } from '../../core/imsc/language/dialects.ts';
import { lookup } from '../../core/imsc/language/registry.ts';
import { scalarText } from '../../core/imsc/schema/schema.ts';
import type { Variable } from '../../core/imsc/schema/schema.ts';
import { fieldTypes } from '../../core/imsc/language/schemaKeys.ts';
import type { SchemaKey } from '../../core/imsc/language/schemaKeys.ts';
import { originSentence, sourceNamed, sources } from '../../core/imsc/language/sources.ts';
import { builtInVariables } from '../../core/imsc/language/builtIns.ts';
import { valueTypes } from '../../core/imsc/language/valueTypes.ts';
import type { ValueType } from '../../core/imsc/language/valueTypes.ts';
import type { Outcome } from '../../core/imsc/evaluation/evaluation.ts';
import { datasetField } from '../../core/scicat/datasetFields.ts';
import type { DatasetField, FieldNeed } from '../../core/scicat/datasetFields.ts';
import { fieldFormats } from '../../core/scicat/fieldFormats.ts';
import { visibleText } from '../../core/text/hiddenCharacters.ts';
import { shortened } from '../../core/text/shortened.ts';
import { block, code, paragraphs, plain } from './markdown.ts';
import { problemPage } from './problemPage.ts';

/*
 * What the registries and the evaluation have to say, as Markdown: the same for hover, completion and signature help.
 */

/** Values longer than this are cut where they are shown. */
const longestValue = 400;

/** An entry of any table: what it is called, its line and its explanation. */
export function explainEntry(entry: RegistryEntry): string {
  const { name, aliases, summary, explanation } = entry;
  const also = aliases.length > 0 ? `Also written ${aliases.map(code).join(', ')}.` : '';
  const knowing = whoKnows(entry);
  const only = knowing === undefined ? '' : `*Understood by ${knowing} only.*`;
  return paragraphs(`**${code(name)}** — ${summary}`, explanation, also, only);
}

export function explainKey(key: SchemaKey): string {
  return paragraphs(explainEntry(key), key.required ? '*Must be there.*' : '*May be left out.*');
}

export function explainSource(name: string): string | undefined {
  const source = lookup(sources, name);
  return source && paragraphs(explainEntry(source), block(source.example, 'yaml'));
}

export function explainOperator(operator: Operator): string {
  const { parameters, example, keepsUnit, unitParameter } = operator;
  const list = parameters.map(({ name, summary }) => `- ${code(name)}: ${summary}`).join('\n');
  const given = Object.entries(example.arguments).map(([name, value]) => `${name}: ${valueAsData(value)}`);
  const value = [valueAsData(example.value), ...(example.unit === undefined ? [] : [example.unit])].join(' ');
  const shown = [value, ...given].join(', ');
  return paragraphs(
    explainEntry(operator),
    list,
    keepsUnit
      ? 'The unit is kept.'
      : unitParameter === undefined
        ? 'The result has no unit.'
        : `The result has the unit ${code(unitParameter)}.`,
    block(`${shown}  →  ${valueAsData(example.result)}`),
  );
}

function explainValueType(type: ValueType): string {
  const { example } = type;
  return paragraphs(explainEntry(type), block(`${valueAsData(example.value)}  →  ${valueAsData(example.result)}`));
}

export function explainFieldType(name: string): string | undefined {
  const found = lookup(fieldTypes, name);
  return found && explainEntry(found);
}

const needs: Readonly<Record<FieldNeed, string>> = {
  required: 'required',
  optional: 'optional',
  ignored: 'ignored',
  refused: 'refused',
};

/** A field of a SciCat dataset: what it means, what it must be, who may give it. */
export function explainDatasetField(field: DatasetField): string {
  const { name, summary, type, format, rule, example, plural } = field;
  const knowing = whoKnows(fieldKnownTo(field));
  const role = field.mandatory
    ? '**Mandatory** in every schema.'
    : field.setByIngestor
      ? 'Set by the ingestor; what a schema says is ignored.'
      : field.assignable
        ? 'A schema may give it.'
        : 'Ingestors do not fill it; it is left out.';
  const kind = `Type ${code(type)}${format === undefined ? '' : `: ${fieldFormats[format].means}`}.`;
  return paragraphs(
    `**${code(name)}** — ${summary}`,
    [role, kind, rule].filter((part) => part !== undefined).join(' '),
    `SciCat v3: ${needs[field.raw]} (raw), ${needs[field.derived]} (derived). v4: ${needs[field.v4]}${plural === undefined ? '' : `, there ${code(plural)}`}.`,
    knowing === undefined ? undefined : `*Sent by ${knowing} only.*`,
    example === undefined ? undefined : `Example: ${code(JSON.stringify(example))}`,
  );
}

/** A field as somebody gives it by hand: nothing of what schemas may do with it. */
export function explainGivenField({ name, summary, type, format, rule, example }: DatasetField): string {
  const kind = `Type ${code(type)}${format === undefined ? '' : `: ${fieldFormats[format].means}`}.`;
  return paragraphs(
    `**${code(name)}** — ${summary}`,
    [kind, rule].filter((part) => part !== undefined).join(' '),
    example === undefined ? undefined : `Example: ${code(JSON.stringify(example))}`,
  );
}

export function explainDatasetFieldNamed(name: string): string | undefined {
  const field = datasetField(name);
  return field && explainDatasetField(field);
}

export function explainProblem(name: string): string | undefined {
  if (!isProblemCode(name)) return undefined;
  const { severity, summary, explanation } = problemKinds[name];
  const page = problemPage(name);
  return paragraphs(
    `**${code(name)}** (${severity}) — ${summary}`,
    explanation,
    page === undefined ? undefined : `[Documentation](${page})`,
  );
}

function isProblemCode(name: string): name is ProblemCode {
  return Object.hasOwn(problemKinds, name);
}

export function explainOperatorNamed(name: string): string | undefined {
  const operator = lookup(operators, name);
  return operator && explainOperator(operator);
}

export function explainValueTypeNamed(name: string): string | undefined {
  const type = lookup(valueTypes, name);
  return type && explainValueType(type);
}

/** The value with its unit in one line of at most `length` characters. */
export function shortOutcome(outcome: Outcome, length: number): string {
  switch (outcome.state) {
    case 'known': {
      const unit = outcome.unit === '' ? '' : ` ${outcome.unit}`;
      const text = shownValue(outcome.value).replaceAll(/\s*[\r\n]+\s*/g, ' ');
      return visibleText(`${shortened(text, Math.max(length - unit.length, 8))}${unit}`);
    }
    case 'failed':
      return visibleText(shortened(outcome.message, length));
    case 'unknown':
      return 'unknown';
  }
}

/** What became of a variable or field, and how it came about. */
export function explainOutcome(outcome: Outcome): string {
  switch (outcome.state) {
    case 'known': {
      const { value, unit, notes, provenance, insteadOf } = outcome;
      const text = shortened(shownValue(value), longestValue);
      const shown = text.includes('\n') ? block(text) : code(text);
      return paragraphs(
        `Value: ${text.includes('\n') ? `\n\n${shown}` : shown}${unit === '' ? '' : ` in ${code(unit)}`}`,
        originSentence(provenance, unit, code),
        ...notes.map((note) => `*${plain(note)}*`),
        insteadOf === undefined ? undefined : `*The default, because there is no value: ${plain(insteadOf)}*`,
      );
    }
    case 'failed':
      return `**No value:** ${plain(outcome.message)}`;
    case 'unknown':
      return `Value unknown: ${plain(outcome.reason)}`;
  }
}

/** A variable: what it is, and what became of it. */
export function explainVariable(
  name: string,
  variable: Variable | undefined,
  outcome: Outcome | undefined,
): string | undefined {
  const builtIn = variable ? undefined : lookup(builtInVariables, name);
  const value = outcome && explainOutcome(outcome);
  if (builtIn) {
    return paragraphs(
      `**${code(`<${name}>`)}** built-in, ${code(builtIn.valueType)} — ${builtIn.summary}`,
      builtIn.explanation,
      value,
    );
  }
  if (!variable) return undefined;
  const text = (key: string): string | undefined => scalarText(variable.keys.get(key)?.value);
  const origin = variable.source && text(sourceNamed(variable.source).subject);
  const head = `**${code(`<${name}>`)}** ${variable.source ?? 'without a source'}${variable.valueType === undefined ? '' : `, ${code(variable.valueType)}`}`;
  const operator = text('operator');
  const how = `${origin === undefined || origin === '' ? '' : `: ${code(shortened(origin, 200))}`}${operator === undefined || operator === '' ? '' : ` with ${code(operator)}`}`;
  return paragraphs(head + how, value);
}

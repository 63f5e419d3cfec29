import { basename, resolve } from 'node:path';
import { MarkupKind } from 'vscode-languageserver';
import type { Hover, TextDocumentPositionParams } from 'vscode-languageserver';
import type { TextRange } from '../../core/problems/problem.ts';
import { lookup } from '../../core/imsc/language/registry.ts';
import { dialects } from '../../core/imsc/language/dialects.ts';
import { scalarText } from '../../core/imsc/schema/schema.ts';
import { keyText } from '../../core/imsc/tree/tree.ts';
import type { FieldAssignment } from '../../core/imsc/schema/schema.ts';
import { explainSelector } from '../../core/imsc/schema/selector.ts';
import type { Selector, SelectorVerdict } from '../../core/imsc/schema/selector.ts';
import { selectorFunctions, selectorSources } from '../../core/imsc/language/selectorFunctions.ts';
import { decodeParameter, splitUrl } from '../../core/imsc/schema/scicatUrls.ts';
import { findOperator } from '../../core/imsc/language/operators.ts';
import { nodeAt } from '../../core/imsc/tree/tree.ts';
import { textOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import type { PathStep, ScalarNode } from '../../core/imsc/tree/tree.ts';
import type { Outcome } from '../../core/imsc/evaluation/evaluation.ts';
import { quantityText, storedUnits } from '../../core/ingest/dataset/storedUnits.ts';
import { checkDatasetField } from '../../core/scicat/checkDatasetField.ts';
import { plainJson } from '../../core/imsc/values/jsonText.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { placeIn } from '../../core/imsc/schema/imports.ts';
import type { ImportedSchema } from '../../core/imsc/schema/schema.ts';
import { shortened } from '../../core/text/shortened.ts';
import { anchorAt } from '../documents/anchors.ts';
import { importAt } from '../documents/importedText.ts';
import type { AnchorPlace } from '../documents/anchors.ts';
import type { Handler, ServerContext } from '../context.ts';
import {
  explainDatasetFieldNamed,
  explainEntry,
  explainFieldType,
  explainKey,
  explainOperator,
  explainOutcome,
  explainProblem,
  explainSource,
  explainValueTypeNamed,
  explainVariable,
} from '../explain/explain.ts';
import { explainDefinition } from '../explain/explainDefinition.ts';
import { explainNexusPath } from '../explain/explainNexus.ts';
import type { AskDefinitions } from '../samples/nexusDefinitions.ts';
import { inTime } from '../samples/inTime.ts';
import { block, code, paragraphs, plain } from '../explain/markdown.ts';
import type { Outcomes } from '../samples/outcomes.ts';
import { commentAt, pathOf } from '../documents/place.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import { keyNamed } from './completion/keys.ts';
import type { Knowledge } from './completion/propose.ts';

/** How long the sample may take, in milliseconds; without it the rest is shown. */
const patience = 500;

/** How much is shown of what an alias stands for. */
const longestAlias = 600;

/** What is known of the thing under the cursor. */
export function hover(server: ServerContext): Handler<TextDocumentPositionParams, Hover | null> {
  return async (snapshot, { position }) => {
    const evaluated =
      (await inTime(server.evaluations.of(snapshot), patience)) ?? server.evaluations.latest(snapshot.uri);
    const definitions = await definitionsFor(server, snapshot.uri);
    const found = await explainAt(snapshot, snapshot.offsetAt(position), { ...evaluated, definitions });
    if (!found) return null;
    return {
      contents: { kind: MarkupKind.Markdown, value: found.markdown },
      range: snapshot.rangeOf(found.range),
    };
  };
}

/** The definitions that the settings of a schema point at. */
export async function definitionsFor(
  { settings, workspace, definitions }: ServerContext,
  uri: string,
): Promise<AskDefinitions | undefined> {
  const { nexusDefinitions } = await settings.of(uri);
  if (nexusDefinitions === '') return undefined;
  const base = workspace.folderOf(uri) ?? workspace.folders[0] ?? '.';
  return definitions.in(resolve(base, nexusDefinitions));
}

export interface Explanation {
  readonly markdown: string;
  readonly range: TextRange;
}

/** The explanation of what is at an offset, from the text, the registries and the sample. */
export async function explainAt(
  snapshot: Snapshot,
  offset: number,
  { evaluation, file, definitions }: Knowledge = {},
): Promise<Explanation | undefined> {
  const comment = commentAt(snapshot.tree, offset);
  if (comment) return explainComment(snapshot, offset);
  const occurrence = snapshot.occurrences.at(offset);
  if (occurrence) {
    const { name } = occurrence;
    const variable = snapshot.whole.variables.find((each) => each.name === name);
    const markdown = explainVariable(name, variable, evaluation?.variables.get(name)?.outcome);
    const from = variable && placeIn(snapshot.whole, variable.entry.key.range).imported;
    const whole = from ? paragraphs(markdown, `Defined in ${code(basename(from.file))}, which is imported.`) : markdown;
    if (whole !== undefined) return { markdown: whole, range: occurrence.range };
  }
  const imported = importAt(snapshot, offset);
  if (imported) return { markdown: explainImport(imported), range: imported.place };
  const alias = anchorAt(snapshot.tree, offset);
  if (alias) return { markdown: explainAnchor(snapshot, alias), range: alias.range };
  const steps = nodeAt(snapshot.tree, offset);
  const last = steps.at(-1);
  // Blanks behind a colon lead to an empty value, of which there is nothing to say.
  if (last?.node.kind !== 'scalar' || offset > last.node.range.end) return undefined;
  const found =
    last.part === 'key'
      ? explainKeyAt(snapshot, steps, last.node, evaluation)
      : await explainValueAt(snapshot, steps, last.node, { evaluation, file, definitions }, offset);
  if (found === undefined || found === '') return undefined;
  return { markdown: found, range: last.node.range };
}

/** What a schema that is imported has. */
function explainImport({ file, schema }: ImportedSchema): string {
  const list = (names: readonly (string | undefined)[]): string =>
    names.length === 0 ? 'none' : shortened(names.map((name) => code(name ?? '')).join(', '), longestAlias);
  return paragraphs(
    `**${plain(schema.name ?? schema.id ?? '')}** in ${code(basename(file))}`,
    `Variables: ${list(schema.variables.map(({ name }) => name))}`,
    `Fields: ${list(schema.fields.map(({ machineName, label }) => machineName ?? label))}`,
  );
}

/** What an alias stands for, or where an anchor is taken. */
function explainAnchor(snapshot: Snapshot, { anchor, isAlias }: AnchorPlace): string {
  const { name, range, node, aliases } = anchor;
  const taken = aliases.length === 1 ? 'once' : `${aliases.length} times`;
  if (!isAlias) return `${code(`&${name}`)} is taken ${taken}, as ${code(`*${name}`)}.`;
  const { start } = snapshot.rangeOf(node.range);
  // A block is shown from the column in which it begins.
  const text = `${' '.repeat(start.character)}${snapshot.textOf(node.range)}`.replaceAll(/^ */gm, (blanks) =>
    blanks.slice(start.character),
  );
  return paragraphs(
    `${code(`*${name}`)} stands for what is written at ${code(`&${name}`)} in line ${snapshot.positionAt(range.start).line + 1}:`,
    block(shortened(text, longestAlias), 'yaml'),
  );
}

function explainComment({ text }: Snapshot, offset: number): Explanation | undefined {
  const start = offset - (/[\w-]*$/.exec(text.slice(Math.max(0, offset - 80), offset))?.[0].length ?? 0);
  const word = /^[\w-]*/.exec(text.slice(start, start + 80))?.[0] ?? '';
  const dialect = lookup(dialects, word);
  const markdown = dialect ? explainEntry(dialect) : explainProblem(word);
  return markdown === undefined ? undefined : { markdown, range: { start, end: start + word.length } };
}

function explainKeyAt(
  snapshot: Snapshot,
  steps: readonly PathStep[],
  scalar: ScalarNode,
  evaluation: Outcomes | undefined,
): string | undefined {
  const path = pathOf(steps.slice(0, -1));
  const name = keyText({ key: scalar });
  if (path.length === 1 && (path[0] === 'schema' || path[0] === 'schemas')) {
    return explainField(snapshot, name, evaluation);
  }
  const parent = steps.at(-2)?.node;
  const key = keyNamed(path, parent?.kind === 'map' ? parent : undefined, name);
  if (!key) return undefined;
  return path[0] === 'selector' ? explainEntry(key) : explainKey(key);
}

/** A field: what becomes of it, and what SciCat would say. */
function explainField({ schema }: Snapshot, label: string, evaluation: Outcomes | undefined): string | undefined {
  const field = schema.fields.find((each) => each.label === label);
  if (!field) return undefined;
  const outcome = outcomeOf(field, evaluation);
  const kind =
    field.fieldType === 'high_level'
      ? 'dataset field'
      : field.fieldType === 'scientific_metadata'
        ? 'scientific metadata'
        : 'field';
  const head = `**${code(field.machineName ?? label)}** ${kind}${field.type === undefined ? '' : `, ${code(field.type)}`}`;
  return paragraphs(head, explainFieldOutcome(field, outcome));
}

function explainFieldOutcome(field: FieldAssignment, outcome: Outcome | undefined): string | undefined {
  return outcome && paragraphs(explainOutcome(outcome), storedText(field, outcome), refusalText(field, outcome));
}

/** What SciCat converts by itself. */
function storedText({ fieldType }: FieldAssignment, outcome: Outcome): string | undefined {
  const stored = fieldType === 'scientific_metadata' ? storedUnits({ fieldType, outcome }) : undefined;
  return stored && `SciCat will also store ${code(quantityText(stored))} (\`valueSI\`, \`unitSI\`).`;
}

/** The outcome of a field, also where the evaluation is of an older version of the text. */
function outcomeOf(field: FieldAssignment, evaluation: Outcomes | undefined): Outcome | undefined {
  return evaluation?.fields.find((each) => each.field.label === field.label)?.outcome;
}

function refusalText(field: FieldAssignment, outcome: Outcome | undefined): string | undefined {
  if (field.fieldType !== 'high_level' || outcome?.state !== 'known' || field.machineName === undefined)
    return undefined;
  const refusal = checkDatasetField(field.machineName, plainJson(outcome.value));
  return refusal === undefined ? undefined : `**SciCat will refuse this:** ${plain(refusal)}`;
}

async function explainValueAt(
  snapshot: Snapshot,
  steps: readonly PathStep[],
  scalar: ScalarNode,
  knowledge: Knowledge,
  offset: number,
): Promise<string | undefined> {
  const path = pathOf(steps);
  const [section, label, key] = path;
  const text = scalarText(scalar) ?? '';
  switch (section) {
    case 'variables':
      return path.length === 3 || (path.length === 4 && key === 'path')
        ? explainVariableValue(snapshot, label ?? '', key ?? '', text, scalar, knowledge, offset)
        : undefined;
    case 'schema':
    case 'schemas':
      return explainFieldValue(snapshot, label ?? '', key ?? '', text, path.length, knowledge);
    case 'selector':
      return explainSelectorAt(snapshot.schema.selector, scalar, steps, knowledge.file);
    case 'sample_attachment':
      return (label ?? '').endsWith('_path') && knowledge.file
        ? explainNexusPath(knowledge.file, text, false)
        : undefined;
    case undefined:
      return undefined;
    default: {
      const known = path.length === 1 ? keyNamed([], undefined, section) : undefined;
      return known && explainKey(known);
    }
  }
}

async function explainVariableValue(
  { schema }: Snapshot,
  name: string,
  key: string,
  text: string,
  scalar: ScalarNode,
  { file, evaluation, definitions }: Knowledge,
  offset: number,
): Promise<string | undefined> {
  const variable = schema.variables.find((each) => each.name === name);
  switch (key) {
    case 'source':
      return explainSource(text);
    case 'value_type':
      return explainValueTypeNamed(text);
    case 'operator': {
      const operator = findOperator(text);
      return operator && explainOperator(operator);
    }
    case 'path':
      if (text.trim() === '') return undefined;
      return paragraphs(
        file
          ? await explainNexusPath(file, text, text.includes('*') && variable?.valueType === 'string[]')
          : 'Choose a sample file to see what is there.',
        definitions && (await explainDefinition(definitions, file, text)),
      );
    case 'url':
      return paragraphs(explainUrl(scalar, text, offset), urlOutcome(evaluation?.variables.get(name)?.outcome));
    case 'value': {
      const outcome = evaluation?.variables.get(name)?.outcome;
      return outcome && explainOutcome(outcome);
    }
    default: {
      const known =
        variable?.entry.value?.kind === 'map' ? keyNamed(['variables', name], variable.entry.value, key) : undefined;
      return known && explainKey(known);
    }
  }
}

function urlOutcome(outcome: Outcome | undefined): string | undefined {
  return outcome && explainOutcome(outcome);
}

/** The filter in a url, decoded and laid out. */
function explainUrl(scalar: ScalarNode, url: string, offset: number): string | undefined {
  const { query, endpoint } = splitUrl(url);
  const parameters = query.filter(({ value }) => value !== '');
  const inside = parameters.find(
    ({ start, end }) => textOffsetOf(scalar, start) <= offset && offset <= textOffsetOf(scalar, end),
  );
  const shown = (inside ? [inside] : parameters).map(({ name, value }) => {
    const decoded = decodeParameter(value);
    if (decoded === undefined) return `${code(name)}: the percent signs are broken.`;
    return paragraphs(`${code(name)} of ${code(endpoint)}:`, block(laidOut(decoded), 'json'));
  });
  return paragraphs(...shown);
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function explainFieldValue(
  snapshot: Snapshot,
  label: string,
  key: string,
  text: string,
  depth: number,
  { evaluation }: Knowledge,
): string | undefined {
  const field = snapshot.schema.fields.find((each) => each.label === label);
  if (key === 'value') {
    const outcome = field && outcomeOf(field, evaluation);
    return field && explainFieldOutcome(field, outcome);
  }
  if (depth !== 3) return undefined;
  switch (key) {
    case 'field_type':
      return explainFieldType(text);
    case 'type':
      return explainValueTypeNamed(text);
    case 'unit': {
      const outcome = field && outcomeOf(field, evaluation);
      const known = keyNamed(['schema', label], undefined, key);
      return paragraphs(outcome && storedText(field, outcome), known && explainKey(known));
    }
    case 'machine_name':
      return field?.fieldType === 'scientific_metadata'
        ? `An item of the scientific metadata, under the name ${code(text)}.`
        : explainDatasetFieldNamed(text);
    default: {
      const known = keyNamed(['schema', label], undefined, key);
      return known && explainKey(known);
    }
  }
}

/** Whether the selector, or the part of it under the cursor, is true for the sample, and why. */
function explainSelectorAt(
  selector: Selector | undefined,
  scalar: ScalarNode,
  steps: readonly PathStep[],
  file: NexusFile | undefined,
): string | undefined {
  if (!selector) return undefined;
  const part = partAround(selector, scalar.range) ?? selector;
  const words = part.kind === 'condition' ? explainWords(part.source, part.function) : undefined;
  if (!file) return paragraphs('Choose a sample file to see whether it is selected.', words);
  const whole = explainSelector(selector, file.path);
  const verdict = part === selector ? whole : explainSelector(part, file.path);
  const wholeLine =
    part === selector || steps.length < 2 ? undefined : `The selector as a whole: ${verdictText(whole)}`;
  return paragraphs(verdictText(verdict), wholeLine, words, `Compared with ${code(file.path)}`);
}

function verdictText({ matches, reason }: SelectorVerdict): string {
  return `**${matches ? 'True' : 'False'}** for the sample: ${plain(reason)}.`;
}

function explainWords(source: string, name: string): string | undefined {
  const entries = [lookup(selectorSources, source), lookup(selectorFunctions, name)];
  return entries
    .map((entry) => (entry ? `- ${code(entry.name)}: ${entry.summary}` : ''))
    .join('\n')
    .trim();
}

/** The smallest part of a selector around a range. */
function partAround(selector: Selector, range: TextRange): Selector | undefined {
  if (selector.range.start > range.start || selector.range.end < range.end) return undefined;
  if (selector.kind !== 'and' && selector.kind !== 'or') return selector;
  for (const part of selector.parts) {
    const found = partAround(part, range);
    if (found) return found;
  }
  return selector;
}

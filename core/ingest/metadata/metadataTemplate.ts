import { visibleText } from '../../text/hiddenCharacters.ts';
import { lineStart } from '../../text/lines.ts';
import { keyFault } from '../../text/storableKeys.ts';
import { entries, entryOf, keyText, writtenEntries } from '../../imsc/tree/tree.ts';
import type { MapEntry } from '../../imsc/tree/tree.ts';
import { shownValue } from '../../imsc/values/showValue.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import { writeScalar } from '../../imsc/edits/writeScalar.ts';
import type { FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import type { Value } from '../../imsc/values/values.ts';
import { datasetField } from '../../scicat/datasetFields.ts';
import type { DatasetField } from '../../scicat/datasetFields.ts';
import { layOutValue } from '../trial/layOutYaml.ts';
import type { PreparedIngestion } from '../prepare.ts';
import { metadataPrefix } from '../dataset/given.ts';
import { givableFields, readMetadata } from './metadataFile.ts';

/** What a person is asked for. */
export interface AskedField {
  /** As `GivenField` has it. */
  readonly field: string;
  readonly isMandatory: boolean;
  /** Why it is not known. */
  readonly reason: string;
}

export interface MetadataTemplate {
  readonly text: string;
  /** What is not known: what stands in the text, or stood there already. */
  readonly asked: readonly AskedField[];
}

/**
 * The text of a file for a person's metadata: every field that the schema left unknown or failed, and every mandatory
 * one that is missing, with its meaning and its rule; below, as comments, what is known already.
 * @param existing what stands in the file now: all of it stays, and what it does not mention is added
 */
export function metadataTemplate(
  { evaluation, dataset, schema }: Pick<PreparedIngestion, 'evaluation' | 'dataset' | 'schema'>,
  subject: string,
  existing = '',
): MetadataTemplate {
  const outcomes = evaluation?.fields ?? [];
  const isKnown = (name: string): boolean => dataset?.fields.has(name) ?? false;
  const missing = new Set(dataset?.missing);
  const asked: (AskedField & { readonly outcome?: FieldOutcome | undefined })[] = [];
  for (const { name } of givableFields) {
    const outcome = outcomes.findLast((each) => each.fieldType === 'high_level' && each.machineName === name);
    const reason = outcome && reasonOf(outcome);
    const isMandatory = missing.has(name);
    // SciCat makes a pid where none is given.
    if (!isMandatory && (reason === undefined || isKnown(name) || name === 'pid')) continue;
    asked.push({ field: name, isMandatory, reason: reason ?? 'nothing gives it', outcome });
  }
  for (const outcome of outcomes) {
    const reason = outcome.fieldType === 'scientific_metadata' ? reasonOf(outcome) : undefined;
    const field = metadataPrefix + outcome.machineName;
    // What has such a name cannot be given.
    if (reason === undefined || dataset?.provenance[field] || keyFault(outcome.machineName) !== undefined) continue;
    asked.push({ field, isMandatory: false, reason, outcome });
  }
  const isItem = ({ field }: AskedField): boolean => field.startsWith(metadataPrefix);
  const fieldBlocks = asked.filter((each) => !isItem(each)).map((each) => ({ ...each, lines: fieldLines(each) }));
  const itemBlocks = asked.filter(isItem).map((each) => ({ ...each, lines: itemLines(each) }));
  if (existing.trim() !== '') return { text: completed(existing, fieldBlocks, itemBlocks), asked: asked.map(plain) };
  const of = schema ? `, by the schema ${schema.schema.name ?? schema.file}` : '';
  const head = [
    `# What only you know of ${oneLine(subject)}${oneLine(of)}.`,
    '# Write behind the colons. What stays empty is not sent, or taken from where it comes from otherwise.',
    '# What you write here counts more than the file, the schema and SciCat.',
  ];
  const items = itemBlocks.flatMap(({ lines }) => ['', ...lines.map((line) => `  ${line}`)]);
  const known = knownLines({ dataset });
  const others = givableFields.flatMap(({ name }) => {
    return name === 'pid' || isKnown(name) || asked.some(({ field }) => field === name) ? [] : [name];
  });
  const lines = [
    ...head,
    ...fieldBlocks.flatMap((block) => ['', ...block.lines]),
    '',
    '# Everything that was measured or noted: a value, or { value: 5, unit: K }.',
    'scientificMetadata:',
    ...items,
    '',
    ...inLines(`You may also write: ${others.join(', ')}.`),
    ...(known.length > 0 ? ['', '# Known already; take away the “# ” to say something else.', ...known] : []),
  ];
  return { text: `${lines.join('\n')}\n`, asked: asked.map(plain) };
}

function plain({ field, isMandatory, reason }: AskedField): AskedField {
  return { field, isMandatory, reason };
}

/** Why a field has no value; undefined where it has one. */
function reasonOf({ outcome }: FieldOutcome): string | undefined {
  if (outcome.state === 'known') return undefined;
  return outcome.state === 'failed' ? outcome.message : outcome.reason;
}

/** What SciCat has a field for, in lines of comments. */
function fieldComment({ name, summary, rule, example }: DatasetField): readonly string[] {
  return [
    `# ${name}: ${oneLine(summary)}${rule === undefined ? '' : ` ${oneLine(rule)}`}`,
    ...(example === undefined
      ? []
      : [`# for example ${oneLine(typeof example === 'string' ? example : JSON.stringify(example))}`]),
  ];
}

function fieldLines({ field, isMandatory, reason }: AskedField): readonly string[] {
  const known = datasetField(field);
  return [
    ...(known ? fieldComment(known) : []),
    `# ${isMandatory ? 'It must be given' : 'Not known'}: ${oneLine(reason)}`,
    `${field}:`,
  ];
}

function itemLines({
  field,
  reason,
  outcome,
}: AskedField & { readonly outcome?: FieldOutcome | undefined }): readonly string[] {
  const name = field.slice(metadataPrefix.length);
  const keys = outcome?.field.keys;
  const humanName = scalarText(keys?.get('human_name')?.value) ?? '';
  const unit = scalarText(keys?.get('unit')?.value) ?? '';
  const about = humanName === '' ? name : humanName;
  return [
    `# ${oneLine(about)}${unit === '' ? '' : `, in ${oneLine(unit)}`}. Not known: ${oneLine(reason)}`,
    `${writeScalar({ kind: 'string', value: name }, 'yaml')}:`,
  ];
}

/** Values that are long are no help to read. */
const longestValue = 100;

/** What is known, each as a comment that becomes an entry when its mark is taken away. */
function knownLines({ dataset }: Pick<PreparedIngestion, 'dataset'>): readonly string[] {
  const isToBeSaid = (name: string): boolean => givableFields.some((field) => field.name === name);
  return [...(dataset?.fields ?? [])].flatMap(([name, value]) => {
    if (!isToBeSaid(name)) return [];
    return [`# ${name}: ${shortly(value)}  # ${oneLine(dataset?.provenance[name]?.from ?? '')}`];
  });
}

function shortly(value: Value): string {
  const text = layOutValue(value);
  return text.length <= longestValue && !text.includes('\n')
    ? text
    : `… # ${oneLine(shownValue(value)).slice(0, longestValue)}`;
}

/** A text of others inside of a comment: a line break would end it. */
function oneLine(text: string): string {
  return visibleText(text.replaceAll(/[\s\u0085\u2028\u2029]+/g, ' '));
}

/** A long comment in lines that fit beside a preview. */
function inLines(text: string): readonly string[] {
  return text.match(/\S.{0,76}(?=\s|$)/g)?.map((line) => `# ${line}`) ?? [];
}

interface Block {
  readonly field: string;
  readonly lines: readonly string[];
}

/** A text with blocks for what it does not mention yet; nothing that stands in it is touched. */
function completed(text: string, fields: readonly Block[], items: readonly Block[]): string {
  const { tree, problems } = readMetadata(text);
  const { root } = tree;
  // Into what cannot be read nothing is written.
  if (problems.length > 0 || (root?.kind === 'map' && root.flow)) return text;
  const there = new Set(root?.kind === 'map' ? entries(root).map(keyText) : []);
  const missing = fields.filter(({ field }) => !there.has(field));
  const owner = root?.kind === 'map' ? entryOf(root, 'scientificMetadata') : undefined;
  const inside = new Set(owner?.value?.kind === 'map' ? entries(owner.value).map(keyText) : []);
  const open = items.filter(({ field }) => !inside.has(field.slice(metadataPrefix.length)));
  const withItems = owner ? withItemsIn(text, owner, open) : text;
  const end = [
    ...missing.flatMap(({ lines }) => ['', ...lines]),
    ...(owner || open.length === 0
      ? []
      : ['', 'scientificMetadata:', ...open.flatMap(({ lines }) => lines.map((line) => `  ${line}`))]),
  ];
  if (end.length === 0) return withItems;
  return `${withItems}${withItems.endsWith('\n') ? '' : '\n'}${end.join('\n')}\n`;
}

function withItemsIn(text: string, { key, value }: MapEntry, open: readonly Block[]): string {
  const isEmpty = value === undefined || (value.kind === 'scalar' && value.value.kind === 'none');
  if (open.length === 0 || (!isEmpty && (value.kind !== 'map' || value.flow))) return text;
  const last = value?.kind === 'map' ? writtenEntries(value).at(-1) : undefined;
  const indent = last ? last.range.start - lineStart(text, last.range.start) : 2;
  const from = last?.range.end ?? key.range.end;
  const line = text.indexOf('\n', Math.max(0, text.slice(0, from).trimEnd().length));
  const at = line < 0 ? text.length : line;
  const lines = open.flatMap((block) => block.lines.map((each) => `\n${' '.repeat(indent)}${each}`));
  return text.slice(0, at) + lines.join('') + text.slice(at);
}

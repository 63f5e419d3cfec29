import { CompletionItemKind } from 'vscode-languageserver';
import { fieldTexts } from '../../../core/imsc/language/datasetFieldFacts.ts';
import { fileVariable, sources } from '../../../core/imsc/language/sources.ts';
import { fieldTypes } from '../../../core/imsc/language/schemaKeys.ts';
import { datasetFields } from '../../../core/scicat/datasetFields.ts';
import { onCursorLine } from '../../documents/place.ts';
import { commaAfter, commaBefore, stepOf } from './proposal.ts';
import type { CompletionContext, Proposal } from './proposal.ts';

/** A key with texts below it; texts are snippets already. */
interface Template {
  readonly label: string;
  readonly detail: string;
  readonly key: string;
  readonly pairs: readonly (readonly [key: string, text: string])[];
  readonly rank: number;
}

const variableTemplates: readonly Template[] = sources.map(({ name, snippet: { label, texts } }, index) => ({
  label,
  detail: `source ${name}`,
  key: '${1:name}',
  pairs: [
    ['source', name],
    ...[...texts, ['value_type', 'string'] as const].map(
      ([key, text], place) => [key, `\${${place + 2}:${text}}`] as const,
    ),
  ],
  rank: index === 0 ? 0 : 1,
}));

/** Whole variables, to be typed where a new one may begin. */
export function variableSnippets(context: CompletionContext): Proposal[] {
  return variableTemplates.flatMap((template) => proposalOf(context, template));
}

/** Whole fields: the mandatory ones that are missing, then one of either kind. */
export function fieldSnippets(context: CompletionContext): Proposal[] {
  const { schema } = context.snapshot;
  const assigned = new Set(
    schema.fields.filter(({ fieldType }) => fieldType === 'high_level').map(({ machineName }) => machineName),
  );
  const missing = datasetFields.filter(({ name, mandatory }) => mandatory && !assigned.has(name));
  const labels = new Set(schema.fields.map(({ label }) => label));
  const templates: Template[] = missing.map((field) => ({
    label: field.name,
    detail: `field that is missing: ${field.summary}`,
    key: labels.has(field.name) ? '${1:label}' : field.name,
    pairs: fieldTexts(field, '${2:<variable>}'),
    rank: 0,
  }));
  const [highLevel, metadata] = fieldTypes;
  templates.push(
    {
      label: 'dataset field',
      detail: highLevel?.summary ?? '',
      key: '${1:label}',
      pairs: [
        ['field_type', 'high_level'],
        ['machine_name', '${2:description}'],
        ['value', '${3:<variable>}'],
        ['type', '${4:string}'],
      ],
      rank: 1,
    },
    {
      label: 'scientific metadata',
      detail: metadata?.summary ?? '',
      key: '${1:label}',
      pairs: [
        ['field_type', 'scientific_metadata'],
        ['machine_name', '${2:name}'],
        ['human_name', '${3:Name}'],
        ['value', '${4:<variable>}'],
        ['type', '${5:string}'],
      ],
      rank: 1,
    },
  );
  return templates.flatMap((template) => proposalOf(context, template));
}

function proposalOf(context: CompletionContext, template: Template): Proposal[] {
  const { place, offset, snapshot } = context;
  const { tree } = snapshot;
  const { scalar } = place;
  if (scalar && /^[ \t]*:/.test(tree.text.slice(scalar.range.end, scalar.range.end + 20))) return [];
  const step = ' '.repeat(stepOf(tree));
  const indent = ' '.repeat(place.indent);
  const isJson = tree.notation === 'json';
  const quote = (text: string): string => (isJson ? `"${text}"` : text);
  const unclosed = scalar && (scalar.source === '"' || !/["']$|^[^"']/.test(scalar.source));
  const range = onCursorLine(
    tree.text,
    offset,
    scalar ? { start: scalar.range.start, end: unclosed ? offset : scalar.range.end } : { start: offset, end: offset },
  );
  const comma = place.inFlow ? commaAfter(snapshot.tree, range.end) : '';
  const newText = !place.inFlow
    ? `${template.key}:${template.pairs.map(([key, text]) => `\n${indent}${step}${key}: ${text}`).join('')}`
    : isJson
      ? `${quote(template.key)}: {\n${template.pairs.map(([key, text]) => `${indent}${step}${quote(key)}: ${quote(text)}`).join(',\n')}\n${indent}}${comma}`
      : `${template.key}: {${template.pairs.map(([key, text]) => `${key}: ${flowText(text)}`).join(', ')}}${comma}`;
  const also = place.inFlow ? commaBefore(tree, range.start) : [];
  const filter =
    scalar && /^["']/.test(scalar.source) ? `${scalar.source.slice(0, 1)}${template.label}` : template.label;
  return [
    {
      label: template.label,
      kind: CompletionItemKind.Snippet,
      edit: { range, newText },
      isSnippet: true,
      filter,
      rank: template.rank,
      detail: template.detail,
      ...(also.length > 0 && { also }),
    },
  ];
}

/** In braces some characters need quotes. */
function flowText(text: string): string {
  return /[[\],]/.test(text) ? `'${text}'` : text;
}

/** A whole schema for an empty file. */
export function schemaSnippet(context: CompletionContext): Proposal[] {
  const { place, snapshot, offset } = context;
  const { tree } = snapshot;
  if (place.path.length > 0 || (place.map?.entries.length ?? 0) > (place.scalar ? 1 : 0)) return [];
  const isJson = tree.notation === 'json';
  const title = { field_type: 'high_level', machine_name: 'datasetName', value: '<title>', type: 'string' };
  const body = {
    id: crypto.randomUUID(),
    name: '${1:name}',
    instrument: '${2:instrument}',
    selector: 'filename:contains:${3:/instrument/}',
    order: '${4:100}',
    variables: { title: Object.fromEntries(fileVariable('${5:/entry/title}', 'string')) },
    schema: { dataset_name: title },
  };
  const written = isJson ? JSON.stringify(body, null, 2).replace(/"(\$\{4:100\})"/, '$1') : yamlBody(body, '');
  const inBraces = isJson && tree.root !== undefined;
  const start = place.scalar?.range.start ?? offset;
  const range = onCursorLine(tree.text, offset, { start, end: place.scalar?.range.end ?? offset });
  return [
    {
      label: 'schema',
      kind: CompletionItemKind.Snippet,
      edit: { range, newText: inBraces ? written.replace(/^\{\n {2}|\n\}$/g, '') : written },
      isSnippet: true,
      filter: /^["']/.test(place.scalar?.source ?? '') ? '"schema' : 'imsc schema',
      rank: 5,
      detail: 'a whole schema to begin with',
    },
  ];
}

interface Body {
  readonly [key: string]: string | Body;
}

function yamlBody(body: Body, indent: string): string {
  return Object.entries(body)
    .map(([key, value]) =>
      typeof value === 'string' ? `${indent}${key}: ${value}` : `${indent}${key}:\n${yamlBody(value, `${indent}  `)}`,
    )
    .join('\n');
}

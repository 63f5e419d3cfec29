import { l10n } from 'vscode';
import { isList, isRecord, textAt } from '../json.ts';
import { sourceText, valueText } from './report.ts';
import type { Report, ReportedOrigin } from './report.ts';

/** Values are cut here, so that a line fits beside another editor. */
const valueWidth = 60;

/** A field of the dataset with its value, and who says so. */
export interface ShownOrigin extends Pick<ReportedOrigin, 'field' | 'layer' | 'line'> {
  readonly value: string;
  readonly from: string;
  readonly overruled: readonly { readonly value: string; readonly from: string }[];
}

/** Every field of the dataset and every item of its metadata, in the order of the dataset. */
export function originsOf({ dataset, origins, fields, variables }: Report): readonly ShownOrigin[] {
  const items = isRecord(dataset) ? dataset['scientificMetadata'] : undefined;
  const all = [
    ...Object.entries(dataset ?? {}).filter(
      ([name]) => !['scientificMetadata', 'size', 'numberOfFiles'].includes(name),
    ),
    ...(isRecord(items)
      ? Object.entries(items).map(([name, item]) => [`scientificMetadata.${name}`, item] as const)
      : []),
  ];
  return all.map(([field, value]) => {
    const known = origins.find((origin) => origin.field === field);
    const { layer = 'schema', from = '', line, overruled = [] } = known ?? {};
    const source = layer === 'schema' ? sourcesOf(fields[field.replace('scientificMetadata.', '')], variables) : '';
    return {
      field,
      layer,
      line,
      value: quantityText(value),
      from:
        layer === 'user'
          ? l10n.t('you, line {0}', line ?? '')
          : [from, source].filter((part) => part !== '').join(' ← '),
      overruled: overruled.map((other) => ({ value: quantityText(other.value), from: other.from })),
    };
  });
}

/** What a field of the schema is made of in the end: paths of the file, requests to SciCat. */
function sourcesOf(field: unknown, variables: Report['variables'], depth = 0): string {
  const from = isRecord(field) ? field['from'] : undefined;
  if (!isRecord(from)) return '';
  const { variables: names } = from;
  if (!isList(names) || names.length === 0 || depth > 3) return depth === 0 ? '' : sourceText(from);
  const texts = names.flatMap((name) =>
    typeof name === 'string' ? [sourcesOf(variables[name], variables, depth + 1)] : [],
  );
  return [...new Set(texts.filter((text) => text !== ''))].join(', ');
}

/** An item of the metadata as its value and unit. */
function quantityText(value: unknown): string {
  if (!isRecord(value) || !('value' in value)) return valueText(value, valueWidth);
  const unit = textAt(value, 'unit') ?? '';
  return `${valueText(value['value'], valueWidth)}${unit === '' ? '' : ` ${unit}`}`;
}

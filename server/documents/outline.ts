import type { TextRange } from '../../core/problems/problem.ts';
import { scalarText } from '../../core/imsc/schema/schema.ts';
import { keyText } from '../../core/imsc/tree/tree.ts';
import type { Schema } from '../../core/imsc/schema/schema.ts';
import { sources } from '../../core/imsc/language/sources.ts';
import { fieldTypes } from '../../core/imsc/language/schemaKeys.ts';
import type { MapEntry } from '../../core/imsc/tree/tree.ts';

/** One thing in the outline of a schema. */
export interface OutlineItem {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | 'key' | 'variable' | 'high-level' | 'metadata';
  readonly range: TextRange;
  /** What is marked when it is chosen; lies within `range`. */
  readonly nameRange: TextRange;
  readonly children: readonly OutlineItem[];
}

/** What a schema consists of: its general keys, its variables by source, its fields by kind. */
export function outlineOf(schema: Schema): OutlineItem[] {
  const { general } = schema;
  const variables = general.get('variables');
  const fields = general.get('schema');
  const generalItems = [...general.values()]
    .filter((entry) => entry !== variables && entry !== fields && isOwn(entry))
    .map((entry): OutlineItem => leaf(keyText(entry), scalarText(entry.value) ?? '', 'key', entry));
  const sections = [section('general', generalItems)];
  const placed = schema.variables.filter(({ entry }) => isOwn(entry));
  for (const name of [...sources.map((source) => source.name), undefined]) {
    const items = placed
      .filter(({ source }) => source === name)
      .map((variable) => leaf(variable.name, variable.valueType ?? '', 'variable', variable.entry));
    sections.push(section(name === undefined ? 'variables without a source' : `variables from ${name}`, items));
  }
  const own = schema.fields.filter(({ entry }) => isOwn(entry));
  for (const type of [...fieldTypes.map(({ name }) => name), undefined]) {
    const kind = type === 'scientific_metadata' ? 'metadata' : 'high-level';
    const items = own
      .filter(({ fieldType }) => (fieldTypes.some(({ name }) => name === fieldType) ? fieldType : undefined) === type)
      .map((field) => {
        const value = scalarText(field.keys.get('value')?.value) ?? '';
        return leaf(field.machineName ?? field.label, value, kind, field.entry);
      });
    sections.push(section(sectionNames[type ?? ''] ?? 'fields without a kind', items));
  }
  return sections.filter((each): each is OutlineItem => each !== undefined);
}

const sectionNames: Readonly<Partial<Record<string, string>>> = {
  high_level: 'dataset fields',
  scientific_metadata: 'scientific metadata',
};

/** What comes in by a YAML merge lies elsewhere. */
function isOwn(entry: MapEntry): boolean {
  return entry.merged !== true;
}

function leaf(name: string, detail: string, kind: OutlineItem['kind'], { range, key }: MapEntry): OutlineItem {
  return { name, detail, kind, range, nameRange: key.range, children: [] };
}

/** A group of things; it reaches from the first to the last of them. */
function section(name: string, children: readonly OutlineItem[]): OutlineItem | undefined {
  const [first] = children;
  if (!first) return undefined;
  let { start, end } = first.range;
  for (const { range } of children) {
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  return {
    name,
    detail: `${children.length}`,
    kind: 'section',
    range: { start, end },
    nameRange: first.nameRange,
    children,
  };
}

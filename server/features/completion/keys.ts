import { CompletionItemKind } from 'vscode-languageserver';
import { keyText } from '../../../core/imsc/tree/tree.ts';
import { fieldKeys, generalKeys, jobKeys, sampleAttachmentKeys } from '../../../core/imsc/language/schemaKeys.ts';
import type { SchemaKey } from '../../../core/imsc/language/schemaKeys.ts';
import { conditionKeys, junctionKeys } from '../../../core/imsc/language/selectorFunctions.ts';
import { argumentKeysOf, findOperator } from '../../../core/imsc/language/operators.ts';
import { commonVariableKeys, sources, takesOperator } from '../../../core/imsc/language/sources.ts';
import { scalarText } from '../../../core/imsc/schema/schema.ts';
import { entryOf } from '../../../core/imsc/tree/tree.ts';
import { textOffsetOf } from '../../../core/imsc/tree/scalarText.ts';
import type { TextEdit } from '../../../core/problems/problem.ts';
import type { MapNode } from '../../../core/imsc/tree/tree.ts';
import { lookup } from '../../../core/imsc/language/registry.ts';
import { onCursorLine } from '../../documents/place.ts';
import { commaAfter, commaBefore, inDialect, stepOf } from './proposal.ts';
import type { CompletionContext, EditContext, Proposal } from './proposal.ts';

/** Which of them are needed depends on what is there already. */
const selectorKeys = [...junctionKeys, ...conditionKeys].map((key): SchemaKey => ({ ...key, required: false }));

/** The keys that may stand in the map at a path; undefined where names are free, or where there are no keys. */
function keysAt(path: readonly string[], map: MapNode | undefined): readonly SchemaKey[] | undefined {
  const [section, , inner] = path;
  if (section === undefined) return generalKeys;
  if (section === 'selector')
    return path.at(-1) === 'selector' || path.at(-1) === '#' || isJunction(path) ? selectorKeys : undefined;
  if (section === 'sample_attachment') return path.length === 1 ? sampleAttachmentKeys : undefined;
  if (path.length !== 2 || inner !== undefined) return undefined;
  if (section === 'variables') return variableKeys(map);
  if (section === 'jobs') return jobKeys;
  return section === 'schema' || section === 'schemas' ? fieldKeys : undefined;
}

function isJunction(path: readonly string[]): boolean {
  const last = path.at(-1);
  return last === 'and' || last === 'or';
}

function variableKeys(map: MapNode | undefined): readonly SchemaKey[] {
  const written = map && scalarText(entryOf(map, 'source')?.value);
  const source = written === undefined ? undefined : lookup(sources, written);
  if (source) {
    const operator = takesOperator(source.name)
      ? findOperator(scalarText(map && entryOf(map, 'operator')?.value) ?? '')
      : undefined;
    // An argument of several operators means something else to each.
    const own = operator ? argumentKeysOf([operator]) : [];
    return [...commonVariableKeys, ...source.keys.map((key) => lookup(own, key.name) ?? key)];
  }
  const own = sources.flatMap((each) => each.keys);
  const unique = own.filter(({ name }, index) => own.findIndex((other) => other.name === name) === index);
  // Which of them are needed depends on the source, which is not there yet.
  return [...commonVariableKeys, ...unique.map((each) => ({ ...each, required: false }))];
}

/** Whatever keys a schema may have under this name, for a word that stands somewhere. */
export function keyNamed(path: readonly string[], map: MapNode | undefined, name: string): SchemaKey | undefined {
  return lookup(keysAt(path, map) ?? [], name);
}

/** The keys that are missing at the place: first those that must be there, then the others. */
export function keyProposals(context: CompletionContext): Proposal[] {
  const { place } = context;
  const keys = keysAt(place.path, place.map);
  if (!keys) return [];
  const others = place.map?.entries.filter((entry) => entry !== place.entry) ?? [];
  const present = new Set(others.filter(({ merged }) => !merged).map(keyText));
  /** What a merge key brings can be written anew, which then counts. */
  const merged = new Set(others.map(keyText));
  return keys
    .filter(({ name, aliases }) => ![name, ...aliases].some((spelling) => present.has(spelling)))
    .flatMap((each): Proposal[] => {
      const edit = keyEdit(context, each.name, valueSnippet(context, each));
      const isMerged = [each.name, ...each.aliases].some((spelling) => merged.has(spelling));
      return [
        inDialect(context, each, {
          label: each.name,
          kind: CompletionItemKind.Property,
          rank: isMerged ? 2 : each.required ? 0 : 1,
          description: isMerged ? 'instead of “<<”' : each.required ? 'needed' : '',
          detail: each.summary,
          topic: { kind: 'key', name: [...place.path, each.name].join('/') },
          goesOn: !isMap(each),
          ...edit,
        }),
      ];
    });
}

/** Writes a key with its value; for a key that has its colon already, only the key. */
export function keyEdit(
  { place, offset, snapshot }: EditContext,
  name: string,
  value: string,
): Pick<Proposal, 'edit' | 'filter' | 'isSnippet' | 'also'> {
  const { text, notation } = snapshot.tree;
  const { scalar } = place;
  const quoted = notation === 'json' ? JSON.stringify(name) : name;
  const wholeRange = scalar ? { start: scalar.range.start, end: scalar.range.end } : { start: offset, end: offset };
  const closed =
    scalar !== undefined &&
    (scalar.source.length > 1 || !/^["']/.test(scalar.source)) &&
    /["']$|^[^"']/.test(scalar.source);
  if (scalar && !closed) wholeRange.end = offset;
  const range = onCursorLine(text, offset, wholeRange);
  const hasColon = scalar !== undefined && /^[ \t]*:/.test(text.slice(scalar.range.end, scalar.range.end + 20));
  if (hasColon && closed) {
    const inner = { start: textOffsetOf(scalar, 0), end: textOffsetOf(scalar, place.text.length) };
    return { edit: { range: onCursorLine(text, offset, inner), newText: name }, filter: name };
  }
  const comma = place.inFlow ? commaAfter(snapshot.tree, range.end) : '';
  const edit: TextEdit = { range, newText: `${quoted}:${value}${comma}` };
  const also = place.inFlow ? commaBefore(snapshot.tree, range.start) : [];
  // What is typed already may begin with a quote.
  const filter = scalar && /^["']/.test(scalar.source) ? `${scalar.source.slice(0, 1)}${name}` : name;
  return { edit, filter, isSnippet: true, ...(also.length > 0 && { also }) };
}

function isMap({ shape }: Pick<SchemaKey, 'shape'>): boolean {
  return ['map of variables', 'map of fields', 'map of jobs', 'job parameters'].includes(shape);
}

/** What follows the colon of a new key, as a snippet. */
function valueSnippet({ snapshot: { tree }, place }: CompletionContext, { shape }: SchemaKey): string {
  const step = ' '.repeat(stepOf(tree));
  const indent = ' '.repeat(place.indent);
  const isList = shape === 'list of selectors';
  if (tree.notation === 'json' || place.inFlow) {
    if (isList) return ' [$1]';
    switch (shape) {
      case 'map of variables':
      case 'map of fields':
      case 'map of jobs':
      case 'job parameters':
      case 'sample attachment':
        return place.inFlow && tree.notation === 'yaml' ? ' {$1}' : ` {\n${indent}${step}$1\n${indent}}`;
      case 'text or number':
      case 'boolean':
        return ' $1';
      default:
        return tree.notation === 'json' ? ' "$1"' : ' $1';
    }
  }
  if (isList) return `\n${indent}${step}- $1`;
  return isMap({ shape }) || shape === 'sample attachment' ? `\n${indent}${step}$1` : ' $1';
}

/** Explanations of the keys, for a topic that was made here. */
export function keyOfTopic(topic: string): SchemaKey | undefined {
  const path = topic.split('/');
  const name = path.at(-1) ?? '';
  return keyNamed(path.slice(0, -1), undefined, name);
}

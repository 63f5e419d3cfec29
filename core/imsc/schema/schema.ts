import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { pythonText } from '../values/pythonText.ts';
import { lookup } from '../language/registry.ts';
import { commonVariableKeys, sourceList, sources } from '../language/sources.ts';
import type { SourceName } from '../language/sources.ts';
import { fieldKeys, generalKeys, sampleAttachmentKeys } from '../language/schemaKeys.ts';
import type { SchemaKey } from '../language/schemaKeys.ts';
import { addKeyFixes, listKeys, placeOfMap, shapeFault, unknownKey } from './keyProblems.ts';
import { readSelector } from './selector.ts';
import type { Selector } from './selector.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { replaceScalar } from '../edits/textEdits.ts';
import { keyText } from '../tree/tree.ts';
import type { MapEntry, MapNode, Node, ScalarNode, Tree } from '../tree/tree.ts';

/** The keys of one map by their canonical name; for duplicates the last one, as every reader takes it. */
export type Keys = ReadonlyMap<string, MapEntry>;

export interface Variable {
  readonly name: string;
  readonly entry: MapEntry;
  readonly keys: Keys;
  /** Undefined where it is missing or none of the sources. */
  readonly source: SourceName | undefined;
  /** As it is written. */
  readonly valueType: string | undefined;
}

export interface FieldAssignment {
  /** The key in the schema; only a label. */
  readonly label: string;
  readonly entry: MapEntry;
  readonly keys: Keys;
  readonly fieldType: string | undefined;
  readonly machineName: string | undefined;
  /** The value type, as it is written. */
  readonly type: string | undefined;
}

export interface SampleAttachment {
  readonly querySampleName: boolean;
  readonly sampleNamePath: string;
  readonly proposalIdPath: string;
}

/** A schema file, understood as far as possible. */
export interface Schema {
  readonly tree: Tree;
  /** Keys of the top level; `schemas` is found under `schema`. */
  readonly general: Keys;
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** A number, or text that is none; undefined if missing. */
  readonly order: number | string | undefined;
  readonly selector: Selector | undefined;
  readonly sampleAttachment: SampleAttachment | undefined;
  /** In the order of evaluation. */
  readonly variables: readonly Variable[];
  readonly fields: readonly FieldAssignment[];
  /** Problems of syntax and structure. */
  readonly problems: readonly Problem[];
  /** True where something mandatory is missing or no map, so that no ingestion may use it. */
  readonly refused: boolean;
  /** It is only there for others to import: it has no selector, and lies where such schemas lie. */
  readonly isModule?: true;
  /** The schemas that were taken in; undefined for one that takes in none, or as long as they are not looked up. */
  readonly imported?: readonly ImportedSchema[];
}

/**
 * A schema that another one takes in. Its ranges lie behind the text of the importer, as if all texts stood one behind the
 * other, so that a range says in which of them it is.
 */
export interface ImportedSchema {
  readonly file: string;
  /** What the importer, or a schema that it takes in, calls it. */
  readonly id: string;
  readonly schema: Schema;
  /** The id in the importer by which it came in. */
  readonly place: TextRange;
  /** Where its text begins in the text of all. */
  readonly start: number;
  readonly end: number;
}

/** The texts of a list of scalars, or of a lone one, with their nodes. */
export function scalarTexts(node: Node | undefined): readonly { readonly text: string; readonly node: ScalarNode }[] {
  const nodes = node?.kind === 'list' ? node.items : node ? [node] : [];
  return nodes.flatMap((each) => {
    const text = scalarText(each);
    return each.kind === 'scalar' && text !== undefined ? [{ text, node: each }] : [];
  });
}

/** The text of a scalar, however it is written; undefined for maps, lists and nothing. */
export function scalarText(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value.kind === 'none') return undefined;
  return node.value.kind === 'string' ? node.value.value : node.source;
}

/** A schema with the file that it was read from. */
export interface SchemaFile {
  /** Absolute path. */
  readonly file: string;
  readonly schema: Schema;
  /** True where all but what selects it was left out, because it is large; see wholeSchema. */
  readonly isBrief?: true;
}

/**
 * Understands a tree as a schema. Never fails: what is wrong is in `problems`.
 * @param isModule whether it may be one that only others import, which needs no selector and no order
 */
export function bindSchema(tree: Tree, { isModule = false }: { readonly isModule?: boolean } = {}): Schema {
  return new Binder(tree, isModule).bind();
}

class Binder {
  private readonly problems: Problem[] = [];
  private refused = false;
  private readonly tree: Tree;
  private readonly isModule: boolean;

  constructor(tree: Tree, mayBeModule: boolean) {
    this.tree = tree;
    const { root } = tree;
    this.isModule = mayBeModule && root?.kind === 'map' && !root.entries.some((entry) => keyText(entry) === 'selector');
  }

  bind(): Schema {
    const { root } = this.tree;
    if (this.tree.problems.some(({ severity }) => severity === 'error')) this.refused = true;
    // What could not be read at all is told once, by the parser.
    if (root?.kind !== 'map' && (root !== undefined || !this.refused)) {
      const what =
        root === undefined || isEmpty(root)
          ? 'The file is empty'
          : 'A schema is a map of keys, not a single value or a list';
      this.problems.push(
        problem('structure', `${what}; it needs ${listKeys(generalKeys)}.`, root?.range ?? { start: 0, end: 0 }),
      );
    }
    if (root?.kind !== 'map') this.refused = true;
    const map = root?.kind === 'map' ? root : undefined;
    const general = map
      ? this.keysOf(map, this.isModule ? moduleKeys : generalKeys, 'a schema')
      : new Map<string, MapEntry>();
    if (map) this.checkAliases(map);
    return {
      tree: this.tree,
      general,
      id: scalarText(general.get('id')?.value),
      name: scalarText(general.get('name')?.value),
      order: orderOf(general.get('order')?.value),
      selector: this.selectorOf(general.get('selector')),
      sampleAttachment: this.sampleAttachmentOf(general.get('sample_attachment')),
      variables: this.mapOf(general.get('variables')).map(([name, entry]) => this.variable(name, entry)),
      fields: this.mapOf(general.get('schema')).map(([label, entry]) => this.field(label, entry)),
      problems: [...this.tree.problems, ...this.problems],
      refused: this.refused,
      ...(this.isModule && { isModule: true }),
    };
  }

  /** `schema` and its documented spelling `schemas` must not disagree. */
  private checkAliases(map: MapNode): void {
    const spelled = map.entries.filter(({ key }) => ['schema', 'schemas'].includes(keyText({ key })));
    const [first, second] = spelled;
    if (!first || !second || keyText(first) === keyText(second)) return;
    this.problems.push(
      problem(
        'schema-and-schemas',
        'Both “schema” and “schemas” are there; only “schema” is used. Keep one.',
        second.key.range,
        {
          related: [{ message: 'the other one', range: first.key.range }],
        },
      ),
    );
  }

  private selectorOf(entry: MapEntry | undefined): Selector | undefined {
    if (!entry?.value || isEmpty(entry.value)) return undefined;
    return readSelector(entry.value);
  }

  private sampleAttachmentOf(entry: MapEntry | undefined): SampleAttachment | undefined {
    if (entry?.value?.kind !== 'map') {
      if (entry?.value && !isEmpty(entry.value)) this.wrongShape(entry, 'sample_attachment', 'a map');
      return undefined;
    }
    const keys = this.keysOf(entry.value, sampleAttachmentKeys, 'sample_attachment');
    const query = keys.get('query_sample_name')?.value;
    return {
      querySampleName: query?.kind === 'scalar' && query.value.kind === 'boolean' && query.value.value,
      sampleNamePath: scalarText(keys.get('sample_name_path')?.value) ?? '/entry/sample/name',
      proposalIdPath: scalarText(keys.get('proposal_id_path')?.value) ?? '/entry/experiment_identifier',
    };
  }

  /** The entries of a map of variables or fields; a later one of the same name takes the place of the earlier. */
  private mapOf(entry: MapEntry | undefined): [string, MapEntry][] {
    if (!entry) return [];
    if (entry.value?.kind !== 'map') {
      // `variables:` with nothing below it is how an empty map is typed.
      if (entry.value && !isEmpty(entry.value)) {
        this.wrongShape(entry, keyText(entry), 'a map of names');
        this.refused = true;
      }
      return [];
    }
    return [...new Map(entry.value.entries.map((item) => [keyText(item), item]))];
  }

  private variable(name: string, entry: MapEntry): Variable {
    const node = this.recipeOf(entry, `variable “${name}”`);
    const sourceNode = node?.entries.findLast(({ key }) => keyText({ key }) === 'source')?.value;
    const sourceText = scalarText(sourceNode);
    const source = sourceText === undefined ? undefined : lookup(sources, sourceText);
    if (sourceNode && sourceText !== undefined && !source) {
      this.refused = true;
      const near = suggestion(
        sourceText,
        sources.map((known) => known.name),
      );
      const edit = near !== undefined && sourceNode.kind === 'scalar' ? replaceScalar(sourceNode, near) : undefined;
      this.problems.push(
        problem(
          'unknown-source',
          `“${sourceText}” is not a source${differenceUnseen(sourceText, near ?? sourceText)}; use ${sourceList}.`,
          sourceNode.range,
          edit ? { fixes: [{ title: `Change to ${near ?? ''}`, edits: [edit], preferred: true }] } : {},
        ),
      );
    }
    const keys = node
      ? this.keysOf(node, variableKeys(source?.name), source ? `a variable with source ${source.name}` : 'a variable')
      : new Map<string, MapEntry>();
    return { name, entry, keys, source: source?.name, valueType: scalarText(keys.get('value_type')?.value) };
  }

  private field(label: string, entry: MapEntry): FieldAssignment {
    const node = this.recipeOf(entry, `field “${label}”`);
    const keys = node ? this.keysOf(node, fieldKeys, 'a field') : new Map<string, MapEntry>();
    return {
      label,
      entry,
      keys,
      fieldType: scalarText(keys.get('field_type')?.value),
      machineName: scalarText(keys.get('machine_name')?.value),
      type: scalarText(keys.get('type')?.value),
    };
  }

  private recipeOf(entry: MapEntry, what: string): MapNode | undefined {
    if (entry.value?.kind === 'map') return entry.value;
    this.refused = true;
    this.problems.push(
      problem(
        'structure',
        `The ${what} needs a map of keys.`,
        entry.value && !isEmpty(entry.value) ? entry.value.range : entry.key.range,
      ),
    );
    return undefined;
  }

  /** The keys of a map that may stand there; tells which are missing, unknown or of the wrong shape. */
  private keysOf(map: MapNode, allowed: readonly SchemaKey[], what: string): Keys {
    const found = new Map<string, MapEntry>();
    for (const entry of map.entries) {
      const written = keyText(entry);
      const known = lookup(allowed, written);
      if (known) {
        // The canonical spelling wins over an alias wherever it stands.
        if (written === known.name || !found.has(known.name)) found.set(known.name, entry);
        this.checkShape(entry, known);
      } else {
        this.problems.push(unknownKey(entry, allowed, what));
      }
    }
    for (const key of allowed) {
      if (!key.required || found.has(key.name)) continue;
      this.refused = true;
      this.problems.push(
        problem('missing-key', `“${key.name}” (${key.summary}) is missing in ${what}.`, placeOfMap(map), {
          fixes: addKeyFixes(this.tree, map, key),
        }),
      );
    }
    return found;
  }

  private checkShape(entry: MapEntry, key: SchemaKey): void {
    const { value } = entry;
    if (!value || isEmpty(value)) return;
    const wanted = shapeFault(value, key);
    if (wanted) this.wrongShape(entry, key.name, wanted);
  }

  private wrongShape(entry: MapEntry, name: string, wanted: string): void {
    this.problems.push(problem('wrong-shape', `“${name}” is ${wanted}.`, (entry.value ?? entry.key).range));
  }
}

const moduleKeys = generalKeys.map((key) =>
  ['selector', 'order', 'instrument'].includes(key.name) ? { ...key, required: false } : key,
);

const keysBySource = new Map<string, readonly SchemaKey[]>(
  sources.map(({ name, keys }) => [name, [...commonVariableKeys, ...keys]]),
);
const keysOfAnySource: readonly SchemaKey[] = [
  ...commonVariableKeys,
  ...sources.flatMap(({ keys }) => keys.map((key) => ({ ...key, required: false }))),
];

/** The keys that a variable may have; of a source that is not known, those of all. */
function variableKeys(source: string | undefined): readonly SchemaKey[] {
  return keysBySource.get(source ?? '') ?? keysOfAnySource;
}

export function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && node.value.kind === 'none';
}

function orderOf(node: Node | undefined): number | string | undefined {
  if (node?.kind !== 'scalar' || node.value.kind === 'none') return undefined;
  // As for Python, true is 1.
  if (node.value.kind === 'boolean') return Number(node.value.value);
  const text = pythonText(node.value);
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

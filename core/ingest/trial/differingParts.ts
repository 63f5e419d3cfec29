import { builtInNames } from '../../imsc/language/builtIns.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import { lookup } from '../../imsc/language/registry.ts';
import { fieldTypes } from '../../imsc/language/schemaKeys.ts';
import { dialectOf } from '../../imsc/schema/dialectOf.ts';
import type { FieldAssignment, Keys, Schema } from '../../imsc/schema/schema.ts';
import { possibleReferences } from '../../imsc/schema/template.ts';
import type { Node } from '../../imsc/tree/tree.ts';

/**
 * Two schemas without what gives the same on every file: items of the metadata that both assign in the same words, of
 * variables that both define in the same words, and the variables that nothing else needs. A change of a schema mostly
 * touches a few lines, and the values of all others need not be read.
 *
 * What is left out does not count for the budget of all values of a schema.
 * @param dialect of the configuration
 */
export function differingParts(old: Schema, now: Schema, dialect: DialectName | undefined): readonly [Schema, Schema] {
  // In another dialect the same words may mean something else.
  if (dialectOf(old.tree, dialect) !== dialectOf(now.tree, dialect)) return [old, now];
  const names = new Set([...builtInNames, ...[...old.variables, ...now.variables].map(({ name }) => name)]);
  const meanings = new Meanings(names);
  const [before, after] = [meanings.ofItems(old), meanings.ofItems(now)];
  const isAlike = ({ machineName = '' }: FieldAssignment): boolean => {
    const meaning = before.get(machineName);
    return meaning !== undefined && meaning === after.get(machineName);
  };
  const rest = (schema: Schema): Schema => {
    const fields = schema.fields.filter((field) => !isAlike(field));
    const needed = meanings.needed(schema, fields);
    return { ...schema, fields, variables: schema.variables.filter(({ name }) => needed.has(name)) };
  };
  return [rest(old), rest(now)];
}

/** What words mean in two schemas: a number, which is the same for the same words about the same variables. */
class Meanings {
  readonly #names: ReadonlySet<string>;
  readonly #numbers = new Map<string, number>();

  /** @param names of all variables that either schema has */
  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  /** For each name of items of the metadata, and of nothing else, what all its assignments mean together. */
  ofItems(schema: Schema): ReadonlyMap<string, string> {
    const variables = this.#ofVariables(schema);
    const items = new Map<string, string>();
    const others = new Set<string>();
    for (const { machineName = '', fieldType = '', keys } of schema.fields) {
      if (lookup(fieldTypes, fieldType)?.name !== 'scientific_metadata') others.add(machineName);
      items.set(machineName, `${items.get(machineName) ?? ''} ${this.#ofWords(keys, variables)}`);
    }
    for (const name of others) items.delete(name);
    return items;
  }

  /** The variables that fields need, and those that these need. */
  needed({ variables }: Schema, fields: readonly FieldAssignment[]): ReadonlySet<string> {
    const keysOf = new Map(variables.map(({ name, keys }) => [name, keys]));
    const needed = new Set<string>();
    const open: Keys[] = fields.map(({ keys }) => keys);
    for (let keys = open.pop(); keys; keys = open.pop()) {
      for (const name of this.#namesIn(wordsOf(keys).texts)) {
        if (needed.has(name)) continue;
        needed.add(name);
        open.push(keysOf.get(name) ?? noKeys);
      }
    }
    return needed;
  }

  /** As they are defined from top to bottom: a variable means those above it. */
  #ofVariables({ id, variables }: Schema): ReadonlyMap<string, number> {
    // Of what is built in, the id is all that may differ between two schemas on one file.
    const found = new Map(builtInNames.map((name) => [name, this.#numberOf(`built in ${name} ${id ?? ''}`)]));
    for (const { name, keys } of variables) {
      // One that fails may leave the value in place that its name had before.
      found.set(name, this.#numberOf(`${this.#ofWords(keys, found)} ${found.get(name) ?? ''}`));
    }
    return found;
  }

  #ofWords(keys: Keys, variables: ReadonlyMap<string, number>): number {
    const { written, texts } = wordsOf(keys);
    const references = this.#namesIn(texts).map((name) => `${variables.get(name) ?? 'none'}`);
    return this.#numberOf(`${written}\n${references.join(' ')}`);
  }

  #namesIn(texts: readonly string[]): readonly string[] {
    return texts.flatMap((text) => possibleReferences(text, (name) => this.#names.has(name)));
  }

  #numberOf(words: string): number {
    const number = this.#numbers.get(words) ?? this.#numbers.size;
    this.#numbers.set(words, number);
    return number;
  }
}

const noKeys: Keys = new Map();

interface Words {
  /** All of it; the same for the same, however it is laid out. */
  readonly written: string;
  readonly texts: readonly string[];
}

function wordsOf(keys: Keys): Words {
  const texts: string[] = [];
  const wordsOfNode = (node: Node | undefined): unknown => {
    switch (node?.kind) {
      case undefined:
        return 0;
      case 'scalar': {
        const { value, source } = node;
        if (value.kind !== 'string') return { [value.kind]: source };
        texts.push(value.value);
        return value.value;
      }
      case 'list':
        return node.items.map(wordsOfNode);
      case 'map':
        return { map: node.entries.map(({ key, value }) => [wordsOfNode(key), wordsOfNode(value)]) };
    }
  };
  const written = JSON.stringify([...keys].map(([name, { value }]) => [name, wordsOfNode(value)]));
  return { written, texts };
}

import type { TextRange } from '../../core/problems/problem.ts';
import { keyText } from '../../core/imsc/tree/tree.ts';
import type { FieldAssignment, Schema, Variable } from '../../core/imsc/schema/schema.ts';
import { builtInVariables } from '../../core/imsc/language/builtIns.ts';
import type { StaticEvaluation } from '../../core/imsc/evaluation/staticEvaluation.ts';
import { textOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import type { ScalarNode } from '../../core/imsc/tree/tree.ts';

/** A place where a variable is named. */
export interface Occurrence {
  readonly name: string;
  readonly kind: 'definition' | 'reference';
  /** Of the name in the file, without quotes and angle brackets. */
  readonly nameRange: TextRange;
  /** The whole key, or the reference with its brackets. */
  readonly range: TextRange;
  readonly scalar: ScalarNode;
  /** Where the name stands in the decoded text of `scalar`. */
  readonly start: number;
  readonly end: number;
  /** The variable or field that refers to it; absent for a definition. */
  readonly owner?: Variable | FieldAssignment;
}

const builtInNames = new Set(builtInVariables.map(({ name }) => name));

export function isBuiltIn(name: string): boolean {
  return builtInNames.has(name);
}

/** All places of a schema where variables are defined and referred to. */
export class Occurrences {
  /** In the order of the text, not overlapping. */
  readonly all: readonly Occurrence[];
  readonly #byName = new Map<string, Occurrence[]>();
  readonly #definitions = new Map<string, Occurrence[]>();

  /** @param evaluation of the schema with what it imports; only what stands in its own text counts here */
  constructor(schema: Schema, evaluation: StaticEvaluation) {
    const end = schema.tree.text.length;
    this.all = [...definitionsIn(schema), ...referencesIn(evaluation)]
      .filter(({ range }) => range.start <= end)
      .sort((a, b) => a.nameRange.start - b.nameRange.start);
    for (const occurrence of this.all) {
      add(this.#byName, occurrence);
      if (occurrence.kind === 'definition') add(this.#definitions, occurrence);
    }
  }

  /** The occurrence around an offset, its brackets or quotes included. */
  at(offset: number): Occurrence | undefined {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const candidate = this.all[middle];
      if (candidate && candidate.range.end < offset) low = middle + 1;
      else high = middle;
    }
    const found = this.all[low];
    const next = this.all[low + 1];
    // Between two references that touch, the one that begins here is meant.
    if (next && next.range.start <= offset && found && found.nameRange.end < offset) return next;
    return found && found.range.start <= offset ? found : undefined;
  }

  of(name: string): readonly Occurrence[] {
    return this.#byName.get(name) ?? [];
  }

  definitionsOf(name: string): readonly Occurrence[] {
    return this.#definitions.get(name) ?? [];
  }

  /** Whether anything defines the name: the schema or the ingestor itself. */
  isDefined(name: string): boolean {
    return isBuiltIn(name) || this.definitionsOf(name).length > 0;
  }
}

function add(map: Map<string, Occurrence[]>, occurrence: Occurrence): void {
  const same = map.get(occurrence.name);
  if (same) same.push(occurrence);
  else map.set(occurrence.name, [occurrence]);
}

/** Every key of `variables`, those that a later one of the same name replaces and what a YAML merge takes in included. */
function definitionsIn(schema: Schema): Occurrence[] {
  const map = schema.general.get('variables')?.value;
  if (map?.kind !== 'map') return [];
  // What is merged in twice is written once.
  const written = new Set(map.entries.map(({ key }) => key.anchored ?? key));
  return [...written].map((key): Occurrence => {
    const name = keyText({ key });
    return {
      name,
      kind: 'definition',
      range: key.range,
      scalar: key,
      start: 0,
      end: name.length,
      nameRange: { start: textOffsetOf(key, 0), end: textOffsetOf(key, name.length) },
    };
  });
}

function referencesIn({ uses }: StaticEvaluation): Occurrence[] {
  const seen = new Set<string>();
  return [...uses].flatMap(([name, places]) =>
    places.flatMap(({ start, end, template }): Occurrence[] => {
      const { owner } = template;
      // Behind an alias there is nothing to rename: the text is written at the anchor.
      const scalar = template.scalar.anchored ?? template.scalar;
      const range = { start: textOffsetOf(scalar, start), end: textOffsetOf(scalar, end) };
      const nameRange = { start: textOffsetOf(scalar, start + 1), end: textOffsetOf(scalar, end - 1) };
      // What lies at a YAML anchor is met once for each alias.
      const place = `${range.start} ${range.end}`;
      if (seen.has(place)) return [];
      seen.add(place);
      return [{ name, kind: 'reference', range, nameRange, scalar, start: start + 1, end: end - 1, owner }];
    }),
  );
}

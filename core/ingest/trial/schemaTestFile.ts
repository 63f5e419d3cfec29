import path from 'node:path';
import { differenceUnseen } from '../../text/alike.ts';
import { parseYaml } from '../../imsc/tree/parseYaml.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import { builtInVariables } from '../../imsc/language/builtIns.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { entries, keyText, valueOf } from '../../imsc/tree/tree.ts';
import type { MapEntry, MapNode, Node, Tree } from '../../imsc/tree/tree.ts';
import type { Value } from '../../imsc/values/values.ts';
import { testParts, valueSections } from './schemaTestParts.ts';
import type { ValueSection } from './schemaTestParts.ts';

export type { ValueSection };

/** What is expected of one variable or field. */
export interface ExpectedValue {
  readonly name: string;
  /** None: there should be no such field. */
  readonly value: Value;
  /** Not compared if absent. */
  readonly unit: string | undefined;
  readonly entry: MapEntry;
  /** Where the two are written; the whole value of the entry for a bare one. */
  readonly valueNode: Node | undefined;
  readonly unitNode: Node | undefined;
}

/** A name that is expected to fail, or a code that is expected to be reported. */
export interface ExpectedName {
  readonly name: string;
  readonly range: TextRange;
}

/** A test as its file has it; `docs/schema-tests.md` explains each part. */
export interface SchemaTest {
  readonly tree: Tree;
  /** As written; undefined for the schema of the same name. */
  readonly schema: string | undefined;
  /** Where the schema is named; undefined for the one of the same name. */
  readonly schemaRange: TextRange | undefined;
  readonly sample: string;
  /** Where the sample is named. */
  readonly sampleRange: TextRange;
  readonly answers: readonly { readonly url: string; readonly answer: Value }[];
  readonly builtIns: Readonly<Record<string, string>>;
  /** The parts that are there, in the order of the text; one that is left empty has no entries. */
  readonly sections: ReadonlyMap<
    ValueSection,
    { readonly entry: MapEntry; readonly expected: readonly ExpectedValue[] }
  >;
  readonly fails: readonly ExpectedName[];
  readonly failsEntry: MapEntry | undefined;
  /** Undefined where problems are not looked at. */
  readonly problems: readonly ExpectedName[] | undefined;
  readonly problemsEntry: MapEntry | undefined;
}

const keys = testParts.map(({ name }) => name);

const testName = /\.imsc\.test\.ya?ml$/;

/** Whether a file of that name is a test of a schema. */
export function isSchemaTestName(name: string): boolean {
  return testName.test(name) && !name.startsWith('.');
}

/** The names that the schema of a test may have if the test names none. */
export function schemaNamesFor(testFile: string): string[] {
  const base = path.basename(testFile).replace(testName, '');
  return ['.imsc.yml', '.imsc.yaml', '.imsc.json'].map((ending) => base + ending);
}

/** Understands the text of a test. @returns the problems that keep it from being run, if there are any */
export function readSchemaTest(text: string): SchemaTest | readonly Problem[] {
  const { test, problems } = new TestReader(text).read();
  return test && problems.length === 0 ? test : problems;
}

/** What of a text can be understood as a test, and all that is wrong with it; for an editor, which shows both. */
export function understandSchemaTest(text: string): {
  readonly test: SchemaTest | undefined;
  readonly problems: readonly Problem[];
} {
  return new TestReader(text).read();
}

class TestReader {
  readonly #tree: Tree;
  readonly #problems: Problem[] = [];

  constructor(text: string) {
    this.#tree = parseYaml(text);
  }

  read(): { test: SchemaTest | undefined; problems: readonly Problem[] } {
    const { root, problems } = this.#tree;
    const broken = problems.filter(({ severity, code }) => severity === 'error' || code === 'duplicate-key');
    if (root && broken.length > 0) {
      const all = broken.map((found): Problem => ({ ...found, severity: 'error' }));
      return { test: root.kind === 'map' ? this.#testOf(root) : undefined, problems: all };
    }
    if (root?.kind !== 'map') {
      const none = problem('test-file', 'A test is a map with at least the key “sample”.', root?.range);
      return { test: undefined, problems: [none] };
    }
    return { test: this.#testOf(root), problems: this.#problems };
  }

  #testOf(root: MapNode): SchemaTest {
    const parts = new Map(entries(root).map((entry) => [keyText(entry), entry]));
    for (const [name, entry] of parts) {
      if (keys.includes(name)) continue;
      const near = suggestion(name, keys);
      this.#wrong(
        `“${name}” is not part of a test.${near === undefined ? '' : ` Did you mean ${near}${differenceUnseen(name, near)}?`}`,
        entry.key,
        near,
      );
    }
    const sampleEntry = parts.get('sample');
    const sample = this.#text(sampleEntry);
    if (sample === undefined) this.#wrong('The test names no “sample” file.', sampleEntry?.key ?? root.entries[0]?.key);
    const sections: [ValueSection, { entry: MapEntry; expected: ExpectedValue[] }][] = [];
    for (const name of valueSections) {
      const entry = parts.get(name);
      if (entry) sections.push([name, { entry, expected: this.#mapOf(entry).map(expectedValue) }]);
    }
    const problemsEntry = parts.get('problems');
    const failsEntry = parts.get('fails');
    return {
      tree: this.#tree,
      schema: this.#text(parts.get('schema')),
      schemaRange: parts.get('schema')?.value?.range,
      sample: sample ?? '',
      sampleRange: (sampleEntry?.value ?? root).range,
      answers: this.#mapOf(parts.get('scicat')).map((entry) => ({ url: keyText(entry), answer: valueOf(entry.value) })),
      builtIns: this.#builtIns(parts.get('built_in')),
      sections: new Map(sections.sort(([, a], [, b]) => a.entry.range.start - b.entry.range.start)),
      fails: this.#namesOf(failsEntry),
      failsEntry,
      problems: problemsEntry && this.#namesOf(problemsEntry),
      problemsEntry,
    };
  }

  #builtIns(entry: MapEntry | undefined): Record<string, string> {
    const names = builtInVariables.map(({ name }) => name);
    const given: Record<string, string> = {};
    for (const each of this.#mapOf(entry)) {
      const name = keyText(each);
      if (!names.includes(name))
        this.#wrong(
          `“${name}” is not a built-in variable; there are ${names.join(', ')}.`,
          each.key,
          suggestion(name, names),
        );
      given[name] = scalarText(each.value) ?? '';
    }
    return given;
  }

  #text(entry: MapEntry | undefined): string | undefined {
    if (!entry) return undefined;
    const text = scalarText(entry.value);
    if (text === undefined) this.#wrong(`“${keyText(entry)}” must be a text.`, entry.key);
    return text;
  }

  #mapOf(entry: MapEntry | undefined): MapEntry[] {
    if (!entry || isNothing(entry.value)) return [];
    if (entry.value?.kind === 'map') return entries(entry.value);
    this.#wrong(`“${keyText(entry)}” must be a map.`, entry.key);
    return [];
  }

  #namesOf(entry: MapEntry | undefined): ExpectedName[] {
    if (!entry || isNothing(entry.value)) return [];
    const items = entry.value?.kind === 'list' ? entry.value.items : undefined;
    const names = items?.map((item) => ({ name: scalarText(item), range: item.range }));
    if (!names?.every((each): each is ExpectedName => each.name !== undefined)) {
      this.#wrong(`“${keyText(entry)}” must be a list of names.`, entry.key);
      return [];
    }
    return names;
  }

  #wrong(message: string, node: Node | undefined, meant?: string): void {
    this.#problems.push(problem('test-file', message, node?.range, meant === undefined ? {} : { meant }));
  }
}

function isNothing(node: Node | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value.kind === 'none');
}

/** A bare value; or a map of `value` and `unit` and nothing else. */
function expectedValue(entry: MapEntry): ExpectedValue {
  const name = keyText(entry);
  const quantity = entry.value?.kind === 'map' ? quantityOf(entry.value) : undefined;
  const valueNode = quantity ? quantity.value : entry.value;
  const unitNode = quantity?.unit;
  const unit = unitNode && (scalarText(unitNode) ?? '');
  return { name, value: valueOf(valueNode), unit, entry, valueNode, unitNode };
}

function quantityOf(map: MapNode): { readonly value: Node | undefined; readonly unit: Node | undefined } | undefined {
  const parts = new Map(entries(map).map((each) => [keyText(each), each.value]));
  const isQuantity = parts.has('value') && [...parts.keys()].every((key) => key === 'value' || key === 'unit');
  return isQuantity ? { value: parts.get('value'), unit: parts.get('unit') } : undefined;
}

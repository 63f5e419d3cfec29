import { applyEdits } from '../../imsc/edits/applyFixes.ts';
import type { TextEdit } from '../../problems/problem.ts';
import { removeEntry } from '../../imsc/edits/textEdits.ts';
import type { MapEntry, Node } from '../../imsc/tree/tree.ts';
import { list, string, valuesEqual } from '../../imsc/values/values.ts';
import { writeScalar } from '../../imsc/edits/writeScalar.ts';
import { actualOf, failedNames, namesIn, sameForTests } from './compareWithTest.ts';
import type { Tried } from './compareWithTest.ts';
import { layOutQuantity, layOutValue } from './layOutYaml.ts';
import type { ExpectedValue, SchemaTest, ValueSection } from './schemaTestFile.ts';

/**
 * The text of a test with what came out in the place of what was expected. Everything that holds already is left as
 * it is written, with its comments. An empty part is filled; without any, what is in the dataset is expected. What is
 * unknown for want of an answer of SciCat stays.
 */
export function updateSchemaTest(test: SchemaTest, tried: Tried): string {
  return new Updater(test, tried).text();
}

/** The fields that an update leaves out for want of an answer of SciCat, with the reason. */
export function unfilledIn({ evaluation }: Tried): { readonly name: string; readonly reason: string }[] {
  return evaluation.fields.flatMap(({ machineName, outcome }) =>
    outcome.state === 'unknown' ? [{ name: machineName, reason: outcome.reason }] : [],
  );
}

class Updater {
  readonly #test: SchemaTest;
  readonly #tried: Tried;
  readonly #edits: TextEdit[] = [];
  /** Parts that were not there, to stand at the end. */
  readonly #added: string[] = [];

  constructor(test: SchemaTest, tried: Tried) {
    this.#test = test;
    this.#tried = tried;
  }

  text(): string {
    const { sections, tree } = this.#test;
    for (const [part, { entry, expected }] of sections) {
      if (expected.length === 0) this.#fill(part, entry);
      else for (const each of expected) this.#update(part, each, entry);
    }
    if (sections.size === 0) {
      for (const part of ['dataset', 'scientific_metadata'] as const) {
        const lines = this.#linesOf(part, 2);
        if (lines.length > 0) this.#added.push(`${part}:\n${lines.join('\n')}`);
      }
    }
    this.#updateFailures();
    this.#updateProblems();
    const text = applyEdits(tree.text, this.#edits);
    if (this.#added.length === 0) return text;
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${this.#added.join('\n')}\n`;
  }

  #linesOf(part: ValueSection, indent: number): string[] {
    return namesIn(part, this.#tried).flatMap((name) => {
      const actual = actualOf(part, name, this.#tried);
      if ('absent' in actual) return [];
      return [`${' '.repeat(indent)}${writeScalar(string(name), 'yaml')}:${layOutQuantity(actual, indent + 2)}`];
    });
  }

  #fill(part: ValueSection, entry: MapEntry): void {
    const lines = this.#linesOf(part, 2);
    if (lines.length === 0) return;
    this.#replace(entry, entry.value, `\n${lines.join('\n')}`);
  }

  #update(part: ValueSection, expected: ExpectedValue, owner: MapEntry): void {
    const { entry, valueNode, unitNode } = expected;
    const actual = actualOf(part, expected.name, this.#tried);
    if ('absent' in actual) {
      if (expected.value.kind === 'none' || actual.unknown) return;
      const removal = owner.value?.kind === 'map' ? removeEntry(this.#test.tree, owner.value, entry) : undefined;
      if (removal) this.#edits.push(removal);
      return;
    }
    const isBare = valueNode === entry.value;
    if (!sameForTests(expected.value, actual.value)) {
      const indent = this.#column(entry.range.start) + 2;
      // Within a quantity the value is kept on its line.
      const text = isBare ? layOutQuantity({ ...actual, unit: '' }, indent) : ` ${layOutValue(actual.value)}`;
      this.#replace(entry, valueNode, text);
    }
    if (unitNode && expected.unit !== actual.unit) {
      this.#edits.push({ range: unitNode.range, newText: writeScalar(string(actual.unit), 'yaml', true) });
    }
  }

  /** Those that were expected and still fail stay, also those that fail because of others. */
  #updateFailures(): void {
    const { fails, failsEntry } = this.#test;
    const { evaluation } = this.#tried;
    const own = failedNames(this.#tried).map(({ name }) => name);
    const isFailing = (name: string): boolean =>
      evaluation.variables.get(name)?.outcome.state === 'failed' ||
      evaluation.fields.some(({ machineName, outcome }) => machineName === name && outcome.state === 'failed');
    const kept = fails.map(({ name }) => name).filter(isFailing);
    this.#updateNames('fails', failsEntry, fails, [...new Set([...kept, ...own])]);
  }

  #updateProblems(): void {
    const { problems, problemsEntry } = this.#test;
    if (!problems) return;
    const codes = new Set<string>(this.#tried.problems.map(({ code }) => code));
    const kept = problems.map(({ name }) => name).filter((name) => codes.has(name));
    this.#updateNames('problems', problemsEntry, problems, [...new Set([...kept, ...codes])]);
  }

  #updateNames(
    key: string,
    entry: MapEntry | undefined,
    before: readonly { readonly name: string }[],
    after: readonly string[],
  ): void {
    const names = list(after.map(string));
    if (valuesEqual(list(before.map(({ name }) => string(name))), names)) return;
    const text = layOutValue(names);
    if (entry) this.#replace(entry, entry.value, ` ${text}`);
    else if (after.length > 0) this.#added.push(`${key}: ${text}`);
  }

  /** Puts a text, which begins with a blank or a line break, behind a key in the place of its value. */
  #replace(entry: MapEntry, node: Node | undefined, newText: string): void {
    const { text } = this.#test.tree;
    if (!node || node.range.start === node.range.end) {
      const colon = text.indexOf(':', entry.key.range.end) + 1;
      this.#edits.push({ range: { start: colon, end: colon }, newText });
      return;
    }
    const before = /[ \t\r\n]*$/.exec(text.slice(0, node.range.start));
    const start = before ? before.index : node.range.start;
    // A comment between the key and its value stays there.
    const replacesBlanks = text[start - 1] === ':';
    const range = { start: replacesBlanks ? start : node.range.start, end: node.range.end };
    this.#edits.push({ range, newText: replacesBlanks ? newText : newText.trimStart() });
  }

  #column(offset: number): number {
    return offset - (this.#test.tree.text.lastIndexOf('\n', offset - 1) + 1);
  }
}

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position, Range } from 'vscode-languageserver-textdocument';
import { mayBeModule } from '../../core/ingest/schemas/importFolders.ts';
import { schemaProblems } from '../../core/ingest/schemas/schemaProblems.ts';
import { fileOf } from './documentKind.ts';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import type { Problem, TextRange } from '../../core/problems/problem.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import { dialectOf } from '../../core/imsc/schema/dialectOf.ts';
import { bindSchema } from '../../core/imsc/schema/schema.ts';
import type { Schema } from '../../core/imsc/schema/schema.ts';
import { evaluateStatically } from '../../core/imsc/evaluation/staticEvaluation.ts';
import type { StaticEvaluation } from '../../core/imsc/evaluation/staticEvaluation.ts';
import type { Notation, Tree } from '../../core/imsc/tree/tree.ts';
import { Occurrences } from './occurrences.ts';

/**
 * One version of one schema text and all that is known from it alone. Immutable; each part is made when it is first
 * asked for and shared by all features.
 */
export class Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly notation: Notation;
  readonly #text: TextDocument;
  #tree: Tree | undefined;
  #schema: Schema | undefined;
  readonly #static = new Map<DialectName, StaticEvaluation>();
  readonly #problems = new Map<DialectName, readonly Problem[]>();
  #occurrences: Occurrences | undefined;
  #whole: Schema | undefined;
  #importsKey = '';

  constructor(uri: string, version: number, notation: Notation, text: string) {
    this.uri = uri;
    this.version = version;
    this.notation = notation;
    // A document of its own: that of the editor is changed in place by the next edit.
    this.#text = TextDocument.create(uri, notation, version, text);
  }

  /**
   * The same text with what it imports.
   * @param whole the schema with that
   * @param key tells it from another state of what is imported
   */
  withImports(whole: Schema, key: string): Snapshot {
    const snapshot = new Snapshot(this.uri, this.version, this.notation, this.text);
    snapshot.#tree = this.tree;
    snapshot.#schema = this.schema;
    snapshot.#whole = whole;
    snapshot.#importsKey = key;
    return snapshot;
  }

  /** Tells what was imported from another state of it. */
  get importsKey(): string {
    return this.#importsKey;
  }

  get text(): string {
    return this.#text.getText();
  }

  get lineCount(): number {
    return this.#text.lineCount;
  }

  get tree(): Tree {
    return (this.#tree ??= parseTree(this.text, this.notation));
  }

  get schema(): Schema {
    return (this.#schema ??= bindSchema(this.tree, { isModule: mayBeModule(fileOf(this.uri) ?? '') }));
  }

  /**
   * The schema with what it imports, as far as that was looked up: ranges behind its own text lie in other files, see
   * `placeIn`.
   */
  get whole(): Schema {
    return this.#whole ?? this.schema;
  }

  /** What does not depend on the dialect, such as what refers to what. */
  get staticEvaluation(): StaticEvaluation {
    return this.staticEvaluationIn();
  }

  /** @param configured the dialect where the text names none */
  staticEvaluationIn(configured?: DialectName): StaticEvaluation {
    const dialect = dialectOf(this.tree, configured);
    const found = this.#static.get(dialect) ?? evaluateStatically(this.whole, dialect);
    this.#static.set(dialect, found);
    return found;
  }

  get occurrences(): Occurrences {
    return (this.#occurrences ??= new Occurrences(this.schema, this.staticEvaluation));
  }

  /**
   * Everything that is wrong with the text itself, whatever comments silence.
   * @param configured the dialect where the text names none
   */
  problemsIn(configured?: DialectName): readonly Problem[] {
    const dialect = dialectOf(this.tree, configured);
    const file = fileOf(this.uri);
    const evaluation = this.staticEvaluationIn(configured);
    const found =
      this.#problems.get(dialect) ?? schemaProblems(this.whole, { evaluation, ...(file !== undefined && { file }) });
    this.#problems.set(dialect, found);
    return found;
  }

  offsetAt(position: Position): number {
    return this.#text.offsetAt(position);
  }

  positionAt(offset: number): Position {
    return this.#text.positionAt(offset);
  }

  rangeOf(range: TextRange): Range {
    return { start: this.positionAt(range.start), end: this.positionAt(range.end) };
  }

  /** The characters of a range. */
  textOf(range: TextRange): string {
    return this.text.slice(range.start, range.end);
  }
}

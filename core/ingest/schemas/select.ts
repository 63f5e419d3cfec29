import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { notationOfFile, parseByContent, parseTree } from '../../imsc/tree/parse.ts';
import type { Tree } from '../../imsc/tree/tree.ts';
import { bindSchema } from '../../imsc/schema/schema.ts';
import type { Schema, SchemaFile } from '../../imsc/schema/schema.ts';
import { compareSchemas } from '../../imsc/schema/schemaOrder.ts';
import { mayBeModule } from './importFolders.ts';
import { explainSelector } from '../../imsc/schema/selector.ts';
import type { SelectorVerdict } from '../../imsc/schema/selector.ts';

/** The schemas of a folder, sorted out: which can be used, in which order they are asked, what is wrong. */
export interface SchemaSet {
  /** Usable ones, in the order in which they are asked. */
  readonly schemas: readonly SchemaFile[];
  readonly fallback: SchemaFile | undefined;
  /** Broken ones; left out, and reported. */
  readonly refused: readonly SchemaFile[];
  readonly problems: readonly Problem[];
}

/** Reads one schema text as an ingestion does: its content decides whether it is JSON or YAML. */
export function readSchema(file: string, text: string): SchemaFile {
  const tree = parseByContent(text);
  const isOtherwise = tree.notation === 'yaml' && notationOfFile(file) === 'json';
  return { file, schema: bindSchema(isOtherwise ? toldAsNoJson(tree) : tree, { isModule: mayBeModule(file) }) };
}

/** What is called JSON and is read as YAML is not read so without a word. */
function toldAsNoJson(tree: Tree): Tree {
  const fault = parseTree(tree.text, 'json').problems.find(({ code }) => code === 'syntax');
  const message = `This is read as YAML, because it is not JSON, which the name of the file promises. ${fault?.message ?? ''}`;
  return { ...tree, problems: [problem('json-read-as-yaml', message.trim(), fault?.range), ...tree.problems] };
}

/**
 * Sorts schemas for asking. A broken one is left out and does not stop the others; of two with one id the first in
 * order is kept (the Python ingestor stops at the former and keeps the last of the latter).
 */
export function arrangeSchemas(files: readonly SchemaFile[], fallback?: SchemaFile): SchemaSet {
  const problems: Problem[] = [];
  const refused = files.filter(({ schema }) => schema.refused);
  for (const { file, schema } of [...refused, ...(fallback?.schema.refused ? [fallback] : [])]) {
    problems.push(
      problem('schema-refused', `The schema is left out: ${firstError(schema)}`, firstErrorRange(schema), { file }),
    );
  }
  const byId = new Map<string, SchemaFile>();
  const schemas: SchemaFile[] = [];
  const inOrder = files.filter(({ schema }) => !schema.refused).sort((a, b) => compareSchemas(a.schema, b.schema));
  for (const item of inOrder) {
    const id = item.schema.id ?? '';
    const first = byId.get(id);
    if (!first) {
      byId.set(id, item);
      schemas.push(item);
      continue;
    }
    const range = item.schema.general.get('id')?.value?.range;
    const message = `The id “${id}” is already taken by ${first.file}; this schema is left out. Give it an id of its own.`;
    problems.push(problem('schema-duplicate-id', message, range, { file: item.file }));
  }
  return { schemas, refused, problems, fallback: fallback?.schema.refused ? undefined : fallback };
}

function firstError(schema: Schema): string {
  return schema.problems.find(({ severity }) => severity === 'error')?.message ?? 'it has errors.';
}

function firstErrorRange(schema: Schema): Problem['range'] {
  return schema.problems.find(({ severity }) => severity === 'error')?.range;
}

export interface Selection {
  readonly selected: SchemaFile | undefined;
  /** True where no selector matched and the fallback schema was taken. */
  readonly usedFallback: boolean;
  /** The schemas that were asked, up to the first that said yes. */
  readonly asked: readonly { readonly schema: SchemaFile; readonly verdict: SelectorVerdict }[];
}

/**
 * The schema for a data file: the first whose selector is true, else the fallback.
 * @param dataFile path as given; see `explainSelector`
 */
export function selectSchema(set: SchemaSet, dataFile: string): Selection {
  const asked: { schema: SchemaFile; verdict: SelectorVerdict }[] = [];
  for (const schema of set.schemas) {
    const { selector } = schema.schema;
    if (!selector) continue;
    const verdict = explainSelector(selector, dataFile);
    asked.push({ schema, verdict });
    if (verdict.matches) return { selected: schema, usedFallback: false, asked };
  }
  return { selected: set.fallback, usedFallback: set.fallback !== undefined, asked };
}

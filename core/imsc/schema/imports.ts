import { budget } from '../../limits/budget.ts';
import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { differenceUnseen } from '../../text/alike.ts';
import { replaceScalar } from '../edits/textEdits.ts';
import { parseByContent } from '../tree/parse.ts';
import { keyText } from '../tree/tree.ts';
import type { MapEntry, ScalarNode } from '../tree/tree.ts';
import { bindSchema, scalarTexts } from './schema.ts';
import type { FieldAssignment, ImportedSchema, Keys, Schema, SchemaFile, Variable } from './schema.ts';

/** A schema whose text was found, such as by its id. */
export interface SchemaSource {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** No schema has the id that was looked for. */
export interface NoSuchSchema {
  /** Those that there are. */
  readonly ids: readonly string[];
}

/** Finds the schema that a file means by an id. */
export type FindSchema = (id: string, from: string) => Promise<SchemaSource | NoSuchSchema>;

const { imports: most } = budget;

/** The ids of the schemas that one takes in, as they are written. */
export function importedIds(
  schema: Pick<Schema, 'general'>,
): readonly { id: string; range: TextRange; node: ScalarNode }[] {
  return scalarTexts(schema.general.get('import')?.value).map(({ text, node }) => {
    return { id: text, range: node.range, node };
  });
}

/**
 * A schema with all that it takes in: what it says itself wins, then what it takes in last. What is said anew takes the
 * place of what was said before, so that what refers to it there gets the new value. A schema that takes in none stays
 * as it is.
 */
export async function withImports(importer: SchemaFile, find: FindSchema): Promise<SchemaFile> {
  if (!importer.schema.general.has('import')) return importer;
  return { ...importer, schema: await new Importer(importer, find).run() };
}

/** What several schemas say together. */
interface Said {
  readonly variables: Map<string, Variable>;
  readonly fields: Map<string, FieldAssignment>;
  readonly jobs: Map<string, MapEntry>;
  sampleAttachment: Schema['sampleAttachment'];
}

class Importer {
  private readonly importer: SchemaFile;
  private readonly find: FindSchema;
  private readonly imported = new Map<string, ImportedSchema>();
  private readonly problems: Problem[] = [];
  private readonly said: Said = {
    variables: new Map(),
    fields: new Map(),
    jobs: new Map(),
    sampleAttachment: undefined,
  };
  private end: number;
  private looks = 0;
  private isFull = false;

  constructor(importer: SchemaFile, find: FindSchema) {
    this.importer = importer;
    this.find = find;
    this.end = importer.schema.tree.text.length;
  }

  async run(): Promise<Schema> {
    const { schema, file } = this.importer;
    await this.takeIn(schema, file, [file], undefined);
    const { variables, fields, jobs, sampleAttachment } = this.said;
    return {
      ...schema,
      general: withJobs(schema.general, [...jobs.values()]),
      variables: [...variables.values()],
      fields: [...fields.values()],
      sampleAttachment,
      problems: [...schema.problems, ...this.problems],
      refused: schema.refused || this.problems.length > 0,
      imported: [...this.imported.values()],
    };
  }

  /** @param place of the id in the importer by which this came in; undefined for the importer itself */
  private async takeIn(schema: Schema, file: string, way: readonly string[], place?: TextRange): Promise<void> {
    for (const { id, range, node } of importedIds(schema)) {
      const at = place ?? range;
      this.looks += 1;
      if (this.looks === most.looks)
        this.report('import-unknown', `So many schemas import others that “${id}” and what follows is left out.`, at);
      if (this.looks >= most.looks) break;
      const found = await this.find(id, file);
      if ('ids' in found) {
        const near = suggestion(
          id,
          found.ids.filter((each) => each !== schema.id),
        );
        const guess = near === undefined ? '' : ` Did you mean “${near}”${differenceUnseen(id, near)}?`;
        const edit = near === undefined || place !== undefined ? undefined : replaceScalar(node, near);
        this.report(
          'import-unknown',
          `${beginning(file, way)} imports “${id}”, and no schema beside it, or in its folder “modules”, has that id.${guess}`,
          at,
          edit && [{ title: `Change to “${near ?? ''}”`, edits: [edit], preferred: true }],
        );
      } else if (way.includes(found.file))
        this.report(
          'import-circle',
          `“${id}” is imported by itself: ${[...way.slice(way.indexOf(found.file)), found.file].map(nameOf).join(' → ')}.`,
          at,
        );
      else {
        const known = this.imported.get(found.file) ?? this.read(id, found, at);
        if (known) await this.takeIn(known.schema, found.file, [...way, found.file], at);
      }
    }
    this.take(schema);
  }

  private read(id: string, { file, text }: SchemaSource, at: TextRange): ImportedSchema | undefined {
    const characters = this.end - this.importer.schema.tree.text.length + text.length;
    if (this.isFull) return undefined;
    if (this.imported.size >= most.schemas || characters > most.characters) {
      this.isFull = true;
      const much = this.imported.size >= most.schemas ? `${most.schemas} schemas` : `${most.characters} characters`;
      this.report('import-unknown', `More than ${much} are imported; “${id}” and what follows is left out.`, at);
      return undefined;
    }
    const start = this.end + 1;
    // Line breaks in front, and in the place of a byte order mark, change nothing but the places.
    const tree = parseByContent('\n'.repeat(start) + text.replace(/^\uFEFF/, '\n'));
    const schema = bindSchema(tree, { isModule: true });
    this.end = start + text.length;
    const imported = { file, id, schema, place: at, start, end: this.end };
    this.imported.set(file, imported);
    const fault = schema.problems.find(({ severity }) => severity === 'error');
    if (schema.refused)
      this.report(
        'import-unknown',
        `${nameOf(file)}, which is imported as “${id}”, cannot be used: ${fault?.message ?? 'it has errors.'}`,
        at,
      );
    return imported;
  }

  private take(schema: Schema): void {
    const { variables, fields, jobs } = this.said;
    for (const variable of schema.variables) variables.set(variable.name, variable);
    for (const field of schema.fields) fields.set(field.label, field);
    const own = schema.general.get('jobs')?.value;
    if (own?.kind === 'map') for (const entry of own.entries) jobs.set(keyText(entry), entry);
    this.said.sampleAttachment = schema.sampleAttachment ?? this.said.sampleAttachment;
  }

  private report(
    code: 'import-unknown' | 'import-circle',
    message: string,
    range: TextRange,
    fixes: readonly Fix[] = [],
  ): void {
    this.problems.push(problem(code, message, range, fixes.length > 0 ? { fixes } : {}));
  }
}

/** The keys with the jobs of all. */
function withJobs(general: Keys, jobs: readonly MapEntry[]): Keys {
  const [first] = jobs;
  if (!first) return general;
  const own = general.get('jobs');
  const key = own?.key ?? first.key;
  const map = {
    kind: 'map',
    range: own?.value?.range ?? first.range,
    flow: false,
    ...(own?.value?.kind === 'map' && own.value),
    entries: jobs,
  } as const;
  return new Map([...general, ['jobs', { key, value: map, range: own?.range ?? first.range }]]);
}

function beginning(file: string, way: readonly string[]): string {
  return way.length > 1 ? nameOf(file) : 'The schema';
}

function nameOf(file: string): string {
  return file.replace(/^.*[/\\]/, '');
}

/** Where a range of a schema with imports is: in which file, and where in its text. */
export function placeIn(
  { imported = [] }: Pick<Schema, 'imported'>,
  range: TextRange,
): { readonly imported: ImportedSchema | undefined; readonly range: TextRange } {
  const part = imported.find(({ start, end }) => start <= range.start && range.start <= end);
  return part
    ? { imported: part, range: { start: range.start - part.start, end: range.end - part.start } }
    : { imported: undefined, range };
}

/** Problems of a schema with imports, those that lie in an imported text at their place in its file. */
export function inTheirFiles(problems: readonly Problem[], { file, schema }: SchemaFile): Problem[] {
  if (schema.imported === undefined) return [...problems];
  return problems.map((found) => {
    const { range, related } = found;
    if (found.file !== undefined || range === undefined) return found;
    const place = placeIn(schema, range);
    const others = related?.map((other) => {
      if (other.file !== undefined) return other;
      const there = placeIn(schema, other.range);
      return { ...other, range: there.range, file: there.imported?.file ?? file };
    });
    const known = others ? { ...found, related: others } : found;
    if (!place.imported) return known;
    const { fixes, ...rest } = known;
    // What would mend it stands in another file.
    return fixes === undefined || fixes.length === 0
      ? { ...known, range: place.range, file: place.imported.file }
      : { ...rest, range: place.range, file: place.imported.file };
  });
}

/** Whether a schema may have more than is known here: it imports what was not looked up or not found, or is imported. */
export function mayHaveMore({ general, imported, isModule, problems }: Schema): boolean {
  if (isModule === true) return true;
  return general.has('import') && (imported === undefined || problems.some(({ code }) => code === 'import-unknown'));
}

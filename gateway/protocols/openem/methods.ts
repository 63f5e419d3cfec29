import { loadSchemas, wholeSchema } from '../../../core/ingest/schemas/loadSchemas.ts';
import type { Services } from '../../protocol.ts';
import { pageParts } from '../../settings/serveOptions.ts';
import { sectionOf } from './sections.ts';
import type { Section } from './sections.ts';

/** What the page calls a method: a schema of the configuration, or the choice of one by the data file. */
export interface Method {
  readonly name: string;
  readonly id: string;
  /** Absent where the data file decides. */
  readonly schemaFile?: string | undefined;
  readonly schema: object;
}

/** There is always this one: without any the page goes no further. */
export const byFile = 'Choose by the file';

/** All methods, by their names. */
export async function methodsOf({ config, settings }: Services): Promise<readonly Method[]> {
  const { schemas, fallback } = await loadSchemas(config);
  const placed = settings.protocols.openem.sections;
  const methods: Method[] = [];
  for (const brief of [...schemas, ...(fallback ? [fallback] : [])]) {
    const whole = await wholeSchema(brief);
    if (!('schema' in whole)) continue;
    const { file, schema } = whole.schema;
    const name = schema.name ?? schema.id;
    if (name === undefined || methods.some((other) => other.name === name)) continue;
    const fields = schema.fields
      .filter(({ fieldType }) => fieldType === 'scientific_metadata')
      .flatMap(({ machineName, type }) => (machineName === undefined ? [] : [{ name: machineName, type }]));
    const id = (schema.id ?? name).replace(/[^A-Za-z0-9._-]+/g, '-');
    methods.push({ name, id, schemaFile: file, schema: schemaOf(name, fields, placed) });
  }
  methods.sort((one, other) => (one.name < other.name ? -1 : 1));
  return [{ name: byFile, id: 'by-the-file', schema: schemaOf(byFile, [], placed) }, ...methods];
}

interface Field {
  readonly name: string;
  readonly type: string | undefined;
}

/** A JSON Schema of an object with exactly the parts of the page; all references are local. */
function schemaOf(title: string, fields: readonly Field[], placed: Readonly<Record<string, string>>): object {
  const part = (section: Section): object => ({
    type: 'object',
    properties: Object.fromEntries(
      fields
        .filter(({ name }) => sectionOf(name, placed) === section)
        .map(({ name, type }) => [name, typeOf(name, type)]),
    ),
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    type: 'object',
    properties: Object.fromEntries(pageParts.map((section) => [section, part(section)])),
  };
}

function typeOf(title: string, type: string | undefined): object {
  switch (type) {
    case 'integer':
    case 'float':
      return quantity(title, { type: 'number' });
    case 'string[]':
      return { title, type: 'array', items: { type: 'string' } };
    case 'integer[]':
    case 'float[]':
      return quantity(title, { type: 'array', items: { type: 'number' } });
    default:
      return { title, type: 'string' };
  }
}

/** Numbers, of which only the data file says whether they have a unit. */
function quantity(title: string, value: object): object {
  return { title, type: 'object', properties: { value, unit: { type: 'string' } } };
}

import { Secret } from './secret.ts';
import { optionTable } from './configTable.ts';
import type { Option, OptionTable } from './options.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

function typeSchema({ type, allowed, items, minimum, maximum }: Option<unknown>): JsonSchema {
  const range = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
  const item = items ? { type: 'string', enum: items } : { type: ['string', 'number'] };
  switch (type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', ...range };
    case 'number':
      return { type: 'number', ...range };
    case 'text':
      return allowed ? { type: 'string', enum: allowed } : { type: ['string', 'number'] };
    case 'texts':
      return { type: 'array', items: item };
    case 'names':
      return { type: ['array', 'string', 'number'], items: item };
    case 'numbers':
      return { type: 'array', items: { type: 'number', ...range } };
    case 'secret':
      return { type: 'string' };
    case 'headers':
    case 'map':
      return { type: 'object', additionalProperties: { type: ['string', 'number'] } };
  }
}

/** Markdown for hovers: what the option is, more about it, and where it differs from the Python ingestor. */
export function describeOption(option: Option<unknown>): string {
  const differs =
    option.pythonDefault === undefined
      ? undefined
      : `The Python ingestor's default is \`${String(option.pythonDefault)}\`` +
        (option.differsBecause ? `; it differs because ${option.differsBecause}.` : '.');
  const online = option.onlineOnly ? 'Only `imsc online` reads it.' : undefined;
  return [option.summary, option.explanation, differs, online].filter((part) => part !== undefined).join('\n\n');
}

function optionSchema(option: Option<unknown>): JsonSchema {
  const text = describeOption(option);
  const base = typeSchema(option);
  return {
    // null means "not given" everywhere, or what the option says it means.
    ...(Array.isArray(base['type'])
      ? { ...base, type: [...base['type'].map(String), 'null'] }
      : { anyOf: [base, { type: 'null' }] }),
    description: option.summary,
    markdownDescription: text,
    ...(option.default instanceof Secret ? {} : { default: option.default }),
  };
}

function tableSchema(table: OptionTable): JsonSchema {
  const properties = Object.entries(table).flatMap(([name, item]): [string, JsonSchema][] => {
    if (item.kind === 'option') {
      const schema = optionSchema(item);
      return [name, ...(item.spellings ?? [])].map((spelling) => [spelling, schema]);
    }
    const inner = tableSchema(item.options);
    if (item.kind === 'list') return [[name, { type: ['array', 'null'], items: inner, description: item.summary }]];
    return [[name, { ...inner, type: ['object', 'null'], description: item.summary }]];
  });
  const required = Object.entries(table).flatMap(([name, item]) =>
    item.kind === 'option' && item.isRequired ? [name] : [],
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** JSON Schema (draft 7) of a file of options, made from their table. */
export function optionsSchema(title: string, table: OptionTable): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...tableSchema(table) };
}

/** JSON Schema of the ingestor's configuration file. */
export function ingestorConfigSchema(): JsonSchema {
  return optionsSchema('Configuration of the SciCat ingestor', optionTable);
}

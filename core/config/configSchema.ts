import { Secret } from './secret.ts';
import type { Option } from './configOptions.ts';
import type { OptionTable } from './configTable.ts';
import { optionTable } from './configTable.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

function typeSchema({ type, allowed, minimum }: Option<unknown>): JsonSchema {
  const least = minimum === undefined ? {} : { minimum };
  switch (type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', ...least };
    case 'number':
      return { type: 'number', ...least };
    case 'text':
      return allowed ? { type: 'string', enum: allowed } : { type: ['string', 'number'] };
    case 'texts':
      return { type: 'array', items: { type: ['string', 'number'] } };
    case 'numbers':
      return { type: 'array', items: { type: 'number', ...least } };
    case 'secret':
      return { type: 'string' };
    case 'headers':
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
  const online = option.onlineOnly ? 'Only the online ingestor reads it.' : undefined;
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
    const section = tableSchema(item.options);
    return [[name, { ...section, type: ['object', 'null'], description: item.summary }]];
  });
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}

/** JSON Schema (draft 7) of the ingestor's configuration file, made from the table of options. */
export function ingestorConfigSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of the SciCat ingestor',
    ...tableSchema(optionTable),
  };
}

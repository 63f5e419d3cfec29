import { describeOption } from '../../core/config/configSchema.ts';
import type { Option } from '../../core/config/configOptions.ts';
import { optionTable } from '../../core/config/configTable.ts';
import type { OptionTable } from '../../core/config/configTable.ts';
import { Secret } from '../../core/config/secret.ts';
import { code, pageHead, table } from './markdown.ts';

/** The page with every option of the configuration. */
export function configurationPage(): string {
  return [
    pageHead(
      'Configuration',
      'core/config/configOptions.ts',
      'The configuration file of the Python ingestor works as it is: YAML or JSON, with the sections below, all of them optional. Every option can also be given on the command line by its dotted name, with `-` for `_`: `--ingestion.file-handling.file-path-type absolute`. An option that is true or false is a switch there, which turns it on: `--ingestion.dry-run`. What is on the command line wins.',
      'Paths are relative to the working directory, or, if nothing is there, to the folder of the configuration file.',
    ),
    ...sectionParts(optionTable, '', 'At the top'),
  ].join('\n\n');
}

function sectionParts(options: OptionTable, prefix: string, title: string, summary?: string): string[] {
  const items = Object.entries(options);
  const own = items.flatMap(([name, item]) => (item.kind === 'option' ? [{ name, item }] : []));
  const inner = items.flatMap(([name, item]) =>
    item.kind === 'section' ? sectionParts(item.options, `${prefix}${name}.`, `${prefix}${name}`, item.summary) : [],
  );
  return [
    `## ${title}`,
    ...(summary === undefined ? [] : [summary]),
    ...(own.length === 0
      ? []
      : [
          table(
            ['option', 'type', 'default', 'meaning'],
            own.map(({ name, item }) => [code(name), typeName(item), defaultText(item), meaning(item)]),
          ),
        ]),
    ...inner,
  ];
}

const typeNames: Readonly<Record<Option<unknown>['type'], string>> = {
  boolean: 'true or false',
  integer: 'integer',
  number: 'number',
  text: 'text',
  texts: 'list of texts',
  numbers: 'list of numbers',
  secret: 'text, never printed',
  headers: 'map of texts, never printed',
};

function typeName({ type, allowed }: Option<unknown>): string {
  return allowed ? allowed.map((value) => code(String(value))).join(' or ') : typeNames[type];
}

function defaultText({ default: value }: Option<unknown>): string {
  return value instanceof Secret || value === '' ? '' : code(JSON.stringify(value));
}

function meaning(option: Option<unknown>): string {
  const short = option.short === undefined ? '' : ` On the command line also ${code(`-${option.short}`)}.`;
  const file = option.fileOnly ? ` Not on the command line.` : '';
  const spellings = option.spellings?.map(code).join(', ');
  const also = spellings === undefined ? '' : ` Also written ${spellings}.`;
  return `${describeOption(option)}${short}${file}${also}`;
}

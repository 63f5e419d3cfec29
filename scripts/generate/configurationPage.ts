import { describeOption } from '../../core/config/configSchema.ts';
import { optionTable } from '../../core/config/configTable.ts';
import type { Option, OptionTable } from '../../core/config/options.ts';
import type { RuleKind } from '../../core/ingest/rules/rule.ts';
import { ruleKinds } from '../../core/ingest/rules/ruleKinds.ts';
import { ruleOptions } from '../../core/ingest/rules/ruleOptions.ts';
import { serveOptions } from '../../gateway/settings/serveOptions.ts';
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

/** The page with every option of the ingest service. */
export function serveConfigurationPage(): string {
  return [
    pageHead(
      'Configuration of the service',
      'gateway/settings/serveOptions.ts',
      'What `imsc serve --serve-config imsc-serve.yml` reads: YAML or JSON, with the options below, all of them optional. The configuration of the ingestor, `-c CONFIG`, stays a file of its own. Every mistake is told at the start, with its place, and nothing is served until it is mended.',
      'Paths are relative to the folder of the file. [The service](../service.md) says what it is about.',
    ),
    ...sectionParts(serveOptions.options, '', 'At the top'),
  ].join('\n\n');
}

/** The page with the kinds of rules and every option of one. */
export function rulesPage(): string {
  const needs = (kind: RuleKind): string => {
    const names = kind.speaksOf === 'metadata' ? 'metadata' : 'fields or metadata';
    return [names, ...kind.needs].map(code).join(', ').replace('`fields or metadata`', '`fields` or `metadata`');
  };
  return [
    pageHead(
      'Rules of a facility',
      'core/ingest/rules/ruleKinds.ts and ruleOptions.ts',
      'What stands in `imsc-rules.yml`, YAML or JSON: a list `rules`, each item with the options below. [Rules](../rules.md) says what they are for.',
    ),
    '## Kinds of rules',
    table(
      ['rule', 'what it asks', 'needs', 'problem'],
      ruleKinds.map((kind) => [
        code(kind.name),
        kind.summary,
        needs(kind),
        `[${code(kind.code)}](../problems.md#${kind.code})`,
      ]),
    ),
    ...sectionParts(ruleOptions.options.rules.options, '', 'Options of a rule'),
  ].join('\n\n');
}

/** The tables of a section and of those in it. */
function sectionParts(options: OptionTable, prefix: string, title: string, summary?: string): string[] {
  const items = Object.entries(options);
  const own = items.flatMap(([name, item]) => (item.kind === 'option' ? [{ name, item }] : []));
  const inner = items.flatMap(([name, item]) =>
    item.kind === 'option'
      ? []
      : sectionParts(
          item.options,
          `${prefix}${name}${item.kind === 'list' ? '[]' : ''}.`,
          `${prefix}${name}${item.kind === 'list' ? '[]' : ''}`,
          item.summary,
        ),
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
  names: 'list of texts, or a text with commas',
  numbers: 'list of numbers',
  secret: 'text, never printed',
  headers: 'map of texts, never printed',
  map: 'map of texts',
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

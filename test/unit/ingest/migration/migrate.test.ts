import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../core/imsc/edits/applyFixes.ts';
import { loadConfig } from '../../../../core/config/config.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { plainJson } from '../../../../core/imsc/values/jsonText.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import { migrateConfig } from '../../../../core/ingest/migration/migrateConfig.ts';
import { migrateSchema } from '../../../../core/ingest/migration/migrateSchema.ts';
import type { Migration } from '../../../../core/ingest/migration/migrateSchema.ts';
import type { Tree } from '../../../../core/imsc/tree/tree.ts';
import type { ApiVersion } from '../../../../core/scicat/datasetForVersion.ts';
import { inNotation, notations } from '../../../support/markers.ts';

interface Case {
  readonly name: string;
  readonly of: 'schema' | 'config';
  /** In YAML, for v3 and for v4. */
  readonly v3: string;
  readonly v4: string;
  /** Only this way; otherwise both. */
  readonly only?: ApiVersion;
  readonly said?: readonly RegExp[];
}

const field = (name: string, value: string, type: string): string =>
  `variables:\n  ids: {source: NXS, path: /ids, value_type: 'string[]'}\nschema:\n  # a field\n  f: {field_type: high_level, machine_name: ${name}, value: ${value}, type: ${type}} # kept\n`;
const inV4 = (name: string, value: string): string => `# imsc-dialect: next\n${field(name, value, "'string[]'")}`;
const scicat = (...lines: readonly string[]): string =>
  `# mine\nscicat:\n${lines.map((line) => `  ${line}\n`).join('')}logging: {}\n`;

const cases: readonly Case[] = [
  { name: 'one text', of: 'schema', v3: field('proposalId', '<ids>', 'string'), v4: inV4('proposalIds', '[<ids>]') },
  {
    name: 'a text with a reference in it',
    of: 'schema',
    v3: field('principalInvestigator', 'Dr. <ids>', 'string'),
    v4: inV4('principalInvestigators', '[Dr. <ids>]'),
  },
  {
    name: 'quotes that somebody chose',
    of: 'schema',
    v3: field('"proposalId"', '"<ids>"', '"string"'),
    v4: `# imsc-dialect: next\n${field('"proposalIds"', '["<ids>"]', '"string[]"')}`,
  },
  {
    name: 'a text with a comma, and one quote after another',
    of: 'schema',
    v3: field("'instrumentId'", "'It''s <ids>'", 'string'),
    v4: inV4("'instrumentIds'", "['It''s <ids>']"),
  },
  {
    name: 'a text that needs quotes only in a list',
    of: 'schema',
    v3: 'variables: {}\nschema:\n  f:\n    field_type: high_level\n    machine_name: proposalId\n    value: a, b\n    type: string\n',
    v4: "# imsc-dialect: next\nvariables: {}\nschema:\n  f:\n    field_type: high_level\n    machine_name: proposalIds\n    value: ['a, b']\n    type: 'string[]'\n",
  },
  {
    name: 'several investigators',
    of: 'schema',
    only: 'v3',
    v3: field('principalInvestigator', 'Ada; Alan', 'string'),
    v4: inV4('principalInvestigators', '[Ada, Alan]'),
  },
  {
    name: 'a list that is one already',
    of: 'schema',
    only: 'v4',
    v3: field('instrumentId', '<ids>', "'string[]'"),
    v4: inV4('instrumentIds', '<ids>'),
  },
  {
    name: 'samples, whose name the next ingestor does not change',
    of: 'schema',
    only: 'v4',
    v3: field('sampleId', 's', 'string'),
    v4: field('sampleId', 's', 'string'),
    said: [/keeps its name/],
  },
  {
    name: 'what is asked of a dataset in SciCat',
    of: 'schema',
    only: 'v4',
    v3: 'variables:\n  x: {source: SC, url: datasets/1, field: proposalId, value_type: string}\nschema: {}\n',
    v4: 'variables:\n  x: {source: SC, url: datasets/1, field: proposalId, value_type: string}\nschema: {}\n',
    said: [/“proposalIds” in v4/],
  },
  {
    name: 'an item of the metadata with such a name',
    of: 'schema',
    v3: 'variables: {}\nschema:\n  f: {field_type: scientific_metadata, machine_name: proposalId, value: a, type: string}\n',
    v4: 'variables: {}\nschema:\n  f: {field_type: scientific_metadata, machine_name: proposalId, value: a, type: string}\n',
  },
  {
    name: 'the address',
    of: 'config',
    v3: scicat('host: https://s.example.org/api/v3 # ours', "token: ''"),
    v4: scicat('host: https://s.example.org/api # ours', "token: ''"),
  },
  {
    name: 'paths',
    of: 'config',
    v3: scicat('host: https://s.example.org/api/v3', 'api_endpoints:', '  proposals: proposals', '  samples: mine'),
    v4: scicat('host: https://s.example.org/api', 'api_endpoints:', '  proposals: v3/proposals', '  samples: v4/mine'),
  },
  {
    name: 'version, datasets and health, which are not needed any more',
    of: 'config',
    only: 'v4',
    v3: scicat('host: https://s.example.org/api/v3', 'apiVersion: auto', 'health_endpoint: health', 'api_endpoints:', '  datasets: datasets', '  jobs: jobs'), // prettier-ignore
    v4: scicat('host: https://s.example.org/api', 'apiVersion: v4', 'api_endpoints:', '  jobs: v4/jobs'),
  },
  {
    name: 'a path of the datasets that is not the usual one',
    of: 'config',
    only: 'v4',
    v3: scicat('host: https://s.example.org/api/v3', 'api_endpoints:', '  datasets: mine'),
    v4: scicat('host: https://s.example.org/api', 'api_endpoints:', '  datasets: mine'),
    said: [/always takes “v4\/datasets”/],
  },
];

describe.each(notations)('a migration in %s', (notation) => {
  const of: Readonly<Record<Case['of'], (tree: Tree, to: ApiVersion) => Migration>> = {
    schema: migrateSchema,
    config: migrateConfig,
  };
  const general = 'id: a\nname: a\norder: 1\nselector: "*"\n';
  const whole = (each: Case, text: string): string =>
    each.of === 'config' ? text : text.replace(/^(# imsc-dialect: next\n)?/, `$1${general}`);

  for (const each of cases) {
    for (const to of each.only ? [each.only] : (['v4', 'v3'] as const)) {
      it(`${each.name}, to ${to}`, () => {
        const [before, after] = (to === 'v4' ? [each.v3, each.v4] : [each.v4, each.v3]).map((text) =>
          whole(each, text),
        );
        const text = inNotation(before ?? '', notation);
        const { edits, problems } = of[each.of](parseTree(text, notation), to);
        expect(problems.map(({ message }) => message)).toEqual(
          (each.said ?? []).map((said) => expect.stringMatching(said) as string),
        );
        const made = applyEdits(text, edits);
        if (notation === 'yaml') expect(made).toBe(after);
        const wanted = parseTree(after ?? '', 'yaml');
        expect(plainJson(valueOf(parseTree(made, notation).root))).toEqual(plainJson(valueOf(wanted.root)));
        const [again] = [of[each.of](parseTree(made, notation), to)];
        expect(again.edits).toEqual([]);
      });
    }
  }
});

it.each(['\n', '\r\n'])('has the line breaks of the text, %j', (lineBreak) => {
  const text = field('proposalId', '<ids>', 'string').replaceAll('\n', lineBreak);
  const there = applyEdits(text, migrateSchema(parseTree(text, 'yaml'), 'v4').edits);
  expect(there.split(lineBreak).join('')).not.toMatch(/[\r\n]/);
  expect(applyEdits(there, migrateSchema(parseTree(there, 'yaml'), 'v3').edits)).toBe(text);
});

describe('the configuration of the next Python ingestor', () => {
  it('means the same as that of today’s, in v4', () => {
    const next =
      'scicat:\n  host: https://s.example.org/api\n  api_endpoints: {health: v3/health, samples: v4/samples}\n';
    const { config, problems } = loadConfig({ file: '/c.yml', text: next, withToken: false });
    expect(problems.filter(({ severity }) => severity !== 'warning')).toEqual([]);
    expect(config.scicat).toMatchObject({
      host: 'https://s.example.org/api/v3',
      apiVersion: 'v4',
      health_endpoint: 'health',
      api_endpoints: { samples: 'samples', proposals: 'proposals' },
    });
  });

  it('is not taken for one where the address has its version', () => {
    const today = 'scicat:\n  host: https://s.example.org/api/v3\n  api_endpoints: {samples: v4/samples}\n';
    const { config } = loadConfig({ file: '/c.yml', text: today, withToken: false });
    expect(config.scicat).toMatchObject({ apiVersion: 'v3', api_endpoints: { samples: 'v4/samples' } });
  });
});

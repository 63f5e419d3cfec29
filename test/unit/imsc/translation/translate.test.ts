import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import type { Evaluation } from '../../../../core/imsc/evaluation/evaluation.ts';
import { ReadFailure } from '../../../../core/imsc/evaluation/readers.ts';
import type { DataReader, Reading } from '../../../../core/imsc/evaluation/readers.ts';
import { isKnownTo } from '../../../../core/imsc/language/dialects.ts';
import type { DialectName } from '../../../../core/imsc/language/dialects.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import type { Schema } from '../../../../core/imsc/schema/schema.ts';
import { usesIn } from '../../../../core/imsc/schema/uses.ts';
import { translateSchema } from '../../../../core/imsc/translation/translate.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { plainJson, valueFromPlain } from '../../../../core/imsc/values/jsonText.ts';
import { datasetForVersion, plainForm } from '../../../../core/scicat/datasetForVersion.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { translationCases } from './translationCases.ts';
import type { FileContent, TranslationCase } from './translationCases.ts';

/** A file that holds what a case says. */
function readerOf(content: FileContent): DataReader {
  return {
    read(path, valueType): Reading {
      const held = content[path];
      if (held === undefined) throw new ReadFailure('path-missing', `There is no ${path}.`);
      const isObject = typeof held === 'object' && held !== null && 'at' in held && 'value' in held;
      const { at, value } = isObject ? { at: held.at as string[], value: held.value } : { at: [path], value: held };
      const [number, unit = ''] = typeof value === 'string' ? value.split(' ') : [undefined];
      const isNumber = valueType === 'float' && typeof number === 'string' && unit !== '';
      const taken = isNumber ? Number(number) : value;
      return { value: valueFromPlain(taken), unit, unitFromFile: isNumber, paths: at, notes: [] };
    },
  };
}

const complete = (yaml: string): string =>
  ['id: a', 'name: a', 'order: 1', ...(/^selector:/m.test(yaml) ? [] : ["selector: '*'"]), yaml].join('\n');

async function evaluated(schema: Schema, content: FileContent, dialect: DialectName): Promise<Evaluation> {
  const none = { unavailable: 'There is none.' };
  return evaluate(schema, { data: readerOf(content), catalogue: none, builtIns: {}, dialect });
}

/** The dataset as v4 of the API has it; of several assignments the last one with a value counts. */
function datasetOf({ fields }: Evaluation): unknown {
  const high = new Map<string, unknown>();
  const metadata: Record<string, unknown> = {};
  for (const { fieldType, machineName, outcome } of fields) {
    if (outcome.state !== 'known') continue;
    const value = plainJson(outcome.value);
    if (fieldType === 'high_level') high.set(machineName, value);
    else metadata[machineName] = [value, outcome.unit];
  }
  return { ...Object.fromEntries(datasetForVersion(high, 'v4', plainForm).fields), metadata };
}

describe.each(notations)('a schema in %s for another ingestor', (notation) => {
  it.each(translationCases)('$name', async (each: TranslationCase) => {
    const { to = 'python-26', files = [], samples = 0, has = [], lacks = [], said = [] } = each;
    const text = inNotation(complete(each.yaml), notation);
    const schema = bindSchema(parseTree(text, notation));
    expect(schema.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const known = await Promise.all(files.slice(0, samples).map((file) => evaluated(schema, file, 'imsc')));
    const context = { dialect: 'imsc', datasetFields, samples: known } as const;
    const made = translateSchema(schema, to, notation, context);

    const places = made.problems.map(({ code, range, message }) => {
      return { code, place: text.slice(range?.start, range?.end).replaceAll(/["'\s]/g, ''), message };
    });
    expect(places).toEqual(
      said.map(([code, place, message]) => ({
        code,
        place: inFlow(place),
        message: expect.stringMatching(message) as string,
      })),
    );

    const after = bindSchema(parseTree(made.text, notation));
    expect(
      after.problems.filter(({ severity }) => severity === 'error'),
      made.text,
    ).toEqual([]);
    const isWhole = !said.some(([code]) => code === 'not-translated');
    const strange = usesIn(after, datasetFields).filter(({ entry }) => !isKnownTo(entry, to));
    expect(strange.length === 0, made.text).toBe(isWhole);
    if (isWhole) {
      for (const file of files) {
        const wanted = datasetOf(await evaluated(schema, file, 'imsc'));
        expect(datasetOf(await evaluated(after, file, to)), made.text).toEqual(wanted);
      }
    }
    const inYaml = translateSchema(schema, to, 'yaml', context).text;
    for (const piece of has) if (notation === 'yaml' || !piece.startsWith('# ')) expect(inYaml).toContain(piece);
    for (const piece of lacks) expect(inYaml).not.toContain(piece);
    if (notation === 'yaml') expect(made.text).toBe(inYaml);
  });
});

/** As the marked place reads without quotes and blanks. */
function inFlow(place: string): string {
  return place.replaceAll(/["'\s]/g, '');
}

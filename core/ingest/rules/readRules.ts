import { buildValues, fitsTable, readOptionFile, report } from '../../config/readOptions.ts';
import type { Reading } from '../../config/readOptions.ts';
import type { OptionTable } from '../../config/options.ts';
import { dialectNamed } from '../../imsc/language/dialects.ts';
import type { Problem, Severity, TextRange } from '../../problems/problem.ts';
import { pythonRegex } from '../../text/pythonRegex.ts';
import { ruleKinds } from './ruleKinds.ts';
import { ruleOptions } from './ruleOptions.ts';
import type { RuleValues } from './ruleOptions.ts';
import type { Rule, RuleSet } from './rule.ts';

const table: OptionTable = ruleOptions.options;
const isRuleValues = (value: unknown): value is RuleValues => fitsTable(table, value);

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/**
 * Reads the rules of a facility and everything that is wrong with them, each with its place. A rule with a mistake is
 * left out: nothing is told of a schema for what was not meant.
 * @param file absolute path
 */
export function readRules(
  file: string,
  text: string,
): { readonly set: RuleSet; readonly problems: readonly Problem[] } {
  const reading: Reading = { table, values: new Map(), origins: new Map(), ranges: new Map(), problems: [], file };
  readOptionFile(reading, text);
  const values = buildValues(table, '', reading.values);
  if (!isRuleValues(values)) throw new Error('The table of options made a value that it does not accept itself.');
  const rules = values.rules.flatMap((written, index) => ruleOf(reading, written, index) ?? []);
  return { set: { file, text, rules }, problems: reading.problems };
}

function ruleOf(reading: Reading, written: RuleValues['rules'][number], index: number): Rule | undefined {
  const at = `rules[${index}]`;
  const range = reading.ranges.get(`${at}.rule`);
  const kind = ruleKinds.find(({ name }) => name === written.rule);
  // What is missing or unknown is told by the reading.
  if (!kind || !range) return undefined;
  const whole = reading.ranges.get(at) ?? range;
  const isInside = (place: TextRange): boolean => whole.start <= place.start && place.end <= whole.end;
  let isRight = !reading.problems.some((found) => found.range && isInside(found.range));
  const tell = (option: string, message: string): void => {
    isRight = false;
    report(reading, 'config-value', message, { range: reading.ranges.get(`${at}.${option}`) ?? range });
  };
  const { fields, metadata, values, pattern, severity, dialects, instruments, because } = written;
  if (fields.length + metadata.length === 0)
    tell('rule', `A rule “${kind.name}” needs the names that it is about: ${kind.speaksOf === 'metadata' ? 'metadata' : 'fields or metadata'}.`); // prettier-ignore
  if (kind.speaksOf === 'metadata' && fields.length > 0)
    tell('fields', `A rule “${kind.name}” is about scientific metadata; fields of the dataset have no place in it.`);
  if (!kind.takesStars && metadata.some((name) => name.includes('*')))
    tell('metadata', `A rule “${kind.name}” needs whole names, without “*”.`);
  if (kind.needs.includes('values') && values.length === 0) tell('rule', `A rule “${kind.name}” needs values.`);
  if (kind.needs.includes('pattern') && pattern === '') tell('rule', `A rule “${kind.name}” needs a pattern.`);
  if (!kind.needs.includes('values') && values.length > 0)
    tell('values', `A rule “${kind.name}” has no use for values.`);
  if (!kind.needs.includes('pattern') && pattern !== '')
    tell('pattern', `A rule “${kind.name}” has no use for a pattern.`);
  let regex: RegExp | undefined;
  try {
    regex = pattern === '' ? undefined : pythonRegex(pattern);
  } catch (error) {
    tell(
      'pattern',
      `'${at}.pattern' is no regular expression: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    );
  }
  if (!isRight) return undefined;
  return {
    kind,
    fields,
    metadata,
    values,
    pattern: regex && { written: pattern, regex },
    severity: severities.find((each) => each === severity),
    dialects: dialects.flatMap((name) => dialectNamed(name) ?? []),
    instruments,
    because,
    range,
  };
}

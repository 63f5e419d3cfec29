import { budget } from '../../limits/budget.ts';
import { LimitedTime } from '../../limits/limitedTime.ts';
import { TimeOver } from '../../limits/timeOver.ts';
import type { FolderMember } from '../../imsc/checks/checkFolder.ts';
import { fieldTypeOf } from '../../imsc/checks/fields.ts';
import type { StaticEvaluation } from '../../imsc/evaluation/staticEvaluation.ts';
import { placeIn } from '../../imsc/schema/imports.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { isAmong } from './names.ts';
import type { JudgedSchema, NamedField, Rule, RuleSet, Tell } from './rule.ts';

/**
 * What the rules of a facility say of a schema by itself. Time proportional to the size of the schema; patterns together
 * take no longer than that of one operator.
 * @param evaluation what is known of its values without a data file
 */
export function checkRules({ file, rules }: RuleSet, schema: Schema, evaluation: StaticEvaluation): Problem[] {
  const problems: Problem[] = [];
  const judged: JudgedSchema = {
    schema,
    fields: schema.fields.flatMap(namedField),
    valueOf: (field) => evaluation.fields.get(field),
    fits: inTime(budget.patternMs),
  };
  const instrument = scalarText(schema.general.get('instrument')?.value);
  for (const rule of rules) {
    if (!isFor(rule, instrument)) continue;
    const tell: Tell = (message, range, more) => {
      // What is imported is judged by itself, but for what asks for the instrument, which a module need not have.
      const isOthers = placeIn(schema, range).imported !== undefined && rule.instruments.length === 0;
      if (!isOthers) problems.push(problemOf(rule, file, message, range, more));
    };
    rule.kind.check?.(rule, judged, tell);
  }
  return problems;
}

/** What the rules say of the schemas of a folder together. @returns problems by file */
export function checkRulesAmong({ file, rules }: RuleSet, members: readonly FolderMember[]): Map<string, Problem[]> {
  const problems = new Map<string, Problem[]>();
  const ordered = [...members].sort((a, b) => (a.file < b.file ? -1 : 1));
  for (const rule of rules) {
    const meant = ordered.filter(({ instrument }) => isFor(rule, instrument));
    rule.kind.checkAmong?.(rule, meant, (of, message, range, more) => {
      problems.set(of, [...(problems.get(of) ?? []), problemOf(rule, file, message, range, more)]);
    });
  }
  return problems;
}

function problemOf(rule: Rule, file: string, ...[message, range, more = {}]: Parameters<Tell>): Problem {
  const { kind, severity, dialects, because } = rule;
  const { related = [], ...rest } = more;
  return problem(kind.code, because === '' ? message : `${message} ${sentence(because)}`, range, {
    ...(severity && { severity }),
    ...(dialects.length > 0 && { onlyIn: dialects }),
    ...rest,
    related: [...related, { message: 'the rule', range: rule.range, file }],
  });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function namedField(field: Schema['fields'][number]): NamedField[] {
  const type = fieldTypeOf(field);
  if (type === undefined || field.machineName === undefined) return [];
  return [{ field, isMetadata: type === 'scientific_metadata', name: field.machineName }];
}

function isFor({ instruments }: Rule, instrument: string | undefined): boolean {
  if (instruments.length === 0) return true;
  const lower = (text: string): string => text.trim().toLowerCase();
  return instrument !== undefined && isAmong(lower(instrument), instruments.map(lower));
}

/** Tries patterns for so many milliseconds in all; then nothing is known any more. */
function inTime(milliseconds: number): JudgedSchema['fits'] {
  const time = new LimitedTime(milliseconds);
  return (pattern, text) => {
    try {
      return time.run(() => pattern.test(text), `${pattern.source} ${text.slice(0, 1000)}`);
    } catch (error) {
      if (error instanceof TimeOver) return undefined;
      throw error;
    }
  };
}

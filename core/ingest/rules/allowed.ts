import { inItsPlace } from '../../imsc/translation/fieldNames.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Value } from '../../imsc/values/values.ts';
import { pythonText } from '../../imsc/values/pythonText.ts';
import type { Node, Tree } from '../../imsc/tree/tree.ts';
import type { Fix, TextRange } from '../../problems/problem.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { differenceUnseen, isSameUnit } from '../../text/alike.ts';
import { isNamedBy } from './names.ts';
import type { JudgedSchema, NamedField, Rule, RuleKind } from './rule.ts';

/** Only what is certain without a data file is judged: what comes from one is not known. */
export const allowed: RuleKind = {
  name: 'allowed',
  code: 'rule-value',
  summary: 'a value that stands in the schema is one of these',
  needs: ['values'],
  speaksOf: 'all fields',
  takesStars: true,
  check: (rule, judged, tell) => {
    for (const { named, text, range, node } of knownTexts(rule, judged)) {
      if (rule.values.includes(text)) continue;
      const near = nearest(text, rule.values);
      const unseen = near === undefined ? '' : differenceUnseen(text, near);
      tell(`“${named.name}” is “${text}”${unseen}; the rules allow ${listed(rule.values)}.`, range, {
        fixes: replaceFixes(judged.schema.tree, node, text, near),
      });
    }
  },
};

export const fits: RuleKind = {
  name: 'pattern',
  code: 'rule-value',
  summary: 'a value that stands in the schema fits a regular expression',
  needs: ['pattern'],
  speaksOf: 'all fields',
  takesStars: true,
  check: (rule, judged, tell) => {
    const { pattern } = rule;
    if (!pattern) return;
    for (const { named, text, range } of knownTexts(rule, judged)) {
      if (judged.fits(pattern.regex, text) !== false) continue;
      tell(`“${named.name}” is “${text}”, which does not fit ${pattern.written}, as the rules want.`, range);
    }
  },
};

export const hasUnit: RuleKind = {
  name: 'unit',
  code: 'rule-unit',
  summary: 'scientific metadata have one of these units',
  needs: ['values'],
  speaksOf: 'metadata',
  takesStars: true,
  check: (rule, judged, tell) => {
    for (const named of judged.fields.filter((each) => isNamedBy(rule, each))) {
      const node = named.field.keys.get('unit')?.value;
      const unit = scalarText(node) ?? unitOf(judged, named);
      if (unit === undefined || rule.values.some((each) => isSameUnit(each, unit))) continue;
      const says = unit === '' ? `“${named.name}” has no unit` : `The unit of “${named.name}” is “${unit}”`;
      // Another unit would need another value; another spelling does not.
      const same = rule.values.find((each) => each.toLowerCase() === unit.trim().toLowerCase());
      tell(`${says}; the rules want ${listed(rule.values)}.`, (node ?? named.field.entry.key).range, {
        fixes: replaceFixes(judged.schema.tree, node, unit, same),
      });
    }
  },
};

function unitOf({ valueOf }: JudgedSchema, { field }: NamedField): string | undefined {
  const value = valueOf(field);
  return value === undefined || value.state === 'failed' ? undefined : value.unit;
}

interface KnownText {
  readonly named: NamedField;
  readonly text: string;
  readonly range: TextRange;
  /** Where it is written as it is. */
  readonly node: Node | undefined;
}

/** The values, as texts, that fields get whatever the data file holds; each item of a list is one. */
function knownTexts(rule: Rule, { fields, valueOf }: JudgedSchema): KnownText[] {
  return fields
    .filter((each) => isNamedBy(rule, each))
    .flatMap((named): KnownText[] => {
      const value = valueOf(named.field);
      if (value?.state !== 'constant') return [];
      const node = named.field.keys.get('value')?.value;
      const nodes = node?.kind === 'list' ? node.items : node ? [node] : [];
      return textsOf(value.value).map((text) => {
        const own = nodes.find((each) => scalarText(each) === text);
        return { named, text, range: (own ?? node ?? named.field.entry.key).range, node: own };
      });
    });
}

/** What is empty is for the rule that asks for it. */
function textsOf(value: Value): string[] {
  if (value.kind === 'none' || value.kind === 'dict' || value.kind === 'bytes') return [];
  const texts = value.kind === 'list' ? value.items.flatMap(textsOf) : [pythonText(value)];
  return texts.filter((text) => text.trim() !== '');
}

function nearest(text: string, values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : suggestion(text, values);
}

function replaceFixes(tree: Tree, node: Node | undefined, text: string, by: string | undefined): Fix[] {
  if (by === undefined || node?.kind !== 'scalar' || scalarText(node) !== text) return [];
  const edit = inItsPlace(tree, node, by);
  return edit ? [{ title: `Change to “${by}”`, edits: [edit], preferred: true }] : [];
}

function listed(values: readonly string[]): string {
  const most = 8;
  const shown = values.slice(0, most).map((value) => `“${value}”`);
  const rest = values.length - most;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

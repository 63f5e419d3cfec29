import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { differenceUnseen } from '../../text/alike.ts';
import { dialectNames, isKnownTo, strangeTo, whoKnows } from '../language/dialects.ts';
import type { DialectName } from '../language/dialects.ts';
import { dialectComment, dialectOf } from '../schema/dialectOf.ts';
import { usesIn } from '../schema/uses.ts';
import type { Use } from '../schema/uses.ts';
import type { Tree } from '../tree/tree.ts';
import type { Check } from './check.ts';

/**
 * What a schema uses that not every ingestor understands, told once for all that the same programs understand, and
 * only where the dialect is another; and whether the dialect that its comment names is one.
 */
export const checkDialects: Check = ({ schema, datasetFields, report }) => {
  const { tree } = schema;
  const comment = dialectComment(tree);
  if (comment && comment.dialect === undefined) report(unknownDialect(comment.written, comment.range));
  const groups = new Map<string, [Use, ...Use[]]>();
  for (const use of usesIn(schema, datasetFields)) {
    if (use.isMistake === true || strangeTo(use.entry).length === 0) continue;
    const key = dialectNames.filter((name) => isKnownTo(use.entry, name)).join(' ');
    const group = groups.get(key);
    if (group) group.push(use);
    else groups.set(key, [use]);
  }
  for (const uses of groups.values()) report(strangeUses(tree, uses));
};

function strangeUses(tree: Tree, uses: readonly [Use, ...Use[]]): Problem {
  const [first] = uses;
  const dialect = dialectNames.find((name) => isKnownTo(first.entry, name)) ?? 'imsc';
  const names = [...new Set(uses.map(({ what }) => what))];
  const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? `, and ${names.length - 4} more` : '');
  const consequences = [...new Set(uses.map(({ elsewhere }) => elsewhere))].join('; ');
  const others = uses.filter(({ range }, index) => index > 0 && range.start !== first.range.start);
  const fix = sayDialect(tree, dialect);
  const how = fix ? `a comment “# imsc-dialect: ${dialect}”` : `the setting imsc.dialect (${dialect})`;
  return problem(
    'other-dialect',
    `Only ${whoKnows(first.entry) ?? 'imsc'} understand${dialect === 'imsc' ? 's' : ''} ${shown}: ${consequences}. If the schema is written for ${dialect === 'imsc' ? 'it' : 'one of these'}, say so with ${how}.`,
    first.range,
    {
      onlyIn: strangeTo(first.entry),
      fixes: fix ? [fix] : [],
      ...(others.length > 0 && { related: others.map(({ what, range }) => ({ message: what, range })) }),
    },
  );
}

/** A comment in the first line; none in JSON, which has no comments, and none where one is there. */
function sayDialect(tree: Tree, dialect: DialectName): Fix | undefined {
  if (tree.notation === 'json' || dialectComment(tree)) return undefined;
  const start = tree.text.startsWith('\uFEFF') ? 1 : 0;
  const edit = { range: { start, end: start }, newText: `# imsc-dialect: ${dialect}\n` };
  return { title: `Say that the schema is written for “${dialect}”`, edits: [edit] };
}

function unknownDialect(written: string, range: TextRange): Problem {
  const near = suggestion(written, dialectNames);
  return problem(
    'unknown-dialect',
    `“${written}” is not a dialect${near === undefined ? '' : differenceUnseen(written, near)}; use ${dialectNames.join(', ')}.`,
    range,
    near === undefined
      ? {}
      : { fixes: [{ title: `Change to ${near}`, edits: [{ range, newText: near }], preferred: true }] },
  );
}

/**
 * The problems that a schema has in its dialect.
 * @param configured the dialect where the text names none
 */
export function inDialect(tree: Tree, problems: readonly Problem[], configured?: DialectName): Problem[] {
  const dialect = dialectOf(tree, configured);
  return problems.filter(({ onlyIn }) => onlyIn === undefined || onlyIn.includes(dialect));
}

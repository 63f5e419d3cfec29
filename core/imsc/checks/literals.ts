import { problem } from '../../problems/problem.ts';
import type { Fix, TextRange } from '../../problems/problem.ts';
import { builtInNames } from '../language/builtIns.ts';
import type { StaticEvaluation, TemplatePlace } from '../evaluation/staticEvaluation.ts';
import { hasStrayBrackets } from '../schema/template.ts';
import { replaceInText, replaceScalar } from '../edits/textEdits.ts';
import { textOffsetOf } from '../tree/scalarText.ts';
import type { Check, CheckInput } from './check.ts';

/** Texts that are taken as they stand, and angle brackets that belong to no variable. */
export const checkLiterals: Check = (input) => {
  for (const template of input.evaluation.templates) {
    if (template.isKey) continue;
    // A url may be the name of an endpoint, whatever the variables are called.
    const isUrl = template.owner.keys.get('url')?.value === template.scalar;
    if (template.references.length === 0 && !isUrl) checkVariableName(template, input);
    if (/[<>]/.test(template.text)) checkBrackets(template, input);
  }
};

/** How other languages write a variable, besides its bare name. */
const otherSpellings = [/^([^<>${}%]+)$/, /^\$?\{\{?\s*([^{}]+?)\s*\}?\}$/, /^\$(\w+)$/, /^%(\w+)%$/];

/** The variable whose name a text is, without brackets or in those of another language. */
export function variableNamed({ text, owner, isKey }: TemplatePlace, evaluation: StaticEvaluation): string | undefined {
  if (isKey) return undefined;
  const name = otherSpellings.map((spelling) => spelling.exec(text)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return undefined;
  const position = evaluation.positions.get(name);
  if (position === undefined) return builtInNames.includes(name) ? name : undefined;
  // A variable whose own value is its name is a constant on purpose.
  return evaluation.schema.variables[position] === owner ? undefined : name;
}

function checkVariableName(template: TemplatePlace, { evaluation, report }: CheckInput): void {
  const { scalar, text } = template;
  const name = variableNamed(template, evaluation);
  if (name === undefined) return;
  const variable = evaluation.schema.variables[evaluation.positions.get(name) ?? -1];
  const edit = replaceScalar(scalar, `<${name}>`);
  report(
    problem(
      'literal-is-variable',
      `This is the text “${text}”, not the value of the variable; write <${name}> for that.`,
      scalar.range,
      {
        fixes: edit ? [{ title: `Change to <${name}>`, edits: [edit], preferred: true }] : [],
        ...(variable ? { related: [{ message: 'the variable', range: variable.entry.key.range }] } : {}),
      },
    ),
  );
}

function checkBrackets({ scalar, text, references }: TemplatePlace, { evaluation, report }: CheckInput): void {
  if (references.every(({ verdict }) => verdict !== 'no-name') && bracketsIn(text) === 2 * references.length) return;
  const inReference = (offset: number): boolean =>
    references.some(({ start, end, verdict }) => verdict !== 'no-name' && start <= offset && offset < end);
  const stray = [...text.matchAll(/[<>]/g)].map(({ index }) => index).filter((offset) => !inReference(offset));
  const [first] = stray;
  if (first === undefined) return;
  const range = (offset: number, length = 1): TextRange => ({
    start: textOffsetOf(scalar, offset),
    end: textOffsetOf(scalar, offset + length),
  });
  const known = new Set(references.filter(({ verdict }) => verdict !== 'no-name').map(({ name }) => name));
  if (hasStrayBrackets(text, (name) => known.has(name))) {
    report(
      problem(
        'stray-bracket',
        'This “' +
          (text[first] ?? '') +
          '” belongs to no variable, and a text with both “<” and “>” left over has no value. Only <name> of a variable may stand here.',
        range(first),
      ),
    );
    return;
  }
  for (const offset of stray) {
    const half = halfReference(text, offset, evaluation.positions);
    if (half === undefined) continue;
    const edit = replaceInText(scalar, half.insertAt, half.insertAt, half.insert);
    const fixes: Fix[] = edit ? [{ title: `Change to <${half.name}>`, edits: [edit], preferred: true }] : [];
    report(
      problem(
        'unclosed-reference',
        `Write <${half.name}> for the value of the variable; without both brackets it is plain text.`,
        { start: textOffsetOf(scalar, half.start), end: textOffsetOf(scalar, half.end) },
        { fixes },
      ),
    );
  }
}

interface HalfReference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly insertAt: number;
  readonly insert: '<' | '>';
}

/** `<name` or `name>` with the other bracket forgotten, if there is such a variable. */
function halfReference(
  text: string,
  offset: number,
  variables: ReadonlyMap<string, number>,
): HalfReference | undefined {
  const exists = (name: string): boolean => variables.has(name) || builtInNames.includes(name);
  if (text[offset] === '<') {
    const name = /^[\p{L}\p{N}_.-]+/u.exec(text.slice(offset + 1))?.[0];
    if (name === undefined || !exists(name)) return undefined;
    const end = offset + 1 + name.length;
    return { name, start: offset, end, insertAt: end, insert: '>' };
  }
  const name = /[\p{L}\p{N}_.-]+$/u.exec(text.slice(0, offset))?.[0];
  if (name === undefined || !exists(name)) return undefined;
  const start = offset - name.length;
  return { name, start, end: offset + 1, insertAt: start, insert: '<' };
}

/** How many angle brackets a text has. */
function bracketsIn(text: string): number {
  let count = 0;
  for (const character of text) if (character === '<' || character === '>') count += 1;
  return count;
}

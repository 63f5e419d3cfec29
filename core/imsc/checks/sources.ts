import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import { scalarText, scalarTexts } from '../schema/schema.ts';
import { pythonDialects } from '../language/dialects.ts';
import { sourceNamed } from '../language/sources.ts';
import type { Variable } from '../schema/schema.ts';
import { answerOf, decodeParameter, endpoints, splitUrl } from '../schema/scicatUrls.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { replaceInText, replaceScalar } from '../edits/textEdits.ts';
import { textOffsetOf } from '../tree/scalarText.ts';
import type { Node, ScalarNode } from '../tree/tree.ts';
import type { Check, CheckInput } from './check.ts';

/** What `SC` variables ask SciCat for. */
export const checkCatalogue: Check = (input) => {
  for (const variable of input.schema.variables) {
    if (!variable.source || sourceNamed(variable.source).asks !== 'catalogue') continue;
    const node = variable.keys.get('url')?.value;
    const url = scalarText(node);
    if (node?.kind === 'scalar' && url !== undefined) {
      checkEndpoint(node, url, input);
      checkQuery(node, url, input);
    }
    checkField(variable, url, input);
  }
};

function checkEndpoint(node: ScalarNode, url: string, { report }: CheckInput): void {
  const { absolute, endpoint } = splitUrl(url);
  // What a variable puts there is not known.
  if (absolute || endpoint.includes('<')) return;
  if (url === '') {
    report(problem('unknown-endpoint', 'The url is empty.', node.range));
    return;
  }
  if (endpoints.some((known) => known === endpoint)) return;
  const start = url.length - url.trimStart().replace(/^\.?\/+/, '').length;
  const word = url.slice(start).split(/[/?#]/, 1)[0] ?? '';
  const exact = endpoints.find((known) => known === word);
  const near = exact ?? suggestion(word, endpoints);
  const edit = near === undefined ? undefined : replaceInText(node, 0, start + word.length, near);
  const before = /^\s/.test(url) ? 'a space' : '“/” or “./”';
  const reason = exact === undefined ? `“${word}” is none of ${endpoints.join(', ')}` : `The url begins with ${before}`;
  report(
    problem(
      'unknown-endpoint',
      `${reason}; the Python ingestor has no address for it.${near === undefined ? '' : ` Write “${near}”.`}`,
      partOf(node, 0, Math.max(start + word.length, 1)),
      edit ? { fixes: [{ title: `Change to “${near ?? ''}”`, edits: [edit], preferred: true }] } : {},
    ),
  );
}

function checkQuery(node: ScalarNode, url: string, { report }: CheckInput): void {
  const { absolute, endpoint, query } = splitUrl(url);
  if (absolute) return;
  for (const { name, value, start, end } of query) {
    if (endpoint === 'proposals' && name === 'filter') {
      const edit = replaceInText(node, start - 1, start - 1, 's');
      const fixes: Fix[] = edit ? [{ title: 'Change to “filters”', edits: [edit], preferred: true }] : [];
      report(
        problem(
          'filter-ignored',
          'For proposals SciCat reads “filters”; it ignores “filter” and answers with all proposals.',
          partOf(node, start - 1 - name.length, start - 1),
          { fixes },
        ),
      );
    }
    if (name !== 'filter' && name !== 'filters') continue;
    const fault = filterFault(value);
    if (fault !== undefined) report(problem('filter-not-json', fault, partOf(node, start, Math.max(end, start + 1))));
  }
}

/** Why a filter is not a JSON object; a variable may stand for any text or number in it. */
function filterFault(value: string): string | undefined {
  if (/^<[^<>]*>$/.test(value)) return undefined;
  const decoded = decodeParameter(value);
  if (decoded === undefined)
    return 'The percent signs of this filter are broken: each must be followed by two hexadecimal digits.';
  try {
    const filter: unknown = JSON.parse(decoded.replaceAll(/<[^<>]*>/g, '0'));
    return typeof filter === 'object' && filter !== null && !Array.isArray(filter)
      ? undefined
      : `SciCat needs a JSON object as filter, and this is ${decoded}.`;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+in JSON.*|, ?"[\s\S]*/, '') : 'wrong syntax';
    return `This filter is not JSON (${reason}): ${decoded}`;
  }
}

function checkField(variable: Variable, url: string | undefined, { report }: CheckInput): void {
  const node = variable.keys.get('field')?.value;
  if (node?.kind !== 'scalar' || node.value.kind !== 'string' || node.value.value === '') return;
  const field = node.value.value;
  if (field.startsWith(':')) {
    const edit = replaceScalar(node, field.replace(/^:+\s*/, ''));
    report(
      problem(
        'field-leading-colon',
        `SciCat's answer has no “${field}”; the colon does not belong to the name.`,
        node.range,
        { fixes: edit ? [{ title: 'Remove the colon', edits: [edit], preferred: true }] : [] },
      ),
    );
    return;
  }
  if (url === undefined || answerOf(url) !== 'list') return;
  report(
    problem(
      'field-of-list',
      `The answer is a list, and “${field}” is taken from it only if it has exactly one item; the Python ingestor always fails. Take the list, then its item with getitem.`,
      node.range,
    ),
  );
}

/** Paths of `NXS` variables, as far as they can be judged without a file. */
export const checkPaths: Check = ({ schema, report }) => {
  for (const variable of schema.variables) {
    if (!variable.source || sourceNamed(variable.source).asks !== 'data') continue;
    for (const { text: path, node } of scalarTexts(variable.keys.get('path')?.value)) {
      if (path.trim() === '') report(problem('path-empty', 'The path is empty; it names no dataset.', node.range));
      else if (path.includes('*')) for (const found of wildcardProblems(node, path, variable)) report(found);
    }
  }
};

function wildcardProblems(node: ScalarNode, path: string, variable: Variable): Problem[] {
  const { valueType } = variable;
  if (valueType !== undefined && valueType !== 'string[]') {
    return [wildcardType(node, path, valueType, variable.keys.get('value_type')?.value)];
  }
  const found: Problem[] = [];
  if (!path.startsWith('/')) {
    const edit = replaceInText(node, 0, 0, '/');
    const fixes: Fix[] = edit ? [{ title: 'Begin with “/”', edits: [edit], preferred: true }] : [];
    const message = 'Without a leading “/” the Python ingestor loses the first part of a path with a wildcard.';
    found.push(problem('wildcard-relative', message, node.range, { fixes, onlyIn: pythonDialects }));
  }
  const components = path.split('/');
  let start = 0;
  for (const [index, component] of components.entries()) {
    const range = partOf(node, start, start + component.length);
    if (component.includes('*')) {
      if (index === components.length - 1) {
        found.push(
          problem(
            'wildcard-last',
            'The Python ingestor fails where the last part of a path is a wildcard: it must name the dataset.',
            range,
            { onlyIn: pythonDialects },
          ),
        );
      }
      const other = component === '*' ? undefined : patternProblem(component, range, node, start);
      if (other) found.push(other);
    }
    start += component.length + 1;
  }
  return found;
}

function wildcardType(node: ScalarNode, path: string, valueType: string, typeNode: Node | undefined): Problem {
  const star = path.indexOf('*');
  const start = path.lastIndexOf('/', star) + 1;
  const end = !path.includes('/', star) ? path.length : path.indexOf('/', star);
  const edit = typeNode?.kind === 'scalar' ? replaceScalar(typeNode, 'string[]') : undefined;
  return problem(
    'wildcard-value-type',
    `Wildcards work only with value_type string[]; with ${valueType} the “*” is taken for a part of the name.`,
    partOf(node, start, end),
    { fixes: edit ? [{ title: 'Change value_type to string[]', edits: [edit] }] : [] },
  );
}

/** A component with `*` is a regular expression: it may be none, or mean something else than it seems to. */
function patternProblem(component: string, range: TextRange, node: ScalarNode, start: number): Problem | undefined {
  if (/(?:^|[(|^])\*|[*+?}]\*/.test(component) && !component.includes('\\*')) {
    const glob = globAsPattern(component);
    const edit = replaceInText(node, start, start + component.length, glob);
    return problem(
      'wildcard-invalid',
      `“${component}” is read as a regular expression, and a “*” has nothing to repeat there; “${glob}” is what a shell means by it.`,
      range,
      edit ? { fixes: [{ title: `Change to ${glob}`, edits: [edit] }] } : {},
    );
  }
  // Only letters, digits and simple separators around the stars: written as for a shell.
  if (!/^[\p{L}\p{N}_ -]+\*[\p{L}\p{N}_ -]*$/u.test(component)) return undefined;
  const star = component.indexOf('*');
  const before = component.slice(0, star - 1);
  const repeated = component[star - 1] ?? '';
  const after = component.slice(star + 1);
  const glob = globAsPattern(component);
  const edit = replaceInText(node, start, start + component.length, glob);
  return problem(
    'wildcard-pattern',
    `This is read as a regular expression: every name that contains ${before === '' ? '' : `“${before}”, then `}any number of “${repeated}”${after === '' ? '' : `, then “${after}”`}. “${glob}” is what a shell means by it.`,
    range,
    edit ? { fixes: [{ title: `Change to ${glob}`, edits: [edit] }] } : {},
  );
}

function globAsPattern(component: string): string {
  const body = component
    .split(/\*+/)
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return `^${body}$`;
}

function partOf(node: ScalarNode, start: number, end: number): TextRange {
  return { start: textOffsetOf(node, start), end: textOffsetOf(node, end) };
}

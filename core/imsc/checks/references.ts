import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Fix, TextRange } from '../../problems/problem.ts';
import { mayHaveMore } from '../schema/imports.ts';
import { scalarText } from '../schema/schema.ts';
import type { Variable } from '../schema/schema.ts';
import { builtInNames } from '../language/builtIns.ts';
import { fieldKeys } from '../language/schemaKeys.ts';
import type { SchemaKey } from '../language/schemaKeys.ts';
import { commonVariableKeys, sources } from '../language/sources.ts';
import { isVariable } from '../evaluation/staticEvaluation.ts';
import type { ReferencePlace } from '../evaluation/staticEvaluation.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { removeEntry, replaceInText } from '../edits/textEdits.ts';
import type { Check } from './check.ts';
import { variableNamed } from './literals.ts';

/** Looking for a similar name costs as much as there are names; after so many misses nobody reads the guesses. */
const mostSuggestions = 100;

/** `<name>`: each must lead to a variable that is defined further up and has a value. */
export const checkReferences: Check = ({ evaluation, report }) => {
  const { schema, positions } = evaluation;
  const places = new Map(schema.variables.map(({ name, entry }) => [name, entry.key.range]));
  let suggestions = 0;
  /** The most similar of the names that have a value where the reference stands. */
  const nearest = ({ name, template }: ReferencePlace): string | undefined => {
    if (suggestions++ >= mostSuggestions) return undefined;
    const end = isVariable(template.owner) ? (positions.get(template.owner.name) ?? 0) : positions.size;
    const candidates = [...[...positions.keys()].slice(0, end), ...builtInNames];
    return suggestion(
      name,
      candidates.filter((candidate) => candidate !== name),
    );
  };

  for (const { references } of evaluation.templates) {
    for (const reference of references) {
      const place = places.get(reference.name);
      switch (reference.verdict) {
        case 'fine':
        case 'elsewhere':
        case 'no-name':
          break;
        case 'unknown':
          report(unknownVariable(reference, nearest(reference)));
          break;
        case 'self':
          report(selfReference(reference, nearest(reference)));
          break;
        case 'later':
          report(
            problem(
              'used-before-definition',
              `<${reference.name}> is defined further down; variables are evaluated from top to bottom, so it has no value here. Move its definition up.`,
              reference.range,
              related(place, 'defined here'),
            ),
          );
          break;
        case 'failed':
          report(
            problem(
              'depends-on-failed',
              `<${reference.name}> never has a value (see there), so this ${isVariable(reference.template.owner) ? 'variable' : 'field'} is left out too.`,
              reference.range,
              related(place, 'this variable fails'),
            ),
          );
          break;
      }
    }
  }
};

function related(range: TextRange | undefined, message: string): { related?: { message: string; range: TextRange }[] } {
  return range ? { related: [{ message, range }] } : {};
}

function unknownVariable(reference: ReferencePlace, near: string | undefined) {
  const { name } = reference;
  const guess =
    near === undefined
      ? ' Define it above, or remove the reference.'
      : ` Did you mean <${near}>${differenceUnseen(name, near)}?`;
  return problem(
    'unknown-variable',
    `No variable is called “${name}”.${guess}`,
    reference.range,
    near === undefined ? {} : { fixes: renaming(reference, near, true) },
  );
}

function selfReference(reference: ReferencePlace, near: string | undefined) {
  const guess = near === undefined ? '' : ` Did you mean <${near}>${differenceUnseen(reference.name, near)}?`;
  return problem(
    'self-reference',
    `“${reference.name}” refers to itself and so never has a value.${guess}`,
    reference.range,
    near === undefined ? {} : { fixes: renaming(reference, near, false) },
  );
}

function renaming({ start, end, template }: ReferencePlace, name: string, preferred: boolean): Fix[] {
  const edit = replaceInText(template.scalar, start, end, `<${name}>`);
  return edit ? [{ title: `Change to <${name}>`, edits: [edit], preferred }] : [];
}

/** The names of the variables themselves, and whether anything uses them. */
export const checkVariables: Check = ({ evaluation, textIsWhole, report }) => {
  const { schema, uses } = evaluation;
  const isOpen = mayHaveMore(schema);
  /** Where the name of a variable stands without its brackets. */
  const bare = new Map<string, TextRange>();
  for (const template of evaluation.templates) {
    const name = variableNamed(template, evaluation);
    if (name !== undefined) bare.set(name, template.scalar.range);
  }
  for (const variable of schema.variables) {
    const { name, entry } = variable;
    if (builtInNames.includes(name)) {
      report(
        problem(
          'redefines-built-in',
          `“${name}” is a built-in variable; everything below gets this value instead.`,
          entry.key.range,
        ),
      );
    }
    if (name === '' || /[<>]/.test(name) || name !== name.trim()) {
      report(
        problem(
          'variable-name',
          name === ''
            ? 'A variable needs a name.'
            : `Templates cannot hold the name “${name}” safely; use letters, digits and “_”.`,
          entry.key.range,
        ),
      );
    }
    if (textIsWhole && !isOpen && !isUsed(variable, uses.get(name) ?? [])) {
      const map = schema.general.get('variables')?.value;
      const meant = bare.get(name);
      const edit = map?.kind === 'map' && !meant ? removeEntry(schema.tree, map, entry) : undefined;
      report(
        problem('unused-variable', `Nothing uses “${name}”.`, entry.key.range, {
          tags: ['unnecessary'],
          fixes: edit ? [{ title: `Remove “${name}”`, edits: [edit] }] : [],
          ...related(meant, 'it may have been meant here'),
        }),
      );
    }
  }
};

/** Names that the ingestor itself looks for when it lists the files of a dataset. */
const usedByIngestor = ['source_folder'];

function isUsed(variable: Variable, uses: readonly ReferencePlace[]): boolean {
  return usedByIngestor.includes(variable.name) || uses.some(({ template }) => template.owner !== variable);
}

const plainTexts = (keys: readonly SchemaKey[]): readonly string[] =>
  keys.flatMap(({ name, shape }) =>
    shape === 'text' || shape === 'paths' || shape === 'text or number' ? [name] : [],
  );

/** The keys that hold any text, and no template. */
const plainKeys = {
  ofVariables: [...new Set(plainTexts([...commonVariableKeys, ...sources.flatMap(({ keys }) => keys)]))],
  ofFields: plainTexts(fieldKeys),
};

/** Where `<name>` is written but stays as it is. */
export const checkPlainTexts: Check = ({ evaluation, report }) => {
  const { schema, positions } = evaluation;
  const isKnown = (name: string): boolean => positions.has(name) || builtInNames.includes(name);
  const owners = [
    ...schema.variables.map((variable) => ({
      keys: variable.keys,
      plain: plainKeys.ofVariables,
    })),
    ...schema.fields.map((field) => ({ keys: field.keys, plain: plainKeys.ofFields })),
  ];
  for (const { keys, plain } of owners) {
    for (const key of plain) {
      const node = keys.get(key)?.value;
      const text = scalarText(node);
      if (!node || !text?.includes('<')) continue;
      const name = /<([^<>]+)>/.exec(text)?.[1];
      if (name === undefined || !isKnown(name)) continue;
      report(
        problem(
          'not-a-template',
          `Variables are not filled in under “${key}”: “<${name}>” is taken as it is written.`,
          node.range,
        ),
      );
    }
  }
};

import type { Evaluation, Outcome } from '../evaluation/evaluation.ts';
import { programOf } from '../language/dialects.ts';
import { scalarText } from '../schema/schema.ts';
import type { Variable } from '../schema/schema.ts';
import { pythonText } from '../values/pythonText.ts';
import { valuesEqual } from '../values/values.ts';
import { writeScalar } from '../edits/writeScalar.ts';
import { removeLines, replaceValue, textNode } from './blockYaml.ts';
import { textsIn, unitOf, withAlternative } from './alternatives.ts';
import { isRefused, later } from './rewriting.ts';
import type { Answer, Place, Rewrite } from './rewriting.ts';

/** Of several paths the others stand in for the first. */
export const listOfPaths: Rewrite = ({ schema, variable }) => {
  const entry = variable?.keys.get('path');
  if (!variable || entry?.value?.kind !== 'list') return { why: 'it has no place.' };
  if (variable.keys.has('default')) return later;
  const [first, ...others] = entry.value.items;
  const path = scalarText(first);
  if (path === undefined) return { why: 'the first path is no text.' };
  const own = (): ReturnType<typeof replaceValue> => replaceValue(schema.tree, entry, inYaml(path));
  const [second] = others;
  if (!second) return { edits: own };
  const rest = others.length === 1 ? second : { ...entry.value, items: others };
  const keys = [...variable.keys].flatMap(([key, { value }]) =>
    value ? [[key, key === 'path' ? rest : value] as const] : [],
  );
  const made = withAlternative(schema, variable, { suffix: '_other', keys, unit: undefined });
  return made === later || isRefused(made) ? made : { edits: () => [...made.edits(), ...own()] };
};

/** What stands in for a value that is missing is a variable of its own. */
export const defaultValue: Rewrite = ({ schema, variable }) => {
  const entry = variable?.keys.get('default');
  if (!variable || !entry?.value) return { why: 'it has no place.' };
  if (variable.source === 'SC')
    return { why: 'the value would stand in for the answer also where SciCat cannot be asked.' };
  const lone = scalarText(entry.value)?.startsWith('<') === true;
  const unit = unitOf(variable);
  if (lone && unit !== undefined && unit !== '')
    return { why: 'whether the unit is that of the schema depends on the variable that stands in.' };
  const keys = [
    ['source', textNode('VALUE')],
    ['value', entry.value],
    ['value_type', textNode(variable.valueType ?? '')],
  ] as const;
  const made = withAlternative(schema, variable, { suffix: '_default', keys, unit: lone ? undefined : unit });
  return made === later || isRefused(made)
    ? made
    : { edits: () => [...made.edits(), ...removeLines(schema.tree, entry)] };
};

/** An attribute that says the same in every file becomes a constant. */
export const attribute: Rewrite = (place) => {
  const { schema, variable, to } = place;
  const who = programOf(to);
  const known = knownOutcomes(place);
  if (!variable || !known)
    return { why: `${who} reads no attributes. One that is the same in all files can be found with --samples.` };
  if (variable.keys.has('default')) return later;
  if (variable.keys.get('path')?.value?.kind === 'list') return { why: `${who} reads no attributes.` };
  const [first] = known;
  if (!first || !known.every(({ value }) => valuesEqual(value, first.value)))
    return { why: `${who} reads no attributes, and this one is not the same in all samples.` };
  const text = pythonText(first.value);
  if (first.unit !== '' || /[<>]/.test(text) || first.value.kind === 'float')
    return { why: `${who} reads no attributes, and this one cannot be written as a constant.` };
  return {
    bySamples: `<${variable.name}> is the constant “${text}”, as in ${countOf(known)}.`,
    edits: () => {
      const [source, path] = [variable.keys.get('source'), variable.keys.get('path')];
      if (!source || !path) return [];
      const unit = variable.keys.get('unit');
      const { start, end } = { start: path.key.range.start, end: path.key.range.end };
      return [
        ...replaceValue(schema.tree, source, 'VALUE'),
        { range: { start, end }, newText: 'value' },
        ...replaceValue(schema.tree, { ...path, key: { ...path.key, range: { start: end, end } } }, inYaml(text)),
        ...(unit ? removeLines(schema.tree, unit) : []),
      ];
    },
  };
};

/** A class that is called the same in every file is found by its name. */
export const byClass: Rewrite = (place) => {
  const { schema, variable, to } = place;
  const who = programOf(to);
  const known = knownOutcomes(place);
  const entry = variable?.keys.get('path');
  const path = scalarText(entry?.value);
  if (!variable || !entry || !known)
    return { why: `${who} finds groups by their names only. What they are called can be found with --samples.` };
  if (variable.keys.has('default')) return later;
  if (path === undefined) return { why: `${who} finds groups by their names only.` };
  const found = known.flatMap(({ provenance }) => (provenance.source === 'NXS' ? [provenance.paths] : []));
  const made = variable.valueType === 'string[]' ? pattern(path, found) : onlyPath(found);
  if (made === undefined)
    return { why: `${who} finds groups by their names only, and these are not called the same in all samples.` };
  return {
    bySamples: `<${variable.name}> is at ${made}, as in ${countOf(known)}.`,
    edits: () => replaceValue(schema.tree, entry, inYaml(made)),
  };
};

function onlyPath(found: readonly (readonly string[])[]): string | undefined {
  const paths = new Set(found.map(([first]) => first));
  const [only] = paths;
  return paths.size === 1 ? only : undefined;
}

/** A path with wildcards that takes just the groups that were found. */
function pattern(path: string, found: readonly (readonly string[])[]): string | undefined {
  const components = path.split('/');
  const paths = found.flat().map((each) => each.split('/'));
  if (paths.length === 0 || paths.some(({ length }) => length !== components.length)) return undefined;
  const made = components.map((component, index) => {
    if (!component.startsWith(':')) return component;
    const names = [...new Set(paths.map((parts) => parts[index] ?? ''))].sort();
    // A wildcard needs an asterisk; this one stands for nothing.
    return names.every((name) => /^\w+$/.test(name)) ? `^(?:${names.join('|')})(?:)*$` : undefined;
  });
  return made.every((part) => part !== undefined) ? made.join('/') : undefined;
}

type Known = Outcome & { readonly state: 'known' };

/** What became of a variable in the samples that have it; undefined if none has. */
function knownOutcomes({ samples, variable }: Pick<Place, 'samples' | 'variable'>): readonly Known[] | undefined {
  const known = samples.flatMap((sample: Evaluation): Known[] => {
    const outcome = sample.variables.get(variable?.name ?? '')?.outcome;
    return outcome?.state === 'known' && outcome.insteadOf === undefined ? [outcome] : [];
  });
  return known.length === 0 ? undefined : known;
}

function countOf(known: readonly unknown[]): string {
  return known.length === 1 ? 'the sample' : `${known.length} samples`;
}

function inYaml(text: string): string {
  return writeScalar({ kind: 'string', value: text }, 'yaml');
}

/** `first` and `last` of what certainly is a list. */
export const endOfList =
  (index: '0' | '-1'): Rewrite =>
  (place): Answer => {
    const { schema, variable, use, to } = place;
    const value = variable?.keys.get('value')?.value;
    const name = /^<([^<>]+)>$/.exec(scalarText(value) ?? '')?.[1];
    const list = schema.variables.find((other) => other.name === name);
    if (!variable || !list || !['string[]', 'integer[]', 'float[]', 'list'].includes(list.valueType ?? ''))
      return { why: `“getitem” would take a character where the value is a text.` };
    if (unitMatters(place, variable) && !hasNoUnit(place, variable))
      return {
        why: `“getitem” of ${programOf(to)} drops the unit; give the unit in the fields that are made of <${variable.name}>.`,
      };
    const entry = variable.keys.get('operator');
    const map = variable.entry.value;
    if (!entry || map?.kind !== 'map' || use.range !== entry.value?.range) return { why: 'it has no place.' };
    return {
      edits: () => [...replaceValue(schema.tree, entry, `getitem\n    field: ${index}`)],
    };
  };

/** Whether the unit of a variable comes into the dataset, or may. */
function unitMatters({ schema }: Place, { name }: Variable): boolean {
  const takes = (keys: Variable['keys']): boolean => {
    const value = keys.get('value')?.value;
    return value !== undefined && textsIn(value).includes(`<${name}>`);
  };
  return (
    schema.variables.some(({ keys }) => takes(keys)) ||
    schema.fields.some(
      ({ keys, fieldType }) =>
        fieldType === 'scientific_metadata' && (scalarText(keys.get('unit')?.value) ?? '') === '' && takes(keys),
    )
  );
}

/** Whether the list certainly has no unit: it does not come from the file. */
function hasNoUnit({ samples }: Place, variable: Variable): boolean {
  const known = knownOutcomes({ samples, variable });
  return known?.every(({ unit }) => unit === '') ?? false;
}

import { programOf } from '../language/dialects.ts';
import { forms } from '../language/forms.ts';
import { operators } from '../language/operators.ts';
import { replaceInText, replaceScalar } from '../edits/textEdits.ts';
import { scalarText } from '../schema/schema.ts';
import type { Selector } from '../schema/selector.ts';
import { entryOf } from '../tree/tree.ts';
import { attribute, byClass, defaultValue, endOfList, listOfPaths } from './fileParts.ts';
import { nestedValue } from './nestedValues.ts';
import type { Place, Refused, Rewrite } from './rewriting.ts';

/** How what not every ingestor understands is said in the words of others, by the entry of the language. */
export const rewrites: Readonly<Record<string, Rewrite>> = {
  [forms.nested.name]: nestedValue,
  [forms.paths.name]: listOfPaths,
  [forms.attribute.name]: attribute,
  [forms.className.name]: byClass,
  default: defaultValue,
  first: endOfList('0'),
  last: endOfList('-1'),
  fullpath: wholePath,
  dirname: refused('compares the whole path, with the name of the file, and not each folder for itself.'),
  jobs: refused('asks SciCat for no jobs.'),
  // Not a value of its own: it goes with the operator that it is an argument of.
  digits: withOperator,
  format: withOperator,
};

/** What is said of an entry for which there is no other way. */
export function notSayable({ use, to }: Place): Refused {
  const operator = operators.find(({ name }) => name === use.entry.name);
  const what = operator
    ? `has no operator for this (${operator.summary}).`
    : `does not know it (${use.entry.summary}).`;
  return { why: `${programOf(to)} ${what}` };
}

function refused(why: string): Rewrite {
  return ({ to }) => ({ why: `${programOf(to)} ${why}` });
}

function withOperator({ variable }: Place): Refused {
  return { why: `it belongs to the operator “${scalarText(variable?.keys.get('operator')?.value) ?? ''}”.` };
}

function wholePath({ schema, use }: Place): ReturnType<Rewrite> {
  const condition = schema.selector && conditionAt(schema.selector, use.range.start);
  const { node } = condition ?? {};
  const source = node?.kind === 'map' ? entryOf(node, 'source')?.value : undefined;
  const edit =
    node?.kind === 'scalar'
      ? replaceInText(node, 0, 'fullpath'.length, 'filename')
      : source?.kind === 'scalar'
        ? replaceScalar(source, 'filename')
        : undefined;
  return edit ? { edits: () => [edit] } : { why: 'it has no place.' };
}

function conditionAt(selector: Selector, start: number): (Selector & { readonly kind: 'condition' }) | undefined {
  if (selector.kind === 'condition') return selector.range.start === start ? selector : undefined;
  if (selector.kind !== 'and' && selector.kind !== 'or') return undefined;
  for (const part of selector.parts) {
    const found = conditionAt(part, start);
    if (found) return found;
  }
  return undefined;
}

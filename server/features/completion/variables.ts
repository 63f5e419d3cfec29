import { CompletionItemKind } from 'vscode-languageserver';
import { builtInVariables } from '../../../core/imsc/language/builtIns.ts';
import { shortOutcome } from '../../explain/explain.ts';
import { hasLetters, mostItems } from './letters.ts';
import { replacePart, withEdit } from './proposal.ts';
import type { CompletionContext, Proposal } from './proposal.ts';

/** The variables that the text at the place may refer to: those defined above it, and the built-in ones. */
export function variableProposals(context: CompletionContext): Proposal[] {
  const { snapshot, place, evaluation } = context;
  const { text, cursor, path } = place;
  const before = text.slice(0, cursor);
  const opened = before.lastIndexOf('<');
  const isOpen = opened >= 0 && opened > before.lastIndexOf('>');
  const word = /[\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? '';
  const start = isOpen ? opened : cursor - word.length;
  const rest = text.slice(cursor);
  // What follows the cursor belongs to the name as far as it looks like one.
  const tail = (isOpen ? /^[\p{L}\p{N}_.$-]*>?/u : /^[\p{L}\p{N}_]*/u).exec(rest)?.[0] ?? '';
  const end = cursor + (isOpen && !tail.endsWith('>') && /^[^<]*>/.test(rest) ? 0 : tail.length);
  const all = namesAbove(context, path[0] === 'variables' ? path[1] : undefined);
  const names = likeliest(all, before.slice(start + (isOpen ? 1 : 0)).toLowerCase());
  return names.flatMap((variable, index): Proposal[] => {
    const { name } = variable;
    const isBuiltIn = 'summary' in variable;
    const detail = detailOf(variable);
    const outcome = evaluation?.variables.get(name)?.outcome;
    const value =
      outcome?.state === 'known' ? shortOutcome(outcome, 60) : outcome?.state === 'failed' ? 'no value' : '';
    return withEdit(replacePart(context, start, end, `<${name}>`), {
      label: isOpen ? name : `<${name}>`,
      kind: isBuiltIn ? CompletionItemKind.Constant : CompletionItemKind.Variable,
      // An edit that takes the place of a whole text is compared with all of it.
      filter: isOpen ? `<${name}>` : name,
      // The nearest definition is the likeliest.
      rank: isBuiltIn ? 1_000_000 : names.length - index,
      detail: value === '' ? detail : `${detail} = ${value}`,
      ...(value !== '' && { description: value }),
      topic: { kind: 'variable', name, uri: snapshot.uri },
    });
  });
}

/**
 * Of very many names those with the letters typed so far, the nearest first: as many as a list holds, and one more by
 * which it is known that there are others.
 */
function likeliest<Name extends { readonly name: string }>(names: readonly Name[], letters: string): readonly Name[] {
  if (names.length <= mostItems) return names;
  const fitting = names.filter(({ name }) => hasLetters(name.toLowerCase(), letters));
  return (fitting.length > 0 ? fitting : names).slice(-mostItems - 1);
}

/** @param owner the variable whose text it is; undefined for a field, which may refer to all of them */
function namesAbove({ snapshot, offset }: CompletionContext, owner: string | undefined) {
  const { variables } = snapshot.whole;
  const position = variables.findIndex(({ name }) => name === owner);
  const above =
    owner === undefined
      ? variables
      : position >= 0
        ? variables.slice(0, position)
        : variables.filter(({ entry }) => entry.range.end < offset || entry.range.start > snapshot.text.length);
  const own = above.filter(({ name }) => name !== '' && !/[<>]/.test(name));
  const builtIns = builtInVariables.filter(({ name }) => !own.some((variable) => variable.name === name));
  return [...own, ...builtIns];
}

function detailOf(variable: ReturnType<typeof namesAbove>[number]): string {
  return 'summary' in variable
    ? `built-in, ${variable.summary}`
    : [variable.source, variable.valueType].filter((part) => part !== undefined).join(', ');
}
